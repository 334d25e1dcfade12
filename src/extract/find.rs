//! Triggers to candidates: every trigger of a line with its arguments, clause by clause.

use super::actors::{Actor, Head};
use super::candidate::{Candidate, Refused};
use super::discourse::{Discourse, Part, Parts, other_side};
use super::groups::{self, Group};
use super::identify::Cast;
use super::line::Line;
use super::parse::Parse;
use super::place::{self, Spot};
use super::status::{Grammar, Real, Reality};
use crate::lexicon::words::{Class, Frame, Meaning};
use crate::model::actor::{Level, Side};
use crate::model::mention::{Fired, Kind, Status};

/// A line with everything that was found in it.
pub(super) struct Scene<'a> {
    pub(super) line: &'a Line,
    pub(super) index: usize,
    pub(super) actors: &'a [Actor],
    pub(super) parse: &'a Parse,
    pub(super) cast: &'a Cast<'a>,
    pub(super) discourse: &'a Discourse,
    pub(super) possessives: &'a [bool],
    /// The city of the dateline, for "here".
    pub(super) dateline: Option<&'a Spot>,
}

/// Whether what follows an arrival verb is an object or place of its own.
fn limit_is_word(next: &str) -> bool {
    matches!(next, "a" | "an" | "the" | "his" | "her" | "in" | "at" | "to" | "by" | "with" | "for" | "from" | "short")
}

/// What a trigger came to.
pub(super) enum Found {
    Candidates(Vec<Candidate>),
    Refused(Refused),
}

