//! When a contact takes place: an interval of civil days with its grain.

use jiff::civil::Date;

/// How exactly a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// To the day.
    Day,
    /// To the week; printed as the interval's days.
    Week,
    /// To the month; printed `YYYY-MM`.
    Month,
    /// To the season, quarter, half or year; printed as null, used for ordering and background.
    Year,
}

/// A closed interval of civil days, `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    start: Date,
    end: Date,
    grain: Grain,
    certain: bool,
    open_end: bool,
}

impl Moment {
    /// An interval; the two days are put in order.
    #[must_use]
    pub fn new(start: Date, end: Date, grain: Grain) -> Self {
        let (start, end) = if start <= end { (start, end) } else { (end, start) };
        Self { start, end, grain, certain: true, open_end: false }
    }

    /// One day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self::new(day, day, Grain::Day)
    }

    /// The month that holds a day.
    #[must_use]
    pub fn month(day: Date) -> Self {
        Self::new(day.first_of_month(), day.last_of_month(), Grain::Month)
    }

    /// The same interval, marked as inferred rather than written in the text.
    #[must_use]
    pub fn inferred(self) -> Self {
        Self { certain: false, ..self }
    }

    /// The same interval whose end the text does not say ("in Beijing from Sunday").
    #[must_use]
    pub fn open_ended(self) -> Self {
        Self { open_end: true, ..self }
    }

    /// First day.
    #[must_use]
    pub fn start(&self) -> Date {
        self.start
    }

    /// Last day; equals the first for one day and for an open end.
    #[must_use]
    pub fn end(&self) -> Date {
        self.end
    }

    /// Grain of both ends.
    #[must_use]
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// Whether the text gives the date; false where it was inferred, as from the date of publication.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// Whether the end is unknown.
    #[must_use]
    pub fn is_open_ended(&self) -> bool {
        self.open_end
    }

    /// Days from the end of the earlier to the start of the later; 0 where they share a day.
    #[must_use]
    pub fn gap_days(&self, other: &Self) -> i32 {
        let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
        if self.end < other.start {
            days(self.end, other.start)
        } else if other.end < self.start {
            days(other.end, self.start)
        } else {
            0
        }
    }

    /// The start as the protocols print it: `2023-06-18`, `2023-06`, or nothing where coarser than a month.
    #[must_use]
    pub fn start_text(&self) -> Option<String> {
        Self::text(self.start, self.grain)
    }

    /// The end as the protocols print it; nothing for an open end and for a vague date.
    #[must_use]
    pub fn end_text(&self) -> Option<String> {
        match self.grain {
            Grain::Day | Grain::Week if !self.open_end => Self::text(self.end, self.grain),
            _ => None,
        }
    }

    fn text(day: Date, grain: Grain) -> Option<String> {
        match grain {
            Grain::Day | Grain::Week => Some(day.to_string()),
            Grain::Month => Some(day.strftime("%Y-%m").to_string()),
            Grain::Year => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_interval_is_put_in_order_and_printed_by_grain() {
        let m = Moment::new(date(2023, 6, 21), date(2023, 6, 16), Grain::Day);
        assert_eq!((m.start_text().as_deref(), m.end_text().as_deref()), (Some("2023-06-16"), Some("2023-06-21")));
        let m = Moment::month(date(2023, 2, 14));
        assert_eq!((m.start_text().as_deref(), m.end_text()), (Some("2023-02"), None));
        assert_eq!(Moment::day(date(2023, 1, 31)).gap_days(&m), 1);
        assert_eq!(Moment::day(date(2023, 2, 3)).gap_days(&m), 0);
    }
}
