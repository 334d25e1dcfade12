//! What is kept how long, and what ages out.

use super::column::{day, micros};
use super::error::StoreError;
use super::handle::Store;
use super::{contacts, shape};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What is kept how long; nothing stands for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The texts of items since they were last seen, and the records of alerts that have nothing left to send.
    pub items: SignedDuration,
    /// The sentences in which reports tell of a contact.
    pub mentions: Option<SignedDuration>,
    /// Contacts since their last report, once their date is as long past.
    pub contacts: Option<SignedDuration>,
}

impl Default for Keep {
    fn default() -> Self {
        Self { items: SignedDuration::from_hours(24 * 180), mentions: None, contacts: None }
    }
}

/// What retention took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Items whose summary and content were deleted.
    pub items: u64,
    /// Alerts whose record was deleted.
    pub alerts: u64,
    /// Attempts of those alerts' deliveries that were deleted.
    pub attempts: u64,
    /// Contacts of which old sentences were deleted.
    pub mentions: u64,
    /// Contacts that were deleted.
    pub contacts: u64,
}

impl Store {
    /// Takes away what is past its time. The ids of items, alerts and deliveries stay, by which a repetition is known, and so
    /// does whatever waits or is buried.
    ///
    /// # Errors
    /// The database cannot be written, or a record not be read.
    pub async fn prune(&self, now: Timestamp, keep: &Keep) -> Result<Pruned, StoreError> {
        let before = |age: SignedDuration| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        let cutoff = micros(before(keep.items));
        let mut transaction = self.begin().await?;
        let items = sqlx::query(
            "update items set summary = null, content = null \
             where seen < $1 and (summary is not null or content is not null)",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("delete from pages where fetched < $1").bind(cutoff).execute(&mut *transaction).await?;
        let alerts = sqlx::query(
            "update alerts set record = null where raised < $1 and record is not null \
             and not exists (select 1 from deliveries d where d.alert = alerts.id and d.state <> 'sent') \
             and not exists (select 1 from deferred h left join deliveries d on d.digest = h.digest \
             where h.alert = alerts.id and (h.digest is null or d.state <> 'sent'))",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        let attempts = sqlx::query(
            "delete from attempts where delivery in (select d.id from deliveries d join alerts a on a.id = d.alert \
             where a.record is null and a.raised < $1)",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        let mut pruned = Pruned {
            items: items.rows_affected(),
            alerts: alerts.rows_affected(),
            attempts: attempts.rows_affected(),
            ..Pruned::default()
        };
        if let Some(age) = keep.contacts {
            let records: Vec<(String, String)> =
                sqlx::query_as("select id, record from contacts where as_of < $1 and (ends is null or ends < $2)")
                    .bind(micros(before(age)))
                    .bind(day(TimeZone::UTC.to_datetime(before(age)).date()))
                    .fetch_all(&mut *transaction)
                    .await?;
            for (id, record) in records {
                // `as_of` is the report on which the status rests; later ones may only have repeated it.
                let contact = shape::contact_from_json(&id, &record)?;
                if contact.sources.iter().any(|source| source.item.published >= before(age)) {
                    continue;
                }
                let gone =
                    sqlx::query("delete from contacts where id = $1").bind(&id).execute(&mut *transaction).await?;
                pruned.contacts += gone.rows_affected();
            }
        }
        if let Some(age) = keep.mentions {
            let records: Vec<(String, String)> =
                sqlx::query_as("select id, record from contacts where first_reported < $1")
                    .bind(micros(before(age)))
                    .fetch_all(&mut *transaction)
                    .await?;
            for (id, record) in records {
                let mut contact = shape::contact_from_json(&id, &record)?;
                let mut changed = false;
                for source in contact.sources.iter_mut().filter(|source| source.item.published < before(age)) {
                    let quotes = source.statements.iter_mut().map(|statement| &mut statement.quote);
                    for quote in quotes.chain(std::iter::once(&mut source.quote)).filter(|quote| !quote.is_empty()) {
                        quote.clear();
                        changed = true;
                    }
                }
                if changed {
                    contacts::write(&mut transaction, &contact).await?;
                    pruned.mentions += 1;
                }
            }
        }
        transaction.commit().await?;
        Ok(pruned)
    }
}
