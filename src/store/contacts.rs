//! The contacts of the ledger: whole records, and columns by which commands look for them.

use super::column::{day, micros, rank};
use super::error::StoreError;
use super::handle::Store;
use super::shape;
use crate::model::actor::Level;
use crate::model::contact::Contact;
use crate::model::ids::ContactId;
use crate::model::mention::Novelty;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::SqliteConnection;

/// Which contacts a reading command asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Not held, cancelled or declined, and not over before `today`; soonest first, those without a date last.
    Upcoming {
        /// The first day that counts.
        today: Date,
    },
    /// Those whose state rests on a report published since then, latest first.
    Recent {
        /// The earliest publication.
        since: Timestamp,
    },
    /// Those whose id begins so.
    Prefix(String),
}

/// A question for contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactFilter {
    /// Which.
    pub which: Which,
    /// Those of this level and above.
    pub least: Level,
    /// Whether those that were only ever recalled as history count too.
    pub background: bool,
    /// At most so many.
    pub limit: u32,
}

impl Store {
    /// Every contact, oldest report first: what the ledger's book is filled with at start.
    ///
    /// # Errors
    /// The database or a record of it cannot be read.
    pub async fn load_book(&self) -> Result<Vec<Contact>, StoreError> {
        let rows = sqlx::query_as("select id, record from contacts order by first_reported, id")
            .fetch_all(self.readers())
            .await?;
        read(rows)
    }

    /// The contacts that a filter lets through.
    ///
    /// # Errors
    /// The database or a record of it cannot be read.
    pub async fn contacts(&self, filter: &ContactFilter) -> Result<Vec<Contact>, StoreError> {
        let query = match &filter.which {
            Which::Upcoming { today } => sqlx::query_as(
                "select id, record from contacts where level >= $1 and (novelty = $2 or $3) \
                 and status in ('proposed', 'scheduled', 'underway', 'postponed') and (ends is null or ends >= $4) \
                 order by case when starts is null then 1 else 0 end, starts, id limit $5",
            )
            .bind(rank(filter.least))
            .bind(Novelty::New.name())
            .bind(filter.background)
            .bind(day(*today)),
            Which::Recent { since } => sqlx::query_as(
                "select id, record from contacts where level >= $1 and (novelty = $2 or $3) and as_of >= $4 \
                 order by as_of desc, id limit $5",
            )
            .bind(rank(filter.least))
            .bind(Novelty::New.name())
            .bind(filter.background)
            .bind(micros(*since)),
            Which::Prefix(prefix) => sqlx::query_as(
                "select id, record from contacts where level >= $1 and (novelty = $2 or $3) \
                 and substr(id, 1, length($4)) = $4 order by id limit $5",
            )
            .bind(rank(filter.least))
            .bind(Novelty::New.name())
            .bind(filter.background)
            .bind(prefix.as_str()),
        };
        read(query.bind(i64::from(filter.limit)).fetch_all(self.readers()).await?)
    }

    /// The contacts that take place during a visit, by date, at most `limit`.
    ///
    /// # Errors
    /// The database or a record of it cannot be read.
    pub async fn during(&self, visit: &ContactId, limit: u32) -> Result<Vec<Contact>, StoreError> {
        let rows = sqlx::query_as("select id, record from contacts where visit = $1 order by starts, id limit $2")
            .bind(visit.as_str())
            .bind(i64::from(limit))
            .fetch_all(self.readers())
            .await?;
        read(rows)
    }

    /// One contact.
    ///
    /// # Errors
    /// The database or the record cannot be read.
    pub async fn contact(&self, id: &ContactId) -> Result<Option<Contact>, StoreError> {
        let rows = sqlx::query_as("select id, record from contacts where id = $1")
            .bind(id.as_str())
            .fetch_all(self.readers())
            .await?;
        Ok(read(rows)?.pop())
    }
}

/// Writes the whole record over the one before.
pub(super) async fn write(connection: &mut SqliteConnection, contact: &Contact) -> Result<(), StoreError> {
    sqlx::query(
        "insert into contacts (id, kind, status, novelty, level, starts, ends, place, as_of, first_reported, version, \
         record, visit) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         on conflict (id) do update set kind = excluded.kind, status = excluded.status, novelty = excluded.novelty, \
         level = excluded.level, starts = excluded.starts, ends = excluded.ends, place = excluded.place, \
         as_of = excluded.as_of, first_reported = excluded.first_reported, version = excluded.version, \
         record = excluded.record, visit = excluded.visit",
    )
    .bind(contact.id.as_str())
    .bind(contact.kind.name())
    .bind(contact.status.name())
    .bind(contact.novelty.name())
    .bind(rank(contact.level))
    .bind(contact.moment.map(|moment| day(moment.start())))
    .bind(contact.moment.map(|moment| day(moment.end())))
    .bind(contact.place.as_deref())
    .bind(micros(contact.as_of))
    .bind(micros(contact.first_reported))
    .bind(i64::from(contact.version()))
    .bind(shape::contact_to_json(contact)?)
    .bind(contact.within.as_ref().map(|visit| visit.as_str()))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(rows: Vec<(String, String)>) -> Result<Vec<Contact>, StoreError> {
    rows.iter().map(|(id, record)| shape::contact_from_json(id, record)).collect()
}
