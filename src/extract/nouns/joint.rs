//! Nouns of meeting: "talks between A and B", "the Trump-Xi summit", "a call with X".

use super::super::find::{Found, Scene};
use super::shown::Shown;
use crate::extract::actors::Head;
use crate::extract::discourse::{Part, Parts};
use crate::extract::place;
use crate::extract::status::{Real, Reality};
use crate::lexicon::words::Class;
use crate::model::actor::Side;
use crate::model::mention::Kind;

impl Scene<'_> {
    pub(super) fn joint_noun(
        &self,
        at: usize,
        len: usize,
        start: usize,
        spec: &crate::lexicon::words::Noun,
        mut reality: Reality,
    ) -> Found {
        let end = self.reach(at + len);
        if spec.kind == Kind::Talks && self.purpose_of_verb(at) {
            return self.refuse_noun(&spec.id, at, len, "reject.same", "the verb of meeting tells of it");
        }
        let given = self.adjusted(at, len, start, spec, &mut reality);
        let mut parts = Parts::default();
        let mut with_other = false;
        let mut venue_name = None;
        let mut explicit = 0;
        let mut last = at + len;
        for (prep, group) in self.noun_objects(at, len, end) {
            let from = self.parse.groups.get(group).map_or(last, |g| g.from);
            if explicit > 0 && (last..from).any(|k| matches!(self.line.low(k), "that" | "which")) {
                // "a conversation with Xi that dealt with Ukraine".
                break;
            }
            last = self.parse.groups.get(group).map_or(last, |g| g.to);
            let joins = match prep.as_str() {
                "with" | "between" | "among" => true,
                "of" if !self.own_of(at + len, group) => false,
                // "was agreed on by the two presidents".
                "by" if from > 2
                    && (from - 2..from).any(|k| self.line.low(k) == "by" && self.line.before(k) == "on") =>
                {
                    false
                }
                "of" | "by" | "from" | "to" => !self.is_state_adjective(group) || prep == "by",
                _ => false,
            };
            if joins {
                let found = self.group_parts(group);
                if found.other && !found.both() && matches!(prep.as_str(), "with" | "between") {
                    with_other = true;
                }
                parts.merge(&found);
                explicit += 1;
            }
        }
        // "a meeting with Tibetans", "talks with senior officials": the partner is nobody known.
        let with = (at + len..(at + len + 3).min(end)).find(|k| self.line.low(*k) == "with");
        let stranger = with.is_some() && !self.noun_objects(at, len, end).iter().any(|(prep, _)| prep == "with");
        let told = self
            .parse
            .groups
            .iter()
            .enumerate()
            .any(|(i, g)| g.from >= start && g.to <= at && self.group_parts(i).both())
            || self.noun_objects(at, len, end).iter().any(|(prep, g)| prep == "between" && self.group_parts(*g).both())
            || (reality.subject_of.is_some()
                && self.subject_for(at, &reality).is_some_and(|g| self.group_parts(g).both()));
        if stranger && !told {
            return self.refuse_noun(&spec.id, at, len, "reject.stranger", "the partner is nobody of the other side");
        }
        if with_other {
            return self.refuse_noun(&spec.id, at, len, "reject.other-side", "the partner is of a third side");
        }
        // "offered Xie a meeting".
        if let Some(i) =
            self.parse.groups.iter().position(|g| g.to == start && g.from > 0 && reality.subject_of == Some(g.from - 1))
        {
            let found = self.group_parts(i);
            parts.merge(&found);
            explicit += 1;
        }
        // Modifiers before the noun: "US-China trade talks", "Biden's call", "their meeting".
        for (i, group) in self.parse.groups.iter().enumerate() {
            if group.from >= start && group.to <= at {
                // "Stockholm trade talks": where, not who.
                let venue = group.members.len() == 1
                    && group.members.first().and_then(|m| self.actors.get(*m)).is_some_and(|a| {
                        a.head == Head::State
                            && a.place
                            && !a.possessive
                            && a.side.is_some_and(|s| s != Side::US && s != Side::CN)
                    })
                    && place::at(self.line, self.cast, group.from).is_some_and(|s| s.rank == 3);
                if venue {
                    venue_name = place::at(self.line, self.cast, group.from);
                    continue;
                }
                let found = self.group_parts(i);
                parts.merge(&found);
                explicit += 1;
            }
        }
        // "a Mar-a-Lago meeting": a venue that is nobody.
        venue_name = venue_name.or_else(|| {
            let free = |k: usize| self.parse.group_at(k).is_none() && self.line.low(k + 1) != "'s";
            (start..at)
                .rev()
                .filter(|k| free(*k))
                .find_map(|k| place::at(self.line, self.cast, k).filter(|s| s.rank > 1))
        });
        if parts.other && !parts.both() {
            return self.refuse_noun(&spec.id, at, len, "reject.other-side", "a party is of a third side");
        }
        let mut anaphoric = false;
        if let Some(visitor) = self.visitor_of_its(start).filter(|_| !parts.both() && start < at) {
            parts.merge(&visitor);
            anaphoric = true;
            if parts.both()
                && matches!(reality.real, Real::None | Real::Weak | Real::Bare)
                && self.dated(at, len, &reality)
            {
                // What becomes of the visit in the sentence says nothing of what took place during it.
                reality.real = Real::Past;
                reality.given = true;
            }
        }
        if parts.unknown && !parts.both() && matches!(self.line.low(start), "his" | "her" | "its") && start < at {
            return self.refuse_noun(&spec.id, at, len, "reject.unknown-owner", "it is not known whose it is");
        }
        let fallen = matches!(reality.real, Real::Cancelled | Real::Postponed | Real::Declined);
        let relative = self.relative_hold(at).filter(|_| !parts.both() && !fallen);
        if let Some((found, real)) = relative.clone() {
            // "the summit that the Chinese leader will hold with Obama".
            parts.merge(&found);
            explicit += 1;
            reality.real = real;
        }
        if parts.is_empty()
            && let Some(found) = self.relative_subject(at)
        {
            parts.merge(&found);
            explicit += 1;
        }
        if !parts.us.iter().chain(&parts.cn).any(|p| p.person.is_some())
            && let Some(found) = self.chairs(at + len)
        {
            // "held its first session, chaired by A and B".
            parts.merge(&found);
            explicit += 1;
        }
        if let Some(group) = given.and_then(|_| self.parse.groups.iter().position(|g| g.to == start)) {
            parts.merge(&self.group_parts(group));
            explicit += 1;
        }
        if parts.is_empty()
            && let Some(found) = start.checked_sub(1).and_then(|verb| self.for_to(verb)).map(|g| self.group_parts(g))
        {
            // "arrangements for Biden and Xi to hold a summit".
            parts.merge(&found);
            explicit += 1;
        }
        if parts.is_empty()
            && let Some(found) = self.line_pair(start)
        {
            parts.merge(&found);
            explicit += 1;
        }
        if !parts.both()
            && let Some(found) = self.brought_together(at + len)
        {
            // "a meeting that brought together Bessent and He".
            parts.merge(&found);
            explicit += 1;
        }
        if !parts.both()
            && !parts.other
            && let Some(found) = self.by_its_name(at, len, start, parts.is_empty())
        {
            // "the U.S.-China Commercial Issues Working Group", "the Strategic and Economic Dialogue".
            parts.merge(&found);
            explicit += 1;
        }
        let partner = explicit > 0 && !(parts.is_empty()) || given.is_some();
        let classed = reality.subject_of.and_then(|v| self.parse.verb(v).map(|verb| (v, verb.lemma))).is_some_and(
            |(v, lemma)| {
                let (class, trigger) = self.class_at(lemma, v);
                trigger
                    || class.is_some_and(|c| {
                        !matches!(c, Class::Say | Class::Announce | Class::Follow | Class::Irreal | Class::Deny)
                    })
            },
        );
        let object = classed && !self.governed_by(&reality, Class::Say);
        // "Chinese and American officials had a good conversation".
        let joint = || self.subject_for(at, &reality).is_some_and(|g| self.group_parts(g).both());
        let weak = spec.weak && !(spec.kind == Kind::Talks && self.governed_by(&reality, Class::Hold) && joint());
        if !parts.both() && (object && !weak || partner) {
            // The subject of the verb above: "Blinken held talks with Wang".
            if let Some(group) = self.subject_for(at, &reality) {
                let found = self.group_parts(group);
                let nobody = parts.is_empty() && !found.both() || found.us.is_empty() && found.cn.is_empty();
                if found.other && nobody {
                    return self.refuse_noun(&spec.id, at, len, "reject.other-side", "the subject is of a third side");
                }
                parts.merge(&found);
            }
        }
        if !parts.both()
            && matches!(self.line.low(start), "its" | "their" | "his" | "her")
            && start < at
            && explicit > 0
        {
            return self.refuse_noun(&spec.id, at, len, "reject.unknown-owner", "it is not known whose it is");
        }
        if !parts.both()
            && !parts.is_empty()
            && !spec.weak
            && (partner
                || object && matches!(reality.real, Real::Cancelled | Real::Postponed | Real::Declined)
                || object && spec.id != "meeting.summit" && self.located(at, end, &parts))
        {
            // Somebody of the other side in the clause or sentence.
            let missing = if parts.us.is_empty() { Side::US } else { Side::CN };
            let found = self.nearest(missing, at);
            if let Some(found) = found {
                parts.merge(&found);
                anaphoric = true;
            } else if let Some(part) = self.implied(missing, at, end) {
                parts.add(part);
                anaphoric = true;
            } else if let Some(part) = self.discourse.last_of(missing).filter(|_| partner) {
                parts.add(part);
                anaphoric = true;
            } else if (!partner || matches!(reality.real, Real::Cancelled | Real::Postponed) && !parts.other)
                && spec.kind == Kind::Talks
                && self.discourse.knows(missing)
            {
                // "Now it has cancelled talks": with the other side, of which the article tells.
                parts.add(Part { side: missing, person: None, label: None, level: None, state: true, inferred: false });
                anaphoric = true;
            }
        }
        if parts.is_empty() && reality.subject_of.is_none() && spec.kind != Kind::Visit {
            // "US, China agree framework at end of London talks".
            let segment = self.parse.segment_of(at);
            // "After two days of talks, negotiators for both countries said".
            let next = || {
                let fragment = self.parse.segments.get(segment).filter(|s| s.verb.is_none() && s.from == 0)?;
                self.parse.segments.iter().find(|s| s.from >= fragment.to && s.own.is_some())?.own
            };
            if let Some(found) =
                self.subject(segment, 0).or_else(next).map(|g| self.group_parts(g)).filter(|p| p.both() && !p.other)
            {
                parts.merge(&found);
                anaphoric = true;
            }
        }
        if parts.is_empty()
            && reality.subject_of.is_none()
            && !spec.weak
            && let Some(found) = self.with_the_hosts(at, end, &reality)
        {
            parts = found;
            anaphoric = true;
        }
        if parts.is_empty()
            && let Some(found) = self.counted_day(at, start).and_then(|_| self.pair_here(at))
        {
            // "as a second day of talks began": of those whom the line or the text names.
            parts.merge(&found);
            anaphoric = true;
        }
        let the = matches!(self.line.low(start), "the" | "that" | "this" | "these" | "those") || start == at;
        if !parts.both() && !spec.weak && parts.is_empty() && the {
            // "the discussions would lay the ground": nothing becomes of them.
            let told = reality.real != Real::Future || reality.rules.iter().any(|(rule, _)| rule != "status.hold");
            let decisive = told && !matches!(reality.real, Real::Bare | Real::Past | Real::None | Real::Weak);
            if decisive
                && let Some(last) =
                    self.discourse.last(spec.kind).or_else(|| self.discourse.last(Kind::Talks)).filter(|_| start < at)
            {
                parts.merge(last);
                anaphoric = true;
            }
        }
        let states = parts.us.iter().chain(&parts.cn).all(|p| p.state) && !parts.other && !parts.unknown;
        let fell = matches!(reality.real, Real::Cancelled | Real::Postponed);
        let between = spec.kind == Kind::Talks || spec.kind == Kind::Call && fell;
        if !parts.both() && (parts.is_empty() || states && object) && between && !spec.weak {
            // "Now it has cancelled talks", "as it presses forward with trade talks": in an article of the two alone.
            let decisive = !matches!(reality.real, Real::Bare | Real::Past | Real::None | Real::Weak)
                || (reality.real == Real::Weak && !parts.is_empty());
            let third = self.actors.iter().any(|a| {
                (a.head == Head::Blocked && a.side.is_none() && !a.source)
                    || a.side.is_some_and(|s| s != Side::US && s != Side::CN)
            });
            if decisive
                && !third
                && self.discourse.of_two()
                && [Side::US, Side::CN].into_iter().all(|s| self.discourse.knows(s))
            {
                for side in [Side::US, Side::CN] {
                    parts.add(Part { side, person: None, label: None, level: None, state: true, inferred: false });
                }
                anaphoric = true;
            }
        }
        if !parts.both()
            && !parts.other
            && reality.subject_of.is_none()
            && !stranger
            && (!spec.weak || spec.kind == Kind::Talks && start < at)
            && matches!(self.line.before(start), "in" | "during" | "at" | "on" | "over")
            && let Some(found) = self.tellers()
        {
            // "In a phone call on Tuesday Xi told Biden that …".
            reality.presupposed |= self.line.toks.get(start).is_some_and(|t| t.time.is_some());
            parts.merge(&found);
            anaphoric = true;
        }
        if reality.real == Real::Declined
            && matches!(spec.kind, Kind::Meeting | Kind::Call)
            && parts.us.iter().chain(&parts.cn).all(|p| p.state)
            && !parts.other
            && !self.line.headline
            && let Some(pair) = self.discourse.pair()
        {
            // "Beijing had turned down a request for a meeting": of the two of whom the article tells.
            parts = pair;
            anaphoric = true;
        }
        let within =
            self.line.low(start) == "the" && self.cast.lexicon.words.is("preposition", self.line.before(start));
        let plain = matches!(reality.real, Real::Bare | Real::Past) && reality.rules.is_empty();
        if plain && within && explicit > 0 && parts.both() && self.line.paragraph > 0 {
            // "in the spirit of the call between Xi and Biden": taken for known.
            reality.given = true;
        }
        if self.told_before(start, at, &parts, &reality)
            || self.named_elsewhere(start, spec, venue_name.is_some(), explicit)
        {
            return self.refuse_noun(&spec.id, at, len, "reject.told", "the text tells of it elsewhere");
        }
        self.leave_to_officials(spec.kind, &reality, &mut parts);
        if self.copula(start) {
            return self.refuse_noun(&spec.id, at, len, "reject.copula", "it only describes something told elsewhere");
        }
        if parts.is_empty()
            && let Some(found) = self.another_round(at, start, spec, &reality)
        {
            parts = found;
            anaphoric = true;
        }
        if spec.weak && !parts.both() {
            return self.refuse_noun(
                &spec.id,
                at,
                len,
                "reject.one-side",
                "no party of each side beside a word of many senses",
            );
        }
        let people = |side: Side| parts.of(side).iter().any(|p| p.person.is_some());
        if matches!(spec.id.as_str(), "meeting.exchange" | "meeting.welcome") && !(people(Side::US) && people(Side::CN))
        {
            return self.refuse_noun(&spec.id, at, len, "reject.one-side", "nobody of each side is named beside it");
        }
        if reality.describes && spec.kind == Kind::Talks {
            reality.real = Real::None;
        }
        let governed = reality.subject_of.is_some() || reality.is_subject || !reality.rules.is_empty();
        let told = reality.real != Real::Bare && governed || self.line.headline || reality.when;
        if spec.kind == Kind::Talks && !told && !self.dated(at, len, &reality) && !self.line.before(start).is_empty() {
            // "would get in the way of the trade talks with China": talk about talks.
            reality.real = Real::None;
        }
        if self.irreal_talks(at, start, spec.kind, &reality) {
            reality.real = Real::None;
        }
        let named = |list: &[Part]| list.iter().any(|p| p.person.is_some());
        let kind = if matches!(spec.id.as_str(), "talks.plain" | "talks.conversation")
            && named(&parts.us)
            && named(&parts.cn)
            && !self.trade_word(start, at)
        {
            Kind::Meeting
        } else {
            spec.kind
        };
        let shown = Shown { at, len, start, end, spec, relative: relative.is_some(), venue: venue_name, anaphoric };
        self.show(kind, parts, reality, &shown)
    }
}
