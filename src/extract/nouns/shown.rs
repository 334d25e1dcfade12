//! A noun of meeting whose parties are known, made a candidate with what its phrase says of form, day and place.

use super::super::find::{Found, Scene};
use crate::extract::discourse::Parts;
use crate::extract::place::{self, Spot};
use crate::extract::status::Reality;
use crate::lexicon::words::Noun;
use crate::model::mention::Kind;
use crate::temporal;

/// A noun of meeting where it stands.
pub(super) struct Shown<'a> {
    /// Its tokens, from the first to one past the last.
    pub(super) at: usize,
    pub(super) len: usize,
    /// Where its phrase begins, and where its arguments end.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) spec: &'a Noun,
    /// A relative clause tells who holds it, and when and where.
    pub(super) relative: bool,
    /// The place by which it is called: "Stockholm talks".
    pub(super) venue: Option<Spot>,
    pub(super) anaphoric: bool,
}

impl Scene<'_> {
    /// The contact that it names.
    pub(super) fn show(&self, kind: Kind, parts: Parts, reality: Reality, shown: &Shown<'_>) -> Found {
        let Shown { at, len, start, end, spec, .. } = *shown;
        let phone =
            (start..at).any(|k| matches!(self.line.low(k), "video" | "phone" | "telephone" | "virtual" | "secure"));
        // "talks by phone", "a talk over a video link".
        let by = matches!(self.line.low(at + len), "by" | "via" | "over");
        let phone = phone || by && (at + len + 1..at + len + 3).any(|k| self.line.is(self.cast.lexicon, "phone", k));
        let kind = if phone { Kind::Call } else { kind };
        let tense = reality.tense();
        // "arrived on Sunday for four days of talks": the day is the journey's.
        let purpose = reality.rules.iter().any(|(rule, _)| rule == "status.purpose");
        let mut found = self.contact(kind, at, len, &spec.id, parts, reality, end);
        let Found::Candidates(list) = &mut found else { return found };
        for c in list {
            if let Some(next) = self.parse.segments.get(self.parse.segment_of(at) + 1).filter(|_| shown.relative) {
                // Day and place are told where it is held.
                let expr = (next.from..next.to).find_map(|k| self.line.toks.get(k)?.time);
                let expr = expr.and_then(|t| self.line.times.get(t));
                c.moment = expr.and_then(|e| temporal::resolve(e, self.cast.anchor, tense));
                let spot = place::within(self.line, self.cast, next.from, next.to, next.from);
                c.place_rank = spot.as_ref().map_or(0, |s| s.rank);
                c.place = spot.map(|s| s.name);
            }
            if let Some(spot) = &shown.venue
                && c.place_rank < spot.rank
            {
                c.place = Some(spot.name.clone());
                c.place_rank = spot.rank;
            }
            c.moment = c.moment.map(|m| if purpose { m.inferred() } else { m });
            c.anaphoric |= shown.anaphoric;
            c.days = c.days.or_else(|| self.duration(start, at, len));
            if let Some(level) = spec.level {
                c.hint = c.hint.or(Some(level));
            }
        }
        found
    }
}
