//! The items that had a mention or matched a rule, with their texts.

use super::column::{maybe_timestamp, micros, timestamp};
use super::error::StoreError;
use super::handle::Store;
use crate::model::ids::{FeedId, ItemId};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// An item whose text is kept. Its summary and content are absent once they are past retention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredItem {
    /// The item.
    pub id: ItemId,
    /// Its feed.
    pub feed: FeedId,
    /// The page.
    pub url: Option<String>,
    /// Plain text of the title.
    pub title: String,
    /// Plain text of the summary.
    pub summary: Option<String>,
    /// Plain text of the content.
    pub content: Option<String>,
    /// Publication as given, to the microsecond.
    pub published: Option<Timestamp>,
    /// Last change as given, to the microsecond.
    pub updated: Option<Timestamp>,
    /// When it was first seen, to the microsecond.
    pub seen: Timestamp,
    /// Hash of the texts, by which a changed item is known.
    pub hash: String,
}

impl Store {
    /// The items whose id begins with a text, newest sight first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn items(&self, prefix: &str, limit: u32) -> Result<Vec<StoredItem>, StoreError> {
        let rows = sqlx::query(
            "select id, feed, url, title, summary, content, published, updated, seen, hash from items \
             where substr(id, 1, length($1)) = $1 order by seen desc, id limit $2",
        )
        .bind(prefix)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read).collect()
    }

    /// The items in the order of their first sight, after one of them or from the first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn items_after(
        &self,
        last: Option<&(Timestamp, ItemId)>,
        limit: u32,
    ) -> Result<Vec<StoredItem>, StoreError> {
        let (seen, id) = last.map_or((i64::MIN, ""), |(seen, id)| (micros(*seen), id.as_str()));
        let rows = sqlx::query(
            "select id, feed, url, title, summary, content, published, updated, seen, hash from items \
             where seen > $1 or (seen = $1 and id > $2) order by seen, id limit $3",
        )
        .bind(seen)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read).collect()
    }
}

/// Writes an item; a second text of the same item replaces the first, its first sight stays.
pub(super) async fn write(connection: &mut SqliteConnection, item: &StoredItem) -> Result<(), StoreError> {
    let StoredItem { id, feed, url, title, summary, content, published, updated, seen, hash } = item;
    sqlx::query(
        "insert into items (id, feed, url, title, summary, content, published, seen, hash, updated) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (id) do update set url = excluded.url, title = excluded.title, summary = excluded.summary, \
         content = excluded.content, published = excluded.published, updated = excluded.updated, hash = excluded.hash",
    )
    .bind(id.as_str())
    .bind(feed.as_str())
    .bind(url.as_deref())
    .bind(title.as_str())
    .bind(summary.as_deref())
    .bind(content.as_deref())
    .bind(published.map(micros))
    .bind(micros(*seen))
    .bind(hash.as_str())
    .bind(updated.map(micros))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<StoredItem, StoreError> {
    Ok(StoredItem {
        id: ItemId::new(row.try_get::<String, _>("id")?),
        feed: FeedId::new(row.try_get::<String, _>("feed")?),
        url: row.try_get("url")?,
        title: row.try_get("title")?,
        summary: row.try_get("summary")?,
        content: row.try_get("content")?,
        published: maybe_timestamp(row.try_get("published")?)?,
        updated: maybe_timestamp(row.try_get("updated")?)?,
        seen: timestamp(row.try_get("seen")?)?,
        hash: row.try_get("hash")?,
    })
}
