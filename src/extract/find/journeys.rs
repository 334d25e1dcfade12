//! Verbs of travelling: who goes where, who is sent and invited.

use super::trigger::VerbTrigger;
use super::unsaid::limit_is_word;
use super::*;
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::groups::Group;
use crate::extract::place::{self, Spot};
use crate::extract::status::{Real, Reality};
use crate::lexicon::words::Frame;
use crate::model::actor::Side;
use crate::model::mention::Kind;
use crate::model::moment::{Grain, Moment};

impl VerbTrigger<'_, '_> {
    pub(super) fn go(&self) -> Option<Found> {
        let Self { scene, at, past, end, limit, .. } = *self;
        let Self { spec, verb, .. } = self;
        let preps: Vec<&str> = spec.with.iter().map(String::as_str).collect();
        let be = spec.id == "visit.be-in";
        let direct = preps.contains(&"");
        let here = (past + 1..(past + 3).min(end)).any(|k| matches!(scene.line.low(k), "here"));
        let mut spot = if be {
            // "will be in Beijing", "spent four days in Beijing": the place at once or after a measure.
            let near = place::destination(scene.line, scene.cast, past + 1, limit.min(past + 8), &["in"]);
            let spends = !scene.cast.lexicon.words.is("be", scene.line.low(at));
            near.filter(|s| {
                spends
                    || (past + 1..s.at).all(|k| {
                        scene.cast.lexicon.words.is("adverb", scene.line.low(k))
                            || matches!(scene.line.low(k), "in" | "back" | "the" | "town")
                    })
            })
        } else {
            place::destination(scene.line, scene.cast, past + 1, limit, &preps)
        };
        if be
            && spot.is_none()
            && scene.line.low(past + 1) == "in"
            && (scene.line.low(past + 2) == "town"
                || scene.line.low(past + 2) == "the" && scene.line.low(past + 3) == "country")
            && scene.discourse.of_two()
            && self.verb.perfect
            && !self.verb.past
        {
            // "has been in the country since Tuesday": the other side's.
            let parts = self.subjects();
            let side = parts.us.first().or(parts.cn.first()).filter(|p| p.person.is_some()).map(|p| other_side(p.side));
            spot = scene.cast.lexicon.states.iter().find(|s| Some(s.side) == side).map(|s| Spot {
                at,
                name: s.name.clone(),
                country: Some(s.side),
                rank: 1,
            });
        }
        if spot.is_none() && here {
            spot = scene.dateline.cloned();
        }
        // "Ross, who is there now": in the city named before.
        let timed = |k: usize| scene.line.low(k) == "now" || scene.line.toks.get(k).is_some_and(|t| t.time.is_some());
        let there = (at + 1..past + 2).any(|k| scene.line.low(k) == "there" && timed(k + 1));
        if spot.is_none() && be && there {
            let visited = scene.discourse.visit.as_ref().and_then(|(_, name)| {
                let place = scene.cast.lexicon.places.iter().find(|place| place.name == *name)?;
                Some(Spot { at, name: name.clone(), country: place.country, rank: 3 })
            });
            spot = visited.or_else(|| scene.discourse.city.clone());
        }
        let arrives = ["arriv", "land", "touch"].iter().any(|stem| scene.line.low(at).starts_with(stem));
        // "flew in on Friday", "came in on Wednesday evening": where the article's visitor goes.
        let timed = |k: usize| {
            scene.line.toks.get(k).is_none_or(|t| t.time.is_some() || t.mark)
                || matches!(scene.line.low(k), "on" | "late" | "early" | "for" | "with")
        };
        let flies_in = scene.line.low(past + 1) == "in" && timed(past + 2);
        // The last city told of must be one where he is abroad.
        let abroad =
            scene.discourse.place.as_ref().is_none_or(|p| p.country.is_some_and(|c| c == Side::US || c == Side::CN));
        if spot.is_none() && flies_in && abroad {
            let known = scene.discourse.city.clone();
            spot = known.or_else(|| scene.dateline.cloned());
        }
        let from = scene.line.low(past + 1) == "from";
        if spot.is_none() && arrives && (from || !limit_is_word(scene.line.low(past + 1))) {
            let written = scene.dateline.filter(|_| from).cloned();
            spot =
                written.or_else(|| scene.discourse.city.clone().filter(|_| abroad)).or_else(|| scene.dateline.cloned());
        }
        let sight = if spot.is_none() { self.sight() } else { None };
        let seen_there = sight.is_some();
        let gapped = if spot.is_none() && sight.is_none() { self.gapped() } else { None };
        let ahead = gapped.is_some();
        let spot = spot.or(sight).or(gapped)?;
        if spot.rank == 2 && scene.line.low(at).starts_with("tour") {
            // "will tour the Great Wall": a sight, no journey.
            return None;
        }
        if direct
            && spot.at > past + 1
            && !be
            && (past + 1..spot.at).any(|k| {
                let low = scene.line.low(k);
                !matches!(low, "in" | "the" | "and" | ",")
                    && scene.line.toks.get(k).is_some_and(|t| t.targets.is_empty() && t.time.is_none())
                    && !scene.cast.lexicon.words.is("adverb", low)
            })
        {
            // "visited a factory in Shanghai": the object is another.
            if !scene.line.low(past + 1).is_empty()
                && spec.with.contains("")
                && !matches!(scene.line.before(spot.at), "in")
            {
                return None;
            }
        }
        let mut reality = self.reality.clone();
        // "is headed to China": on the way.
        let headed = verb.passive && scene.line.low(at) == "headed";
        if verb.passive && !headed {
            return None;
        }
        if headed && reality.real != Real::Past {
            reality.real = Real::Future;
        }
        if ahead && matches!(reality.real, Real::Underway | Real::Present) {
            reality.real = Real::Future;
        }
        if seen_there {
            reality.real = Real::Underway;
            reality.is_now = true;
        }
        let stays = ["stay", "remain"].iter().any(|stem| scene.line.low(at).starts_with(stem));
        if be && (reality.real == Real::Present || stays && reality.real == Real::Future) {
            reality.real = Real::Underway;
            reality.is_now = true;
        }
        let subject = scene.subject_of(at, &reality);
        if subject
            .and_then(|g| scene.parse.groups.get(g))
            .is_some_and(|g| (g.from.saturating_sub(3)..g.from).any(|k| scene.line.low(k) == "no"))
        {
            return Some(self.refuse("reject.nobody", "nobody went"));
        }
        // "He and Ross, who is there now": of several the last.
        let opener = scene.parse.segments.get(scene.parse.segment_of(at)).map_or("", |s| s.opener.as_str());
        let single = opener == "who" && matches!(scene.line.low(at), "is" | "was" | "has");
        let last = |g: usize| {
            let group = scene.parse.groups.get(g).filter(|group| single && group.members.len() > 1)?;
            let members = group.members.last().copied().into_iter().collect();
            let alone = Group { from: group.from, to: group.to, members };
            Some(scene.discourse.parts(scene.line, scene.cast, scene.actors, &alone))
        };
        let mut parts = subject.map_or_else(Parts::default, |g| last(g).unwrap_or_else(|| scene.group_parts(g)));
        if subject.is_none()
            && let Some(part) = scene.unnamed_officials(at, &spot)
        {
            parts.add(part);
        }
        let mut found = scene.visit(at, self.len(), &spec.id, parts, Some(spot), reality, None);
        if stays && let Found::Candidates(list) = &mut found {
            // "will stay until Wednesday": from now on.
            let timed = |k: usize| scene.line.toks.get(k).is_some_and(|t| t.time.is_some());
            let until = (past..scene.line.toks.len())
                .any(|k| matches!(scene.line.low(k), "until" | "till" | "through") && timed(k + 1));
            let today = scene.cast.date;
            for c in list.iter_mut().filter(|_| until) {
                let last = c.moment.filter(|m| m.grain() == Grain::Day && m.end() > today);
                c.moment = last.map(|m| Moment::new(today, m.end(), Grain::Day)).or(c.moment);
            }
        }
        Some(found)
    }

