//! Who "he", "the pair" and "his counterpart" are: what earlier sentences left behind.

use super::actors::{Actor, Head};
use super::groups::Group;
use super::identify::Cast;
use super::line::Line;
use crate::model::actor::{Level, Side};
use crate::model::mention::Kind;

/// One participant as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) side: Side,
    pub(super) person: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) level: Option<Level>,
    /// A government by its name only.
    pub(super) state: bool,
}

/// The participants of a phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) us: Vec<Part>,
    pub(super) cn: Vec<Part>,
    /// Somebody of a third side stands among them.
    pub(super) other: bool,
    /// A pronoun that could not be resolved stands among them.
    pub(super) unknown: bool,
}

impl Parts {
    pub(super) fn is_empty(&self) -> bool {
        self.us.is_empty() && self.cn.is_empty() && !self.other && !self.unknown
    }

    pub(super) fn both(&self) -> bool {
        !self.us.is_empty() && !self.cn.is_empty()
    }

    pub(super) fn add(&mut self, part: Part) {
        let list = if part.side == Side::US {
            &mut self.us
        } else if part.side == Side::CN {
            &mut self.cn
        } else {
            self.other = true;
            return;
        };
        let known = list.contains(&part) || (part.person.is_some() && list.iter().any(|p| p.person == part.person));
        if !known {
            list.push(part);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for part in other.us.iter().chain(&other.cn) {
            self.add(part.clone());
        }
        self.other |= other.other;
        self.unknown |= other.unknown;
    }

    pub(super) fn of(&self, side: Side) -> &[Part] {
        if side == Side::US { &self.us } else { &self.cn }
    }
}

/// What earlier sentences left behind.
#[derive(Debug, Default)]
pub(super) struct Discourse {
    /// People and offices in order of mention, the last at the end.
    recent: Vec<Part>,
    /// Subject of the last sentence that had a person as one.
    subject: Option<Part>,
    /// Who speaks in an interview.
    speaker: Option<Part>,
    /// The last pair of both sides.
    pub(super) pair: Option<Parts>,
    /// Sides that were named.
    sides: Vec<Side>,
    /// The last city of one of the two countries that a sentence names.
    pub(super) city: Option<super::place::Spot>,
    /// The last visit: who, where.
    pub(super) visit: Option<(Part, String)>,
    /// The last participants of each kind of event.
    last: Vec<(Kind, Parts)>,
}

impl Discourse {
    /// The parts that a group names.
    pub(super) fn parts(&self, line: &Line, cast: &Cast<'_>, actors: &[Actor], group: &Group) -> Parts {
        let mut parts = Parts::default();
        for index in &group.members {
            if let Some(actor) = actors.get(*index) {
                let found = self.actor(line, cast, actors, *index, actor, &parts);
                parts.merge(&found);
            }
        }
        parts
    }

