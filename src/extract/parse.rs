//! Verbs, triggers, predicates and clauses of a line: what governs what, without a parser.

mod clauses;
mod shape;
mod verbs;

use clauses::{finite_near, says};
use shape::{auxiliary_only, before_noun_trigger, noun_reading};
use verbs::verb_at;

use super::actors::{Actor, Head};
use super::groups::{self, Group};
use super::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Phrase};
use crate::model::actor::Side;

/// A verb in a line with what its auxiliaries say.
#[derive(Clone, Debug)]
pub(super) struct Verb {
    pub(super) lemma: usize,
    pub(super) form: Form,
    /// Whether it is the verb of a clause (not an infinitive, participle or gerund).
    pub(super) finite: bool,
    /// Future or plan by the auxiliary: "will", "is to", "going to".
    pub(super) will: bool,
    /// "may", "could", "would".
    pub(super) weak: bool,
    /// "will no longer".
    pub(super) no_longer: bool,
    /// "would": in a report the future of the past.
    pub(super) would: bool,
    /// "should", "must": a wish, not a report.
    pub(super) wish: bool,
    pub(super) negated: bool,
    pub(super) perfect: bool,
    /// "had", "was to".
    pub(super) past: bool,
    pub(super) progressive: bool,
    pub(super) passive: bool,
    /// "to meet": the governing word stands before this token.
    pub(super) infinitive: Option<usize>,
    /// First token of the verb group.
    pub(super) from: usize,
}

/// A stretch between clause boundaries.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The word that opens it: "who", "after", "and", ",", ""…
    pub(super) opener: String,
    /// The first finite verb.
    pub(super) verb: Option<usize>,
    /// The group that is its own subject, by index.
    pub(super) own: Option<usize>,
    /// Whether a noun other than an actor is its subject.
    pub(super) foreign: bool,
}

/// A line taken apart.
#[derive(Debug)]
pub(super) struct Parse {
    pub(super) verbs: Vec<Option<Verb>>,
    /// Noun triggers: index in the lexicon and length.
    pub(super) nouns: Vec<Option<(usize, usize)>>,
    /// Predicate nouns and phrases.
    pub(super) classes: Vec<Option<(Class, usize, bool)>>,
    pub(super) groups: Vec<Group>,
    pub(super) segments: Vec<Segment>,
    /// Of each group, whether an official, a body or a government of a watched side is in it.
    pub(super) official: Vec<bool>,
}

impl Parse {
    /// Takes a line apart.
    pub(super) fn new(line: &Line, actors: &[Actor], lexicon: &Lexicon) -> Self {
        let n = line.toks.len();
        let mut owner = vec![false; n];
        for actor in actors {
            for slot in owner.iter_mut().take(actor.to).skip(actor.from) {
                *slot = true;
            }
        }
        let mut nouns = vec![None; n];
        let mut classes = vec![None; n];
        let mut at = 0;
        while at < n {
            let free = !owner.get(at).copied().unwrap_or(true) && line.toks.get(at).is_some_and(|t| t.time.is_none());
            let found = if free {
                lexicon.words.phrase(line.low(at), |i| line.toks.get(at + i).map(|t| t.low.as_str()))
            } else {
                None
            };
            match found {
                Some((len, Phrase::Noun(noun))) => {
                    if let Some(slot) = nouns.get_mut(at) {
                        *slot = Some((noun, len));
                    }
                    at += len;
                }
                Some((len, Phrase::PredicateNoun(class))) => {
                    if let Some(slot) = classes.get_mut(at) {
                        *slot = Some((class, len, true));
                    }
                    at += len;
                }
                // "begin over dinner" ends nothing.
                Some((1, Phrase::Predicate(Class::End)))
                    if line.toks.get(at + 1).is_some_and(|t| !t.mark && t.low != "and" && t.low != "but") =>
                {
                    at += 1;
                }
                Some((len, Phrase::Predicate(class))) => {
                    if let Some(slot) = classes.get_mut(at) {
                        *slot = Some((class, len, false));
                    }
                    at += if len > 1 { len } else { 1 };
                }
                None => at += 1,
            }
        }
        let mut verbs: Vec<Option<Verb>> = vec![None; n];
        for at in 0..n {
            if owner.get(at).copied().unwrap_or(true)
                || line.toks.get(at).is_some_and(|t| t.time.is_some() || !t.targets.is_empty())
            {
                continue;
            }
            let covered = (at.saturating_sub(3)..at)
                .any(|k| nouns.get(k).and_then(Option::as_ref).is_some_and(|(_, len)| k + len > at));
            if covered {
                continue;
            }
            let noun = nouns.get(at).and_then(Option::as_ref).is_some();
            if let Some(verb) = verb_at(line, actors, lexicon, at, noun) {
                if let Some(slot) = nouns.get_mut(at)
                    && slot.as_ref().is_none_or(|(_, len)| *len == 1)
                {
                    *slot = None;
                }
                if let Some(slot) = verbs.get_mut(at) {
                    *slot = Some(verb);
                }
            }
        }
        let first_finite = verbs.iter().position(|v| v.as_ref().is_some_and(|v| v.finite)).unwrap_or(usize::MAX);
        // "aides say Biden and Xi may meet": what is said begins there, nobody is told it.
        let said = |at: usize| {
            at.checked_sub(1).is_some_and(|k| {
                !line.low(k).starts_with("t")
                    && verbs.get(k).and_then(Option::as_ref).is_some_and(|v| says(lexicon, v.lemma))
            })
        };
        let groups = groups::join(line, actors, |at, first| {
            if first { at > first_finite && !said(at) } else { finite_near(line, lexicon, &verbs, at) }
        });
        let governs = |m: &usize| {
            let actor = actors.get(*m);
            actor
                .is_some_and(|a| matches!(a.side, Some(Side::US | Side::CN)) && a.head != Head::Blocked && !a.adjective)
        };
        let official = groups.iter().map(|g| g.members.iter().any(governs)).collect();
        let mut parse = Self { verbs, nouns, classes, groups, segments: Vec::new(), official };
        parse.cut(line, actors, lexicon);
        parse
    }

    /// The verb at a token.
    pub(super) fn verb(&self, at: usize) -> Option<&Verb> {
        self.verbs.get(at).and_then(Option::as_ref)
    }

    /// The noun trigger at a token.
    pub(super) fn noun(&self, at: usize) -> Option<(usize, usize)> {
        self.nouns.get(at).copied().flatten()
    }

    /// The predicate noun or phrase at a token.
    pub(super) fn class(&self, at: usize) -> Option<(Class, usize, bool)> {
        self.classes.get(at).copied().flatten()
    }

    /// The segment that holds a token.
    pub(super) fn segment_of(&self, at: usize) -> usize {
        self.segments.iter().position(|s| s.from <= at && at < s.to).unwrap_or(0)
    }

    /// The group that begins at a token, or covers it.
    pub(super) fn group_at(&self, at: usize) -> Option<usize> {
        self.groups.iter().position(|g| g.from <= at && at < g.to)
    }
}
