//! Meetings that only their length tells: "80 minutes with Xi", "four hours at a guesthouse with Yang".

use super::{Found, Scene};
use crate::extract::actors::Head;
use crate::extract::discourse::{Parts, other_side};
use crate::lexicon::words::Meaning;
use crate::model::actor::Side;
use crate::model::mention::{Fired, Kind};

/// Tokens between the length and "with".
const REACH: usize = 9;

impl Scene<'_> {
    /// The meeting whose length stands at a token.
    pub(super) fn measured(&self, at: usize) -> Option<Found> {
        if !matches!(
            self.line.low(at),
            "minutes" | "hours" | "hour" | "days" | "morning" | "afternoon" | "evening" | "day"
        ) || self.line.toks.get(at).is_some_and(|t| t.time.is_some())
        {
            return None;
        }
        let from = at.checked_sub(1)?;
        let count = self.line.low(from);
        let counted = count.starts_with(|c: char| c.is_ascii_digit())
            || ["a", "an", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "half"]
                .contains(&count);
        let with = (at + 1..at + REACH).find(|k| self.line.low(*k) == "with").filter(|_| counted)?;
        let stop = |k: usize| {
            self.parse.noun(k).is_some()
                || self.parse.verb(k).is_some_and(|v| v.finite)
                || matches!(self.line.low(k), "," | "—")
        };
        if (at + 1..with).any(stop) || self.triggered(at) {
            return None;
        }
        let group = self.parse.groups.iter().position(|g| g.from > with && g.from <= with + 3)?;
        let partner = self.group_parts(group);
        let named = |p: &Parts, side: Side| p.of(side).iter().any(|x| x.person.is_some());
        let side = [Side::US, Side::CN].into_iter().find(|s| named(&partner, *s))?;
        if partner.other || partner.both() {
            return None;
        }
        if matches!(self.line.before(from), "after" | "before") {
            return None;
        }
        let verb = (0..at).rev().find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))?;
        let reality = self.grammar().of_verb(verb);
        let mut parts = partner;
        let mut reason = None;
        let subject = self.subject_for(verb, &reality).map(|g| self.group_parts(g));
        let own = subject.filter(|p| named(p, other_side(side)) && !p.other && !p.both());
        let third = self.actors.iter().any(|a| a.head == Head::Blocked && !a.source && a.to <= at);
        let near = || self.nearest(other_side(side), at).filter(|p| named(p, other_side(side)));
        // "Rice's stay began with four hours with Yang".
        let owner = || {
            let of = |g: &usize| named(&self.group_parts(*g), other_side(side));
            (0..self.parse.groups.len())
                .rfind(|g| self.parse.groups.get(*g).is_some_and(|x| x.to <= at) && of(g))
                .map(|g| self.group_parts(g))
        };
        if let Some(own) = own.or_else(near).or_else(owner).filter(|p| !p.both()) {
            parts.merge(&own);
        } else {
            let answer =
                self.discourse.salience.salient(other_side(side)).filter(|a| !third && a.part.person.is_some())?;
            parts.add(answer.part);
            reason = Some(answer.reason);
        }
        let Found::Candidates(mut list) =
            self.contact(Kind::Meeting, from, 2, "meeting.measured", parts, reality, with)
        else {
            return None;
        };
        for c in &mut list {
            c.fired.extend(reason.map(|rule| Fired { rule: rule.to_owned(), span: self.line.span_of(from, at + 1) }));
        }
        Some(Found::Candidates(list))
    }

    /// Whether a verb of contact governs a length: "spent two hours with" is told by the verb.
    fn triggered(&self, at: usize) -> bool {
        let from = self.parse.segments.get(self.parse.segment_of(at)).map_or(0, |s| s.from);
        let words = &self.cast.lexicon.words;
        (from..at).any(|k| {
            let trigger = |lemma: usize| {
                words.senses(lemma).iter().any(|s| {
                    let near = s.particles.iter().enumerate().all(|(i, p)| self.line.low(k + 1 + i) == p);
                    matches!(s.meaning, Meaning::Trigger(_)) && near
                })
            };
            let phone = self.line.is(self.cast.lexicon, "phone", k);
            phone || self.parse.verb(k).is_some_and(|v| trigger(v.lemma) && !words.is("be", self.line.low(k)))
        })
    }

    /// "as cordial as the one the president had with Xi": the same kind of event again, of others.
    pub(super) fn left_out_with(&self, at: usize) -> Option<Found> {
        if self.line.low(at) != "one" || !matches!(self.line.before(at), "the" | "as" | "than") {
            return None;
        }
        let (index, group) = self.parse.groups.iter().enumerate().find(|(_, g)| g.from > at && g.from <= at + 3)?;
        let verb = (group.to..group.to + 3).find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))?;
        let holds = matches!(self.line.low(verb), "had" | "held" | "has" | "have");
        let with = (verb + 1..verb + 4).find(|k| self.line.low(*k) == "with").filter(|_| holds)?;
        let partner = self.parse.groups.iter().position(|g| g.from > with && g.from <= with + 3)?;
        let kind = (0..at).rev().find_map(|k| {
            let noun = self.parse.noun(k).and_then(|(n, _)| self.cast.lexicon.words.nouns.get(n))?;
            (noun.kind != Kind::Visit).then_some(noun.kind)
        })?;
        let mut parts = self.group_parts(index);
        parts.merge(&self.group_parts(partner));
        if parts.other || ![Side::US, Side::CN].iter().all(|s| parts.of(*s).iter().any(|p| p.person.is_some())) {
            return None;
        }
        let reality = self.grammar().of_verb(verb);
        match self.contact(kind, at, 1, "meeting.left-out", parts, reality, with) {
            found @ Found::Candidates(_) => Some(found),
            Found::Refused(_) => None,
        }
    }
}