    fn actor(
        &self,
        line: &Line,
        cast: &Cast<'_>,
        actors: &[Actor],
        index: usize,
        actor: &Actor,
        so_far: &Parts,
    ) -> Parts {
        let mut parts = Parts::default();
        match &actor.head {
            Head::Blocked => parts.other = true,
            Head::Person(p) => {
                if let Some(part) = person_part(cast, *p) {
                    parts.add(part);
                } else {
                    parts.other = true;
                }
            }
            Head::State | Head::Group => match actor.side {
                Some(side) => parts.add(Part {
                    side,
                    person: None,
                    label: actor.label.clone(),
                    level: actor.level,
                    state: actor.head == Head::State,
                }),
                None => parts.unknown = true,
            },
            Head::Office(readings) => {
                let side = actor.side.or_else(|| self.side_of_office(cast, readings));
                match side {
                    Some(side) => {
                        let own: Vec<usize> = readings
                            .iter()
                            .copied()
                            .filter(|o| cast.lexicon.offices.get(*o).is_some_and(|o| o.side == side))
                            .collect();
                        let person = cast.holder(&own).or_else(|| self.recent_holder(cast, &own));
                        let level = own
                            .iter()
                            .filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.level))
                            .max()
                            .or(actor.level);
                        parts.add(Part { side, person, label: actor.label.clone(), level, state: false });
                    }
                    None => parts.unknown = true,
                }
            }
            Head::Counterpart => self.counterpart(line, cast, actors, index, actor, so_far, &mut parts),
            Head::Pair if leaders(line, actor) && cast.leaders().is_some() => {
                for person in cast.leaders().into_iter().flatten() {
                    if let Some(part) = person_part(cast, person) {
                        parts.add(part);
                    }
                }
            }
            Head::Pair if countries(line, actor) => {
                for side in [Side::US, Side::CN] {
                    let group = line.low(actor.to) == "'" || line.low(actor.to) == "'s";
                    let label = group.then(|| line.low(actor.to + 1).to_owned()).filter(|w| w.len() > 3);
                    if self.sides.contains(&side) || actors.iter().take(index).any(|a| a.side == Some(side)) {
                        parts.add(Part { side, person: None, label, level: None, state: !group });
                    }
                }
                // With a third side in the article the two may be others.
                if !parts.both() {
                    parts = Parts { unknown: true, ..Parts::default() };
                }
            }
            Head::Pair => match &self.pair {
                Some(pair) => parts.merge(pair),
                None => match both_in_line(self, line, cast, actors, index) {
                    Some(pair) => parts.merge(&pair),
                    None => parts.unknown = true,
                },
            },
            Head::Pronoun if actor.plural => {
                let before: Option<Parts> = plural_before(self, line, cast, actors, index);
                if let Some(found) = before {
                    parts.merge(&found);
                    return parts;
                }
                match both_in_line(self, line, cast, actors, index).or_else(|| self.pair.clone()) {
                    Some(pair) => parts.merge(&pair),
                    None => parts.unknown = true,
                }
            }
            Head::Pronoun => match self.pronoun(line, cast, actors, index, actor) {
                Some(part) => parts.add(part),
                None => parts.unknown = true,
            },
        }
        parts
    }

    /// "he" and "she": the subject before, then whoever was named last.
    fn pronoun(&self, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize, actor: &Actor) -> Option<Part> {
        let low = line.low(actor.from);
        let woman = matches!(low, "she" | "her");
        if matches!(low, "i" | "my") {
            // The one who says it, in this sentence or before.
            let says = |k: usize| {
                use crate::lexicon::words::{Class, Meaning};
                cast.lexicon.words.verb_forms(line.low(k)).iter().any(|(lemma, _)| {
                    cast.lexicon
                        .words
                        .senses(*lemma)
                        .iter()
                        .any(|s| s.particles.is_empty() && matches!(s.meaning, Meaning::Predicate(Class::Say)))
                })
            };
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
            return all.into_iter().find(|p| named(*p)).and_then(|p| person_part(cast, p));
        }
        let fits = |part: &Part| part.person.is_none_or(|p| is_woman(cast, p) == woman);
        let possessive_or_object = actor.possessive || matches!(low, "him" | "her");
        let here: Vec<Part> = actors
            .iter()
            .take(index)
            .filter(|a| !matches!(a.head, Head::Pronoun | Head::Pair | Head::State | Head::Blocked))
            .filter_map(|a| match &a.head {
                Head::Person(p) => person_part(cast, *p),
                Head::Office(readings) => a.side.map(|side| Part {
                    side,
                    person: cast.holder(readings),
                    label: a.label.clone(),
                    level: a.level,
                    state: false,
                }),
                _ => None,
            })
            .filter(|part| fits(part))
            .collect();
        if matches!(low, "him") || (low == "her" && !actor.possessive) {
            let subject = here.first().cloned().or_else(|| self.subject.clone());
            let other = here.iter().rev().find(|p| Some(*p) != here.first()).cloned();
            let other = other.or_else(|| {
                self.recent.iter().rev().find(|p| fits(p) && subject.as_ref().is_none_or(|s| s.side != p.side)).cloned()
            });
            if other.is_some() {
                return other;
            }
        }
        let _ = possessive_or_object;
        if let Some(first) = here.first() {
            return Some(first.clone());
        }
        if self.subject.is_none() && self.recent.is_empty() || line.paragraph == 0 && actor.possessive && actor.from < 6
        {
            // "On his first trip to China, Chuck Hagel …": the name follows.
            let next = actors.iter().skip(index + 1).find(|a| {
                a.person().is_some() && !a.possessive && matches!(line.before(a.from), "," | "secretary" | "president")
            });
            if let Some(part) = next.and_then(|a| a.person()).and_then(|p| person_part(cast, p)).filter(|p| fits(p)) {
                return Some(part);
            }
        }
        if let Some(subject) = self.subject.as_ref().filter(|p| fits(p)) {
            return Some(subject.clone());
        }
        self.recent.iter().rev().find(|p| fits(p)).cloned()
    }

    #[expect(clippy::too_many_arguments, reason = "the whole line is the context of a counterpart")]
    fn counterpart(
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
            parts.add(Part { side, person: holder, label, level, state: false });
            named = true;
            if !actor.plural {
                break;
            }
        }
        if !named {
            let level = whose.iter().filter_map(|p| p.level).max();
            parts.add(Part { side, person: None, label: Some("counterpart".to_owned()), level, state: false });
        }
    }

    fn side_of_office(&self, cast: &Cast<'_>, readings: &[usize]) -> Option<Side> {
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

    fn recent_holder(&self, cast: &Cast<'_>, readings: &[usize]) -> Option<usize> {
        self.recent.iter().rev().filter_map(|p| p.person).find(|p| {
            cast.lexicon
                .people
                .get(*p)
                .is_some_and(|p| p.terms.iter().any(|t| readings.contains(&t.office) && t.covers(cast.date, 20)))
        })
    }

    /// Takes in a sentence after it was read; `subject` is its main subject's group.
    pub(super) fn learn(
        &mut self,
        line: &Line,
        cast: &Cast<'_>,
        actors: &[Actor],
        groups: &[Group],
        subject: Option<usize>,
    ) {
        let mut all = Parts::default();
        for side in actors.iter().filter_map(|a| a.side) {
            if !self.sides.contains(&side) {
                self.sides.push(side);
            }
        }
        for group in groups {
            let parts = self.parts(line, cast, actors, group);
            let people: Vec<Part> = parts
                .us
                .iter()
                .chain(&parts.cn)
                .filter(|p| !p.state && (p.person.is_some() || p.label.is_some()))
                .cloned()
                .collect();
            for part in &people {
                self.recent.retain(|p| p != part);
                self.recent.push(part.clone());
            }
            for part in people.into_iter().filter(|p| p.person.is_some()) {
                all.add(part);
            }
        }
        if self.recent.len() > 24 {
            self.recent.drain(..8);
        }
        if all.us.len() == 1 && all.cn.len() == 1 {
            self.pair = Some(all.clone());
        } else if all.both() && self.pair.is_none() {
            self.pair = Some(all.clone());
        }
        for k in 0..line.toks.len() {
            if let Some(spot) = super::place::at(line, cast, k)
                && spot.rank == 3
                && spot.country.is_some_and(|c| c == Side::US || c == Side::CN)
                && matches!(line.before(k), "in" | "to" | "at" | "from" | "into" | "near")
            {
                self.city = Some(spot);
            }
        }
        if let Some(group) = subject.and_then(|g| groups.get(g)) {
            let parts = self.parts(line, cast, actors, group);
            if let Some(part) = parts.us.iter().chain(&parts.cn).find(|p| !p.state && p.person.is_some()) {
                self.subject = Some(part.clone());
            }
        }
        if self.speaker.is_none() {
            self.speaker = self.subject.clone();
        }
    }

    /// Whether a side was named before.
    pub(super) fn knows(&self, side: Side) -> bool {
        self.sides.contains(&side)
    }

    /// The person of a side who was named last.
    pub(super) fn last_of(&self, side: Side) -> Option<Part> {
        self.recent.iter().rev().find(|p| p.side == side && p.person.is_some()).cloned()
    }

    /// Remembers an event for "the talks", "the trip".
    pub(super) fn remember(&mut self, kind: Kind, parts: &Parts) {
        self.last.retain(|(k, _)| *k != kind);
        self.last.push((kind, parts.clone()));
        if kind != Kind::Visit && parts.both() && parts.us.iter().chain(&parts.cn).all(|p| p.person.is_some()) {
            self.pair = Some(parts.clone());
        }
    }

    /// The participants of the last event of a kind.
    pub(super) fn last(&self, kind: Kind) -> Option<&Parts> {
        self.last.iter().rev().find(|(k, _)| *k == kind).map(|(_, parts)| parts)
    }
}

