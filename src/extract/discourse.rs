//! Who "he", "the pair" and "his counterpart" are: what earlier sentences left behind.

mod bodies;
mod events;
mod pairs;
mod refer;
pub(super) mod salience;

use pairs::{both_in_line, leaders, plural_before};
pub(super) use pairs::{countries, other_side, person_part};
use salience::Salience;

use super::actors::{Actor, Head};
use super::groups::Group;
use super::identify::Cast;
use super::line::Line;
use super::status::Real;
use crate::model::actor::{Level, Side};
use crate::model::mention::{Kind, Status};

/// One participant as understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) side: Side,
    pub(super) person: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) level: Option<Level>,
    /// A government by its name only.
    pub(super) state: bool,
    /// The person was inferred from an office or as a counterpart; the text names nobody.
    pub(super) inferred: bool,
}

/// The participants of a phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// A contact of which the article has told.
#[derive(Clone, Debug)]
pub(super) struct Met {
    pub(super) parts: Parts,
    pub(super) status: Status,
    /// As news.
    pub(super) new: bool,
    /// Where, with how exact that is.
    pub(super) place: Option<(String, u8)>,
}

/// What earlier sentences left behind.
#[derive(Debug, Default)]
pub(super) struct Discourse {
    /// People and offices in order of mention, the last at the end.
    recent: Vec<Part>,
    /// Subject of the last sentence that had a person as one.
    subject: Option<Part>,
    /// The subject of the last sentence that had one is a stranger.
    stranger: bool,
    /// Who speaks in an interview.
    speaker: Option<Part>,
    /// Who stands out, and which bodies of people were told of.
    pub(super) salience: Salience,
    /// The pairs of both sides, each with how often it was named and the sentence that named it last.
    pairs: Vec<(Parts, u32, usize)>,
    /// Sentences read.
    read: usize,
    /// Sides that were named.
    sides: Vec<Side>,
    /// The last city of one of the two countries that a sentence names.
    pub(super) city: Option<super::place::Spot>,
    /// The last city that a sentence names, of any country, for "there".
    pub(super) place: Option<super::place::Spot>,
    /// The last visit: who, where.
    pub(super) visit: Option<(Part, String)>,
    /// What the last sentence says was done to several events: put off or called off.
    pub(super) fallen: Option<Real>,
    /// Sentences since then.
    since: usize,
    /// Those who met or spoke, contact by contact.
    met: Vec<Met>,
    /// Those of whose visits it has told.
    visitors: Vec<Part>,
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
            Head::Group if self.in_role(line, cast, actor).is_some() => {
                if let Some(part) = self.in_role(line, cast, actor) {
                    parts.add(part);
                }
            }
            Head::State if self.compatriots(line, actor).is_some() => {
                if let Some(part) = self.compatriots(line, actor) {
                    parts.add(part);
                }
            }
            Head::State | Head::Group => match actor.side {
                Some(side) => parts.add(Part {
                    side,
                    person: None,
                    label: actor.label.clone(),
                    level: actor.level,
                    state: actor.head == Head::State || actor.label.as_ref().is_some_and(|l| l.ends_with(" side")),
                    inferred: false,
                }),
                None => parts.unknown = true,
            },
            Head::Office(readings) => {
                let bare = || line.toks.get(actor.to - 1).filter(|t| t.cap).and_then(|_| cast.issuer.side());
                let side = actor.side.or_else(|| self.side_of_office(cast, readings)).or_else(bare);
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
                        parts.add(Part {
                            side,
                            person,
                            label: actor.label.clone(),
                            level,
                            state: false,
                            inferred: false,
                        });
                    }
                    None => parts.unknown = true,
                }
            }
            Head::Counterpart => self.counterpart(line, cast, actors, index, actor, so_far, &mut parts),
            Head::Pair if leaders(line, actor) && self.leaders(line, cast, actor).is_some() => {
                for person in self.leaders(line, cast, actor).into_iter().flatten() {
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
                        parts.add(Part { side, person: None, label, level: None, state: !group, inferred: false });
                    }
                }
                // With a third side in the article the two may be others.
                if !parts.both() {
                    parts = Parts { unknown: true, ..Parts::default() };
                }
            }
            Head::Pair => match self.pair() {
                Some(pair) => parts.merge(&pair),
                None => match both_in_line(self, line, cast, actors, index) {
                    Some(pair) => parts.merge(&pair),
                    None => parts.unknown = true,
                },
            },
            Head::Members => match self.members(line, cast, actors, index) {
                Some(found) => parts.merge(&found),
                None => parts.unknown = true,
            },
            Head::Pronoun if actor.plural => {
                // "The two presidents finished their talks".
                if let Some(pair) = actors.iter().take(index).position(|a| a.head == Head::Pair) {
                    return actors.get(pair).map_or(parts, |a| self.actor(line, cast, actors, pair, a, so_far));
                }
                let before: Option<Parts> = plural_before(self, line, cast, actors, index);
                if let Some(found) = before {
                    parts.merge(&found);
                    return parts;
                }
                let third = |a: &Actor| {
                    a.head == Head::Blocked || a.side.is_some_and(|s| s != Side::US && s != Side::CN) && !a.place
                };
                let stranger = actors.iter().take(index).any(|a| third(a) && !a.source && !a.possessive);
                if stranger && both_in_line(self, line, cast, actors, index).is_none() {
                    // "Kishida shook hands with Xi, their first encounter".
                    parts.other = true;
                    return parts;
                }
                if let Some(body) = self.body_meant(line, cast, actors, index) {
                    parts.add(body);
                    return parts;
                }
                match both_in_line(self, line, cast, actors, index).or_else(|| self.pair()) {
                    Some(pair) => parts.merge(&pair),
                    None => match self.we(line, cast, actors, index) {
                        Some(part) => parts.add(part),
                        None => parts.unknown = true,
                    },
                }
            }
            Head::Pronoun => match self.pronoun(line, cast, actors, index, actor) {
                Some(part) => parts.add(part),
                None => parts.unknown = true,
            },
        }
        parts
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
        for (at, group) in groups.iter().enumerate() {
            let parts = self.parts(line, cast, actors, group);
            let source = group.members.iter().any(|m| actors.get(*m).is_some_and(|a| a.source || a.possessive));
            if !source {
                self.salience.tell(&parts, subject == Some(at), line.headline);
            }
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
        self.learn_bodies(line, cast, actors);
        self.read += 1;
        let exactly_two = all.us.len() == 1 && all.cn.len() == 1;
        if exactly_two || (all.both() && self.pairs.is_empty()) {
            self.name_pair(all.clone(), 1 + u32::from(line.headline));
        }
        for k in 0..line.toks.len() {
            if let Some(spot) = super::place::at(line, cast, k)
                && spot.rank == 3
                && matches!(line.before(k), "in" | "to" | "at" | "into" | "near")
            {
                if spot.country.is_some_and(|c| c == Side::US || c == Side::CN) {
                    self.city = Some(spot.clone());
                }
                self.place = Some(spot);
            }
        }
        if let Some(group) = subject.and_then(|g| groups.get(g)) {
            let parts = self.parts(line, cast, actors, group);
            let source =
                group.members.iter().any(|m| actors.get(*m).is_some_and(|a| a.source || a.head == Head::State));
            if parts.other && parts.us.is_empty() && parts.cn.is_empty() && !source {
                self.stranger = true;
            } else if !parts.is_empty() && !parts.unknown {
                self.stranger = false;
            }
            if let Some(part) = parts.us.iter().chain(&parts.cn).find(|p| !p.state && p.person.is_some()) {
                self.subject = Some(part.clone());
            }
        }
        if self.speaker.is_none()
            && matches!(line.low(0), "remarks" | "statement" | "speech" | "transcript" | "opening")
            && (1..4).any(|k| line.low(k) == "by")
        {
            // "Remarks by Secretary Yellen at the start of a meeting": whose words follow.
            self.speaker = actors.iter().find_map(Actor::person).and_then(|p| person_part(cast, p));
        }
        if self.speaker.is_none() {
            self.speaker = self.subject.clone();
        }
    }
}
