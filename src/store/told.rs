//! Who was told what of late: what caps and inhibitions ask for.

use super::column::{micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use super::shape;
use crate::model::alert::Alert;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// An alert, and the channels and recipients that were told of it, or are to be.
pub type Told = (Alert, Vec<(String, String)>);

impl Store {
    /// The channel, recipient and time of every delivery queued after a time, whatever became of it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn queued_since(&self, since: Timestamp) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("select channel, recipient, created from deliveries where created > $1")
                .bind(micros(since))
                .fetch_all(self.readers())
                .await?;
        rows.into_iter().map(|(channel, recipient, at)| Ok((channel, recipient, timestamp(at)?))).collect()
    }

    /// The alerts raised after a time that were not muted for everybody, oldest first.
    ///
    /// # Errors
    /// The database or a record of it cannot be read.
    pub async fn told_since(&self, since: Timestamp) -> Result<Vec<Told>, StoreError> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "select a.id, a.record, t.channel, t.recipient from alerts a join \
             (select alert, channel, recipient from deliveries where digest is null \
              union select alert, channel, recipient from deferred) t on t.alert = a.id \
             where a.raised > $1 and a.record is not null order by a.raised, a.id, t.channel, t.recipient",
        )
        .bind(micros(since))
        .fetch_all(self.readers())
        .await?;
        let mut told: Vec<Told> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (id, record, channel, recipient) in rows {
            if let Some((_, addressees)) = places.get(&id).and_then(|place| told.get_mut(*place)) {
                addressees.push((channel, recipient));
                continue;
            }
            // A record that cannot be read mutes nobody; it is no reason to end.
            let Ok(alert) = shape::alert_from_json(&id, &record) else { continue };
            places.insert(id, told.len());
            told.push((alert, vec![(channel, recipient)]));
        }
        Ok(told)
    }
}