    /// "visited the pavilion on Saturday", written from Shanghai: the dateline's city, of a thing seen there.
    fn sight(&self) -> Option<Spot> {
        let Self { scene, past, .. } = *self;
        let seen = matches!(scene.line.low(past + 1), "the" | "a" | "an")
            && scene.line.toks.get(past + 2).is_some_and(|t| !t.mark && t.targets.is_empty() && t.time.is_none());
        let lead = scene.line.paragraph == 0 && scene.line.span.field != crate::model::span::Field::Title;
        let told = self.spec.id == "visit.visit" && self.reality.real == Real::Past && seen && lead;
        scene.dateline.filter(|d| told && d.rank == 3).cloned()
    }

    /// "left Beijing on Monday": the visit is over.
    pub(super) fn leave(&self) -> Option<Found> {
        let Self { scene, at, past, limit, .. } = *self;
        let Self { spec, verb, .. } = self;
        let spot = place::destination(scene.line, scene.cast, past + 1, limit.min(past + 6), &["", "of", "from"])?;
        let mut reality = self.reality.clone();
        if verb.passive || !matches!(reality.real, Real::Past | Real::Present | Real::Underway) {
            return None;
        }
        reality.real = Real::Past;
        let parts = scene.subject_of(at, &reality).map_or_else(Parts::default, |g| scene.group_parts(g));
        Some(scene.visit(at, self.len(), &spec.id, parts, Some(spot), reality, None))
    }

