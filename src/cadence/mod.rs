//! When to poll next: pure arithmetic over the last outcome, the feed's rhythm and what it asks for.
//!
//! Who wins: a server that asks to wait (`Retry-After`) and a feed that is gone, over all; then a person's fixed interval;
//! then the bounds of the configuration; within them what the feed asks for (`ttl`, `sy:`, `Cache-Control`, as far as it is
//! believed), and then its own rhythm. `skipHours` and `skipDays` put a poll off, by the longest interval at most.

mod phase;
mod rhythm;
mod skip;

pub use phase::slot;
pub use rhythm::{Shown, interval, learn};

use crate::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use crate::model::pace::{Priority, Why};
use jiff::{SignedDuration, Timestamp};
use phase::{mixed, of, share};

/// First wait after a failure that may pass by itself.
pub const BASE: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait after failures that do not pass by themselves, unless the feed's own interval is longer.
pub const CAP: SignedDuration = SignedDuration::from_hours(6);
/// The same for feeds of high priority, and for failures that may pass by themselves.
pub const CAP_SHORT: SignedDuration = SignedDuration::from_hours(1);
/// The same for both at once: an office that is back is not left unheard for long.
pub const CAP_SHORTEST: SignedDuration = SignedDuration::from_mins(15);
/// Longest wait that a server may ask for.
pub const LONGEST_BUSY: SignedDuration = SignedDuration::from_hours(24);
/// Shortest wait that is kept whatever a server or the configuration says.
pub const SHORTEST: SignedDuration = SignedDuration::from_secs(10);
/// The longest interval that a person may choose.
pub const LONGEST_INTERVAL: SignedDuration = SignedDuration::from_hours(24 * 31);

/// The next poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// When.
    pub at: Timestamp,
    /// The feed's interval, which back-off and patience leave as it is.
    pub interval: SignedDuration,
    /// Why then.
    pub why: Why,
}

/// The next poll after an outcome; `state` is the state after it: its `failures` count this one, its rhythm holds what
/// this one showed.
///
/// After a success the wait is more than a half of the interval and not more than the whole, so that the feed keeps its
/// place in it (see [`slot`]); after failures it doubles from [`BASE`] up to a cap; a server that asks for patience gets
/// it, up to [`LONGEST_BUSY`].
#[must_use]
pub fn next(now: Timestamp, spec: &FeedSpec, state: &FeedState, outcome: &Outcome, seed: u64) -> Next {
    let (interval, why) = interval(spec, &state.rhythm, asked(outcome), now);
    let chance = mixed(of(&spec.id, seed), &[&now.as_second().to_be_bytes()]);
    let (at, why) = match outcome {
        Outcome::NotModified { .. } | Outcome::Body { .. } => {
            let at = slot(now, interval, &spec.id, seed);
            match spec.pace.adaptive.and_then(|bounds| skip::put_off(at, &state.rhythm, later(now, bounds.max))) {
                Some(at) => (at, Why::Skipped),
                None => (at, why),
            }
        }
        Outcome::Busy { until, .. } => {
            let asked = until.duration_since(now).clamp(BASE, LONGEST_BUSY);
            // Never before the time asked for; a little after it, for others were told the same.
            let spread = (asked / 10).min(SignedDuration::from_mins(5));
            (later(now, (asked + share(spread, chance)).min(LONGEST_BUSY)), Why::Busy)
        }
        Outcome::Failed { kind: FailureKind::Gone, .. } => (later(now, LONGEST_BUSY), Why::Gone),
        Outcome::Failed { kind, .. } => {
            let passes = passes(*kind);
            let base = if passes { BASE } else { BASE.max(interval) };
            let cap = match (passes, spec.pace.priority) {
                (true, Priority::High) => CAP_SHORTEST,
                (true, _) | (_, Priority::High) => CAP_SHORT,
                (false, _) => CAP,
            };
            (later(now, backoff(state.failures, base, cap.max(interval), chance)), Why::Backoff)
        }
    };
    Next { at, interval, why }
}

/// The next poll of a feed that could not be reached because nothing could: soon, and no failure of its own.
#[must_use]
pub fn offline(now: Timestamp, spec: &FeedSpec, state: &FeedState, seed: u64) -> Next {
    let chance = mixed(of(&spec.id, seed), &[&now.as_second().to_be_bytes()]);
    let (interval, _) = interval(spec, &state.rhythm, None, now);
    Next { at: later(now, BASE + share(BASE, chance)), interval, why: Why::Offline }
}

/// The first poll of a feed at start, spread evenly over `over`, so that many feeds are no burst.
#[must_use]
pub fn first(now: Timestamp, spec: &FeedSpec, over: SignedDuration, seed: u64) -> Timestamp {
    later(now, share(over.max(SignedDuration::ZERO), of(&spec.id, seed)))
}

/// The farthest that a feed's next poll may lie ahead, by what is remembered of it. More is the work of a clock that was
/// wrong and has been set right.
#[must_use]
pub fn farthest(spec: &FeedSpec, state: &FeedState, now: Timestamp) -> SignedDuration {
    let (interval, _) = interval(spec, &state.rhythm, Some(SignedDuration::MAX), now);
    match state.rhythm.why {
        Why::Busy | Why::Gone => LONGEST_BUSY,
        Why::Backoff => CAP.max(interval),
        Why::Offline => BASE * 2,
        Why::Skipped => spec.pace.adaptive.map_or(interval, |bounds| bounds.max),
        Why::New | Why::Fixed | Why::Rhythm | Why::Asked => interval,
    }
}

/// The wait before attempt number `failures` + 1: `base` doubled with every failure after the first, at most `cap`,
/// less up to a quarter by the seed. Zero failures wait like one.
#[must_use]
pub fn backoff(failures: u32, base: SignedDuration, cap: SignedDuration, seed: u64) -> SignedDuration {
    // 2^20 times the smallest base is past any cap.
    let doublings = failures.saturating_sub(1).min(20);
    let full =
        base.checked_mul(1 << doublings).unwrap_or(cap).clamp(SignedDuration::ZERO, cap.max(SignedDuration::ZERO));
    full - share(full / 4, mixed(seed, &[&failures.to_be_bytes()]))
}

/// Whether an outcome may be the work of our own network: nobody answered.
#[must_use]
pub fn unanswered(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed { kind: FailureKind::Network | FailureKind::Timeout, .. })
}

/// How long the answer itself asks to be kept.
fn asked(outcome: &Outcome) -> Option<SignedDuration> {
    match outcome {
        Outcome::NotModified { heard } | Outcome::Body { heard, .. } => heard.fresh_for,
        Outcome::Busy { .. } | Outcome::Failed { .. } => None,
    }
}

/// Whether a failure may pass without anyone's doing.
fn passes(kind: FailureKind) -> bool {
    match kind {
        FailureKind::Network | FailureKind::Timeout => true,
        FailureKind::Status(status) => status >= 500 || status == 408,
        FailureKind::Refused
        | FailureKind::TooLarge
        | FailureKind::Redirects
        | FailureKind::Unreadable
        | FailureKind::Suspect
        | FailureKind::Gone => false,
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
