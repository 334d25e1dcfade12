//! A visit that is told only by what takes place during it: "the last engagement of the adviser's trip", "with its
//! audience with Xi".

use super::super::find::{Found, Scene};
use crate::extract::actors::Head;
use crate::extract::candidate::Candidate;
use crate::extract::discourse::{Part, Parts, other_side, person_part};
use crate::extract::place::Spot;
use crate::extract::status::{Real, Reality};
use crate::model::actor::Side;
use crate::model::mention::{Fired, Kind, Status};

impl Scene<'_> {
    /// The visit of which a sentence's only meeting is said to be a part: "met Sullivan in Beijing, the last engagement of
    /// the White House adviser's trip".
    pub(in crate::extract) fn trip_around(&self, fresh: &[Candidate]) -> Option<Candidate> {
        let [meeting] = fresh else { return None };
        let told = matches!(meeting.status, Status::Held | Status::Underway) && !meeting.background;
        if meeting.kind != Kind::Meeting || !told || meeting.place_rank < 2 {
            return None;
        }
        let at = (0..self.line.toks.len()).find(|k| self.visit_noun_at(*k) && self.line.before(*k) == "'s")?;
        let of = (at.saturating_sub(7)..at).rev().find(|k| self.line.low(*k) == "of")?;
        let host = self.cast.lexicon.places.iter().find(|place| Some(&place.name) == meeting.place.as_ref())?.country?;
        if ![Side::US, Side::CN].contains(&host) {
            return None;
        }
        let visitor = other_side(host);
        let mut guests = meeting.parts.of(visitor).iter().filter(|part| part.person.is_some());
        let (guest, alone) = (guests.next()?.clone(), guests.next().is_none());
        // A name that is no official's, or somebody of another state, is somebody else.
        let mut owners = self.actors.iter().filter(|actor| actor.from > of && actor.to <= at).peekable();
        let role = matches!(self.line.low(of + 1), "the" | "his" | "her") || owners.peek().is_some();
        if !alone || !role || owners.any(|actor| actor.side != Some(visitor)) {
            return None;
        }
        let mut parts = Parts::default();
        parts.add(guest);
        let mut fired = meeting.fired.clone();
        fired.insert(0, Fired { rule: "visit.noun".to_owned(), span: self.line.span_of(at, at + 1) });
        Some(Candidate {
            kind: Kind::Visit,
            visitor: Some(visitor),
            status: Status::Underway,
            real: Real::Underway,
            parts,
            fired,
            ..meeting.clone()
        })
    }

    /// Whose "its" is after a visit: "Sullivan's visit with its audience with Xi", "the visit by Sullivan, with its …".
    pub(super) fn visitor_of_its(&self, start: usize) -> Option<Parts> {
        if self.line.low(start) != "its" {
            return None;
        }
        let visit = (0..start).rev().find(|k| self.visit_noun_at(*k))?;
        let group = self.parse.groups.iter().position(|group| {
            let by = group.from > visit && group.to <= start && self.line.before(group.from) == "by";
            let owner = group.to < visit && group.to + 3 > visit && self.line.low(group.to) == "'s";
            by || owner
        })?;
        let parts = self.group_parts(group);
        let person = parts.us.iter().chain(&parts.cn).any(|part| part.person.is_some());
        (person && !parts.other).then_some(parts)
    }

    /// "The visit follows a session in March", "It is her second trip to China": the visit on which the one of whom the
    /// article tells is, or is to go, where it has told of his contact there and of no visit yet.
    pub(super) fn implied_visit(
        &self,
        at: usize,
        len: usize,
        start: usize,
        visitors: &Parts,
        spot: Option<&Spot>,
    ) -> Option<Found> {
        let plain = matches!(self.line.low(at + len - 1), "visit" | "trip" | "stay");
        let definite = matches!(self.line.low(start), "the" | "this" | "his" | "her" | "their")
            || self.line.before(at) == "'s"
            || !visitors.is_empty();
        let past = |k: usize| self.parse.verb(k).is_some_and(|v| v.perfect && v.past);
        let quiet = !self.line.headline && !self.old && plain;
        if !definite || !quiet || visitors.other || (0..at).any(past) {
            return None;
        }
        let abroad = |s: &Spot| s.country.is_some_and(|c| [Side::US, Side::CN].contains(&c));
        let named = visitors.us.iter().chain(&visitors.cn).find(|p| p.person.is_some());
        let (who, reason) = match named {
            Some(part) => (part.clone(), None),
            None => {
                let city = spot.cloned().filter(abroad).or_else(|| self.discourse.city.clone());
                let city = city.or_else(|| self.dateline.filter(|d| abroad(d)).cloned())?;
                let answer = self.discourse.salience.visitor(city.country?).filter(|a| a.part.person.is_some())?;
                (answer.part, Some(answer.reason))
            }
        };
        let known = self.discourse.visits(&who);
        let met = self.discourse.last_news(&who).filter(|_| !known)?;
        let real = match met.status {
            Status::Held | Status::Underway => Real::Underway,
            Status::Scheduled => Real::Future,
            _ => return None,
        };
        // Where they met must lie in the other's country.
        let there = met.place.as_ref().filter(|(_, rank)| *rank == 3).and_then(|(name, _)| {
            let place = self.cast.lexicon.places.iter().find(|p| p.name == *name);
            let capital = self.discourse.city.clone().filter(|c| c.name == *name);
            let country = place.and_then(|p| p.country).or(capital.and_then(|c| c.country))?;
            Some(Spot { at, name: name.clone(), country: Some(country), rank: 3 })
        });
        let spot = there.filter(|s| s.country == Some(other_side(who.side)))?;
        let mut reality = Reality::stay();
        (reality.real, reality.is_now) = (real, real == Real::Underway);
        let mut parts = Parts::default();
        parts.add(who);
        let Found::Candidates(mut list) = self.visit(at, len, "visit.noun", parts, Some(spot), reality, None) else {
            return None;
        };
        for c in &mut list {
            c.moment = None;
            c.fired.extend(reason.map(|rule| Fired { rule: rule.to_owned(), span: self.line.span_of(at, at + len) }));
        }
        Some(Found::Candidates(list))
    }

    /// "last week's pair of visits to Beijing": of the two officials of the other side whom the article names.
    pub(super) fn pair_of_visitors(&self, at: usize, spot: Option<&Spot>) -> Option<Parts> {
        let pair = (at.saturating_sub(4)..at).any(|k| matches!(self.line.low(k), "pair" | "two" | "twin" | "both"));
        let host = spot?.country.filter(|side| [Side::US, Side::CN].contains(side))?;
        let officials = self.cast.officials(other_side(host));
        if !pair || !self.line.low(at).ends_with('s') || officials.len() != 2 {
            return None;
        }
        let mut parts = Parts::default();
        officials.into_iter().filter_map(|person| person_part(self.cast, person)).for_each(|part| parts.add(part));
        Some(parts)
    }

    /// "a Chinese delegation's", "the American visit".
    pub(super) fn adjective_visitor(&self, start: usize, at: usize) -> Option<Part> {
        let actor = self.actors.iter().find(|a| a.from >= start && a.to <= at && a.adjective && !a.possessive)?;
        let side = actor.side.filter(|s| *s == Side::US || *s == Side::CN)?;
        let military = (start..at).any(|k| matches!(self.line.low(k), "military" | "naval" | "defence" | "defense"));
        let label = if military { "military" } else { "delegation" };
        Some(Part { side, person: None, label: Some(label.to_owned()), level: None, state: false, inferred: false })
    }

    /// "It is her first trip", "it was the pair's first meeting".
    pub(super) fn copula(&self, start: usize) -> bool {
        let ordinal = (start..start + 3).any(|k| {
            matches!(
                self.line.low(k),
                "first"
                    | "second"
                    | "third"
                    | "fourth"
                    | "latest"
                    | "highest-level"
                    | "most"
                    | "highest-ranking"
                    | "only"
            )
        });
        if ordinal
            && self.line.low(start) == "the"
            && matches!(self.line.before(start), "," | "—" | "–" | "becoming" | "was" | "is" | "be" | "as" | "making")
        {
            return true;
        }
        let Some(be) = start.checked_sub(1).filter(|k| self.cast.lexicon.words.is("be", self.line.low(*k))) else {
            return false;
        };
        let mut k = be;
        while k > 0
            && (self.line.is(self.cast.lexicon, "modal", k - 1)
                || self.line.is(self.cast.lexicon, "be", k - 1)
                || self.line.is(self.cast.lexicon, "have", k - 1)
                || self.line.is(self.cast.lexicon, "adverb", k - 1)
                || self.line.low(k - 1) == "to")
        {
            k -= 1;
        }
        // "it was Obama's meeting with Xi that captured most of the attention": a cleft tells it.
        let pair = self.actors.iter().any(|a| a.from == start && a.head == Head::Pair && a.possessive);
        let cleft = self.line.before(k) == "it"
            && (pair || self.line.toks.get(start).is_some_and(|t| !t.targets.is_empty() || t.cap))
            && (start..self.line.toks.len()).any(|k| self.line.low(k) == "that");
        matches!(self.line.before(k), "it" | "this" | "that" | "which") && !cleft
    }

    fn visit_noun_at(&self, at: usize) -> bool {
        let noun = self.parse.noun(at).and_then(|(noun, _)| self.cast.lexicon.words.nouns.get(noun));
        noun.is_some_and(|noun| noun.kind == Kind::Visit)
    }
}
