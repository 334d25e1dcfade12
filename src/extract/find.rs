//! Triggers to candidates: every trigger of a line with its arguments, clause by clause.

mod arguments;
mod encounters;
mod exchanges;
mod hosting;
mod journeys;
mod measured;
mod trigger;
mod unsaid;

use super::actors::{Actor, Head};
use super::candidate::{Candidate, Refused};
use super::discourse::{Discourse, Parts};
use super::groups::{self};
use super::identify::Cast;
use super::line::Line;
use super::parse::Parse;
use super::place::Spot;
use super::status::{Grammar, Real, Reality};
use crate::lexicon::words::{Class, Meaning};
use crate::model::actor::Level;
use crate::model::mention::{Fired, Kind, Status};
use trigger::VerbTrigger;

/// A line with everything that was found in it.
pub(super) struct Scene<'a> {
    pub(super) line: &'a Line,
    pub(super) index: usize,
    pub(super) actors: &'a [Actor],
    pub(super) parse: &'a Parse,
    pub(super) cast: &'a Cast<'a>,
    pub(super) discourse: &'a Discourse,
    pub(super) possessives: &'a [bool],
    /// The article looks back: its present tense is history.
    pub(super) old: bool,
    /// The city of the dateline, for "here".
    pub(super) dateline: Option<&'a Spot>,
}

/// What a trigger came to.
pub(super) enum Found {
    Candidates(Vec<Candidate>),
    Refused(Refused),
}

