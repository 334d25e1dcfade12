//! Backup, vacuum and the check of the whole file.

use super::error::StoreError;
use super::handle::Store;
use super::shape;
use std::io;
use std::path::Path;
use tokio::fs::{self, File, OpenOptions};

impl Store {
    /// Writes a copy of the whole store, as it stands at one instant, to a new file that only this user can read. The daemon
    /// may go on writing meanwhile.
    ///
    /// # Errors
    /// The file exists or cannot be written, or the database cannot be read; then no file is left behind.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let unusable = |source| StoreError::Folder { path: path.to_owned(), source };
        let target = path.to_str().ok_or_else(|| unusable(io::Error::other("the name is not UTF-8")))?;
        // SQLite copies into an empty file as it does into a new one, and keeps its mode.
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await.map_err(unusable)?;
        let copied = sqlx::query("vacuum into $1").bind(target).execute(self.readers()).await;
        let synced = match copied {
            Ok(_) => sync(path).await.map_err(unusable),
            Err(error) => Err(error.into()),
        };
        if synced.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(path).await;
        }
        synced
    }

    /// Rebuilds the database without the room of what was deleted; answers its size in bytes before and after.
    ///
    /// # Errors
    /// The database cannot be written; then it stays as it was. It needs as much free room again as it takes.
    pub async fn vacuum(&self) -> Result<(u64, u64), StoreError> {
        let before = self.size().await?;
        sqlx::query("vacuum").execute(self.writer()?).await?;
        Ok((before, self.size().await?))
    }

    async fn size(&self) -> Result<u64, StoreError> {
        let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(self.readers()).await?;
        let bytes: i64 = sqlx::query_scalar("pragma page_size").fetch_one(self.readers()).await?;
        Ok(u64::try_from(pages.saturating_mul(bytes)).unwrap_or(0))
    }

    /// Looks through the whole store: pages, indexes, references and the records of contacts and alerts. One sentence a
    /// finding; empty where all is well.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut findings: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(self.readers()).await?;
        findings.retain(|line| line != "ok");
        let references: Vec<(String, Option<i64>, String, i64)> =
            sqlx::query_as("pragma foreign_key_check").fetch_all(self.readers()).await?;
        for (table, row, parent, _) in references {
            findings.push(format!("row {} of {table} names what is not in {parent}", row.unwrap_or_default()));
        }
        let contacts: Vec<(String, String)> =
            sqlx::query_as("select id, record from contacts order by id").fetch_all(self.readers()).await?;
        findings.extend(contacts.iter().filter_map(|(id, json)| finding(shape::contact_from_json(id, json))));
        let alerts: Vec<(String, String)> =
            sqlx::query_as("select id, record from alerts where record is not null order by id")
                .fetch_all(self.readers())
                .await?;
        findings.extend(alerts.iter().filter_map(|(id, json)| finding(shape::alert_from_json(id, json))));
        findings.extend(self.twofold().await?);
        Ok(findings)
    }

    /// What must not be: an alert that one recipient gets in two ways, a digest that nobody carries, one without alerts.
    async fn twofold(&self) -> Result<Vec<String>, StoreError> {
        let twice: Vec<(String, String)> = sqlx::query_as(
            "select min(alert), min(channel) from (select id, alert, channel from deliveries where digest is null \
             union all select delivery, alert, channel from deferred \
             union all select delivery, alert, channel from mutes) as fates \
             group by id having count(*) > 1 order by id",
        )
        .fetch_all(self.readers())
        .await?;
        let hollow: Vec<String> = sqlx::query_scalar(
            "select id from digests where not exists (select 1 from deferred where deferred.digest = digests.id) order by id",
        )
        .fetch_all(self.readers())
        .await?;
        let mut findings: Vec<String> = twice
            .into_iter()
            .map(|(alert, channel)| format!("alert {alert} has more than one fate for a recipient of {channel}"))
            .collect();
        findings.extend(hollow.into_iter().map(|id| format!("digest {id} has no alerts")));
        Ok(findings)
    }
}

async fn sync(path: &Path) -> io::Result<()> {
    File::open(path).await?.sync_all().await
}

fn finding<T>(read: Result<T, StoreError>) -> Option<String> {
    match read {
        Ok(_) => None,
        Err(StoreError::Corrupt { what }) => Some(what),
        Err(error) => Some(error.to_string()),
    }
}
