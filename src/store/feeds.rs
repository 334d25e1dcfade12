//! What is remembered of each feed between polls.

use super::column::{count, maybe_timestamp, micros};
use super::error::StoreError;
use super::handle::Store;
use crate::model::feed::FeedState;
use crate::model::ids::FeedId;
use crate::model::request::Sighting;
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
             newest, floods, flooded, whole, moving_url, moving_since, moving_count, moved, distrusted from feeds",
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
    let FeedState { newest, floods, flooded, whole, moving, moved, distrusted, .. } = state;
    sqlx::query(
        "insert into feeds (id, etag, last_modified, body_hash, due, failures, last_error, last_ok, baseline, gone, url, \
         newest, floods, flooded, whole, moving_url, moving_since, moving_count, moved, distrusted) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         on conflict (id) do update set etag = excluded.etag, last_modified = excluded.last_modified, \
         body_hash = excluded.body_hash, due = excluded.due, failures = excluded.failures, \
         last_error = excluded.last_error, last_ok = excluded.last_ok, baseline = excluded.baseline, \
         gone = excluded.gone, url = excluded.url, \
         newest = excluded.newest, floods = excluded.floods, flooded = excluded.flooded, \
         whole = excluded.whole, moving_url = excluded.moving_url, moving_since = excluded.moving_since, \
         moving_count = excluded.moving_count, moved = excluded.moved, distrusted = excluded.distrusted",
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
    .bind(whole.map(micros))
    .bind(moving.as_ref().map(|moving| moving.url.as_str()))
    .bind(moving.as_ref().map(|moving| micros(moving.since)))
    .bind(moving.as_ref().map(|moving| i64::from(moving.count)))
    .bind(moved.as_deref())
    .bind(distrusted.map(micros))
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
        whole: maybe_timestamp(row.try_get("whole")?)?,
        moving: moving(row)?,
        moved: row.try_get("moved")?,
        distrusted: maybe_timestamp(row.try_get("distrusted")?)?,
    };
    Ok((FeedId::new(row.try_get::<String, _>("id")?), state))
}

fn moving(row: &SqliteRow) -> Result<Option<Sighting>, StoreError> {
    let url: Option<String> = row.try_get("moving_url")?;
    let since = maybe_timestamp(row.try_get("moving_since")?)?;
    let times: Option<i64> = row.try_get("moving_count")?;
    Ok(url.zip(since).map(|(url, since)| Sighting { url, since, count: times.map_or(0, count) }))
}
