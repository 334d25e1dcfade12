//! From a reading to changes and alerts: the ledger judges what is new, the rules what matters.

use crate::ledger::{self, Book};
use crate::model::alert::Alert;
use crate::model::article::Article;
use crate::model::change::Change;
use crate::model::contact::ItemRef;
use crate::model::reading::Reading;
use crate::rules::{Raised, RuleSet, Unconfirmed, Waiting};
use jiff::{SignedDuration, Timestamp};

/// What an article changed, and who is to be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The contacts that moved, and those that were corroborated.
    pub changes: Vec<Change>,
    /// The alerts; none for a silent article.
    pub alerts: Vec<Alert>,
    /// Alerts that wait for further sources; none for a silent article.
    pub unconfirmed: Vec<Unconfirmed>,
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
    let Raised { alerts, unconfirmed } =
        if silent { Raised::default() } else { rules.raise(article, item, &changes, now) };
    Decision { changes, alerts, unconfirmed }
}

/// Puts what the rules hold to what waits already, and adds the alerts that the item's report releases. A report older than
/// `max_age` releases none: what it confirms is no news any more.
pub fn confirm(
    decision: &mut Decision,
    waiting: &mut Waiting,
    rules: &RuleSet,
    max_age: SignedDuration,
    now: Timestamp,
) {
    let held = std::mem::take(&mut decision.unconfirmed);
    if held.is_empty() && waiting.is_empty() {
        return;
    }
    let is_fresh = decision.changes.first().is_none_or(|change| now.duration_since(change.item.published) <= max_age);
    let fresh = if is_fresh { decision.changes.as_slice() } else { &[] };
    let released = waiting.settle(rules, held, &decision.alerts, fresh, now);
    for alert in released {
        // One alert a change: rules that tell at once and rules that tell now share it.
        match decision.alerts.iter_mut().find(|known| known.told() == alert.told()) {
            Some(known) => {
                known.severity = known.severity.max(alert.severity);
                known.matched.extend(alert.matched);
            }
            None => decision.alerts.push(alert),
        }
    }
}
