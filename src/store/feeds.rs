//! What is remembered of each feed between polls.

use super::batch::batches;
use super::column::{count, maybe_timestamp, micros};
use super::error::StoreError;
use super::handle::Store;
use crate::model::feed::FeedState;
use crate::model::ids::FeedId;
use crate::model::pace::{Rhythm, Why};
use crate::model::request::Sighting;
use jiff::SignedDuration;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::BTreeMap;

/// The columns, the key first, in the order in which [`write`] binds them.
const COLUMNS: [&str; 27] = [
    "id",
    "etag",
    "last_modified",
    "body_hash",
    "due",
    "failures",
    "last_error",
    "last_ok",
    "baseline",
    "gone",
    "url",
    "newest",
    "floods",
    "flooded",
    "whole",
    "moving_url",
    "moving_since",
    "moving_count",
    "moved",
    "distrusted",
    "gap",
    "arrived",
    "asked",
    "skip_hours",
    "skip_days",
    "interval",
    "why",
];

impl Store {
    /// The state of every feed that was ever saved, those included that are configured no more.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn feeds(&self) -> Result<BTreeMap<FeedId, FeedState>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("select ");
        sql.push(COLUMNS.join(", ")).push(" from feeds");
        let rows = sql.build().fetch_all(self.readers()).await?;
        rows.iter().map(read).collect()
    }

    /// Saves the state of one feed, as after a poll that brought nothing.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn save_feed(&self, feed: &FeedId, state: &FeedState) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        write(&mut transaction, &[(feed, state)]).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Writes the states of many feeds, so many in a statement: one each costs more in going to and fro than in writing.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    states: &[(&FeedId, &FeedState)],
) -> Result<(), StoreError> {
    for states in batches(states) {
        let mut sql = QueryBuilder::<Sqlite>::new("insert into feeds (");
        sql.push(COLUMNS.join(", ")).push(") ");
        sql.push_values(states, |mut row, (feed, state)| {
            let (moving, rhythm) = (state.moving.as_ref(), &state.rhythm);
            row.push_bind(feed.as_str())
                .push_bind(state.etag.as_deref())
                .push_bind(state.last_modified.as_deref())
                .push_bind(state.body_hash.as_deref())
                .push_bind(state.due.map(micros))
                .push_bind(i64::from(state.failures))
                .push_bind(state.last_error.as_deref())
                .push_bind(state.last_ok.map(micros))
                .push_bind(state.baseline)
                .push_bind(state.gone)
                .push_bind(state.url.as_deref())
                .push_bind(state.newest.map(micros))
                .push_bind(i64::from(state.floods))
                .push_bind(state.flooded.map(micros))
                .push_bind(state.whole.map(micros))
                .push_bind(moving.map(|moving| moving.url.as_str()))
                .push_bind(moving.map(|moving| micros(moving.since)))
                .push_bind(moving.map(|moving| i64::from(moving.count)))
                .push_bind(state.moved.as_deref())
                .push_bind(state.distrusted.map(micros))
                .push_bind(rhythm.gap.map(millis))
                .push_bind(rhythm.arrived.map(micros))
                .push_bind(rhythm.asked.map(millis))
                .push_bind(i64::from(rhythm.skip_hours))
                .push_bind(i64::from(rhythm.skip_days))
                .push_bind(rhythm.interval.map(millis))
                .push_bind(rhythm.why.name());
        });
        let updates = COLUMNS.iter().skip(1).map(|column| format!("{column} = excluded.{column}"));
        sql.push(" on conflict (id) do update set ").push(updates.collect::<Vec<_>>().join(", "));
        sql.build().execute(&mut *connection).await?;
    }
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
        rhythm: Rhythm {
            gap: duration(row.try_get("gap")?),
            arrived: maybe_timestamp(row.try_get("arrived")?)?,
            asked: duration(row.try_get("asked")?),
            skip_hours: count(row.try_get("skip_hours")?),
            skip_days: u8::try_from(row.try_get::<i64, _>("skip_days")?).unwrap_or(0),
            interval: duration(row.try_get("interval")?),
            why: Why::from_name(row.try_get("why")?),
        },
    };
    Ok((FeedId::new(row.try_get::<String, _>("id")?), state))
}

fn moving(row: &SqliteRow) -> Result<Option<Sighting>, StoreError> {
    let url: Option<String> = row.try_get("moving_url")?;
    let since = maybe_timestamp(row.try_get("moving_since")?)?;
    let times: Option<i64> = row.try_get("moving_count")?;
    Ok(url.zip(since).map(|(url, since)| Sighting { url, since, count: times.map_or(0, count) }))
}

/// Durations are kept in milliseconds: none is longer than a few months.
fn millis(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn duration(millis: Option<i64>) -> Option<SignedDuration> {
    millis.map(SignedDuration::from_millis)
}
