//! `openline db`: checks, copies and shrinks the store.

use super::command::Place;
use super::stored::with_store;
use super::{TEMPORARY, UNAVAILABLE};
use crate::render::plain;
use crate::store::{Store, StoreError};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Look after the database.
#[derive(Clone, Debug, Args)]
pub(super) struct Database {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Look through all of it for damage; the daemon may run
    Check,
    /// Write a copy, as it stands at one instant, to a new file; the daemon may run
    Backup {
        /// The new file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Give back the room of what was deleted; the daemon must rest
    Vacuum,
}

impl Database {
    /// 0 when all is well; 1 where the check found something.
    pub(super) fn run(self) -> ExitCode {
        match self.what {
            What::Check => with_store(&self.place, async |store, _now| {
                let findings = store.check().await?;
                findings.iter().for_each(|finding| say!("{}", plain::line(finding, 500)));
                say!(
                    "{}",
                    if findings.is_empty() { "the store is sound" } else { "restore a backup, or report a defect" }
                );
                Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }),
            What::Backup { file } => with_store(&self.place, async |store, _now| {
                store.backup(&file).await?;
                say!("{} holds the whole store", file.display());
                Ok(ExitCode::SUCCESS)
            }),
            What::Vacuum => vacuum(&self.place),
        }
    }
}

fn vacuum(place: &Place) -> ExitCode {
    let (_, folder, runtime) = match place.ready() {
        Ok(ready) => ready,
        Err(code) => return code,
    };
    let outcome: Result<(u64, u64), StoreError> = runtime.block_on(async {
        Store::open_read_only(&folder).await?.close().await;
        let store = Store::open(&folder).await?;
        let sizes = store.vacuum().await;
        store.close().await;
        sizes
    });
    match outcome {
        Ok((before, after)) => {
            say!("{} KiB before, {} KiB after", before / 1024, after / 1024);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("openline: {error}");
            ExitCode::from(if error.retryable() { TEMPORARY } else { UNAVAILABLE })
        }
    }
}
