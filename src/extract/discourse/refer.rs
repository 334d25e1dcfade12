//! Whom pronouns, counterparts and pairs mean.

use super::pairs::{is_woman, other_side, person_part, says};
use super::{Discourse, Part, Parts};
use crate::extract::actors::{Actor, Head};
use crate::extract::identify::Cast;
use crate::extract::line::Line;
use crate::model::actor::Side;

impl Discourse {
    /// "he" and "she": the subject before, then whoever was named last.
    pub(super) fn pronoun(
        &self,
        line: &Line,
        cast: &Cast<'_>,
        actors: &[Actor],
        index: usize,
        actor: &Actor,
    ) -> Option<Part> {
        let low = line.low(actor.from);
        let woman = matches!(low, "she" | "her");
        if matches!(low, "i" | "my") {
            // The one who says it, in this sentence or before.
            let says = |k: usize| says(line, cast, k);
            if let Some(first) = actors.first().filter(|a| line.low(a.to) == ":" && index > 0) {
                // "Trump: I am going to Beijing".
                if let Some(part) = first.person().and_then(|p| person_part(cast, p)) {
                    return Some(part);
                }
            }
            let sayer = actors.iter().skip(index + 1).find(|a| {
                a.person().is_some() && !a.possessive && (says(a.to) || a.from.checked_sub(1).is_some_and(says))
            });
            return sayer
                .and_then(|a| a.person())
                .and_then(|p| person_part(cast, p))
                .or_else(|| self.speaker.clone())
                .or_else(|| self.subject.clone())
                .or_else(|| self.recent.iter().find(|p| p.person.is_some()).cloned());
        }
        let named_here = actors.iter().take(index).any(|a| a.person().is_some());
        let first = matches!(low, "i" | "my");
        let fronted = actor.possessive && actor.from < 6;
        if self.stranger && !named_here && !first && !fronted {
            // "Foreign Minister Bhutto will leave … The minister will meet …": the stranger still.
            return None;
        }
        let third = |a: &Actor| a.head == Head::Blocked && !a.source && !a.possessive;
        let last =
            actors.iter().take(index).rfind(|a| a.person().is_some() || matches!(a.head, Head::Office(_)) || third(a));
        if !first && low != "the" && last.is_some_and(third) && !line.headline {
            // "Brazil's President Lula wrapped up his visit": the stranger's own.
            return None;
        }
        if low == "the" {
            let word = line.low(actor.from + 1);
            let named = |p: usize| {
                cast.lexicon.people.get(p).is_some_and(|p| {
                    p.terms.iter().any(|t| {
                        t.covers(cast.date, 20)
                            && cast.lexicon.offices.get(t.office).is_some_and(|o| {
                                let title = o.title.to_lowercase();
                                title.starts_with(word) || (word != "secretary" && title.ends_with(word))
                            })
                    })
                })
            };
            let all = actors
                .iter()
                .take(index)
                .rev()
                .filter_map(Actor::person)
                .chain(self.recent.iter().rev().filter_map(|p| p.person));
            let office = || cast.issuer.secretary().filter(|_| word == "secretary").and_then(|o| cast.holder(&[o]));
            return all.into_iter().find(|p| named(*p)).or_else(office).and_then(|p| person_part(cast, p));
        }
        let fits = |part: &Part| part.person.is_none_or(|p| is_woman(cast, p) == woman);
        // "Even as his government was making plans …, Xi Jinping praised".
        let possessive = actor.possessive || actor.to > actor.from + 1 && matches!(low, "his" | "her");
        let here: Vec<Part> = actors
            .iter()
            .take(index)
            .enumerate()
            .filter(|(_, a)| {
                let the = a.head == Head::Pronoun && line.low(a.from) == "the";
                the || !matches!(a.head, Head::Pronoun | Head::Pair | Head::State | Head::Blocked)
            })
            .filter_map(|(i, a)| match &a.head {
                // "The chairman …, where he will be received".
                Head::Pronoun => self.pronoun(line, cast, actors, i, a),
                Head::Person(p) => person_part(cast, *p),
                Head::Office(readings) => a.side.map(|side| Part {
                    side,
                    person: cast.holder(readings),
                    label: a.label.clone(),
                    level: a.level,
                    state: false,
                    inferred: false,
                }),
                _ => None,
            })
            .filter(|part| fits(part))
            .collect();
        if matches!(low, "him") || (low == "her" && !actor.possessive) {
            if let Some(other) = self.not_own_subject(line, cast, actors, index, &here) {
                return Some(other);
            }
            let subject = here.first().cloned().or_else(|| self.subject.clone());
            // "Lighthizer and Mnuchin greeted him": not one of those who did.
            let across = |p: &&Part| fits(p) && subject.as_ref().is_none_or(|s| s.side != p.side);
            let other = here.iter().rev().find(|p| Some(*p) != here.first() && across(p)).cloned();
            let other = other.or_else(|| self.recent.iter().rev().find(across).cloned());
            let other = other.or_else(|| here.iter().rev().find(|p| Some(*p) != here.first()).cloned());
            if other.is_some() {
                return other;
            }
        }
        if let Some(first) = here.first() {
            return Some(first.clone());
        }
        if self.subject.is_none() && self.recent.is_empty() || line.paragraph == 0 && possessive && actor.from < 6 {
            // "On his first trip to China, Chuck Hagel …": the name follows.
            // "Even as his government planned to host Obama, the Chinese president, Xi, praised": who opens a clause.
            let opens = |a: &Actor| {
                let from = a.from.saturating_sub(usize::from(line.before(a.from) == "the"));
                matches!(line.before(from), "," | "")
            };
            let clause = actor.to > actor.from + 1;
            let next =
                actors.iter().skip(index + 1).find(|a| a.person().is_some() && !a.possessive && (!clause || opens(a)));
            if let Some(part) = next.and_then(|a| a.person()).and_then(|p| person_part(cast, p)).filter(|p| fits(p)) {
                return Some(part);
            }
        }
        if let Some(subject) = self.subject.as_ref().filter(|p| fits(p)) {
            return Some(subject.clone());
        }
        self.recent.iter().rev().find(|p| fits(p)).cloned()
    }

