//! What a person does with deliveries that wait or were given up: sends them again, or drops them.

use super::column::micros;
use super::error::StoreError;
use super::handle::Store;
use crate::model::ids::DeliveryId;
use jiff::Timestamp;

impl Store {
    /// Puts a waiting or buried delivery at the head of the queue, with its attempts counted anew. Answers whether it was:
    /// not one that was sent, is being sent or is unknown.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn requeue(&self, id: &DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query(
            "update deliveries set state = 'queued', attempts = 0, due = $2, lease = null, reason = null \
             where id = $1 and state in ('queued', 'buried')",
        )
        .bind(id.as_str())
        .bind(micros(now))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.work().notify_one();
        Ok(done.rows_affected() > 0)
    }

    /// Deletes a delivery that waits or was given up, with its attempts; its alert stays. Answers whether there was one.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_delivery(&self, id: &DeliveryId) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done = sqlx::query("delete from deliveries where id = $1 and state in ('queued', 'buried')")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Does as [`Store::requeue`] with all deliveries that were given up. Answers which they were.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn requeue_buried(&self, now: Timestamp) -> Result<Vec<DeliveryId>, StoreError> {
        let mut transaction = self.begin().await?;
        let done: Vec<String> = sqlx::query_scalar(
            "update deliveries set state = 'queued', attempts = 0, due = $1, lease = null, reason = null \
             where state = 'buried' returning id",
        )
        .bind(micros(now))
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.work().notify_one();
        Ok(done.into_iter().map(DeliveryId::new).collect())
    }

    /// Does as [`Store::drop_delivery`] with all deliveries that were given up. Answers which they were.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_buried(&self) -> Result<Vec<DeliveryId>, StoreError> {
        let mut transaction = self.begin().await?;
        let done: Vec<String> = sqlx::query_scalar("delete from deliveries where state = 'buried' returning id")
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.into_iter().map(DeliveryId::new).collect())
    }
}