impl Scene<'_> {
    /// Reads every trigger of the line, in order.
    pub(super) fn read(&self) -> Vec<Found> {
        let mut found = Vec::new();
        found.extend(self.headline_stay());
        for at in 0..self.line.toks.len() {
            found.extend(self.invitation(at));
            found.extend(self.awaited(at));
            found.extend(self.measured(at));
            found.extend(self.left_out_with(at));
            if let Some((noun, len)) = self.parse.noun(at) {
                found.push(self.noun(at, noun, len));
            } else if self.parse.verb(at).is_some()
                && let Some(read) = self.verb(at)
            {
                found.push(read);
            }
        }
        found
    }

    /// What the line says was done to events that it does not single out.
    pub(super) fn fallen(&self) -> Option<Real> {
        (0..self.line.toks.len()).find_map(|at| {
            let verb = self.parse.verb(at).filter(|v| v.finite && !v.negated)?;
            match self.class_at(verb.lemma, at).0 {
                Some(Class::Postpone) => Some(Real::Postponed),
                Some(Class::Cancel) => Some(Real::Cancelled),
                _ => None,
            }
        })
    }

    pub(super) fn grammar(&self) -> Grammar<'_> {
        Grammar { line: self.line, parse: self.parse, lexicon: self.cast.lexicon, possessives: self.possessives }
    }

    pub(super) fn group_parts(&self, group: usize) -> Parts {
        self.parse
            .groups
            .get(group)
            .map_or_else(Parts::default, |g| self.discourse.parts(self.line, self.cast, self.actors, g))
    }

    fn refuse(&self, rule: &str, at: usize, len: usize, reject: &'static str, why: &'static str) -> Found {
        Found::Refused(Refused { rule: rule.to_owned(), span: self.line.span_of(at, at + len), reject, why })
    }

    fn verb(&self, at: usize) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let grammar = self.grammar();
        let senses = self.cast.lexicon.words.senses(verb.lemma);
        let segment = self.parse.segment_of(at);
        let mut end = self.parse.segments.get(segment).map_or(self.line.toks.len(), |s| s.to);
        // "had just spoken again, this time by phone, with his counterpart": over a parenthesis.
        let quiet = |s: usize| self.parse.segments.get(s).filter(|seg| seg.opener == "," && seg.verb.is_none());
        if let (Some(aside), Some(next)) = (quiet(segment + 1), quiet(segment + 2))
            && aside.from == end
            && matches!(self.line.low(next.from), "with" | "by" | "from")
            && !self.parse.groups.iter().any(|g| g.from > at && g.from < next.from)
        {
            end = next.to;
        }
        let mut refused = None;
        for sense in senses {
            let Meaning::Trigger(trigger) = sense.meaning else { continue };
            if !grammar.particles(at, &sense.particles) {
                continue;
            }
            let Some(spec) = self.cast.lexicon.words.verbs.get(trigger) else { continue };
            if !spec.needs.is_empty() && !(at..end).any(|k| spec.needs.contains(self.line.low(k))) {
                continue;
            }
            let result = VerbTrigger::new(self, spec, at, sense.particles.len(), end).and_then(|t| t.read());
            match result {
                Some(found @ Found::Candidates(_)) => return Some(found),
                Some(found) => {
                    refused.get_or_insert(found);
                }
                None => {}
            }
        }
        refused
    }

    fn candidate(&self, kind: Kind, at: usize, len: usize, rule: &str, parts: Parts, reality: &Reality) -> Candidate {
        let moment = self.moment(at, len, kind, reality);
        let mut fired = vec![Fired { rule: rule.to_owned(), span: self.line.span_of(at, at + len) }];
        for (name, tok) in &reality.rules {
            fired.push(Fired { rule: name.clone(), span: self.line.span_of(*tok, *tok + 1) });
        }
        let (moment, time_fired) = match moment {
            Some((m, f)) => (Some(m), Some(f)),
            None => (None, None),
        };
        fired.extend(time_fired);
        let hint = self.level_hint(at);
        // "in the month in which Sullivan spent two days with Wang": deep in a text, undated, beside another story.
        let opener = self.parse.segments.get(self.parse.segment_of(at)).map_or("", |s| s.opener.as_str());
        let deep = self.line.span.field == crate::model::span::Field::Content && self.line.paragraph > 1;
        let aside = deep
            && reality.real == Real::Past
            && moment.is_none()
            && matches!(opener, "which" | "who" | "whose" | "where" | "when");
        Candidate {
            kind,
            parts,
            visitor: None,
            real: reality.real,
            status: Status::Held,
            background: false,
            given: reality.given || aside,
            soft: reality.soft,
            presupposed: reality.presupposed,
            is_now: reality.is_now,
            plural: kind != Kind::Talks
                && !rule.starts_with("talks")
                && self.parse.noun(at).is_some()
                && self.line.low(at + len - 1).ends_with('s'),
            when: reality.when,
            paragraph: if self.line.span.field == crate::model::span::Field::Content { self.line.paragraph } else { 0 },
            was_planned: reality.was_planned && !self.later_today(at, reality)
                || reality.unclear && kind == Kind::Visit,
            moment,
            decided: self.decided(at, reality),
            place: None,
            country: None,
            place_rank: 0,
            days: None,
            hint,
            line: self.index,
            headline: self.line.headline,
            fired,
            sentence: self.line.text.clone(),
            span: self.line.span,
            age: None,
            anaphoric: false,
            formal: false,
            aside: reality.aside,
            denied: reality.denied.is_some(),
            support: None,
            voices: Vec::new(),
        }
    }

    /// "was to see Wang in the afternoon": what is planned for later that day may still come.
    fn later_today(&self, at: usize, reality: &Reality) -> bool {
        let end = self.parse.segments.get(self.parse.segment_of(at)).map_or(at, |s| s.to);
        let word = |k: usize| matches!(self.line.low(k), "afternoon" | "evening" | "tonight" | "later");
        reality.real == Real::Future && (at + 1..end).any(word) && !self.line.headline && !self.old
    }

    fn level_hint(&self, at: usize) -> Option<Level> {
        let from = at.saturating_sub(8);
        for k in from..(at + 4).min(self.line.toks.len()) {
            match self.line.low(k) {
                "working-level" | "mid-level" | "director-level" | "expert-level" => return Some(Level::Official),
                "high-level" | "cabinet-level" | "ministerial" => return Some(Level::Minister),
                "vice-ministerial" | "deputy-level" => return Some(Level::ViceMinister),
                _ => {}
            }
        }
        None
    }

    /// Whether the words around a trigger stand for a class (used by nouns).
    pub(super) fn governed_by(&self, reality: &Reality, class: Class) -> bool {
        let name = Class::ALL.iter().find(|(_, c)| *c == class).map_or("", |(n, _)| *n);
        reality.rules.iter().any(|(rule, _)| rule.strip_prefix("status.") == Some(name))
    }

    pub(super) fn noun_reality(&self, at: usize, len: usize) -> (Reality, usize) {
        let grammar = self.grammar();
        let mut reality = grammar.of_noun(at, len);
        let them = (0..at.min(12)).any(|k| self.line.low(k) == "them" && matches!(self.line.before(k), "of" | "among"));
        let lists = matches!(self.line.low(0), "they" | "these" | "those") && self.line.low(1).starts_with("includ")
            || them && matches!(reality.real, Real::Bare | Real::Past | Real::Present);
        if let Some(real) = self.discourse.fallen.filter(|_| lists && !matches!(reality.real, Real::None)) {
            // "China has postponed several exchanges. They include a planned trip by General Chen."
            reality.real = real;
            reality.rules.push(("status.list".to_owned(), 1));
        }
        (reality, grammar.noun_start(at))
    }

    pub(super) fn refuse_noun(
        &self,
        rule: &str,
        at: usize,
        len: usize,
        reject: &'static str,
        why: &'static str,
    ) -> Found {
        self.refuse(rule, at, len, reject, why)
    }

    /// The class of a lemma at a token, and whether it is a trigger.
    pub(super) fn class_at(&self, lemma: usize, at: usize) -> (Option<Class>, bool) {
        self.grammar().class_of(lemma, at)
    }

    pub(super) fn noun_objects(&self, at: usize, len: usize, to: usize) -> Vec<(String, usize)> {
        self.objects(at + len - 1, to)
    }

    pub(super) fn subject_for(&self, at: usize, reality: &Reality) -> Option<usize> {
        self.subject_of(at, reality)
    }

    pub(super) fn has_other(&self, group: usize) -> bool {
        self.parse.groups.get(group).is_some_and(|g| groups::sides(g, self.actors).2)
    }

    pub(super) fn is_state_adjective(&self, group: usize) -> bool {
        self.parse
            .groups
            .get(group)
            .is_some_and(|g| g.members.iter().all(|m| self.actors.get(*m).is_some_and(|a| a.head == Head::State)))
    }
}
