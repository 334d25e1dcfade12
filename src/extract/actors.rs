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
use reference::{delegation, reference};

use super::identify::Cast;
use super::line::Line;
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
    appositions(line, cast, actors)
}
