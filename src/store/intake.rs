//! One transaction for the whole results of one or many polls.

use super::error::StoreError;
use super::handle::Store;
use super::items::StoredItem;
use super::{contacts, feeds, items, outbox, seen, unconfirmed};
use crate::model::alert::Alert;
use crate::model::contact::Contact;
use crate::model::delivery::Delivery;
use crate::model::feed::FeedState;
use crate::model::ids::{FeedId, ItemId};
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
    /// The contacts that changed, whole.
    pub contacts: Vec<Contact>,
    /// The alerts that wait for further sources, and those that wait no more.
    pub unconfirmed: Vec<(UnconfirmedKey, Option<Unconfirmed>)>,
    /// The alerts raised.
    pub alerts: Vec<Alert>,
    /// What is to be sent of them.
    pub deliveries: Vec<Delivery>,
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
}

impl Store {
    /// Writes the results of one or many polls in one transaction: all of it or nothing. Alerts and deliveries that are
    /// known by their id stay as they are, so that a poll repeated after a crash sends nothing twice.
    ///
    /// # Errors
    /// The database cannot be written; then nothing was.
    pub async fn intake(&self, polls: &[Intake]) -> Result<(), StoreError> {
        if polls.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        for poll in polls {
            feeds::write(&mut transaction, &poll.feed, &poll.state).await?;
            seen::write(&mut transaction, &poll.feed, &poll.seen, poll.at).await?;
            for item in &poll.items {
                items::write(&mut transaction, item).await?;
            }
            for (key, waiting) in &poll.unconfirmed {
                unconfirmed::write(&mut transaction, key, waiting.as_ref()).await?;
            }
            write(&mut transaction, &poll.contacts, &poll.alerts, &poll.deliveries).await?;
        }
        transaction.commit().await?;
        if polls.iter().any(|poll| !poll.deliveries.is_empty()) {
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
        write(&mut transaction, &moved.contacts, &moved.alerts, &moved.deliveries).await?;
        transaction.commit().await?;
        if !moved.deliveries.is_empty() {
            self.work().notify_one();
        }
        Ok(())
    }
}

async fn write(
    transaction: &mut SqliteConnection,
    contacts: &[Contact],
    alerts: &[Alert],
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    for contact in contacts {
        contacts::write(transaction, contact).await?;
    }
    for alert in alerts {
        outbox::write_alert(transaction, alert).await?;
    }
    for delivery in deliveries {
        outbox::write_delivery(transaction, delivery).await?;
    }
    Ok(())
}
