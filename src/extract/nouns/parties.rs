//! Whose talks they are, where their own phrase does not name both: the clause, the chair, the place, the sentence.

use super::super::find::Scene;
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::place;
use crate::extract::status::{Real, Reality};
use crate::lexicon::words::Class;
use crate::model::actor::{Level, Side};
use crate::model::mention::Kind;

impl Scene<'_> {
    /// Who holds an event in the relative clause after it, and how real that is.
    pub(super) fn relative_hold(&self, at: usize) -> Option<(Parts, Real)> {
        let next = self.parse.segments.get(self.parse.segment_of(at) + 1)?;
        let own = next.own.filter(|_| matches!(next.opener.as_str(), "that" | "which"))?;
        let v = next.verb?;
        let verb = self.parse.verb(v).filter(|verb| self.class_at(verb.lemma, v).0 == Some(Class::Hold))?;
        let mut parts = self.group_parts(own);
        for (_, group) in self.noun_objects(v, 1, next.to).iter().filter(|(prep, _)| prep == "with") {
            parts.merge(&self.group_parts(*group));
        }
        let real = if verb.will {
            Real::Future
        } else if verb.past || verb.perfect {
            Real::Past
        } else {
            return None;
        };
        (parts.both() && !verb.negated).then_some((parts, real))
    }

    /// "a call on which Washington and Beijing were to go over the pact": both sides, subject of the clause after it.
    pub(super) fn relative_subject(&self, at: usize) -> Option<Parts> {
        let next = self.parse.segments.get(self.parse.segment_of(at) + 1)?;
        let own = next.own.filter(|_| matches!(next.opener.as_str(), "which" | "that"))?;
        Some(self.group_parts(own)).filter(|parts| parts.both() && !parts.other)
    }

    /// Those of both sides by whom an event is chaired.
    pub(super) fn chairs(&self, from: usize) -> Option<Parts> {
        let to = (from + 14).min(self.line.toks.len());
        let chaired = |k: usize| matches!(self.line.low(k), "chaired" | "co-chaired" | "cochaired" | "led" | "headed");
        // "was concluded in Tianjin on September 7 by A and B".
        let held = |k: usize| {
            matches!(self.line.low(k), "concluded" | "held" | "hosted" | "convened" | "conducted" | "opened")
        };
        let by = (from..to).find(|k| self.line.low(k + 1) == "by" && (chaired(*k) || (from..=*k).any(held)))?;
        let group = self.parse.groups.iter().position(|g| g.from > by + 1 && g.from <= by + 4)?;
        let parts = self.group_parts(group);
        let people = |list: &[Part]| list.iter().any(|p| p.person.is_some());
        (people(&parts.us) && people(&parts.cn) && !parts.other).then_some(parts)
    }

    /// "Trump cancelled trade talks with China": a leader who calls off or announces talks with a state is no party.
    pub(super) fn leave_to_officials(&self, kind: Kind, reality: &Reality, parts: &mut Parts) {
        let decided =
            matches!(reality.real, Real::Cancelled | Real::Postponed) || self.governed_by(reality, Class::Announce);
        if kind != Kind::Talks || !decided || !parts.both() {
            return;
        }
        for side in [Side::US, Side::CN] {
            let leaders = parts.of(side).iter().all(|p| p.person.is_some() && p.level == Some(Level::Leader));
            if leaders && parts.of(other_side(side)).iter().all(|p| p.state) {
                let state = Part { side, person: None, label: None, level: None, state: true, inferred: false };
                let list = if side == Side::US { &mut parts.us } else { &mut parts.cn };
                *list = vec![state];
            }
        }
    }

    /// Subject and direct object of the sentence's first verb, where they are people of the two sides.
    pub(super) fn tellers(&self) -> Option<Parts> {
        let (index, verb) = self.parse.segments.iter().enumerate().find_map(|(i, s)| Some((i, s.verb?)))?;
        let mut parts = self.subject(index, 0).map(|g| self.group_parts(g))?;
        let end = self.parse.segments.get(index).map_or(verb, |s| s.to);
        let object = self
            .noun_objects(verb, 1, end)
            .into_iter()
            .find(|(prep, _)| prep.is_empty() || prep == "with" || prep == "to")?;
        parts.merge(&self.group_parts(object.1));
        let people = |list: &[Part]| list.iter().any(|p| p.person.is_some());
        (people(&parts.us) && people(&parts.cn) && !parts.other).then_some(parts)
    }

    /// Whether the event stands in the country of the side that is missing.
    pub(super) fn located(&self, at: usize, end: usize, parts: &Parts) -> bool {
        let missing = if parts.us.is_empty() { Side::US } else { Side::CN };
        self.implied(missing, at, end).is_some()
    }

    pub(super) fn trade_word(&self, start: usize, at: usize) -> bool {
        (start..at).any(|k| {
            matches!(
                self.line.low(k),
                "trade" | "economic" | "tariff" | "climate" | "military" | "security" | "strategic" | "nuclear"
            )
        })
    }

    /// Talks of one side's delegation in the other's country are with the other side.
    pub(super) fn implied(&self, missing: Side, at: usize, end: usize) -> Option<Part> {
        let from = self.parse.segments.get(self.parse.segment_of(at)).map_or(0, |s| s.from);
        let spot = place::within(self.line, self.cast, from, end.max(at), at)
            .or_else(|| self.dateline.cloned().filter(|_| (at..end).any(|k| self.line.low(k) == "here")))?;
        (spot.country == Some(missing)).then_some(Part {
            side: missing,
            person: None,
            label: None,
            level: None,
            state: true,
            inferred: false,
        })
    }

    /// "close to a deal", "the status of the talks": talk about talks.
    pub(super) fn irreal_talks(&self, at: usize, start: usize, kind: Kind, reality: &Reality) -> bool {
        if kind != Kind::Talks {
            return false;
        }
        let if_before = (0..at).rev().take(12).any(|k| matches!(self.line.low(k), "if" | "unless"));
        let about =
            matches!(self.line.before(start), "of" | "about" | "in") && self.governed_by(reality, Class::Irreal);
        if_before || about
    }

    /// The nearest person or office of a side in the sentence before a token, else after it.
    pub(in crate::extract) fn nearest(&self, side: Side, at: usize) -> Option<Parts> {
        let mut best: Option<(usize, Parts)> = None;
        for (i, group) in self.parse.groups.iter().enumerate() {
            if self.has_other(i) {
                continue;
            }
            let source = group.members.iter().any(|m| self.actors.get(*m).is_some_and(|a| a.source));
            // "After Pelosi's visit to Taiwan China cancelled talks": the owner of another event.
            let owner = group.members.last().and_then(|m| self.actors.get(*m)).is_some_and(|a| {
                a.possessive
                    && a.person().is_some()
                    && (a.to..a.to + 4).any(|k| k != at && self.parse.noun(k).is_some())
            });
            if source || owner {
                continue;
            }
            let parts = self.group_parts(i);
            if parts.of(side).is_empty() {
                continue;
            }
            let distance = if group.to <= at { at - group.to } else { 2 * (group.from - at.min(group.from)) + 4 };
            let mut own = Parts::default();
            for part in parts.of(side) {
                own.add(part.clone());
            }
            if best.as_ref().is_none_or(|(d, _)| distance < *d) {
                best = Some((distance, own));
            }
        }
        best.map(|(_, parts)| parts)
    }
}
