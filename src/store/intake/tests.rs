//! All or nothing, whatever fails: a refused row, a full disk, a busy database, a caller that goes away.

use super::super::error::StoreError;
use super::super::handle::Store;
use super::super::samples::{at, poll};
use super::super::schema::VERSION;
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

/// Runs a statement on the writing connection.
async fn meddle(store: &Store, sql: &str) {
    let mut transaction = store.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

/// How many rows every table holds, at one instant.
async fn rows(store: &Store) -> [i64; 7] {
    let counts: (i64, i64, i64, i64, i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from feeds), (select count(*) from seen), (select count(*) from items), \
         (select count(*) from contacts), (select count(*) from alerts), (select count(*) from deliveries), \
         (select count(*) from attempts)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    counts.into()
}

const FULL: [i64; 7] = [1, 1, 1, 1, 2, 2, 0];

#[tokio::test]
async fn a_row_that_is_refused_takes_the_whole_batch_with_it() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    for table in ["feeds", "seen", "items", "contacts", "alerts", "deliveries"] {
        let body = "begin select raise(abort, 'injected'); end";
        meddle(
            &store,
            &format!("create trigger fault before insert on {table} when (select count(*) from {table}) > 0 {body}"),
        )
        .await;
        let error = store.intake(&[poll("a"), poll("b")]).await.unwrap_err();
        assert!(matches!(&error, StoreError::Refused { .. }), "{error}");
        assert!(error.to_string().contains("injected") && !error.retryable());
        assert_eq!(rows(&store).await, [0; 7], "{table}");
        meddle(&store, "drop trigger fault").await;
    }
    store.intake(&[poll("a")]).await.unwrap();
    assert_eq!(rows(&store).await, FULL);
}

#[tokio::test]
async fn a_delivery_without_its_alert_is_refused() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut orphan = poll("a");
    orphan.alerts.clear();
    assert!(store.intake(&[orphan]).await.is_err());
    assert_eq!(rows(&store).await, [0; 7]);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_passes() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    store.intake(&[poll("a")]).await.unwrap();
    // The limit is the writing connection's own, in pages; it cannot be set below what there is.
    meddle(&store, "pragma max_page_count = 1").await;
    let many: Vec<_> = (0..50).map(|n| poll(&n.to_string())).collect();
    let error = store.intake(&many).await.unwrap_err();
    assert!(matches!(&error, StoreError::Full { .. }) && error.retryable(), "{error}");
    assert_eq!(rows(&store).await, FULL);

    meddle(&store, "pragma max_page_count = 100000").await;
    store.intake(&many).await.unwrap();
    assert_eq!(rows(&store).await[0], 51);
    assert!(store.check().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_busy_database_is_worth_another_try() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    meddle(&store, "pragma busy_timeout = 1").await;
    let file = format!("sqlite://{}", folder.path().join("openline.db").display());
    let mut other = SqliteConnection::connect(&file).await.unwrap();
    let held = other.begin_with("begin immediate").await.unwrap();
    let error = store.intake(&[poll("a")]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Busy { .. }) && error.retryable(), "{error}");
    held.rollback().await.unwrap();
    store.intake(&[poll("a")]).await.unwrap();
    assert_eq!(rows(&store).await, FULL);
}

#[tokio::test]
async fn an_intake_whose_caller_goes_away_leaves_nothing_or_all() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let batch = [poll("a"), poll("b")];
    for polls in 0..40 {
        let intake = store.intake(&batch);
        tokio::pin!(intake);
        for _ in 0..polls {
            if futures_util::poll!(&mut intake).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let count = rows(&store).await;
    assert!(count == [0; 7] || count == [2, 2, 2, 2, 4, 4, 0], "{count:?}");
    store.intake(&batch).await.unwrap();
    assert_eq!(rows(&store).await, [2, 2, 2, 2, 4, 4, 0]);
}

#[tokio::test]
async fn an_alert_that_cannot_be_read_is_buried_and_found_by_the_check() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    store.intake(&[poll("a")]).await.unwrap();
    meddle(&store, "update alerts set record = '{}' where id = (select alert from deliveries order by id limit 1)")
        .await;
    assert_eq!(store.check().await.unwrap().len(), 1);
    let lease = SignedDuration::from_secs(60);
    let mut claimed = store.claim(at(9), lease, 9, &[]).await.unwrap();
    claimed.extend(store.claim(at(9), lease, 9, &[]).await.unwrap());
    assert_eq!(claimed.len(), 1, "the other one goes out");
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.claimed, counts.buried), (1, 1));
    meddle(&store, "update contacts set record = '{}'").await;
    assert!(matches!(store.load_book().await.unwrap_err(), StoreError::Corrupt { .. }));
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    store.intake(&[poll("a")]).await.unwrap();
    meddle(&store, "update schema set version = version + 1").await;
    store.close().await;
    for error in
        [Store::open(folder.path()).await.unwrap_err(), Store::open_read_only(folder.path()).await.unwrap_err()]
    {
        assert!(matches!(error, StoreError::NewerSchema { found, known } if found == VERSION + 1 && known == VERSION));
        assert!(!error.retryable());
    }
}

#[tokio::test]
async fn an_older_schema_is_refused_by_those_who_only_read() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("openline.db"), "").unwrap();
    let error = Store::open_read_only(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 0, known: VERSION }), "{error}");
    Store::open(folder.path()).await.unwrap().close().await;
    Store::open_read_only(folder.path()).await.unwrap();
}

#[tokio::test]
async fn the_writing_connection_survives_power_loss_by_its_settings() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *transaction).await.unwrap();
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(&mut *transaction).await.unwrap();
    let references: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!((journal.as_str(), synchronous, references), ("wal", 2, 1));
}

#[tokio::test]
async fn a_database_that_may_not_be_written_is_no_reason_to_try_again() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    sqlx::raw_sql("pragma query_only = 1").execute(&mut *transaction).await.unwrap();
    drop(transaction);
    let error = store.intake(&[poll("a")]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Denied { .. }) && !error.retryable(), "{error}");
    assert_eq!(rows(&store).await, [0; 7]);
}
