//! Events that a sentence takes for told: whose they are when it names nobody, and when they are no event of their own.

use super::super::find::Scene;
use crate::extract::actors::Head;
use crate::extract::discourse::{Part, Parts};
use crate::extract::place;
use crate::extract::status::{Real, Reality};
use crate::lexicon::words::{Frame, Meaning, Noun};
use crate::model::actor::Side;
use crate::model::mention::Kind;

/// How a text counts the days of talks.
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "opening", "another", "further", "final", "last"];

impl Scene<'_> {
    /// "Negotiators met in Geneva": both sides', in an article of the two alone, where a bare plural is the subject.
    pub(in crate::extract) fn each_other(&self, verb_from: usize) -> Option<Parts> {
        let mut noun = verb_from.checked_sub(1)?;
        while noun > 0 && self.line.is(self.cast.lexicon, "adverb", noun) {
            noun -= 1;
        }
        let many = self.line.low(noun).ends_with('s') && self.line.is(self.cast.lexicon, "delegates", noun);
        let mut from = noun;
        while from > 0
            && (self.line.is(self.cast.lexicon, "premodifier", from - 1)
                || matches!(self.line.before(from), "the" | "both" | "their" | "two" | "lead" | "top"))
        {
            from -= 1;
        }
        let starts = from == 0
            || self.line.toks.get(from - 1).is_some_and(|t| t.mark || t.time.is_some())
            || self.cast.lexicon.words.is("subordinator", self.line.before(from))
            || self.cast.lexicon.words.is("coordinator", self.line.before(from));
        (many && starts).then(|| self.two_states()).flatten()
    }

    /// "invites Xi to Washington after 'very good' phone call": the two whom a headline names.
    pub(super) fn line_pair(&self, start: usize) -> Option<Parts> {
        let quoted = (start.saturating_sub(4)..=start).any(|k| self.line.low(k) == "after");
        let people: Vec<usize> =
            self.actors.iter().enumerate().filter(|(_, a)| a.person().is_some()).map(|(i, _)| i).collect();
        let stranger = self.actors.iter().any(|a| a.head == Head::Blocked && !a.source);
        if !self.line.headline || !quoted || people.len() != 2 || stranger {
            return None;
        }
        let mut parts = Parts::default();
        for (i, group) in self.parse.groups.iter().enumerate() {
            if group.to <= start && group.members.iter().any(|m| people.contains(m)) {
                parts.merge(&self.group_parts(i));
            }
        }
        parts.both().then_some(parts)
    }

    /// Both states, in an article that has told of both and of no third.
    pub(in crate::extract) fn two_states(&self) -> Option<Parts> {
        let third = self.actors.iter().any(|a| {
            a.head == Head::Blocked && a.side.is_none() && !a.source
                || a.side.is_some_and(|s| s != Side::US && s != Side::CN)
        });
        let known = [Side::US, Side::CN].into_iter().all(|s| self.discourse.knows(s));
        if third || !known || !self.discourse.of_two() {
            return None;
        }
        let mut parts = Parts::default();
        for side in [Side::US, Side::CN] {
            parts.add(Part { side, person: None, label: None, level: None, state: true, inferred: false });
        }
        Some(parts)
    }

    /// "The next round will be held in Washington in September": of those who met before.
    pub(super) fn another_round(&self, at: usize, start: usize, spec: &Noun, reality: &Reality) -> Option<Parts> {
        let another =
            (start..at).any(|k| matches!(self.line.low(k), "next" | "new" | "further" | "second" | "third" | "fourth"));
        let to_come = matches!(reality.real, Real::Future | Real::Weak | Real::Postponed | Real::Cancelled);
        let round = matches!(self.line.low(at), "round" | "rounds" | "session");
        let last = self.discourse.last(Kind::Talks).or_else(|| self.discourse.last(Kind::Meeting));
        if !(spec.weak && another && to_come && round && last.is_some_and(Parts::both)) {
            return None;
        }
        let mut parts = Parts::default();
        for side in [Side::US, Side::CN] {
            parts.add(Part { side, person: None, label: None, level: None, state: true, inferred: false });
        }
        Some(parts)
    }

    /// "Mr Dai is to lead the Chinese side at a dialogue in Washington": with the hosts.
    pub(super) fn with_the_hosts(&self, at: usize, end: usize, reality: &Reality) -> Option<Parts> {
        let segment = self.parse.segment_of(at);
        let mut parts = self.subject(segment, 0).map(|g| self.group_parts(g)).filter(|p| !p.other && !p.unknown)?;
        let missing = if parts.us.is_empty() { Side::US } else { Side::CN };
        let official = parts.us.iter().chain(&parts.cn).any(|p| p.person.is_some());
        let bound = || {
            // "is due to fly to Washington for talks".
            let purpose = reality.rules.iter().any(|(rule, _)| rule == "status.purpose");
            let spot = place::destination(self.line, self.cast, 0, at, &["to"]).filter(|_| purpose)?;
            let state = Part { side: missing, person: None, label: None, level: None, state: true, inferred: false };
            (spot.country == Some(missing)).then_some(state)
        };
        let part = self.implied(missing, at, end).or_else(bound).filter(|_| official)?;
        parts.add(part);
        Some(parts)
    }

    /// Whether a noun is what a verb of meeting in its clause is for: "will meet in London for trade talks".
    pub(in crate::extract) fn purpose_of_verb(&self, at: usize) -> bool {
        let start = self.grammar().noun_start(at);
        let len = self.parse.noun(at).map_or(1, |(_, len)| len);
        let trade =
            (start..at + len).any(|k| matches!(self.line.low(k), "trade" | "tariff" | "negotiations" | "negotiating"));
        if self.line.before(start) != "for" || !trade {
            return false;
        }
        let words = &self.cast.lexicon.words;
        let meets = |lemma: usize| {
            words.senses(lemma).iter().any(|s| {
                matches!(s.meaning, Meaning::Trigger(t) if words.verbs.get(t).is_some_and(|v| v.frame == Frame::Meet))
            })
        };
        let from = self.parse.segments.get(self.parse.segment_of(at)).map_or(0, |s| s.from);
        let stop = |k: &usize| self.parse.verb(*k).is_some();
        let verb = (from..start).rev().find(stop).and_then(|k| self.parse.verb(k));
        verb.is_some_and(|v| meets(v.lemma) && !self.of_journey(v.lemma))
    }

    fn of_journey(&self, lemma: usize) -> bool {
        let words = &self.cast.lexicon.words;
        words.senses(lemma).iter().any(|s| {
            s.particles.is_empty()
                && matches!(s.meaning, Meaning::Trigger(t) if words.verbs.get(t).is_some_and(|v| v.frame == Frame::Go))
        })
    }

    /// What the words around a noun of meeting say of it beside its own governor; the verb of giving, where one gives it.
    pub(super) fn adjusted(
        &self,
        at: usize,
        len: usize,
        start: usize,
        spec: &Noun,
        reality: &mut Reality,
    ) -> Option<usize> {
        if spec.id == "talks.working-group"
            && self.line.before(start) == "of"
            && let Some(meeting) = start.checked_sub(2).filter(|k| self.parse.noun(*k).is_some())
        {
            // "the seventh meeting of the Financial Working Group took place".
            *reality = self.grammar().of_noun(meeting, 1);
        }
        self.day_of(at, start, reality);
        let given = self.giving(start);
        if let Some(verb) = given {
            *reality = self.grammar().of_verb(verb);
        }
        let fails =
            |k: &usize| self.line.low(*k) == "not" && matches!(self.line.low(k + 1), "happening" | "taking" | "going");
        if self.line.headline
            && matches!(reality.real, Real::Bare | Real::Present)
            && let Some(not) = (at + len..at + len + 5).find(fails)
        {
            // "Trump-Xi call not happening Tuesday after all": on another day.
            reality.real = Real::Postponed;
            reality.rules.push(("status.postpone".to_owned(), not));
        }
        given
    }

    /// "for a second day of talks", "ended a first day of talks": they go on.
    pub(super) fn day_of(&self, at: usize, start: usize, reality: &mut Reality) {
        let Some(of) = at.checked_sub(1).filter(|k| self.line.low(*k) == "of") else {
            let of = (start..at).rev().find(|k| self.line.low(*k) == "of");
            if let Some(of) = of {
                self.counted(of, reality);
            }
            return;
        };
        self.counted(of, reality);
    }

    /// The ordinal of "a second day of talks", before its "of".
    fn ordinal(&self, of: usize) -> Option<&str> {
        let day = of >= 2 && matches!(self.line.low(of - 1), "day" | "days" | "session");
        let ordinal = (of.saturating_sub(4)..of).find(|k| ORDINALS.contains(&self.line.low(*k)));
        ordinal.filter(|_| day).map(|k| self.line.low(k))
    }

    /// The same of a noun and its phrase.
    pub(super) fn counted_day(&self, at: usize, start: usize) -> Option<&str> {
        let of = (start.saturating_sub(1)..at).rev().find(|k| self.line.low(*k) == "of")?;
        self.ordinal(of)
    }

    /// The two sides' people in the line before a token, else the pair of whom the text tells.
    pub(super) fn pair_here(&self, at: usize) -> Option<Parts> {
        let mut parts = Parts::default();
        for (i, group) in self.parse.groups.iter().enumerate().filter(|(_, g)| g.to <= at) {
            let source = group.members.iter().any(|m| self.actors.get(*m).is_some_and(|a| a.source || a.possessive));
            let found = self.group_parts(i);
            if !source && found.us.iter().chain(&found.cn).any(|p| p.person.is_some()) {
                parts.merge(&found);
            }
        }
        if parts.other {
            return None;
        }
        if parts.both() { Some(parts) } else { self.discourse.pair() }
    }

    /// Whether "of" belongs to a noun: right after it, or after its place and time; "a meeting at the seat of Sweden's
    /// government" is not Sweden's.
    pub(super) fn own_of(&self, after: usize, group: usize) -> bool {
        let from = self.parse.groups.get(group).map_or(after, |g| g.from);
        let Some(of) = (after..from).rev().find(|k| self.line.low(*k) == "of") else { return true };
        (after..of).all(|k| {
            self.line.toks.get(k).is_some_and(|t| t.time.is_some() || !t.targets.is_empty() || t.mark)
                || matches!(self.line.low(k), "in" | "on" | "at" | "here" | "the")
                || self.line.is(self.cast.lexicon, "adverb", k)
        })
    }

    /// Both sides, where a format bears their names or is known to be theirs alone: "the U.S.-China Commercial Issues Working
    /// Group", "the Financial Working Group (FWG) between the United States and China", "the Strategic and Economic Dialogue";
    /// with those of both who chair or conclude it.
    pub(super) fn by_its_name(&self, at: usize, len: usize, start: usize, free: bool) -> Option<Parts> {
        let words = &self.cast.lexicon.words;
        let mut parts = Parts::default();
        let name = |k: usize| {
            self.line.toks.get(k).is_some_and(|t| t.cap && !t.mark && t.time.is_none() && t.targets.is_empty())
        };
        let mut from = start;
        while from > start.saturating_sub(5) && from > 0 && name(from - 1) {
            from -= 1;
        }
        if from < start
            && let Some(group) = self.parse.groups.iter().position(|g| g.to == from)
        {
            parts.merge(&self.group_parts(group));
        }
        let abbreviated = self.line.low(at + len) == "(" && self.line.low(at + len + 2) == ")";
        if abbreviated && self.line.low(at + len + 3) == "between" {
            for (i, group) in self.parse.groups.iter().enumerate() {
                if group.from > at + len + 3 && group.from <= at + len + 6 {
                    parts.merge(&self.group_parts(i));
                }
            }
        }
        let low = |i: usize| self.line.toks.get(at + i).map(|t| t.low.as_str());
        let format = words.list_match("bilateral_formats", low) == Some(len);
        let third = self.actors.iter().any(|a| a.side.is_some_and(|s| s != Side::US && s != Side::CN));
        if format && !third && free {
            for side in [Side::US, Side::CN] {
                parts.add(Part { side, person: None, label: None, level: None, state: true, inferred: false });
            }
        }
        if !parts.both() || parts.other {
            return None;
        }
        // "was concluded in Tianjin by A and B".
        let by = (at + len..self.line.toks.len()).find(|k| self.line.low(*k) == "by").unwrap_or(usize::MAX - 4);
        for (i, group) in self.parse.groups.iter().enumerate() {
            let own = self.group_parts(i);
            if group.from > by
                && group.from <= by + 3
                && own.both()
                && own.us.iter().chain(&own.cn).any(|p| p.person.is_some())
            {
                parts.merge(&own);
            }
        }
        Some(parts)
    }

    /// Whom an event "brought together".
    pub(super) fn brought_together(&self, after: usize) -> Option<Parts> {
        let verb =
            (after..self.line.toks.len()).find(|k| matches!(self.line.low(*k), "brought" | "brings" | "bring"))?;
        let together = (verb + 1..verb + 14).find(|k| self.line.low(*k) == "together")?;
        let mut parts = Parts::default();
        for (i, group) in self.parse.groups.iter().enumerate() {
            if group.from > verb && (group.from <= together + 4 || parts.is_empty() && group.from <= together + 6) {
                parts.merge(&self.group_parts(i));
            }
        }
        (parts.both() && !parts.other).then_some(parts)
    }

    fn counted(&self, of: usize, reality: &mut Reality) {
        let Some(ordinal) = self.ordinal(of) else { return };
        let fired = |rule: &str| reality.rules.iter().any(|(name, _)| name == rule);
        let last = matches!(ordinal, "final" | "last");
        let purpose = reality.real == Real::Future && fired("status.purpose");
        let ended = matches!(reality.real, Real::Past) && fired("status.end") && !last && ordinal != "second";
        if purpose || ended {
            reality.real = Real::Underway;
            reality.is_now = true;
        }
    }

    /// Whether a definite event that something came before, after or during is one of which the text has told: "before
    /// their meeting with Xi", where they met him.
    pub(super) fn told_before(&self, start: usize, at: usize, parts: &Parts, reality: &Reality) -> bool {
        let definite = matches!(self.line.low(start), "the" | "their" | "his" | "her" | "that" | "its")
            || start == at && self.line.low(at).ends_with('s');
        let prep = self.line.before(start);
        let ahead = prep == "of" && start >= 2 && self.line.low(start - 2) == "ahead";
        let placed = matches!(prep, "before" | "after" | "during" | "since" | "following") || ahead;
        let own_time = (start..at).any(|k| self.line.toks.get(k).is_some_and(|t| t.time.is_some()));
        // What a planned event is preceded by is told of it: only beside what is done is it known.
        let done = self
            .parse
            .segments
            .iter()
            .filter_map(|s| s.verb)
            .any(|v| self.parse.verb(v).is_some_and(|verb| verb.past && !verb.will && !verb.would));
        let known = matches!(reality.real, Real::Future | Real::Past | Real::Bare);
        definite && placed && !own_time && done && known && self.discourse.has_met(parts)
    }

    /// "days before the Busan meeting": named by its place alone, it belongs to nobody in the sentence.
    pub(super) fn named_elsewhere(&self, start: usize, spec: &Noun, venue: bool, explicit: usize) -> bool {
        let prep = self.line.before(start);
        let placed = matches!(prep, "before" | "after" | "since" | "following");
        venue && explicit == 0 && placed && self.line.low(start) == "the" && !spec.weak
    }

    /// "will give him a state dinner", "was given a welcome by General Liang": the verb of giving above a noun.
    pub(super) fn giving(&self, start: usize) -> Option<usize> {
        let gives = |k: usize| {
            self.parse.verb(k).is_some()
                && ["give", "gave", "giving", "throw", "threw", "grant", "accord", "treat"]
                    .iter()
                    .any(|stem| self.line.low(k).starts_with(stem))
        };
        let k = start.checked_sub(1)?;
        if gives(k) {
            return Some(k);
        }
        let group = self.parse.groups.iter().find(|g| g.to == start && g.from > 0)?;
        let mut verb = group.from - 1;
        while verb > 0 && matches!(self.line.low(verb), "the" | "both") {
            verb -= 1;
        }
        gives(verb).then_some(verb)
    }
}
