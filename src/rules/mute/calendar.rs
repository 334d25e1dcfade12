//! Wall-clock times of a zone as instants, over days that lose an hour and days that have one twice.
//!
//! A digest whose time the clocks jump over comes as much later as they jump; one whose time comes twice comes at the first
//! (RFC 5545, section 3.3.5). Quiet hours that begin or end in a jump do so at the jump; in an hour that comes twice they
//! begin at the first and end at the second, so that nobody is woken who should sleep by their clock.

use super::policy::{Policy, Quiet, Rhythm};
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Days looked ahead: a week, and a day on either side for zones that skipped one.
const DAYS: i32 = 9;

impl Policy {
    /// When the next digest is sent, strictly after a time: at its time, or where that is quiet, at the end of the quiet.
    /// Nothing for a recipient who is told at once.
    #[must_use]
    pub fn next_digest(&self, after: Timestamp) -> Option<Timestamp> {
        let slot = self.next_slot(after)?;
        Some(self.quiet_until(slot).unwrap_or(slot))
    }

    /// When the next digest would be sent if nothing were quiet, strictly after a time: for what breaks through quiet hours.
    pub(super) fn next_slot(&self, after: Timestamp) -> Option<Timestamp> {
        next_slot(self.rhythm, &self.zone, after)
    }

    /// When the quiet hours end in which a time lies; nothing where it lies in none.
    #[must_use]
    pub fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        quiet_until(self.quiet?, &self.zone, now)
    }
}

/// The next time of a rhythm, strictly after a time.
fn next_slot(rhythm: Rhythm, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let today = zone.to_datetime(after).date();
    let next = |fits: &dyn Fn(Date) -> bool, at: Time| {
        days(today).filter(|day| fits(*day)).filter_map(|day| digest_at(zone, day, at)).find(|slot| *slot > after)
    };
    match rhythm {
        Rhythm::AtOnce => None,
        Rhythm::Hourly => {
            let time = zone.to_datetime(after).time();
            let past = i64::from(time.minute()) * 60 + i64::from(time.second());
            let whole = Timestamp::from_second(after.as_second()).unwrap_or(after);
            whole.checked_add(SignedDuration::from_secs(3600 - past)).ok()
        }
        Rhythm::Daily { at } => next(&|_| true, at),
        Rhythm::Weekly { on, at } => next(&|day| day.weekday() == on, at),
    }
}

fn quiet_until(quiet: Quiet, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let today = zone.to_datetime(now).date();
    days(today).take(3).find_map(|day| {
        let until = if quiet.from() < quiet.to() { day } else { day.checked_add(1.day()).ok()? };
        let (begin, end) = (edge(zone, day, quiet.from(), false)?, edge(zone, until, quiet.to(), true)?);
        (begin <= now && now < end).then_some(end)
    })
}

/// Yesterday, today and the days after.
fn days(today: Date) -> impl Iterator<Item = Date> {
    (-1..DAYS).filter_map(move |number| today.checked_add(number.days()).ok())
}

fn digest_at(zone: &TimeZone, day: Date, at: Time) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(day.to_datetime(at)).compatible().ok()
}

/// An edge of quiet hours: the jump itself where the clocks jump over it; of two, the first or the last.
fn edge(zone: &TimeZone, day: Date, at: Time, last: bool) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(day.to_datetime(at));
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().ok()?;
            zone.following(before).next().map(|transition| transition.timestamp())
        }
        _ if last => ambiguous.later().ok(),
        _ => ambiguous.earlier().ok(),
    }
}
