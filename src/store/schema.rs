//! The tables, as numbered migrations.

use super::error::StoreError;
use sqlx::SqlitePool;

/// Version of the schema that this program reads and writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// One script a version, the first for version 1. A released script is never changed; a new one is added.
///
/// Types and constraints are those that `PostgreSQL` knows too, by its names or by theirs (`blob` is its `bytea`).
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_tables.sql"),
    include_str!("schema/0002_feed_address.sql"),
    include_str!("schema/0003_visit.sql"),
    include_str!("schema/0004_rules.sql"),
    include_str!("schema/0005_policy.sql"),
    include_str!("schema/0006_moves.sql"),
    include_str!("schema/0007_rhythm.sql"),
    include_str!("schema/0008_pages.sql"),
];

/// Brings the database to [`VERSION`], in one transaction; refuses a newer one before it writes anything.
pub(super) async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let found = version(writer).await?;
    if found > VERSION {
        return Err(StoreError::NewerSchema { found, known: VERSION });
    }
    if found == VERSION {
        return Ok(());
    }
    let mut transaction = writer.begin_with("begin immediate").await?;
    if found == 0 {
        sqlx::query("create table if not exists schema (version bigint not null)").execute(&mut *transaction).await?;
    }
    for script in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        sqlx::raw_sql(*script).execute(&mut *transaction).await?;
    }
    sqlx::query("delete from schema").execute(&mut *transaction).await?;
    sqlx::query("insert into schema (version) values ($1)").bind(VERSION).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Refuses a database whose version is not exactly [`VERSION`].
pub(super) async fn require(readers: &SqlitePool) -> Result<(), StoreError> {
    match version(readers).await? {
        found if found > VERSION => Err(StoreError::NewerSchema { found, known: VERSION }),
        found if found < VERSION => Err(StoreError::OlderSchema { found, known: VERSION }),
        _ => Ok(()),
    }
}

/// The database's version; 0 for an empty one.
async fn version(pool: &SqlitePool) -> Result<i64, StoreError> {
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_master where type = 'table' and name = 'schema'")
        .fetch_one(pool)
        .await?;
    if tables == 0 {
        return Ok(0);
    }
    let found: Option<i64> = sqlx::query_scalar("select max(version) from schema").fetch_one(pool).await?;
    Ok(found.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::handle::Store;
    use super::*;
    use crate::model::ids::FeedId;
    use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

    #[tokio::test]
    async fn a_store_of_any_older_version_is_brought_up_with_what_it_holds() {
        for version in 1..MIGRATIONS.len() {
            let folder = tempfile::TempDir::new().unwrap();
            let file = format!("sqlite://{}?mode=rwc", folder.path().join("openline.db").display());
            let mut old = SqliteConnection::connect(&file).await.unwrap();
            for script in MIGRATIONS.iter().take(version) {
                sqlx::raw_sql(*script).execute(&mut old).await.unwrap();
            }
            let rows = format!(
                "create table schema (version bigint not null); insert into schema values ({version}); \
                 insert into feeds (id, failures, baseline, gone) values ('agency', 3, true, false); \
                 insert into items (id, feed, title, seen, hash) values ('1', 'agency', 'Talks', 7, '')"
            );
            sqlx::raw_sql(AssertSqlSafe(rows)).execute(&mut old).await.unwrap();
            old.close().await.unwrap();
            let store = Store::open(folder.path()).await.unwrap();
            let feed = store.feeds().await.unwrap().remove(&FeedId::new("agency")).unwrap();
            assert_eq!((feed.failures, feed.baseline, feed.floods, feed.newest), (3, true, 0, None));
            assert_eq!(store.items("1", 9).await.unwrap().len(), 1);
            assert!(store.load_unconfirmed().await.unwrap().is_empty());
            assert!(store.check().await.unwrap().is_empty(), "version {version}");
        }
    }
}
