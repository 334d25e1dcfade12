//! Whether a mention is a known contact, and why or why not.

use super::date::{self, Apart, Told, When};
use super::people::{self, Account, People, Strangers};
use super::place::{Places, Where};
use crate::model::contact::Contact;
use crate::model::mention::{Kind, Mention};
use jiff::Timestamp;

/// What a mention and a known contact have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// Their people.
    pub people: People,
    /// Their dates.
    pub when: When,
    /// Their places.
    pub place: Where,
    /// Whether both have the same form.
    pub same_kind: bool,
}

impl Grounds {
    /// For people: "the same people, the same days, the same place".
    #[must_use]
    pub fn text(&self) -> String {
        let people = match self.people {
            People::Shared => "the same people",
            People::OneSide => "the same people on one side",
            People::Unnamed => "nobody named in one of the two",
        };
        let when = match self.when {
            When::Overlaps => "the same days",
            When::Near => "neighbouring days",
            When::Holds => "a date that holds the other",
            When::Former => "a date that it had before",
            When::Undated => "no date in one of the two",
            When::Moves => "another date for a contact whose date can move",
        };
        let place = match self.place {
            Where::Same => ", the same place",
            Where::Inside => ", a place within the other",
            Where::Unsaid => "",
            Where::Unsure => ", another name for the place",
            Where::Apart => ", another stop of the same trip",
        };
        format!("{people}, {when}{place}{}", if self.same_kind { "" } else { ", another word for its form" })
    }
}

/// Why a mention is not a known contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Different {
    /// Forms that never are one: a call and a meeting.
    Kind(Kind, Kind),
    /// A meeting and the visit during which it takes place: linked, and two contacts.
    WithinVisit,
    /// Not the same people.
    People(Strangers),
    /// Not the same place.
    Place,
    /// Not the same time.
    Date(Apart),
    /// Too little is said to hold them for the same.
    Vague,
}

impl Different {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Kind(a, b) => format!("a {} is not a {}", a.name(), b.name()),
            Self::WithinVisit => "it is part of a visit, and a contact of its own".to_owned(),
            Self::People(Strangers::Sides) => "other sides".to_owned(),
            Self::People(Strangers::Direction) => "a visit the other way".to_owned(),
            Self::People(Strangers::Others(side)) => format!("other people of {side}"),
            Self::People(Strangers::NothingShared) => "nobody in common".to_owned(),
            Self::People(Strangers::Level) => "another level".to_owned(),
            Self::Place => "another place".to_owned(),
            Self::Date(Apart::Days) => "other days".to_owned(),
            Self::Date(Apart::Ahead) => "it happened, and the known one lies ahead".to_owned(),
            Self::Date(Apart::AfterHeld) => "the known one has been held, and this one is to come".to_owned(),
            Self::Date(Apart::Stale) => "the known one is too long ago".to_owned(),
            Self::Vague => "too little is said".to_owned(),
        }
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The mention is the contact.
    Same(Grounds),
    /// It is not.
    Different(Different),
}

/// Judges whether a mention is a known contact.
#[must_use]
pub fn judge(contact: &Contact, mention: &Mention, published: Timestamp, places: &Places) -> Verdict {
    match grounds(contact, mention, published, places) {
        Ok(grounds) => Verdict::Same(grounds),
        Err(why) => Verdict::Different(why),
    }
}

/// What a mention says of time, with its item's publication.
#[must_use]
pub fn told(mention: &Mention, published: Timestamp) -> Told {
    Told { moment: mention.moment, status: mention.status, novelty: mention.novelty, published }
}

fn grounds(contact: &Contact, mention: &Mention, published: Timestamp, places: &Places) -> Result<Grounds, Different> {
    let known = Account { kind: contact.kind, parties: &contact.parties, level: contact.level };
    let this = Account { kind: mention.kind, parties: &mention.parties, level: mention.level };
    let people = people::compare(&known, &this).map_err(Different::People)?;
    let place = places.compare(contact.place.as_deref(), mention.place.as_deref());
    let same_kind = contact.kind == mention.kind;
    let when = date::compare(contact, &told(mention, published)).map_err(Different::Date)?;
    if !same_kind {
        kinds(contact, mention, when, people)?;
    }
    let exact = when == When::Overlaps;
    let trip = contact.kind == Kind::Visit && same_kind && exact;
    let certain = trip || (exact && people == People::Shared);
    match place {
        Where::Apart if !trip => return Err(Different::Place),
        Where::Unsure if !certain => return Err(Different::Place),
        _ => {}
    }
    if when == When::Moves && (people == People::Unnamed || !same_kind) {
        return Err(Different::Date(Apart::Days));
    }
    let dated = when >= When::Holds || when == When::Former;
    let placed = matches!(place, Where::Same | Where::Inside);
    if people == People::Unnamed && !((dated || placed) && same_kind) {
        return Err(Different::Vague);
    }
    Ok(Grounds { people, when, place, same_kind })
}

/// Whether two forms can be one contact: talks whose form is not said may be a meeting or a call.
fn kinds(contact: &Contact, mention: &Mention, when: When, people: People) -> Result<(), Different> {
    let different = Different::Kind(contact.kind, mention.kind);
    let talks_place = if contact.kind == Kind::Talks { &contact.place } else { &mention.place };
    match (contact.kind, mention.kind) {
        (Kind::Visit, Kind::Meeting | Kind::Talks) | (Kind::Meeting | Kind::Talks, Kind::Visit) => {
            Err(if when >= When::Holds { Different::WithinVisit } else { different })
        }
        (Kind::Talks, Kind::Call) | (Kind::Call, Kind::Talks) if talks_place.is_some() => Err(different),
        (Kind::Talks, Kind::Call | Kind::Meeting) | (Kind::Call | Kind::Meeting, Kind::Talks) => {
            if people == People::Unnamed { Err(Different::Vague) } else { Ok(()) }
        }
        _ => Err(different),
    }
}
