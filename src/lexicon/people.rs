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
        let shift = |date: Date, days: i32| date.saturating_add(jiff::Span::new().days(days));
        self.from.is_none_or(|from| shift(from, -grace) <= day)
            && self.until.is_none_or(|until| day <= shift(until, grace))
    }
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
