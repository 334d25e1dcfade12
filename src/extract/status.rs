//! Status as a function of tense, modality, negation and the predicates that govern the event.

use super::line::Line;
use super::parse::{Parse, Verb};
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Frame, Meaning};
use crate::temporal::Tense;

/// How real the text makes an event, before dates are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Real {
    /// A noun that nothing governs.
    Bare,
    /// Happened.
    Past,
    /// The present tense: news in a headline, a timetable with a date to come.
    Present,
    /// Going on.
    Underway,
    /// Will happen.
    Future,
    /// Invited, possible, hoped for.
    Weak,
    /// Put off.
    Postponed,
    /// Called off.
    Cancelled,
    /// Refused.
    Declined,
    /// No event: denied, conditional, wished by a third.
    None,
}

/// A reading of an event's reality with its cues.
#[derive(Clone, Debug)]
pub(super) struct Reality {
    pub(super) real: Real,
    /// The only sign of its being known is "after": in a lead that may well be the news.
    pub(super) soft: bool,
    /// A definite phrase of place or time ("during their meeting") takes its event for granted.
    pub(super) presupposed: bool,
    /// A verb that nobody knows governs it.
    pub(super) unclear: bool,
    /// "is in Beijing": going on, whatever day is named beside it.
    pub(super) is_now: bool,
    /// Its clause opens with "when", "whenever" or "every time".
    pub(super) when: bool,
    /// A word such as "invitation" stands between.
    pub(super) via_noun: bool,
    /// Told as known: past perfect, after "following" and its like.
    pub(super) given: bool,
    /// The plan lies in the past: "was due to", "had been expected to".
    pub(super) was_planned: bool,
    /// Names of the rules that decided, innermost first, with their tokens.
    pub(super) rules: Vec<(String, usize)>,
    /// The verb whose subject is the event's.
    pub(super) subject_of: Option<usize>,
    /// The word that controls an infinitive's subject: "asked X to".
    pub(super) control: Option<(usize, Class)>,
    /// The event noun is itself the subject of its predicate.
    pub(super) is_subject: bool,
}

impl Reality {
    fn new(real: Real) -> Self {
        Self {
            real,
            soft: false,
            presupposed: false,
            is_now: false,
            unclear: false,
            when: false,
            via_noun: false,
            given: false,
            was_planned: false,
            rules: Vec::new(),
            subject_of: None,
            control: None,
            is_subject: false,
        }
    }

    /// Of one who is there.
    pub(super) fn stay() -> Self {
        Self::new(Real::Underway)
    }

    /// The tense in which a date beside the event is read.
    pub(super) fn tense(&self) -> Tense {
        match self.real {
            Real::Past => Tense::Past,
            Real::Present | Real::Underway => Tense::Present,
            Real::Future | Real::Weak => Tense::Future,
            _ => Tense::Unknown,
        }
    }
}

/// What a governor search needs.
pub(super) struct Grammar<'a> {
    pub(super) line: &'a Line,
    pub(super) parse: &'a Parse,
    pub(super) lexicon: &'a Lexicon,
    pub(super) possessives: &'a [bool],
}

