//! What a feed says of its own schedule: `ttl`, `skipHours`, `skipDays` and the syndication module, heard with tolerance.

use crate::model::feed::Hints;
use jiff::SignedDuration;
use jiff::civil::Weekday;

/// An element that says something of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// Minutes that a copy stays good.
    Ttl,
    /// An hour without changes.
    Hour,
    /// A day without changes.
    Day,
    /// `hourly`, `daily`, `weekly`, `monthly` or `yearly`.
    Period,
    /// How many changes there are in such a period.
    Frequency,
}

/// What was heard so far; of elements that are given twice the first counts.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    ttl: Option<SignedDuration>,
    /// One bit an hour.
    hours: u32,
    /// One bit a day, Monday's first.
    days: u8,
    period: Option<SignedDuration>,
    frequency: Option<i32>,
}

/// A minute: the grain of `ttl`, and the least that a wish can mean.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Longest `ttl`: no news feed means a longer one.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);
/// The names of days, by the letters that tell them apart.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Wishes {
    /// Hears an element's text; what cannot be understood says nothing.
    pub(super) fn hear(&mut self, hint: Hint, text: &str) {
        let text = text.trim();
        match hint {
            Hint::Ttl => {
                let minutes = number(text).filter(|minutes| *minutes > 0).map(SignedDuration::from_mins);
                self.ttl = self.ttl.or(minutes.map(|ttl| ttl.min(LONGEST)));
            }
            // 24 is midnight, as 0 is (RSS 0.91); several hours in one element are met.
            Hint::Hour => text
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|hour| hour.parse::<u32>().ok())
                .filter(|hour| *hour <= 24)
                .for_each(|hour| self.hours |= 1 << (hour % 24)),
            Hint::Day => text
                .split(|c: char| !c.is_alphabetic())
                .filter_map(|day| day.get(..3))
                .filter_map(|day| DAYS.iter().position(|name| name.eq_ignore_ascii_case(day)))
                .for_each(|day| self.days |= 1 << day),
            Hint::Period => self.period = self.period.or(period(text)),
            Hint::Frequency => {
                let frequency = number(text).and_then(|times| i32::try_from(times).ok()).filter(|times| *times > 0);
                self.frequency = self.frequency.or(frequency);
            }
        }
    }

    /// All that was heard. A frequency alone counts by the day, a period alone means one change in it (RSS 1.0 module
    /// Syndication, defaults).
    pub(super) fn hints(&self) -> Hints {
        let named = self.period.is_some() || self.frequency.is_some();
        let period = self.period.unwrap_or(SignedDuration::from_hours(24));
        let apart = (period / self.frequency.unwrap_or(1)).max(MINUTE);
        Hints {
            ttl: self.ttl,
            skip_hours: (0..24).filter(|hour| self.hours >> hour & 1 == 1).collect(),
            skip_days: (0..7_i8)
                .filter(|day| self.days >> day & 1 == 1)
                .filter_map(|day| Weekday::from_monday_zero_offset(day).ok())
                .collect(),
            update_period: named.then_some(apart),
        }
    }
}

/// The number at the start of a text; nothing where it has more digits than any such number.
fn number(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end.min(10)).filter(|_| end < 10)?.parse().ok()
}

fn period(text: &str) -> Option<SignedDuration> {
    let days = match text.to_ascii_lowercase().as_str() {
        "hourly" => return Some(SignedDuration::from_hours(1)),
        "daily" => 1,
        "weekly" => 7,
        "monthly" => 30,
        "yearly" => 366,
        _ => return None,
    };
    Some(SignedDuration::from_hours(days * 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(said: &[(Hint, &str)]) -> Hints {
        let mut wishes = Wishes::default();
        said.iter().for_each(|(hint, text)| wishes.hear(*hint, text));
        wishes.hints()
    }

    #[test]
    fn minutes_are_heard_within_reason() {
        for (text, minutes) in [
            ("60", Some(60)),
            (" 5 ", Some(5)),
            ("60 minutes", Some(60)),
            ("1.5", Some(1)),
            ("0", None),
            ("-5", None),
            ("", None),
            ("never", None),
            ("99999999999999999999999", None),
            ("\u{661}\u{662}", None),
            ("999999999", Some(31 * 24 * 60)),
        ] {
            assert_eq!(heard(&[(Hint::Ttl, text)]).ttl, minutes.map(SignedDuration::from_mins), "{text}");
        }
        assert_eq!(heard(&[(Hint::Ttl, "5"), (Hint::Ttl, "9")]).ttl, Some(SignedDuration::from_mins(5)));
    }

    #[test]
    fn hours_and_days_are_heard_once_and_in_order() {
        let hours = ["23", "24", "7", "7", "25", "-1", "x", "1, 2"].map(|hour| (Hint::Hour, hour));
        assert_eq!(heard(&hours).skip_hours, [0, 1, 2, 7, 23]);
        let days = ["Sunday", "sat", "MONDAY", "Monday", "Someday", "\u{661f}\u{671f}\u{4e00}"];
        let days = days.map(|day| (Hint::Day, day));
        assert_eq!(heard(&days).skip_days, [Weekday::Monday, Weekday::Saturday, Weekday::Sunday]);
    }

    #[test]
    fn periods_are_shared_by_frequencies() {
        for (said, minutes) in [
            (&[(Hint::Period, "hourly")][..], Some(60)),
            (&[(Hint::Period, "hourly"), (Hint::Frequency, "2")], Some(30)),
            (&[(Hint::Frequency, "1"), (Hint::Period, " Daily ")], Some(1440)),
            (&[(Hint::Frequency, "4")], Some(360)),
            (&[(Hint::Period, "hourly"), (Hint::Frequency, "1000000")], Some(1)),
            (&[(Hint::Period, "hourly"), (Hint::Frequency, "0")], Some(60)),
            (&[(Hint::Period, "yearly")], Some(366 * 1440)),
            (&[(Hint::Period, "sometimes")], None),
            (&[], None),
        ] {
            assert_eq!(heard(said).update_period, minutes.map(SignedDuration::from_mins), "{said:?}");
        }
    }
}