    /// "We look forward to hosting him," Blinken said: the government of the one who says it.
    pub(super) fn we(&self, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize) -> Option<Part> {
        let actor = actors.get(index).filter(|a| matches!(line.low(a.from), "we" | "our"))?;
        let sayer = actors.iter().skip(index + 1).find(|a| {
            a.person().is_some()
                && a.to > actor.to
                && (says(line, cast, a.to) || a.from.checked_sub(1).is_some_and(|k| says(line, cast, k)))
        });
        let side = sayer.and_then(|a| a.side).or_else(|| self.speaker.as_ref().map(|p| p.side))?;
        Some(Part { side, person: None, label: None, level: None, state: true, inferred: false })
    }

    /// "A said that B had refused to meet him": not B, the subject of the clause, but A.
    fn not_own_subject(
        &self,
        line: &Line,
        cast: &Cast<'_>,
        actors: &[Actor],
        index: usize,
        here: &[Part],
    ) -> Option<Part> {
        let own = actors.get(index.checked_sub(1)?)?;
        let at = actors.get(index)?.from;
        let verb = cast.lexicon.words.is("have", line.low(own.to)) || cast.lexicon.words.is("modal", line.low(own.to));
        let joined = (own.to..at).any(|k| cast.lexicon.words.is("coordinator", line.low(k)));
        if own.possessive || !verb || joined {
            return None;
        }
        let own = person_part(cast, own.person()?)?;
        here.iter().find(|p| p.side != own.side).cloned()
    }

    /// The counterpart of one person where a plural word names those of several; nothing where his is not known.
    pub(in crate::extract) fn counterpart_of(
        &self,
        cast: &Cast<'_>,
        actors: &[Actor],
        index: usize,
        whose: &Part,
    ) -> Option<Parts> {
        let side = actors.get(index)?.side.unwrap_or(other_side(whose.side));
        let office = cast.lexicon.offices.get(cast.office(whose.person?, cast.date)?)?;
        let own = office.counterparts.iter().find_map(|id| {
            let at = cast.lexicon.offices.iter().position(|o| o.id == *id && o.side == side)?;
            cast.holder(&[at])
        });
        let mut parts = Parts::default();
        parts.add(Part { inferred: true, ..person_part(cast, own?)? });
        Some(parts)
    }

