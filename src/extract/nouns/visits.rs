//! Nouns of travelling: "a visit to Beijing by X", "the trip".

use super::super::find::{Found, Scene};
use crate::extract::actors::Head;
use crate::extract::discourse::{Parts, other_side};
use crate::extract::place;
use crate::extract::status::{Real, Reality};
use crate::lexicon::words::Class;
use crate::model::actor::Side;
use crate::model::mention::Kind;

impl Scene<'_> {
    pub(super) fn visit_noun(
        &self,
        at: usize,
        len: usize,
        start: usize,
        spec: &crate::lexicon::words::Noun,
        mut reality: Reality,
    ) -> Found {
        let end = self.reach(at + len);
        let tour = matches!(self.line.low(at + len - 1), "tour" | "swing");
        let inside = self.line.low(at + len - 1) == "in";
        let preps: &[&str] = if inside {
            &["", "in"]
        } else if tour {
            &["to", "in", "of", "through"]
        } else {
            &["to", "in"]
        };
        let mut spot = place::destination(self.line, self.cast, at + len, end, preps);
        // "his China visit", "the Beijing trip".
        if spot.is_none() {
            let alone = |k: usize| {
                self.actors
                    .iter()
                    .find(|a| a.from <= k && k < a.to)
                    .is_none_or(|a| a.to == a.from + 1 && !a.possessive && a.head == Head::State)
            };
            spot = (start..at).rev().filter(|k| alone(*k)).find_map(|k| {
                place::at(self.line, self.cast, k).filter(|s| s.rank > 0 && self.line.low(k + 1) != "'s")
            });
        }
        if spot.is_none() && (at + len..end.min(at + len + 2)).any(|k| self.line.low(k) == "here") {
            spot = self.dateline.cloned();
        }
        if spot.is_none() && self.line.low(at + len) == "to" && self.line.low(at + len + 1) == "the" {
            // "Liu He's visit to the city", "a trip to the Chinese capital": the one named before.
            let last = (at + len + 2..end.min(at + len + 4)).any(|k| matches!(self.line.low(k), "city" | "capital"));
            spot = self.discourse.city.clone().filter(|_| last);
        }
        if spot.is_none()
            && let Some(next) = self.parse.segments.get(self.parse.segment_of(at) + 1)
            && matches!(next.opener.as_str(), "that" | "which")
            && next.own.is_some()
        {
            // "the state visit that Xi is to pay to the United States".
            spot = place::destination(self.line, self.cast, next.from, next.to, &["to"]);
        }
        let pointed = spot.is_some();
        let mut visitors = Parts::default();
        // By a "by" or "of" phrase.
        for (prep, group) in self.noun_objects(at, len, end) {
            let owned = self
                .parse
                .groups
                .get(group)
                .and_then(|g| g.members.last())
                .and_then(|m| self.actors.get(*m))
                .is_some_and(|a| a.possessive);
            if !owned && (prep == "by" || (prep == "of" && !self.is_state_adjective(group))) {
                let found = self.group_parts(group);
                visitors.merge(&found);
            }
        }
        // Of several visitors after "by" only people of the travelling side count.
        if let Some(s) = &spot
            && let Some(country) = s.country
        {
            let host_side = country;
            if visitors.of(other_side(host_side)).is_empty()
                && (host_side == Side::US || host_side == Side::CN)
                && !visitors.other
            {
                visitors = Parts::default();
            }
        }
        let mut possessor = None;
        if visitors.is_empty() {
            possessor = self.possessor(start, at);
            if let Some(group) = possessor {
                let found = self.group_parts(group);
                visitors.merge(&found);
                if visitors.us.is_empty()
                    && visitors.cn.is_empty()
                    && matches!(self.line.low(start), "his" | "her" | "their" | "its")
                    && reality.subject_of.is_some()
                {
                    // "Gerrish and his team ended their visit": the subject's own.
                    if let Some(group) = self.subject_for(at, &reality) {
                        visitors = self.group_parts(group);
                        visitors.unknown = false;
                    }
                }
                // "China's visit": the place of an old possessive is no visitor.
                if visitors.us.iter().chain(&visitors.cn).all(|p| p.state) && !visitors.other {
                    visitors = Parts::default();
                }
            }
        }
        if possessor.is_none()
            && !visitors.is_empty()
            && !visitors.other
            && visitors.us.iter().chain(&visitors.cn).all(|p| p.state)
        {
            visitors = Parts::default();
        }
        let state_visitor = self.adjective_visitor(start, at);
        if visitors.is_empty()
            && possessor.is_none()
            && !self.of_third(start, at)
            && let Some(group) = self.subject_for(at, &reality).filter(|_| {
                !self.governed_by(&reality, Class::Announce)
                    && !self.governed_by(&reality, Class::Say)
                    && (reality.subject_of.is_some() || self.adjunct_subject(at))
            })
        {
            let found = self.group_parts(group);
            visitors.merge(&found);
        }
        if (visitors.is_empty() || visitors.us.iter().chain(&visitors.cn).all(|p| p.state))
            && let Some(part) = state_visitor
        {
            visitors = Parts::default();
            visitors.add(part);
        }
        if (visitors.is_empty() || spot.is_some() && reality.subject_of.is_some()) && possessor.is_none() {
            // "a trip that Blinken had planned", "spoke about the visit to China that Trump is planning".
            let next = self
                .parse
                .segments
                .get(self.parse.segment_of(at) + 1)
                .filter(|s| matches!(s.opener.as_str(), "that" | "which"));
            if let Some(group) = next.and_then(|s| s.own) {
                let plan = next.and_then(|s| s.verb).is_some_and(|v| {
                    self.parse
                        .verb(v)
                        .is_some_and(|verb| self.class_at(verb.lemma, v).0 == Some(Class::Plan) && !verb.past)
                });
                if visitors.is_empty() || plan {
                    visitors = self.group_parts(group);
                }
                if plan && matches!(reality.real, Real::Bare | Real::Past | Real::Present | Real::None) {
                    reality.real = Real::Future;
                }
            }
        }
        let anaphoric = matches!(self.line.low(start), "the" | "that" | "this" | "it") && spot.is_none();
        let comes = anaphoric
            && (at + len..at + len + 3)
                .any(|k| matches!(self.line.low(k), "comes" | "came" | "coincides" | "coincided"));
        if comes && visitors.us.iter().chain(&visitors.cn).all(|p| p.person.is_none()) {
            // "The trip comes two weeks after …": told elsewhere.
            return self.refuse_noun(&spec.id, at, len, "reject.copula", "it only describes something told elsewhere");
        }
        let fired = |rule: &str| reality.rules.iter().any(|(name, _)| name == rule);
        // "The trip is part of a tour": what it is says nothing of its being under way.
        let describes = matches!(reality.real, Real::Present | Real::Underway) && !fired("status.begin");
        let decisive = !matches!(reality.real, Real::Bare | Real::Past | Real::None) && !describes;
        if visitors.us.iter().chain(&visitors.cn).all(|p| p.state)
            && !visitors.other
            && anaphoric
            && decisive
            && !spec.weak
            && let Some(last) = self.discourse.last(Kind::Visit)
        {
            visitors = Parts::default();
            let side = self.discourse.visit.as_ref().map(|(p, _)| p.side);
            for part in last.us.iter().chain(&last.cn).filter(|p| Some(p.side) == side) {
                visitors.add(part.clone());
            }
        }
        if (visitors.is_empty() || visitors.us.iter().chain(&visitors.cn).all(|p| p.state))
            && !visitors.other
            && !visitors.unknown
            && matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined)
            && let Some(found) = self
                .subject(0, 0)
                .map(|g| self.group_parts(g))
                .filter(|p| p.us.iter().chain(&p.cn).any(|p| !p.state) && !p.other)
        {
            // "Trump said he had asked China to delay a visit": the one of whom the sentence tells.
            visitors = found;
        }
        if visitors.is_empty() && self.line.headline && !self.of_third(start, at) {
            // "Mnuchin: a trip to Beijing is under consideration".
            let first = self.parse.groups.iter().position(|g| g.to <= start);
            if let Some(found) = first.map(|g| self.group_parts(g)).filter(|p| p.us.len() + p.cn.len() == 1) {
                visitors.merge(&found);
            }
        }
        if spot.is_none() && !visitors.is_empty() {
            // "was received in Beijing, midway through a stay": a city of the other side's in the sentence.
            let side = visitors.us.first().or(visitors.cn.first()).map(|p| p.side);
            spot = place::within(self.line, self.cast, 0, self.line.toks.len(), at)
                .filter(|s| side.is_some_and(|x| s.country == Some(other_side(x))) && s.rank > 1);
        }
        if spot.is_none()
            && !visitors.is_empty()
            && !spec.weak
            && self.line.low(at + len) != "to"
            && self.discourse.of_two()
        {
            // "will send officials to China to prepare for a visit by Blinken".
            let side = visitors.us.iter().chain(&visitors.cn).find(|p| p.person.is_some()).map(|p| p.side);
            spot = place::destination(self.line, self.cast, 0, start, &["to", "in"])
                .filter(|s| side.is_some_and(|x| s.country == Some(other_side(x))));
        }
        if spot.is_none()
            && !visitors.is_empty()
            && (matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined)
                || self.governed_by(&reality, Class::Propose))
            && let Some(side) = visitors.us.first().or(visitors.cn.first()).map(|p| p.side)
            && self.line.low(at + len) != "to"
            && self.parse.groups.iter().enumerate().any(|(i, _)| !self.group_parts(i).of(other_side(side)).is_empty())
        {
            // "China postpones a US admiral's visit": the host decides.
            spot = self.cast.lexicon.states.iter().find(|s| s.side == other_side(side)).map(|s| place::Spot {
                at,
                name: s.name.clone(),
                country: Some(s.side),
                rank: 1,
            });
        }
        if spot.is_none() && spec.weak && self.duration(start, at, len).is_some() && self.discourse.of_two() {
            // "The adviser's two-day stop", written from Beijing.
            let side = visitors.us.iter().chain(&visitors.cn).find(|p| p.person.is_some()).map(|p| p.side);
            spot = self.dateline.filter(|d| side.is_some_and(|s| d.country == Some(other_side(s)))).cloned();
        }
        let formal = matches!(self.line.low(at), "state" | "official" | "working") && len > 1;
        if spot.is_none() && formal && self.discourse.of_two() {
            // "whose state visit began on Tuesday": of the other country, where no third is told of.
            let side = visitors.us.iter().chain(&visitors.cn).find(|p| p.person.is_some()).map(|p| p.side);
            spot = side
                .and_then(|s| self.cast.lexicon.states.iter().find(|x| x.side == other_side(s)))
                .map(|s| place::Spot { at, name: s.name.clone(), country: Some(s.side), rank: 1 });
        }
        if self.copula(start) {
            if let Some(found) = self.implied_visit(at, len, start, &visitors, spot.as_ref()) {
                return found;
            }
            return self.refuse_noun(&spec.id, at, len, "reject.copula", "it only describes something told elsewhere");
        }
        if visitors.is_empty() {
            visitors = self.pair_of_visitors(at, spot.as_ref()).unwrap_or(visitors);
        }
        let named = visitors.us.iter().chain(&visitors.cn).any(|p| p.person.is_some());
        let told =
            matches!(reality.real, Real::Postponed | Real::Cancelled | Real::Declined | Real::Future | Real::Weak);
        if !named && !pointed && !told {
            if visitors.is_empty()
                && let Some(found) = self.implied_visit(at, len, start, &visitors, None)
            {
                return found;
            }
            return self.refuse_noun(
                &spec.id,
                at,
                len,
                "reject.vague",
                "neither visitor nor destination is named beside it",
            );
        }
        if spec.weak && spot.is_none() {
            return self.refuse_noun(
                &spec.id,
                at,
                len,
                "reject.no-destination",
                "no destination in the other side's country",
            );
        }
        let mut found = self.visit(at, len, &spec.id, visitors, spot, reality, None);
        if let Found::Candidates(list) = &mut found {
            let days = self.duration(start, at, len);
            for c in list {
                c.days = days;
            }
        }
        found
    }

    /// The days of "a five-day visit", "a visit of two days".
    pub(super) fn duration(&self, start: usize, at: usize, len: usize) -> Option<i32> {
        let text = |k: usize| self.line.toks.get(k).map(|t| t.low.as_str());
        let before = (start..at).filter_map(text).find_map(|w| number(w.strip_suffix("-day")?));
        // "two days of trade talks".
        let of = start.checked_sub(3).filter(|k| self.line.low(k + 1) == "days" && self.line.low(k + 2) == "of");
        let before = before.or_else(|| of.and_then(text).and_then(number));
        before.or_else(|| {
            let n = number(text(at + len + 1).filter(|_| self.line.low(at + len) == "of")?)?;
            (self.line.low(at + len + 2) == "days").then_some(n)
        })
    }

    /// Whether the subject of the clause goes on the visit: "on a visit", "during his trip", "ended a trip".
    pub(super) fn adjunct_subject(&self, at: usize) -> bool {
        let mut k = at;
        while k > 0 && !self.cast.lexicon.words.is("preposition", self.line.before(k)) && at - k < 5 {
            k -= 1;
        }
        matches!(
            self.line.before(k),
            "on" | "for"
                | "during"
                | "in"
                | "of"
                | "after"
                | "at"
                | "with"
                | "before"
                | "by"
                | "to"
                | "through"
                | "into"
                | "amid"
        )
    }

    pub(super) fn of_third(&self, start: usize, at: usize) -> bool {
        self.possessor(start, at).is_some_and(|g| self.has_other(g))
    }

    /// The group whose possessive mark (or possessive pronoun) stands in a noun phrase.
    pub(super) fn possessor(&self, start: usize, at: usize) -> Option<usize> {
        if let Some(whose) = (start.saturating_sub(1)..=start).find(|k| self.line.low(*k) == "whose") {
            // "Xi Jinping, whose state visit began on Tuesday".
            return self.parse.groups.iter().rposition(|g| g.to <= whose && whose - g.to <= 1);
        }
        let mut found = None;
        for (i, group) in self.parse.groups.iter().enumerate() {
            if group.from >= start.saturating_sub(1) && group.to <= at {
                let possessive = group.members.last().and_then(|m| self.actors.get(*m)).is_some_and(|a| a.possessive);
                let people = !self.is_state_adjective(i);
                let near = (group.to..at).all(|k| {
                    self.line.low(k) == "'s"
                        || self.line.toks.get(k).is_some_and(|t| t.time.is_some() || !t.targets.is_empty())
                        || self.line.is(self.cast.lexicon, "modifier_noun", k)
                        || self.parse.noun(k).is_some()
                });
                if possessive || (people && (group.to == at || near)) {
                    found = Some(i);
                }
            }
        }
        found
    }
}

/// A number of days from one to fourteen, in words or digits.
fn number(word: &str) -> Option<i32> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let spelt = WORDS.iter().position(|w| *w == word).and_then(|i| i32::try_from(i + 1).ok());
    spelt.or_else(|| word.parse().ok()).filter(|n| (1..=14).contains(n))
}
