//! Alerts that wait for their recipients, and the digests that are made of them.

use super::column::{maybe_timestamp, micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use super::{mutes, outbox, shape};
use crate::model::alert::Alert;
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::digest::{Deferred, Digest, HeldBy};
use crate::model::ids::{AlertId, DeliveryId, DigestId};
use crate::model::silence::{Muted, MutedBy};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// What one look at the waiting alerts came to; all of it is written or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathering {
    /// Digests to send.
    pub digests: Vec<Digest>,
    /// Alerts that were muted while they waited.
    pub muted: Vec<Muted>,
    /// Alerts that wait on, each with its new due time.
    pub put_off: Vec<(Deferred, Timestamp)>,
}

impl Store {
    /// The alerts that wait and are due, in the order of their time. Of one whose record cannot be read, its record says so
    /// and it waits no more: it is written down as muted.
    ///
    /// # Errors
    /// The database cannot be read, or such a record not be written.
    pub async fn due_deferred(&self, now: Timestamp) -> Result<Vec<(Deferred, Alert)>, StoreError> {
        let rows = sqlx::query(
            "select h.delivery, h.alert, h.channel, h.recipient, h.why, h.due, h.since, a.record from deferred h \
             join alerts a on a.id = h.alert where h.digest is null and h.due <= $1 order by h.since, h.alert",
        )
        .bind(micros(now))
        .fetch_all(self.readers())
        .await?;
        let (mut ready, mut lost) = (Vec::new(), Vec::new());
        for row in &rows {
            let held = read_deferred(row)?;
            let record: Option<String> = row.try_get("record")?;
            match shape::alert_from_json(held.alert.as_str(), record.as_deref().unwrap_or_default()) {
                Ok(alert) => ready.push((held, alert)),
                Err(error) => lost.push(Muted {
                    delivery: held.delivery,
                    alert: held.alert,
                    contact: None,
                    channel: held.channel,
                    recipient: held.recipient,
                    at: now,
                    by: MutedBy::Removed,
                    reason: error.to_string(),
                }),
            }
        }
        if !lost.is_empty() {
            self.gather(&Gathering { muted: lost, ..Gathering::default() }).await?;
        }
        Ok(ready)
    }

    /// Writes what became of waiting alerts: each digest with its delivery, due at once.
    ///
    /// # Errors
    /// The database cannot be written; then nothing was.
    pub async fn gather(&self, gathering: &Gathering) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for digest in &gathering.digests {
            write_digest(&mut transaction, digest).await?;
        }
        for muted in &gathering.muted {
            sqlx::query("delete from deferred where delivery = $1 and digest is null")
                .bind(muted.delivery.as_str())
                .execute(&mut *transaction)
                .await?;
            mutes::write(&mut transaction, muted).await?;
        }
        for (held, due) in &gathering.put_off {
            sqlx::query("update deferred set due = $2 where delivery = $1 and digest is null")
                .bind(held.delivery.as_str())
                .bind(micros(*due))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        if !gathering.digests.is_empty() {
            self.work().notify_one();
        }
        Ok(())
    }

    /// When the next waiting alert is due; nothing where none waits.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_deferred(&self) -> Result<Option<Timestamp>, StoreError> {
        let next: Option<i64> =
            sqlx::query_scalar("select min(due) from deferred where digest is null").fetch_one(self.readers()).await?;
        maybe_timestamp(next)
    }

    /// The alerts that wait, the earliest due first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn deferred(&self, limit: u32) -> Result<Vec<Deferred>, StoreError> {
        let rows = sqlx::query(
            "select delivery, alert, channel, recipient, why, due, since from deferred where digest is null \
             order by due, channel, recipient, since, alert limit $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read_deferred).collect()
    }

    /// A digest with its alerts; nothing where there is none of this id. Alerts that cannot be read are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn digest(&self, id: &DigestId) -> Result<Option<Digest>, StoreError> {
        let mut connection = self.readers().acquire().await?;
        read_digest(&mut connection, id).await
    }
}

/// Writes an alert that waits, unless it is known.
pub(super) async fn write(connection: &mut SqliteConnection, held: &Deferred) -> Result<(), StoreError> {
    let Deferred { delivery, alert, channel, recipient, why, due, since } = held;
    sqlx::query(
        "insert into deferred (delivery, alert, channel, recipient, why, due, since) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (delivery) do nothing",
    )
    .bind(delivery.as_str())
    .bind(alert.as_str())
    .bind(channel.as_str())
    .bind(recipient.as_str())
    .bind(why.name())
    .bind(micros(*due))
    .bind(micros(*since))
    .execute(connection)
    .await?;
    Ok(())
}

/// The digest of an id, on a connection that may be within a transaction.
pub(super) async fn read_digest(
    connection: &mut SqliteConnection,
    id: &DigestId,
) -> Result<Option<Digest>, StoreError> {
    let Some(row) = sqlx::query("select channel, recipient, at from digests where id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await?
    else {
        return Ok(None);
    };
    let members: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "select h.alert, h.why, a.record from deferred h join alerts a on a.id = h.alert where h.digest = $1 \
         order by a.raised, a.id",
    )
    .bind(id.as_str())
    .fetch_all(connection)
    .await?;
    let alerts = members.iter().filter_map(|(alert, why, record)| {
        let alert = shape::alert_from_json(alert, record.as_deref()?).ok()?;
        Some((alert, HeldBy::from_name(why).unwrap_or(HeldBy::Digest)))
    });
    Ok(Some(Digest {
        id: id.clone(),
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        at: timestamp(row.try_get("at")?)?,
        alerts: alerts.collect(),
    }))
}

async fn write_digest(connection: &mut SqliteConnection, digest: &Digest) -> Result<(), StoreError> {
    let Some((first, _)) = digest.alerts.first() else { return Ok(()) };
    sqlx::query("insert into digests (id, channel, recipient, at) values ($1, $2, $3, $4) on conflict (id) do nothing")
        .bind(digest.id.as_str())
        .bind(digest.channel.as_str())
        .bind(digest.recipient.as_str())
        .bind(micros(digest.at))
        .execute(&mut *connection)
        .await?;
    for (alert, _) in &digest.alerts {
        sqlx::query(
            "update deferred set digest = $4 where alert = $1 and channel = $2 and recipient = $3 and digest is null",
        )
        .bind(alert.id.as_str())
        .bind(digest.channel.as_str())
        .bind(digest.recipient.as_str())
        .bind(digest.id.as_str())
        .execute(&mut *connection)
        .await?;
    }
    let delivery = Delivery {
        id: DeliveryId::of(&[digest.id.as_str(), &digest.channel, &digest.recipient]),
        alert: first.id.clone(),
        digest: Some(digest.id.clone()),
        channel: digest.channel.clone(),
        recipient: digest.recipient.clone(),
        state: DeliveryState::Queued,
        attempts: 0,
        due: digest.at,
        created: digest.at,
    };
    outbox::write_delivery(connection, &delivery).await
}

fn read_deferred(row: &SqliteRow) -> Result<Deferred, StoreError> {
    let why: String = row.try_get("why")?;
    Ok(Deferred {
        delivery: DeliveryId::new(row.try_get::<String, _>("delivery")?),
        alert: AlertId::new(row.try_get::<String, _>("alert")?),
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        why: HeldBy::from_name(&why).unwrap_or(HeldBy::Digest),
        due: timestamp(row.try_get("due")?)?,
        since: timestamp(row.try_get("since")?)?,
    })
}
