//! What a rule asks of a contact.

use super::fold::fold;
use super::pattern::Pattern;
use super::verdict::Verdict;
use crate::model::actor::{Level, Party, Side};
use crate::model::change::Change;
use crate::model::contact::Contact;
use crate::model::mention::{Kind, Mention, Novelty, Status};

/// The contacts that a rule wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Contacts {
    /// The two sides; both must take part.
    pub between: [Side; 2],
    /// Kinds that will do.
    pub kinds: Vec<Kind>,
    /// Statuses that will do.
    pub statuses: Vec<Status>,
    /// Names of changes that will do; see `ChangeKind::NAMES`.
    pub changes: Vec<&'static str>,
    /// The lowest level that will do.
    pub min_level: Level,
    /// News, history or both.
    pub novelty: Wanted,
    /// The least confidence that will do, from 0 to 1.
    pub min_confidence: f64,
    /// Ids or names of people, of whom one must take part; empty for anybody.
    pub people: Vec<String>,
    pub(super) places: Vec<Pattern>,
}

/// News, history or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What an article brings as news.
    New,
    /// What an article recalls as history.
    Background,
    /// Both.
    Any,
}

/// What is judged: a contact as it stands after a change, or a mention.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) change: &'a str,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) level: Level,
    pub(super) novelty: Novelty,
    parties: &'a [Party],
    place: Option<&'a str>,
    confidence: f64,
}

impl<'a> Case<'a> {
    pub(super) fn of_change(change: &'a Change) -> Self {
        Self::of_contact(&change.contact, change.kind.name(), change.novelty, change.confidence)
    }

    pub(super) fn of_contact(contact: &'a Contact, change: &'a str, novelty: Novelty, confidence: f64) -> Self {
        Self {
            change,
            kind: contact.kind,
            status: contact.status,
            level: contact.level,
            novelty,
            parties: &contact.parties,
            place: contact.place.as_deref(),
            confidence,
        }
    }

    pub(super) fn of_mention(mention: &'a Mention, change: &'a str) -> Self {
        Self {
            change,
            kind: mention.kind,
            status: mention.status,
            level: mention.level,
            parties: &mention.parties,
            place: mention.place.as_deref(),
            novelty: mention.novelty,
            confidence: mention.confidence,
        }
    }
}

impl Contacts {
    /// The first condition that fails; nothing where all hold.
    pub(super) fn refusal(&self, case: &Case<'_>) -> Option<Verdict> {
        let takes_part = |side: Side| case.parties.iter().any(|party| party.side == side);
        if !self.changes.contains(&case.change) {
            return Some(Verdict::ChangeNotWanted { change: case.change.to_owned() });
        }
        if !self.between.into_iter().all(takes_part) {
            return Some(Verdict::WrongSides { wanted: self.between });
        }
        if !self.kinds.contains(&case.kind) {
            return Some(Verdict::KindNotWanted { kind: case.kind });
        }
        if case.level < self.min_level {
            return Some(Verdict::LevelTooLow { is: case.level, wanted: self.min_level });
        }
        if !self.statuses.contains(&case.status) {
            return Some(Verdict::StatusNotWanted { status: case.status });
        }
        match (self.novelty, case.novelty) {
            (Wanted::New, Novelty::Background) => return Some(Verdict::NotNew),
            (Wanted::Background, Novelty::New) => return Some(Verdict::NotBackground),
            _ => {}
        }
        if case.confidence < self.min_confidence {
            return Some(Verdict::ConfidenceTooLow { is: case.confidence, wanted: self.min_confidence });
        }
        if !self.people.is_empty() && !self.people.iter().any(|wanted| case.parties.iter().any(|p| is(p, wanted))) {
            return Some(Verdict::PersonMissing { wanted: self.people.clone() });
        }
        if !self.places.is_empty() && !case.place.is_some_and(|place| self.is_place(place)) {
            return Some(Verdict::PlaceNotWanted { place: case.place.map(str::to_owned) });
        }
        None
    }

    fn is_place(&self, place: &str) -> bool {
        let place = fold(place);
        self.places.iter().any(|pattern| {
            place.match_indices(&pattern.folded).any(|(start, found)| pattern.fits(&place, start, start + found.len()))
        })
    }
}

/// Whether a party is the person of this id, name, or one of the name's words, such as a surname.
fn is(party: &Party, wanted: &str) -> bool {
    let same = |text: &Option<String>| text.as_deref().is_some_and(|text| fold(text) == fold(wanted));
    let word = |name: &String| name.split_whitespace().any(|word| fold(word) == fold(wanted));
    same(&party.person) || same(&party.name) || party.name.as_ref().is_some_and(word)
}
