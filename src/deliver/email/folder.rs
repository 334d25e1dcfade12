//! Mails as files: a Maildir, or a folder of .eml files. A file is there whole or not at all.

use super::spec::Form;
use crate::model::ids::DeliveryId;
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, DirBuilder, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

/// What names a file: the same on every attempt, so that a repeated one overwrites the first.
#[derive(Debug)]
pub(super) struct Name<'a> {
    pub(super) delivery: &'a DeliveryId,
    pub(super) created: Timestamp,
    pub(super) host: &'a str,
}

/// Writes a mail under a temporary name, waits until the disk has it, and gives it its own name; answers with that.
///
/// In a Maildir the file passes from `tmp` to `new` (D. J. Bernstein, "Using maildir format": `time.unique.host`).
pub(super) async fn keep(folder: &Path, form: Form, name: &Name<'_>, message: &[u8]) -> io::Result<PathBuf> {
    let (begun, done) = match form {
        Form::Maildir => {
            for part in ["tmp", "new", "cur"] {
                make(&folder.join(part)).await?;
            }
            let file = format!("{}.{}.{}", name.created.as_second(), name.delivery, name.host);
            (folder.join("tmp").join(&file), folder.join("new").join(file))
        }
        Form::Eml => {
            make(folder).await?;
            (folder.join(format!(".{}.tmp", name.delivery)), folder.join(format!("{}.eml", name.delivery)))
        }
    };
    let written = write(&begun, message).await;
    let moved = match written {
        Ok(()) => fs::rename(&begun, &done).await,
        Err(error) => Err(error),
    };
    if let Err(error) = moved {
        // Half a file is of no use; the first error is the one to report.
        let _ = fs::remove_file(&begun).await;
        return Err(error);
    }
    let parent = done.parent().unwrap_or(folder);
    File::open(parent).await?.sync_all().await?;
    Ok(done)
}

async fn write(path: &Path, message: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).await?;
    file.write_all(message).await?;
    file.sync_all().await
}

async fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).await
}
