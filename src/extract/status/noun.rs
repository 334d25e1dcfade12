//! What governs an event noun: the verb, preposition or noun before its phrase.

use super::{Grammar, Real, Reality};
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Class;

impl Grammar<'_> {
    pub(super) fn noun(&self, at: usize, len: usize, reality: &mut Reality, depth: usize) {
        if depth > 4 {
            return;
        }
        let start = self.noun_start(at);
        // Adjectives within the phrase: "a planned visit", "a possible meeting", "the postponed trip".
        for k in start..at {
            if let Some((class, _, false)) = self.parse.class(k) {
                self.apply(class, Real::Past, false, k, reality);
            } else if self.parse.verb(k).is_none() {
                let participle =
                    self.lexicon.words.verb_forms(self.line.low(k)).iter().find(|(_, f)| *f == Form::Participle);
                if let Some((lemma, _)) = participle
                    && let Some(class) = self.class_of(*lemma, k).0
                    && matches!(class, Class::Plan | Class::Propose | Class::Postpone | Class::Cancel | Class::Revive)
                {
                    self.apply(class, Real::Past, false, k, reality);
                }
            }
            if depth == 0 && self.lexicon.words.is("np_history", self.line.low(k)) && self.parse.class(k).is_none() {
                reality.given = true;
                reality.rules.push(("novelty.recent".to_owned(), k));
            }
            if self.line.low(k) == "no" && depth == 0 {
                reality.rules.push(("status.no".to_owned(), k));
            }
        }
        let negated_noun = (start..at).any(|k| self.line.low(k) == "no");
        let segment = self.parse.segments.get(self.parse.segment_of(at));
        let there_is = || {
            let from = segment.map_or(start, |s| s.from);
            (from..start).any(|k| {
                self.line.low(k) == "there"
                    && (self.lexicon.words.is("be", self.line.low(k + 1)) || self.line.low(k + 2) == "been")
            })
        };
        let none = negated_noun
            || (start.saturating_sub(3)..start).any(|k| self.line.low(k) == "no")
                && matches!(self.line.before(start), "and" | "or" | ",");
        if none && depth == 0 && there_is() {
            // "There are at present no negotiations".
            reality.real = Real::None;
            reality.rules.push(("reject.there-is-none".to_owned(), start));
            return;
        }
        let complement = segment.is_some_and(|s| s.from == start && s.opener == "say");
        let Some(prev) = start.checked_sub(1).filter(|_| !complement) else {
            return self.predicate(at + len, negated_noun, reality, depth);
        };
        let low = self.line.low(prev);
        // A fixed phrase that ends in a verb: "too early to announce a meeting".
        if let Some(k) = (prev.saturating_sub(4)..prev)
            .find(|k| self.parse.class(*k).is_some_and(|(_, l, noun)| !noun && l > 2 && k + l == start))
            && let Some((class, ..)) = self.parse.class(k)
            && self.parse.verb(prev).is_some()
        {
            self.apply(class, Real::Past, false, k, reality);
            return;
        }
        if let Some(verb) = self.parse.verb(prev) {
            if reality.subject_of.is_none() {
                reality.subject_of = Some(prev);
            }
            let by_days = (at + len..at + len + 6).any(|k| {
                self.line.low(k) == "by" && (k + 1..k + 4).any(|j| matches!(self.line.low(j), "day" | "days"))
            });
            if depth == 0 && by_days && self.class_of(verb.lemma, prev).0 == Some(Class::Postpone) {
                // "to push back his trip by three days": it has a new date.
                self.apply(Class::Revive, Real::Past, false, prev, reality);
                return;
            }
            // "The bigger prize is a meeting between Trump and Xi": what somebody would like, no more.
            let identified = self.lexicon.words.is("be", low)
                && !verb.past
                && !verb.will
                && !verb.weak
                && !verb.perfect
                && matches!(self.line.low(start), "a" | "an" | "another")
                && !matches!(self.line.before(verb.from), "there" | "it" | "this" | "that" | "which")
                && reality.real == Real::Bare
                && depth == 0;
            self.climb(prev, verb, reality, depth + 1, Some(negated_noun));
            if identified && matches!(reality.real, Real::Present | Real::Bare) {
                reality.real = Real::Weak;
                reality.rules.push(("status.identified".to_owned(), prev));
            }
            return;
        }
        if let Some((class, 1.., false)) = self.parse.class(prev)
            && !self.lexicon.words.is("preposition", low)
        {
            // "put on hold a visit" and other phrases that end before the noun.
            self.apply(class, Real::Past, false, prev, reality);
            return;
        }
        // A phrase that ends here: "ahead of", "talks about".
        for k in prev.saturating_sub(3)..=prev {
            if let Some((class, l, noun)) = self.parse.class(k)
                && k + l == start
            {
                self.apply(class, Real::Past, false, k, reality);
                if noun || l > 1 {
                    if noun {
                        self.noun(k, l, reality, depth + 1);
                    }
                    return;
                }
            }
        }
        if low == "including" || low == "them" && self.line.before(prev) == "among" {
            // "is putting off several exchanges, among them a visit by X".
            if let Some(v) = self.verb_before_line(prev)
                && let Some(verb) = self.parse.verb(v)
            {
                return self.climb(v, verb, reality, depth + 1, Some(negated_noun));
            }
        }
        let opens = segment.is_some_and(|s| s.from == prev && s.opener == low);
        if opens && !matches!(low, "after" | "before" | "since" | "until") {
            return self.predicate(at + len, negated_noun, reality, depth);
        }
        if self.lexicon.words.is("preposition", low) {
            return self.prepositional(at, len, prev, negated_noun, reality, depth);
        }
        if matches!(low, "and" | "or" | "but" | "," | "then")
            && self.verb_before(prev).is_some()
            && depth < 2
            && low != ","
            && let Some(v) = self.verb_before(prev)
            && let Some(verb) = self.parse.verb(v)
            && !self.predicate_follows(at + len)
        {
            if reality.subject_of.is_none() {
                reality.subject_of = Some(v);
            }
            if self.goes(v) && reality.real == Real::Bare && (v + 1..prev).any(|k| self.line.low(k) == "for") {
                // "lands in Beijing for a forum and talks with Xi": still to come.
                reality.real = Real::Future;
                reality.rules.push(("status.purpose".to_owned(), v));
                return;
            }
            return self.climb(v, verb, reality, depth + 1, Some(negated_noun));
        }
        // "offered Xie a meeting": the verb before the one to whom it is offered.
        if let Some(g) = self.parse.groups.iter().find(|g| g.to == start && g.from > 0)
            && let Some(verb) = self.parse.verb(g.from - 1)
            && matches!(self.class_of(verb.lemma, g.from - 1).0, Some(Class::Propose | Class::Decline | Class::Plan))
        {
            reality.subject_of.get_or_insert(g.from - 1);
            return self.climb(g.from - 1, verb, reality, depth + 1, Some(negated_noun));
        }
        // "told China by a month or so a visit", "put back on the calendar a visit": the object after another phrase.
        let noun_before = self.line.toks.get(prev).is_some_and(|t| !t.mark && t.time.is_none()) && depth < 3;
        if noun_before
            && !matches!(low, "that" | "and" | "but" | "or")
            && let Some(v) = self.verb_before(start)
            && let Some(verb) = self.parse.verb(v)
            && matches!(
                self.class_of(verb.lemma, v).0,
                Some(Class::Postpone | Class::Cancel | Class::Decline | Class::Revive | Class::Propose)
            )
            && start > v + 1
        {
            reality.subject_of.get_or_insert(v);
            return self.climb(v, verb, reality, depth + 1, Some(negated_noun));
        }
        self.predicate(at + len, negated_noun, reality, depth);
    }

    pub(super) fn verb_before(&self, at: usize) -> Option<usize> {
        let segment = self.parse.segments.get(self.parse.segment_of(at))?;
        (segment.from..at).rev().find(|k| self.parse.verb(*k).is_some())
    }

    pub(super) fn predicate_follows(&self, from: usize) -> bool {
        let Some(segment) = self.parse.segments.get(self.parse.segment_of(from.saturating_sub(1))) else {
            return false;
        };
        (from..segment.to).any(|k| self.parse.verb(k).is_some_and(|v| v.finite))
    }

    pub(super) fn prepositional(
        &self,
        at: usize,
        len: usize,
        prep: usize,
        negated: bool,
        reality: &mut Reality,
        depth: usize,
    ) {
        let low = self.line.low(prep);
        // The word before the preposition, over particles: "pulled out of", "plans for".
        let mut head = prep;
        while head > 0 {
            let k = head - 1;
            if self.parse.verb(k).is_some() {
                break;
            }
            let word = self.line.low(k);
            // "a strong desire on both sides for a summit".
            if matches!(word, "sides" | "side") && matches!(self.line.before(k), "both" | "either" | "each") && k > 2 {
                head = k - 2;
                continue;
            }
            if matches!(word, "'" | "’" | "\"" | "”") || self.line.toks.get(k).is_some_and(|t| t.time.is_some()) {
                head = k;
                continue;
            }
            if self.lexicon.words.is("preposition", word)
                || self.lexicon.words.is("adverb", word)
                || matches!(word, "half" | "way" | "part" | "forward" | "along")
            {
                head = k;
                continue;
            }
            break;
        }
        if matches!(low, "after" | "since" | "following") || (low == "of" && self.line.before(prep) == "wake") {
            // "after Mattis's trip was scrapped": a clause. "after talks": a phrase.
            let mut clause = Reality::new(reality.real);
            if self.clause_goes_on(at + len) {
                self.predicate(at + len, negated, &mut clause, depth + 1);
                if matches!(clause.real, Real::Postponed | Real::Cancelled | Real::Declined | Real::Past) {
                    reality.real = clause.real;
                    reality.rules.append(&mut clause.rules);
                }
            }
            let counted = prep > 0
                && (self.line.toks.get(prep - 1).is_some_and(|t| t.time.is_some())
                    || matches!(
                        self.line.before(prep),
                        "weeks" | "days" | "months" | "hours" | "years" | "week" | "month" | "year"
                    ));
            if low == "after" && !counted {
                reality.soft = true;
            }
            reality.given = true;
            reality.rules.push(("novelty.after".to_owned(), prep));
            if matches!(reality.real, Real::Bare) {
                reality.real = Real::Past;
            }
            return;
        }
        if matches!(low, "toward" | "towards") && reality.real == Real::Bare {
            // "a step towards a first meeting".
            reality.real = Real::Weak;
            reality.rules.push(("status.hoped".to_owned(), prep));
            return;
        }
        if matches!(low, "before") || (low == "of" && self.line.before(prep) == "ahead") {
            if matches!(reality.real, Real::Bare) {
                reality.real = Real::Future;
                reality.rules.push(("status.before".to_owned(), prep));
            }
            return;
        }
        let Some(k) = head.checked_sub(1) else { return self.adjunct(at, len, low, negated, reality, depth) };
        if let Some(verb) = self.parse.verb(k) {
            let (class, trigger) = self.class_of(verb.lemma, k);
            let place_or_time = matches!(low, "at" | "in" | "during") && head == prep;
            let pass = (matches!(class, Some(c) if c != Class::Say) || trigger) && !place_or_time;
            if pass {
                if reality.subject_of.is_none() {
                    reality.subject_of = Some(k);
                }
                return self.climb(k, verb, reality, depth + 1, Some(negated));
            }
        }
        if matches!(low, "of" | "for" | "to" | "about" | "on" | "in" | "into" | "from" | "over" | "at")
            && let Some((noun_at, class, l)) = self.class_noun_ending(k)
        {
            let beside = class == Class::Begin && self.line.before(self.noun_start(noun_at)) == "at";
            if beside {
                // "traded complaints at the start of a meeting": when the main verb was.
                return self.noun(noun_at, l, reality, depth + 1);
            }
            self.apply(class, Real::Past, false, noun_at, reality);
            reality.via_noun |= !matches!(class, Class::Begin | Class::End);
            return self.noun(noun_at, l, reality, depth + 1);
        }
        if let Some((phrase_at, class)) = (k.saturating_sub(3)..=k).find_map(|j| {
            let (class, l, noun) = self.parse.class(j)?;
            (!noun && l > 1 && j + l == k + 1).then_some((j, class))
        }) {
            if self.parse.verb(phrase_at).is_some() {
                reality.subject_of.get_or_insert(phrase_at);
            }
            return self.apply(class, Real::Past, false, phrase_at, reality);
        }
        if matches!(low, "of") && depth < 3 && self.lexicon.words.is("measure", self.line.low(k)) {
            // "two days of talks", "the second day of", "a round of": look above the measure noun.
            return self.noun(k, prep - k, reality, depth + 1);
        }
        // "asked Xi for a meeting": the verb before an object.
        if let Some(v) = self.verb_before(k + 1)
            && matches!(low, "for" | "to" | "on" | "with" | "about" | "of")
            && let Some(verb) = self.parse.verb(v)
            && matches!(
                self.class_of(verb.lemma, v).0,
                Some(Class::Propose | Class::Decline | Class::Cancel | Class::Postpone)
            )
            && prep - v < 10
        {
            if reality.subject_of.is_none() {
                reality.subject_of = Some(v);
            }
            return self.climb(v, verb, reality, depth + 1, Some(negated));
        }
        self.adjunct(at, len, low, negated, reality, depth);
    }

    /// Whether a noun's own clause goes on to a verb after it.
    pub(super) fn clause_goes_on(&self, from: usize) -> bool {
        let index = self.parse.segment_of(from.saturating_sub(1));
        let Some(segment) = self.parse.segments.get(index) else { return false };
        if !matches!(segment.opener.as_str(), "after" | "since") {
            return false;
        }
        let here = (from..segment.to).any(|k| self.parse.verb(k).is_some_and(|v| v.finite));
        here || self
            .parse
            .segments
            .iter()
            .skip(index + 1)
            .take(2)
            .take_while(|s| s.opener == "," && s.own.is_none() && !s.foreign)
            .any(|s| s.verb.is_some())
    }

    pub(super) fn class_noun_ending(&self, at: usize) -> Option<(usize, Class, usize)> {
        (at.saturating_sub(2)..=at).find_map(|k| {
            let (class, l, noun) = self.parse.class(k)?;
            (noun && k + l == at + 1).then_some((k, class, l))
        })
    }
}
