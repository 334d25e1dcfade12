//! The one composition of reading and deciding that daemon, extract, explain and tests all call.

use crate::ledger::{self, Book};
use crate::lexicon::Lexicon;
use crate::model::alert::Alert;
use crate::model::article::Article;
use crate::model::change::Change;
use crate::model::contact::ItemRef;
use crate::model::reading::Reading;
use crate::rules::RuleSet;
use jiff::Timestamp;

/// What an item's reading does to the book, and the alerts that it raises.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What moved.
    pub changes: Vec<Change>,
    /// What the rules make of it; empty for a baseline.
    pub alerts: Vec<Alert>,
}

/// Reads an article: texts that cannot hold a contact are rejected on the raw text, before sentences are looked at.
#[must_use]
pub fn read(article: &Article, lexicon: &Lexicon) -> Reading {
    crate::extract::extract(article, lexicon)
}

/// Settles a reading in the book and asks the rules.
///
/// A baseline (the first poll of a feed) fills the book and raises no alert.
#[must_use]
pub fn decide(
    reading: &Reading,
    article: &Article,
    item: &ItemRef,
    book: &mut Book,
    rules: &RuleSet,
    now: Timestamp,
    baseline: bool,
) -> Decision {
    let changes = ledger::settle(book, item, &reading.mentions, now);
    let alerts = if baseline { Vec::new() } else { rules.alerts(article, item, &changes, now) };
    Decision { changes, alerts }
}
