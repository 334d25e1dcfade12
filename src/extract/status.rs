//! Status as a function of tense, modality, negation and the predicates that govern the event.

mod adjunct;
mod clause;
mod compose;
pub(super) mod fiction;
mod infinitive;
mod noun;
mod predicate;

use super::line::Line;
use super::parse::{Parse, Verb};
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Class;
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
    /// The predicate only says what it is like.
    pub(super) describes: bool,
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
    /// How real it would be had nobody denied it.
    pub(super) denied: Option<Real>,
    /// Told by the way, in a clause that only describes somebody.
    pub(super) aside: bool,
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
            describes: false,
            when: false,
            via_noun: false,
            given: false,
            was_planned: false,
            rules: Vec::new(),
            subject_of: None,
            control: None,
            is_subject: false,
            denied: None,
            aside: false,
        }
    }

    /// An event that somebody denies as it would be had nobody; any other as it is.
    pub(super) fn had_nobody_denied(mut self) -> Self {
        match self.denied.filter(|_| self.real == Real::None) {
            Some(real) => self.real = real,
            None => self.denied = None,
        }
        self
    }

    /// Of one who is to come.
    pub(super) fn planned() -> Self {
        Self::new(Real::Future)
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
        // "hopes Xi will visit": what is hoped for is no plan.
        if reality.real == Real::Future
            && (verb.will || verb.would)
            && let Some(v) = self.verb_before(verb.from)
            && let Some(above) = self.parse.verb(v)
            && above.finite
            && matches!(self.class_of(above.lemma, v).0, Some(Class::Propose | Class::Doubt))
        {
            reality.real = Real::Weak;
            reality.rules.push(("status.hoped".to_owned(), v));
        }
        // "on hopes that X will speak with Y".
        let opener = self.parse.segments.get(self.parse.segment_of(at)).filter(|s| s.opener == "that");
        // "It is possible that Xi will receive him", "it is likely that".
        if reality.real == Real::Future
            && let Some(k) = opener.and_then(|s| s.from.checked_sub(1))
            && let Some((at, Class::Propose | Class::Doubt)) = (k.saturating_sub(2)..=k).find_map(|j| {
                let (class, l, noun) = self.parse.class(j)?;
                (!noun && j + l == k + 1).then_some((j, class))
            })
        {
            reality.real = Real::Weak;
            reality.rules.push(("status.hoped".to_owned(), at));
        }
        if reality.real == Real::Future
            && let Some(k) = opener.and_then(|s| s.from.checked_sub(1))
            && let Some((noun_at, Class::Propose | Class::Doubt, _)) = self.class_noun_ending(k)
        {
            reality.real = Real::Weak;
            reality.rules.push(("status.hoped".to_owned(), noun_at));
        }
        // "agreed that the two presidents should meet": what both want, no more.
        if reality.real == Real::None
            && verb.wish
            && !verb.negated
            && let Some(above) = self.agreed_that(at)
        {
            reality.real = Real::Weak;
            reality.rules.push(("status.hoped".to_owned(), above));
        }
        // "Analysts doubt (that) Biden and Xi will meet".
        if matches!(reality.real, Real::Future | Real::Weak)
            && let Some(above) = self.governor_of_clause(at)
            && self.parse.verb(above).is_some_and(|v| self.class_of(v.lemma, above).0 == Some(Class::Irreal))
        {
            reality.real = Real::None;
            reality.rules.push(("reject.unreal".to_owned(), above));
        }
        let doubts = self.parse.segments.get(self.parse.segment_of(at)).filter(|s| s.opener == "that").and_then(|s| {
            let k = s.from.checked_sub(1)?;
            (matches!(self.line.low(k), "doubt" | "doubts" | "doubted" | "doubtful") && self.line.before(k) != "no")
                .then_some(k)
        });
        if let Some(k) = doubts.filter(|_| matches!(reality.real, Real::Future | Real::Weak)) {
            reality.real = Real::None;
            reality.rules.push(("reject.unreal".to_owned(), k));
        }
        // "would have met, had the balloon not crossed": it did not.
        if reality.real == Real::Weak && verb.would && verb.perfect && !verb.negated && verb.infinitive.is_none() {
            let relative = self
                .parse
                .segments
                .get(self.parse.segment_of(at))
                .is_some_and(|s| matches!(s.opener.as_str(), "who" | "which" | "that"));
            if !relative {
                reality.real = Real::None;
                reality.rules.push(("reject.unplanned".to_owned(), verb.from));
            }
        }
        self.clause(at, &mut reality);
        reality
    }

    /// The verb right above the clause of a verb: "doubt that X will meet", "doubts X will meet".
    fn governor_of_clause(&self, at: usize) -> Option<usize> {
        let segment = self.parse.segments.get(self.parse.segment_of(at))?;
        if segment.opener == "that" {
            let k = segment.from.checked_sub(1)?;
            return (k.saturating_sub(2)..=k).rev().find(|k| self.parse.verb(*k).is_some());
        }
        let from = self.parse.verb(at)?.from;
        let above = self.verb_before(from)?;
        let finite = self.parse.verb(above).is_some_and(|v| v.finite);
        let subject = self.parse.groups.iter().any(|g| g.from == above + 1 && g.to == from);
        (finite && subject).then_some(above)
    }

    /// The verb of agreeing or proposing above a clause with "that".
    fn agreed_that(&self, at: usize) -> Option<usize> {
        let that = (at.saturating_sub(12)..at).rev().find(|k| self.line.low(*k) == "that")?;
        let between = (that..at).any(|k| self.parse.verb(k).is_some_and(|v| v.finite && !v.wish));
        let above = that.checked_sub(1).filter(|_| !between)?;
        let verb = self.parse.verb(above).filter(|v| !v.negated)?;
        matches!(self.class_of(verb.lemma, above).0, Some(Class::Plan | Class::Propose)).then_some(above)
    }

    /// The reality of a noun trigger of `len` tokens.
    pub(super) fn of_noun(&self, at: usize, len: usize) -> Reality {
        let mut reality = Reality::new(Real::Bare);
        self.noun(at, len, &mut reality, 0);
        // "won't take place Tuesday as expected": not that day.
        let n = self.line.toks.len();
        let timed = (at + len..n).find(|k| self.line.toks.get(*k).is_some_and(|t| t.time.is_some()));
        if reality.real == Real::Declined
            && reality.is_subject
            && let Some(k) = timed
            && (k + 1..(k + 3).min(n)).any(|j| {
                self.line.low(j) == "as"
                    && matches!(self.line.low(j + 1), "expected" | "planned" | "scheduled" | "hoped" | "announced")
            })
        {
            reality.real = Real::Postponed;
            reality.rules.push(("status.not-then".to_owned(), k));
        }
        // "will be in Beijing in May, a trip he delayed once": what became of it before is told by the way.
        let start = self.noun_start(at);
        let fell = matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined);
        if fell
            && self.line.before(start) == ","
            && matches!(self.line.low(start), "a" | "an")
            && self
                .parse
                .segments
                .iter()
                .take(self.parse.segment_of(at))
                .any(|s| s.verb.and_then(|v| self.parse.verb(v)).is_some_and(|v| v.will))
        {
            reality.given = true;
            reality.rules.push(("novelty.aside".to_owned(), start));
        }
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
