//! Alerts that wait until further sources confirm what they tell.

use super::error::StoreError;
use super::handle::Store;
use super::shape;
use crate::rules::{Unconfirmed, UnconfirmedKey};
use sqlx::{Row, SqliteConnection};

impl Store {
    /// All that is held. A record that cannot be read is passed over: the contact itself stands in the ledger.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn load_unconfirmed(&self) -> Result<Vec<Unconfirmed>, StoreError> {
        let rows = sqlx::query("select contact, opening, record from unconfirmed order by contact, rule")
            .fetch_all(self.readers())
            .await?;
        let mut held = Vec::with_capacity(rows.len());
        for row in rows {
            let (contact, record): (String, String) = (row.try_get("contact")?, row.try_get("record")?);
            if let Ok(alert) = shape::alert_from_json(&contact, &record) {
                held.push(Unconfirmed { alert, opening: row.try_get("opening")? });
            }
        }
        Ok(held)
    }
}

/// Writes what is held under a key now, or that nothing is.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    (contact, rule): &UnconfirmedKey,
    held: Option<&Unconfirmed>,
) -> Result<(), StoreError> {
    let Some(held) = held else {
        sqlx::query("delete from unconfirmed where contact = $1 and rule = $2")
            .bind(contact.as_str())
            .bind(rule.as_str())
            .execute(connection)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "insert into unconfirmed (contact, rule, opening, record) values ($1, $2, $3, $4) \
         on conflict (contact, rule) do update set opening = excluded.opening, record = excluded.record",
    )
    .bind(contact.as_str())
    .bind(rule.as_str())
    .bind(held.opening)
    .bind(shape::alert_to_json(&held.alert)?)
    .execute(connection)
    .await?;
    Ok(())
}
