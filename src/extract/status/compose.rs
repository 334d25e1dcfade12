//! Which class a word has here, and how classes compose.

use super::{Grammar, Real, Reality};
use crate::lexicon::words::{Class, Meaning};

impl Grammar<'_> {
    /// The class that a lemma has with the particles that follow it, and whether it is a trigger.
    pub(in crate::extract) fn class_of(&self, lemma: usize, at: usize) -> (Option<Class>, bool) {
        let mut trigger = false;
        let mut found: Option<(usize, Class)> = None;
        for sense in self.lexicon.words.senses(lemma) {
            if !self.particles(at, &sense.particles) {
                continue;
            }
            match sense.meaning {
                Meaning::Predicate(class) => {
                    // Of two senses of the same length a decision beats a report.
                    let better = found.is_none_or(|(len, old)| {
                        sense.particles.len() > len || (sense.particles.len() == len && old == Class::Say)
                    });
                    if better {
                        found = Some((sense.particles.len(), class));
                    }
                }
                Meaning::Trigger(_) => trigger = true,
            }
        }
        (found.map(|(_, class)| class), trigger)
    }

    /// Whether the particles follow the verb, at once or behind its object.
    pub(in crate::extract) fn particles(&self, at: usize, particles: &[String]) -> bool {
        if particles.is_empty() {
            return true;
        }
        let straight = particles.iter().enumerate().all(|(i, p)| self.line.low(at + 1 + i) == p);
        if straight {
            return true;
        }
        // "called Tuesday for": a time or an adverb between.
        let mut k = at + 1;
        while k < at + 4
            && (self.line.toks.get(k).is_some_and(|t| t.time.is_some())
                || self.lexicon.words.is("adverb", self.line.low(k))
                    && particles.first().is_none_or(|p| p != self.line.low(k)))
        {
            k += 1;
        }
        if k > at + 1 && particles.iter().enumerate().all(|(i, p)| self.line.low(k + i) == p) {
            return true;
        }
        // "put the visit off", "called them off".
        let Some(segment) = self.parse.segments.get(self.parse.segment_of(at)) else { return false };
        let limit = segment.to.min(at + 9);
        (at + 2..limit).any(|k| {
            particles.iter().enumerate().all(|(i, p)| self.line.low(k + i) == p)
                && (particles.len() > 1
                    || matches!(
                        particles.first().map(String::as_str),
                        Some("off" | "back" | "down" | "up" | "out" | "over")
                    ))
                && (at + 1..k).all(|j| {
                    self.parse.verb(j).is_none()
                        && (!self.lexicon.words.is("preposition", self.line.low(j))
                            || matches!(self.line.low(j), "to" | "with" | "of" | "by"))
                })
        })
    }

    /// Composes a governing class with what is known so far.
    pub(super) fn apply(&self, class: Class, own: Real, negated: bool, at: usize, reality: &mut Reality) {
        use Real::{Bare, Cancelled, Declined, Future, None, Past, Postponed, Present, Underway, Weak};
        let inner = reality.real;
        let settled = matches!(inner, Postponed | Cancelled | Declined);
        let hypothetical = own == Weak;
        let next = match class {
            Class::Hold | Class::Begin | Class::End | Class::Announce if reality.via_noun => inner,
            Class::Hold => match (own, negated) {
                (Future, true) if !settled => Declined,
                (_, true) if settled => inner,
                (_, true) => None,
                (Bare, _) => inner,
                (None, _) if !settled => None,
                (real, _) if matches!(inner, Bare | Past | Present | Underway) => real,
                // "the planned visit took place": the verb is stronger than the adjective.
                (Past | Underway, _) if matches!(inner, Future | Weak) => own,
                _ => inner,
            },
            Class::Plan => match negated {
                true if !settled => Declined,
                _ if settled => inner,
                // "plans for a possible meeting".
                _ if inner == Weak && !reality.via_noun && own != Future => Weak,
                _ => Future,
            },
            Class::Doubt => {
                if settled {
                    Future
                } else if negated {
                    None
                } else {
                    Weak
                }
            }
            Class::Propose => match negated {
                // "urged him to cancel his trip": it still stands.
                _ if settled
                    && ["urg", "press", "push", "want", "wish"].iter().any(|w| self.line.low(at).starts_with(w)) =>
                {
                    Future
                }
                _ if settled => inner,
                true => None,
                // "discussed arrangements for a trip": it is planned.
                _ if inner == Future && reality.via_noun && self.line.low(at).starts_with("discuss") => Future,
                _ => Weak,
            },
            Class::Begin => match own {
                _ if settled => inner,
                Future => Future,
                Weak => Weak,
                _ if negated => Future,
                Bare => inner,
                _ if matches!(inner, Future | Weak) && own == Past => Underway,
                _ => Underway,
            },
            Class::End => match own {
                _ if settled => inner,
                Future | Weak => Underway,
                _ if negated => inner,
                Bare => inner,
                _ => Past,
            },
            Class::Postpone | Class::Cancel | Class::Decline => {
                let result = match class {
                    Class::Postpone => Postponed,
                    Class::Cancel => Cancelled,
                    _ => Declined,
                };
                if negated {
                    // "has not ruled out a meeting": possible.
                    match class {
                        Class::Decline if self.line.low(at).starts_with("rul") => Weak,
                        Class::Decline => None,
                        _ => Future,
                    }
                } else if hypothetical && class != Class::Decline {
                    Future
                } else if inner == Declined && class == Class::Cancel {
                    Cancelled
                } else {
                    result
                }
            }
            Class::Deny => {
                if negated {
                    inner
                } else {
                    reality.denied = Some(if inner == Bare { Past } else { inner }).filter(|r| *r != None);
                    None
                }
            }
            // "will be rearranged": put off still. "has been rescheduled": a new date.
            Class::Revive if matches!(own, Future | Weak) => {
                if settled {
                    inner
                } else {
                    Postponed
                }
            }
            Class::Revive => Future,
            Class::Announce => match inner {
                Bare if own == Bare => Bare,
                other => other,
            },
            Class::Follow => {
                if !reality.is_subject {
                    reality.given = true;
                }
                if matches!(inner, Bare) && !reality.is_subject { Past } else { inner }
            }
            Class::Say => inner,
            Class::Irreal => {
                if settled {
                    inner
                } else {
                    None
                }
            }
        };
        if next != inner || class != Class::Hold {
            let name = Class::ALL.iter().find(|(_, c)| *c == class).map_or("", |(name, _)| *name);
            reality.rules.push((format!("status.{name}"), at));
        }
        reality.real = next;
    }
}
