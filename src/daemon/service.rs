//! What systemd is told: ready, reloading, stopping, and that the watchdog may rest.
//!
//! Without `NOTIFY_SOCKET` every call does nothing. See `sd_notify(3)`.

use sd_notify::NotifyState;
use std::time::Duration;

/// Start-up is done.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// A reload begins; `MONOTONIC_USEC` goes along, as `Type=notify-reload` wants it.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(time) => tell(&[NotifyState::Reloading, time]),
        Err(error) => {
            tracing::warn!(%error, "the monotonic clock could not be read for systemd");
            tell(&[NotifyState::Reloading]);
        }
    }
}

/// The stop begins.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// A sign of life for the watchdog.
pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// The line that `systemctl status` shows.
pub fn status(text: &str) {
    tell(&[NotifyState::Status(text)]);
}

/// Half of the watchdog's interval, where systemd watches this process.
#[must_use]
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|interval| interval / 2)
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd could not be told of the daemon's state");
    }
}
