//! What `openline run --once` came to: how many feeds were polled, how many alerts sent, and the exit code that says so.

use super::{TEMPORARY, UNAVAILABLE};
use crate::daemon::event::Event;
use crate::model::ids::{DeliveryId, FeedId};
use std::collections::{BTreeMap, HashSet};
use std::process::ExitCode;

/// Failing feeds named.
const SHOWN: usize = 5;

/// The counts of one run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    polled: HashSet<FeedId>,
    failed: BTreeMap<FeedId, String>,
    items: usize,
    alerts: usize,
    sent: HashSet<DeliveryId>,
    unsent: HashSet<DeliveryId>,
}

impl Tally {
    /// Counts an event.
    pub(super) fn note(&mut self, event: Event) {
        match event {
            Event::Polled { feed, error, items, alerts, .. } => {
                self.items += items;
                self.alerts += alerts;
                if let Some(why) = error {
                    self.failed.insert(feed.clone(), why);
                }
                self.polled.insert(feed);
            }
            Event::Silent { alerts } => self.alerts += alerts,
            Event::Attempted { delivery, sent: true, .. } => {
                self.unsent.remove(&delivery);
                self.sent.insert(delivery);
            }
            Event::Attempted { delivery, sent: false, .. } => {
                self.unsent.insert(delivery);
            }
        }
    }

    /// Says what it came to; 69 where no feed could be polled, 75 where a delivery is left for the next run.
    pub(super) fn close(&self) -> ExitCode {
        let (polled, failed) = (self.polled.len(), self.failed.len());
        eprintln!(
            "openline: {polled} feeds polled, {failed} failed, {} new items, {} alerts, {} deliveries sent, {} left",
            self.items,
            self.alerts,
            self.sent.len(),
            self.unsent.len()
        );
        for (feed, why) in self.failed.iter().take(SHOWN) {
            let why: String = why.chars().filter(|c| !c.is_control()).take(160).collect();
            eprintln!("openline: {feed}: {why}");
        }
        if failed > SHOWN {
            eprintln!("openline: and {} more; OPENLINE_LOG=warn names them all", failed - SHOWN);
        }
        if polled > 0 && failed == polled {
            ExitCode::from(UNAVAILABLE)
        } else if self.unsent.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(TEMPORARY)
        }
    }
}
