//! Where somebody goes when the verb does not say it: the place told before, in the clause or the article.

use super::trigger::VerbTrigger;
use super::{Found, Scene};
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::place::{self, Spot};
use crate::extract::status::Real;
use crate::model::actor::Side;

impl VerbTrigger<'_, '_> {
    /// "Yellen will be in Beijing in days, and Blinken is going in the weeks ahead": where the clause before says.
    pub(super) fn gapped(&self) -> Option<Spot> {
        let Self { scene, at, past, .. } = *self;
        let goes = ["go", "come", "follow", "travel"].iter().any(|stem| scene.line.low(at).starts_with(stem));
        let segment = scene.parse.segment_of(at);
        let opener = scene.parse.segments.get(segment).map_or("", |s| s.opener.as_str());
        if !goes || !matches!(opener, "and" | "but" | "while" | ",") {
            return None;
        }
        // Nothing but a time may follow: "is going next", "is coming in May".
        let timed = |k: usize| scene.line.toks.get(k).is_none_or(|t| t.time.is_some() || t.mark);
        let next = past + 1;
        let later = timed(next)
            || matches!(scene.line.low(next), "in" | "on" | "next" | "later" | "soon" | "too" | "as" | "at")
                && (timed(next + 1)
                    || matches!(scene.line.low(next + 1), "the" | "well" | "a" | "this" | "late" | "early" | "mid"));
        let parts = self.subjects();
        let side = person_side(&parts).filter(|_| later)?;
        let from = scene.parse.segments.get(segment).map_or(at, |s| s.from);
        let before = (0..from).rev().filter_map(|k| place::at(scene.line, scene.cast, k));
        before
            .filter(|s| matches!(scene.line.before(s.at), "in" | "to" | "into") && s.rank > 0)
            .find(|s| s.country == Some(other_side(side)))
    }
}

impl VerbTrigger<'_, '_> {
    /// "was met at the airport in Beijing by a vice minister": one who is received there has arrived.
    pub(super) fn at_the_airport(&self) -> Option<Found> {
        let Self { scene, at, end, .. } = *self;
        let airport = (at + 1..end.min(at + 8))
            .any(|k| matches!(scene.line.low(k), "airport" | "tarmac" | "runway" | "plane" | "aircraft" | "jet"));
        if !self.verb.passive || !airport {
            return None;
        }
        let parts = self.subjects();
        let side = person_side(&parts)?;
        let abroad = |s: &Spot| s.country == Some(other_side(side)) && s.rank > 0;
        let here = (at..end).find_map(|k| place::at(scene.line, scene.cast, k).filter(abroad));
        let spot = here.or_else(|| scene.city_abroad(side))?;
        let mut reality = self.reality.clone();
        if reality.real == Real::Past {
            reality.real = Real::Underway;
        }
        match scene.visit(at, self.len(), "visit.arrive-in", parts, Some(spot), reality, None) {
            found @ Found::Candidates(_) => Some(found),
            Found::Refused(_) => None,
        }
    }
}

impl Scene<'_> {
    /// The other side's city of which the article tells: of the text so far, else of its dateline.
    pub(in crate::extract) fn city_abroad(&self, side: Side) -> Option<Spot> {
        let abroad = |s: &Spot| s.country == Some(other_side(side)) && s.rank == 3;
        self.discourse.city.clone().filter(abroad).or_else(|| self.dateline.filter(|d| abroad(d)).cloned())
    }
}

impl Scene<'_> {
    /// Whether somebody lives in the other side's capital: its ambassador's journeys there are no visits.
    pub(super) fn resides(&self, part: &Part) -> bool {
        let office = part.person.and_then(|p| self.cast.office(p, self.cast.date));
        office
            .and_then(|o| self.cast.lexicon.offices.get(o))
            .is_some_and(|o| matches!(o.id.as_str(), "us-ambassador-to-china" | "cn-ambassador-to-us"))
    }
}

/// Whether what follows an arrival verb is an object or place of its own.
pub(super) fn limit_is_word(next: &str) -> bool {
    matches!(next, "a" | "an" | "the" | "his" | "her" | "in" | "at" | "to" | "by" | "with" | "for" | "from" | "short")
}

/// The side of the people of some parts, where they are of one.
fn person_side(parts: &Parts) -> Option<Side> {
    let named = |side: Side| parts.of(side).iter().any(|p| p.person.is_some());
    match (named(Side::US), named(Side::CN)) {
        (true, false) => Some(Side::US),
        (false, true) => Some(Side::CN),
        _ => None,
    }
}
