//! The checked nouns of the gazetteer: states, offices, people, bodies, blockers and places.

use crate::model::actor::{Level, Side};
use jiff::civil::Date;

/// A state and the ways to name it.
#[derive(Clone, Debug)]
pub struct State {
    /// Its id.
    pub id: String,
    /// Its ISO code.
    pub side: Side,
    /// Its name for people.
    pub name: String,
    /// Its usual Chinese name.
    pub zh: Option<String>,
}

/// An office of one side.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub side: Side,
    /// Its title for people.
    pub title: String,
    /// Its usual Chinese title.
    pub zh: Option<String>,
    /// Its level.
    pub level: Level,
    /// Offices of the other side whose holders are its counterparts.
    pub counterparts: Vec<String>,
    /// Whether only one person holds it at a time.
    pub singular: bool,
}

/// A term in an office.
#[derive(Clone, Debug)]
pub struct Term {
    /// Index of the office.
    pub office: usize,
    /// First day, where known.
    pub from: Option<Date>,
    /// Last day; absent while in office.
    pub until: Option<Date>,
}

impl Term {
    /// Whether the term covers a day, with some days of grace at its end (a farewell call, a late report).
    #[must_use]
    pub fn covers(&self, day: Date, grace: i32) -> bool {
        let day = day_number(day);
        self.from.is_none_or(|from| day_number(from) - grace <= day)
            && self.until.is_none_or(|until| day <= day_number(until) + grace)
    }
}

/// Days from 1 March of the year 0 to a date, for comparing dates many times a word: calendar arithmetic is a hundred
/// times slower (the algorithm is `days_from_civil` of Hinnant, "chrono-compatible low-level date algorithms", 2013).
#[must_use]
pub fn day_number(date: Date) -> i32 {
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1
}

/// A person and the offices held.
#[derive(Clone, Debug)]
pub struct Person {
    /// Id in the gazetteer.
    pub id: String,
    /// Whose side.
    pub side: Side,
    /// Canonical English name.
    pub name: String,
    /// The name by which Chinese news calls the person.
    pub zh: Option<String>,
    /// The surname by which news calls the person.
    pub surname: String,
    /// Whether the surname alone is not enough ("He", "Wang").
    pub ambiguous: bool,
    /// Terms of office.
    pub terms: Vec<Term>,
}

/// A ministry, headquarters or delegation.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub side: Side,
    /// Its name for people.
    pub name: String,
    /// What it is: `government`, `delegation`, `military`, `legislature`, and so on.
    pub role: String,
    /// Level of a delegation of it, where set.
    pub level: Option<Level>,
}

/// An actor that is not a party of the watched sides.
#[derive(Clone, Debug)]
pub struct Blocker {
    /// Its id.
    pub id: String,
}

/// A place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// `city`, `country`, `region` or `venue`.
    pub kind: String,
    /// The country it is in.
    pub country: Option<Side>,
    /// For a venue: the city it is in.
    pub city: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_count_days() {
        let mut day = Date::constant(1899, 12, 30);
        for _ in 0..60_000 {
            let next = day.tomorrow().expect("the calendar goes on");
            assert_eq!(day_number(next), day_number(day) + 1, "{day}");
            day = next;
        }
    }

    #[test]
    fn a_term_covers_its_days_and_the_grace() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let term = Term { office: 0, from: Some(day("2023-02-28")), until: Some(day("2024-02-29")) };
        for (date, grace, covers) in [
            ("2023-02-28", 0, true),
            ("2023-02-27", 0, false),
            ("2023-02-08", 20, true),
            ("2023-02-07", 20, false),
            ("2024-02-29", 0, true),
            ("2024-03-01", 0, false),
            ("2024-03-20", 20, true),
            ("2024-03-21", 20, false),
        ] {
            assert_eq!(term.covers(day(date), grace), covers, "{date}");
        }
        assert!(Term { office: 0, from: None, until: None }.covers(day("1066-10-14"), 0));
    }
}
