//! What can go wrong with the store, and whether waiting helps.

use std::io;
use std::path::PathBuf;

/// An error of the store. Its message is a lower-case fragment that ends with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a file in it cannot be created or opened.
    #[error("{} cannot be used: {source}; name a folder that this user can write to", .path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another process holds the folder's lock.
    #[error("the store in {} is in use by {holder}; stop that process or name another folder", .folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Who holds it, as `process 1234`, or `another process` where the lock file does not say.
        holder: String,
    },
    /// There is no store in the folder, and the caller may only read.
    #[error("there is no store in {}; start the daemon once, or name the folder that holds openline.db", .folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// The database was written by a newer program.
    #[error(
        "the store has schema {found} but this program knows only {known}; use the newer program, or restore a backup"
    )]
    NewerSchema {
        /// The database's version.
        found: i64,
        /// The newest version that the program knows.
        known: i64,
    },
    /// The database was written by an older program, and the caller may only read.
    #[error(
        "the store has schema {found} and this program needs {known}; start the daemon once to bring it up to date"
    )]
    OlderSchema {
        /// The database's version.
        found: i64,
        /// The version that the program needs.
        known: i64,
    },
    /// A writing method was called on a store that was opened to read.
    #[error("the store was opened read-only; open it for writing, or ask the running daemon")]
    ReadOnly,
    /// The file is damaged, is no database, or holds a record that cannot be read.
    #[error("the store is damaged: {what}; restore a backup")]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// No room is left on the device.
    #[error("no room is left for the store: {source}; free some space")]
    Full {
        /// The cause.
        source: sqlx::Error,
    },
    /// Another connection held the database for longer than the wait.
    #[error("the store is busy: {source}; try again")]
    Busy {
        /// The cause.
        source: sqlx::Error,
    },
    /// Reading or writing the file failed, or memory ran out.
    #[error("the store's file cannot be read or written: {source}; look at the device and its quota")]
    Device {
        /// The cause.
        source: sqlx::Error,
    },
    /// This user may not open or write the database's files.
    #[error(
        "the store's files cannot be opened or written: {source}; run as the user who owns them, on a writable device"
    )]
    Denied {
        /// The cause.
        source: sqlx::Error,
    },
    /// Anything else that the database refused.
    #[error("the store refused a statement: {source}; this is a defect of openline, please report it")]
    Refused {
        /// The cause.
        source: sqlx::Error,
    },
}

/// Primary result codes, <https://www.sqlite.org/rescode.html>.
mod code {
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
}

impl StoreError {
    /// Whether the same call may succeed later without anyone changing the store or its folder.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Full { .. } | Self::Busy { .. } | Self::Device { .. } => true,
            Self::Folder { .. }
            | Self::InUse { .. }
            | Self::Missing { .. }
            | Self::NewerSchema { .. }
            | Self::OlderSchema { .. }
            | Self::ReadOnly
            | Self::Corrupt { .. }
            | Self::Denied { .. }
            | Self::Refused { .. } => false,
        }
    }

    pub(super) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::PoolTimedOut => return Self::Busy { source },
            sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => return Self::Device { source },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => return Self::corrupt(source.to_string()),
            _ => {}
        }
        // The extended code's low byte is the primary code.
        let extended = source.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
        match extended.map(|extended| extended & 0xff) {
            Some(code::BUSY | code::LOCKED) => Self::Busy { source },
            Some(code::FULL) => Self::Full { source },
            Some(code::IOERR | code::NOMEM) => Self::Device { source },
            Some(code::PERM | code::READONLY | code::CANTOPEN) => Self::Denied { source },
            Some(code::CORRUPT | code::NOTADB) => Self::corrupt(source.to_string()),
            _ => Self::Refused { source },
        }
    }
}
