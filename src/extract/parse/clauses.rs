//! Where clauses begin and end, and what their subjects are.

use super::{Parse, Segment, Verb};
use crate::extract::actors::Actor;
use crate::extract::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Class;

impl Parse {
    pub(super) fn cut(&mut self, line: &Line, actors: &[Actor], lexicon: &Lexicon) {
        let n = line.toks.len();
        let mut starts: Vec<(usize, String)> = vec![(0, String::new())];
        let mut at = 0;
        while at < n {
            if let Some(g) = self.groups.iter().find(|g| g.from <= at && at + 1 < g.to && g.from < at) {
                at = g.to;
                continue;
            }
            // "the Strategic and Economic Dialogue": no clause begins within a name.
            let named = (at.saturating_sub(6)..at).any(|k| self.noun(k).is_some_and(|(_, len)| k + len > at));
            if named {
                at += 1;
                continue;
            }
            let low = line.low(at).to_owned();
            let tok_mark = line.toks.get(at).is_some_and(|t| t.mark);
            if tok_mark && matches!(low.as_str(), "," | ";" | ":" | "—" | "–" | "(" | ")" | "…" | "?" | "!") {
                starts.push((at + 1, low));
            } else if !tok_mark && line.toks.get(at).is_some_and(|t| t.time.is_none() && t.targets.is_empty()) {
                let opens = if lexicon.words.is("relative", &low) {
                    low != "when" && low != "where" || self.verb_within(at + 1, n)
                } else if low == "that"
                    && at.checked_sub(1).and_then(|k| self.verb(k)).is_some_and(|v| says(lexicon, v.lemma))
                {
                    true
                } else if low == "that" {
                    self.verb(at + 1).is_some() || self.clause_follows(line, at + 1)
                } else if lexicon.words.is("subordinator", &low) {
                    at > 0
                } else if lexicon.words.is("coordinator", &low) {
                    let next = self.skip_adverbs(line, lexicon, at + 1);
                    // "Gerrish and his team will stay": a second subject, not a second clause.
                    let since = starts.last().map_or(0, |(from, _)| *from);
                    let subject = matches!(line.low(at + 1), "his" | "her" | "their") && !self.verb_within(since, at);
                    self.is_verb_start(line, lexicon, next) || self.clause_follows(line, at + 1) && !subject
                } else {
                    false
                };
                if opens {
                    starts.push((at, low));
                }
            }
            // A say verb closes its own segment when a clause follows.
            if let Some(verb) = self.verb(at)
                && verb.finite
                && lexicon
                    .words
                    .senses(verb.lemma)
                    .iter()
                    .any(|s| matches!(s.meaning, crate::lexicon::words::Meaning::Predicate(Class::Say)))
                && let Some(next) = [at + 1, skip_day(line, at + 1)].into_iter().find(|k| self.clause_follows(line, *k))
            {
                starts.push((next, "say".to_owned()));
            }
            at += 1;
        }
        starts.sort_by_key(|(at, _)| *at);
        // Where two boundaries fall together the word wins over the mark.
        let mut merged: Vec<(usize, String)> = Vec::new();
        for (at, opener) in starts {
            match merged.last_mut() {
                Some(last) if last.0 == at => last.1 = opener,
                _ => merged.push((at, opener)),
            }
        }
        let ends: Vec<usize> = merged.iter().skip(1).map(|(at, _)| *at).chain([n]).collect();
        self.segments = merged
            .into_iter()
            .zip(ends)
            .filter(|((from, _), to)| from < to)
            .map(|((from, opener), to)| Segment { from, to, opener, verb: None, own: None, foreign: false })
            .collect();
        self.main_verbs(line);
        for i in 0..self.segments.len() {
            let Some(segment) = self.segments.get(i) else { continue };
            let (from, to) = (segment.from, segment.to);
            let verb = (from..to).find(|at| self.verb(*at).is_some_and(|v| v.finite));
            let limit = verb.and_then(|v| self.verb(v)).map_or(to, |v| v.from);
            let limit = if verb.is_none() {
                (from..to).find_map(|at| self.verb(at).map(|v| v.from)).unwrap_or(to)
            } else {
                limit
            };
            let word = self.segments.get(i).is_some_and(|s| {
                lexicon.words.is("subordinator", &s.opener)
                    || lexicon.words.is("coordinator", &s.opener)
                    || s.opener == "that"
            });
            let own = self.subject_group(line, actors, lexicon, from + usize::from(word), limit);
            let said = self.segments.get(i).is_some_and(|s| s.opener == "say") && line.low(from) == "it";
            // "who on the same day met": the pronoun is the subject, whatever stands before the verb.
            let who = self.segments.get(i).is_some_and(|s| s.opener == "who");
            let foreign = own.is_none()
                && !said
                && !who
                && verb.is_some()
                && (from..limit).any(|at| {
                    line.toks.get(at).is_some_and(|t| !t.mark && t.time.is_none())
                        && !lexicon.words.is("adverb", line.low(at))
                        && !lexicon.words.is("coordinator", line.low(at))
                        && !lexicon.words.is("subordinator", line.low(at))
                        && !lexicon.words.is("relative", line.low(at))
                        && !lexicon.words.is("preposition", line.low(at))
                        && self.verb(at).is_none()
                });
            if let Some(segment) = self.segments.get_mut(i) {
                segment.verb = verb;
                segment.own = own;
                segment.foreign = foreign;
            }
        }
    }

