//! The predicate of an event noun, and the climb from a verb to what governs it.

use super::{Grammar, Real, Reality, real_of};
use crate::extract::parse::Verb;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Class;

impl Grammar<'_> {
    /// The predicate of which the event noun is the subject.
    pub(super) fn predicate(&self, from: usize, negated: bool, reality: &mut Reality, depth: usize) {
        reality.is_subject = depth == 0;
        let mut segment = self.parse.segment_of(from.saturating_sub(1));
        let first = segment;
        let mut at = from;
        let (mut commas, mut turns) = (0, 0);
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
                // "which diplomats believe could come about": what they believe of it.
                let believed = seg.verb.filter(|v| {
                    self.parse.verb(*v).is_some_and(|verb| self.class_of(verb.lemma, *v).0 == Some(Class::Say))
                });
                let believed = believed.and_then(|v| {
                    self.parse.verb(v + 1).filter(|n| n.from == v + 1).map(|_| v + 1).or_else(|| {
                        (v + 2..v + 5).find(|k| self.parse.verb(*k).is_some_and(|n| n.finite && n.from == v + 1))
                    })
                });
                if let Some(v) = believed.or(seg.verb)
                    && let Some(verb) = self.parse.verb(v)
                {
                    // "a meeting that aides had planned": the event is the object there.
                    let (subject, object) =
                        (reality.is_subject, believed.is_none() && (seg.own.is_some() || seg.foreign));
                    reality.is_subject = subject && !object;
                    self.climb(v, verb, reality, depth + 1, Some(negated));
                    reality.is_subject = subject;
                    // "A call on which both were to go over the pact will not go ahead": a set phrase without a subject.
                    let fell = (v + 1..self.line.toks.len()).find_map(|k| {
                        let (class, len, noun) = self.parse.class(k)?;
                        let falls = matches!(class, Class::Cancel | Class::Postpone) && len > 1 && !noun;
                        (falls && !self.parse.groups.iter().any(|g| g.to == k)).then_some((class, k))
                    });
                    if let Some((class, k)) = fell {
                        self.apply(class, Real::Past, false, k, reality);
                        return;
                    }
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
                // "which was to begin on March 31, would be delayed": after the comma the main verb.
                let main = (seg.from..seg.to)
                    .filter_map(|k| self.parse.verb(k).map(|v| (k, v)))
                    .find(|(_, v)| v.finite && v.from > seg.from && self.line.before(v.from) == ",");
                if let Some((v, verb)) = main.filter(|_| commas > 0) {
                    return self.climb(v, verb, reality, depth + 1, Some(negated));
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
                        let decided = matches!(
                            self.class_of(verb.lemma, at).0,
                            Some(Class::Postpone | Class::Cancel | Class::Decline | Class::Revive)
                        );
                        for k in at + 1..(at + 5).min(seg.to) {
                            if decided {
                                break;
                            }
                            // "could come about": no plan.
                            let particle = self.line.low(k) == "about" && self.line.low(k + 1) != "to";
                            if let Some((class, _, false)) = self.parse.class(k)
                                && self.parse.verb(k).is_none()
                                && !particle
                            {
                                let negated = verb.negated
                                    || (at..k).any(|i| self.lexicon.words.is("negation", self.line.low(i)));
                                self.apply(class, real_of(verb, self.line.headline), negated, k, reality);
                                return;
                            }
                        }
                        // "The discussions are preliminary", "the talks remain difficult": how they are, not that they are.
                        let state = self.lexicon.words.is("be", self.line.low(at))
                            || matches!(self.line.low(at), "remain" | "remains" | "seem" | "seems");
                        let like = matches!(
                            self.line.low(at + 1),
                            "a" | "an" | "\"" | "“" | "tough" | "difficult" | "hard" | "long"
                        );
                        reality.describes |=
                            state && (reality.real == Real::Present || reality.real == Real::Future && like);
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
            commas += usize::from(self.line.before(seg.to) == ",");
            turns += 1;
            if turns > 5 {
                break;
            }
            segment += 1;
        }
        if negated && matches!(reality.real, Real::Bare) {
            reality.real = Real::None;
        }
    }

    pub(super) fn verb_between(&self, from: usize, to: usize) -> Option<usize> {
        (from..to).find(|k| self.parse.verb(*k).is_some())
    }

    pub(super) fn tense_before(&self, at: usize) -> Real {
        let word = self.line.before(at);
        if matches!(word, "was" | "were" | "been") { Real::Past } else { Real::Present }
    }

    /// Applies a verb that governs the event, then what governs the verb.
    pub(super) fn climb(
        &self,
        at: usize,
        verb: &Verb,
        reality: &mut Reality,
        depth: usize,
        noun_negated: Option<bool>,
    ) {
        if depth > 5 {
            return;
        }
        let mut own = real_of(verb, self.line.headline);
        if depth == 0
            && verb.form == Form::Base
            && own == Real::Present
            && verb.infinitive.is_none()
            && let Some((k, to)) = self.joined_infinitive(verb.from)
        {
            // "is expected to fly to Beijing on Sunday and meet Xi": under the same word.
            reality.subject_of = Some(k);
            return self.infinitive(to, at, reality, depth);
        }
        if depth == 0
            && verb.form == Form::Base
            && own == Real::Present
            && let Some(before) =
                self.verb_before(verb.from).or_else(|| self.joined_verb(verb.from)).and_then(|v| self.parse.verb(v))
        {
            // "would have the pair meet": the verb before has the tense.
            own = real_of(before, self.line.headline);
        }
        if verb.would && own == Real::Weak && self.reported(at) {
            own = Real::Future;
        }
        let mut negated = verb.negated || noun_negated == Some(true);
        let (class, trigger) = self.class_of(verb.lemma, at);
        let effect = if depth == 0 || (trigger && class.is_none()) { Some(Class::Hold) } else { class };
        let effect = match effect {
            // "would not acknowledge any plan for talks".
            Some(Class::Say | Class::Announce) if verb.negated && reality.via_noun && reality.real == Real::Future => {
                negated = false;
                Some(Class::Deny)
            }
            // "Beijing called for talks": a party asks for them; others only wish them.
            Some(Class::Irreal)
                if self.line.low(at).starts_with("call") && self.line.low(at + 1) == "for" && self.asks(at) =>
            {
                Some(Class::Propose)
            }
            // "hopes for talks faded", "the talks have stalled".
            Some(Class::Irreal) if self.lexicon.words.is("fade", self.line.low(at)) => Some(Class::Irreal),
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
        let nobody = matches!(self.line.low(0), "nobody" | "none" | "few")
            || self.line.low(0) == "no" && self.line.low(1) == "one";
        if nobody && matches!(effect, Some(Class::Plan | Class::Propose | Class::Doubt)) {
            // "Nobody in the room expected them to speak".
            reality.real = Real::None;
            return;
        }
        // "said he had cancelled": in a report the past of the past is the past.
        let given = verb.perfect && verb.past && !self.reported(at);
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

    /// Whether an official or a government of a watched side is the subject of a verb.
    fn asks(&self, at: usize) -> bool {
        let own = self.parse.segments.get(self.parse.segment_of(at)).and_then(|s| s.own);
        own.is_some_and(|g| self.parse.official.get(g).copied().unwrap_or(false))
    }

    /// The verb before "and" whose auxiliary a bare verb shares: "will deliver a speech and meet Wang".
    fn joined_verb(&self, from: usize) -> Option<usize> {
        let and = from.checked_sub(1).filter(|k| matches!(self.line.low(*k), "and" | "or" | "then"))?;
        let k = (0..and).rev().take(24).find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))?;
        self.parse.verb(k).is_some_and(|v| v.form == Form::Base && (v.will || v.weak)).then_some(k)
    }

    /// The infinitive before "and" that a bare verb goes on from: its verb and its "to".
    fn joined_infinitive(&self, from: usize) -> Option<(usize, usize)> {
        let and = from.checked_sub(1).filter(|k| matches!(self.line.low(*k), "and" | "or" | "then" | ","))?;
        let k = (0..and).rev().take(24).find(|k| self.parse.verb(*k).is_some())?;
        let to = self.parse.verb(k)?.infinitive?;
        (!self.parse.groups.iter().any(|g| g.to == from)).then_some((k, to))
    }

    /// Whether a clause stands in somebody's report: "said that he would", "X would, the ministry said".
    pub(super) fn reported(&self, at: usize) -> bool {
        let index = self.parse.segment_of(at);
        let says = |k: usize| self.parse.verb(k).is_some_and(|v| self.class_of(v.lemma, k).0 == Some(Class::Say));
        let conditional = self.parse.segments.iter().any(|s| matches!(s.opener.as_str(), "if" | "unless"));
        let near =
            self.parse.segments.iter().enumerate().any(|(i, s)| i.abs_diff(index) <= 3 && (s.from..s.to).any(says));
        let that = self.parse.segments.get(index).is_some_and(|s| s.opener == "that")
            && self.parse.segments.iter().take(index).any(|s| (s.from..s.to).any(says));
        (near || that) && !conditional
    }
}
