//! Verbs of meeting and speaking, and the contact that they make.

use super::trigger::VerbTrigger;
use super::{Found, Scene};
use crate::extract::actors::Head;
use crate::extract::discourse::{Part, Parts};
use crate::extract::place::{self, Spot};
use crate::extract::status::{Real, Reality};
use crate::lexicon::verbs::Form;
use crate::lexicon::words::Frame;
use crate::model::actor::Level;
use crate::model::mention::Kind;
use crate::temporal;

impl VerbTrigger<'_, '_> {
    pub(super) fn meet(&self) -> Option<Found> {
        let Self { scene, at, past, limit, .. } = *self;
        let Self { spec, verb, objects, reality, .. } = self;
        let seen_by = verb.passive && spec.id == "meeting.see";
        let accepts = |prep: &str| spec.with.contains(prep) || prep == "with" || seen_by && prep == "by";
        let mut partners = Parts::default();
        let mut any = false;
        for (prep, group) in objects {
            if accepts(prep) && !scene.describes(*group) {
                let found = scene.group_parts(*group);
                any |= !found.is_empty();
                partners.merge(&found);
            }
        }
        if (past..limit).any(|k| matches!(scene.line.low(k), "halfway" | "half-way")) {
            // "hoped that Washington would meet Beijing halfway".
            return None;
        }
        if spec.id == "meeting.call-on" {
            let person = |p: &Parts| p.us.iter().chain(&p.cn).any(|p| p.person.is_some());
            let demand = (past + 1..limit + 1).any(|k| {
                scene.line.low(k) == "to"
                    && (scene.parse.verb(k + 1).is_some() || scene.line.is(scene.cast.lexicon, "be", k + 1))
            });
            if demand || !person(&partners) {
                return None;
            }
        }
        let see = spec.id == "meeting.see";
        if see && !any {
            return None;
        }
        let shake = spec.id == "meeting.handshake";
        let mut parts = self.subjects();
        if verb.passive && !any {
            return None;
        }
        if !any && parts.is_empty() && spec.kind != Kind::Call {
            parts = scene.each_other(verb.from).unwrap_or(parts);
        }
        let joint = parts.both();
        if any && partners.both() && parts.is_empty() {
            return Some(self.refuse("reject.apart", "somebody else meets both"));
        }
        if !any && !joint {
            let reject = if partners.other { "reject.other-side" } else { "reject.one-side" };
            return Some(self.refuse(reject, "nobody of the other side takes part"));
        }
        if see && (partners.us.iter().chain(&partners.cn).all(|p| p.state) || joint && !any) {
            return None;
        }
        if shake && [&parts, &partners].iter().all(|some| some.us.iter().chain(&some.cn).all(|p| p.state)) {
            // "China and the United States shake hands": a figure of speech.
            return None;
        }
        if partners.other && !partners.both() && partners.us.is_empty() && partners.cn.is_empty() {
            return Some(self.refuse("reject.other-side", "the partner is of a third side"));
        }
        let several: Vec<Part> =
            partners.us.iter().chain(&partners.cn).filter(|p| p.person.is_some()).cloned().collect();
        let leader = spec.id != "meeting.sit-down"
            && several.iter().any(|p| p.level == Some(Level::Leader))
            && several.len() > 1;
        if leader && !partners.both() && !parts.both() {
            // "saw President Xi, Premier Li and Foreign Minister Wang": one audience each.
            let mut all = Vec::new();
            for partner in several {
                let mut one = parts.clone();
                one.add(partner);
                if let Found::Candidates(list) = self.contact(spec.kind, &spec.id, one) {
                    all.extend(list);
                }
            }
            if !all.is_empty() {
                return Some(Found::Candidates(all));
            }
        }
        let second = scene.second_partner(past, limit, objects);
        if let Some((group, time)) = second
            && let Found::Candidates(mut list) = {
                let mut one = parts.clone();
                one.merge(&scene.group_parts(group));
                self.contact(spec.kind, &spec.id, one)
            }
        {
            // "will meet Vice-Premier Wang on Tuesday and Premier Wen on Wednesday": each on a day of his own.
            let expr = scene.line.times.get(time);
            for c in &mut list {
                c.moment = expr.and_then(|e| temporal::resolve(e, scene.cast.anchor, reality.tense()));
            }
            let first = parts.clone();
            parts.merge(&partners);
            if !first.is_empty()
                && let Found::Candidates(own) = self.contact(spec.kind, &spec.id, parts.clone())
            {
                list.splice(0..0, own);
            }
            return Some(Found::Candidates(list));
        }
        parts.merge(&partners);
        let rule = spec.id.clone();
        let video = (at..limit.max(past + 1)).any(|k| {
            matches!(
                scene.line.low(k),
                "video" | "phone" | "telephone" | "virtually" | "videolink" | "video-link" | "online"
            )
        });
        let round = spec.kind == Kind::Meeting && self.for_a_round();
        let kind = match () {
            () if video => Kind::Call,
            () if round => Kind::Talks,
            () => spec.kind,
        };
        let next = self.followed_by(&parts);
        let mut found = self.contact(kind, &rule, parts);
        if let Found::Candidates(list) = &mut found {
            list.extend(next);
        }
        Some(found)
    }