    #[expect(clippy::too_many_arguments, reason = "the whole line is the context of a counterpart")]
    pub(super) fn counterpart(
        &self,
        line: &Line,
        cast: &Cast<'_>,
        actors: &[Actor],
        index: usize,
        actor: &Actor,
        so_far: &Parts,
        parts: &mut Parts,
    ) {
        // Whose counterpart: the members before it, the last person of the sentence, the last subject.
        let mut whose: Vec<Part> = so_far.us.iter().chain(&so_far.cn).cloned().collect();
        if whose.is_empty() {
            whose = actors
                .iter()
                .take(index)
                .filter_map(|a| match a.head {
                    Head::Person(p) => person_part(cast, p),
                    Head::Office(ref r) => a.side.map(|side| Part {
                        side,
                        person: cast.holder(r),
                        label: a.label.clone(),
                        level: a.level,
                        state: false,
                        inferred: false,
                    }),
                    Head::Pronoun if !a.plural => self.pronoun(line, cast, actors, index, a),
                    _ => None,
                })
                .filter(|p| Some(p.side) != actor.side)
                .take(1)
                .collect();
        }
        if whose.is_empty() {
            whose.extend(self.subject.clone().filter(|p| Some(p.side) != actor.side));
        }
        let side = actor.side.or_else(|| whose.first().map(|p| other_side(p.side)));
        let Some(side) = side else {
            parts.unknown = true;
            return;
        };
        if side != Side::US && side != Side::CN {
            parts.other = true;
            return;
        }
        let mut named = false;
        for part in &whose {
            let Some(person) = part.person else { continue };
            let Some(office) = cast.office(person, cast.date) else { continue };
            let Some(office) = cast.lexicon.offices.get(office) else { continue };
            let counterparts: Vec<usize> = office
                .counterparts
                .iter()
                .filter_map(|id| cast.lexicon.offices.iter().position(|o| o.id == *id && o.side == side))
                .collect();
            let holder = counterparts.iter().find_map(|o| cast.holder(&[*o]));
            let label = counterparts.first().and_then(|o| cast.lexicon.offices.get(*o)).map(|o| o.title.clone());
            let level = counterparts.first().and_then(|o| cast.lexicon.offices.get(*o)).map(|o| o.level).or(part.level);
            parts.add(Part { side, person: holder, label, level, state: false, inferred: true });
            named = true;
            if !actor.plural {
                break;
            }
        }
        if !named {
            let level = whose.iter().filter_map(|p| p.level).max();
            parts.add(Part {
                side,
                person: None,
                label: Some("counterpart".to_owned()),
                level,
                state: false,
                inferred: false,
            });
        }
    }

    pub(super) fn side_of_office(&self, cast: &Cast<'_>, readings: &[usize]) -> Option<Side> {
        let sides: Vec<Side> = readings.iter().filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.side)).collect();
        if sides.windows(2).all(|w| w.first() == w.last()) {
            return sides.first().copied();
        }
        // The holder whom the article names most; else the last person named who holds one of them.
        let most = readings
            .iter()
            .filter_map(|o| cast.holder(&[*o]))
            .map(|p| (cast.times_named(p), p))
            .filter(|(n, _)| *n > 1)
            .max_by_key(|(n, p)| (*n, std::cmp::Reverse(*p)));
        if let Some(side) = most.and_then(|(_, p)| cast.lexicon.people.get(p)).map(|p| p.side) {
            return Some(side);
        }
        self.recent.iter().rev().find_map(|part| {
            let person = part.person?;
            let holds = cast
                .lexicon
                .people
                .get(person)?
                .terms
                .iter()
                .any(|t| readings.contains(&t.office) && t.covers(cast.date, 20));
            holds.then_some(part.side)
        })
    }

    /// "the Chinese minister", "the American envoy": the one of that side in such an office who was named before.
    pub(super) fn in_role(&self, line: &Line, cast: &Cast<'_>, actor: &Actor) -> Option<Part> {
        let role = line.low(actor.to.checked_sub(1)?);
        let plain = actor.to == actor.from + 2 && line.before(actor.from) == "the" && !actor.possessive;
        if !plain
            || !matches!(role, "minister" | "secretary" | "president" | "envoy" | "ambassador" | "general" | "admiral")
        {
            return None;
        }
        let fits = |p: usize| {
            cast.office(p, cast.date)
                .and_then(|o| cast.lexicon.offices.get(o))
                .is_some_and(|o| o.title.to_lowercase().split_whitespace().any(|word| word == role))
        };
        self.recent
            .iter()
            .rev()
            .find(|part| Some(part.side) == actor.side && part.person.is_some_and(fits))
            .cloned()
            .map(|part| Part { inferred: true, ..part })
    }

    pub(super) fn recent_holder(&self, cast: &Cast<'_>, readings: &[usize]) -> Option<usize> {
        self.recent.iter().rev().filter_map(|p| p.person).find(|p| {
            cast.lexicon
                .people
                .get(*p)
                .is_some_and(|p| p.terms.iter().any(|t| readings.contains(&t.office) && t.covers(cast.date, 20)))
        })
    }
}