    /// "Kerry, who landed on Sunday, sat across from Xie": after a comma the past form is the main verb where the
    /// sentence's subject still waits for one.
    pub(super) fn main_verbs(&mut self, line: &Line) {
        let Some(first) = self.segments.first() else { return };
        let has_group =
            self.groups.iter().any(|g| g.from >= first.from && g.from < first.to && g.from <= first.from + 3);
        if !has_group || self.verb_within(first.from, first.to) {
            return;
        }
        for i in 1..self.segments.len() {
            let Some(segment) = self.segments.get(i) else { return };
            let (from, to) = (segment.from, segment.to);
            let comma = matches!(segment.opener.as_str(), "," | "—" | ")");
            let starts = self.verb(from).is_some_and(|v| v.form == Form::Past && !v.finite);
            if comma && starts {
                // "…, expected in May, was": a participle where a finite verb without a subject follows.
                let later = (i + 1..self.segments.len()).any(|j| {
                    self.segments.get(j).is_some_and(|s| {
                        matches!(s.opener.as_str(), ",")
                            && (s.from..s.to)
                                .find_map(|k| self.verb(k).map(|v| (k, v)))
                                .is_some_and(|(_, v)| v.finite && v.from == s.from)
                    })
                });
                if !later && let Some(Some(verb)) = self.verbs.get_mut(from) {
                    verb.finite = true;
                    verb.passive = false;
                }
                return;
            }
            let relative =
                matches!(segment.opener.as_str(), "who" | "which" | "whose" | "where" | "when" | "and" | "that");
            if !relative && self.verb_within(from, to) {
                return;
            }
            let _ = line;
        }
    }

    /// The first group before the verb that no preposition or possessive ties to something else.
    pub(super) fn subject_group(
        &self,
        line: &Line,
        actors: &[Actor],
        lexicon: &Lexicon,
        from: usize,
        limit: usize,
    ) -> Option<usize> {
        let mut found = None;
        for (i, group) in self.groups.iter().enumerate() {
            if group.from < from || group.to > limit {
                continue;
            }
            let last = group.members.last().and_then(|m| actors.get(*m));
            let first = group.members.first().and_then(|m| actors.get(*m));
            if last.is_some_and(|a| a.possessive || a.adjective && a.from + 1 == a.to) {
                continue;
            }
            let mut before = group.from;
            while before > from && matches!(line.before(before), "the" | "both" | "a" | "an") {
                before -= 1;
            }
            if before > from && lexicon.words.is("preposition", line.before(before)) {
                continue;
            }
            // A noun trigger before it is the subject ("talks … Blinken").
            if (from..group.from).any(|at| self.noun(at).is_some())
                && found.is_none()
                && !(from..group.from).any(|at| line.low(at) == ",")
            {
                return None;
            }
            if first.is_some() {
                found = Some(i);
            }
        }
        found
    }

