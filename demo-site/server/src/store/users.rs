//! People and their passwords.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::one_time_tokens::void_tokens;
use super::sessions::end_sessions;
use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// Attributes of a person by name, such as `firstName`.
pub(crate) type Profile = BTreeMap<String, String>;

/// A person with an account.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    /// Normalised; what the person signs in with.
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) profile: Profile,
    /// In PHC string format. Absent when the person signs in by e-mail only.
    pub(crate) password_hash: Option<String>,
    pub(crate) updated_at: Timestamp,
}

impl Store {
    pub(crate) async fn user(&self, id: &str) -> StoreResult<Option<User>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, email, email_verified, profile, password_hash, updated_at
             FROM users WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        row.map(User::from_row).transpose()
    }

    pub(crate) async fn user_by_email(&self, email: &str) -> StoreResult<Option<User>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, email, email_verified, profile, password_hash, updated_at
             FROM users WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        row.map(User::from_row).transpose()
    }

    /// Adds a person. False if the address is taken.
    pub(crate) async fn add_user(&self, user: &User) -> StoreResult<bool> {
        let mut connection = self.connections.get().await?;
        insert_user(&mut connection, user).await
    }

    /// The hashes that a new password is compared with: the present one and those before it, newest first.
    pub(crate) async fn recent_passwords(&self, user: &User, count: u32) -> StoreResult<Vec<String>> {
        let earlier: Vec<String> = sqlx::query_scalar(
            "SELECT password_hash FROM password_history WHERE user_id = $1 ORDER BY replaced_at DESC LIMIT $2",
        )
        .bind(&user.id)
        .bind(i64::from(count))
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        let hashes = user.password_hash.iter().cloned().chain(earlier);
        Ok(hashes.take(usize::try_from(count).unwrap_or(usize::MAX)).collect())
    }
}

pub(super) async fn insert_user(connection: &mut SqliteConnection, user: &User) -> StoreResult<bool> {
    let profile = serde_json::to_string(&user.profile).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let result = sqlx::query(
        "INSERT INTO users
           (id, email, email_verified, profile, password_hash, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (email) DO NOTHING",
    )
    .bind(&user.id)
    .bind(&user.email)
    .bind(user.email_verified)
    .bind(profile)
    .bind(&user.password_hash)
    .bind(user.updated_at.as_millis())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Replaces the password and keeps the old hash for comparison.
pub(super) async fn replace_password(
    connection: &mut SqliteConnection,
    user_id: &str,
    password_hash: &str,
    now: Timestamp,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO password_history (user_id, password_hash, replaced_at)
         SELECT id, password_hash, $2 FROM users WHERE id = $1 AND password_hash IS NOT NULL",
    )
    .bind(user_id)
    .bind(now.as_millis())
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE users SET password_hash = $2, email_verified = TRUE, updated_at = $3 WHERE id = $1")
        .bind(user_id)
        .bind(password_hash)
        .bind(now.as_millis())
        .execute(&mut *connection)
        .await?;
    void_tokens(connection, user_id).await
}

/// Voids every token that the person has, and signs them out everywhere.
pub(super) async fn revoke_tokens(connection: &mut SqliteConnection, user_id: &str) -> StoreResult<()> {
    end_sessions(connection, user_id).await?;
    sqlx::query("UPDATE grants SET revoked = TRUE WHERE user_id = $1")
        .bind(user_id)
        .execute(connection)
        .await
        .map(drop)
}

type Row = (String, String, bool, String, Option<String>, i64);

impl User {
    fn from_row(row: Row) -> StoreResult<Self> {
        let (id, email, email_verified, profile, password_hash, updated_at) = row;
        Ok(Self {
            id,
            email,
            email_verified,
            profile: serde_json::from_str(&profile).map_err(|error| sqlx::Error::Decode(error.into()))?,
            password_hash,
            updated_at: Timestamp::from_millis(updated_at),
        })
    }
}
