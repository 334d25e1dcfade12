//! Who belongs to a pair, and small facts about people.

use super::{Discourse, Part, Parts};
use crate::extract::actors::{Actor, Head};
use crate::extract::identify::Cast;
use crate::extract::line::Line;
use crate::lexicon::words::{Class, Meaning, Sense};
use crate::model::actor::Side;

/// Whether a token is a verb of saying.
pub(super) fn says(line: &Line, cast: &Cast<'_>, at: usize) -> bool {
    let words = &cast.lexicon.words;
    words.verb_forms(line.low(at)).iter().any(|(lemma, _)| {
        let say = |s: &Sense| s.particles.is_empty() && matches!(s.meaning, Meaning::Predicate(Class::Say));
        words.senses(*lemma).iter().any(say)
    })
}

/// "the two countries", "both sides", "the two governments".
pub(in crate::extract) fn countries(line: &Line, actor: &Actor) -> bool {
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
pub(super) fn leaders(line: &Line, actor: &Actor) -> bool {
    (actor.from..actor.to).any(|k| matches!(line.low(k), "leaders" | "presidents" | "state"))
}

/// Sentences after which a pair that was named in passing is out of mind.
const NEAR_SENTENCES: usize = 2;

impl Discourse {
    /// Takes in a pair; `weight` is higher for what a headline names.
    pub(super) fn name_pair(&mut self, pair: Parts, weight: u32) {
        let known = self.pairs.iter().position(|(p, _, _)| *p == pair);
        let told = known.map_or(0, |at| self.pairs.remove(at).1);
        self.pairs.push((pair, told + weight, self.read));
    }

    /// The pair that "the two" means: the last one, where it is fresh or nothing outweighs it; else the article's own.
    pub(in crate::extract) fn pair(&self) -> Option<Parts> {
        let (last, weight, line) = self.pairs.last()?;
        if self.read - line <= NEAR_SENTENCES {
            return Some(last.clone());
        }
        let own = self.pairs.iter().max_by_key(|(_, weight, line)| (*weight, *line));
        own.filter(|(_, most, _)| most > weight).map_or_else(|| Some(last.clone()), |(pair, _, _)| Some(pair.clone()))
    }

    /// The two whom "the two leaders" means: those whom the article names, else, in an article of the two alone or where
    /// the words name both states, those who are president.
    pub(super) fn leaders(&self, line: &Line, cast: &Cast<'_>, actor: &Actor) -> Option<[usize; 2]> {
        let states = (actor.from..actor.to).any(|k| line.low(k) == "of");
        let presidents = || cast.presidents().filter(|_| states || self.of_two());
        cast.leaders().or_else(presidents)
    }
}

/// The people of one side whom a plural pronoun may mean: several joined by "and" just before it.
pub(super) fn plural_before(
    discourse: &Discourse,
    line: &Line,
    cast: &Cast<'_>,
    actors: &[Actor],
    index: usize,
) -> Option<Parts> {
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
pub(super) fn both_in_line(
    discourse: &Discourse,
    line: &Line,
    cast: &Cast<'_>,
    actors: &[Actor],
    index: usize,
) -> Option<Parts> {
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
pub(in crate::extract) fn person_part(cast: &Cast<'_>, person: usize) -> Option<Part> {
    let p = cast.lexicon.people.get(person)?;
    if p.side != Side::US && p.side != Side::CN {
        return None;
    }
    Some(Part {
        side: p.side,
        person: Some(person),
        label: None,
        level: cast.level(person, cast.date),
        state: false,
        inferred: false,
    })
}

/// The other of the two watched sides.
pub(in crate::extract) fn other_side(side: Side) -> Side {
    if side == Side::US { Side::CN } else { Side::US }
}

pub(super) fn is_woman(cast: &Cast<'_>, person: usize) -> bool {
    cast.lexicon.people.get(person).is_some_and(|p| {
        let name = p.name.to_lowercase();
        let first = name.split_whitespace().next().unwrap_or_default();
        cast.lexicon.words.is("women", first)
            || cast.lexicon.words.list_match("women", |i| name.split_whitespace().nth(i)).is_some()
    })
}
