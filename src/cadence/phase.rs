//! A feed's place within its interval: a seeded hash of its name, the same after every restart and in every cycle.

use crate::model::ids::FeedId;
use jiff::{SignedDuration, Timestamp};

/// The next poll of a feed that is asked every `interval`, seen from `now`: more than a half of the interval away and not
/// more than the whole.
///
/// Polls stand on a grid of half an interval's width, which the seed and the feed's name shift. One that is made a little
/// late is followed by one in time, so that the polls of many feeds stay as evenly spread as the hash spreads them.
#[must_use]
pub fn slot(now: Timestamp, interval: SignedDuration, feed: &FeedId, seed: u64) -> Timestamp {
    let step = i64::try_from(interval.as_millis() / 2).unwrap_or(i64::MAX).max(1);
    let phase = share(SignedDuration::from_millis(step), of(feed, seed)).as_millis();
    let latest = i128::from(now.as_millisecond()) + i128::from(step) * 2;
    let late = (latest - phase).rem_euclid(i128::from(step));
    i64::try_from(latest - late).ok().and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(Timestamp::MAX)
}

/// The seed of a feed.
#[must_use]
pub(super) fn of(feed: &FeedId, seed: u64) -> u64 {
    mixed(seed, &[feed.as_str().as_bytes()])
}

/// A part of a duration, chosen by the seed, from nothing to nearly all of it; to the millisecond.
pub(super) fn share(whole: SignedDuration, seed: u64) -> SignedDuration {
    let millis = u128::try_from(whole.as_millis()).unwrap_or(0);
    let part = (millis * u128::from(seed)) >> 64;
    SignedDuration::from_millis(i64::try_from(part).unwrap_or(0))
}

/// Mixes bytes into a seed: FNV-1a over the parts, then the finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
pub(super) fn mixed(seed: u64, parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter().copied().chain([0xff]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
