//! A visit that is told only by what takes place during it: "the last engagement of the adviser's trip", "with its
//! audience with Xi".

use super::super::find::Scene;
use crate::extract::candidate::Candidate;
use crate::extract::discourse::{Parts, other_side, person_part};
use crate::extract::place::Spot;
use crate::extract::status::Real;
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

    fn visit_noun_at(&self, at: usize) -> bool {
        let noun = self.parse.noun(at).and_then(|(noun, _)| self.cast.lexicon.words.nouns.get(noun));
        noun.is_some_and(|noun| noun.kind == Kind::Visit)
    }
}
