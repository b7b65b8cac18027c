//! What others have made to be used once: the ids of their assertions and proofs.

use super::{Store, StoreResult};
use crate::clock::Timestamp;

impl Store {
    /// Uses a value up. False if it was used before.
    pub(crate) async fn use_once(&self, id: &str, expires_at: Timestamp) -> StoreResult<bool> {
        let result = sqlx::query(
            "INSERT INTO one_time_values (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(expires_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await?;
        Ok(result.rows_affected() == 1)
    }
}
