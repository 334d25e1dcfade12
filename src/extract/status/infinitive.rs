//! What stands above an infinitive, a gerund or a participle.

use super::{Grammar, Real, Reality, real_of};
use crate::extract::parse::Verb;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Frame, Meaning};

impl Grammar<'_> {
    /// What stands above "to meet".
    pub(super) fn infinitive(&self, to: usize, verb_at: usize, reality: &mut Reality, depth: usize) {
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
        let is_be = self.lexicon.words.is("be", low) && low != "'s";
        if !is_be && (k..to).any(|j| matches!(self.line.low(j), "not" | "never")) {
            return self.refrain(prev, reality);
        }
        if matches!(low, "ought" | "need" | "needs" | "needed") || is_have_to(low) && prev + 1 == to {
            // "agreed that the two presidents ought to talk": else only somebody's opinion.
            let bare = self.parse.verb(verb_at).is_some_and(|v| v.form == Form::Base);
            if bare
                && self.agreed_that(verb_at).is_none()
                && matches!(reality.real, Real::Bare | Real::Past | Real::Present)
            {
                reality.real = Real::None;
                reality.rules.push(("reject.wish".to_owned(), prev));
                return;
            }
            return self.soft(Real::Weak, "status.hoped", prev, reality);
        }
        if is_be {
            let likely = (k..to).find(|j| self.line.low(*j) == "likely");
            if let Some(likely) = likely.filter(|_| !matches!(low, "was" | "were")) {
                // "are likely to meet": no plan.
                return self.soft(Real::Weak, "status.hoped", likely, reality);
            }
            let negated = low.ends_with("n't") || self.lexicon.words.is("negation", self.line.low(prev + 1));
            let counterfactual = self.parse.verb(verb_at).is_some_and(|v| v.perfect);
            let plainly_not = negated || (prev + 1..to).any(|k| self.lexicon.words.is("negation", self.line.low(k)));
            if matches!(low, "was" | "were") && counterfactual && plainly_not {
                // "were not to have seen each other before autumn": nothing had been planned.
                reality.real = Real::None;
                reality.rules.push(("reject.unplanned".to_owned(), prev));
                return;
            }
            if matches!(low, "was" | "were") && counterfactual {
                // "put off a trip on which he was to have met Xi": put off with it.
                let with_it = (0..prev)
                    .rev()
                    .find_map(|k| self.parse.verb(k).map(|v| self.class_of(v.lemma, k).0))
                    .flatten()
                    .filter(|_| {
                        self.parse.segments.get(self.parse.segment_of(prev)).is_some_and(|s| s.opener == "which")
                    });
                let real = if with_it == Some(Class::Postpone) { Real::Postponed } else { Real::Cancelled };
                return self.soft(real, "status.was-to-have", prev, reality);
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
        // "pleased to", "ready to": an adjective, whatever verb it may be elsewhere.
        let adjective = matches!(self.parse.class(prev), Some((Class::Hold, 1, false) | (Class::Propose, 2, false)));
        if let Some(verb) = self.parse.verb(prev).filter(|_| !adjective) {
            let (class, trigger) = self.class_of(verb.lemma, prev);
            let plans =
                || self.parse.verb(verb_at).is_some_and(|v| self.class_of(v.lemma, verb_at).0 == Some(Class::Plan));
            if class == Some(Class::Begin) && reality.real == Real::Future && plans() {
                // "have begun to plan for a meeting": nothing is fixed yet.
                reality.subject_of = Some(prev);
                reality.real = Real::Weak;
                reality.rules.push(("status.begun-plan".to_owned(), prev));
                return;
            }
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
                && (j + l == prev + 1 || !noun && j + l == to + 1 && l > 1)
            {
                let negated = (j.saturating_sub(3)..j).any(|i| self.lexicon.words.is("negation", self.line.low(i)));
                let tense = self.tense_before(j);
                let modal = (j.saturating_sub(3)..j).any(|i| self.lexicon.words.is("modal", self.line.low(i)));
                let tense = if class == Class::Hold && modal { Real::Weak } else { tense };
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
                    // "accepted Biden's invitation to visit": the one who accepts goes, not the one whose invitation it is.
                    let invited = self.line.low(j).starts_with("invit") && reality.subject_of.is_some();
                    if !invited {
                        reality.control = Some((j, class));
                    }
                }
                return;
            }
        }
        let phrase = |k: &usize| self.parse.verb(*k).is_none() && self.line.toks.get(*k).is_some_and(|t| !t.mark);
        let first = (prev.saturating_sub(7)..=prev).rev().take_while(phrase).any(|k| {
            matches!(
                self.line.low(k),
                "first"
                    | "second"
                    | "third"
                    | "last"
                    | "only"
                    | "latest"
                    | "most"
                    | "highest-ranking"
                    | "highest-level"
            )
        });
        if first && matches!(reality.real, Real::Bare | Real::Past | Real::Present) {
            // "Blinken, the first US secretary of state to set foot in China in years, landed": the main verb tells it.
            let main = self.parse.segments.iter().find_map(|s| s.verb).and_then(|v| self.parse.verb(v));
            reality.real = Real::Bare;
            if let Some(main) = main {
                self.by_main(main, reality);
            }
            reality.rules.push(("status.first-to".to_owned(), to));
            return;
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
                if let Some(verb) = self.parse.verb(v).filter(|_| self.goes(v)) {
                    // "will visit the U.S. to meet X": what for.
                    reality.subject_of = Some(v);
                    return self.control_of(v, None, reality, depth, verb);
                }
                if self.parse.verb(v).is_some() && !self.line.headline {
                    // "would like X to talk": an unknown wish.
                    reality.control = Some((v, Class::Propose));
                    reality.subject_of = None;
                    return self.soft(Real::Weak, "status.unknown-control", v, reality);
                }
                let ends = |w: usize| self.parse.class(w).filter(|(_, l, noun)| !noun && *l > 1 && w + l == v + 1);
                if let Some((w, (class, ..))) = (v.saturating_sub(3)..v).find_map(|w| Some((w, ends(w)?))) {
                    // "there is no plan for X to meet Y".
                    reality.control = Some((v, class));
                    reality.subject_of = None;
                    return self.apply(class, Real::Present, false, w, reality);
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
        // "was in Beijing to prepare for the visit": what is prepared is to come, whatever the main verb's tense.
        if reality.real == Real::Future
            && self.parse.verb(verb_at).is_some_and(|v| self.class_of(v.lemma, verb_at).0 == Some(Class::Plan))
        {
            return;
        }
        // A purpose or an unknown noun: the verb of the clause decides.
        if let Some(v) = self.verb_before(to)
            && v < verb_at
            && let Some(verb) = self.parse.verb(v)
        {
            let (class, trigger) = self.class_of(verb.lemma, v);
            reality.subject_of = Some(v);
            let off = ["left", "leave", "leaves", "departed", "departs", "set off", "sets off", "heads", "headed"];
            if self.goes(v) && off.contains(&self.line.low(v)) {
                // "left for Washington to attend the dialogue": still to come.
                return self.soft(Real::Future, "status.purpose", v, reality);
            }
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

    /// "agreed not to meet", "chose not to visit": refused by those who choose; by others it is only asked of them.
    fn refrain(&self, prev: usize, reality: &mut Reality) {
        let verb = self.parse.verb(prev).filter(|v| !v.weak && !v.passive && !v.negated && !v.wish);
        let chooses = verb.is_some_and(|v| {
            self.class_of(v.lemma, prev).0 == Some(Class::Plan) || self.line.is(self.lexicon, "refrains", prev)
        });
        if chooses && reality.real != Real::Cancelled && reality.real != Real::Postponed {
            reality.subject_of = Some(prev);
            reality.real = Real::Declined;
            reality.rules.push(("status.refrain".to_owned(), prev));
            reality.given |= verb.is_some_and(|v| v.perfect && v.past) && !self.reported(prev);
        } else {
            reality.real = Real::None;
            reality.rules.push(("reject.not-to".to_owned(), prev));
        }
    }

    pub(super) fn control_of(&self, at: usize, class: Option<Class>, reality: &mut Reality, depth: usize, verb: &Verb) {
        if class == Some(Class::Plan) && verb.past && (verb.passive || verb.perfect) {
            reality.was_planned = true;
        }
        if class == Some(Class::Say) {
            if !verb.passive && self.parse.verb(at).is_some() && self.line.low(at + 1) == "to" && self.line.headline {
                // "Trump says to visit Beijing in April": what he says he will do.
                return self.soft(Real::Future, "status.says-to", at, reality);
            }
            // "told X to meet", "is said to have": a wish or a report.
            self.soft(Real::Weak, "status.told-to", at, reality);
            return;
        }
        self.climb(at, verb, reality, depth + 1, Some(false));
    }

    /// A participle or gerund: what stands before it.
    pub(super) fn gerund(&self, from: usize, reality: &mut Reality, depth: usize) {
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
        // "decided against travelling", "ruled out meeting": the particle belongs to the verb.
        if let Some(v) = prev.checked_sub(1)
            && let Some(verb) = self.parse.verb(v)
            && matches!(low, "against" | "out")
            && self.class_of(verb.lemma, v).0 == Some(Class::Decline)
        {
            reality.subject_of = Some(v);
            return self.climb(v, verb, reality, depth + 1, Some(false));
        }
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
                // "look forward to hosting X": over the preposition.
                let above = (prev.saturating_sub(2)..prev).rev().find(|k| self.parse.verb(*k).is_some());
                if let Some(v) = above.filter(|_| matches!(low, "to" | "on" | "about" | "of"))
                    && let Some(verb) = self.parse.verb(v)
                    && matches!(self.class_of(verb.lemma, v).0, Some(Class::Plan | Class::Propose | Class::Doubt))
                {
                    reality.subject_of = Some(v);
                    return self.climb(v, verb, reality, depth + 1, Some(false));
                }
                // "is open to meeting X", "close to visiting": a set phrase that ends before it.
                let ends = |k: usize| self.parse.class(k).filter(|(_, l, noun)| !noun && *l > 1 && k + l == from);
                if let Some((k, (class, ..))) = (from.saturating_sub(4)..from).find_map(|k| Some((k, ends(k)?))) {
                    let negated = (k.saturating_sub(3)..k).any(|j| self.lexicon.words.is("negation", self.line.low(j)));
                    reality.subject_of = self.verb_before(k).or(reality.subject_of);
                    return self.apply(class, self.tense_before(k), negated, k, reality);
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

    pub(super) fn verb_before_line(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))
    }

    pub(super) fn soft(&self, real: Real, rule: &str, at: usize, reality: &mut Reality) {
        if matches!(reality.real, Real::Bare | Real::Past | Real::Present) {
            reality.real = real;
            reality.rules.push((rule.to_owned(), at));
        }
    }
}

fn is_have_to(low: &str) -> bool {
    matches!(low, "has" | "have" | "had" | "'ve")
}