    pub(super) fn verb_within(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| self.verb(at).is_some_and(|v| v.finite))
    }

    pub(in crate::extract) fn skip_adverbs(&self, line: &Line, lexicon: &Lexicon, mut at: usize) -> usize {
        while lexicon.words.is("adverb", line.low(at)) || line.toks.get(at).is_some_and(|t| t.time.is_some()) {
            at += 1;
        }
        at
    }

    pub(super) fn is_verb_start(&self, line: &Line, lexicon: &Lexicon, at: usize) -> bool {
        self.verb(at).is_some_and(|v| v.finite || v.form == Form::Base)
            || line.is(lexicon, "modal", at)
            || line.is(lexicon, "have", at)
            || (line.is(lexicon, "be", at) && line.low(at) != "'s")
            || line.is(lexicon, "do", at)
            || (line.low(at) == "to" && self.verb(at + 1).is_some())
    }

    /// Whether a noun phrase and a finite verb follow within a few words, before any mark.
    pub(super) fn clause_follows(&self, line: &Line, from: usize) -> bool {
        let mut noun = false;
        for at in from..(from + 12).min(line.toks.len()) {
            if self.verb(at).is_some_and(|v| v.finite) {
                return noun;
            }
            let Some(tok) = line.toks.get(at) else { return false };
            let inside = self.groups.iter().any(|g| g.from <= at && at < g.to);
            if tok.low == "," && noun && self.resumes(line, at) {
                return true;
            }
            if tok.mark && !inside && !matches!(tok.low.as_str(), "\"" | "“" | "”" | "’" | "‘" | "'" | "$") {
                return false;
            }
            if !inside
                && at > from
                && matches!(
                    tok.low.as_str(),
                    "who" | "which" | "that" | "when" | "where" | "after" | "before" | "because" | "while"
                )
            {
                return false;
            }
            if at == from
                && !inside
                && matches!(
                    tok.low.as_str(),
                    "in" | "with" | "for" | "of" | "to" | "by" | "at" | "on" | "about" | "from"
                )
            {
                return false;
            }
            noun = true;
        }
        false
    }

    /// "his visit, which was to begin on March 31, would be delayed": a comma, a relative clause, a comma and a verb.
    fn resumes(&self, line: &Line, comma: usize) -> bool {
        let relative = matches!(line.low(comma + 1), "which" | "who");
        // ", planned for March 31, would be put off": a parenthesis without a finite verb.
        let quiet = |end: usize| (comma + 1..end).all(|k| self.verb(k).is_none_or(|v| !v.finite));
        (comma + 2..(comma + 16).min(line.toks.len()))
            .find(|k| line.low(*k) == "," && line.toks.get(*k).is_some_and(|t| t.mark))
            .is_some_and(|end| {
                (relative || quiet(end))
                    && (end + 1..end + 5).any(|k| self.verb(k).is_some_and(|v| v.finite && v.from == end + 1))
            })
    }
}

/// Past "on Tuesday" or "Tuesday" after a verb of saying.
fn skip_day(line: &Line, at: usize) -> usize {
    let timed = |k: usize| line.toks.get(k).is_some_and(|t| t.time.is_some());
    if timed(at) {
        at + 1
    } else if line.low(at) == "on" && timed(at + 1) {
        at + 2
    } else {
        at
    }
}

/// Whether a lemma is a verb of saying.
pub(super) fn says(lexicon: &Lexicon, lemma: usize) -> bool {
    lexicon
        .words
        .senses(lemma)
        .iter()
        .any(|s| s.particles.is_empty() && matches!(s.meaning, crate::lexicon::words::Meaning::Predicate(Class::Say)))
}

pub(super) fn finite_near(line: &Line, lexicon: &Lexicon, verbs: &[Option<Verb>], from: usize) -> bool {
    let mut at = from;
    while lexicon.words.is("adverb", line.low(at)) {
        at += 1;
    }
    verbs.get(at).and_then(Option::as_ref).is_some_and(|v| v.finite)
        || line.is(lexicon, "modal", at)
        || line.is(lexicon, "have", at)
        || (line.is(lexicon, "be", at) && line.low(at) != "'s")
}
