//! Tokens that operators hand to people, each good for one use.

use sqlx::SqliteConnection;

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenPurpose {
    Activation,
    Recovery,
    /// Stands for a sign-in, at `/authorize`.
    Session,
}

/// A token as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct OneTimeToken {
    pub(crate) hash: String,
    pub(crate) purpose: TokenPurpose,
    pub(crate) user_id: String,
    pub(crate) expires_at: Timestamp,
}

impl Store {
    /// Adds a token. It takes the place of an earlier one for the same: the last one that was handed out is good.
    pub(crate) async fn add_one_time_token(&self, token: &OneTimeToken) -> StoreResult<()> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        sqlx::query("DELETE FROM one_time_tokens WHERE user_id = $1 AND kind = $2")
            .bind(&token.user_id)
            .bind(token.purpose.name())
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO one_time_tokens (hash, kind, user_id, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(&token.hash)
            .bind(token.purpose.name())
            .bind(&token.user_id)
            .bind(token.expires_at.as_millis())
            .execute(&mut *connection)
            .await?;
        connection.commit().await
    }

    /// Uses a token up, and says whose it was; nothing if it is not, or no longer, good.
    pub(crate) async fn redeem_one_time_token(
        &self,
        hash: &str,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> StoreResult<Option<String>> {
        sqlx::query_scalar(
            "DELETE FROM one_time_tokens WHERE hash = $1 AND kind = $2 AND expires_at > $3 RETURNING user_id",
        )
        .bind(hash)
        .bind(purpose.name())
        .bind(now.as_millis())
        .fetch_optional(&mut *self.connections.get().await?)
        .await
    }
}

/// Voids what would choose another password: somebody has just chosen one.
pub(super) async fn void_tokens(connection: &mut SqliteConnection, user_id: &str) -> StoreResult<()> {
    sqlx::query("DELETE FROM one_time_tokens WHERE user_id = $1")
        .bind(user_id)
        .execute(connection)
        .await
        .map(drop)
}

impl TokenPurpose {
    fn name(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Recovery => "recovery",
            Self::Session => "session",
        }
    }
}
