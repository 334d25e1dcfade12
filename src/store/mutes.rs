//! Silences, and the alerts that somebody does not get.

use super::column::{micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use crate::model::ids::{AlertId, ContactId, DeliveryId, SilenceId};
use crate::model::silence::{Muted, MutedBy, Silence};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

impl Store {
    /// Writes a silence; one of the same id stays as it is.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_silence(&self, silence: &Silence) -> Result<(), StoreError> {
        let matchers =
            serde_json::to_string(&silence.matchers).map_err(|error| StoreError::corrupt(error.to_string()))?;
        let mut transaction = self.begin().await?;
        sqlx::query(
            "insert into silences (id, matchers, reason, created, until) values ($1, $2, $3, $4, $5) \
             on conflict (id) do nothing",
        )
        .bind(silence.id.as_str())
        .bind(matchers)
        .bind(silence.reason.as_str())
        .bind(micros(silence.created))
        .bind(micros(silence.until))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends the silences whose id begins with a text, where they have not ended; answers which those are. Nothing is ended
    /// where the text means several.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn expire_silence(&self, prefix: &str, now: Timestamp) -> Result<Vec<Silence>, StoreError> {
        let mut transaction = self.begin().await?;
        let rows = sqlx::query(
            "select id, matchers, reason, created, until from silences \
             where substr(id, 1, length($1)) = $1 and until > $2 order by id",
        )
        .bind(prefix)
        .bind(micros(now))
        .fetch_all(&mut *transaction)
        .await?;
        let mut found = rows.iter().map(read_silence).collect::<Result<Vec<_>, _>>()?;
        if let [silence] = found.as_mut_slice() {
            sqlx::query("update silences set until = $2 where id = $1")
                .bind(silence.id.as_str())
                .bind(micros(now))
                .execute(&mut *transaction)
                .await?;
            silence.until = now;
            transaction.commit().await?;
        }
        Ok(found)
    }

    /// The silences that end after a time, the first to end first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn silences(&self, after: Timestamp) -> Result<Vec<Silence>, StoreError> {
        let rows = sqlx::query(
            "select id, matchers, reason, created, until from silences where until > $1 order by until, id",
        )
        .bind(micros(after))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read_silence).collect()
    }

    /// What was muted of a contact's alerts, latest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn muted(&self, contact: &ContactId) -> Result<Vec<Muted>, StoreError> {
        let rows = sqlx::query(
            "select delivery, alert, channel, recipient, contact, at, cause, source, rule, reason from mutes where contact = $1 \
             order by at desc, alert, channel, recipient limit 500",
        )
        .bind(contact.as_str())
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read_muted).collect()
    }

    /// What was muted after a time, latest first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn muted_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Muted>, StoreError> {
        let rows = sqlx::query(
            "select delivery, alert, channel, recipient, contact, at, cause, source, rule, reason from mutes where at > $1 \
             order by at desc, alert, channel, recipient limit $2",
        )
        .bind(micros(since))
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read_muted).collect()
    }
}

/// Writes a muted alert, unless it is known.
pub(super) async fn write(connection: &mut SqliteConnection, muted: &Muted) -> Result<(), StoreError> {
    let Muted { delivery, alert, contact, channel, recipient, at, by, reason } = muted;
    let (source, rule) = match by {
        MutedBy::Silence(id) => (Some(id.as_str()), None),
        MutedBy::Inhibition { rule, source } => (Some(source.as_str()), Some(rule.as_str())),
        MutedBy::Removed => (None, None),
    };
    sqlx::query(
        "insert into mutes (delivery, alert, channel, recipient, contact, at, cause, source, rule, reason) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (delivery) do nothing",
    )
    .bind(delivery.as_str())
    .bind(alert.as_str())
    .bind(channel.as_str())
    .bind(recipient.as_str())
    .bind(contact.as_ref().map(ContactId::as_str))
    .bind(micros(*at))
    .bind(by.name())
    .bind(source)
    .bind(rule)
    .bind(reason.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

fn read_silence(row: &SqliteRow) -> Result<Silence, StoreError> {
    let id: String = row.try_get("id")?;
    let matchers: String = row.try_get("matchers")?;
    let matchers = serde_json::from_str(&matchers)
        .map_err(|error| StoreError::corrupt(format!("silence {id} cannot be read: {error}")))?;
    Ok(Silence {
        id: SilenceId::new(id),
        matchers,
        reason: row.try_get("reason")?,
        created: timestamp(row.try_get("created")?)?,
        until: timestamp(row.try_get("until")?)?,
    })
}

fn read_muted(row: &SqliteRow) -> Result<Muted, StoreError> {
    let source = row.try_get::<Option<String>, _>("source")?.unwrap_or_default();
    let by = match row.try_get::<String, _>("cause")?.as_str() {
        "silence" => MutedBy::Silence(SilenceId::new(source)),
        "inhibition" => MutedBy::Inhibition {
            rule: row.try_get::<Option<String>, _>("rule")?.unwrap_or_default(),
            source: AlertId::new(source),
        },
        _ => MutedBy::Removed,
    };
    Ok(Muted {
        delivery: DeliveryId::new(row.try_get::<String, _>("delivery")?),
        alert: AlertId::new(row.try_get::<String, _>("alert")?),
        contact: row.try_get::<Option<String>, _>("contact")?.map(ContactId::new),
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        at: timestamp(row.try_get("at")?)?,
        by,
        reason: row.try_get("reason")?,
    })
}
