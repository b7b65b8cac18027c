//! What the server made for itself at its first start: the signing key, and secrets of its own.

use super::{Store, StoreResult};
use crate::clock::Timestamp;

impl Store {
    /// The newest signing key and its name.
    pub(crate) async fn signing_key(&self) -> StoreResult<Option<(String, Vec<u8>)>> {
        sqlx::query_as("SELECT kid, private_key FROM signing_keys ORDER BY created_at DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await
    }

    pub(crate) async fn add_signing_key(
        &self,
        kid: &str,
        private_key: &[u8],
        now: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query("INSERT INTO signing_keys (kid, private_key, created_at) VALUES ($1, $2, $3)")
            .bind(kid)
            .bind(private_key)
            .bind(now.as_millis())
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// The secret called `name`; `candidate` becomes it if there is none yet.
    pub(crate) async fn secret(&self, name: &str, candidate: &[u8]) -> StoreResult<Vec<u8>> {
        // An update that changes nothing, because only a written row is returned.
        sqlx::query_scalar(
            "INSERT INTO secrets (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = secrets.value RETURNING value",
        )
        .bind(name)
        .bind(candidate)
        .fetch_one(&self.pool)
        .await
    }
}
