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
