//! What a reload replaces as a whole: rules, words, channels, client, limits.

use crate::deliver::Channel;
use crate::ledger::Patience;
use crate::lexicon::Lexicon;
use crate::model::alert::Alert;
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::ids::DeliveryId;
use crate::net::client::Client;
use crate::rules::RuleSet;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The replaceable parts of a running daemon.
#[derive(Debug)]
pub struct Live {
    /// What matters.
    pub rules: RuleSet,
    /// The words.
    pub lexicon: Arc<Lexicon>,
    /// Who is told.
    pub channels: Vec<Arc<dyn Channel>>,
    /// The HTTP client of feeds.
    pub client: Client,
    /// An item published longer ago than this enters the ledger silently.
    pub max_item_age: SignedDuration,
    /// Old items under new ids in one poll, above which none of them alerts.
    pub flood: usize,
    /// How long silence about a contact is borne.
    pub patience: Patience,
}

impl Live {
    /// The channel of an id.
    #[must_use]
    pub fn channel(&self, id: &str) -> Option<&Arc<dyn Channel>> {
        self.channels.iter().find(|channel| channel.id() == id)
    }

    /// One delivery for each recipient of each channel that a matched rule names.
    #[must_use]
    pub fn deliveries(&self, alert: &Alert, now: Timestamp) -> Vec<Delivery> {
        let named: BTreeSet<&str> =
            alert.matched.iter().flat_map(|matched| matched.channels.iter().map(String::as_str)).collect();
        let mut deliveries = Vec::new();
        let told = alert.told();
        for channel in named.into_iter().filter_map(|id| self.channel(id)) {
            for recipient in channel.recipients() {
                deliveries.push(Delivery {
                    id: DeliveryId::of(&[told.as_str(), channel.id(), recipient]),
                    alert: alert.id.clone(),
                    channel: channel.id().to_owned(),
                    recipient: recipient.clone(),
                    state: DeliveryState::Queued,
                    attempts: 0,
                    due: now,
                    created: now,
                });
            }
        }
        deliveries
    }
}

/// The current [`Live`], replaced as a whole by a reload.
#[derive(Clone, Debug)]
pub struct Current(Arc<RwLock<Arc<Live>>>);

impl Current {
    /// Begins with these parts.
    #[must_use]
    pub fn new(live: Live) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(live))))
    }

    /// The parts as they are now; a reload does not change what was handed out.
    #[must_use]
    pub fn get(&self) -> Arc<Live> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the parts.
    pub fn set(&self, live: Live) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
    }
}
