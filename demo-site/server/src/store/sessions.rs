//! Who is signed in at which browser, and what they have let clients have.

use sqlx::SqliteConnection;

use super::grants::{insert_code, insert_grant};
use super::transactions::delete;
use super::{Code, Grant, Store, StoreResult};
use crate::clock::Timestamp;

/// A session as it is kept. `person` is JSON that only the `idx` module reads.
#[derive(Clone, Debug)]
pub(crate) struct StoredSession {
    /// The digest of what the browser's cookie holds.
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) person: String,
    pub(crate) auth_time: Timestamp,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_remembered: bool,
    pub(crate) user_agent: String,
    pub(crate) address: String,
}

/// Scopes that somebody lets a client have.
#[derive(Clone, Debug)]
pub(crate) struct StoredConsent {
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    pub(crate) issuer: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) granted_at: Timestamp,
}

/// The end of a transaction on the server's own page, and all that comes of it.
#[derive(Clone, Copy)]
pub(crate) struct Conclusion<'a> {
    pub(crate) transaction_id: &'a str,
    pub(crate) revision: i64,
    /// The session that the person was known by, if they were: it must not have ended meanwhile.
    pub(crate) rests_on: Option<&'a str>,
    pub(crate) now: Timestamp,
    /// A new session, and the one in whose place it is.
    pub(crate) session: Option<(&'a StoredSession, Option<&'a str>)>,
    pub(crate) consent: Option<&'a StoredConsent>,
    pub(crate) grants: Option<(&'a Grant, Option<&'a Code>)>,
}

type Row = (String, String, String, i64, i64, i64, i64, bool, String, String);

impl Store {
    pub(crate) async fn session(&self, id: &str) -> StoreResult<Option<StoredSession>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, user_id, person, auth_time, created_at, last_used_at, expires_at,
                    is_remembered, user_agent, address FROM sessions WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        Ok(row.map(StoredSession::from_row))
    }

    pub(crate) async fn add_session(&self, session: &StoredSession) -> StoreResult<()> {
        let mut connection = self.connections.get().await?;
        insert_session(&mut connection, session, None).await
    }

    /// Ends a transaction: either everything in `conclusion` happens, or nothing. False if it was ended before, or the session that
    /// it rests on was.
    pub(crate) async fn conclude(&self, conclusion: &Conclusion<'_>) -> StoreResult<bool> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if !delete(&mut connection, conclusion.transaction_id, conclusion.revision).await? {
            return Ok(false);
        }
        if let Some(id) = conclusion.rests_on
            && !has_session(&mut connection, id, conclusion.now).await?
        {
            return Ok(false);
        }
        if let Some((session, replaced)) = conclusion.session {
            insert_session(&mut connection, session, replaced).await?;
        }
        if let Some(consent) = conclusion.consent {
            insert_consent(&mut connection, consent).await?;
        }
        if let Some((grant, code)) = conclusion.grants {
            insert_grant(&mut connection, grant).await?;
            if let Some(code) = code {
                insert_code(&mut connection, code).await?;
            }
        }
        connection.commit().await?;
        Ok(true)
    }

    /// The sessions of a person, the one used last first.
    pub(crate) async fn sessions_of(&self, user_id: &str, now: Timestamp) -> StoreResult<Vec<StoredSession>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, user_id, person, auth_time, created_at, last_used_at, expires_at,
                    is_remembered, user_agent, address FROM sessions
             WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id",
        )
        .bind(user_id)
        .bind(now.as_millis())
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        Ok(rows.into_iter().map(StoredSession::from_row).collect())
    }

    /// Notes that a session was used.
    pub(crate) async fn touch_session(&self, id: &str, now: Timestamp) -> StoreResult<()> {
        sqlx::query("UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2")
            .bind(id)
            .bind(now.as_millis())
            .execute(&mut *self.connections.get().await?)
            .await
            .map(drop)
    }

    /// Ends a session of this person, and what it has handed out, if that is wanted. False if there was none.
    pub(crate) async fn end_session(
        &self,
        id: &str,
        user_id: &str,
        revokes_tokens: bool,
    ) -> StoreResult<bool> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if revokes_tokens {
            sqlx::query("UPDATE grants SET revoked = TRUE WHERE session = $1 AND user_id = $2")
                .bind(id)
                .bind(user_id)
                .execute(&mut *connection)
                .await?;
        }
        let result = sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
            .bind(id)
            .bind(user_id)
            .execute(&mut *connection)
            .await?;
        connection.commit().await?;
        Ok(result.rows_affected() == 1)
    }

    /// The scopes that somebody has let a client have.
    pub(crate) async fn consented(
        &self,
        user_id: &str,
        client_id: &str,
        issuer: &str,
    ) -> StoreResult<Vec<String>> {
        sqlx::query_scalar("SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2 AND issuer = $3")
            .bind(user_id)
            .bind(client_id)
            .bind(issuer)
            .fetch_all(&mut *self.connections.get().await?)
            .await
    }
}

