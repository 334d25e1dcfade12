//! Subjects and objects of a trigger, clause by clause.

use super::Scene;
use crate::extract::actors::Head;
use crate::extract::groups::Group;
use crate::extract::status::Reality;

impl Scene<'_> {
    /// The group that is a segment's subject, inherited where it has none of its own.
    pub(in crate::extract) fn subject(&self, segment: usize, depth: usize) -> Option<usize> {
        let seg = self.parse.segments.get(segment)?;
        if seg.own.is_some() {
            return seg.own;
        }
        if seg.foreign || depth > 6 {
            return None;
        }
        match seg.opener.as_str() {
            "who" | "whom" | "which" | "whose" => {
                let people = |g: &Group| {
                    g.to <= seg.from
                        && g.members.iter().any(|m| self.actors.get(*m).is_some_and(|a| a.head != Head::State))
                };
                let at = self.parse.groups.iter().rposition(people)?;
                let gap = self.parse.groups.get(at).map_or(99, |g| seg.from - g.to);
                let reach = if self.line.before(seg.from) == "," { 8 } else { 1 };
                (gap <= reach).then_some(at)
            }
            "and" | "but" | "then" | "or" | "yet" | "&" => {
                segment.checked_sub(1).and_then(|s| self.subject(s, depth + 1))
            }
            "" => None,
            "after" | "before" | "while" | "when" | "since" if segment == 0 => self.subject(segment + 1, depth + 1),
            _ => {
                let earlier = (0..segment).rev().find_map(|s| {
                    let before = self.parse.segments.get(s)?;
                    let relative = self.cast.lexicon.words.is("relative", &before.opener);
                    // "the day on which Biden and Xi, who have not met in a year, get together".
                    let named = |g: usize| {
                        let members = self.parse.groups.get(g).map_or(&[][..], |g| &g.members);
                        members.iter().any(|m| self.actors.get(*m).is_some_and(|a| a.person().is_some()))
                    };
                    let waits = before.verb.is_none() && before.own.is_some_and(named);
                    if relative && !waits || (before.verb.is_none() && before.own.is_none()) {
                        return None;
                    }
                    Some(self.subject(s, depth + 1))
                });
                earlier.flatten().or_else(|| {
                    let next = self.parse.segments.get(segment + 1)?;
                    (seg.verb.is_none() && next.own.is_some()).then_some(next.own).flatten()
                })
            }
        }
    }

    /// The subject of the verb at a token: before it in its clause, of the control word, or inherited.
    pub(super) fn subject_of(&self, at: usize, reality: &Reality) -> Option<usize> {
        if let Some((control, _)) = reality.control
            && self.parse.class(control).is_some_and(|(_, _, noun)| noun)
        {
            // "his plans to go": whose plans they are.
            let start = self.grammar().noun_start(control);
            let owner = self.parse.groups.iter().position(|g| {
                g.from >= start
                    && g.to <= control
                    && g.members.last().and_then(|m| self.actors.get(*m)).is_some_and(|a| a.possessive)
            });
            let between = self.parse.groups.iter().any(|g| g.from > control && g.to <= at);
            if owner.is_some() && !between {
                return owner;
            }
        }
        if let Some(group) = self.for_to(reality.subject_of.unwrap_or(at)) {
            return Some(group);
        }
        let noun_control = reality.control.is_some_and(|(c, _)| self.parse.class(c).is_some_and(|(_, _, noun)| noun));
        if let Some((control, _)) = reality.control
            && !(noun_control
                && reality.subject_of.is_some()
                && !self.parse.groups.iter().any(|g| g.from > control && g.to <= at))
        {
            // "asked X to", "a request for X to": the group between.
            if let Some(g) = self.parse.groups.iter().position(|g| g.from > control && g.to <= at) {
                return Some(g);
            }
        }
        let verb = reality.subject_of.unwrap_or(at);
        let segment = self.parse.segment_of(verb);
        let seg = self.parse.segments.get(segment)?;
        // A second finite verb in the same segment may have a nearer subject.
        if let Some(v) = self.parse.verb(verb)
            && v.finite
            && seg.verb != Some(verb)
            && let Some(g) =
                self.parse.groups.iter().rposition(|g| g.to <= v.from && g.from >= seg.from && v.from - g.to <= 2)
            && !self
                .cast
                .lexicon
                .words
                .is("preposition", self.line.before(self.parse.groups.get(g).map_or(0, |g| g.from)))
        {
            return Some(g);
        }
        self.subject(segment, 0)
    }

    /// "arrangements for Biden and Xi to meet": who stands between "for" and the infinitive.
    pub(in crate::extract) fn for_to(&self, verb: usize) -> Option<usize> {
        let to = self.parse.verb(verb)?.infinitive?;
        let group = self.parse.groups.iter().position(|g| g.to == to)?;
        let mut from = self.parse.groups.get(group)?.from;
        while matches!(self.line.before(from), "the" | "both") {
            from -= 1;
        }
        (self.line.before(from) == "for").then_some(group)
    }

    /// Groups after a token within its segment with the preposition before each.
    pub(super) fn objects(&self, at: usize, to: usize) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for (index, group) in self.parse.groups.iter().enumerate() {
            if group.from <= at || group.from >= to {
                continue;
            }
            let mut k = group.from;
            while k > at + 1
                && matches!(
                    self.line.before(k),
                    "the"
                        | "both"
                        | "a"
                        | "an"
                        | "any"
                        | "some"
                        | "several"
                        | "other"
                        | "more"
                        | "visiting"
                        | "outgoing"
                        | "incoming"
                )
            {
                k -= 1;
            }
            // "with the kind of Chinese leader".
            if self.line.before(k) == "of"
                && k >= at + 5
                && matches!(self.line.low(k - 2), "kind" | "sort" | "type")
                && self.line.low(k - 3) == "the"
            {
                k -= 3;
            }
            let before = self.line.before(k);
            let prep = if k == at + 1 {
                String::new()
            } else if before == "by"
                && k > at + 3
                && matches!(self.line.low(k - 2), "led" | "headed" | "chaired")
                && (at + 1..k).any(|j| self.line.low(j) == "with")
            {
                // "with a team led by X".
                "with".to_owned()
            } else if before == "including" {
                // "will see officials including Wang", "talks with officials including Wang".
                if (at + 1..k).any(|j| self.line.low(j) == "with") { "with".to_owned() } else { String::new() }
            } else if self.cast.lexicon.words.is("preposition", before) || before == "and" || before == "between" {
                before.to_owned()
            } else if before == "," && found.is_empty() && k > at + 3 && !self.one_of(at, k) {
                "?".to_owned()
            } else if (at + 1..k).all(|j| {
                self.cast.lexicon.words.is("adverb", self.line.low(j))
                    || self.cast.lexicon.words.is("title", self.line.low(j))
                    || self.cast.lexicon.words.is("premodifier", self.line.low(j))
                    || j == at + 1 && matches!(self.line.low(j), "a" | "an" | "the")
                    || self.line.toks.get(j).is_some_and(|t| t.time.is_some())
            }) {
                String::new()
            } else if let Some(j) = (at + 1..k).rev().find(|j| self.line.low(*j) == "with")
                && !self
                    .parse
                    .groups
                    .iter()
                    .any(|g| g.from > j && g.to <= group.from && self.line.low(g.from) != "them")
                && (j + 1..k)
                    .all(|i| !self.cast.lexicon.words.is("preposition", self.line.low(i)) || self.line.low(i) == "of")
                && (j..k).all(|i| self.parse.verb(i).is_none() || i > j + 1)
                && group.from - j < 12
            {
                // "with one of the less friendly of those leaders, President Xi".
                "with".to_owned()
            } else {
                "?".to_owned()
            };
            found.push((prep, index));
        }
        found
    }

    /// "with one of the less friendly of those leaders, President Xi".
    fn one_of(&self, at: usize, to: usize) -> bool {
        (at + 1..to)
            .any(|k| self.line.low(k) == "with" && self.line.low(k + 1) == "one" && self.line.low(k + 2) == "of")
    }

    pub(super) fn next_verb(&self, from: usize, end: usize) -> usize {
        (from..end)
            .find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))
            .map_or(end, |k| self.parse.verb(k).map_or(k, |v| v.from))
    }

    /// Whether a group is an adjective of another noun: "met Chinese activists".
    pub(super) fn describes(&self, group: usize) -> bool {
        let Some(g) = self.parse.groups.get(group) else { return false };
        let adjective = g.members.iter().all(|m| self.actors.get(*m).is_some_and(|a| a.adjective && !a.possessive));
        let words = &self.cast.lexicon.words;
        adjective
            && self.line.toks.get(g.to).is_some_and(|t| {
                !t.mark
                    && !t.cap
                    && t.time.is_none()
                    && t.targets.is_empty()
                    && self.parse.verb(g.to).is_none()
                    && !words.is_function_word(&t.low)
                    && !words.is("adverb", &t.low)
            })
    }

    /// Whether "with X" belongs to the verb of speaking, not to what is spoken of: "spoke on relations with China".
    pub(super) fn spoken_with(&self, past: usize, group: usize) -> bool {
        let from = self.parse.groups.get(group).map_or(past, |g| g.from);
        let Some(with) = (past + 1..from).rev().find(|k| matches!(self.line.low(*k), "with" | "to")) else {
            return true;
        };
        let topic = (past + 1..with).any(|k| matches!(self.line.low(k), "on" | "about" | "of" | "regarding"));
        let before = with.checked_sub(1).and_then(|k| self.line.toks.get(k));
        let noun = before.is_some_and(|t| {
            !t.mark
                && t.time.is_none()
                && t.targets.is_empty()
                && !self.cast.lexicon.words.is("adverb", &t.low)
                && !self.line.is(self.cast.lexicon, "phone", with - 1)
        });
        !(topic && noun && with > past + 1)
    }
}
