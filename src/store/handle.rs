//! The open store: its folder, its lock, one writing connection and a few that read.

use super::error::StoreError;
use super::schema;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Sqlite, Transaction};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::Notify;

/// The database's name in the store's folder.
const DATABASE: &str = "openline.db";

/// The lock's name in the store's folder; it holds the process id of the daemon that has the store.
const LOCK: &str = "openline.lock";

/// How long a statement waits for a lock that another connection holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many connections read at the same time.
const READERS: u32 = 4;

/// The store. Share it behind an `Arc`.
///
/// Every writing method is one transaction that is on the disk when the method returns. Of a method whose future is dropped
/// before that, either all is written or nothing.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    writer: Option<SqlitePool>,
    readers: SqlitePool,
    lock: Option<File>,
    work: Notify,
}

impl Store {
    /// Opens the store in a folder for reading and writing, creating both where missing (mode 0700), and brings its schema
    /// up to date. The store is locked against every other process until it is closed or dropped.
    ///
    /// # Errors
    /// The folder cannot be used, another process holds it, or its database is damaged or newer than the program.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| unusable(folder, source))?;
        let lock = take_lock(folder)?;
        // SQLite gives its other files the mode of this one.
        let database = folder.join(DATABASE);
        let made = OpenOptions::new().create(true).append(true).mode(0o600).open(&database);
        made.map_err(|source| unusable(&database, source))?;
        let writing = options(folder).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let writer = pool(1).connect_with(writing).await?;
        schema::migrate(&writer).await?;
        let readers = pool(READERS).connect_with(options(folder).read_only(true)).await?;
        Ok(Self { folder: folder.to_owned(), writer: Some(writer), readers, lock: Some(lock), work: Notify::new() })
    }

    /// Opens the store in a folder for reading alone, whether or not a daemon is writing to it.
    ///
    /// # Errors
    /// There is no store in the folder, it cannot be read, or its schema is not the program's.
    pub async fn open_read_only(folder: &Path) -> Result<Self, StoreError> {
        let database = folder.join(DATABASE);
        match File::open(&database) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::Missing { folder: folder.to_owned() });
            }
            Err(source) => return Err(unusable(&database, source)),
        }
        let readers = pool(READERS).connect_with(options(folder).read_only(true)).await?;
        schema::require(&readers).await?;
        Ok(Self { folder: folder.to_owned(), writer: None, readers, lock: None, work: Notify::new() })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Wakes one waiter whenever deliveries were queued. Make `work().notified()` first, then [`Store::claim`], then await
    /// it; a delivery queued between the two is not missed.
    #[must_use]
    pub fn work(&self) -> &Notify {
        &self.work
    }

    /// Closes the connections, folds the write-ahead log into the database and gives up the lock. Later calls fail.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        if let Some(lock) = &self.lock {
            // The lock also ends with the file; a failure here changes nothing.
            let _ = lock.unlock();
        }
    }

    /// The connections that read.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// The connection that writes, for statements that cannot stand in a transaction.
    pub(super) fn writer(&self) -> Result<&SqlitePool, StoreError> {
        self.writer.as_ref().ok_or(StoreError::ReadOnly)
    }

    /// Begins a writing transaction; dropped without a commit, it is rolled back.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let writer = self.writer()?;
        match writer.begin_with("begin immediate").await {
            // SQLite itself rolls back when the disk is full; the driver's own rollback then fails, and the driver believes
            // for ever that a transaction is open. A new connection forgets it.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                writer.acquire().await?.close().await?;
                Ok(writer.begin_with("begin immediate").await?)
            }
            begun => Ok(begun?),
        }
    }
}

fn pool(size: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(size).idle_timeout(None).max_lifetime(None).test_before_acquire(false)
}

fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join(DATABASE))
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

/// Takes the folder's lock and writes this process's id into it.
fn take_lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    let mut file = opened.map_err(|source| unusable(&path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let read = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse::<u32>().ok());
            let holder = read.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
            return Err(StoreError::InUse { folder: folder.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(unusable(&path, source)),
    }
    let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
    written.map_err(|source| unusable(&path, source))?;
    Ok(file)
}

fn unusable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Folder { path: path.to_owned(), source }
}
