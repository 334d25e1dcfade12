//! What is remembered of each feed between polls.

use super::column::{count, maybe_timestamp, micros};
use super::error::StoreError;
use super::handle::Store;
use crate::model::feed::FeedState;
use crate::model::ids::FeedId;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;

impl Store {
    /// The state of every feed that was ever saved, those included that are configured no more.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn feeds(&self) -> Result<BTreeMap<FeedId, FeedState>, StoreError> {
        let rows = sqlx::query(
            "select id, etag, last_modified, body_hash, due, failures, last_error, last_ok, baseline, gone, url, \
             newest, floods, flooded from feeds",
        )
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(read).collect()
    }

    /// Saves the state of one feed, as after a poll that brought nothing.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn save_feed(&self, feed: &FeedId, state: &FeedState) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        write(&mut transaction, feed, state).await?;
        transaction.commit().await?;
        Ok(())
    }
}

pub(super) async fn write(
    connection: &mut SqliteConnection,
    feed: &FeedId,
    state: &FeedState,
) -> Result<(), StoreError> {
    let FeedState { etag, last_modified, body_hash, due, failures, last_error, last_ok, baseline, gone, url, .. } =
        state;
    let FeedState { newest, floods, flooded, .. } = state;
    sqlx::query(
        "insert into feeds (id, etag, last_modified, body_hash, due, failures, last_error, last_ok, baseline, gone, url, \
         newest, floods, flooded) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
         on conflict (id) do update set etag = excluded.etag, last_modified = excluded.last_modified, \
         body_hash = excluded.body_hash, due = excluded.due, failures = excluded.failures, \
         last_error = excluded.last_error, last_ok = excluded.last_ok, baseline = excluded.baseline, \
         gone = excluded.gone, url = excluded.url, \
         newest = excluded.newest, floods = excluded.floods, flooded = excluded.flooded",
    )
    .bind(feed.as_str())
    .bind(etag.as_deref())
    .bind(last_modified.as_deref())
    .bind(body_hash.as_deref())
    .bind(due.map(micros))
    .bind(i64::from(*failures))
    .bind(last_error.as_deref())
    .bind(last_ok.map(micros))
    .bind(*baseline)
    .bind(*gone)
    .bind(url.as_deref())
    .bind(newest.map(micros))
    .bind(i64::from(*floods))
    .bind(flooded.map(micros))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<(FeedId, FeedState), StoreError> {
    let state = FeedState {
        etag: row.try_get("etag")?,
        last_modified: row.try_get("last_modified")?,
        body_hash: row.try_get("body_hash")?,
        due: maybe_timestamp(row.try_get("due")?)?,
        failures: count(row.try_get("failures")?),
        last_error: row.try_get("last_error")?,
        last_ok: maybe_timestamp(row.try_get("last_ok")?)?,
        baseline: row.try_get("baseline")?,
        gone: row.try_get("gone")?,
        url: row.try_get("url")?,
        newest: maybe_timestamp(row.try_get("newest")?)?,
        floods: count(row.try_get("floods")?),
        flooded: maybe_timestamp(row.try_get("flooded")?)?,
    };
    Ok((FeedId::new(row.try_get::<String, _>("id")?), state))
}
