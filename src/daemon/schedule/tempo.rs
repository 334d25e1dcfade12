//! How fast polls are begun, so that no time at which all feeds are due is a burst.

use jiff::{SignedDuration, Timestamp};

/// How the schedule paces itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tempo {
    /// Time from the end of a request to the beginning of the next one to the same host.
    pub spacing: SignedDuration,
    /// How many polls are begun in a second.
    pub rate: Rate,
    /// Polls at a time at most; an eighth of them, where there are so many, is kept for feeds of high priority.
    pub concurrency: usize,
    /// Whether every feed is polled once and that is all: there is no later time to wait for, so nothing is spread and no
    /// outage waited out.
    pub once: bool,
    /// The seed of every feed's place in its interval: the same after a restart.
    pub seed: u64,
}

/// How many polls are begun in a second at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rate {
    /// As many as there are.
    #[default]
    Unlimited,
    /// Twice what the feeds need, and not less than [`LEAST`].
    Needed,
    /// So many.
    Fixed(u32),
}

/// Polls begun in a second, below which no feeds need less.
pub const LEAST: u32 = 50;
/// Seconds of a day.
const DAY: u64 = 86_400;
/// How much of a second's polls may begin at once.
const AT_ONCE: SignedDuration = SignedDuration::from_millis(200);

/// Lets polls begin one after the other: the generic cell rate algorithm (ITU-T I.371).
#[derive(Debug)]
pub(super) struct Throttle {
    rate: Rate,
    /// When the next poll would begin, were they evenly spaced.
    next: Timestamp,
}

impl Throttle {
    pub(super) fn new(tempo: &Tempo) -> Self {
        let rate = if tempo.once { Rate::Unlimited } else { tempo.rate };
        Self { rate, next: Timestamp::MIN }
    }

    /// When a poll may begin: nothing where it may at once. `need` is what the feeds need in a day.
    pub(super) fn wait(&self, now: Timestamp) -> Option<Timestamp> {
        let at = self.next.saturating_sub(AT_ONCE).unwrap_or(Timestamp::MIN);
        (at > now && self.rate != Rate::Unlimited).then_some(at)
    }

    /// Notes that a poll begins.
    pub(super) fn begin(&mut self, now: Timestamp, need: u64) {
        if let Some(rate) = self.per_second(need) {
            let gap = SignedDuration::from_micros(1_000_000 / i64::from(rate.max(1)));
            self.next = self.next.max(now).saturating_add(gap).unwrap_or(Timestamp::MAX);
        }
    }

    /// Polls that are begun in a second; nothing where there is no limit.
    pub(super) fn per_second(&self, need: u64) -> Option<u32> {
        match self.rate {
            Rate::Unlimited => None,
            Rate::Fixed(rate) => Some(rate),
            Rate::Needed => Some(u32::try_from(need.saturating_mul(2).div_ceil(DAY)).unwrap_or(u32::MAX).max(LEAST)),
        }
    }

    /// Forgets what was begun: the clock was set back.
    pub(super) fn reset(&mut self) {
        self.next = Timestamp::MIN;
    }
}
