//! How often something was tried.

use super::{Store, StoreResult};
use crate::clock::Timestamp;

impl Store {
    /// Counts a try for `subject` before it is made, and says how many there have been in this window and
    /// when the window ends. One statement, so that tries made at the same time are all counted.
    pub(crate) async fn count_try(
        &self,
        subject: &str,
        now: Timestamp,
        window_ends: Timestamp,
    ) -> StoreResult<(u32, Timestamp)> {
        let (tries, ends): (i64, i64) = sqlx::query_as(
            "INSERT INTO attempts (subject, tries, window_ends) VALUES ($1, 1, $3)
             ON CONFLICT (subject) DO UPDATE SET
               tries = CASE WHEN attempts.window_ends <= $2 THEN 1 ELSE attempts.tries + 1 END,
               window_ends = CASE WHEN attempts.window_ends <= $2 THEN $3 ELSE attempts.window_ends END
             RETURNING tries, window_ends",
        )
        .bind(subject)
        .bind(now.as_millis())
        .bind(window_ends.as_millis())
        .fetch_one(&mut *self.connections.get().await?)
        .await?;
        Ok((u32::try_from(tries).unwrap_or(u32::MAX), Timestamp::from_millis(ends)))
    }

    /// A try was made by the right person: takes it back where it came from, and all of them for the account.
    pub(crate) async fn forgive_tries(&self, account: &str, address: &str) -> StoreResult<()> {
        sqlx::query(
            "UPDATE attempts SET tries = CASE WHEN subject = $1 THEN 0 ELSE tries - 1 END
             WHERE subject IN ($1, $2) AND tries > 0",
        )
        .bind(account)
        .bind(address)
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    pub(crate) async fn forget_tries(&self, subject: &str) -> StoreResult<()> {
        sqlx::query("DELETE FROM attempts WHERE subject = $1")
            .bind(subject)
            .execute(&mut *self.connections.get().await?)
            .await
            .map(drop)
    }
}
