//! Inhibitions: an alert that speaks for another, so that one announcement makes one mail.

use super::matcher::{Addressee, Matcher};
use crate::model::alert::{Alert, Subject};
use crate::model::contact::Contact;
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// A rule by which one alert mutes another.
#[derive(Clone, Debug, PartialEq)]
pub struct Inhibition {
    /// Its name.
    pub id: String,
    /// What the alert that speaks must fulfil.
    pub source: Vec<Matcher>,
    /// What the alert that is muted must fulfil.
    pub target: Vec<Matcher>,
    /// What the two must share, all of it.
    pub equal: Vec<Tie>,
    /// How much earlier the speaking alert may have been raised; zero where both must come of one article.
    pub within: SignedDuration,
}

/// What two alerts may share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// The article.
    Article,
    /// The visit: the muted alert's contact takes place during the visit of which the other speaks.
    Visit,
    /// The contact.
    Contact,
    /// The place.
    Place,
    /// A person.
    People,
}

impl Tie {
    /// All ties.
    pub const ALL: [Self; 5] = [Self::Article, Self::Visit, Self::Contact, Self::Place, Self::People];

    /// The name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Visit => "visit",
            Self::Contact => "contact",
            Self::Place => "place",
            Self::People => "people",
        }
    }

    fn binds(self, source: &Alert, target: &Alert) -> bool {
        match (self, contact(source), contact(target)) {
            (Self::Article, ..) => source.item.item == target.item.item,
            (Self::Visit, Some(visit), Some(inner)) => inner.within.as_ref() == Some(&visit.id),
            (Self::Contact, Some(a), Some(b)) => a.id == b.id,
            (Self::Place, Some(a), Some(b)) => a.place.is_some() && a.place == b.place,
            (Self::People, Some(a), Some(b)) => !people(a).is_disjoint(&people(b)),
            _ => false,
        }
    }
}

impl Inhibition {
    /// Whether one alert speaks for another on their way to somebody. An alert yields to none that matters less, and to
    /// none that came later.
    #[must_use]
    pub fn mutes(&self, source: &Alert, target: &Alert, to: Addressee<'_>) -> bool {
        let lead = target.raised.duration_since(source.raised);
        source.id != target.id
            && source.severity >= target.severity
            && (SignedDuration::ZERO..=self.within).contains(&lead)
            && self.source.iter().all(|matcher| matcher.matches(source, to))
            && self.target.iter().all(|matcher| matcher.matches(target, to))
            && self.equal.iter().all(|tie| tie.binds(source, target))
    }
}

fn contact(alert: &Alert) -> Option<&Contact> {
    match &alert.subject {
        Subject::Contact { contact, .. } => Some(contact),
        Subject::Item { .. } => None,
    }
}

fn people(contact: &Contact) -> BTreeSet<&str> {
    contact.parties.iter().filter_map(|party| party.person.as_deref().or(party.name.as_deref())).collect()
}
