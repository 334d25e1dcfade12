//! What a report adds to a contact without moving it: people, place, level and itself as a source.

use super::people::{Account, is_named, same_party};
use super::place::Places;
use crate::model::actor::{Level, Party, Side};
use crate::model::contact::{Contact, ItemRef, Source};
use crate::model::mention::{Kind, Mention};

/// Most reports kept of one contact: enough for any desk, and a bound for a feed that repeats itself for ever.
pub(super) const SOURCES: usize = 256;
/// Most participants kept of one contact.
const PARTIES: usize = 64;
/// Longest quote, in characters.
const QUOTE: usize = 300;

/// Adds what a mention knows better than the contact.
pub(super) fn enrich(contact: &mut Contact, mention: &Mention, places: &Places) {
    for party in &mention.parties {
        add_party(&mut contact.parties, party);
    }
    match (&contact.place, &mention.place) {
        (None, Some(_)) => contact.place.clone_from(&mention.place),
        (Some(known), Some(told)) if places.is_better(told, known) => contact.place.clone_from(&mention.place),
        _ => {}
    }
    if contact.kind == Kind::Talks && mention.kind == Kind::Call {
        contact.kind = Kind::Call;
    }
    contact.level = level(contact).unwrap_or_else(|| contact.level.max(mention.level));
}

/// Adds a report; says whether its item was not yet among the sources.
pub(super) fn add_source(contact: &mut Contact, mention: &Mention, item: &ItemRef) -> bool {
    contact.first_reported = contact.first_reported.min(item.published);
    if contact.sources.iter().any(|source| source.item.item == item.item) {
        return false;
    }
    if contact.sources.len() < SOURCES {
        let at = contact
            .sources
            .partition_point(|source| (source.item.published, &source.item.item) <= (item.published, &item.item));
        contact.sources.insert(at, source(mention, item));
    }
    true
}

fn source(mention: &Mention, item: &ItemRef) -> Source {
    Source {
        item: item.clone(),
        status: mention.status,
        novelty: mention.novelty,
        quote: mention.evidence.sentence.chars().take(QUOTE).collect(),
    }
}

fn add_party(parties: &mut Vec<Party>, told: &Party) {
    if let Some(known) = parties.iter_mut().find(|known| same_party(known, told)) {
        known.person = known.person.take().or_else(|| told.person.clone());
        known.name = known.name.take().or_else(|| told.name.clone());
        known.office = known.office.take().or_else(|| told.office.clone());
        known.level = known.level.or(told.level);
        return;
    }
    let of_side = |party: &Party| party.side == told.side;
    if !is_named(told) {
        if !parties.iter().any(of_side) {
            parties.push(told.clone());
        }
        return;
    }
    // A name takes the place of the side, the body or the unnamed office by which the party stood so far.
    let vague = |party: &Party| of_side(party) && party.person.is_none() && party.name.is_none();
    let named = told.person.is_some() || told.name.is_some();
    match parties.iter().position(|party| vague(party) && (named || !is_named(party))) {
        Some(at) => parties[at] = told.clone(),
        None if parties.len() < PARTIES => parties.push(told.clone()),
        None => {}
    }
}

/// The level of the lower side, by its highest person; of the visitor for a visit. Nothing where a side is unnamed.
fn level(contact: &Contact) -> Option<Level> {
    let account = Account { kind: contact.kind, parties: &contact.parties, level: contact.level };
    let top =
        |side: Side| contact.parties.iter().filter(|party| party.side == side).filter_map(|party| party.level).max();
    if contact.kind == Kind::Visit {
        return contact.parties.first().and_then(|visitor| top(visitor.side));
    }
    let (a, b) = account.sides()?;
    Some(top(a)?.min(top(b)?))
}