    pub(super) fn speak(&self) -> Option<Found> {
        let Self { scene, at, past, limit, .. } = *self;
        let Self { spec, verb, objects, .. } = self;
        let phone = (at..limit.max(past + 1)).any(|k| scene.line.is(scene.cast.lexicon, "phone", k));
        let mut parts = self.subjects();
        let direct = spec.frame == Frame::Phone;
        let mut partners = Parts::default();
        for (prep, group) in objects {
            let fits = if direct { prep.is_empty() } else { prep == "with" || prep == "to" };
            let fits = fits && !scene.describes(*group) && (direct || scene.spoken_with(past, *group));
            if fits && partners.is_empty() {
                let found = scene.group_parts(*group);
                if direct {
                    // "called Vance ignorant", "called Xi a dictator": a naming.
                    let to = scene.parse.groups.get(*group).map_or(0, |g| g.to);
                    let next = scene.line.toks.get(to);
                    let naming = next.is_some_and(|t| !t.mark && t.time.is_none())
                        && !scene.cast.lexicon.words.is("preposition", scene.line.low(to))
                        && !scene.cast.lexicon.words.is("adverb", scene.line.low(to))
                        && !scene.cast.lexicon.words.is("coordinator", scene.line.low(to))
                        && !scene.cast.lexicon.words.is("subordinator", scene.line.low(to));
                    if naming || found.us.iter().chain(&found.cn).all(|p| p.state) || verb.passive {
                        return None;
                    }
                }
                partners.merge(&found);
            }
        }
        if partners.is_empty() && (direct || !parts.both()) {
            return None;
        }
        if partners.both() && parts.is_empty() {
            return Some(self.refuse("reject.apart", "somebody else speaks with both"));
        }
        let people = parts.us.iter().any(|p| p.person.is_some()) && parts.cn.iter().any(|p| p.person.is_some());
        let next = scene.line.toks.get(past + 1);
        let people = people && verb.form != Form::Ing;
        let adverb = scene.cast.lexicon.words.is("adverb", scene.line.low(past + 1));
        let after = scene.line.toks.get(past + 2).filter(|_| adverb);
        // "US and Chinese commanders speak for first time": of some rank, and not by chance.
        let label = |list: &[Part]| !list.is_empty() && list.iter().all(|p| !p.state);
        let people = people
            || scene.line.headline && label(&parts.us) && label(&parts.cn) && !parts.other && verb.form != Form::Ing;
        let alone = next.is_none_or(|t| t.mark || t.time.is_some())
            || adverb && after.is_none_or(|t| t.mark)
            || matches!(scene.line.low(past + 1), "on" | "for" | "again" | "in");
        if partners.is_empty() && !phone && !(people && (scene.line.headline || alone)) {
            return None;
        }
        if partners.other && partners.us.is_empty() && partners.cn.is_empty() {
            return Some(self.refuse("reject.other-side", "the partner is of a third side"));
        }
        if let Some(each) = self.each_own(&parts) {
            return Some(each);
        }
        parts.merge(&partners);
        if parts.us.iter().all(|p| p.state) && parts.cn.iter().all(|p| p.state) && !phone {
            return None;
        }
        let nobody = !partners.is_empty() && partners.us.iter().chain(&partners.cn).all(|p| p.state) && !phone;
        if nobody && parts.us.iter().chain(&parts.cn).filter(|p| p.person.is_some()).count() > 1 {
            // "we continue to talk with the Chinese": contacts at large.
            return None;
        }
        // "Trump and Xi spoke on Friday": on the telephone, as a rule.
        let named = people
            && partners.is_empty()
            && scene.line.low(at).starts_with("sp")
            && scene
                .subject_of(at, &self.reality)
                .and_then(|g| scene.parse.groups.get(g))
                .is_some_and(|g| g.members.iter().all(|m| scene.actors.get(*m).is_some_and(|a| a.person().is_some())))
            && (next.is_none_or(|t| t.mark || t.time.is_some()) || matches!(scene.line.low(past + 1), "on" | "for"));
        let vague =
            !named && partners.is_empty() && !phone && (!scene.line.headline || scene.line.low(at).starts_with("talk"));
        if vague {
            // "They spoke for a few seconds": face to face or not, the article says elsewhere.
            return Some(self.contact(Kind::Talks, "talks.conversation", parts));
        }
        let facing = (past..limit).any(|k| {
            matches!(scene.line.low(k), "face-to-face" | "in-person")
                || scene.line.low(k) == "face" && scene.line.low(k + 1) == "to"
                || scene.line.low(k) == "in" && scene.line.low(k + 1) == "person"
        });
        let kind = if facing { Kind::Meeting } else { Kind::Call };
        Some(self.contact(kind, &spec.id, parts))
    }
}

