//! From a reading to changes and alerts: the ledger judges what is new, the rules what matters.

use crate::ledger::{self, Book};
use crate::model::alert::Alert;
use crate::model::article::Article;
use crate::model::change::Change;
use crate::model::contact::ItemRef;
use crate::model::reading::Reading;
use crate::rules::RuleSet;
use jiff::Timestamp;

/// What an article changed, and who is to be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The contacts that moved, and those that were corroborated.
    pub changes: Vec<Change>,
    /// The alerts; none for a silent article.
    pub alerts: Vec<Alert>,
}

/// Settles a reading in the book and asks the rules.
///
/// A `silent` article enters the ledger and raises no alert: the first sight of a feed, or an item that is too old.
#[must_use]
pub fn decide(
    reading: &Reading,
    article: &Article,
    item: &ItemRef,
    book: &mut Book,
    rules: &RuleSet,
    now: Timestamp,
    silent: bool,
) -> Decision {
    let changes = ledger::settle_with_denials(book, item, &reading.mentions, &reading.denied, now);
    let alerts = if silent { Vec::new() } else { rules.alerts(article, item, &changes, now) };
    Decision { changes, alerts }
}
