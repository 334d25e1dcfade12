//! A verb trigger at work: its frame, the clause that holds it, and what governs it.

use super::{Found, Scene};
use crate::extract::discourse::Parts;
use crate::extract::parse::Verb;
use crate::extract::status::Reality;
use crate::lexicon::words::{Frame, Verb as Spec};
use crate::model::mention::Kind;

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
            Frame::Meet => self.meet(),
            Frame::Host => self.host(),
            Frame::Speak | Frame::Phone => self.speak(),
            Frame::Invite | Frame::Send => self.send(),
            Frame::Tell => self.tell(),
            Frame::Agree => self.agree(),
        }
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
