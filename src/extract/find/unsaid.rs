//! Where somebody goes when the verb does not say it: the place told before, in the clause or the article.

use super::trigger::VerbTrigger;
use super::{Candidate, Found, Scene};
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::place::{self, Spot};
use crate::extract::status::Real;
use crate::lexicon::words::Class;
use crate::model::actor::Side;
use crate::model::mention::{Fired, Status};

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
    /// "Washington will send a high-level delegation to China": the sender's.
    pub(super) fn send_a_team(&self) -> Option<Found> {
        let Self { scene, past, end, .. } = *self;
        let team = (past + 1..(past + 7).min(end)).find(|k| scene.line.is(scene.cast.lexicon, "delegates", *k))?;
        let sender = self.subjects();
        let side = match (sender.us.is_empty(), sender.cn.is_empty()) {
            (false, true) => Side::US,
            (true, false) => Side::CN,
            _ => return None,
        };
        let spot = place::destination(scene.line, scene.cast, team + 1, end, &["to", "in"])?;
        let mut parts = Parts::default();
        let label = Some(scene.line.low(team).to_owned());
        parts.add(Part { side, person: None, label, level: None, state: false, inferred: false });
        let mut reality = self.reality.clone();
        if matches!(reality.real, Real::Past | Real::Present) {
            reality.real = Real::Future;
        }
        Some(scene.visit(self.at, self.len(), &self.spec.id, parts, Some(spot), reality, None))
    }

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
    /// "had invited Li to meet Austin, but Beijing declined": what was proposed is refused.
    pub(in crate::extract) fn answered(&self, fresh: &mut [Candidate]) {
        let no =
            self.parse.segments.iter().filter(|s| matches!(s.opener.as_str(), "but" | "and" | "only")).find_map(|s| {
                let verb = s.verb?;
                let lemma = self.parse.verb(verb).filter(|v| !v.negated && !v.will)?.lemma;
                let said_no = self.line.low(verb + 1) == "no" && self.line.low(verb).starts_with("sa");
                let refuses = self.class_at(lemma, verb).0 == Some(Class::Decline);
                let bare = self.line.toks.get(verb + 1).is_none_or(|t| t.mark || t.time.is_some());
                let side = s.own.is_some_and(|g| {
                    let parts = self.group_parts(g);
                    !parts.other && !parts.is_empty()
                });
                (side && (said_no || refuses && bare)).then_some((s.from, verb))
            });
        let Some((from, verb)) = no else { return };
        let start = self.line.toks.get(from).map_or(0, |t| t.start) + self.line.span.start;
        for c in fresh.iter_mut().filter(|c| c.status == Status::Proposed) {
            if c.fired.first().is_some_and(|f| f.span.start < start) {
                (c.status, c.real) = (Status::Declined, Real::Declined);
                c.fired.push(Fired { rule: "status.decline".to_owned(), span: self.line.span_of(verb, verb + 1) });
            }
        }
    }

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
