//! The events of which an article has told so far: whose "the talks" and "the trip" are.

use super::{Discourse, Met, Part, Parts};
use crate::extract::candidate::Candidate;
use crate::extract::status::Real;
use crate::model::actor::Side;
use crate::model::mention::Kind;

/// Contacts of an article that are kept in mind.
const CONTACTS: usize = 40;

impl Discourse {
    /// What a sentence says was done to several events; it holds for the two sentences after it.
    pub(in crate::extract) fn falls(&mut self, fallen: Option<Real>) {
        if fallen.is_some() {
            (self.fallen, self.since) = (fallen, 0);
        } else {
            self.since += 1;
            self.fallen = self.fallen.filter(|_| self.since < 2);
        }
    }

    /// Whether the article has told of no third side.
    pub(in crate::extract) fn of_two(&self) -> bool {
        self.sides.iter().all(|s| *s == Side::US || *s == Side::CN)
    }

    /// The side of the person of whom the last sentences tell.
    pub(in crate::extract) fn subject_side(&self) -> Option<Side> {
        self.subject.as_ref().map(|p| p.side)
    }

    /// Whether a side was named before.
    pub(in crate::extract) fn knows(&self, side: Side) -> bool {
        self.sides.contains(&side)
    }

    /// The person of a side who was named last.
    pub(in crate::extract) fn last_of(&self, side: Side) -> Option<Part> {
        self.recent.iter().rev().find(|p| p.side == side && p.person.is_some()).cloned()
    }

    /// Remembers an event for "the talks", "the trip".
    pub(in crate::extract) fn remember(&mut self, c: &Candidate) {
        let (kind, parts) = (c.kind, &c.parts);
        if kind == Kind::Visit && self.visitors.len() < CONTACTS {
            self.visitors.extend(parts.us.iter().chain(&parts.cn).cloned());
        }
        for part in parts.us.iter().chain(&parts.cn).filter(|p| p.person.is_none()) {
            self.salience.named_by(part);
        }
        self.last.retain(|(k, _)| *k != kind);
        self.last.push((kind, parts.clone()));
        self.salience.party(parts);
        if kind != Kind::Visit && parts.both() && self.met.len() < CONTACTS {
            let place = c.place.clone().map(|name| (name, c.place_rank));
            self.met.push(Met { parts: parts.clone(), status: c.status, new: !c.background, place });
        }
        if kind != Kind::Visit && parts.both() && parts.us.iter().chain(&parts.cn).all(|p| p.person.is_some()) {
            self.name_pair(parts.clone(), 1);
        }
    }

    /// Whether the text has told of a contact of these, by the people on both sides, or by those of one where the other is
    /// nameless.
    pub(in crate::extract) fn has_met(&self, parts: &Parts) -> bool {
        let shared = |known: &[Part], own: &[Part]| {
            let named: Vec<usize> = own.iter().filter_map(|p| p.person).collect();
            named.is_empty() || known.iter().any(|p| p.person.is_some_and(|p| named.contains(&p)))
        };
        let nameless = parts.us.iter().chain(&parts.cn).all(|p| p.person.is_none());
        self.met.iter().any(|m| shared(&m.parts.us, &parts.us) && shared(&m.parts.cn, &parts.cn))
            && (!nameless || parts.both())
    }

    /// Whether the article has told of somebody's visit.
    pub(in crate::extract) fn visits(&self, who: &Part) -> bool {
        self.visitors.iter().any(|p| p == who || p.person.is_some() && p.person == who.person)
    }

    /// The last contact told as news in which somebody takes part.
    pub(in crate::extract) fn last_news(&self, who: &Part) -> Option<&Met> {
        let takes_part =
            |m: &&Met| m.parts.of(who.side).iter().any(|p| p == who || p.person.is_some() && p.person == who.person);
        self.met.iter().rev().find(|m| m.new && takes_part(m))
    }

    /// The participants of the last event of a kind.
    pub(in crate::extract) fn last(&self, kind: Kind) -> Option<&Parts> {
        self.last.iter().rev().find(|(k, _)| *k == kind).map(|(_, parts)| parts)
    }
}
