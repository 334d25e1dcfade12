//! Who gets which alert when: asks the pure decisions with what the store and the configuration know.

use super::live::Live;
use crate::model::alert::Alert;
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::digest::Deferred;
use crate::model::ids::DeliveryId;
use crate::model::silence::Muted;
use crate::rules::mute::{self, Addressee, Desk, HOUR, Silences, Verdict};
use crate::store::{Gathering, Store, StoreError, Told};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// The silences that hold, shared by all who decide and by those who change them.
#[derive(Clone, Debug, Default)]
pub struct Hush {
    known: Arc<RwLock<Arc<Silences>>>,
    /// One reads the store at a time, so that what was read first is not put in place last.
    turn: Arc<Mutex<()>>,
}

impl Hush {
    /// The silences as they are now.
    #[must_use]
    pub fn get(&self) -> Arc<Silences> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads them from the store anew.
    ///
    /// # Errors
    /// The store cannot be read; then they stay as they were.
    pub async fn refresh(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let known = Silences::new(store.silences(now).await?);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }
}

/// What was sent and told of late.
#[derive(Debug, Default)]
pub(super) struct Recent {
    sent: HashMap<(String, String), Vec<Timestamp>>,
    told: Vec<Told>,
}

/// What becomes of a poll's alerts.
#[derive(Debug, Default)]
pub(super) struct Routed {
    pub(super) deliveries: Vec<Delivery>,
    pub(super) deferred: Vec<Deferred>,
    pub(super) muted: Vec<Muted>,
}

impl Recent {
    /// Asks the store for what the policies and inhibitions need, and for nothing where they need nothing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn load(store: &Store, live: &Live, now: Timestamp) -> Result<Self, StoreError> {
        let before = |span: SignedDuration| now.saturating_sub(span).unwrap_or(Timestamp::MIN);
        let mut recent = Self::default();
        let policies = live.policies.values().flat_map(|own| std::iter::once(&own.usual).chain(own.own.values()));
        if policies.into_iter().any(|policy| policy.max_per_hour.is_some()) {
            for (channel, recipient, at) in store.queued_since(before(HOUR)).await? {
                recent.sent.entry((channel, recipient)).or_default().push(at);
            }
        }
        let within = live.inhibitions.iter().map(|inhibition| inhibition.within).max().unwrap_or_default();
        if within > SignedDuration::ZERO {
            recent.told = store.told_since(before(within)).await?;
        }
        Ok(recent)
    }

    /// Decides over the alerts of one poll, and remembers what was decided for the next.
    pub(super) fn route(&mut self, live: &Live, silences: &Silences, alerts: &[Alert], now: Timestamp) -> Routed {
        let mut routed = Routed::default();
        let mut by_addressee: HashMap<Addressee<'_>, Vec<&Alert>> = HashMap::new();
        let mut order = Vec::new();
        for alert in alerts {
            for to in live.addressees(alert) {
                let group = by_addressee.entry(to).or_insert_with(|| {
                    order.push(to);
                    Vec::new()
                });
                group.push(alert);
            }
        }
        let mut news: Vec<Told> = Vec::new();
        for to in order {
            let Some(policy) = live.policy(to) else { continue };
            let group = by_addressee.remove(&to).unwrap_or_default();
            let owner = (to.channel.to_owned(), to.recipient.to_owned());
            let told: Vec<&Alert> = (self.told.iter())
                .filter(|(_, addressees)| addressees.contains(&owner))
                .map(|(alert, _)| alert)
                .collect();
            let told: Vec<&Alert> =
                told.into_iter().filter(|alert| silences.muting(alert, to, now).is_none()).collect();
            // What is silenced for them says nothing to them, and so cannot speak for others.
            let (open, silenced): (Vec<&Alert>, Vec<&Alert>) =
                group.into_iter().partition(|alert| silences.muting(alert, to, now).is_none());
            let speakers = mute::spoken_for(&live.inhibitions, &open, &told, to);
            let sent = self.sent.entry(owner.clone()).or_default();
            for (alert, speaker) in
                open.into_iter().zip(speakers).chain(silenced.into_iter().map(|alert| (alert, None)))
            {
                let verdict = Desk { to, policy, silences, sent }.judge(alert, speaker, now);
                let heard = !matches!(verdict, Verdict::Mute { .. });
                match verdict {
                    Verdict::Send => {
                        sent.push(now);
                        routed.deliveries.push(delivery(alert, to, now));
                    }
                    Verdict::Hold { until, why } => routed.deferred.push(Deferred {
                        delivery: delivery_id(alert, to),
                        alert: alert.id.clone(),
                        channel: owner.0.clone(),
                        recipient: owner.1.clone(),
                        why,
                        due: until,
                        since: now,
                    }),
                    Verdict::Mute { by, reason } => routed.muted.push(Muted {
                        delivery: delivery_id(alert, to),
                        alert: alert.id.clone(),
                        contact: mute::contact_of(alert).cloned(),
                        channel: owner.0.clone(),
                        recipient: owner.1.clone(),
                        at: now,
                        by,
                        reason,
                    }),
                }
                if heard {
                    match news.iter_mut().find(|(known, _)| known.id == alert.id) {
                        Some((_, addressees)) => addressees.push(owner.clone()),
                        None => news.push((alert.clone(), vec![owner.clone()])),
                    }
                }
            }
        }
        self.told.extend(news);
        routed
    }
}

/// Puts together what waited and is due, and writes it. Answers how many digests were made and what was muted.
///
/// # Errors
/// The store cannot be read or written; then all waits as it did.
pub(super) async fn gather(
    store: &Store,
    live: &Live,
    silences: &Silences,
    now: Timestamp,
) -> Result<Gathering, StoreError> {
    if store.next_deferred().await?.is_none_or(|due| due > now) {
        return Ok(Gathering::default());
    }
    let waiting = store.due_deferred(now).await?;
    let gathered = mute::gather(waiting, |to| live.policy(to), silences, now);
    let mute::Gathered { digests, muted, put_off } = gathered;
    let gathering = Gathering { digests, muted, put_off };
    store.gather(&gathering).await?;
    Ok(gathering)
}

/// By what the addressee counts as told, the delivery is known.
fn delivery_id(alert: &Alert, to: Addressee<'_>) -> DeliveryId {
    DeliveryId::of(&[alert.told().as_str(), to.channel, to.recipient])
}

fn delivery(alert: &Alert, to: Addressee<'_>, now: Timestamp) -> Delivery {
    Delivery {
        id: delivery_id(alert, to),
        alert: alert.id.clone(),
        digest: None,
        channel: to.channel.to_owned(),
        recipient: to.recipient.to_owned(),
        state: DeliveryState::Queued,
        attempts: 0,
        due: now,
        created: now,
    }
}

#[cfg(test)]
mod tests;
