//! A noun that stands for two events: "A's call with B and C's with D", "two conversations, one in P and one in Q".

use super::super::find::{Found, Scene};
use crate::extract::candidate::Candidate;
use crate::extract::place;
use crate::model::actor::Side;
use crate::model::moment::{Grain, Moment};

/// Tokens after the noun in which its second event is sought.
const REACH: usize = 24;

impl Scene<'_> {
    /// Adds the second event of a noun to the first.
    pub(super) fn with_twin(&self, after: usize, found: Found) -> Found {
        let Found::Candidates(mut list) = found else { return found };
        if let [first] = list.as_mut_slice()
            && let Some(twin) = self.left_out(after, first).or_else(|| self.one_and_one(after, first))
        {
            list.push(twin);
        }
        Found::Candidates(list)
    }

    /// "Hegseth's video call with Dong last Tuesday and Rubio's with Wang a day later": the noun is left out.
    fn left_out(&self, after: usize, first: &Candidate) -> Option<Candidate> {
        let end = (after + REACH).min(self.line.toks.len());
        let and = (after..end).find(|k| self.line.low(*k) == "and" && self.owner_after(*k).is_some())?;
        let (owner, with) = self.owner_after(and)?;
        let partner = self.parse.groups.iter().position(|g| g.from > with && g.from <= with + 3)?;
        let mut parts = self.group_parts(owner);
        parts.merge(&self.group_parts(partner));
        let named = |side: Side| parts.of(side).iter().any(|part| part.person.is_some());
        if parts.other || !named(Side::US) || !named(Side::CN) {
            return None;
        }
        let past = self.parse.groups.get(partner).map_or(with, |g| g.to);
        let later = (past..past + 5).any(|k| matches!(self.line.low(k), "later" | "after" | "next" | "following"))
            && (past..past + 5).any(|k| self.line.low(k) == "day");
        let moment = first.moment.map(|day| match day.start().tomorrow() {
            Ok(next) if later && day.grain() == Grain::Day => Moment::day(next),
            _ => day.inferred(),
        });
        Some(Candidate { parts, moment, decided: None, place: None, place_rank: 0, ..first.clone() })
    }

    /// After "and": the group that owns what is left out, and its "with".
    fn owner_after(&self, and: usize) -> Option<(usize, usize)> {
        let (index, group) = self.parse.groups.iter().enumerate().find(|(_, g)| g.from > and && g.from <= and + 3)?;
        let last = group.members.last().and_then(|member| self.actors.get(*member))?;
        // The mark of possession stands between.
        (last.possessive && self.line.low(group.to + 1) == "with").then_some((index, group.to + 1))
    }

    /// "one in Munich and one in Washington": two events of the same people, each in a place of its own.
    fn one_and_one(&self, after: usize, first: &mut Candidate) -> Option<Candidate> {
        let end = (after + REACH).min(self.line.toks.len());
        let place_of = |k: usize| {
            let one = matches!(self.line.low(k), "one" | "another" | "the") && k + 2 < end;
            let at = (k + 1..(k + 4).min(end)).find(|j| self.line.low(*j) == "in")?;
            place::at(self.line, self.cast, at + 1).filter(|spot| one && spot.rank == 3)
        };
        let (at, here) = (after..end).find_map(|k| Some((k, place_of(k).filter(|_| self.line.low(k) == "one")?)))?;
        let and = (at + 3..(at + 7).min(end)).find(|k| self.line.low(*k) == "and")?;
        let there = place_of(and + 1).filter(|spot| spot.name != here.name)?;
        first.place = Some(here.name);
        first.place_rank = here.rank;
        Some(Candidate { place: Some(there.name), place_rank: there.rank, ..first.clone() })
    }
}
