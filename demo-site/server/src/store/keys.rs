//! What the server made for itself: signing keys, and secrets of its own.

use sqlx::SqliteConnection;

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// A signing key of one authorization server.
#[derive(Clone, Debug)]
pub(crate) struct StoredKey {
    pub(crate) kid: String,
    /// Counts up from 1: of two processes that make the next key at the same time, one does.
    pub(crate) generation: i64,
    pub(crate) private_key: Vec<u8>,
    pub(crate) created_at: Timestamp,
    /// When it takes over from the one before.
    pub(crate) signs_from: Timestamp,
}

impl Store {
    /// The keys of a server that tokens may still be checked with, the newest last.
    pub(crate) async fn signing_keys(&self, server: &str, now: Timestamp) -> StoreResult<Vec<StoredKey>> {
        let rows: Vec<(String, i64, Vec<u8>, i64, i64)> = sqlx::query_as(
            "SELECT kid, generation, private_key, created_at, signs_from FROM signing_keys
             WHERE authorization_server = $1 AND (expires_at IS NULL OR expires_at > $2)
             ORDER BY generation",
        )
        .bind(server)
        .bind(now.as_millis())
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        let read = |(kid, generation, private_key, created_at, signs_from)| StoredKey {
            kid,
            generation,
            private_key,
            created_at: Timestamp::from_millis(created_at),
            signs_from: Timestamp::from_millis(signs_from),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Adds the next key of a server, and lets those before it expire at this moment. Does nothing if somebody
    /// else has added a key of that generation.
    pub(crate) async fn add_signing_key(
        &self,
        server: &str,
        key: &StoredKey,
        others_expire_at: Timestamp,
    ) -> StoreResult<()> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if !insert_key(&mut connection, server, key).await? {
            return Ok(());
        }
        sqlx::query(
            "UPDATE signing_keys SET expires_at = $3
             WHERE authorization_server = $1 AND generation < $2 AND expires_at IS NULL",
        )
        .bind(server)
        .bind(key.generation)
        .bind(others_expire_at.as_millis())
        .execute(&mut *connection)
        .await?;
        connection.commit().await
    }

    /// Puts these keys, each with its server, in the place of all that there are.
    pub(crate) async fn replace_signing_keys(&self, keys: &[(&str, StoredKey)]) -> StoreResult<()> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        sqlx::query("DELETE FROM signing_keys").execute(&mut *connection).await?;
        for (server, key) in keys {
            insert_key(&mut connection, server, key).await?;
        }
        connection.commit().await
    }

    /// Gives this server what was made before there were several of them.
    pub(crate) async fn adopt(&self, server: &str) -> StoreResult<()> {
        for statement in [
            "UPDATE signing_keys SET authorization_server = $1 WHERE authorization_server IS NULL",
            "UPDATE grants SET authorization_server = $1 WHERE authorization_server IS NULL",
        ] {
            sqlx::query(statement).bind(server).execute(&mut *self.connections.get().await?).await?;
        }
        Ok(())
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
        .fetch_one(&mut *self.connections.get().await?)
        .await
    }
}

/// False if somebody else has added a key of that generation.
async fn insert_key(connection: &mut SqliteConnection, server: &str, key: &StoredKey) -> StoreResult<bool> {
    let result = sqlx::query(
        "INSERT INTO signing_keys
           (kid, private_key, created_at, authorization_server, generation, signs_from)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (authorization_server, generation) DO NOTHING",
    )
    .bind(&key.kid)
    .bind(&key.private_key)
    .bind(key.created_at.as_millis())
    .bind(server)
    .bind(key.generation)
    .bind(key.signs_from.as_millis())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}
