//! Retention, backup and the check of the whole file.

use super::column::micros;
use super::error::StoreError;
use super::handle::Store;
use super::shape;
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::path::Path;
use tokio::fs::{self, File, OpenOptions};

/// What retention took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Items whose summary and content were deleted.
    pub items: u64,
    /// Alerts whose record was deleted.
    pub alerts: u64,
    /// Attempts of those alerts' deliveries that were deleted.
    pub attempts: u64,
}

impl Store {
    /// Deletes the texts of items last seen more than `days` days ago, and the records of alerts that were raised before then
    /// and have nothing left to send. Contacts stay for ever; so do the ids of items, alerts and deliveries, by which a
    /// repetition is known, and whatever is buried.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn prune(&self, now: Timestamp, days: u32) -> Result<Pruned, StoreError> {
        let age = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
        let cutoff = micros(now.saturating_sub(age).unwrap_or(Timestamp::MIN));
        let mut transaction = self.begin().await?;
        let items = sqlx::query(
            "update items set summary = null, content = null \
             where seen < $1 and (summary is not null or content is not null)",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        let alerts = sqlx::query(
            "update alerts set record = null where raised < $1 and record is not null \
             and not exists (select 1 from deliveries d where d.alert = alerts.id and d.state <> 'sent') \
             and not exists (select 1 from held h left join deliveries d on d.digest = h.digest \
             where h.alert = alerts.id and (h.digest is null or d.state <> 'sent'))",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        let attempts = sqlx::query(
            "delete from attempts where delivery in (select d.id from deliveries d join alerts a on a.id = d.alert \
             where a.record is null and a.raised < $1)",
        )
        .bind(cutoff)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Pruned { items: items.rows_affected(), alerts: alerts.rows_affected(), attempts: attempts.rows_affected() })
    }

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
