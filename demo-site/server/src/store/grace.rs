//! How long somebody has been putting off what they have to set up.

use sqlx::SqliteConnection;

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// What is kept of one authenticator that somebody has still to set up.
#[derive(Clone, Debug)]
pub(crate) struct StoredGrace {
    pub(crate) user_id: String,
    pub(crate) authenticator: String,
    pub(crate) began_at: Timestamp,
    pub(crate) skips: u32,
}

impl Store {
    pub(crate) async fn graces(&self, user_id: &str) -> StoreResult<Vec<StoredGrace>> {
        let rows: Vec<(String, i64, i64)> =
            sqlx::query_as("SELECT authenticator, began_at, skips FROM enrollment_grace WHERE user_id = $1")
                .bind(user_id)
                .fetch_all(&mut *self.connections.get().await?)
                .await?;
        let restore = |(authenticator, began_at, skips)| StoredGrace {
            user_id: user_id.to_owned(),
            authenticator,
            began_at: Timestamp::from_millis(began_at),
            skips: u32::try_from(skips).unwrap_or(u32::MAX),
        };
        Ok(rows.into_iter().map(restore).collect())
    }
}

/// Begins a period, or adds to the number of times that it was put off; when it began stays as it was.
pub(super) async fn count_grace(connection: &mut SqliteConnection, grace: &StoredGrace) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO enrollment_grace (user_id, authenticator, began_at, skips) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, authenticator) DO UPDATE SET skips = enrollment_grace.skips + excluded.skips",
    )
    .bind(&grace.user_id)
    .bind(&grace.authenticator)
    .bind(grace.began_at.as_millis())
    .bind(i64::from(grace.skips))
    .execute(connection)
    .await
    .map(drop)
}
