//! The outbox: what waits to be sent, who claimed it, how each attempt ended.

use super::column::{count, duration_micros, micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use super::{deferred, shape};
use crate::model::alert::Alert;
use crate::model::delivery::{Attempt, AttemptResult, Delivery, DeliveryState, Failure};
use crate::model::digest::Load;
use crate::model::ids::{AlertId, DeliveryId, DigestId};
use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use std::collections::HashSet;

/// The farthest that an attempt may lie ahead, in microseconds: the longest wait between two, a day, twice over. More is
/// the work of a clock that was wrong and has been set right.
const FARTHEST: i64 = 2 * 86_400 * 1_000_000;

/// The farthest that the due time of a waiting alert may lie ahead, in microseconds: a week, and two days for a zone's whims.
const LONGEST_HELD: i64 = 9 * 86_400 * 1_000_000;

/// What an attempt says of which no outcome was written, because the program ended or the lease was too short.
const INTERRUPTED: &str = "no outcome was recorded: the program ended or the lease ran out during the attempt";

impl Store {
    /// Claims what is due, earliest first, at most one delivery for each channel and recipient and none for those in `busy`,
    /// until `now + lease`. A claim whose lease has run out is due again, and counts as an attempt. A delivery whose alert
    /// cannot be read is buried rather than returned.
    ///
    /// # Errors
    /// The database cannot be written; then nothing is claimed.
    pub async fn claim(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        limit: usize,
        busy: &[(String, String)],
    ) -> Result<Vec<(Delivery, Load)>, StoreError> {
        let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
        let mut transaction = self.begin().await?;
        let mut taken: HashSet<(String, String)> = busy.iter().cloned().collect();
        let held: Vec<(String, String)> =
            sqlx::query_as("select channel, recipient from deliveries where state = 'claimed' and lease > $1")
                .bind(micros(now))
                .fetch_all(&mut *transaction)
                .await?;
        taken.extend(held);
        let ready: Vec<(String, String, String)> = sqlx::query_as(
            // From pair to pair along the index `deliveries_open`, then the first of each pair: what it costs does not grow with
            // what waits.
            "with recursive pairs (channel, recipient) as (select * from (select channel, recipient from deliveries \
             where state in ('queued', 'claimed') order by channel, recipient limit 1) union all select \
             (select channel from deliveries d where state in ('queued', 'claimed') \
             and (d.channel, d.recipient) > (pairs.channel, pairs.recipient) order by d.channel, d.recipient limit 1), \
             (select recipient from deliveries d where state in ('queued', 'claimed') \
             and (d.channel, d.recipient) > (pairs.channel, pairs.recipient) order by d.channel, d.recipient limit 1) \
             from pairs where pairs.channel is not null) \
             select id, channel, recipient from deliveries where id in (select (select d.id from deliveries d \
             where d.channel = pairs.channel and d.recipient = pairs.recipient and d.state in ('queued', 'claimed') \
             and d.due <= $1 and (d.state = 'queued' or d.lease <= $1) order by d.due, d.created, d.id limit 1) \
             from pairs where pairs.channel is not null) order by due, created, id",
        )
        .bind(micros(now))
        .fetch_all(&mut *transaction)
        .await?;
        let free = ready.into_iter().filter(|(_, channel, recipient)| {
            // A set of references would need the pair to be borrowed as one.
            !taken.contains(&(channel.clone(), recipient.clone()))
        });
        let mut claimed = Vec::new();
        for (id, _, _) in free.take(limit) {
            claimed.extend(claim_one(&mut transaction, &id, until).await?);
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    /// Makes every claim due again, as at start, when whoever made them is gone; answers how many there were. Each counts as
    /// an attempt, so that a delivery which ends the program is buried in the end. What waits for longer than any wait
    /// lasts is due at once.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn recover(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "insert into attempts (delivery, number, at, took, ok, text, retry, after) select d.id, \
             coalesce((select max(number) from attempts a where a.delivery = d.id), 0) + 1, \
             $1, 0, false, $2, true, null from deliveries d where d.state = 'claimed'",
        )
        .bind(micros(now))
        .bind(INTERRUPTED)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("update deliveries set due = $1 where state = 'queued' and due > $2")
            .bind(micros(now))
            .bind(micros(now).saturating_add(FARTHEST))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("update deferred set due = $1 where digest is null and due > $2")
            .bind(micros(now))
            .bind(micros(now).saturating_add(LONGEST_HELD))
            .execute(&mut *transaction)
            .await?;
        let released = sqlx::query(
            "update deliveries set state = 'queued', lease = null, attempts = attempts + 1 where state = 'claimed'",
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.work().notify_one();
        Ok(released.rows_affected())
    }

    /// Writes that the receiver accepted a delivery. Answers whether the delivery is still there.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn finish(&self, id: &DeliveryId, attempt: &Attempt) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        write_attempt(&mut transaction, id, attempt).await?;
        let done = sqlx::query(
            "update deliveries set state = 'sent', attempts = attempts + 1, lease = null, reason = null where id = $1",
        )
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Writes that an attempt failed and that the next is due at `due`. Answers whether it was put back; what was sent or
    /// buried meanwhile stays so.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn retry_at(&self, id: &DeliveryId, attempt: &Attempt, due: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        write_attempt(&mut transaction, id, attempt).await?;
        let done = sqlx::query(
            "update deliveries set state = 'queued', attempts = attempts + 1, due = $2, lease = null \
             where id = $1 and state in ('queued', 'claimed')",
        )
        .bind(id.as_str())
        .bind(micros(due))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Lets everything that waits for a recipient wait until `until` at least; the attempts of none of it are counted.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_off(&self, channel: &str, recipient: &str, until: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "update deliveries set due = $3 where channel = $1 and recipient = $2 and state = 'queued' and due < $3",
        )
        .bind(channel)
        .bind(recipient)
        .bind(micros(until))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Writes an alert that no poll brought, and what is to be sent of it, unless they are known.
    ///
    /// # Errors
    /// The database cannot be written; then nothing was.
    pub async fn raise(&self, alert: &Alert, deliveries: &[Delivery]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        write_alert(&mut transaction, alert).await?;
        for delivery in deliveries {
            write_delivery(&mut transaction, delivery).await?;
        }
        transaction.commit().await?;
        self.work().notify_one();
        Ok(())
    }

    /// Writes that an attempt failed and that the delivery is given up. Answers whether it was buried; what was sent
    /// meanwhile stays so. Buried deliveries stay until [`Store::requeue`] or [`Store::drop_delivery`].
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn bury(&self, id: &DeliveryId, attempt: &Attempt, reason: &str) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        write_attempt(&mut transaction, id, attempt).await?;
        let done = bury(&mut transaction, id.as_str(), reason).await?;
        transaction.commit().await?;
        Ok(done)
    }
}

/// Writes an alert unless it is known.
pub(super) async fn write_alert(connection: &mut SqliteConnection, alert: &Alert) -> Result<(), StoreError> {
    sqlx::query("insert into alerts (id, raised, record) values ($1, $2, $3) on conflict (id) do nothing")
        .bind(alert.id.as_str())
        .bind(micros(alert.raised))
        .bind(shape::alert_to_json(alert)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes a delivery unless it is known.
pub(super) async fn write_delivery(connection: &mut SqliteConnection, delivery: &Delivery) -> Result<(), StoreError> {
    let Delivery { id, alert, digest, channel, recipient, state, attempts, due, created } = delivery;
    let (state, lease, reason) = match state {
        DeliveryState::Queued => ("queued", None, None),
        DeliveryState::Claimed { until } => ("claimed", Some(micros(*until)), None),
        DeliveryState::Sent => ("sent", None, None),
        DeliveryState::Buried { reason } => ("buried", None, Some(reason.as_str())),
    };
    sqlx::query(
        "insert into deliveries (id, alert, channel, recipient, state, attempts, due, lease, created, reason, \
         digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing",
    )
    .bind(id.as_str())
    .bind(alert.as_str())
    .bind(channel.as_str())
    .bind(recipient.as_str())
    .bind(state)
    .bind(i64::from(*attempts))
    .bind(micros(*due))
    .bind(lease)
    .bind(micros(*created))
    .bind(reason)
    .bind(digest.as_ref().map(DigestId::as_str))
    .execute(connection)
    .await?;
    Ok(())
}

/// The delivery of a row that holds the columns of the table.
pub(super) fn read_delivery(row: &SqliteRow) -> Result<Delivery, StoreError> {
    let id: String = row.try_get("id")?;
    let lease: Option<i64> = row.try_get("lease")?;
    let state = match (row.try_get::<String, _>("state")?.as_str(), lease) {
        ("queued", _) => DeliveryState::Queued,
        ("claimed", Some(until)) => DeliveryState::Claimed { until: timestamp(until)? },
        ("sent", _) => DeliveryState::Sent,
        ("buried", _) => {
            DeliveryState::Buried { reason: row.try_get::<Option<String>, _>("reason")?.unwrap_or_default() }
        }
        (state, _) => return Err(StoreError::corrupt(format!("delivery {id} cannot be read: state `{state}`"))),
    };
    Ok(Delivery {
        id: DeliveryId::new(id),
        alert: AlertId::new(row.try_get::<String, _>("alert")?),
        digest: row.try_get::<Option<String>, _>("digest")?.map(DigestId::new),
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        state,
        attempts: count(row.try_get("attempts")?),
        due: timestamp(row.try_get("due")?)?,
        created: timestamp(row.try_get("created")?)?,
    })
}

/// Claims one delivery that is due; nothing where it had to be buried.
async fn claim_one(
    connection: &mut SqliteConnection,
    id: &str,
    until: Timestamp,
) -> Result<Option<(Delivery, Load)>, StoreError> {
    let row = sqlx::query(
        "select d.id, d.alert, d.digest, d.channel, d.recipient, d.state, d.attempts, d.due, d.lease, d.created, \
         d.reason, a.record from deliveries d join alerts a on a.id = d.alert where d.id = $1",
    )
    .bind(id)
    .fetch_one(&mut *connection)
    .await?;
    let mut delivery = read_delivery(&row)?;
    let record: Option<String> = row.try_get("record")?;
    let load = match &delivery.digest {
        None => shape::alert_from_json(delivery.alert.as_str(), record.as_deref().unwrap_or_default()).map(Load::from),
        Some(digest) => match deferred::read_digest(connection, digest).await? {
            Some(digest) if !digest.alerts.is_empty() => Ok(Load::from(digest)),
            _ => Err(StoreError::corrupt(format!("digest {digest} cannot be read"))),
        },
    };
    let load = match load {
        Ok(load) => load,
        Err(error) => {
            bury(connection, id, &error.to_string()).await?;
            return Ok(None);
        }
    };
    if let DeliveryState::Claimed { until: ended } = delivery.state {
        let failure = Failure { reason: INTERRUPTED.to_owned(), retry: true, after: None };
        let attempt = Attempt { at: ended, took: SignedDuration::ZERO, result: AttemptResult::Failed(failure) };
        write_attempt(connection, &delivery.id, &attempt).await?;
        delivery.attempts = delivery.attempts.saturating_add(1);
    }
    sqlx::query("update deliveries set state = 'claimed', lease = $2, attempts = $3 where id = $1")
        .bind(id)
        .bind(micros(until))
        .bind(i64::from(delivery.attempts))
        .execute(connection)
        .await?;
    delivery.state = DeliveryState::Claimed { until };
    Ok(Some((delivery, load)))
}

async fn bury(connection: &mut SqliteConnection, id: &str, reason: &str) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update deliveries set state = 'buried', attempts = attempts + 1, lease = null, reason = $2 \
         where id = $1 and state in ('queued', 'claimed')",
    )
    .bind(id)
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Adds an attempt under the next number; nothing where the delivery is gone.
async fn write_attempt(
    connection: &mut SqliteConnection,
    id: &DeliveryId,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    let (ok, text, retry, after) = match &attempt.result {
        AttemptResult::Sent { receipt } => (true, receipt, false, None),
        AttemptResult::Failed(failure) => (false, &failure.reason, failure.retry, failure.after.map(duration_micros)),
    };
    sqlx::query(
        "insert into attempts (delivery, number, at, took, ok, text, retry, after) select id, \
         coalesce((select max(number) from attempts where delivery = $1), 0) + 1, $2, $3, $4, $5, $6, $7 \
         from deliveries where id = $1",
    )
    .bind(id.as_str())
    .bind(micros(attempt.at))
    .bind(duration_micros(attempt.took))
    .bind(ok)
    .bind(text.as_str())
    .bind(retry)
    .bind(after)
    .execute(connection)
    .await?;
    Ok(())
}