/// Adds a session in the place of the one that the browser had, if it had one. What that one has handed out to the
/// same person belongs to the new one then.
async fn insert_session(
    connection: &mut SqliteConnection,
    session: &StoredSession,
    replaced: Option<&str>,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO sessions (id, user_id, person, auth_time, created_at, last_used_at, expires_at,
                               is_remembered, user_agent, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&session.id)
    .bind(&session.user_id)
    .bind(&session.person)
    .bind(session.auth_time.as_millis())
    .bind(session.created_at.as_millis())
    .bind(session.last_used_at.as_millis())
    .bind(session.expires_at.as_millis())
    .bind(session.is_remembered)
    .bind(&session.user_agent)
    .bind(&session.address)
    .execute(&mut *connection)
    .await?;
    let Some(replaced) = replaced else { return Ok(()) };
    sqlx::query("UPDATE grants SET session = $1 WHERE session = $2 AND user_id = $3")
        .bind(&session.id)
        .bind(replaced)
        .bind(&session.user_id)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM sessions WHERE id = $1").bind(replaced).execute(connection).await.map(drop)
}

/// Whether there is such a session that has not ended.
pub(super) async fn has_session(
    connection: &mut SqliteConnection,
    id: &str,
    now: Timestamp,
) -> StoreResult<bool> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM sessions WHERE id = $1 AND expires_at > $2")
        .bind(id)
        .bind(now.as_millis())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn insert_consent(
    connection: &mut SqliteConnection,
    consent: &StoredConsent,
) -> StoreResult<()> {
    for scope in &consent.scopes {
        sqlx::query(
            "INSERT INTO consents (user_id, client_id, issuer, scope, granted_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, client_id, issuer, scope) DO NOTHING",
        )
        .bind(&consent.user_id)
        .bind(&consent.client_id)
        .bind(&consent.issuer)
        .bind(scope)
        .bind(consent.granted_at.as_millis())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Signs a person out everywhere.
pub(super) async fn end_sessions(connection: &mut SqliteConnection, user_id: &str) -> StoreResult<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute(connection).await.map(drop)
}

impl StoredSession {
    fn from_row(row: Row) -> Self {
        let (id, user_id, person, auth_time, created_at, last_used_at, expires_at, ..) = row;
        let (.., is_remembered, user_agent, address) = row;
        Self {
            id,
            user_id,
            person,
            auth_time: Timestamp::from_millis(auth_time),
            created_at: Timestamp::from_millis(created_at),
            last_used_at: Timestamp::from_millis(last_used_at),
            expires_at: Timestamp::from_millis(expires_at),
            is_remembered,
            user_agent,
            address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Profile, StoredTransaction, User};

    const NOW: Timestamp = Timestamp::from_millis(0);

    #[tokio::test]
    async fn what_rests_on_a_session_that_ended_at_the_last_moment_does_not_happen() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("sessions.sqlite")).await.unwrap();
        store.add_transaction(&StoredTransaction::blank("one", NOW)).await.unwrap();
        let user = User {
            id: "pat".to_owned(),
            email: "pat@example.com".to_owned(),
            email_verified: true,
            profile: Profile::new(),
            password_hash: None,
            updated_at: NOW,
        };
        assert!(store.add_user(&user).await.unwrap());
        let session = StoredSession {
            id: "session".to_owned(),
            user_id: user.id,
            person: String::new(),
            auth_time: NOW,
            created_at: NOW,
            last_used_at: NOW,
            expires_at: Timestamp::from_millis(1),
            is_remembered: false,
            user_agent: String::new(),
            address: String::new(),
        };
        let end = Conclusion {
            transaction_id: "one",
            revision: 0,
            rests_on: Some("session"),
            now: NOW,
            session: None,
            consent: None,
            grants: None,
        };
        assert!(!store.conclude(&end).await.unwrap());
        assert!(store.transaction("one").await.unwrap().is_some());

        store.add_session(&session).await.unwrap();
        assert!(store.conclude(&end).await.unwrap());
        assert!(store.transaction("one").await.unwrap().is_none());
    }
}