/// "the two countries", "both sides", "the two governments".
fn countries(line: &Line, actor: &Actor) -> bool {
    (actor.from..actor.to).any(|k| {
        matches!(
            line.low(k),
            "countries"
                | "sides"
                | "governments"
                | "militaries"
                | "nations"
                | "powers"
                | "superpowers"
                | "economies"
                | "delegations"
        )
    })
}

/// "the two leaders", "both presidents".
fn leaders(line: &Line, actor: &Actor) -> bool {
    (actor.from..actor.to).any(|k| matches!(line.low(k), "leaders" | "presidents" | "state"))
}

/// The people of one side whom a plural pronoun may mean: several joined by "and" just before it.
fn plural_before(discourse: &Discourse, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize) -> Option<Parts> {
    let last = index.checked_sub(1)?;
    let b = actors.get(last)?;
    let a = last.checked_sub(1).and_then(|i| actors.get(i))?;
    let joined =
        (a.to..b.from).any(|k| line.low(k) == "and") && b.from - a.to < 6 && a.side == b.side && a.person().is_some();
    if !joined {
        return None;
    }
    let mut parts = discourse.actor(line, cast, actors, last - 1, a, &Parts::default());
    let found = discourse.actor(line, cast, actors, last, b, &parts);
    parts.merge(&found);
    parts.other = false;
    Some(parts)
}

