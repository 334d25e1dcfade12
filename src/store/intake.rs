//! One transaction for the whole results of one or many polls.

use super::error::StoreError;
use super::handle::Store;
use super::items::StoredItem;
use super::pages::StoredPage;
use super::seen::Present;
use super::{contacts, deferred, feeds, items, mutes, outbox, pages, seen, unconfirmed};
use crate::model::alert::Alert;
use crate::model::contact::Contact;
use crate::model::delivery::Delivery;
use crate::model::digest::Deferred;
use crate::model::feed::FeedState;
use crate::model::ids::{DeliveryId, FeedId, ItemId};
use crate::model::silence::Muted;
use crate::rules::{Unconfirmed, UnconfirmedKey};
use jiff::Timestamp;
use sqlx::SqliteConnection;

#[cfg(test)]
mod tests;

/// All that one poll brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The feed.
    pub feed: FeedId,
    /// Its state after the poll.
    pub state: FeedState,
    /// When the poll was taken.
    pub at: Timestamp,
    /// Every item of the document, the known ones too; empty where the feed had not changed.
    pub seen: Vec<ItemId>,
    /// The items that had a mention or matched a rule.
    pub items: Vec<StoredItem>,
    /// What came of the pages of items.
    pub pages: Vec<StoredPage>,
    /// The contacts that changed, whole.
    pub contacts: Vec<Contact>,
    /// The alerts that wait for further sources, and those that wait no more.
    pub unconfirmed: Vec<(UnconfirmedKey, Option<Unconfirmed>)>,
    /// The alerts raised.
    pub alerts: Vec<Alert>,
    /// What is to be sent of them.
    pub deliveries: Vec<Delivery>,
    /// What waits for its recipient.
    pub deferred: Vec<Deferred>,
    /// What somebody does not get.
    pub muted: Vec<Muted>,
}

/// What time alone moved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// The contacts that changed, whole.
    pub contacts: Vec<Contact>,
    /// The alerts raised.
    pub alerts: Vec<Alert>,
    /// What is to be sent of them.
    pub deliveries: Vec<Delivery>,
    /// What waits for its recipient.
    pub deferred: Vec<Deferred>,
    /// What somebody does not get.
    pub muted: Vec<Muted>,
}

impl Store {
    /// Writes the results of one or many polls in one transaction: all of it or nothing. What was decided of
    /// an alert that is known by its id stays as it is, so that a poll repeated after a crash sends nothing twice.
    ///
    /// # Errors
    /// The database cannot be written; then nothing was.
    pub async fn intake(&self, polls: &[Intake]) -> Result<(), StoreError> {
        if polls.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        let states: Vec<_> = polls.iter().map(|poll| (&poll.feed, &poll.state)).collect();
        feeds::write(&mut transaction, &states).await?;
        let listing = polls.iter().filter(|poll| !poll.seen.is_empty());
        let documents: Vec<_> =
            listing.map(|poll| Present { feed: &poll.feed, items: &poll.seen, at: poll.at }).collect();
        seen::write(&mut transaction, &documents).await?;
        for poll in polls {
            for item in &poll.items {
                items::write(&mut transaction, item).await?;
            }
            for page in &poll.pages {
                pages::write(&mut transaction, page).await?;
            }
            for (key, waiting) in &poll.unconfirmed {
                unconfirmed::write(&mut transaction, key, waiting.as_ref()).await?;
            }
            write(&mut transaction, &poll.contacts, &poll.alerts, (&poll.deliveries, &poll.deferred, &poll.muted))
                .await?;
        }
        transaction.commit().await?;
        if polls.iter().any(|poll| !poll.deliveries.is_empty() || !poll.deferred.is_empty()) {
            self.work().notify_one();
        }
        Ok(())
    }

    /// Writes what time alone moved in one transaction, as [`Store::intake`] writes polls: all of it or nothing, and
    /// what is known by its id stays as it is.
    ///
    /// # Errors
    /// The database cannot be written; then nothing was.
    pub async fn settle(&self, moved: &Moved) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        write(&mut transaction, &moved.contacts, &moved.alerts, (&moved.deliveries, &moved.deferred, &moved.muted))
            .await?;
        transaction.commit().await?;
        if !moved.deliveries.is_empty() || !moved.deferred.is_empty() {
            self.work().notify_one();
        }
        Ok(())
    }
}

/// Writes contacts, alerts and what was decided of these; nothing for a recipient of whom it was decided before.
async fn write(
    transaction: &mut SqliteConnection,
    contacts: &[Contact],
    alerts: &[Alert],
    (deliveries, waiting, muted): (&[Delivery], &[Deferred], &[Muted]),
) -> Result<(), StoreError> {
    for contact in contacts {
        contacts::write(transaction, contact).await?;
    }
    for alert in alerts {
        outbox::write_alert(transaction, alert).await?;
    }
    for delivery in deliveries {
        if !decided(transaction, &delivery.id).await? {
            outbox::write_delivery(transaction, delivery).await?;
        }
    }
    for one in waiting {
        if !decided(transaction, &one.delivery).await? {
            deferred::write(transaction, one).await?;
        }
    }
    for one in muted {
        if !decided(transaction, &one.delivery).await? {
            mutes::write(transaction, one).await?;
        }
    }
    Ok(())
}

/// Whether a delivery is there, waits to become part of a digest, or was muted.
async fn decided(transaction: &mut SqliteConnection, id: &DeliveryId) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar(
        "select 1 from deliveries where id = $1 union all select 1 from deferred where delivery = $1 \
         union all select 1 from mutes where delivery = $1 limit 1",
    )
    .bind(id.as_str())
    .fetch_optional(transaction)
    .await?;
    Ok(found.is_some())
}
