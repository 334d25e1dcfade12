//! When to poll next: pure arithmetic over the last outcome, with capped back-off and seeded jitter.

use crate::model::feed::{FailureKind, FeedSpec, FeedState, Outcome};
use jiff::{SignedDuration, Timestamp};

/// First wait after a failure that may pass by itself.
pub const BASE: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait after failures, unless the feed's own interval is longer.
pub const CAP: SignedDuration = SignedDuration::from_hours(6);
/// Longest wait that a server may ask for.
pub const LONGEST_BUSY: SignedDuration = SignedDuration::from_hours(24);
/// Shortest wait that is kept whatever a server or the configuration says.
pub const SHORTEST: SignedDuration = SignedDuration::from_secs(10);

/// The next poll after an outcome; `state` is the state after it, so its `failures` count this one.
///
/// The wait is the feed's interval, give or take a tenth by the seed; after failures it doubles from [`BASE`] up to
/// [`CAP`]; a server that asks for patience gets it, up to [`LONGEST_BUSY`].
#[must_use]
pub fn next(now: Timestamp, spec: &FeedSpec, state: &FeedState, outcome: &Outcome, seed: u64) -> Timestamp {
    let seed = mixed(seed, &[spec.id.as_str().as_bytes(), &now.as_second().to_be_bytes()]);
    let interval = spec.interval.max(SHORTEST);
    let wait = match outcome {
        Outcome::NotModified { .. } | Outcome::Body { .. } => around(interval, seed),
        Outcome::Busy { until, .. } => {
            let asked = until.duration_since(now).clamp(BASE, LONGEST_BUSY);
            // Never before the time asked for; a little after it, for others were told the same.
            let spread = (asked / 10).min(SignedDuration::from_mins(5));
            (asked + share(spread, seed)).min(LONGEST_BUSY)
        }
        Outcome::Failed { kind: FailureKind::Gone, .. } => LONGEST_BUSY,
        Outcome::Failed { kind, .. } => {
            let base = if passes(*kind) { BASE } else { BASE.max(interval) };
            backoff(state.failures, base, CAP.max(interval), seed)
        }
    };
    later(now, wait)
}

/// The first poll of a feed at start, spread evenly over `over`, so that many feeds are no burst.
#[must_use]
pub fn first(now: Timestamp, spec: &FeedSpec, over: SignedDuration, seed: u64) -> Timestamp {
    later(now, share(over.max(SignedDuration::ZERO), mixed(seed, &[spec.id.as_str().as_bytes()])))
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

fn around(interval: SignedDuration, seed: u64) -> SignedDuration {
    let tenth = interval / 10;
    interval - tenth + share(tenth.saturating_mul(2), seed)
}

/// A part of a duration, chosen by the seed, from nothing to nearly all of it; to the millisecond.
fn share(whole: SignedDuration, seed: u64) -> SignedDuration {
    let millis = u128::try_from(whole.as_millis()).unwrap_or(0);
    let part = (millis * u128::from(seed)) >> 64;
    SignedDuration::from_millis(i64::try_from(part).unwrap_or(0))
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// Mixes bytes into a seed: FNV-1a over the parts, then the finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
fn mixed(seed: u64, parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter().copied().chain([0xff]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::request::Heard;

    fn spec(id: &str, minutes: i64) -> FeedSpec {
        FeedSpec { interval: SignedDuration::from_mins(minutes), ..FeedSpec::new(id, "https://a.example/") }
    }

    fn now() -> Timestamp {
        "2024-01-02T03:04:05Z".parse().unwrap()
    }

    fn wait(outcome: &Outcome, failures: u32, seed: u64) -> i64 {
        let state = FeedState { failures, ..FeedState::default() };
        next(now(), &spec("a", 15), &state, outcome, seed).duration_since(now()).as_secs()
    }

    fn unchanged() -> Outcome {
        Outcome::NotModified { heard: Heard::default() }
    }

    fn failed(kind: FailureKind) -> Outcome {
        Outcome::Failed { kind, message: String::new() }
    }

    #[test]
    fn a_success_waits_the_interval_give_or_take_a_tenth() {
        let waits: Vec<i64> = (0..200).map(|seed| wait(&unchanged(), 9, seed)).collect();
        assert!(waits.iter().all(|wait| (810..=990).contains(wait)), "{waits:?}");
        assert!(waits.iter().max().unwrap() - waits.iter().min().unwrap() > 150, "the seed spreads them");
        assert_eq!(wait(&unchanged(), 0, 7), wait(&unchanged(), 0, 7));
    }

    #[test]
    fn failures_wait_longer_and_longer_up_to_the_cap() {
        let waits: Vec<i64> = (1..13).map(|failures| wait(&failed(FailureKind::Timeout), failures, 3)).collect();
        for (n, wait) in waits.iter().enumerate() {
            let full = (60_i64 << n).min(21_600);
            assert!((full * 3 / 4..=full).contains(wait), "{n}: {wait}");
        }
        assert!(wait(&failed(FailureKind::Network), u32::MAX, 3) <= 21_600);
        let not_found = wait(&failed(FailureKind::Status(404)), 1, 3);
        assert!((675..=900).contains(&not_found), "what will not pass is not hurried: {not_found}");
        assert_eq!(wait(&failed(FailureKind::Gone), 1, 3), 86_400);
    }

    #[test]
    fn a_server_gets_the_patience_it_asks_for_within_a_day() {
        let busy = |seconds| Outcome::Busy { until: now() + SignedDuration::from_secs(seconds), host: true };
        for seed in 0..50 {
            assert!((600..=660).contains(&wait(&busy(600), 0, seed)));
            assert!((60..=66).contains(&wait(&busy(0), 0, seed)), "never at once");
            assert!((60..=66).contains(&wait(&busy(-500), 0, seed)));
            assert_eq!(wait(&busy(900_000), 0, seed), 86_400);
        }
    }

    #[test]
    fn a_start_of_many_feeds_is_no_burst() {
        let over = SignedDuration::from_secs(100);
        let mut buckets = [0_u32; 10];
        for n in 0..1_000 {
            let due = first(now(), &spec(&format!("feed-{n}"), 15), over, 42).duration_since(now()).as_secs();
            buckets[usize::try_from(due / 10).unwrap()] += 1;
        }
        assert!(buckets.iter().all(|count| (60..=140).contains(count)), "{buckets:?}");
        assert_eq!(first(now(), &spec("a", 15), SignedDuration::ZERO, 1), now());
    }
}