impl VerbTrigger<'_, '_> {
    /// "Hegseth and Rubio spoke with their Chinese counterparts": each with his own.
    fn each_own(&self, parts: &Parts) -> Option<Found> {
        let scene = self.scene;
        let actor = scene.actors.iter().position(|a| a.from > self.past && a.head == Head::Counterpart && a.plural)?;
        let people: Vec<&Part> = parts.us.iter().chain(&parts.cn).filter(|p| p.person.is_some()).collect();
        if people.len() < 2 || parts.both() || parts.other {
            return None;
        }
        let mut all = Vec::new();
        for part in people {
            let mut one = Parts::default();
            one.add(part.clone());
            let own = scene.discourse.counterpart_of(scene.cast, scene.actors, actor, part)?;
            one.merge(&own);
            if let Found::Candidates(list) = self.contact(self.spec.kind, &self.spec.id, one) {
                all.extend(list);
            }
        }
        Some(Found::Candidates(all))
    }
}

impl Scene<'_> {
    /// The person after "A on Tuesday and", with the day that follows.
    fn second_partner(&self, past: usize, limit: usize, objects: &[(String, usize)]) -> Option<(usize, usize)> {
        let timed = |k: usize| self.line.toks.get(k).and_then(|t| t.time);
        let first = objects.iter().find(|(p, _)| p.is_empty() || p == "with").map(|(_, g)| *g)?;
        let first = self.parse.groups.get(first)?;
        let (_, index) = objects.iter().find(|(p, _)| p == "and")?;
        let second = self.parse.groups.get(*index).filter(|g| g.from > first.to && g.from - first.to <= 5)?;
        let between = (first.to..second.from).any(|k| timed(k).is_some());
        let day = (second.to..second.to + 2).find_map(timed)?;
        let people = self.group_parts(*index);
        let known = people.us.iter().chain(&people.cn).any(|p| p.person.is_some());
        (between && known && second.from > past && second.to <= limit.max(past + 1)).then_some((*index, day))
    }

    /// A meeting, call or talks of these parts.
    #[expect(clippy::too_many_arguments, reason = "everything a contact is made of")]
    pub(in crate::extract) fn contact(
        &self,
        kind: Kind,
        at: usize,
        len: usize,
        rule: &str,
        parts: Parts,
        reality: Reality,
        end: usize,
    ) -> Found {
        let reality = reality.had_nobody_denied();
        if reality.real == Real::None {
            return self.refuse(rule, at, len, "reject.unreal", "denied, conditional or not meant as an event");
        }
        if !parts.both() {
            let reject = if parts.other { "reject.other-side" } else { "reject.one-side" };
            return self.refuse(rule, at, len, reject, "no party of the other side takes part");
        }
        let nobody = |list: &[Part]| list.iter().all(|p| p.person.is_none());
        if (nobody(&parts.us) || nobody(&parts.cn)) && self.line.has(self.cast.lexicon, "unofficial") {
            return self.refuse(rule, at, len, "reject.unofficial", "one side is no government");
        }
        let mut c = self.candidate(kind, at, len, rule, parts, &reality);
        let named_here = self.actors.iter().any(|a| matches!(a.head, Head::Person(_) | Head::Office(_)));
        if reality.when && c.moment.is_none() && !named_here && !self.line.headline {
            return self.refuse(rule, at, len, "reject.whenever", "no particular occasion");
        }
        let segment = self.parse.segment_of(at);
        let from = self.parse.segments.get(segment).map_or(0, |s| s.from);
        let start = self.grammar().noun_start(at);
        let later = self.line.before(start) == "before"
            || self.line.before(start) == "of" && start > 1 && self.line.low(start - 2) == "ahead";
        // "to meet in Paris ahead of a summit": that place is not the summit's.
        let from = if later { start } else { from };
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
        // "No session between them is planned there".
        let there = (at..end).any(|k| self.line.low(k) == "there" && !self.line.is(self.cast.lexicon, "be", k + 1));
        let spot = spot.or_else(|| self.discourse.place.clone().filter(|_| there));
        let spot = spot.map(|s| self.city_of(s));
        if kind != Kind::Call {
            c.place = spot.as_ref().map(|s| s.name.clone());
            c.place_rank = spot.map_or(0, |s| s.rank);
        }
        Found::Candidates(vec![c])
    }

    /// A venue's city, where the sentence or the dateline names it.
    fn city_of(&self, spot: Spot) -> Spot {
        let places = &self.cast.lexicon.places;
        let Some(city) = places.iter().find(|p| p.name == spot.name).and_then(|p| p.city.as_ref()) else { return spot };
        let here = (0..self.line.toks.len())
            .any(|k| place::at(self.line, self.cast, k).is_some_and(|s| s.rank == 3 && s.name == *city));
        if here || self.dateline.is_some_and(|d| d.name == *city) {
            return Spot { name: city.clone(), rank: 3, ..spot };
        }
        spot
    }

    /// A place in the fragments beside a clause: "In Beijing, …", "…, in Vientiane".
    pub(super) fn neighbour_place(&self, segment: usize) -> Option<Spot> {
        let quiet = |s: usize| self.parse.segments.get(s).filter(|seg| seg.verb.is_none());
        let relative = |s: usize| {
            self.parse.segments.get(s).is_some_and(|seg| self.cast.lexicon.words.is("relative", &seg.opener))
        };
        // Over a relative clause: "a meeting with Wang Yi, who heads the office, in Vienna".
        let after = (segment + 1..segment + 5)
            .take_while(|s| quiet(*s).is_some() || relative(*s))
            .filter_map(quiet)
            .find_map(|seg| place::within(self.line, self.cast, seg.from, seg.to, seg.from));
        after.or_else(|| {
            let before = segment.checked_sub(1).and_then(quiet)?;
            place::within(self.line, self.cast, before.from, before.to, before.to)
        })
    }
}