    pub(super) fn send(&self) -> Option<Found> {
        let Self { scene, at, past, end, .. } = *self;
        let Self { spec, verb, objects, .. } = self;
        let mut reality = self.reality.clone();
        let group = if verb.passive {
            scene.subject_of(at, &reality)?
        } else {
            match objects.iter().find(|(p, _)| p.is_empty()).map(|(_, g)| *g) {
                Some(group) => group,
                None => return self.send_a_team(),
            }
        };
        let visitors = scene.group_parts(group);
        // "invited X to visit": the infinitive tells the rest.
        let to = scene.parse.groups.get(group).map_or(past, |g| g.to);
        if scene.line.low(to) == "to" && scene.parse.verb(to + 1).is_some() {
            return None;
        }
        if spec.frame == Frame::Invite {
            if !matches!(reality.real, Real::Cancelled | Real::Declined | Real::None) {
                reality.real = Real::Weak;
            }
        } else if reality.real == Real::Past || reality.real == Real::Present {
            reality.real = Real::Future;
        }
        let spot = place::destination(scene.line, scene.cast, past + 1, end, &["to", "in"]).or_else(|| {
            scene.line.toks.iter().enumerate().find_map(|(i, _)| {
                let located = matches!(scene.line.before(i), "in" | "to" | "at" | "the");
                place::at(scene.line, scene.cast, i).filter(|s| s.rank > 1 && s.country.is_some() && located)
            })
        });
        if spot.is_none() && spec.frame == Frame::Send {
            return None;
        }
        let spot = spot.or_else(|| {
            let side = visitors.us.first().or(visitors.cn.first())?.side;
            scene.cast.lexicon.states.iter().find(|s| s.side == other_side(side)).map(|s| Spot {
                at,
                name: s.name.clone(),
                country: Some(s.side),
                rank: 1,
            })
        });
        let mut found = scene.visit(at, self.len(), &spec.id, visitors, spot, reality, None);
        if spec.frame == Frame::Invite
            && let Found::Candidates(list) = &mut found
        {
            // "When he was in Beijing last week he invited Qin": the day of the invitation.
            for c in list.iter_mut().filter(|c| c.moment.is_some_and(|m| m.end() < scene.cast.date)) {
                c.moment = None;
            }
        }
        Some(found)
    }
}

impl Scene<'_> {
    /// "Yellen in Beijing", "Ross in Beijing seeks action": a headline that says where a visitor is.
    pub(super) fn headline_stay(&self) -> Option<Found> {
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

    /// "is due in Beijing on May 31", "is expected back in China": a journey without a verb of travelling.
    pub(super) fn awaited(&self, at: usize) -> Option<Found> {
        let len = self.line.list(self.cast.lexicon, "awaited_in", at)?;
        let to = at + len + usize::from(self.line.low(at + len) == "the");
        // "is due in the city the day after": the one named before.
        let city = || self.discourse.city.clone().filter(|_| matches!(self.line.low(to), "city" | "capital"));
        let spot = place::at(self.line, self.cast, to).filter(|s| s.rank == 3 || s.rank == 1).or_else(city)?;
        let mut be = at;
        while be > 0
            && (self.line.is(self.cast.lexicon, "adverb", be - 1) || self.line.is(self.cast.lexicon, "have", be - 1))
        {
            be -= 1;
        }
        let be = be.checked_sub(1).filter(|k| self.line.is(self.cast.lexicon, "be", *k))?;
        let group = self.subject(self.parse.segment_of(at), 0)?;
        let mut reality = Reality::planned();
        reality.was_planned = matches!(self.line.low(be), "was" | "were") || self.line.before(be) == "had";
        if (be..at).any(|k| self.line.is(self.cast.lexicon, "negation", k)) {
            reality.real = Real::Declined;
        }
        reality.rules.push(("status.plan".to_owned(), at));
        match self.visit(at, len, "visit.awaited", self.group_parts(group), Some(spot), reality, None) {
            found @ Found::Candidates(_) => Some(found),
            Found::Refused(_) => None,
        }
    }

    /// "senior officials arrived in Washington", beside "the Chinese government": whose they are where no state is named.
    fn unnamed_officials(&self, at: usize, spot: &Spot) -> Option<Part> {
        let home =
            spot.country.filter(|c| *c == crate::model::actor::Side::US || *c == crate::model::actor::Side::CN)?;
        let verb = self.parse.verb(at)?;
        let noun = verb.from.checked_sub(1)?;
        let body = matches!(self.line.low(noun), "officials" | "negotiators" | "envoys" | "diplomats" | "delegation");
        let plain =
            body && matches!(self.line.before(noun), "senior" | "top" | "high-level" | "as" | "a" | "" | "trade");
        let guests = other_side(home);
        let sides: Vec<_> = self.actors.iter().filter_map(|a| a.side).collect();
        let known = sides.contains(&guests) && sides.iter().all(|s| *s == home || *s == guests);
        (plain && known).then(|| Part {
            side: guests,
            person: None,
            label: Some(self.line.low(noun).to_owned()),
            level: None,
            state: false,
            inferred: true,
        })
    }

    /// One candidate for every visitor.
    #[expect(clippy::too_many_arguments, reason = "everything a visit is made of")]
    pub(in crate::extract) fn visit(
        &self,
        at: usize,
        len: usize,
        rule: &str,
        visitors: Parts,
        spot: Option<Spot>,
        reality: Reality,
        host: Option<Parts>,
    ) -> Found {
        let reality = reality.had_nobody_denied();
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
            if country != Some(other_side(part.side)) || self.resides(&part) {
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
}
