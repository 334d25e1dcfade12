//! Groups of actors: "Blinken and Sullivan", "the US and China", "Trump-Xi".

use super::actors::{Actor, Head};
use super::line::Line;
use crate::model::actor::Side;

/// Actors joined by conjunctions, or one alone; token range and members.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) members: Vec<usize>,
}

/// Joins neighbouring actors of a line.
pub(super) fn join(line: &Line, actors: &[Actor], finite: impl Fn(usize, bool) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut i = 0;
    while let Some(first) = actors.get(i) {
        let mut group = Group { from: first.from, to: first.to, members: vec![i] };
        let mut j = i + 1;
        while let (Some(last), Some(next)) = (actors.get(j - 1), actors.get(j)) {
            if last.source || next.source {
                break;
            }
            let Some(link) = link(line, last, next) else { break };
            // A comma alone joins in headlines and in lists that end with "and".
            let opens = group.from <= 1 || matches!(line.before(group.from), ":" | "between");
            if link == Link::Comma && !(line.headline && opens) && !list_ends_with_and(line, actors, j) {
                break;
            }
            // "met He and Trump said": the last member begins another clause.
            if link == Link::And
                && group.members.len() == 1
                && first.from > 0
                && finite(first.from, true)
                && finite(next.to, false)
                && !finite(first.to, false)
                && object_place(line, first.from)
                && !matches!(line.before(first.from), "between" | "both")
            {
                break;
            }
            if next.head == Head::Pronoun && next.possessive {
                break;
            }
            group.members.push(j);
            group.to = next.to;
            j += 1;
        }
        groups.push(group);
        i = j;
    }
    groups
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    And,
    Comma,
    Dash,
}

fn link(line: &Line, a: &Actor, b: &Actor) -> Option<Link> {
    let comma_taken = line.before(a.to) == ",";
    let mut at = a.to;
    if a.possessive && (line.low(at) != "and") {
        return None;
    }
    let mut comma = comma_taken;
    if line.low(at) == "," {
        comma = true;
        at += 1;
    }
    let mut and = false;
    if matches!(line.low(at), "and" | "&" | "or") {
        and = true;
        at += 1;
        if line.low(at) == "," {
            // "saw Xi, Zhang and, for most of two days, Wang".
            at = (at + 1..at + 10).find(|k| line.low(*k) == ",").map_or(at, |close| close + 1);
        }
    } else if line.low(at) == "as" && line.low(at + 1) == "well" && line.low(at + 2) == "as" {
        and = true;
        at += 3;
    } else if !comma && matches!(line.low(at), "/" | "-" | "–" | "‑" | "vs" | "x") {
        return (at + 1 == b.from).then_some(Link::Dash);
    }
    while at < b.from && matches!(line.low(at), "the" | "both" | "then" | "also" | "his" | "her" | "their") {
        at += 1;
    }
    if at != b.from {
        return None;
    }
    if and {
        Some(Link::And)
    } else if comma {
        Some(Link::Comma)
    } else {
        None
    }
}

/// Whether a list that goes on at actor `at` comes to an "and" before it stops being a list.
fn list_ends_with_and(line: &Line, actors: &[Actor], at: usize) -> bool {
    let mut i = at;
    while let (Some(a), Some(b)) = (actors.get(i), actors.get(i + 1)) {
        match link(line, a, b) {
            Some(Link::And) => return true,
            Some(Link::Comma) => i += 1,
            _ => return false,
        }
        if i > at + 8 {
            return false;
        }
    }
    false
}

fn object_place(line: &Line, from: usize) -> bool {
    let before = line.before(from);
    !before.is_empty()
        && !matches!(
            before,
            "," | ":"
                | "—"
                | "-"
                | "“"
                | "\""
                | "the"
                | "that"
                | "and"
                | "but"
                | "when"
                | "then"
                | "as"
                | "while"
                | "whether"
                | "if"
                | "after"
                | "before"
                | "until"
                | "because"
                | "where"
                | "since"
        )
}

/// The sides of the members that name one of the two watched states, or another.
pub(super) fn sides(group: &Group, actors: &[Actor]) -> (bool, bool, bool) {
    let (mut us, mut cn, mut other) = (false, false, false);
    for actor in group.members.iter().filter_map(|m| actors.get(*m)) {
        match (&actor.head, actor.side) {
            (Head::Blocked, _) => other = true,
            (_, Some(side)) if side == Side::US => us = true,
            (_, Some(side)) if side == Side::CN => cn = true,
            (_, Some(_)) => other = true,
            _ => {}
        }
    }
    (us, cn, other)
}
