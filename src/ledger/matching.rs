//! Whether a mention is a known contact, and why or why not.

use super::date::{self, Apart, Told, When};
use super::people::{self, Account, People, Strangers};
use super::place::{Places, Where};
use super::transition::{Rule, rule};
use crate::model::actor::Party;
use crate::model::contact::Contact;
use crate::model::mention::{Kind, Mention, Novelty};
use jiff::Timestamp;

/// Days in which talks without a date may be the meeting or the call of the same people.
const FORMLESS: i64 = 30;
/// Days in which talks of nobody named, without a date, may be those of the same place.
const SAME_PLACE: i64 = 14;

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
            People::Teams => "delegations of the same round",
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
            Where::Obscure | Where::Unsure => ", another name for the place",
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
    let told = told(mention, published);
    let grounds = Grounds {
        people: people::compare(&known, &this).map_err(Different::People)?,
        place: places.compare(contact.place.as_deref(), mention.place.as_deref()),
        same_kind: contact.kind == mention.kind,
        when: date::compare(contact, &told).map_err(Different::Date)?,
    };
    if !grounds.same_kind {
        kinds(contact, mention, &grounds)?;
    }
    if !places_agree(&grounds, contact, &told) {
        return Err(Different::Place);
    }
    if grounds.when == When::Moves && (grounds.people <= People::Unnamed || !grounds.same_kind) {
        return Err(Different::Date(Apart::Days));
    }
    if !is_enough(&grounds, contact, mention, &told) {
        return Err(Different::Vague);
    }
    Ok(grounds)
}

/// Whether the places leave it possible that two accounts are one: the surer the rest, the less a name matters.
fn places_agree(grounds: &Grounds, contact: &Contact, told: &Told) -> bool {
    let Grounds { people, when, place, same_kind } = *grounds;
    let shared = people == People::Shared;
    let trip = shared && same_kind && contact.kind == Kind::Visit && when >= When::Near;
    let certain = when == When::Overlaps && (shared || (people == People::OneSide && same_kind));
    let these_days = when == When::Undated && date::is_current(contact, told, date::NEWS);
    match place {
        Where::Same | Where::Inside | Where::Unsaid => true,
        Where::Obscure => trip || certain || (shared && same_kind && (when >= When::Holds || these_days)),
        Where::Unsure => trip || certain,
        Where::Apart => trip,
    }
}

/// Whether enough is said to hold two accounts for one where nothing speaks against it.
fn is_enough(grounds: &Grounds, contact: &Contact, mention: &Mention, told: &Told) -> bool {
    let Grounds { people, when, place, same_kind } = *grounds;
    let recalled = mention.novelty == Novelty::Background;
    match people {
        People::Shared | People::OneSide => {
            same_kind || recalled || when >= When::Former || date::is_current(contact, told, FORMLESS)
        }
        People::Unnamed if same_kind && when == When::Undated => match place {
            Where::Same | Where::Inside => recalled || date::is_current(contact, told, SAME_PLACE),
            _ => is_meant(contact, mention) && date::is_current(contact, told, date::NEWS),
        },
        People::Unnamed if same_kind => true,
        People::Unnamed | People::Teams => when >= When::Near && place == Where::Same,
    }
}

/// Whether a report that names nobody, no date and no place may mean a contact, or the reverse: "the talks" are those
/// that go on, not those to come; of visits there may be several.
fn is_meant(contact: &Contact, mention: &Mention) -> bool {
    let named = |parties: &[Party]| parties.iter().any(people::is_named);
    let nobody = !named(&contact.parties) && !named(&mention.parties);
    let follows = !matches!(rule(contact.status, mention.status), Rule::Weaker | Rule::Final);
    follows && (nobody || contact.kind != Kind::Visit)
}

/// Whether two forms can be one contact: talks whose form is not said may be a meeting or a call.
fn kinds(contact: &Contact, mention: &Mention, grounds: &Grounds) -> Result<(), Different> {
    let when = grounds.when;
    let different = Different::Kind(contact.kind, mention.kind);
    let talks_place = if contact.kind == Kind::Talks { &contact.place } else { &mention.place };
    match (contact.kind, mention.kind) {
        (Kind::Visit, Kind::Meeting | Kind::Talks) | (Kind::Meeting | Kind::Talks, Kind::Visit) => {
            Err(if when >= When::Holds { Different::WithinVisit } else { different })
        }
        (Kind::Talks, Kind::Call) | (Kind::Call, Kind::Talks) if talks_place.is_some() => Err(different),
        (Kind::Talks, Kind::Call | Kind::Meeting) | (Kind::Call | Kind::Meeting, Kind::Talks) => Ok(()),
        (Kind::Call, Kind::Meeting) | (Kind::Meeting, Kind::Call)
            if is_recalled_conversation(contact, mention, grounds) =>
        {
            Ok(())
        }
        _ => Err(different),
    }
}

/// Whether history recalls a conversation of the very people and day, without a place: its form is a way of speaking then.
fn is_recalled_conversation(contact: &Contact, mention: &Mention, grounds: &Grounds) -> bool {
    mention.novelty == Novelty::Background
        && (grounds.people, grounds.when) == (People::Shared, When::Overlaps)
        && contact.place.is_none()
        && mention.place.is_none()
}
