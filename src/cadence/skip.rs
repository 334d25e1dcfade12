//! `skipHours` and `skipDays`: the hours and days, in GMT, at which a feed says that nothing changes.

use crate::model::pace::Rhythm;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where a poll falls into an hour that is skipped: the first time that is not, or `latest`, whichever comes first.
/// Nothing where it may be made as planned.
pub(super) fn put_off(at: Timestamp, rhythm: &Rhythm, latest: Timestamp) -> Option<Timestamp> {
    if !skipped(at, rhythm) || latest <= at {
        return None;
    }
    let mut next = at;
    // A week of hours: after it, all come again.
    for _ in 0..24 * 7 {
        next = end_of_hour(next)?;
        if next >= latest || !skipped(next, rhythm) {
            // Feeds that skip the same hours do not meet at their end: the ten minutes after it are theirs.
            let after = SignedDuration::from_millis(at.as_millisecond().rem_euclid(3_600_000) / 6);
            return Some(next.saturating_add(after).unwrap_or(latest).min(latest));
        }
    }
    Some(latest)
}

fn skipped(at: Timestamp, rhythm: &Rhythm) -> bool {
    if rhythm.skip_hours == 0 && rhythm.skip_days == 0 {
        return false;
    }
    let civil = TimeZone::UTC.to_datetime(at);
    let (hour, day) = (civil.hour(), civil.weekday().to_monday_zero_offset());
    rhythm.skip_hours & (1 << hour) != 0 || rhythm.skip_days & (1 << day) != 0
}

fn end_of_hour(at: Timestamp) -> Option<Timestamp> {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(3600) + 3600).ok()
}
