//! When a contact takes place: the time expression of its clause, resolved by the clause's tense.

use super::find::Scene;
use super::status::{Real, Reality};
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Frame, Meaning};
use crate::model::mention::{Fired, Kind};
use crate::model::moment::Moment;
use crate::temporal::{self, Tense};

impl Scene<'_> {
    /// The moment of an event at a trigger, with the rule that read it.
    pub(super) fn moment(&self, at: usize, len: usize, _kind: Kind, reality: &Reality) -> Option<(Moment, Fired)> {
        let segment = self.parse.segment_of(at);
        let anchor = self.anchor();
        let mut best: Option<(usize, usize)> = None;
        for (tok_at, tok) in self.line.toks.iter().enumerate() {
            let Some(time) = tok.time else { continue };
            let Some(cost) = self.cost(at, len, segment, tok_at, reality) else { continue };
            if best.is_none_or(|(c, _)| cost < c) {
                best = Some((cost, time));
            }
        }
        let (_, time) = best?;
        let time = self.restated(time).unwrap_or(time);
        let expr = self.line.times.get(time)?;
        let tense = match reality.real {
            Real::Postponed | Real::Cancelled | Real::Declined if reality.given => Tense::Past,
            // The day of a plan that fell through lies ahead as a rule.
            Real::Postponed | Real::Cancelled | Real::Declined
                if matches!(expr.value, temporal::Value::Weekdays { .. })
                    && expr.start > self.line.toks.get(at).map_or(0, |t| t.start) =>
            {
                Tense::Future
            }
            Real::Postponed | Real::Cancelled | Real::Declined => Tense::Unknown,
            _ if reality.given => Tense::Past,
            // "arrived in Washington on Monday for a five-day tour": the day of the arrival.
            Real::Future if self.day_of_going(at, expr.start, reality) => Tense::Past,
            Real::Present if self.old => Tense::Past,
            // "when Xi arrives on Tuesday".
            Real::Present if reality.when => Tense::Future,
            // "arrives in Washington on Tuesday", in a body: a timetable.
            Real::Present
                if !self.line.headline
                    && self.journey(at)
                    && matches!(expr.value, temporal::Value::Weekdays { .. })
                    && (expr.start > self.line.toks.get(at).map_or(0, |t| t.start) || expr.start < 4) =>
            {
                Tense::Future
            }
            // "On Monday Kerry begins talks", in a body: the past would be told in the past.
            Real::Underway | Real::Present
                if !self.line.headline
                    && matches!(expr.value, temporal::Value::Weekdays { shift: temporal::Shift::None, .. })
                    && self.timetable(reality) =>
            {
                Tense::Future
            }
            _ => reality.tense(),
        };
        let moment = temporal::resolve(expr, anchor, tense)?;
        let before = self.line.toks.get(at).is_some_and(|t| expr.start < t.start);
        let own = self.line.toks.iter().position(|t| t.time == Some(time)).unwrap_or(at);
        let led = (own..at).any(|k| self.line.low(k) == "to" && self.parse.verb(k + 1).is_some());
        if before
            && led
            && matches!(reality.real, Real::Future | Real::Weak)
            && !reality.was_planned
            && moment.end() < self.cast.date
        {
            // "was in China last week to ready a meeting": the day of the preparation.
            return None;
        }
        let start = self.line.span.start;
        let span =
            crate::model::span::Span { field: self.line.span.field, start: start + expr.start, end: start + expr.end };
        Some((moment, Fired { rule: expr.rule.to_owned(), span }))
    }

    /// "Tomorrow morning, April 2nd", "on Friday, June 16": the date that says which day is meant.
    fn restated(&self, time: usize) -> Option<usize> {
        let first = self.line.times.get(time)?;
        let next = self.line.times.iter().position(|t| t.start >= first.end && t.rule.starts_with("time.month-day"))?;
        let second = self.line.times.get(next)?;
        let between = self.line.text.get(first.end..second.start)?.trim();
        let daytime = between.strip_suffix(',')?.trim();
        let same = daytime.is_empty() || self.cast.lexicon.words.is("daytime", &daytime.to_lowercase());
        let day = matches!(first.value, temporal::Value::Weekdays { .. } | temporal::Value::DayOffset(_));
        (same && day).then_some(next)
    }

    /// Whether a day or place is told beside a trigger.
    pub(super) fn dated(&self, at: usize, len: usize, reality: &Reality) -> bool {
        self.moment(at, len, Kind::Talks, reality).is_some()
    }

    /// Whether a time stands between a past verb of travelling and the purpose of the journey.
    fn day_of_going(&self, at: usize, time: usize, reality: &Reality) -> bool {
        let goes = reality.rules.iter().find(|(rule, _)| rule == "status.purpose").map(|(_, v)| *v);
        let past = goes.filter(|v| self.journey_verb(*v) && self.parse.verb(*v).is_some_and(|v| v.past && !v.perfect));
        let start = |k: usize| self.line.toks.get(k).map_or(0, |tok| tok.start);
        past.is_some_and(|v| start(v) < time && time < start(at))
    }

    /// Whether the verb above a noun stands in the simple present.
    fn timetable(&self, reality: &Reality) -> bool {
        let verb = reality.subject_of.and_then(|v| self.parse.verb(v));
        verb.is_some_and(|v| {
            matches!(v.form, Form::Third | Form::Base) && v.finite && !v.progressive && !v.perfect && !v.past
        })
    }

    /// When a contact was put off, called off or refused: a time before it, or right after the word that says so.
    pub(super) fn decided(&self, at: usize, reality: &Reality) -> Option<Moment> {
        if !matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined) {
            return None;
        }
        let start = self.grammar().noun_start(at);
        let from = self.parse.segments.get(self.parse.segment_of(start)).map_or(0, |s| s.from);
        let time = |k: usize| self.line.toks.get(k).and_then(|t| t.time).and_then(|t| self.line.times.get(t));
        let fell = |rule: &str| matches!(rule, "status.postpone" | "status.cancel" | "status.decline");
        let word = reality.rules.iter().find(|(rule, _)| fell(rule)).map(|(_, k)| *k);
        let after = word.filter(|k| *k > at).and_then(|k| (k + 1..k + 4).find_map(time));
        let expr = after.or_else(|| (from..start).find_map(time))?;
        temporal::resolve(expr, self.anchor(), Tense::Past)
    }

    /// Whether a trigger is a verb of travelling or meeting in the simple present.
    fn journey(&self, at: usize) -> bool {
        self.parse.verb(at).is_some_and(|v| {
            !v.passive
                && !v.progressive
                && self.cast.lexicon.words.senses(v.lemma).iter().any(|s| {
                    matches!(s.meaning, Meaning::Trigger(t) if self.cast.lexicon.words.verbs.get(t).is_some_and(|v| matches!(v.frame, Frame::Go | Frame::Meet | Frame::Host)))
                })
        })
    }

    /// Whether a trigger is a verb of travelling.
    fn journey_verb(&self, at: usize) -> bool {
        self.parse.verb(at).is_some_and(|v| {
            self.cast.lexicon.words.senses(v.lemma).iter().any(|s| {
                matches!(s.meaning, Meaning::Trigger(t) if self.cast.lexicon.words.verbs.get(t).is_some_and(|v| v.frame == Frame::Go))
            })
        })
    }

    fn anchor(&self) -> jiff::civil::DateTime {
        self.cast.anchor
    }

    /// How far a time expression is from a trigger; nothing where it belongs to something else.
    fn cost(&self, at: usize, len: usize, segment: usize, time_at: usize, reality: &Reality) -> Option<usize> {
        let own = self.parse.segment_of(time_at);
        let seg = self.parse.segments.get(own)?;
        // "announced on Wednesday": the time of the report.
        if self.reports(time_at, at) {
            return None;
        }
        // "two weeks ahead of a visit": the time of something else.
        if time_at < at && self.parse.verb(at).is_none() {
            let start = self.grammar().noun_start(at);
            let ahead = self.line.before(start) == "of" && start > 1 && self.line.low(start - 2) == "ahead";
            if time_at < start && ahead {
                return None;
            }
        }
        if own != segment && seg.opener == "whose" && seg.verb.is_some() {
            // "talks on an app, whose deadline runs out on Wednesday": another thing's day.
            return None;
        }
        let first = (time_at.saturating_sub(4)..time_at).any(|k| matches!(self.line.low(k), "first" | "time" | "only"));
        if first && self.line.before(time_at) == "since" {
            // "the first time since 2019".
            return None;
        }
        // A time beside another trigger is that trigger's.
        let nearer = |from: usize, to: usize| (from..to).any(|k| (k < at || k >= at + len) && self.is_trigger(k));
        let distance = time_at.abs_diff(at);
        let after = time_at > at;
        let planned = matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined);
        let mut cost = distance.min(14) * 2;
        if own != segment {
            let between = if after { segment + 1..own } else { own + 1..segment };
            let fronted = time_at < at && seg.from == 0 && seg.verb.is_none();
            cost += if fronted { 2 } else { 10 + 6 * between.count() };
            if let Some(v) = seg.verb {
                if seg.opener == "who" && self.is_trigger(v) {
                    // "Mnuchin, who flew to Beijing on Tuesday, said …".
                    return None;
                }
                cost += 20;
                // "a call that Washington asked for on Saturday": the day of the request.
                let asks = seg.verb.and_then(|v| self.parse.verb(v).map(|verb| self.class_at(verb.lemma, v).0));
                let asks =
                    matches!(asks, Some(Some(Class::Propose | Class::Decline | Class::Cancel | Class::Postpone)));
                let relative = matches!(seg.opener.as_str(), "that" | "which") && own == segment + 1 && !asks;
                if relative && after && self.journey_verb(at) && nearer(at + len, seg.from) {
                    // "lands in Beijing for a dialogue, which opens on Wednesday": the dialogue's day.
                    return None;
                }
                if relative {
                    cost -= 20;
                } else if !(own + 1 == segment || own == segment + 1) {
                    return None;
                }
            }
            if matches!(
                seg.opener.as_str(),
                "when"
                    | "after"
                    | "since"
                    | "because"
                    | "before"
                    | "as"
                    | "while"
                    | "though"
                    | "although"
                    | "whereas"
                    | "even"
            ) && own != segment
            {
                cost += 30;
            }
        }
        // "the dialogue, slated for Monday and Tuesday".
        let slated = ["slated", "scheduled", "set", "planned", "due", "expected", "pencilled", "penciled"];
        let aside = |s: usize| self.parse.segments.get(s).is_some_and(|s| s.verb.is_none() && s.to - s.from < 5);
        let beside = after && own > segment && own <= segment + 4 && (segment + 1..own).all(aside);
        if beside && self.parse.verb(at).is_none() && slated.contains(&self.line.low(seg.from)) {
            return Some(1);
        }
        if !after {
            cost += 3;
        }
        if planned && !after {
            // The time before a cancelled visit is when it was cancelled.
            cost += 44;
        }
        if self.modifies_another(time_at, at) {
            return None;
        }
        let crossed = if after { nearer(at + len, time_at) } else { nearer(time_at + 1, at) };
        if crossed {
            cost += 24;
        }
        if cost > 90 { None } else { Some(cost) }
    }

    /// "April travel plans", "Saturday's session": a time that describes another noun.
    fn modifies_another(&self, time_at: usize, trigger: usize) -> bool {
        if time_at < trigger && trigger - time_at <= 4 {
            return false;
        }
        let words = &self.cast.lexicon.words;
        let next = time_at + 1;
        let Some(tok) = self.line.toks.get(next) else { return false };
        if tok.low == "'s" && self.at_gathering(time_at) {
            // "a meeting at next month's APEC summit", "on the sidelines of this weekend's forum": when the gathering is.
            return false;
        }
        if tok.low == "'s" {
            // "Wednesday's annual U.S.-China economic talks" are of Wednesday.
            return !(time_at < trigger
                && self.parse.noun(trigger).is_some()
                && self.grammar().noun_start(trigger) <= time_at);
        }
        if words.is("daytime", &tok.low) {
            return false;
        }
        // "to visit Beijing as part of a June 16-21 tour".
        let kind = |k: usize| self.parse.noun(k).and_then(|(n, _)| words.nouns.get(n)).map(|n| n.kind);
        if kind(next) == Some(Kind::Visit) && (self.parse.verb(trigger).is_some() || kind(trigger) == Some(Kind::Visit))
        {
            return false;
        }
        !tok.mark
            && tok.time.is_none()
            && tok.targets.is_empty()
            && !tok.cap
            && self.parse.verb(next).is_none()
            && !words.is_function_word(&tok.low)
    }

    /// Whether a time belongs to a gathering of many states in or beside which the contact is: "at next month's summit".
    fn at_gathering(&self, time_at: usize) -> bool {
        let introduced = matches!(self.line.before(time_at), "at" | "of" | "during" | "alongside");
        let sidelines = self.line.before(time_at) != "of"
            || (time_at.saturating_sub(4)..time_at)
                .any(|k| matches!(self.line.low(k), "sidelines" | "margins" | "fringes" | "edges"));
        let gathering =
            (time_at + 2..time_at + 8).take_while(|k| self.line.toks.get(*k).is_some_and(|t| !t.mark)).any(|k| {
                matches!(
                    self.line.low(k),
                    "summit" | "forum" | "conference" | "gathering" | "assembly" | "inauguration" | "dialogue"
                ) || self.line.is(self.cast.lexicon, "multilateral", k)
            });
        introduced && sidelines && gathering
    }

    fn is_trigger(&self, at: usize) -> bool {
        self.parse.noun(at).is_some_and(|(noun, _)| self.cast.lexicon.words.nouns.get(noun).is_some_and(|n| !n.weak || n.kind == Kind::Visit))
            || self.parse.verb(at).is_some_and(|v| {
                self.cast.lexicon.words.senses(v.lemma).iter().any(|s| s.particles.is_empty() && matches!(s.meaning, Meaning::Trigger(t) if self.cast.lexicon.words.verbs.get(t).is_some_and(|v| v.id != "visit.be-in" && v.id != "meeting.see" && v.id != "meeting.sit-down" && !matches!(v.frame, Frame::Tell | Frame::Agree))))
            })
    }

    /// Whether a time belongs to a verb of saying that is not the event's own clause.
    fn reports(&self, time_at: usize, trigger: usize) -> bool {
        let segment = self.parse.segment_of(time_at);
        let Some(seg) = self.parse.segments.get(segment) else { return false };
        let say = |k: usize| {
            self.parse.verb(k).is_some_and(|v| {
                self.cast
                    .lexicon
                    .words
                    .senses(v.lemma)
                    .iter()
                    .any(|s| s.particles.is_empty() && matches!(s.meaning, Meaning::Predicate(Class::Say)))
            })
        };
        let has_say = (seg.from..seg.to).find(|k| say(*k));
        match has_say {
            // In the same clause: directly after the verb of saying, or before it.
            Some(v) if seg.from <= trigger && trigger < seg.to => {
                (time_at > v && time_at - v <= 4 && (v..time_at).all(|k| !self.is_trigger(k)) && trigger > time_at)
                    || (time_at < v && trigger > v)
                    || (trigger < v && time_at > v)
            }
            Some(v) => !(seg.from <= trigger && trigger < seg.to) && v < self.line.toks.len(),
            None => false,
        }
    }
}
