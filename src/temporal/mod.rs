//! Dates in text: named rules that find time expressions and resolve them against an anchor.

mod en;
mod resolve;
mod words;

pub use resolve::resolve;

use crate::model::article::Language;
use jiff::civil::Weekday;

/// Every rule that finds a time expression: its name and what it reads.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    en::rules()
}

/// Tense of the clause in which a time expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tense {
    /// Past or perfect.
    Past,
    /// Present.
    Present,
    /// Future, "is to", plans.
    Future,
    /// The clause has no tense.
    Unknown,
}

/// Which of a recurring unit is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// Nothing is said: the tense decides.
    None,
    /// "last", "past", "previous".
    Last,
    /// "this", "the current".
    This,
    /// "next", "coming".
    Next,
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Day.
    Day,
    /// Week, Monday to Sunday (ISO 8601).
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// Month.
    Month,
    /// Three months from the given first one.
    Season(i8),
    /// Year.
    Year,
}

/// Which part of a month is meant; it is vague, so that the parts overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it.
    Whole,
    /// "early June", "the start of June".
    Early,
    /// "mid-June".
    Middle,
    /// "late June", "the end of the month".
    Late,
}

/// Month and day of a date whose year may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// What a time expression says, before it is put on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A date or a range of dates within 62 days.
    Dates {
        /// First day.
        from: MonthDay,
        /// Last day.
        to: MonthDay,
        /// The year, where written.
        year: Option<i16>,
    },
    /// A month.
    Month {
        /// 1 to 12.
        month: i8,
        /// The year, where written.
        year: Option<i16>,
        /// "last June", "next May".
        shift: Shift,
        /// "late June".
        part: Part,
    },
    /// A year.
    Year(i16),
    /// A weekday or a run of weekdays.
    Weekdays {
        /// First day.
        from: Weekday,
        /// Last day.
        to: Weekday,
        /// "last Thursday".
        shift: Shift,
        /// "Monday next week": weeks from the anchor's.
        week: Option<i32>,
    },
    /// The day so many days from the anchor.
    DayOffset(i32),
    /// "last week", "this month", "next year": units from the anchor's own.
    Unit {
        /// The unit.
        unit: Unit,
        /// Which.
        shift: Shift,
        /// "late last month"; of a month only.
        part: Part,
    },
    /// "in the coming days", "over the next few weeks": from the anchor on, so many days.
    Coming {
        /// Length in days.
        days: i32,
    },
    /// "three weeks ago", "in two months": so many units from the anchor, negative into the past.
    Distance {
        /// The unit.
        unit: Unit,
        /// How many.
        count: i32,
    },
    /// "the 18th": a day of the month around the anchor.
    DayOfMonth(i8),
}

/// A time expression in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeExpr {
    /// First byte in the sentence.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The rule that found it.
    pub rule: &'static str,
    /// What it says.
    pub value: Value,
    /// Whether the sentence marks it as a beginning only ("from Sunday", "since Monday", "starting July 6").
    pub open_end: bool,
}

/// Finds the time expressions of a sentence, in order and without overlaps. Linear in the sentence's length.
#[must_use]
pub fn scan(language: Language, sentence: &str) -> Vec<TimeExpr> {
    match language {
        Language::En => en::scan(sentence),
        Language::Zh => Vec::new(),
    }
}
