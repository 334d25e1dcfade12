//! Noun triggers: "a visit to Beijing by X", "talks between A and B", "the Trump-Xi summit".

use super::discourse::{Part, Parts, other_side};
use super::find::{Found, Scene};
use super::place;
use super::status::{Real, Reality};
use crate::lexicon::words::Class;
use crate::model::actor::Side;
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
        let (reality, start) = self.noun_reality(at, len);
        let many = (start..at).any(|k| {
            self.line.is(lexicon, "multilateral", k)
                && self.line.toks.get(k).is_some_and(|t| t.low != "nuclear" || spec.id == "meeting.summit")
        });
        if (many || lexicon.words.is("multilateral", &before)) && spec.kind != Kind::Visit {
            return self.refuse_noun(&spec.id, at, len, "reject.multilateral", "a gathering of many states");
        }
        let word_before =
            spec.not_before.contains(&before) || self.two_before(at).is_some_and(|w| spec.not_before.contains(&w));
        let word_after =
            spec.not_after.contains(&after) && !(spec.kind == Kind::Call && after == "to" && self.call_to(at + len));
        if word_before || word_after {
            return self.refuse_noun(&spec.id, at, len, "reject.sense", "the word has another sense here");
        }
        if spec.kind == Kind::Visit {
            return self.visit_noun(at, len, start, spec, reality);
        }
        self.joint_noun(at, len, start, spec, reality)
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
            && ![
                "preposition",
                "adverb",
                "coordinator",
                "subordinator",
                "relative",
                "be",
                "have",
                "do",
                "modal",
                "determiner",
                "negation",
                "pronoun",
                "former",
                "follower",
            ]
            .iter()
            .any(|list| words.is(list, &tok.low))
    }

    fn two_before(&self, at: usize) -> Option<String> {
        (at >= 2).then(|| format!("{} {}", self.line.low(at - 2), self.line.low(at - 1)))
    }

    /// "calls to China's top soldier": a person after "to".
    fn call_to(&self, at: usize) -> bool {
        self.parse
            .groups
            .iter()
            .any(|g| g.from == at + 1 && !self.is_state_adjective(self.parse.group_at(at + 1).unwrap_or(usize::MAX)))
    }

    /// Where the arguments of a noun end: the next finite verb, or the boundary of a clause.
    fn reach(&self, from: usize) -> usize {
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

    fn visit_noun(
        &self,
        at: usize,
        len: usize,
        start: usize,
        spec: &crate::lexicon::words::Noun,
        reality: Reality,
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
                    .is_none_or(|a| a.to == a.from + 1 && !a.possessive && a.head == super::actors::Head::State)
            };
            spot = (start..at).rev().filter(|k| alone(*k)).find_map(|k| {
                place::at(self.line, self.cast, k).filter(|s| s.rank > 0 && self.line.low(k + 1) != "'s")
            });
        }
        if spot.is_none() && (at + len..end.min(at + len + 2)).any(|k| self.line.low(k) == "here") {
            spot = self.dateline.cloned();
        }
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
                    && matches!(self.line.low(start), "his" | "her" | "their")
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
        if visitors.is_empty() && possessor.is_none() && !self.of_third(start, at) {
            if let Some(group) = self.subject_for(at, &reality).filter(|_| {
                !self.governed_by(&reality, Class::Announce)
                    && !self.governed_by(&reality, Class::Say)
                    && (reality.subject_of.is_some() || self.adjunct_subject(at))
            }) {
                let found = self.group_parts(group);
                visitors.merge(&found);
            }
        }
        if (visitors.is_empty() || visitors.us.iter().chain(&visitors.cn).all(|p| p.state))
            && let Some(part) = state_visitor
        {
            visitors = Parts::default();
            visitors.add(part);
        }
        if visitors.is_empty() && possessor.is_none() && spot.is_none() {
            // "a trip that Blinken had planned".
            let next = self
                .parse
                .segments
                .get(self.parse.segment_of(at) + 1)
                .filter(|s| matches!(s.opener.as_str(), "that" | "which"));
            if let Some(group) = next.and_then(|s| s.own) {
                visitors = self.group_parts(group);
            }
        }
        let anaphoric = matches!(self.line.low(start), "the" | "that" | "this" | "it") && spot.is_none();
        let decisive = !matches!(reality.real, Real::Bare | Real::Past | Real::None);
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
        if self.copula(start) {
            return self.refuse_noun(&spec.id, at, len, "reject.copula", "it only describes something told elsewhere");
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
        self.visit(at, len, &spec.id, visitors, spot, reality, None)
    }

    /// "It is her first trip", "it was the pair's first meeting".
    fn copula(&self, start: usize) -> bool {
        let ordinal = (start..start + 3).any(|k| {
            matches!(
                self.line.low(k),
                "first"
                    | "second"
                    | "third"
                    | "fourth"
                    | "latest"
                    | "highest-level"
                    | "most"
                    | "highest-ranking"
                    | "only"
            )
        });
        if ordinal
            && self.line.low(start) == "the"
            && matches!(self.line.before(start), "," | "—" | "–" | "becoming" | "was" | "is" | "be" | "as" | "making")
        {
            return true;
        }
        let Some(be) = start.checked_sub(1).filter(|k| self.cast.lexicon.words.is("be", self.line.low(*k))) else {
            return false;
        };
        let mut k = be;
        while k > 0
            && (self.line.is(self.cast.lexicon, "modal", k - 1)
                || self.line.is(self.cast.lexicon, "be", k - 1)
                || self.line.is(self.cast.lexicon, "have", k - 1)
                || self.line.is(self.cast.lexicon, "adverb", k - 1)
                || self.line.low(k - 1) == "to")
        {
            k -= 1;
        }
        matches!(self.line.before(k), "it" | "this" | "that" | "which")
    }

    /// Whether the subject of the clause goes on the visit: "on a visit", "during his trip", "ended a trip".
    fn adjunct_subject(&self, at: usize) -> bool {
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

    fn of_third(&self, start: usize, at: usize) -> bool {
        self.possessor(start, at).is_some_and(|g| self.has_other(g))
    }

    /// "a Chinese delegation's", "the American visit".
    fn adjective_visitor(&self, start: usize, at: usize) -> Option<Part> {
        let actor = self.actors.iter().find(|a| a.from >= start && a.to <= at && a.adjective && !a.possessive)?;
        let side = actor.side.filter(|s| *s == Side::US || *s == Side::CN)?;
        let military = (start..at).any(|k| matches!(self.line.low(k), "military" | "naval" | "defence" | "defense"));
        let label = if military { "military" } else { "delegation" };
        Some(Part { side, person: None, label: Some(label.to_owned()), level: None, state: false })
    }

    /// The group whose possessive mark (or possessive pronoun) stands in a noun phrase.
    fn possessor(&self, start: usize, at: usize) -> Option<usize> {
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

    fn joint_noun(
        &self,
        at: usize,
        len: usize,
        start: usize,
        spec: &crate::lexicon::words::Noun,
        mut reality: Reality,
    ) -> Found {
        let end = self.reach(at + len);
        let mut parts = Parts::default();
        let mut with_other = false;
        let mut venue_name = None;
        let mut explicit = 0;
        for (prep, group) in self.noun_objects(at, len, end) {
            let joins = match prep.as_str() {
                "with" | "between" | "among" => true,
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
        // Modifiers before the noun: "US-China trade talks", "Biden's call", "their meeting".
        for (i, group) in self.parse.groups.iter().enumerate() {
            if group.from >= start && group.to <= at {
                // "Stockholm trade talks": where, not who.
                let venue = group.members.len() == 1
                    && group.members.first().and_then(|m| self.actors.get(*m)).is_some_and(|a| {
                        a.head == super::actors::Head::State
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
        if parts.other && !parts.both() {
            return self.refuse_noun(&spec.id, at, len, "reject.other-side", "a party is of a third side");
        }
        let mut anaphoric = false;
        if parts.unknown && !parts.both() && matches!(self.line.low(start), "his" | "her" | "its") && start < at {
            return self.refuse_noun(&spec.id, at, len, "reject.unknown-owner", "it is not known whose it is");
        }
        let partner = explicit > 0 && !(parts.is_empty());
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
        if !parts.both() && (object && !spec.weak || partner) {
            // The subject of the verb above: "Blinken held talks with Wang".
            if let Some(group) = self.subject_for(at, &reality) {
                let found = self.group_parts(group);
                if found.other && !found.both() && parts.is_empty() {
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
                || object && self.located(at, end, &parts))
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
            } else if !partner && spec.kind == Kind::Talks && self.discourse.knows(missing) {
                // "Now it has cancelled talks": with the other side, of which the article tells.
                parts.add(Part { side: missing, person: None, label: None, level: None, state: true });
                anaphoric = true;
            }
        }
        if parts.is_empty() && reality.subject_of.is_none() && spec.kind != Kind::Visit {
            // "US, China agree framework at end of London talks".
            let segment = self.parse.segment_of(at);
            if let Some(found) = self.subject(segment, 0).map(|g| self.group_parts(g)).filter(|p| p.both() && !p.other)
            {
                parts.merge(&found);
                anaphoric = true;
            }
        }
        let the = matches!(self.line.low(start), "the" | "that" | "this" | "these" | "those") || start == at;
        if !parts.both() && !spec.weak && parts.is_empty() && the {
            let decisive = !matches!(reality.real, Real::Bare | Real::Past | Real::None | Real::Weak);
            if decisive
                && let Some(last) =
                    self.discourse.last(spec.kind).or_else(|| self.discourse.last(Kind::Talks)).filter(|_| start < at)
            {
                parts.merge(last);
                anaphoric = true;
            }
        }
        if self.copula(start) {
            return self.refuse_noun(&spec.id, at, len, "reject.copula", "it only describes something told elsewhere");
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
        let phone =
            (start..at).any(|k| matches!(self.line.low(k), "video" | "phone" | "telephone" | "virtual" | "secure"));
        let kind = if phone { Kind::Call } else { kind };
        let mut found = self.contact(kind, at, len, &spec.id, parts, reality, end);
        if let Found::Candidates(list) = &mut found {
            for c in list {
                if let Some(spot) = &venue_name
                    && c.place_rank < spot.rank
                {
                    c.place = Some(spot.name.clone());
                    c.place_rank = spot.rank;
                }
                c.anaphoric |= anaphoric;
                if anaphoric {
                    c.confidence -= 0.1;
                }
                if let Some(level) = spec.level {
                    c.hint = c.hint.or(Some(level));
                }
            }
        }
        found
    }

    /// Whether the event stands in the country of the side that is missing.
    fn located(&self, at: usize, end: usize, parts: &Parts) -> bool {
        let missing = if parts.us.is_empty() { Side::US } else { Side::CN };
        self.implied(missing, at, end).is_some()
    }

    fn trade_word(&self, start: usize, at: usize) -> bool {
        (start..at).any(|k| {
            matches!(
                self.line.low(k),
                "trade" | "economic" | "tariff" | "climate" | "military" | "security" | "strategic" | "nuclear"
            )
        })
    }

    /// Talks of one side's delegation in the other's country are with the other side.
    fn implied(&self, missing: Side, at: usize, end: usize) -> Option<Part> {
        let from = self.parse.segments.get(self.parse.segment_of(at)).map_or(0, |s| s.from);
        let spot = place::within(self.line, self.cast, from, end.max(at), at)
            .or_else(|| self.dateline.cloned().filter(|_| (at..end).any(|k| self.line.low(k) == "here")))?;
        (spot.country == Some(missing)).then(|| Part {
            side: missing,
            person: None,
            label: None,
            level: None,
            state: true,
        })
    }

    /// "close to a deal", "the status of the talks": talk about talks.
    fn irreal_talks(&self, at: usize, start: usize, kind: Kind, reality: &Reality) -> bool {
        if kind != Kind::Talks {
            return false;
        }
        let if_before = (0..at).rev().take(12).any(|k| matches!(self.line.low(k), "if" | "unless"));
        let about =
            matches!(self.line.before(start), "of" | "about" | "in") && self.governed_by(reality, Class::Irreal);
        if_before || about
    }

    /// The nearest person or office of a side in the sentence before a token, else after it.
    fn nearest(&self, side: Side, at: usize) -> Option<Parts> {
        let mut best: Option<(usize, Parts)> = None;
        for (i, group) in self.parse.groups.iter().enumerate() {
            if self.has_other(i) {
                continue;
            }
            let source = group.members.iter().any(|m| self.actors.get(*m).is_some_and(|a| a.source));
            if source {
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
