//! Hosts and guests: who receives whom, which is a meeting, a visit to come, or both.

use super::Found;
use super::trigger::VerbTrigger;
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::place::{self, Spot};
use crate::extract::status::Real;
use crate::model::actor::Side;
use crate::model::mention::Kind;

impl VerbTrigger<'_, '_> {
    /// Whether a noun of contact, and none of travelling, stands at a token: "for talks", not "for a visit".
    fn meets_for(&self, at: usize) -> bool {
        let nouns = &self.scene.cast.lexicon.words.nouns;
        self.scene.parse.noun(at).is_some_and(|(n, _)| nouns.get(n).is_some_and(|n| n.kind != Kind::Visit))
    }

    pub(super) fn host(&self) -> Option<Found> {
        let Self { scene, at, past, end, .. } = *self;
        let Self { spec, verb, objects, reality, .. } = self;
        let (host, guest) = if verb.passive {
            let guest = scene.subject_of(at, reality);
            let host: Vec<usize> = objects.iter().filter(|(p, _)| p == "by").map(|(_, g)| *g).collect();
            (host, guest)
        } else {
            let first = objects.iter().find(|(p, _)| spec.with.contains(p.as_str())).map(|(_, g)| *g);
            (scene.subject_of(at, reality).into_iter().collect(), first)
        };
        let guest = guest?;
        let to = scene.parse.groups.get(guest).map_or(past, |g| g.to);
        let post = scene.line.low(to) == "to"
            && (to + 2..to + 4).any(|k| matches!(scene.line.low(k), "post" | "job" | "role" | "position" | "office"));
        if post && matches!(scene.line.low(to + 1), "his" | "her" | "the" | "their" | "a") {
            // "welcomed the ambassador to his post": a greeting.
            return None;
        }
        let mut parts = scene.group_parts(guest);
        if parts.is_empty() || (parts.us.iter().chain(&parts.cn).all(|p| p.state)) {
            return None;
        }
        let guests = parts.clone();
        let mut hosts = Parts::default();
        for group in host {
            let found = scene.group_parts(group);
            hosts.merge(&found);
        }
        if hosts.is_empty() && !guests.both() {
            return Some(self.refuse("reject.one-side", "no host of the other side"));
        }
        let side = if !guests.us.is_empty() { Side::US } else { Side::CN };
        let future = matches!(reality.real, Real::Future | Real::Weak);
        let host_word = spec.id == "meeting.host"
            && (scene.line.low(at).starts_with("host") || scene.line.low(at).starts_with("welcom"));
        if hosts.of(other_side(side)).is_empty() {
            return Some(self.refuse("reject.other-side", "the host is of a third side or the guest's own"));
        }
        if future && host_word {
            let spot = place::destination(scene.line, scene.cast, past + 1, end, &["in", "to", "at"])
                .filter(|s| s.country == Some(other_side(side)))
                .or_else(|| {
                    scene.cast.lexicon.states.iter().find(|s| s.side == other_side(side)).map(|s| Spot {
                        at,
                        name: s.name.clone(),
                        country: Some(s.side),
                        rank: 1,
                    })
                });
            let venue = spot.as_ref().is_some_and(|s| s.rank == 2);
            let purpose =
                (past..self.limit).any(|k| scene.line.low(k) == "for" && (k + 1..k + 4).any(|j| self.meets_for(j)));
            let named = hosts.of(other_side(side)).iter().any(|p| p.person.is_some());
            let mut found =
                scene.visit(at, self.len(), &spec.id, guests.clone(), spot, reality.clone(), Some(hosts.clone()));
            if named && (venue || purpose) {
                // "will host He Lifeng for talks", "will welcome Fan to the Pentagon": they meet there.
                let mut both = guests;
                both.merge(&hosts);
                if let (Found::Candidates(list), Found::Candidates(met)) =
                    (&mut found, self.contact(spec.kind, &spec.id, both))
                {
                    list.extend(met);
                }
            }
            return Some(found);
        }
        let named: Vec<Part> = hosts.of(other_side(side)).iter().filter(|p| p.person.is_some()).cloned().collect();
        if verb.passive && named.len() > 1 {
            // "was received by Hu and Wen": one audience each.
            let mut all = Vec::new();
            for host in named {
                let mut one = guests.clone();
                one.add(host);
                if let Found::Candidates(list) = self.contact(spec.kind, &spec.id, one) {
                    all.extend(list);
                }
            }
            return Some(Found::Candidates(all));
        }
        parts.merge(&hosts);
        Some(self.contact(spec.kind, &spec.id, parts))
    }
}
