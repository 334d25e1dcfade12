//! What came of the pages of items: whether they were read, the hash of their text, and what they say of themselves.

use super::column::{maybe_timestamp, micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use crate::model::ids::{FeedId, ItemId};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// What came of an item's page. Its text is kept with the item, where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPage {
    /// The item, under the headline with which it was read.
    pub item: ItemId,
    /// Its feed.
    pub feed: FeedId,
    /// When it was decided on, to the microsecond.
    pub fetched: Timestamp,
    /// `read`, or why it could not be read.
    pub outcome: String,
    /// The address that answered.
    pub url: Option<String>,
    /// The address that the page gives as its own.
    pub canonical: Option<String>,
    /// The youngest date that the page gives of itself, to the microsecond.
    pub dated: Option<Timestamp>,
    /// Hash of its text; absent where it could not be read.
    pub hash: Option<String>,
}

impl Store {
    /// Whether it was decided on an item's page before.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn has_page(&self, item: &ItemId) -> Result<bool, StoreError> {
        let found: Option<i64> = sqlx::query_scalar("select 1 from pages where item = $1")
            .bind(item.as_str())
            .fetch_optional(self.readers())
            .await?;
        Ok(found.is_some())
    }

    /// What came of pages, the latest first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn pages(&self, limit: u32) -> Result<Vec<StoredPage>, StoreError> {
        let rows = sqlx::query(
            "select item, feed, fetched, outcome, url, canonical, dated, hash from pages \
             order by fetched desc, item limit $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read).collect()
    }
}

/// Writes what came of a page; what was decided of it before stays.
pub(super) async fn write(connection: &mut SqliteConnection, page: &StoredPage) -> Result<(), StoreError> {
    let StoredPage { item, feed, fetched, outcome, url, canonical, dated, hash } = page;
    sqlx::query(
        "insert into pages (item, feed, fetched, outcome, url, canonical, dated, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (item) do nothing",
    )
    .bind(item.as_str())
    .bind(feed.as_str())
    .bind(micros(*fetched))
    .bind(outcome.as_str())
    .bind(url.as_deref())
    .bind(canonical.as_deref())
    .bind(dated.map(micros))
    .bind(hash.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<StoredPage, StoreError> {
    Ok(StoredPage {
        item: ItemId::new(row.try_get::<String, _>("item")?),
        feed: FeedId::new(row.try_get::<String, _>("feed")?),
        fetched: timestamp(row.try_get("fetched")?)?,
        outcome: row.try_get("outcome")?,
        url: row.try_get("url")?,
        canonical: row.try_get("canonical")?,
        dated: maybe_timestamp(row.try_get("dated")?)?,
        hash: row.try_get("hash")?,
    })
}
