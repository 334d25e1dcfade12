//! What the sides state of a contact: who speaks in a report, and in which words.

use crate::model::actor::Side;
use crate::model::contact::{Contact, ItemRef, Source, Statement};
use crate::model::feed::Tier;
use crate::model::mention::Mention;

/// Longest quote, in characters.
pub(super) const QUOTE: usize = 300;
/// Longest name of a speaker, in characters.
const SPEAKER: usize = 120;

/// What the sides state in a mention: those whose officials the text quotes, else the one whose own source it is.
///
/// An official source that quotes the other side speaks for the other side: Beijing's agency that prints what the White
/// House said confirms nothing for Beijing. `denied` says that the whole mention is a denial.
pub(super) fn of(mention: &Mention, item: &ItemRef, denied: bool) -> Vec<Statement> {
    let statement = |side, denies, speaker| Statement { side, denies, speaker, quote: quote(mention) };
    let mut statements = Vec::new();
    for voice in &mention.voices {
        if let Some(side) = voice.side {
            let speaker = voice.name.chars().take(SPEAKER).collect();
            unite(&mut statements, vec![statement(side, denied || voice.denies, Some(speaker))]);
        }
    }
    if statements.is_empty() {
        statements.extend(own_side(item.tier).map(|side| statement(side, denied, None)));
    }
    statements
}

/// The evidence sentence within the limit.
pub(super) fn quote(mention: &Mention) -> String {
    mention.evidence.sentence.chars().take(QUOTE).collect()
}

/// Adds the statements of one more mention of the same item: one of each side that tells, one of each that denies, the
/// denials last.
pub(super) fn unite(known: &mut Vec<Statement>, more: Vec<Statement>) {
    for statement in more {
        if !known.iter().any(|other| (other.side, other.denies) == (statement.side, statement.denies)) {
            known.push(statement);
        }
    }
    known.sort_by_key(|statement| statement.denies);
}

/// Whether a source holds the first word of a side, so that it is kept whatever else is let go.
pub(super) fn is_first_word(contact: &Contact, source: &Source) -> bool {
    let first = |side| contact.account(side).is_some_and(|account| account.first.item == source.item.item);
    source.statements.iter().any(|statement| first(statement.side))
}

/// The sides whose last word is a denial.
pub(super) fn denying(contact: &Contact) -> Vec<Side> {
    contact
        .accounts()
        .filter(|(_, account)| account.is_some_and(|account| account.denies))
        .map(|(side, _)| side)
        .collect()
}

/// The side whose own source a tier is.
const fn own_side(tier: Tier) -> Option<Side> {
    match tier {
        Tier::OfficialUs => Some(Side::US),
        Tier::OfficialCn => Some(Side::CN),
        Tier::Wire | Tier::Press | Tier::Blog => None,
    }
}