/// Both sides named in the line before an actor.
fn both_in_line(discourse: &Discourse, line: &Line, cast: &Cast<'_>, actors: &[Actor], index: usize) -> Option<Parts> {
    let mut parts = Parts::default();
    for (i, actor) in actors.iter().enumerate().take(index) {
        if matches!(actor.head, Head::Person(_) | Head::Office(_) | Head::Counterpart) {
            let found = discourse.actor(line, cast, actors, i, actor, &parts);
            parts.merge(&found);
        }
    }
    parts.other = false;
    parts.unknown = false;
    parts.both().then_some(parts)
}

/// The part that a person is; none for one who serves neither side.
pub(super) fn person_part(cast: &Cast<'_>, person: usize) -> Option<Part> {
    let p = cast.lexicon.people.get(person)?;
    if p.side != Side::US && p.side != Side::CN {
        return None;
    }
    Some(Part { side: p.side, person: Some(person), label: None, level: cast.level(person, cast.date), state: false })
}

/// The other of the two watched sides.
pub(super) fn other_side(side: Side) -> Side {
    if side == Side::US { Side::CN } else { Side::US }
}

fn is_woman(cast: &Cast<'_>, person: usize) -> bool {
    cast.lexicon.people.get(person).is_some_and(|p| {
        let name = p.name.to_lowercase();
        let first = name.split_whitespace().next().unwrap_or_default();
        cast.lexicon.words.is("women", first)
            || cast.lexicon.words.list_match("women", |i| name.split_whitespace().nth(i)).is_some()
    })
}
