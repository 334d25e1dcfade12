//! What a report adds to a contact without moving it: people, place, level and itself as a source.

use super::people::{Account, is_named, same_party};
use super::place::Places;
use super::statement;
use super::transition::{Standing, step};
use crate::model::actor::{Level, Party, Side};
use crate::model::contact::{Contact, ItemRef, Source};
use crate::model::ids::ItemId;
use crate::model::mention::{Kind, Mention, Novelty};
use jiff::Timestamp;

/// Most reports kept of one contact: enough for any desk, and a bound for a feed that repeats itself for ever.
pub(super) const SOURCES: usize = 256;
/// Most participants kept of one contact.
const PARTIES: usize = 64;

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
///
/// Of several mentions in one item the one counts that moves; `new_date` says that this one names another date.
pub(super) fn add_source(contact: &mut Contact, mut told: Source, new_date: bool) -> bool {
    if !told.denial {
        contact.first_reported = contact.first_reported.min(told.item.published);
    }
    let known = contact.sources.iter().position(|source| source.item.item == told.item.item);
    if let Some(known) = known {
        let source = &mut contact.sources[known];
        let stands = |status| Standing { status, at: told.item.published };
        let moves = step(stands(source.status), stands(told.status), new_date).moves();
        let stronger = told.novelty == Novelty::New && (moves || source.novelty == Novelty::Background);
        if told.denial || !(stronger || source.denial) {
            statement::unite(&mut source.statements, told.statements);
            return false;
        }
        let before = contact.sources.remove(known);
        let statements = std::mem::replace(&mut told.statements, before.statements);
        statement::unite(&mut told.statements, statements);
    } else if contact.sources.len() >= SOURCES {
        // The latest report that moved nothing makes room, so that what moves the contact always counts.
        let moved =
            |source: &Source| contact.history.iter().any(|entry| entry.item.as_ref() == Some(&source.item.item));
        let kept = |source: &Source| moved(source) || statement::is_first_word(contact, source);
        let Some(spare) = contact.sources.iter().rposition(|source| !kept(source)) else { return false };
        contact.sources.remove(spare);
    }
    let at = contact.sources.partition_point(|source| order(&source.item) <= order(&told.item));
    contact.sources.insert(at, told);
    known.is_none()
}

/// A mention as a report; `rehash` marks it as history, whatever its words say.
pub(super) fn source(mention: &Mention, item: &ItemRef, rehash: bool) -> Source {
    Source {
        item: item.clone(),
        status: mention.status,
        novelty: if rehash { Novelty::Background } else { mention.novelty },
        quote: statement::quote(mention),
        statements: statement::of(mention, item, false),
        denial: false,
        reason: String::new(),
    }
}

/// A denial as a report; nothing where no side speaks.
pub(super) fn denial(mention: &Mention, item: &ItemRef) -> Option<Source> {
    let statements = statement::of(mention, item, true);
    let source = Source { statements, denial: true, ..source(mention, item, true) };
    (!source.statements.is_empty()).then_some(source)
}

/// Notes why the report of an item was held to be this contact; the first reason stays.
pub(super) fn explain(contact: &mut Contact, item: &ItemId, reason: &str) {
    if let Some(source) =
        contact.sources.iter_mut().find(|source| source.item.item == *item && source.reason.is_empty())
    {
        source.reason = reason.chars().take(statement::QUOTE).collect();
    }
}

fn order(item: &ItemRef) -> (Timestamp, &ItemId) {
    (item.published, &item.item)
}

fn add_party(parties: &mut Vec<Party>, told: &Party) {
    if let Some(known) = parties.iter_mut().find(|known| same_party(known, told)) {
        known.person = known.person.take().or_else(|| told.person.clone());
        let longer = told.name.as_ref().map(String::len) > known.name.as_ref().map(String::len);
        if known.name.is_none() || (longer && known.person.is_none()) {
            known.name.clone_from(&told.name);
        }
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
