//! The only reader of the time: the machine's clock, and one that is moved by hand for the demo and for tests.

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Debug;
use std::time::Duration;
use tokio::sync::watch;

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

/// A clock that stands still until it is moved: months pass in seconds, and always in the same order.
#[derive(Clone, Debug)]
pub struct SteppedClock(watch::Sender<Timestamp>);

impl SteppedClock {
    /// A clock that shows `begin`.
    #[must_use]
    pub fn new(begin: Timestamp) -> Self {
        Self(watch::Sender::new(begin))
    }

    /// Moves the clock on; a time before the one shown changes nothing.
    pub fn advance_to(&self, time: Timestamp) {
        self.0.send_if_modified(|now| {
            let later = time > *now;
            *now = time.max(*now);
            later
        });
    }

    /// Moves the clock on by a while.
    pub fn advance(&self, by: SignedDuration) {
        let now = *self.0.borrow();
        self.advance_to(now.saturating_add(by).unwrap_or(Timestamp::MAX));
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn nap(&self, until: Timestamp) -> BoxFuture<'_, ()> {
        let mut times = self.0.subscribe();
        Box::pin(async move {
            // The sender lives as long as the clock, so the wait ends by time alone.
            let _ = tokio::time::timeout(SLEEP_CAP, times.wait_for(|now| *now >= until)).await;
        })
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

    #[tokio::test]
    async fn a_stepped_clock_wakes_when_it_is_moved() {
        let begin: Timestamp = "2023-06-14T18:00:00Z".parse().expect("a timestamp");
        let clock = SteppedClock::new(begin);
        let later = begin + SignedDuration::from_hours(2);
        let sleeper = clock.clone();
        let ((), ()) = tokio::join!(sleeper.nap(later), async { clock.advance(SignedDuration::from_hours(3)) });
        assert_eq!(clock.now(), begin + SignedDuration::from_hours(3));
        clock.advance_to(begin);
        assert_eq!(clock.now(), begin + SignedDuration::from_hours(3));
        assert!(SystemClock.now() > begin);
    }
}
