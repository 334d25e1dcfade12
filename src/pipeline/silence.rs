//! From silence to alerts: what time alone brings, judged by the rules on the latest report.

use super::decide::Decision;
use crate::ledger::{self, Book, Patience};
use crate::model::alert::Subject;
use crate::model::article::{Article, Language};
use crate::model::change::Change;
use crate::rules::RuleSet;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Marks the contacts of which too long nothing was heard and asks the rules, each once; see [`ledger::silence()`].
///
/// Feeds, tiers and words of a rule are judged on the latest report of the contact.
#[must_use]
pub fn silence(book: &mut Book, rules: &RuleSet, now: Timestamp, patience: &Patience) -> Decision {
    let changes = ledger::silence(book, now, patience);
    let mut alerts = Vec::new();
    for change in &changes {
        let raised = rules.alerts(&latest_report(change), &change.item, std::slice::from_ref(change), now);
        alerts.extend(raised.into_iter().filter(|alert| matches!(alert.subject, Subject::Contact { .. })));
    }
    Decision { changes, alerts, unconfirmed: Vec::new() }
}

/// The latest report, as far as the contact keeps it.
#[must_use]
pub fn latest_report(change: &Change) -> Article {
    let item = &change.item;
    Article {
        id: item.item.to_string(),
        url: item.url.clone(),
        feed: Some(item.feed.to_string()),
        tier: Some(item.tier),
        language: Language::En,
        published: item.published,
        dated: true,
        zone: TimeZone::UTC,
        title: item.title.clone(),
        summary: change.evidence.sentence.clone(),
        content: String::new(),
        from_page: false,
    }
}
