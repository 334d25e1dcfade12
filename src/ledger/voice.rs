//! Who says so: the sides that speak in a report, and the words of each.

use crate::model::actor::Side;
use crate::model::contact::{Contact, ItemRef, Source, Voice};
use crate::model::feed::Tier;
use crate::model::mention::Mention;

/// Longest quote, in characters.
pub(super) const QUOTE: usize = 300;
/// Longest name of a speaker, in characters.
const SPEAKER: usize = 120;

/// The sides that speak in a mention: the one whose officials the text names, else the one whose own source it is.
///
/// An official source that quotes the other side speaks for the other side: Beijing's agency that prints what the White
/// House said confirms nothing for Beijing.
pub(super) fn of(mention: &Mention, item: &ItemRef, denies: bool) -> Vec<Voice> {
    let quote = || quote(mention);
    let cut = |text: &String| text.chars().take(SPEAKER).collect::<String>();
    let voice = match (mention.speaker, own_side(item.tier)) {
        (Some(side), _) => Some(Voice { side, denies, speaker: mention.attribution.as_ref().map(cut), quote: quote() }),
        (None, Some(side)) => Some(Voice { side, denies, speaker: None, quote: quote() }),
        (None, None) => None,
    };
    voice.into_iter().collect()
}

/// The evidence sentence within the limit.
pub(super) fn quote(mention: &Mention) -> String {
    mention.evidence.sentence.chars().take(QUOTE).collect()
}

/// Adds the voices of one more mention of the same item: one of each side that tells, one of each that denies, the
/// denials last.
pub(super) fn unite(known: &mut Vec<Voice>, more: Vec<Voice>) {
    for voice in more {
        if !known.iter().any(|other| (other.side, other.denies) == (voice.side, voice.denies)) {
            known.push(voice);
        }
    }
    known.sort_by_key(|voice| voice.denies);
}

/// Whether a source holds the first word of a side, so that it is kept whatever else is let go.
pub(super) fn is_first_word(contact: &Contact, source: &Source) -> bool {
    source
        .voices
        .iter()
        .any(|voice| contact.account(voice.side).is_some_and(|account| account.first.item == source.item.item))
}

/// The side whose own source a tier is.
const fn own_side(tier: Tier) -> Option<Side> {
    match tier {
        Tier::OfficialUs => Some(Side::US),
        Tier::OfficialCn => Some(Side::CN),
        Tier::Wire | Tier::Press | Tier::Blog => None,
    }
}
