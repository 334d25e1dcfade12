//! Noun phrases that name actors: people with their titles, offices, delegations, governments, and their groups.

mod ahead;
mod apposition;
mod phrase;
mod reference;

use ahead::{
    group_ahead, leads_to_actor, leads_to_name, name_ahead, plain_noun, starts_clause, stranger_end, unknown_name,
};
use apposition::{appositions, extend_of, settle_office};
use phrase::{phrase, possess, states_of};
use reference::{delegation, led, reference};

use super::identify::Cast;
use super::line::Line;
use crate::lexicon::gazetteer::Target;
use crate::model::actor::{Level, Side};

/// What an actor's phrase names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A person of the gazetteer.
    Person(usize),
    /// An office, holder unnamed; the readings its words allow.
    Office(Vec<usize>),
    /// Officials, a delegation, a ministry.
    Group,
    /// A government by its state's name.
    State,
    /// "his counterpart".
    Counterpart,
    /// "the two leaders", "the pair", "they".
    Pair,
    /// He, she, it.
    Pronoun,
    /// "the delegation", "the lawmakers": a group of which the article has told.
    Members,
    /// Somebody who is no party: third states, executives, former officials, strangers, spokespeople.
    Blocked,
}

/// One actor in a line.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) head: Head,
    pub(super) side: Option<Side>,
    /// Office or body as the text names it.
    pub(super) label: Option<String>,
    pub(super) level: Option<Level>,
    /// Followed by a possessive mark, or a possessive pronoun.
    pub(super) possessive: bool,
    /// The bare name of a state or capital, which may be a place.
    pub(super) place: bool,
    /// A spokesperson or another kind of source.
    pub(super) source: bool,
    /// For pronouns: a plural.
    pub(super) plural: bool,
    /// An adjective alone ("Chinese goods").
    pub(super) adjective: bool,
}

impl Actor {
    fn new(from: usize, to: usize, head: Head, side: Option<Side>) -> Self {
        Self {
            from,
            to,
            head,
            side,
            label: None,
            level: None,
            possessive: false,
            place: false,
            source: false,
            plural: false,
            adjective: false,
        }
    }

    /// The person, where it is one.
    pub(super) fn person(&self) -> Option<usize> {
        if let Head::Person(p) = self.head { Some(p) } else { None }
    }
}

/// Finds the actors of a line, in order.
pub(super) fn find(line: &Line, cast: &Cast<'_>) -> Vec<Actor> {
    let mut actors: Vec<Actor> = Vec::new();
    let mut at = 0;
    while at < line.toks.len() {
        match phrase(line, cast, at) {
            Some(actor) => {
                at = actor.to.max(at + 1);
                actors.push(actor);
            }
            None => at += 1,
        }
    }
    share_roles(line, cast, &mut actors);
    appositions(line, cast, actors)
}

/// "US, Chinese defence chiefs talk": the plural role belongs to both states.
fn share_roles(line: &Line, cast: &Cast<'_>, actors: &mut [Actor]) {
    for at in 1..actors.len() {
        let (Some(a), Some(b)) = (actors.get(at - 1), actors.get(at)) else { return };
        let joined = (a.to..b.from).all(|k| matches!(line.low(k), "," | "and" | "&" | "/" | "-")) && a.to < b.from;
        let sides = [a.side, b.side];
        let watched = matches!(sides, [Some(Side::US), Some(Side::CN)] | [Some(Side::CN), Some(Side::US)]);
        if !joined || !watched || a.head != Head::State || a.possessive || b.head != Head::Group || b.plural {
            continue;
        }
        // The words after the state, in the singular: "defence chief".
        let words: Vec<&str> = (b.from + 1..b.to).map(|k| line.low(k)).collect();
        let heads = ["chiefs", "ministers", "presidents", "leaders", "secretaries", "premiers", "diplomats"];
        let top = words.last().is_some_and(|last| heads.contains(last));
        let plural = words.last().is_some_and(|last| last.ends_with('s'));
        let (Some(from), Some(to)) = (line.toks.get(b.from + 1), line.toks.get(b.to - 1)) else { continue };
        let Some(role) = words.join(" ").strip_suffix('s').filter(|_| top).map(str::to_owned) else {
            // "US and Chinese commanders": some of each.
            let label =
                line.text.get(from.start..to.end).map(str::to_owned).filter(|_| plural && (a.adjective || a.place));
            if let Some(actor) = actors.get_mut(at - 1).filter(|_| label.is_some()) {
                actor.head = Head::Group;
                actor.label = label;
                actor.adjective = false;
                actor.place = false;
            }
            continue;
        };
        let office = |side: Side| {
            let name = format!("{} {role}", if side == Side::US { "US" } else { "Chinese" });
            let hits = cast.lexicon.gazetteer.scan(&name);
            let found: Vec<usize> = hits
                .iter()
                .filter(|hit| hit.end == name.len())
                .flat_map(|hit| &hit.targets)
                .filter_map(|t| if let Target::Office(o, _) = t { Some(*o) } else { None })
                .filter(|o| cast.lexicon.offices.get(*o).is_some_and(|o| o.side == side))
                .collect();
            (!found.is_empty()).then_some(found)
        };
        let [Some(first), Some(second)] = sides else { continue };
        let (Some(own), Some(other)) = (office(first), office(second)) else { continue };
        for (index, readings) in [(at - 1, own), (at, other)] {
            if let Some(actor) = actors.get_mut(index) {
                actor.head = Head::Office(readings);
                actor.label = None;
                actor.adjective = false;
                actor.place = false;
                settle_office(cast, actor);
            }
        }
    }
}
