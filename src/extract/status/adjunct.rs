//! An event noun in a phrase of its clause: "at a meeting", "for talks", "during a visit".

use super::{Grammar, Real, Reality};
use crate::extract::parse::Verb;
use crate::lexicon::words::{Class, Frame, Meaning};

impl Grammar<'_> {
    /// "at a meeting", "on a visit", "during talks": the main verb's tense.
    pub(super) fn adjunct(
        &self,
        at: usize,
        len: usize,
        prep: &str,
        negated: bool,
        reality: &mut Reality,
        depth: usize,
    ) {
        let start = self.noun_start(at);
        if matches!(prep, "during" | "at" | "in") && matches!(self.line.low(start), "their" | "his" | "her" | "the") {
            reality.presupposed = true;
        }
        let due = (start.saturating_sub(12)..start).find(|k| {
            self.line.low(*k) == "due"
                && (self.line.before(*k) == "been" || matches!(self.line.before(*k), "was" | "were"))
        });
        if prep == "for"
            && reality.real == Real::Bare
            && due.is_some_and(|k| self.parse.segment_of(k) == self.parse.segment_of(at))
        {
            // "had been due in Washington for sessions with Mnuchin".
            reality.real = Real::Future;
            reality.was_planned = true;
            reality.rules.push(("status.purpose".to_owned(), start));
            return;
        }
        if prep == "for"
            && reality.real == Real::Bare
            && (start.saturating_sub(3)..start)
                .any(|k| matches!(self.line.low(k), "ground" | "groundwork" | "way" | "stage" | "foundation" | "path"))
        {
            // "would prepare the ground for a visit"; "could" is no more than a thought.
            let verb = self.verb_before(start).and_then(|v| self.parse.verb(v));
            // "are trying to clear the ground for a visit": an attempt.
            let tries =
                self.verb_before(start).and_then(|v| self.parse.verb(v)?.infinitive).and_then(|to| to.checked_sub(1));
            let tries = tries.and_then(|k| self.parse.verb(k).map(|v| self.class_of(v.lemma, k).0)).flatten();
            reality.real = if verb.is_some_and(|v| v.weak && !v.would) {
                Real::None
            } else if matches!(tries, Some(Class::Propose | Class::Doubt)) {
                Real::Weak
            } else {
                Real::Future
            };
            reality.rules.push(("status.ground".to_owned(), start));
            return;
        }
        let segment = self.parse.segments.get(self.parse.segment_of(at));
        // "arrived for talks with Xi": they are still to come.
        if prep == "for"
            && reality.real == Real::Bare
            && let Some(v) = segment.and_then(|s| s.verb).filter(|v| *v < at)
            && self.goes(v)
        {
            // "the slogan he had taken to California for the summit": gone by.
            let gone = self.parse.verb(v).is_some_and(|v| v.perfect && v.past);
            reality.real = if gone { Real::Past } else { Real::Future };
            reality.given |= gone;
            reality.rules.push(("status.purpose".to_owned(), v));
            return;
        }
        // At the head of a sentence the phrase may still be followed by its predicate.
        if segment.is_some_and(|s| s.verb.is_none())
            && matches!(prep, "in" | "on" | "at" | "during" | "for" | "of" | "with")
        {
            let main = self.parse.segments.iter().find_map(|s| s.verb).and_then(|v| self.parse.verb(v));
            if let Some(verb) = main {
                self.by_main(verb, reality);
            }
            return;
        }
        if let Some(v) = segment.and_then(|s| s.verb) {
            if v < at {
                if let Some(verb) = self.parse.verb(v) {
                    self.by_main(verb, reality);
                }
                return;
            }
            if matches!(prep, "in" | "on" | "at" | "during" | "with" | "by" | "for") {
                if let Some(verb) = self.parse.verb(v) {
                    self.by_main(verb, reality);
                }
                return;
            }
        }
        self.predicate(at + len, negated, reality, depth);
    }

    /// Whether a verb is one of travelling.
    pub(super) fn goes(&self, at: usize) -> bool {
        self.parse.verb(at).is_some_and(|verb| {
            self.lexicon.words.senses(verb.lemma).iter().any(|s| {
                matches!(s.meaning, Meaning::Trigger(t) if self.lexicon.words.verbs.get(t).is_some_and(|v| v.frame == Frame::Go && v.id != "visit.be-in"))
            })
        })
    }

    pub(super) fn by_main(&self, verb: &Verb, reality: &mut Reality) {
        if reality.real != Real::Bare {
            return;
        }
        if verb.weak && !verb.would {
            reality.real = Real::None;
        } else if verb.will {
            reality.real = Real::Future;
        } else if verb.past && !verb.weak || verb.perfect {
            reality.real = Real::Past;
            reality.given |= verb.perfect && verb.past;
        }
    }
}
