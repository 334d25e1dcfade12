//! When to try again: the schedule of Standard Webhooks, for every channel, and an end.

use crate::model::delivery::Failure;
use jiff::SignedDuration;

/// Waits in seconds before the second, third, … attempt: the schedule that Standard Webhooks 1.0 recommends
/// ("Retry schedule"), ten attempts over about 75 hours.
pub const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Most attempts at one delivery.
pub const MOST: u32 = WAITS.len() as u32 + 1;

/// Longest wait that a receiver may ask for, in seconds: a day, as the schedule's own longest.
pub const LONGEST: i64 = 86_400;

/// What follows a failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again after this wait.
    Retry(SignedDuration),
    /// Give up, for this reason.
    Bury(String),
}

/// Decides after a failure; `attempts` counts those made, this one included. The wait is the schedule's with up to
/// a fifth more or less by `seed` (so that many deliveries to one receiver do not come back together), and never
/// shorter than the receiver asked for, up to [`LONGEST`].
#[must_use]
pub fn next(attempts: u32, failure: &Failure, seed: u64) -> Next {
    if !failure.retry {
        return Next::Bury(failure.reason.clone());
    }
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let Some(seconds) = WAITS.get(step) else {
        return Next::Bury(format!("given up after {attempts} attempts: {}", failure.reason));
    };
    let asked = failure.after.unwrap_or_default().clamp(SignedDuration::ZERO, SignedDuration::from_secs(LONGEST));
    Next::Retry(jittered(*seconds, seed ^ u64::from(attempts)).max(asked))
}

/// Between four and six fifths of a wait.
fn jittered(seconds: i64, seed: u64) -> SignedDuration {
    let share = i64::try_from(mix(seed) % 401).unwrap_or_default() - 200;
    SignedDuration::from_millis(seconds * 1000 + seconds * share)
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(retry: bool, after: Option<i64>) -> Failure {
        Failure { reason: "no answer".to_owned(), retry, after: after.map(SignedDuration::from_secs) }
    }

    #[test]
    fn ten_attempts_over_three_days_then_burial() {
        for seed in 0..200 {
            let mut total = SignedDuration::ZERO;
            for attempt in 1..=9 {
                let Next::Retry(wait) = next(attempt, &failure(true, None), seed) else {
                    panic!("attempt {attempt} was the last");
                };
                let plain = WAITS.get(attempt as usize - 1).copied().unwrap_or_default() * 1000;
                let millis = i64::try_from(wait.as_millis()).unwrap_or_default();
                assert!((plain * 4 / 5..=plain * 6 / 5).contains(&millis), "{attempt}: {wait}");
                total += wait;
            }
            assert!((60..=91).contains(&total.as_hours()), "{total}");
            assert_eq!(
                next(10, &failure(true, None), seed),
                Next::Bury("given up after 10 attempts: no answer".to_owned())
            );
        }
    }

    #[test]
    fn jitter_differs_by_seed_and_is_repeatable() {
        let waits: std::collections::HashSet<String> =
            (0..50).map(|seed| format!("{:?}", next(4, &failure(true, None), seed))).collect();
        assert!(waits.len() > 30, "{}", waits.len());
        assert_eq!(next(4, &failure(true, None), 7), next(4, &failure(true, None), 7));
    }

    #[test]
    fn a_receivers_wish_is_obeyed_within_reason() {
        let wait = |attempts, after| match next(attempts, &failure(true, Some(after)), 1) {
            Next::Retry(wait) => wait.as_secs(),
            Next::Bury(reason) => panic!("{reason}"),
        };
        assert_eq!(wait(1, 120), 120);
        assert_eq!(wait(1, 10_000_000), LONGEST);
        assert!(wait(3, 10) > 1000, "a short wish does not shorten the schedule");
        assert!(wait(1, -50) >= 4);
    }

    #[test]
    fn permanent_failures_are_buried_at_once() {
        assert_eq!(next(1, &failure(false, Some(5)), 0), Next::Bury("no answer".to_owned()));
        assert!(matches!(next(u32::MAX, &failure(true, None), 0), Next::Bury(_)));
        assert!(matches!(next(0, &failure(true, None), 0), Next::Retry(_)));
    }
}
