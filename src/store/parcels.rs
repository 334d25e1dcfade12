//! The outbox as people and the courier look at it: lists, counts, the next due time, the alerts.

use super::column::{maybe_timestamp, micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use super::outbox::read_delivery;
use super::shape;
use crate::model::alert::Alert;
use crate::model::delivery::{Attempt, AttemptResult, Delivery, Failure};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Which deliveries a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pile {
    /// Queued or claimed, the earliest due first.
    Waiting,
    /// Given up, the latest first.
    Buried,
    /// Accepted, the latest first.
    Sent,
}

/// A delivery with its alert and its attempts.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// The delivery.
    pub delivery: Delivery,
    /// Its alert; absent once it is past retention, or where its record cannot be read.
    pub alert: Option<Alert>,
    /// The attempts in order, those before a requeue too.
    pub attempts: Vec<Attempt>,
}

/// How many deliveries stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for their time.
    pub queued: u64,
    /// Being sent.
    pub claimed: u64,
    /// Accepted.
    pub sent: u64,
    /// Given up.
    pub buried: u64,
    /// The earliest time at which a waiting delivery was queued.
    pub oldest: Option<Timestamp>,
}

impl Store {
    /// The deliveries of a pile, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outbox(&self, pile: Pile, limit: u32) -> Result<Vec<Parcel>, StoreError> {
        let query = sqlx::query(match pile {
            Pile::Waiting => {
                "select d.id, d.alert, d.digest, d.channel, d.recipient, d.state, d.attempts, d.due, d.lease, d.created, \
                 d.reason, a.record from deliveries d join alerts a on a.id = d.alert \
                 where d.state in ('queued', 'claimed') order by d.due, d.created, d.id limit $1"
            }
            Pile::Buried => {
                "select d.id, d.alert, d.digest, d.channel, d.recipient, d.state, d.attempts, d.due, d.lease, d.created, \
                 d.reason, a.record from deliveries d join alerts a on a.id = d.alert \
                 where d.state = 'buried' order by d.created desc, d.id limit $1"
            }
            Pile::Sent => {
                "select d.id, d.alert, d.digest, d.channel, d.recipient, d.state, d.attempts, d.due, d.lease, d.created, \
                 d.reason, a.record from deliveries d join alerts a on a.id = d.alert \
                 where d.state = 'sent' order by d.due desc, d.id limit $1"
            }
        });
        let rows = query.bind(i64::from(limit)).fetch_all(self.readers()).await?;
        self.parcels(&rows).await
    }

    /// The deliveries whose id begins with a text, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn deliveries(&self, prefix: &str, limit: u32) -> Result<Vec<Parcel>, StoreError> {
        let rows = sqlx::query(
            "select d.id, d.alert, d.digest, d.channel, d.recipient, d.state, d.attempts, d.due, d.lease, d.created, d.reason, \
             a.record from deliveries d join alerts a on a.id = d.alert \
             where substr(d.id, 1, length($1)) = $1 order by d.id limit $2",
        )
        .bind(prefix)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        self.parcels(&rows).await
    }

    /// How many deliveries stand in each state.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let rows: Vec<(String, i64, Option<i64>)> =
            sqlx::query_as("select state, count(*), min(created) from deliveries group by state")
                .fetch_all(self.readers())
                .await?;
        let mut counts = Counts::default();
        for (state, number, created) in rows {
            let number = u64::try_from(number).unwrap_or(0);
            match state.as_str() {
                "queued" => counts.queued = number,
                "claimed" => counts.claimed = number,
                "sent" => counts.sent = number,
                _ => counts.buried = number,
            }
            if matches!(state.as_str(), "queued" | "claimed") {
                let created = maybe_timestamp(created)?;
                counts.oldest = [counts.oldest, created].into_iter().flatten().min();
            }
        }
        Ok(counts)
    }

    /// When, after `now`, the next delivery can be claimed: the earliest due time of those whose channel and recipient have no
    /// claim, or the earliest end of a lease; nothing where nothing waits. What can be claimed now is not looked at, lest it
    /// hide what comes next.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let next: Option<i64> = sqlx::query_scalar(
            // By due time along the index `deliveries_by_state`, to the first that nothing holds up.
            "select min(next) from (select min(lease) as next from deliveries where state = 'claimed' and lease > $1 union all \
             select * from (select due from deliveries d where state = 'queued' and due > $1 and not exists (select 1 from deliveries c \
             where c.state = 'claimed' and c.channel = d.channel and c.recipient = d.recipient) order by due limit 1)) \
             as waiting",
        )
        .bind(micros(now))
        .fetch_one(self.readers())
        .await?;
        maybe_timestamp(next)
    }

    /// The alerts raised since a time whose record is still kept, latest first, at most `limit`.
    ///
    /// # Errors
    /// The database or a record of it cannot be read.
    pub async fn alerts(&self, since: Timestamp, limit: u32) -> Result<Vec<Alert>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "select id, record from alerts where raised >= $1 and record is not null order by raised desc, id limit $2",
        )
        .bind(micros(since))
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(|(id, record)| shape::alert_from_json(id, record)).collect()
    }

    async fn parcels(&self, rows: &[SqliteRow]) -> Result<Vec<Parcel>, StoreError> {
        let mut parcels = Vec::with_capacity(rows.len());
        for row in rows {
            let delivery = read_delivery(row)?;
            let record: Option<String> = row.try_get("record")?;
            let alert = record.and_then(|record| shape::alert_from_json(delivery.alert.as_str(), &record).ok());
            let attempts = sqlx::query(
                "select at, took, ok, text, retry, after from attempts where delivery = $1 order by number",
            )
            .bind(delivery.id.as_str())
            .fetch_all(self.readers())
            .await?;
            let attempts = attempts.iter().map(read_attempt).collect::<Result<_, _>>()?;
            parcels.push(Parcel { delivery, alert, attempts });
        }
        Ok(parcels)
    }
}

fn read_attempt(row: &SqliteRow) -> Result<Attempt, StoreError> {
    let text: String = row.try_get("text")?;
    let result = if row.try_get("ok")? {
        AttemptResult::Sent { receipt: text }
    } else {
        let after: Option<i64> = row.try_get("after")?;
        let after = after.map(SignedDuration::from_micros);
        AttemptResult::Failed(Failure { reason: text, retry: row.try_get("retry")?, after })
    };
    Ok(Attempt { at: timestamp(row.try_get("at")?)?, took: SignedDuration::from_micros(row.try_get("took")?), result })
}
