//! Noun triggers: "a visit to Beijing by X", "talks between A and B", "the Trump-Xi summit".

mod invitations;
mod joint;
mod parties;
mod shown;
mod told;
mod trip;
mod twins;
mod visits;

use super::find::{Found, Scene};
use crate::model::mention::Kind;

impl Scene<'_> {
    /// Reads a noun trigger.
    pub(super) fn noun(&self, at: usize, noun: usize, len: usize) -> Found {
        let lexicon = self.cast.lexicon;
        let Some(spec) = lexicon.words.nouns.get(noun) else {
            return self.refuse_noun("noun", at, len, "reject.unknown", "no such noun");
        };
        let before = self.line.before(at).to_owned();
        let after = self.line.low(at + len).to_owned();
        if self.compound(at + len) {
            return self.refuse_noun(&spec.id, at, len, "reject.compound", "the word only describes another noun");
        }
        if matches!(self.line.low(at), "face" | "face-to-face")
            && len != 2
            && !lexicon.words.is("determiner", &before)
            && !lexicon.words.is("modifier_noun", &before)
            && before != "'s"
        {
            return self.refuse_noun(&spec.id, at, len, "reject.adverb", "it says how, not what");
        }
        let theme = spec.id == "meeting.summit"
            && self.line.low(at + len) == "on"
            && (at + len..at + len + 4).any(|k| {
                self.line.is(lexicon, "multilateral", k) || matches!(self.line.low(k), "climate" | "security")
            });
        if theme {
            return self.refuse_noun(&spec.id, at, len, "reject.multilateral", "a gathering of many states");
        }
        let (reality, start) = self.noun_reality(at, len);
        let founded = ["create", "creat", "establish", "set", "up", "form", "launch"];
        if spec.id == "talks.working-group" && founded.iter().any(|w| self.line.before(start).starts_with(w)) {
            return self.refuse_noun(&spec.id, at, len, "reject.founded", "a body is founded, not met");
        }
        let many = (start..at).any(|k| {
            self.line.is(lexicon, "multilateral", k)
                && self.line.toks.get(k).is_some_and(|t| t.low != "nuclear" || spec.id == "meeting.summit")
        });
        // "on the sidelines of a ministerial meeting": the gathering beside which something else takes place.
        let beside = self.line.before(start) == "of"
            && start
                .checked_sub(2)
                .is_some_and(|k| matches!(self.line.low(k), "sidelines" | "margins" | "fringes" | "edges"));
        // "the opening dinner of the Shangri-La Dialogue".
        let of = after == "of"
            && (at + len + 1..at + len + 4).any(|k| self.line.is(lexicon, "multilateral", k))
            && spec.kind != Kind::Visit;
        let many = many || beside || of;
        if (many || lexicon.words.is("multilateral", &before)) && spec.kind != Kind::Visit {
            return self.refuse_noun(&spec.id, at, len, "reject.multilateral", "a gathering of many states");
        }
        // "It was, he added, “their call”", "that is his call to make": a decision.
        let owner = at.saturating_sub(1);
        let decision = spec.kind == Kind::Call
            && after != "with"
            && matches!(self.line.low(owner), "their" | "his" | "her" | "its" | "your" | "our" | "my")
            && (matches!(self.line.before(owner), "\"" | "“" | "‘") || lexicon.words.is("be", self.line.before(owner)));
        if decision {
            return self.refuse_noun(&spec.id, at, len, "reject.sense", "the word has another sense here");
        }
        let word_before =
            spec.not_before.contains(&before) || self.two_before(at).is_some_and(|w| spec.not_before.contains(&w));
        let word_after =
            spec.not_after.contains(&after) && !(spec.kind == Kind::Call && self.calls_about(&after, at + len));
        if word_before || word_after {
            return self.refuse_noun(&spec.id, at, len, "reject.sense", "the word has another sense here");
        }
        if spec.kind == Kind::Visit {
            return self.visit_noun(at, len, start, spec, reality);
        }
        let found = self.joint_noun(at, len, start, spec, reality);
        self.with_twin(at + len, found)
    }

    /// "consultation mechanisms", "meeting room": a plain noun follows.
    fn compound(&self, at: usize) -> bool {
        let words = &self.cast.lexicon.words;
        let Some(tok) = self.line.toks.get(at) else { return false };
        let plain = !tok.mark
            && tok.time.is_none()
            && tok.targets.is_empty()
            && tok.low.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && tok.low.len() > 3;
        plain
            && (!tok.cap || self.line.title_case && !tok.low.ends_with('s'))
            && words.verb_forms(&tok.low).is_empty()
            && !tok.low.ends_with("ed")
            && !tok.low.ends_with("ing")
            && !tok.low.ends_with("ly")
            && words.phrase(&tok.low, |i| self.line.toks.get(at + i).map(|t| t.low.as_str())).is_none()
            && !words.is_function_word(&tok.low)
            && !["former", "follower"].iter().any(|list| words.is(list, &tok.low))
    }

    fn two_before(&self, at: usize) -> Option<String> {
        (at >= 2).then(|| format!("{} {}", self.line.low(at - 2), self.line.low(at - 1)))
    }

    /// "a call to China's top soldier", "a call on tariffs", "a call on which the two were to": no appeal.
    fn calls_about(&self, after: &str, at: usize) -> bool {
        let appeal =
            || self.line.low(at + 1) != "which" && self.parse.groups.iter().any(|g| g.from > at && g.from <= at + 2);
        after == "to" && self.call_to(at) || after == "on" && self.parse.verb(at - 1).is_none() && !appeal()
    }

    /// "calls to China's top soldier": a person after "to".
    fn call_to(&self, at: usize) -> bool {
        self.parse
            .groups
            .iter()
            .any(|g| g.from == at + 1 && !self.is_state_adjective(self.parse.group_at(at + 1).unwrap_or(usize::MAX)))
    }

    /// Where the arguments of a noun end: the next finite verb, or the boundary of a clause.
    pub(super) fn reach(&self, from: usize) -> usize {
        let segment = self.parse.segment_of(from.saturating_sub(1));
        let mut end = self.parse.segments.get(segment).map_or(from, |s| s.to);
        // A list may run over commas: "talks with A, B and C".
        let mut next = segment + 1;
        while let Some(seg) = self.parse.segments.get(next) {
            let list = self.parse.groups.iter().any(|g| g.from == seg.from)
                || self.line.low(seg.from) == "and"
                || self.line.low(seg.from) == "with";
            if seg.opener == "," && seg.verb.is_none() && next < segment + 4 && list {
                end = seg.to;
                next += 1;
            } else {
                break;
            }
        }
        let words = &self.cast.lexicon.words;
        let stop = |k: &usize| {
            self.parse.noun(*k).is_some()
                || words.is("modal", self.line.low(*k)) && self.line.toks.get(*k).is_some_and(|t| t.time.is_none())
                || (words.is("be", self.line.low(*k)) && self.line.low(*k) != "'s")
                || matches!(self.line.low(*k), "\"" | "“" | "has" | "had")
        };
        let noun = (from..end).find(stop).unwrap_or(end);
        let end = end.min(noun);
        (from..end)
            .find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))
            .map_or(end, |k| self.parse.verb(k).map_or(k, |v| v.from))
    }
}
