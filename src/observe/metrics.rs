//! The daemon's metrics: every name once, in Prometheus text exposition.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Label of a counted outcome.
type Labels = Vec<(String, String)>;

/// Counters and gauges; cheap to clone, all clones share the values.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// `openline_polls_total{outcome}`: `body`, `not_modified`, `busy`, `failed`, `suspect`.
    polls: Family<Labels, Counter>,
    /// `openline_items_total`: items read for the first time.
    pub items: Counter,
    /// `openline_mentions_total{novelty}`.
    mentions: Family<Labels, Counter>,
    /// `openline_pages_total{outcome}`: pages of articles that were wanted: `read`, `failed`.
    pages: Family<Labels, Counter>,
    /// `openline_article_failures_total`: articles whose reading panicked.
    pub article_failures: Counter,
    /// `openline_changes_total{change}`.
    changes: Family<Labels, Counter>,
    /// `openline_alerts_total`.
    pub alerts: Counter,
    /// `openline_alerts_held_total{why}`: digest, quiet, cap; one for each recipient.
    held: Family<Labels, Counter>,
    /// `openline_alerts_muted_total{by}`: silence, inhibition, removed; one for each recipient.
    muted: Family<Labels, Counter>,
    /// `openline_digests_total`.
    pub digests: Counter,
    /// `openline_deliveries_total{channel,outcome}`: sent, retried, buried.
    deliveries: Family<Labels, Counter>,
    /// `openline_floods_total`: polls at which a feed listed old items under new ids.
    pub floods: Counter,
    /// `openline_feeds`: feeds polled.
    pub feeds: Gauge,
    /// `openline_feeds_failing`: feeds whose last poll failed.
    pub feeds_failing: Gauge,
    /// `openline_outbox_queued`: deliveries not yet sent.
    pub queued: Gauge,
    /// `openline_outbox_buried`: deliveries given up.
    pub buried: Gauge,
    /// `openline_contacts`: contacts in the ledger.
    pub contacts: Gauge,
}

impl Metrics {
    /// Counts a poll by its outcome.
    pub fn poll(&self, outcome: &str) {
        self.polls.get_or_create(&vec![("outcome".to_owned(), outcome.to_owned())]).inc();
    }

    /// Counts a mention by its novelty.
    pub fn mention(&self, novelty: &str) {
        self.mentions.get_or_create(&vec![("novelty".to_owned(), novelty.to_owned())]).inc();
    }

    /// Counts an article's page by what came of it.
    pub fn page(&self, outcome: &str) {
        self.pages.get_or_create(&vec![("outcome".to_owned(), outcome.to_owned())]).inc();
    }

    /// Counts a change by its name.
    pub fn change(&self, change: &str) {
        self.changes.get_or_create(&vec![("change".to_owned(), change.to_owned())]).inc();
    }

    /// Counts an alert that waits for a recipient, by the reason.
    pub fn held(&self, why: &str) {
        self.held.get_or_create(&vec![("why".to_owned(), why.to_owned())]).inc();
    }

    /// Counts an alert that a recipient does not get, by what muted it.
    pub fn muted(&self, by: &str) {
        self.muted.get_or_create(&vec![("by".to_owned(), by.to_owned())]).inc();
    }

    /// Counts an attempt by channel and outcome.
    pub fn delivery(&self, channel: &str, outcome: &str) {
        let labels = vec![("channel".to_owned(), channel.to_owned()), ("outcome".to_owned(), outcome.to_owned())];
        self.deliveries.get_or_create(&labels).inc();
    }

    /// All metrics as text (`OpenMetrics` 1.0); empty only if formatting fails.
    #[must_use]
    pub fn text(&self) -> String {
        let mut registry = Registry::with_prefix("openline");
        registry.register("polls", "Polls by outcome", self.polls.clone());
        registry.register("items", "Items read for the first time", self.items.clone());
        registry.register("mentions", "Contacts read in articles, by novelty", self.mentions.clone());
        registry.register("pages", "Pages of articles that were wanted, by outcome", self.pages.clone());
        registry.register("article_failures", "Articles whose reading panicked", self.article_failures.clone());
        registry.register("changes", "Moves of contacts in the ledger, by kind", self.changes.clone());
        registry.register("alerts", "Alerts raised", self.alerts.clone());
        registry.register("alerts_held", "Alerts that waited for a recipient, by reason", self.held.clone());
        registry.register("alerts_muted", "Alerts that a recipient did not get, by cause", self.muted.clone());
        registry.register("digests", "Digests put together", self.digests.clone());
        registry.register("deliveries", "Attempts at delivery by channel and outcome", self.deliveries.clone());
        registry.register("floods", "Polls with old items under new ids, which alert nobody", self.floods.clone());
        registry.register("feeds", "Feeds polled", self.feeds.clone());
        registry.register("feeds_failing", "Feeds whose last poll failed", self.feeds_failing.clone());
        registry.register("outbox_queued", "Deliveries not yet sent", self.queued.clone());
        registry.register("outbox_buried", "Deliveries given up", self.buried.clone());
        registry.register("contacts", "Contacts in the ledger", self.contacts.clone());
        let mut text = String::new();
        if encode(&mut text, &registry).is_err() {
            text.clear();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_is_exposed() {
        let metrics = Metrics::default();
        metrics.poll("body");
        metrics.delivery("desk", "sent");
        metrics.items.inc_by(3);
        let text = metrics.text();
        assert!(text.contains("openline_polls_total{outcome=\"body\"} 1"), "{text}");
        assert!(text.contains("openline_items_total 3"), "{text}");
        assert!(text.contains("openline_deliveries_total{channel=\"desk\",outcome=\"sent\"} 1"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