impl Grammar<'_> {
    /// The reality of a verb trigger.
    pub(super) fn of_verb(&self, at: usize) -> Reality {
        let Some(verb) = self.parse.verb(at) else { return Reality::new(Real::None) };
        let mut reality = Reality::new(Real::Bare);
        reality.subject_of = Some(at);
        self.climb(at, verb, &mut reality, 0, None);
        self.clause(at, &mut reality);
        reality
    }

    /// The reality of a noun trigger of `len` tokens.
    pub(super) fn of_noun(&self, at: usize, len: usize) -> Reality {
        let mut reality = Reality::new(Real::Bare);
        self.noun(at, len, &mut reality, 0);
        self.clause(at, &mut reality);
        reality
    }

    /// First token of the noun phrase that ends with the noun at `at`.
    pub(super) fn noun_start(&self, at: usize) -> usize {
        let mut start = at;
        let floor = self.parse.segments.get(self.parse.segment_of(at)).map_or(0, |s| s.from);
        while start > floor {
            let prev = start - 1;
            let Some(tok) = self.line.toks.get(prev) else { break };
            let low = tok.low.as_str();
            if prev == floor
                && self.parse.segments.get(self.parse.segment_of(at)).is_some_and(|s| s.opener == low)
                && !tok.mark
            {
                break;
            }
            if let Some(g) = self.parse.groups.iter().find(|g| g.to == start || (g.from <= prev && prev < g.to)) {
                // Possessors and modifiers belong to the phrase; a subject does not.
                let possessive = self.possessives.get(prev).copied().unwrap_or(false);
                let adjacent = g.to == start;
                if possessive || adjacent {
                    start = g.from;
                    if start == 0 {
                        break;
                    }
                    continue;
                }
                break;
            }
            if low == "'s" || low == "'" {
                start = prev;
                continue;
            }
            if tok.mark && !matches!(low, "-" | "\"" | "“" | "‘" | "'" | "/") {
                break;
            }
            if self.parse.verb(prev).is_some()
                || self.lexicon.words.is("preposition", low)
                || self.lexicon.words.is("coordinator", low)
                || self.lexicon.words.is("subordinator", low) && low != "that"
                || self.lexicon.words.is("relative", low)
                || self.lexicon.words.is("be", low) && low != "'s"
                || self.lexicon.words.is("have", low)
                || self.lexicon.words.is("modal", low)
            {
                break;
            }
            if let Some((_, _, true)) = self.parse.class(prev)
                && prev + 1 < at
            {
                break;
            }
            start = prev;
            if matches!(
                low,
                "a" | "an"
                    | "the"
                    | "his"
                    | "her"
                    | "its"
                    | "their"
                    | "another"
                    | "any"
                    | "no"
                    | "my"
                    | "our"
                    | "some"
                    | "this"
            ) {
                break;
            }
        }
        start
    }

    fn noun(&self, at: usize, len: usize, reality: &mut Reality, depth: usize) {
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
        let complement = segment.is_some_and(|s| s.from == start && s.opener == "say");
        let Some(prev) = start.checked_sub(1).filter(|_| !complement) else {
            return self.predicate(at + len, negated_noun, reality, depth);
        };
        let low = self.line.low(prev);
        if let Some(verb) = self.parse.verb(prev) {
            if reality.subject_of.is_none() {
                reality.subject_of = Some(prev);
            }
            return self.climb(prev, verb, reality, depth + 1, Some(negated_noun));
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
        {
            if let Some(v) = self.verb_before(prev)
                && let Some(verb) = self.parse.verb(v)
                && !self.predicate_follows(at + len)
            {
                if reality.subject_of.is_none() {
                    reality.subject_of = Some(v);
                }
                return self.climb(v, verb, reality, depth + 1, Some(negated_noun));
            }
        }
        // "told China by a month or so a visit", "put back on the calendar a visit": the object after another phrase.
        let noun_before = self.line.toks.get(prev).is_some_and(|t| !t.mark && t.time.is_none()) && depth == 0;
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

    fn verb_before(&self, at: usize) -> Option<usize> {
        let segment = self.parse.segments.get(self.parse.segment_of(at))?;
        (segment.from..at).rev().find(|k| self.parse.verb(*k).is_some())
    }

    fn predicate_follows(&self, from: usize) -> bool {
        let Some(segment) = self.parse.segments.get(self.parse.segment_of(from.saturating_sub(1))) else {
            return false;
        };
        (from..segment.to).any(|k| self.parse.verb(k).is_some_and(|v| v.finite))
    }

    fn prepositional(&self, at: usize, len: usize, prep: usize, negated: bool, reality: &mut Reality, depth: usize) {
        let low = self.line.low(prep);
        // The word before the preposition, over particles: "pulled out of", "plans for".
        let mut head = prep;
        while head > 0 {
            let k = head - 1;
            if self.parse.verb(k).is_some() {
                break;
            }
            let word = self.line.low(k);
            if matches!(word, "'" | "’" | "\"" | "”") || self.line.toks.get(k).is_some_and(|t| t.time.is_some()) {
                head = k;
                continue;
            }
            if self.lexicon.words.is("preposition", word)
                || self.lexicon.words.is("adverb", word)
                || matches!(word, "half" | "way" | "part")
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
    fn clause_goes_on(&self, from: usize) -> bool {
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

    fn class_noun_ending(&self, at: usize) -> Option<(usize, Class, usize)> {
        (at.saturating_sub(2)..=at).find_map(|k| {
            let (class, l, noun) = self.parse.class(k)?;
            (noun && k + l == at + 1).then_some((k, class, l))
        })
    }

    /// "at a meeting", "on a visit", "during talks": the main verb's tense.
    fn adjunct(&self, at: usize, len: usize, prep: &str, negated: bool, reality: &mut Reality, depth: usize) {
        let start = self.noun_start(at);
        if matches!(prep, "during" | "at" | "in") && matches!(self.line.low(start), "their" | "his" | "her" | "the") {
            reality.presupposed = true;
        }
        let segment = self.parse.segments.get(self.parse.segment_of(at));
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

    fn by_main(&self, verb: &Verb, reality: &mut Reality) {
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

    /// The predicate of which the event noun is the subject.
    fn predicate(&self, from: usize, negated: bool, reality: &mut Reality, depth: usize) {
        reality.is_subject = depth == 0;
        let mut segment = self.parse.segment_of(from.saturating_sub(1));
        let first = segment;
        let mut at = from;
        let mut commas = 0;
        while let Some(seg) = self.parse.segments.get(segment) {
            let relative = segment != first
                && (self.lexicon.words.is("relative", &seg.opener)
                    || self.lexicon.words.is("subordinator", &seg.opener)
                    || matches!(seg.opener.as_str(), "—" | ";" | ":" | "say"));
            let own = segment != first && (seg.own.is_some() || seg.foreign) && seg.verb.is_some();
            if own && !self.lexicon.words.is("relative", &seg.opener) && seg.opener != "that" {
                break;
            }
            if relative
                && matches!(seg.opener.as_str(), "that" | "which" | "who")
                && commas == 0
                && segment == first + 1
            {
                // "a visit that had been expected to begin": the relative clause tells of the plan.
                if let Some(v) = seg.verb
                    && let Some(verb) = self.parse.verb(v)
                {
                    self.climb(v, verb, reality, depth + 1, Some(negated));
                    // "A trip that Blinken had planned for February was postponed": the main verb follows at once.
                    let next = (v + 1..seg.to).find(|k| self.parse.verb(*k).is_some_and(|v| v.finite));
                    if let Some(v2) = next
                        && let Some(main) = self.parse.verb(v2)
                        && !self.parse.groups.iter().any(|g| g.from > v && g.to == main.from)
                    {
                        self.climb(v2, main, reality, depth + 1, Some(negated));
                        return;
                    }
                }
                segment += 1;
                at = self.parse.segments.get(segment).map_or(at, |s| s.from);
                continue;
            }
            if relative {
                if matches!(
                    seg.opener.as_str(),
                    ";" | ":" | "say" | "as" | "while" | "because" | "if" | "though" | "although"
                ) {
                    break;
                }
                segment += 1;
                at = self.parse.segments.get(segment).map_or(at, |s| s.from);
                continue;
            }
            while at < seg.to {
                if let Some((class, len, noun)) = self.parse.class(at)
                    && !noun
                    && (self.parse.verb(at).is_none() || len > 1)
                {
                    let negated = (at.saturating_sub(3)..at)
                        .any(|k| self.lexicon.words.is("negation", self.line.low(k)))
                        || negated;
                    self.apply(class, self.tense_before(at), negated, at, reality);
                    at += len;
                    continue;
                }
                if let Some(verb) = self.parse.verb(at) {
                    if verb.finite {
                        self.climb(at, verb, reality, depth + 1, Some(negated));
                        // "was delayed", "is on hold": a phrase after a bare "be".
                        for k in at + 1..(at + 5).min(seg.to) {
                            if let Some((class, _, false)) = self.parse.class(k)
                                && self.parse.verb(k).is_none()
                            {
                                let negated = verb.negated
                                    || (at..k).any(|i| self.lexicon.words.is("negation", self.line.low(i)));
                                self.apply(class, real_of(verb, self.line.headline), negated, k, reality);
                                break;
                            }
                        }
                        return;
                    }
                    if verb.infinitive.is_some_and(|to| to >= from) && depth == 0 {
                        let bare = self.verb_between(from, at).is_none();
                        if bare && (self.line.headline || verb.infinitive == Some(from)) {
                            self.climb(at, verb, reality, depth + 1, Some(negated));
                            return;
                        }
                    } else if verb.passive || verb.form == Form::Past {
                        self.climb(at, verb, reality, depth + 1, Some(negated));
                    }
                }
                at += 1;
            }
            commas += 1;
            if commas > 4 {
                break;
            }
            segment += 1;
        }
        if negated && matches!(reality.real, Real::Bare) {
            reality.real = Real::None;
        }
    }

    fn verb_between(&self, from: usize, to: usize) -> Option<usize> {
        (from..to).find(|k| self.parse.verb(*k).is_some())
    }

    fn tense_before(&self, at: usize) -> Real {
        let word = self.line.before(at);
        if matches!(word, "was" | "were" | "been") { Real::Past } else { Real::Present }
    }

    /// Applies a verb that governs the event, then what governs the verb.
    fn climb(&self, at: usize, verb: &Verb, reality: &mut Reality, depth: usize, noun_negated: Option<bool>) {
        if depth > 5 {
            return;
        }
        let mut own = real_of(verb, self.line.headline);
        if depth == 0
            && verb.form == Form::Base
            && own == Real::Present
            && let Some(before) = self.verb_before(verb.from).and_then(|v| self.parse.verb(v))
        {
            // "would have the pair meet": the verb before has the tense.
            own = real_of(before, self.line.headline);
        }
        if verb.would && own == Real::Weak && self.reported(at) {
            own = Real::Future;
        }
        let negated = verb.negated || noun_negated == Some(true);
        let (class, trigger) = self.class_of(verb.lemma, at);
        let effect = if depth == 0 || (trigger && class.is_none()) { Some(Class::Hold) } else { class };
        let effect = match effect {
            // "the talks set a path", "the meeting considered": the event does it, nothing is done to it.
            Some(
                Class::Plan
                | Class::Propose
                | Class::Decline
                | Class::Deny
                | Class::Announce
                | Class::Say
                | Class::Irreal,
            ) if reality.is_subject
                && depth == 1
                && !verb.passive
                && verb.infinitive.is_none()
                && verb.form != Form::Ing =>
            {
                Some(Class::Hold)
            }
            Some(Class::Say) if noun_negated.is_some() => Some(Class::Announce),
            other => other,
        };
        let given = verb.perfect && verb.past;
        if let Some(to) = verb.infinitive {
            if let Some(class) = effect {
                self.apply(class, Real::Bare, verb.negated, at, reality);
            }
            return self.infinitive(to, at, reality, depth);
        }
        if verb.form == Form::Ing && !verb.progressive {
            if let Some(class) = effect {
                self.apply(class, Real::Bare, negated, at, reality);
            }
            return self.gerund(verb.from, reality, depth);
        }
        if let Some(class) = effect {
            self.apply(class, own, negated, at, reality);
        } else if depth > 0
            && depth < 3
            && noun_negated.is_some()
            && !reality.is_subject
            && matches!(reality.real, Real::Bare)
            && matches!(own, Real::Present | Real::Past)
        {
            // "Balloon sinks Blinken's trip": an unknown verb does something to it; only other sentences can tell what.
            reality.real = if own == Real::Past { Real::Past } else { Real::Present };
            reality.unclear = own == Real::Present;
        } else if depth > 0 && matches!(reality.real, Real::Bare) {
            // An unknown verb above a noun: its tense is all we know.
            reality.real = match own {
                Real::Past => Real::Past,
                Real::Future => Real::Future,
                Real::Weak => Real::Weak,
                other => other,
            };
            if negated {
                reality.real = Real::None;
            }
        }
        if verb.no_longer && reality.real == Real::Declined {
            reality.real = Real::Cancelled;
        }
        if given && !reality.was_planned {
            reality.given = true;
            reality.rules.push(("novelty.past-perfect".to_owned(), at));
        }
    }

    /// Whether a clause stands in somebody's report: "said that he would", "X would, the ministry said".
    fn reported(&self, at: usize) -> bool {
        let index = self.parse.segment_of(at);
        let says = |k: usize| self.parse.verb(k).is_some_and(|v| self.class_of(v.lemma, k).0 == Some(Class::Say));
        let conditional = self.parse.segments.iter().any(|s| matches!(s.opener.as_str(), "if" | "unless"));
        let near =
            self.parse.segments.iter().enumerate().any(|(i, s)| i.abs_diff(index) <= 2 && (s.from..s.to).any(says));
        near && !conditional
    }

    /// What stands above "to meet".
    fn infinitive(&self, to: usize, verb_at: usize, reality: &mut Reality, depth: usize) {
        let mut k = to;
        // Over adverbs and times.
        while k > 0
            && (self.lexicon.words.is("adverb", self.line.low(k - 1))
                || matches!(self.line.low(k - 1), "”" | "\"" | "’" | "'" | "“" | "‘")
                || self.line.toks.get(k - 1).is_some_and(|t| t.time.is_some()))
        {
            k -= 1;
        }
        let Some(prev) = k.checked_sub(1) else {
            self.soft(Real::Future, "status.to", to, reality);
            return;
        };
        let low = self.line.low(prev);
        if self.lexicon.words.is("be", low) && low != "'s" {
            let negated = low.ends_with("n't") || self.lexicon.words.is("negation", self.line.low(prev + 1));
            let counterfactual = self.parse.verb(verb_at).is_some_and(|v| v.perfect);
            if matches!(low, "was" | "were") && counterfactual {
                return self.soft(Real::Cancelled, "status.was-to-have", prev, reality);
            }
            if matches!(low, "was" | "were") {
                reality.was_planned = true;
            }
            if negated {
                self.soft(Real::Declined, "status.is-not-to", prev, reality);
            } else {
                self.soft(Real::Future, "status.is-to", prev, reality);
            }
            return;
        }
        if let Some(verb) = self.parse.verb(prev) {
            let (class, trigger) = self.class_of(verb.lemma, prev);
            if class.is_some() || trigger {
                reality.subject_of = Some(prev);
                self.control_of(prev, class, reality, depth, verb);
                return;
            }
            // "needs to", "came to meet": an unknown verb above.
            self.soft(Real::Weak, "status.unknown-control", prev, reality);
            return;
        }
        for j in prev.saturating_sub(3)..=prev {
            if let Some((class, l, noun)) = self.parse.class(j)
                && j + l == prev + 1
            {
                let negated = (j.saturating_sub(3)..j).any(|i| self.lexicon.words.is("negation", self.line.low(i)));
                let tense = self.tense_before(j);
                if noun && negated && class == Class::Propose {
                    // "no wish to talk", "no interest in meeting".
                    self.apply(Class::Decline, tense, false, j, reality);
                } else {
                    self.apply(class, tense, negated, j, reality);
                }
                if tense == Real::Past && class == Class::Plan {
                    reality.was_planned = true;
                }
                if noun {
                    reality.subject_of = None;
                    reality.via_noun = true;
                    self.noun(j, l, reality, depth + 1);
                    reality.control = Some((j, class));
                }
                return;
            }
        }
        if let Some(g) = self.parse.groups.iter().find(|g| g.from <= prev && prev < g.to) {
            let mut left = g.from;
            while left > 0
                && matches!(
                    self.line.before(left),
                    "the"
                        | "for"
                        | "an"
                        | "a"
                        | "on"
                        | "upon"
                        | "with"
                        | "of"
                        | "to"
                        | "by"
                        | "its"
                        | "his"
                        | "her"
                        | "their"
                        | "from"
                )
            {
                left -= 1;
            }
            if let Some(v) = left.checked_sub(1) {
                if let Some(verb) = self.parse.verb(v) {
                    let (class, _) = self.class_of(verb.lemma, v);
                    if let Some(class) = class {
                        reality.control = Some((v, class));
                        reality.subject_of = None;
                        self.control_of(v, Some(class), reality, depth, verb);
                        return;
                    }
                    let invite = self.lexicon.words.senses(verb.lemma).iter().any(|s| {
                        matches!(s.meaning, Meaning::Trigger(t) if self.lexicon.words.verbs.get(t).is_some_and(|v| matches!(v.frame, Frame::Invite | Frame::Send)))
                    });
                    if invite {
                        reality.control = Some((v, Class::Propose));
                        reality.subject_of = None;
                        self.control_of(v, Some(Class::Propose), reality, depth, verb);
                        return;
                    }
                }
                if self.parse.verb(v).is_some() && !self.line.headline {
                    // "would like X to talk": an unknown wish.
                    reality.control = Some((v, Class::Propose));
                    reality.subject_of = None;
                    return self.soft(Real::Weak, "status.unknown-control", v, reality);
                }
                if let Some((class, l, true)) =
                    self.parse.class(v).or_else(|| v.checked_sub(1).and_then(|w| self.parse.class(w)))
                {
                    reality.control = Some((v, class));
                    reality.subject_of = None;
                    self.apply(class, Real::Past, false, v, reality);
                    reality.via_noun = true;
                    self.noun(v, l, reality, depth + 1);
                    return;
                }
            }
            self.soft(Real::Future, "status.to", to, reality);
            return;
        }
        // A purpose or an unknown noun: the verb of the clause decides.
        if let Some(v) = self.verb_before(to)
            && v < verb_at
            && let Some(verb) = self.parse.verb(v)
        {
            let (class, trigger) = self.class_of(verb.lemma, v);
            reality.subject_of = Some(v);
            if class.is_some_and(|c| c != Class::Say) || trigger {
                self.control_of(v, class, reality, depth, verb);
            } else {
                let real = real_of(verb, self.line.headline);
                self.soft(if real == Real::Past { Real::Weak } else { real }, "status.purpose", v, reality);
            }
            return;
        }
        self.soft(Real::Future, "status.to", to, reality);
    }

    fn control_of(&self, at: usize, class: Option<Class>, reality: &mut Reality, depth: usize, verb: &Verb) {
        if class == Some(Class::Plan) && verb.past && (verb.passive || verb.perfect) {
            reality.was_planned = true;
        }
        if class == Some(Class::Say) {
            // "told X to meet", "is said to have": a wish or a report.
            self.soft(Real::Weak, "status.told-to", at, reality);
            return;
        }
        self.climb(at, verb, reality, depth + 1, Some(false));
    }

    /// A participle or gerund: what stands before it.
    fn gerund(&self, from: usize, reality: &mut Reality, depth: usize) {
        let Some(prev) = from.checked_sub(1) else {
            if reality.real == Real::Bare {
                let main = self.parse.segments.iter().find_map(|s| s.verb).and_then(|v| self.parse.verb(v));
                if let Some(main) = main {
                    self.by_main(main, reality);
                }
            }
            return;
        };
        let low = self.line.low(prev);
        match low {
            "after" | "since" | "upon" | "following" => {
                reality.soft = !reality.given && low == "after";
                reality.given = true;
                reality.rules.push(("novelty.after".to_owned(), prev));
                self.soft(Real::Past, "status.after", prev, reality);
            }
            "before" | "towards" | "toward" => self.soft(Real::Future, "status.before", prev, reality),
            "without" | "from" | "against" | "than" | "instead" => reality.real = Real::None,
            _ => {
                // "is considering visiting", "called off a meeting by postponing": the verb before, or the clause's.
                if let Some(verb) = self.parse.verb(prev) {
                    return self.climb(prev, verb, reality, depth + 1, Some(false));
                }
                if let Some((_, class, l)) = from.checked_sub(2).and_then(|k| self.class_noun_ending(k)) {
                    self.apply(class, Real::Past, false, prev, reality);
                    return self.noun(prev.saturating_sub(l), l, reality, depth + 1);
                }
                if reality.real == Real::Bare
                    && let Some(v) = self.verb_before_line(from)
                    && let Some(verb) = self.parse.verb(v)
                {
                    self.by_main(verb, reality);
                }
            }
        }
    }

    fn verb_before_line(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))
    }

    fn soft(&self, real: Real, rule: &str, at: usize, reality: &mut Reality) {
        if matches!(reality.real, Real::Bare | Real::Past | Real::Present) {
            reality.real = real;
            reality.rules.push((rule.to_owned(), at));
        }
    }

    /// The class that a lemma has with the particles that follow it, and whether it is a trigger.
    pub(super) fn class_of(&self, lemma: usize, at: usize) -> (Option<Class>, bool) {
        let mut trigger = false;
        let mut found: Option<(usize, Class)> = None;
        for sense in self.lexicon.words.senses(lemma) {
            if !self.particles(at, &sense.particles) {
                continue;
            }
            match sense.meaning {
                Meaning::Predicate(class) => {
                    // Of two senses of the same length a decision beats a report.
                    let better = found.is_none_or(|(len, old)| {
                        sense.particles.len() > len || (sense.particles.len() == len && old == Class::Say)
                    });
                    if better {
                        found = Some((sense.particles.len(), class));
                    }
                }
                Meaning::Trigger(_) => trigger = true,
            }
        }
        (found.map(|(_, class)| class), trigger)
    }

    /// Whether the particles follow the verb, at once or behind its object.
    pub(super) fn particles(&self, at: usize, particles: &[String]) -> bool {
        if particles.is_empty() {
            return true;
        }
        let straight = particles.iter().enumerate().all(|(i, p)| self.line.low(at + 1 + i) == p);
        if straight {
            return true;
        }
        // "called Tuesday for": a time or an adverb between.
        let mut k = at + 1;
        while k < at + 4
            && (self.line.toks.get(k).is_some_and(|t| t.time.is_some())
                || self.lexicon.words.is("adverb", self.line.low(k))
                    && !particles.first().is_some_and(|p| p == self.line.low(k)))
        {
            k += 1;
        }
        if k > at + 1 && particles.iter().enumerate().all(|(i, p)| self.line.low(k + i) == p) {
            return true;
        }
        // "put the visit off", "called them off".
        let Some(segment) = self.parse.segments.get(self.parse.segment_of(at)) else { return false };
        let limit = segment.to.min(at + 9);
        (at + 2..limit).any(|k| {
            particles.iter().enumerate().all(|(i, p)| self.line.low(k + i) == p)
                && (particles.len() > 1
                    || matches!(particles.first().map(String::as_str), Some("off" | "back" | "down" | "up" | "out")))
                && (at + 1..k).all(|j| {
                    self.parse.verb(j).is_none()
                        && (!self.lexicon.words.is("preposition", self.line.low(j))
                            || matches!(self.line.low(j), "to" | "with" | "of" | "by"))
                })
        })
    }

    /// Composes a governing class with what is known so far.
    fn apply(&self, class: Class, own: Real, negated: bool, at: usize, reality: &mut Reality) {
        use Real::{Bare, Cancelled, Declined, Future, None, Past, Postponed, Present, Underway, Weak};
        let inner = reality.real;
        let settled = matches!(inner, Postponed | Cancelled | Declined);
        let hypothetical = own == Weak;
        let next = match class {
            Class::Hold | Class::Begin | Class::End | Class::Announce if reality.via_noun => inner,
            Class::Hold => match (own, negated) {
                (Future, true) if !settled => Declined,
                (_, true) if settled => inner,
                (_, true) => None,
                (Bare, _) => inner,
                (None, _) if !settled => None,
                (real, _) if matches!(inner, Bare | Past | Present | Underway) => real,
                // "the planned visit took place": the verb is stronger than the adjective.
                (Past | Underway, _) if matches!(inner, Future | Weak) => own,
                _ => inner,
            },
            Class::Plan => match negated {
                true if !settled => Declined,
                _ if settled => inner,
                _ => Future,
            },
            Class::Propose => match negated {
                _ if settled => inner,
                true => None,
                _ => Weak,
            },
            Class::Begin => match own {
                _ if settled => inner,
                Future => Future,
                Weak => Weak,
                _ if negated => Future,
                Bare => inner,
                _ if matches!(inner, Future | Weak) && own == Past => Underway,
                _ => Underway,
            },
            Class::End => match own {
                _ if settled => inner,
                Future | Weak => Underway,
                _ if negated => inner,
                Bare => inner,
                _ => Past,
            },
            Class::Postpone | Class::Cancel | Class::Decline => {
                let result = match class {
                    Class::Postpone => Postponed,
                    Class::Cancel => Cancelled,
                    _ => Declined,
                };
                if negated {
                    if class == Class::Decline { None } else { Future }
                } else if hypothetical && class != Class::Decline {
                    Future
                } else if inner == Declined && class == Class::Cancel {
                    Cancelled
                } else {
                    result
                }
            }
            Class::Deny => {
                if negated {
                    inner
                } else {
                    None
                }
            }
            // "will be rearranged": put off still. "has been rescheduled": a new date.
            Class::Revive if matches!(own, Future | Weak) => {
                if settled {
                    inner
                } else {
                    Postponed
                }
            }
            Class::Revive => Future,
            Class::Announce => match inner {
                Bare if own == Bare => Bare,
                other => other,
            },
            Class::Follow => {
                if !reality.is_subject {
                    reality.given = true;
                }
                if matches!(inner, Bare) && !reality.is_subject { Past } else { inner }
            }
            Class::Say => inner,
            Class::Irreal => {
                if settled {
                    inner
                } else {
                    None
                }
            }
        };
        if next != inner || class != Class::Hold {
            let name = Class::ALL.iter().find(|(_, c)| *c == class).map_or("", |(name, _)| *name);
            reality.rules.push((format!("status.{name}"), at));
        }
        reality.real = next;
    }

    /// What the clause around says: "if", "whether", "denied that", "after".
    fn clause(&self, at: usize, reality: &mut Reality) {
        if matches!(self.line.low(0), "should" | "suppose" | "imagine") {
            reality.real = Real::None;
            reality.rules.push(("reject.conditional".to_owned(), 0));
            return;
        }
        let index = self.parse.segment_of(at);
        let Some(segment) = self.parse.segments.get(index) else { return };
        let opener = segment.opener.as_str();
        match opener {
            "if" | "unless" if reality.presupposed => {}
            "if" | "unless" => {
                reality.real = Real::None;
                reality.rules.push(("reject.conditional".to_owned(), segment.from));
            }
            "after" | "since" | "once" => {
                if !matches!(reality.real, Real::Future | Real::Weak | Real::None) {
                    reality.given = true;
                    reality.rules.push(("novelty.after".to_owned(), segment.from));
                }
            }
            "when" | "whenever" => reality.when = true,
            "before" | "until" => {
                if matches!(reality.real, Real::Bare | Real::Present) {
                    reality.real = Real::Future;
                }
            }
            "whether" => {
                if matches!(reality.real, Real::Past | Real::Bare) {
                    reality.real = Real::None;
                } else if matches!(reality.real, Real::Future) {
                    reality.real = Real::Weak;
                }
            }
            _ => {}
        }
        // A denying verb before the clause: "denied that", "dismissed a report that".
        if index > 0
            && matches!(opener, "that" | "say")
            && let Some(previous) = self.parse.segments.get(index - 1)
            && let Some(v) =
                (previous.from..segment.from.min(previous.to)).rev().find(|k| self.parse.verb(*k).is_some())
            && let Some(verb) = self.parse.verb(v)
        {
            let (class, _) = self.class_of(verb.lemma, v);
            let denied =
                matches!(class, Some(Class::Deny)) || (class == Some(Class::Decline) && reality.real != Real::Future);
            if denied {
                reality.real = Real::None;
                reality.rules.push(("reject.denied".to_owned(), v));
            }
        }
    }
}

/// A verb's own reality by tense and modality.
pub(super) fn real_of(verb: &Verb, headline: bool) -> Real {
    if verb.wish {
        return Real::None;
    }
    if verb.will {
        return Real::Future;
    }
    if verb.weak {
        return Real::Weak;
    }
    if verb.progressive {
        return if verb.past { Real::Past } else { Real::Underway };
    }
    if verb.perfect || verb.past {
        return Real::Past;
    }
    match verb.form {
        Form::Past => Real::Past,
        Form::Participle if verb.passive => {
            if verb.finite && !headline {
                Real::Present
            } else {
                Real::Past
            }
        }
        Form::Participle => Real::Past,
        Form::Third | Form::Base => Real::Present,
        Form::Ing => Real::Bare,
    }
}
