//! Names beside their offices, and offices beside their states.

use super::*;
use super::{Actor, Head};
use crate::extract::identify::Cast;
use crate::extract::line::Line;
use crate::lexicon::gazetteer::NameKind;
use crate::model::actor::Side;

/// Joins names with the offices and counterparts that stand beside them in apposition.
pub(super) fn appositions(line: &Line, cast: &Cast<'_>, actors: Vec<Actor>) -> Vec<Actor> {
    let mut out: Vec<Actor> = Vec::new();
    let mut waiting = actors.into_iter().peekable();
    while let Some(actor) = waiting.next() {
        // A second title without a side of its own: "vice president and next president, Xi Jinping".
        if matches!(actor.head, Head::Office(_))
            && actor.side.is_none()
            && out.last().is_some_and(|l| {
                matches!(l.head, Head::Office(_) | Head::Group)
                    && l.side.is_some()
                    && line.low(l.to) == "and"
                    && actor.from - l.to <= 3
            })
            && line.low(actor.to) == ","
            && waiting.peek().is_some_and(|n| n.person().is_some() && n.from == actor.to + 1)
        {
            continue;
        }
        if let Some(last) = out.last_mut()
            && let Some(gap) = apposed(line, cast, last, &actor)
        {
            let named = if actor.person().is_some() { actor.clone() } else { last.clone() };
            let end = if gap && line.low(actor.to) == "," && !last.possessive { actor.to + 1 } else { actor.to };
            last.to = end;
            last.possessive = actor.possessive;
            last.label = last.label.take().or(actor.label);
            last.side = named.side;
            last.level = named.level;
            last.head = if matches!(last.head, Head::Blocked) || matches!(actor.head, Head::Blocked) {
                Head::Blocked
            } else {
                named.head
            };
            continue;
        }
        out.push(actor);
    }
    out
}

/// Whether two neighbours name one person; `Some(true)` where a comma stands between.
pub(super) fn apposed(line: &Line, cast: &Cast<'_>, a: &Actor, b: &Actor) -> Option<bool> {
    let office_words = b.label.is_some() || a.label.is_some();
    let same = a.person().is_some() && a.person() == b.person() && office_words;
    if same
        && !a.possessive
        && line.low(a.to) == ","
        && (a.to + 1..b.from).all(|k| matches!(line.low(k), "the" | "a" | "his" | "her" | "an"))
    {
        return Some(true);
    }
    let one_named = a.person().is_some() != b.person().is_some();
    let role = |x: &Actor| {
        matches!(x.head, Head::Office(_) | Head::Counterpart) || (x.head == Head::Group && x.label.is_some())
    };
    if !one_named || !(role(a) || role(b)) {
        return None;
    }
    if let (Some(s), Some(t)) = (a.side, b.side)
        && s != t
    {
        return None;
    }
    if a.plural || b.plural {
        return None;
    }
    let (person, other) = if let Some(p) = a.person() { (p, b) } else { (b.person()?, a) };
    if let Head::Office(readings) = &other.head
        && !readings.is_empty()
        && !cast.lexicon.people.get(person).is_some_and(|p| p.terms.iter().any(|t| readings.contains(&t.office)))
    {
        return None;
    }
    if a.possessive {
        return None;
    }
    let mut at = a.to;
    let comma = line.low(at) == ",";
    if comma {
        at += 1;
    }
    if !comma && a.person().is_some() {
        return None;
    }
    // Words between the comma and the second phrase: articles, titles, "whose", a relation.
    let mut steps = 0;
    while at < b.from {
        let low = line.low(at);
        let glue = matches!(
            low,
            "the" | "a" | "an" | "his" | "her" | "its" | "one" | "of" | "'s" | "then" | "who" | "most" | "host" | "and"
        ) || line.is(cast.lexicon, "title", at)
            || line.is(cast.lexicon, "premodifier", at);
        // "vice president and likely future leader, Xi Jinping".
        let second_title = a.person().is_none()
            && b.person().is_some()
            && line.before(b.from) == ","
            && a.side == b.side
            && a.side.is_some()
            && line.toks.get(at).is_some_and(|t| (!t.mark || low == ",") && t.time.is_none());
        if !second_title && (!glue || low == "and" || low == "who") {
            return None;
        }
        steps += 1;
        if steps > 6 {
            return None;
        }
        at += 1;
    }
    // After a name and a comma the office must end the apposition.
    if comma && a.person().is_some() {
        let next = line.toks.get(b.to);
        let closes = next.is_none_or(|t| t.mark)
            || matches!(line.low(b.to), "of" | "in" | "for" | "at" | "and" | "who" | "to" | "on");
        return closes.then_some(true);
    }
    Some(comma)
}

/// "of China", "of the United States" after an office or a person.
pub(super) fn extend_of(line: &Line, cast: &Cast<'_>, actor: &mut Actor) {
    if line.low(actor.to) != "of" {
        return;
    }
    let mut at = actor.to + 1;
    if line.low(at) == "the" {
        at += 1;
    }
    if let Some((side, NameKind::Name)) = states_of(line, cast, at) {
        match &mut actor.head {
            Head::Person(p) if cast.lexicon.people.get(*p).is_some_and(|p| p.side != side) => {
                actor.head = Head::Blocked;
            }
            Head::Office(readings) if actor.side.is_none() => {
                actor.side = Some(side);
                readings.retain(|o| cast.lexicon.offices.get(*o).is_some_and(|o| o.side == side));
            }
            _ => {}
        }
        actor.to = at + 1;
        actor.possessive = false;
        if line.low(actor.to) == "'s" {
            actor.possessive = true;
        }
    }
}

/// An office whose readings are all of one side has that side; a third state's office is nobody's here.
pub(in crate::extract) fn settle_office(cast: &Cast<'_>, actor: &mut Actor) {
    let Head::Office(readings) = &actor.head else { return };
    let sides: Vec<Side> = readings.iter().filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.side)).collect();
    if actor.side.is_none() && !sides.is_empty() && sides.iter().all(|s| Some(s) == sides.first()) {
        actor.side = sides.first().copied();
    }
    match actor.side {
        Some(side) if side != Side::US && side != Side::CN => actor.head = Head::Blocked,
        Some(_) if readings.is_empty() => actor.head = Head::Group,
        Some(_) => {
            if let Some(p) = cast.holder(readings).filter(|p| cast.in_full(*p)) {
                actor.head = Head::Person(p);
            }
        }
        None => {}
    }
    if let Head::Office(readings) = &actor.head {
        actor.level = readings.iter().filter_map(|o| cast.lexicon.offices.get(*o).map(|o| o.level)).max();
    }
}