impl Scene<'_> {
    /// Reads every trigger of the line, in order.
    pub(super) fn read(&self) -> Vec<Found> {
        let mut found = Vec::new();
        found.extend(self.headline_stay());
        for at in 0..self.line.toks.len() {
            if let Some((noun, len)) = self.parse.noun(at) {
                found.push(self.noun(at, noun, len));
            } else if self.parse.verb(at).is_some()
                && let Some(read) = self.verb(at)
            {
                found.push(read);
            }
        }
        found
    }

    /// "Yellen in Beijing", "Ross in Beijing seeks action": a headline that says where a visitor is.
    fn headline_stay(&self) -> Option<Found> {
        if !self.line.headline || self.line.span.field != crate::model::span::Field::Title {
            return None;
        }
        let (index, group) = self
            .parse
            .groups
            .iter()
            .enumerate()
            .find(|(_, g)| (g.from == 0 || self.line.before(g.from) == ":") && self.line.low(g.to) == "in")?;
        let at = group.to;
        let spot = place::at(self.line, self.cast, at + 1).filter(|s| s.rank == 3 || s.rank == 1)?;
        let next = self.line.toks.get(at + 2);
        let ends = next.is_none_or(|t| t.mark && t.low != "-")
            || matches!(self.line.low(at + 2), "for" | "to" | "as" | "amid" | "with" | "on")
            || self.parse.verb(at + 2).is_some();
        let verb = self.parse.segments.first().and_then(|s| s.verb).is_some_and(|v| v < at);
        let parts = self.group_parts(index);
        if !ends || verb || parts.both() || parts.other {
            return None;
        }
        let mut reality = Reality::stay();
        reality.rules.push(("status.headline-place".to_owned(), at));
        match self.visit(at, 2, "visit.in-place", parts, Some(spot), reality, None) {
            found @ Found::Candidates(_) => Some(found),
            Found::Refused(_) => None,
        }
    }

    fn grammar(&self) -> Grammar<'_> {
        Grammar { line: self.line, parse: self.parse, lexicon: self.cast.lexicon, possessives: self.possessives }
    }

    pub(super) fn group_parts(&self, group: usize) -> Parts {
        self.parse
            .groups
            .get(group)
            .map_or_else(Parts::default, |g| self.discourse.parts(self.line, self.cast, self.actors, g))
    }

    fn refuse(&self, rule: &str, at: usize, len: usize, reject: &'static str, why: &'static str) -> Found {
        Found::Refused(Refused { rule: rule.to_owned(), span: self.line.span_of(at, at + len), reject, why })
    }

    /// The group that is a segment's subject, inherited where it has none of its own.
    pub(super) fn subject(&self, segment: usize, depth: usize) -> Option<usize> {
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
                    if relative || (before.verb.is_none() && before.own.is_none()) {
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
    fn subject_of(&self, at: usize, reality: &Reality) -> Option<usize> {
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

    /// Groups after a token within its segment with the preposition before each.
    fn objects(&self, at: usize, to: usize) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for (index, group) in self.parse.groups.iter().enumerate() {
            if group.from <= at || group.from >= to {
                continue;
            }
            let mut k = group.from;
            while k > at + 1
                && matches!(self.line.before(k), "the" | "both" | "a" | "an" | "visiting" | "outgoing" | "incoming")
            {
                k -= 1;
            }
            let before = self.line.before(k);
            let prep = if k == at + 1 {
                String::new()
            } else if self.cast.lexicon.words.is("preposition", before) || before == "and" || before == "between" {
                before.to_owned()
            } else if before == "," && found.is_empty() && k > at + 3 {
                "?".to_owned()
            } else if (at + 1..k).all(|j| {
                self.cast.lexicon.words.is("adverb", self.line.low(j))
                    || self.cast.lexicon.words.is("title", self.line.low(j))
                    || self.line.toks.get(j).is_some_and(|t| t.time.is_some())
            }) {
                String::new()
            } else if let Some(j) =
                (at + 1..k).rev().find(|j| self.cast.lexicon.words.is("preposition", self.line.low(*j)))
                && matches!(self.line.low(j), "with")
                && !self.parse.groups.iter().any(|g| g.from > j && g.to <= group.from)
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

    fn verb(&self, at: usize) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let grammar = self.grammar();
        let senses = self.cast.lexicon.words.senses(verb.lemma);
        let segment = self.parse.segment_of(at);
        let end = self.parse.segments.get(segment).map_or(self.line.toks.len(), |s| s.to);
        let mut refused = None;
        for sense in senses {
            let Meaning::Trigger(trigger) = sense.meaning else { continue };
            if !grammar.particles(at, &sense.particles) {
                continue;
            }
            let Some(spec) = self.cast.lexicon.words.verbs.get(trigger) else { continue };
            if !spec.needs.is_empty() && !(at..end).any(|k| spec.needs.contains(self.line.low(k))) {
                continue;
            }
            let past = at + sense.particles.len();
            let result = match spec.frame {
                Frame::Go => self.go(at, past, end, spec, &grammar),
                Frame::Leave => self.leave(at, past, end, spec, &grammar),
                Frame::Meet => self.meet(at, past, end, spec, &grammar),
                Frame::Host => self.host(at, past, end, spec, &grammar),
                Frame::Speak | Frame::Phone => self.speak(at, past, end, spec, &grammar),
                Frame::Invite | Frame::Send => self.send(at, past, end, spec, &grammar),
            };
            match result {
                Some(found @ Found::Candidates(_)) => return Some(found),
                Some(found) => {
                    refused.get_or_insert(found);
                }
                None => {}
            }
        }
        refused
    }

    fn go(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let preps: Vec<&str> = spec.with.iter().map(String::as_str).collect();
        let be = spec.id == "visit.be-in";
        let direct = preps.contains(&"");
        let limit = self.next_verb(past + 1, end);
        let here = (past + 1..(past + 3).min(end)).any(|k| matches!(self.line.low(k), "here"));
        let mut spot = if be {
            // "will be in Beijing", "spent four days in Beijing": the place at once or after a measure.
            let near = place::destination(self.line, self.cast, past + 1, limit.min(past + 8), &["in"]);
            let spends = !self.cast.lexicon.words.is("be", self.line.low(at));
            near.filter(|s| {
                spends
                    || (past + 1..s.at).all(|k| {
                        self.cast.lexicon.words.is("adverb", self.line.low(k))
                            || matches!(self.line.low(k), "in" | "back" | "the" | "town")
                    })
            })
        } else {
            place::destination(self.line, self.cast, past + 1, limit, &preps)
        };
        if spot.is_none() && here {
            spot = self.dateline.cloned();
        }
        let arrives = ["arriv", "land", "touch"].iter().any(|stem| self.line.low(at).starts_with(stem));
        if spot.is_none() && arrives && !limit_is_word(self.line.low(past + 1)) {
            spot = self.discourse.city.clone();
        }
        let spot = spot?;
        if direct
            && spot.at > past + 1
            && !be
            && (past + 1..spot.at).any(|k| {
                let low = self.line.low(k);
                !matches!(low, "in" | "the" | "and" | ",")
                    && self.line.toks.get(k).is_some_and(|t| t.targets.is_empty() && t.time.is_none())
                    && !self.cast.lexicon.words.is("adverb", low)
            })
        {
            // "visited a factory in Shanghai": the object is another.
            if self.line.low(past + 1) != "" && spec.with.contains("") && !matches!(self.line.before(spot.at), "in") {
                return None;
            }
        }
        let mut reality = grammar.of_verb(at);
        let verb = self.parse.verb(at)?;
        if verb.passive {
            return None;
        }
        if be && reality.real == Real::Present {
            reality.real = Real::Underway;
            reality.is_now = true;
        }
        let subject = self.subject_of(at, &reality);
        if subject
            .and_then(|g| self.parse.groups.get(g))
            .is_some_and(|g| (g.from.saturating_sub(3)..g.from).any(|k| self.line.low(k) == "no"))
        {
            return Some(self.refuse(&spec.id, at, 1, "reject.nobody", "nobody went"));
        }
        let parts = subject.map_or_else(Parts::default, |g| self.group_parts(g));
        Some(self.visit(at, past + 1 - at, &spec.id, parts, Some(spot), reality, None))
    }

    /// "left Beijing on Monday": the visit is over.
    fn leave(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let limit = self.next_verb(past + 1, end);
        let spot = place::destination(self.line, self.cast, past + 1, limit.min(past + 6), &["", "of", "from"])?;
        let mut reality = grammar.of_verb(at);
        if verb.passive || !matches!(reality.real, Real::Past | Real::Present | Real::Underway) {
            return None;
        }
        reality.real = Real::Past;
        let parts = self.subject_of(at, &reality).map_or_else(Parts::default, |g| self.group_parts(g));
        Some(self.visit(at, past + 1 - at, &spec.id, parts, Some(spot), reality, None))
    }

    /// One candidate for every visitor.
    #[expect(clippy::too_many_arguments, reason = "everything a visit is made of")]
    pub(super) fn visit(
        &self,
        at: usize,
        len: usize,
        rule: &str,
        visitors: Parts,
        spot: Option<Spot>,
        reality: Reality,
        host: Option<Parts>,
    ) -> Found {
        if reality.real == Real::None {
            return self.refuse(rule, at, len, "reject.unreal", "denied, conditional or not meant as an event");
        }
        let people: Vec<Part> = visitors.us.iter().chain(&visitors.cn).filter(|p| !p.state).cloned().collect();
        if people.is_empty() {
            let reject = if visitors.other { "reject.other-side" } else { "reject.no-visitor" };
            return self.refuse(rule, at, len, reject, "no official of either side travels");
        }
        let known = spot.is_some();
        let mut found = Vec::new();
        for part in people {
            let (place, rank, country) = match &spot {
                Some(s) => (Some(s.name.clone()), s.rank, s.country),
                None => match &self.discourse.visit {
                    Some((who, place))
                        if who.side == part.side && (who.person == part.person || part.person.is_none()) =>
                    {
                        (Some(place.clone()), 0, Some(other_side(part.side)))
                    }
                    _ => (None, 0, None),
                },
            };
            if country != Some(other_side(part.side)) {
                continue;
            }
            let mut parts = Parts::default();
            parts.add(part.clone());
            if let Some(host) = &host {
                for h in host.of(other_side(part.side)) {
                    parts.add(h.clone());
                }
            }
            let mut c = self.candidate(Kind::Visit, at, len, rule, parts, &reality);
            c.visitor = Some(part.side);
            c.place = place;
            c.country =
                self.cast.lexicon.states.iter().find(|s| s.side == other_side(part.side)).map(|s| s.name.clone());
            c.place_rank = rank;
            c.anaphoric = !known;
            found.push(c);
        }
        if found.is_empty() {
            return self.refuse(
                rule,
                at,
                len,
                "reject.elsewhere",
                "the journey does not lead to the other side's country",
            );
        }
        Found::Candidates(found)
    }

    fn next_verb(&self, from: usize, end: usize) -> usize {
        (from..end)
            .find(|k| self.parse.verb(*k).is_some_and(|v| v.finite))
            .map_or(end, |k| self.parse.verb(k).map_or(k, |v| v.from))
    }

    fn meet(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let mut limit = self.next_verb(past + 1, end);
        if limit == end && self.line.before(end) == ":" {
            // "with only one of them: President Xi".
            limit = self.parse.segments.get(self.parse.segment_of(end)).map_or(end, |s| s.to);
        }
        let objects = self.objects(past, limit.max(past + 1));
        let accepts = |prep: &str| spec.with.contains(prep) || (prep == "with") || (prep == "and" && false);
        let mut partners = Parts::default();
        let mut any = false;
        for (prep, group) in &objects {
            if accepts(prep) {
                let found = self.group_parts(*group);
                any |= !found.is_empty();
                partners.merge(&found);
            }
        }
        let see = spec.id == "meeting.see";
        if see && !any {
            return None;
        }
        let reality = grammar.of_verb(at);
        let subject = self.subject_of(at, &reality);
        let mut parts = subject.map_or_else(Parts::default, |g| self.group_parts(g));
        if verb.passive && !any {
            return None;
        }
        let joint = parts.both();
        if any && partners.both() && parts.is_empty() {
            return Some(self.refuse(&spec.id, at, past + 1 - at, "reject.apart", "somebody else meets both"));
        }
        if !any && !joint {
            let reject = if partners.other { "reject.other-side" } else { "reject.one-side" };
            return Some(self.refuse(&spec.id, at, past + 1 - at, reject, "nobody of the other side takes part"));
        }
        if see && (partners.us.iter().chain(&partners.cn).all(|p| p.state) || joint && !any) {
            return None;
        }
        if partners.other && !partners.both() && partners.us.is_empty() && partners.cn.is_empty() {
            return Some(self.refuse(
                &spec.id,
                at,
                past + 1 - at,
                "reject.other-side",
                "the partner is of a third side",
            ));
        }
        let several: Vec<Part> =
            partners.us.iter().chain(&partners.cn).filter(|p| p.person.is_some()).cloned().collect();
        let leader = several.iter().any(|p| p.level == Some(Level::Leader)) && several.len() > 1;
        if leader && !partners.both() && !parts.both() {
            // "saw President Xi, Premier Li and Foreign Minister Wang": one audience each.
            let mut all = Vec::new();
            for partner in several {
                let mut one = parts.clone();
                one.add(partner);
                if let Found::Candidates(list) =
                    self.contact(spec.kind, at, past + 1 - at, &spec.id, one, reality.clone(), end)
                {
                    all.extend(list);
                }
            }
            if !all.is_empty() {
                return Some(Found::Candidates(all));
            }
        }
        parts.merge(&partners);
        let rule = spec.id.clone();
        let video = (at..limit.max(past + 1)).any(|k| {
            matches!(
                self.line.low(k),
                "video" | "phone" | "telephone" | "virtually" | "videolink" | "video-link" | "online"
            )
        });
        let kind = if video { Kind::Call } else { spec.kind };
        Some(self.contact(kind, at, past + 1 - at, &rule, parts, reality, end))
    }

    fn host(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let limit = self.next_verb(past + 1, end);
        let objects = self.objects(past, limit.max(past + 1));
        let reality = grammar.of_verb(at);
        let (host, guest) = if verb.passive {
            let guest = self.subject_of(at, &reality);
            let host: Vec<usize> = objects.iter().filter(|(p, _)| p == "by").map(|(_, g)| *g).collect();
            (host, guest)
        } else {
            let first = objects.iter().find(|(p, _)| spec.with.contains(p.as_str())).map(|(_, g)| *g);
            (self.subject_of(at, &reality).into_iter().collect(), first)
        };
        let guest = guest?;
        let mut parts = self.group_parts(guest);
        if parts.is_empty() || (parts.us.iter().chain(&parts.cn).all(|p| p.state)) {
            return None;
        }
        let guests = parts.clone();
        let mut hosts = Parts::default();
        for group in host {
            let found = self.group_parts(group);
            hosts.merge(&found);
        }
        if hosts.is_empty() && !guests.both() {
            return Some(self.refuse(&spec.id, at, past + 1 - at, "reject.one-side", "no host of the other side"));
        }
        let side = if !guests.us.is_empty() { Side::US } else { Side::CN };
        let future = matches!(reality.real, Real::Future | Real::Weak);
        let host_word = spec.id == "meeting.host"
            && (self.line.low(at).starts_with("host") || self.line.low(at).starts_with("welcom"));
        if hosts.of(other_side(side)).is_empty() {
            return Some(self.refuse(
                &spec.id,
                at,
                past + 1 - at,
                "reject.other-side",
                "the host is of a third side or the guest's own",
            ));
        }
        if future && host_word {
            let home = Side::US == other_side(side);
            let _ = home;
            let spot = place::destination(self.line, self.cast, past + 1, end, &["in", "to", "at"])
                .filter(|s| s.country == Some(other_side(side)))
                .or_else(|| {
                    self.cast.lexicon.states.iter().find(|s| s.side == other_side(side)).map(|s| Spot {
                        at,
                        name: s.name.clone(),
                        country: Some(s.side),
                        rank: 1,
                    })
                });
            return Some(self.visit(at, past + 1 - at, &spec.id, guests, spot, reality, Some(hosts)));
        }
        let named: Vec<Part> = hosts.of(other_side(side)).iter().filter(|p| p.person.is_some()).cloned().collect();
        if verb.passive && named.len() > 1 {
            // "was received by Hu and Wen": one audience each.
            let mut all = Vec::new();
            for host in named {
                let mut one = guests.clone();
                one.add(host);
                if let Found::Candidates(list) =
                    self.contact(spec.kind, at, past + 1 - at, &spec.id, one, reality.clone(), end)
                {
                    all.extend(list);
                }
            }
            return Some(Found::Candidates(all));
        }
        parts.merge(&hosts);
        Some(self.contact(spec.kind, at, past + 1 - at, &spec.id, parts, reality, end))
    }

    fn speak(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let limit = self.next_verb(past + 1, end);
        let objects = self.objects(past, limit.max(past + 1));
        let reality = grammar.of_verb(at);
        let phone = (at..limit.max(past + 1)).any(|k| self.line.is(self.cast.lexicon, "phone", k));
        let subject = self.subject_of(at, &reality);
        let mut parts = subject.map_or_else(Parts::default, |g| self.group_parts(g));
        let direct = spec.frame == Frame::Phone;
        let mut partners = Parts::default();
        for (prep, group) in &objects {
            let fits = if direct { prep.is_empty() } else { prep == "with" || prep == "to" };
            if fits && partners.is_empty() {
                let found = self.group_parts(*group);
                if direct {
                    // "called Vance ignorant", "called Xi a dictator": a naming.
                    let to = self.parse.groups.get(*group).map_or(0, |g| g.to);
                    let next = self.line.toks.get(to);
                    let naming = next.is_some_and(|t| !t.mark && t.time.is_none())
                        && !self.cast.lexicon.words.is("preposition", self.line.low(to))
                        && !self.cast.lexicon.words.is("adverb", self.line.low(to))
                        && !self.cast.lexicon.words.is("coordinator", self.line.low(to))
                        && !self.cast.lexicon.words.is("subordinator", self.line.low(to));
                    if naming || found.us.iter().chain(&found.cn).all(|p| p.state) || verb.passive {
                        return None;
                    }
                }
                partners.merge(&found);
            }
        }
        if partners.is_empty() && !(parts.both() && !direct) {
            return None;
        }
        if partners.both() && parts.is_empty() {
            return Some(self.refuse(&spec.id, at, past + 1 - at, "reject.apart", "somebody else speaks with both"));
        }
        if partners.is_empty() && !phone && !(self.line.headline && verb.finite) {
            return None;
        }
        if partners.other && partners.us.is_empty() && partners.cn.is_empty() {
            return Some(self.refuse(
                &spec.id,
                at,
                past + 1 - at,
                "reject.other-side",
                "the partner is of a third side",
            ));
        }
        let _ = phone;
        parts.merge(&partners);
        if parts.us.iter().all(|p| p.state) && parts.cn.iter().all(|p| p.state) && !phone {
            return None;
        }
        Some(self.contact(Kind::Call, at, past + 1 - at, &spec.id, parts, reality, end))
    }

    fn send(
        &self,
        at: usize,
        past: usize,
        end: usize,
        spec: &crate::lexicon::words::Verb,
        grammar: &Grammar<'_>,
    ) -> Option<Found> {
        let verb = self.parse.verb(at)?;
        let limit = self.next_verb(past + 1, end);
        let objects = self.objects(past, limit.max(past + 1));
        let mut reality = grammar.of_verb(at);
        let group = if verb.passive {
            self.subject_of(at, &reality)?
        } else {
            objects.iter().find(|(p, _)| p.is_empty()).map(|(_, g)| *g)?
        };
        let visitors = self.group_parts(group);
        // "invited X to visit": the infinitive tells the rest.
        let to = self.parse.groups.get(group).map_or(past, |g| g.to);
        if self.line.low(to) == "to" && self.parse.verb(to + 1).is_some() {
            return None;
        }
        if spec.frame == Frame::Invite {
            if !matches!(reality.real, Real::Cancelled | Real::Declined | Real::None) {
                reality.real = Real::Weak;
            }
        } else if reality.real == Real::Past || reality.real == Real::Present {
            reality.real = Real::Future;
        }
        let spot = place::destination(self.line, self.cast, past + 1, end, &["to", "in"]).or_else(|| {
            self.line
                .toks
                .iter()
                .enumerate()
                .find_map(|(i, _)| place::at(self.line, self.cast, i).filter(|s| s.rank > 1 && s.country.is_some()))
        });
        if spot.is_none() && spec.frame == Frame::Send {
            return None;
        }
        let spot = spot.or_else(|| {
            let side = visitors.us.first().or(visitors.cn.first())?.side;
            self.cast.lexicon.states.iter().find(|s| s.side == other_side(side)).map(|s| Spot {
                at,
                name: s.name.clone(),
                country: Some(s.side),
                rank: 1,
            })
        });
        Some(self.visit(at, past + 1 - at, &spec.id, visitors, spot, reality, None))
    }

    /// A meeting, call or talks of these parts.
    #[expect(clippy::too_many_arguments, reason = "everything a contact is made of")]
    pub(super) fn contact(
        &self,
        kind: Kind,
        at: usize,
        len: usize,
        rule: &str,
        parts: Parts,
        reality: Reality,
        end: usize,
    ) -> Found {
        if reality.real == Real::None {
            return self.refuse(rule, at, len, "reject.unreal", "denied, conditional or not meant as an event");
        }
        if !parts.both() {
            let reject = if parts.other { "reject.other-side" } else { "reject.one-side" };
            return self.refuse(rule, at, len, reject, "no party of the other side takes part");
        }
        let mut c = self.candidate(kind, at, len, rule, parts, &reality);
        let named_here = self.actors.iter().any(|a| matches!(a.head, Head::Person(_) | Head::Office(_)));
        if reality.when && c.moment.is_none() && !named_here && !self.line.headline {
            return self.refuse(rule, at, len, "reject.whenever", "no particular occasion");
        }
        let segment = self.parse.segment_of(at);
        let from = self.parse.segments.get(segment).map_or(0, |s| s.from);
        let end = end.max(self.parse.segments.get(segment).map_or(end, |s| s.to));
        let here = (at..end).any(|k| self.line.low(k) == "here");
        let spot = place::within(self.line, self.cast, from, end, at)
            .or_else(|| if here { self.dateline.cloned() } else { None })
            .or_else(|| self.neighbour_place(segment))
            .or_else(|| {
                // "which had been pencilled in for the end of March at Mar-a-Lago".
                let next =
                    self.parse.segments.get(segment + 1).filter(|s| matches!(s.opener.as_str(), "that" | "which"))?;
                place::within(self.line, self.cast, next.from, next.to, next.from)
            });
        if kind != Kind::Call {
            c.place = spot.as_ref().map(|s| s.name.clone());
            c.place_rank = spot.map_or(0, |s| s.rank);
        }
        Found::Candidates(vec![c])
    }

    /// A place in the fragments beside a clause: "In Beijing, …", "…, in Vientiane".
    fn neighbour_place(&self, segment: usize) -> Option<Spot> {
        let quiet = |s: usize| self.parse.segments.get(s).filter(|seg| seg.verb.is_none());
        let after = (segment + 1..segment + 4)
            .map_while(|s| quiet(s))
            .find_map(|seg| place::within(self.line, self.cast, seg.from, seg.to, seg.from));
        after.or_else(|| {
            let before = segment.checked_sub(1).and_then(quiet)?;
            place::within(self.line, self.cast, before.from, before.to, before.to)
        })
    }

    fn candidate(&self, kind: Kind, at: usize, len: usize, rule: &str, parts: Parts, reality: &Reality) -> Candidate {
        let moment = self.moment(at, len, kind, reality);
        let mut fired = vec![Fired { rule: rule.to_owned(), span: self.line.span_of(at, at + len) }];
        for (name, tok) in &reality.rules {
            fired.push(Fired { rule: name.clone(), span: self.line.span_of(*tok, *tok + 1) });
        }
        let (moment, time_fired) = match moment {
            Some((m, f)) => (Some(m), Some(f)),
            None => (None, None),
        };
        fired.extend(time_fired);
        let named = parts.us.iter().chain(&parts.cn).filter(|p| p.person.is_some()).count();
        let mut confidence: f64 = 0.55 + 0.15 * f64::from(u32::try_from(named.min(2)).unwrap_or(0));
        if reality.real == Real::Bare {
            confidence -= 0.1;
        }
        if parts.unknown || parts.other {
            confidence -= 0.1;
        }
        let hint = self.level_hint(at);
        Candidate {
            kind,
            parts,
            visitor: None,
            real: reality.real,
            status: Status::Held,
            background: false,
            given: reality.given,
            soft: reality.soft,
            is_now: reality.is_now,
            plural: kind != Kind::Talks && self.parse.noun(at).is_some() && self.line.low(at + len - 1).ends_with('s'),
            when: reality.when,
            paragraph: if self.line.span.field == crate::model::span::Field::Content { self.line.paragraph } else { 0 },
            was_planned: reality.was_planned || reality.unclear && kind == Kind::Visit,
            moment,
            place: None,
            country: None,
            place_rank: 0,
            hint,
            line: self.index,
            headline: self.line.headline,
            confidence,
            fired,
            sentence: self.line.text.clone(),
            span: self.line.span,
            anaphoric: false,
        }
    }

    fn level_hint(&self, at: usize) -> Option<Level> {
        let from = at.saturating_sub(8);
        for k in from..(at + 4).min(self.line.toks.len()) {
            match self.line.low(k) {
                "working-level" | "mid-level" | "director-level" | "expert-level" => return Some(Level::Official),
                "high-level" | "cabinet-level" | "ministerial" => return Some(Level::Minister),
                "vice-ministerial" | "deputy-level" => return Some(Level::ViceMinister),
                _ => {}
            }
        }
        None
    }

    /// Whether the words around a trigger stand for a class (used by nouns).
    pub(super) fn governed_by(&self, reality: &Reality, class: Class) -> bool {
        let name = Class::ALL.iter().find(|(_, c)| *c == class).map_or("", |(n, _)| *n);
        reality.rules.iter().any(|(rule, _)| rule.strip_prefix("status.") == Some(name))
    }

    pub(super) fn noun_reality(&self, at: usize, len: usize) -> (Reality, usize) {
        let grammar = self.grammar();
        (grammar.of_noun(at, len), grammar.noun_start(at))
    }

    pub(super) fn refuse_noun(
        &self,
        rule: &str,
        at: usize,
        len: usize,
        reject: &'static str,
        why: &'static str,
    ) -> Found {
        self.refuse(rule, at, len, reject, why)
    }

    /// The class of a lemma at a token, and whether it is a trigger.
    pub(super) fn class_at(&self, lemma: usize, at: usize) -> (Option<Class>, bool) {
        self.grammar().class_of(lemma, at)
    }

    pub(super) fn noun_objects(&self, at: usize, len: usize, to: usize) -> Vec<(String, usize)> {
        self.objects(at + len - 1, to)
    }

    pub(super) fn subject_for(&self, at: usize, reality: &Reality) -> Option<usize> {
        self.subject_of(at, reality)
    }

    pub(super) fn has_other(&self, group: usize) -> bool {
        self.parse.groups.get(group).is_some_and(|g| groups::sides(g, self.actors).2)
    }

    pub(super) fn is_state_adjective(&self, group: usize) -> bool {
        self.parse
            .groups
            .get(group)
            .is_some_and(|g| g.members.iter().all(|m| self.actors.get(*m).is_some_and(|a| a.head == Head::State)))
    }
}
