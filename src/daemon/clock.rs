//! The only reader of the time: a real clock, and one that runs faster for the demo and for tests.

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Debug;
use std::time::Duration;
use tokio::time::Instant;

/// The longest single sleep: after a suspend or a clock jump the time is looked at again within it.
const SLEEP_CAP: Duration = Duration::from_secs(30);

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + Debug {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Waits until `until`, or at most 30 s of real time: the caller looks at [`Clock::now`] again.
    fn nap(&self, until: Timestamp) -> BoxFuture<'_, ()>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        system_now()
    }

    fn nap(&self, until: Timestamp) -> BoxFuture<'_, ()> {
        let wait = until.duration_since(system_now());
        Box::pin(tokio::time::sleep(unsigned(wait).min(SLEEP_CAP)))
    }
}

/// A clock that begins at a given time and runs `speed` times as fast as the machine's.
#[derive(Clone, Copy, Debug)]
pub struct FastClock {
    begin: Timestamp,
    started: Instant,
    speed: u32,
}

impl FastClock {
    /// A clock that shows `begin` now; `speed` is at least 1.
    #[must_use]
    pub fn new(begin: Timestamp, speed: u32) -> Self {
        Self { begin, started: Instant::now(), speed: speed.max(1) }
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        let elapsed = self.started.elapsed().saturating_mul(self.speed);
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        self.begin.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn nap(&self, until: Timestamp) -> BoxFuture<'_, ()> {
        let wait = unsigned(until.duration_since(self.now())) / self.speed;
        Box::pin(tokio::time::sleep(wait.min(SLEEP_CAP)))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the time")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

fn unsigned(duration: SignedDuration) -> Duration {
    Duration::try_from(duration).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fast_clock_runs_fast() {
        let begin: Timestamp = "2023-06-14T18:00:00Z".parse().expect("a timestamp");
        let clock = FastClock::new(begin, 3600);
        clock.nap(begin + SignedDuration::from_hours(2)).await;
        assert!(clock.now() >= begin + SignedDuration::from_hours(2));
        assert!(clock.now() < begin + SignedDuration::from_hours(3));
    }
}
