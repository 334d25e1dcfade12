//! A verb trigger at work: its frame, the clause that holds it, and what governs it.

use super::{Candidate, Found, Scene};
use crate::extract::discourse::{Parts, other_side};
use crate::extract::parse::Verb;
use crate::extract::status::Reality;
use crate::lexicon::words::{Frame, Verb as Spec};
use crate::model::actor::Side;
use crate::model::mention::Kind;
use crate::temporal;

/// One sense of a verb of contact where it stands.
pub(super) struct VerbTrigger<'s, 'a> {
    pub(super) scene: &'s Scene<'a>,
    /// What the lexicon says of it.
    pub(super) spec: &'s Spec,
    /// What its auxiliaries say.
    pub(super) verb: &'s Verb,
    /// Its token.
    pub(super) at: usize,
    /// The token of its last particle.
    pub(super) past: usize,
    /// One past its clause.
    pub(super) end: usize,
    /// Where its arguments end: the next finite verb, or the clause's end.
    pub(super) limit: usize,
    /// The groups after it, each with the preposition before it.
    pub(super) objects: Vec<(String, usize)>,
    pub(super) reality: Reality,
}

impl<'s, 'a> VerbTrigger<'s, 'a> {
    /// The trigger at a token, with `particles` more tokens; its clause ends at `end`.
    pub(super) fn new(scene: &'s Scene<'a>, spec: &'s Spec, at: usize, particles: usize, end: usize) -> Option<Self> {
        let verb = scene.parse.verb(at)?;
        let past = at + particles;
        let mut limit = scene.next_verb(past + 1, end);
        if spec.frame == Frame::Meet && limit == end && scene.line.before(end) == ":" {
            // "with only one of them: President Xi".
            limit = scene.parse.segments.get(scene.parse.segment_of(end)).map_or(end, |s| s.to);
        }
        let objects = scene.objects(past, limit.max(past + 1));
        let reality = scene.grammar().of_verb(at);
        Some(Self { scene, spec, verb, at, past, end, limit, objects, reality })
    }

    /// What it comes to, by its frame; nothing where this sense is not meant.
    pub(super) fn read(&self) -> Option<Found> {
        match self.spec.frame {
            Frame::Go => self.go(),
            Frame::Leave => self.leave(),
            Frame::Meet => self.at_the_airport().or_else(|| self.meet()),
            Frame::Host => self.at_the_airport().or_else(|| self.host()),
            Frame::Speak | Frame::Phone => self.speak(),
            Frame::Invite | Frame::Send => self.send(),
            Frame::Tell => self.tell(),
            Frame::Agree => self.agree(),
        }
    }

    /// "will meet for a round of trade talks": the meeting is the round.
    pub(super) fn for_a_round(&self) -> bool {
        let words = &self.scene.cast.lexicon.words;
        let round = |k: usize| {
            let talks = self.scene.parse.noun(k).and_then(|(noun, _)| words.nouns.get(noun));
            talks.is_some_and(|noun| noun.kind == Kind::Talks) && self.scene.purpose_of_verb(k)
        };
        (self.past + 1..self.limit.max(self.end)).any(round)
    }

    /// "sits down with Wang on Monday, followed by Premier Li on Tuesday": the next one of the other side.
    pub(super) fn followed_by(&self, parts: &Parts) -> Vec<Candidate> {
        let line = self.scene.line;
        let by = (self.past..line.toks.len()).find(|k| line.low(*k) == "followed" && line.low(k + 1) == "by");
        let Some(by) = by.filter(|k| (self.past..*k).all(|j| self.scene.parse.noun(j).is_none())) else {
            return Vec::new();
        };
        let Some(group) = self.scene.parse.groups.iter().position(|g| g.from > by + 1 && g.from <= by + 3) else {
            return Vec::new();
        };
        let next = self.scene.group_parts(group);
        let named = |side: Side| next.of(side).iter().any(|p| p.person.is_some());
        let side = if named(Side::US) { Side::US } else { Side::CN };
        if !named(side) || next.both() || next.other || parts.of(other_side(side)).is_empty() {
            return Vec::new();
        }
        let mut both = next;
        for part in parts.of(other_side(side)) {
            both.add(part.clone());
        }
        let Found::Candidates(mut list) = self.contact(self.spec.kind, &self.spec.id, both) else { return Vec::new() };
        let to = self.scene.parse.groups.get(group).map_or(by, |g| g.to);
        let time = (to..(to + 3).min(line.toks.len())).find_map(|k| line.toks.get(k)?.time);
        let moment = time.and_then(|t| line.times.get(t));
        let moment = moment.and_then(|e| temporal::resolve(e, self.scene.cast.anchor, self.reality.tense()));
        for c in &mut list {
            c.moment = moment.or(c.moment);
        }
        list
    }

    /// Whom its subject names.
    pub(super) fn subjects(&self) -> Parts {
        let group = self.scene.subject_of(self.at, &self.reality);
        group.map_or_else(Parts::default, |g| self.scene.group_parts(g))
    }

    /// Its tokens: verb and particles.
    pub(super) fn len(&self) -> usize {
        self.past + 1 - self.at
    }

    /// A contact of these parts.
    pub(super) fn contact(&self, kind: Kind, rule: &str, parts: Parts) -> Found {
        self.scene.contact(kind, self.at, self.len(), rule, parts, self.reality.clone(), self.end)
    }

    pub(super) fn refuse(&self, reject: &'static str, why: &'static str) -> Found {
        self.scene.refuse(&self.spec.id, self.at, self.len(), reject, why)
    }
}
