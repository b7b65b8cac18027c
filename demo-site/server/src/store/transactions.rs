//! Sign-ins under way.
//!
//! A transaction carries a revision, and every change names the revision it was made from: of two answers
//! that arrive together one is applied and the other changes nothing. That is what makes a code work once.

use super::users::{insert_user, replace_password, revoke_tokens};
use super::{Grant, InteractionCode, Store, StoreResult, User, grants};
use crate::clock::Timestamp;

/// A transaction as it is kept. `request` and `phase` are JSON that only the `idx` module reads.
#[derive(Clone, Debug)]
pub(crate) struct StoredTransaction {
    /// The digest of the handle's root.
    pub(crate) id: String,
    pub(crate) generation: String,
    pub(crate) request: String,
    pub(crate) phase: String,
    pub(crate) revision: i64,
    pub(crate) expires_at: Timestamp,
}

/// The end of a transaction, and all that comes of it.
pub(crate) struct Completion {
    pub(crate) transaction_id: String,
    pub(crate) revision: i64,
    pub(crate) effect: Effect,
    pub(crate) grant: Grant,
    pub(crate) code: InteractionCode,
}

/// What a finished transaction changes about a person.
pub(crate) enum Effect {
    None,
    Register(User),
    ResetPassword { user_id: String, password_hash: String, revoke_tokens: bool, now: Timestamp },
}

/// How completing a transaction went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completed {
    Done,
    /// Another answer was there first.
    Stale,
    /// Somebody registered the address in the meantime.
    EmailTaken,
}

impl Store {
    pub(crate) async fn add_transaction(&self, transaction: &StoredTransaction) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO transactions (id, generation, request, phase, revision, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&transaction.id)
        .bind(&transaction.generation)
        .bind(&transaction.request)
        .bind(&transaction.phase)
        .bind(transaction.revision)
        .bind(transaction.expires_at.as_millis())
        .execute(&self.pool)
        .await
        .map(drop)
    }

    pub(crate) async fn transaction(&self, id: &str) -> StoreResult<Option<StoredTransaction>> {
        let row: Option<(String, String, String, i64, i64)> = sqlx::query_as(
            "SELECT generation, request, phase, revision, expires_at FROM transactions WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(generation, request, phase, revision, expires_at)| StoredTransaction {
            id: id.to_owned(),
            generation,
            request,
            phase,
            revision,
            expires_at: Timestamp::from_millis(expires_at),
        }))
    }

    /// Moves a transaction on, if it is still at the revision that `transaction` was read at.
    pub(crate) async fn advance(&self, transaction: &StoredTransaction) -> StoreResult<bool> {
        let result = sqlx::query(
            "UPDATE transactions SET generation = $3, phase = $4, revision = revision + 1
             WHERE id = $1 AND revision = $2",
        )
        .bind(&transaction.id)
        .bind(transaction.revision)
        .bind(&transaction.generation)
        .bind(&transaction.phase)
        .execute(&self.pool)
        .await?;
        Ok(result.rows_affected() == 1)
    }

    /// Ends a transaction: either everything in `completion` happens, or nothing.
    pub(crate) async fn complete(&self, completion: &Completion) -> StoreResult<Completed> {
        // Immediate, because a lock taken only at the first write could not be waited for.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let result = sqlx::query("DELETE FROM transactions WHERE id = $1 AND revision = $2")
            .bind(&completion.transaction_id)
            .bind(completion.revision)
            .execute(&mut *transaction)
            .await?;
        if result.rows_affected() == 0 {
            return Ok(Completed::Stale);
        }
        match &completion.effect {
            Effect::None => {}
            Effect::Register(user) => {
                if !insert_user(&mut transaction, user).await? {
                    return Ok(Completed::EmailTaken);
                }
            }
            Effect::ResetPassword { user_id, password_hash, revoke_tokens: revoke, now } => {
                replace_password(&mut transaction, user_id, password_hash, *now).await?;
                if *revoke {
                    revoke_tokens(&mut transaction, user_id).await?;
                }
            }
        }
        grants::insert_grant(&mut transaction, &completion.grant).await?;
        grants::insert_code(&mut transaction, &completion.code).await?;
        transaction.commit().await?;
        Ok(Completed::Done)
    }
}
