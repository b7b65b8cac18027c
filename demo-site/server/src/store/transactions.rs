//! Sign-ins under way.
//!
//! A transaction carries a revision, and every change names the revision it was made from: of two answers
//! that arrive together one is applied and the other changes nothing. That is what makes a code work once.

use sqlx::SqliteConnection;

use super::confirmations::insert_confirmation;
use super::device_codes::approve_device;
use super::enrollments::{insert_enrollment, update_enrollment};
use super::grace::count_grace;
use super::identity_providers::insert_link;
use super::sessions::insert_consent;
use super::users::{insert_user, replace_password, revoke_tokens};
use super::{
    Code, Confirmation, Grant, IdentityLink, Store, StoreResult, StoredConsent, StoredEnrollment,
    StoredGrace, User, grants,
};
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

#[cfg(test)]
impl StoredTransaction {
    /// One of which only these matter.
    pub(super) fn blank(id: &str, expires_at: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            generation: String::new(),
            request: String::new(),
            phase: String::new(),
            revision: 0,
            expires_at,
        }
    }
}

/// The end of a transaction, and all that comes of it.
pub(crate) struct Completion {
    pub(crate) transaction_id: String,
    pub(crate) revision: i64,
    pub(crate) effects: Vec<Effect>,
    pub(crate) grant: Grant,
    /// None if a device gets the grant.
    pub(crate) code: Option<Code>,
}

/// What a step changes beside the transaction itself.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Register(User),
    ResetPassword {
        user_id: String,
        password_hash: String,
        revoke_tokens: bool,
        now: Timestamp,
    },
    /// Makes somebody at another provider the owner of an account.
    Link(IdentityLink),
    Enroll(StoredEnrollment),
    /// Writes down what using an enrolment has changed.
    Use(StoredEnrollment),
    /// Begins a grace period, or counts that something was put off.
    Grace(StoredGrace),
    /// Lets a device that waits have this grant, if the session that speaks for it has not ended meanwhile.
    ApproveDevice {
        id: String,
        grant_id: String,
        session: Option<String>,
        now: Timestamp,
    },
    /// Something to be answered on another page.
    Ask(Confirmation),
    /// What a client may have from now on.
    Consent(StoredConsent),
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
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
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    /// Adds a transaction, unless there is one of the same name that has not expired.
    pub(crate) async fn replace_transaction(
        &self,
        transaction: &StoredTransaction,
        now: Timestamp,
    ) -> StoreResult<()> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        sqlx::query("DELETE FROM transactions WHERE id = $1 AND expires_at <= $2")
            .bind(&transaction.id)
            .bind(now.as_millis())
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO transactions (id, generation, request, phase, revision, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&transaction.id)
        .bind(&transaction.generation)
        .bind(&transaction.request)
        .bind(&transaction.phase)
        .bind(transaction.revision)
        .bind(transaction.expires_at.as_millis())
        .execute(&mut *connection)
        .await?;
        connection.commit().await
    }

    pub(crate) async fn transaction(&self, id: &str) -> StoreResult<Option<StoredTransaction>> {
        let row: Option<(String, String, String, i64, i64)> = sqlx::query_as(
            "SELECT generation, request, phase, revision, expires_at FROM transactions WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.connections.get().await?)
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

    /// Moves a transaction on, if it is still at the revision that `transaction` was read at: either that and
    /// everything in `effects` happens, or nothing.
    pub(crate) async fn advance(
        &self,
        transaction: &StoredTransaction,
        effects: &[Effect],
    ) -> StoreResult<Applied> {
        if effects.is_empty() {
            // One statement is a whole by itself, and each is a trip to another thread and back.
            let is_moved = update(&mut *self.connections.get().await?, transaction).await?;
            return Ok(if is_moved { Applied::Done } else { Applied::Stale });
        }
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if !update(&mut connection, transaction).await? {
            return Ok(Applied::Stale);
        }
        let applied = apply(&mut connection, effects).await?;
        if applied == Applied::Done {
            connection.commit().await?;
        }
        Ok(applied)
    }

    /// Ends a transaction with nothing. False if another answer was there first.
    pub(crate) async fn end(&self, id: &str, revision: i64) -> StoreResult<bool> {
        let mut connection = self.connections.get().await?;
        delete(&mut connection, id, revision).await
    }

    /// Ends a transaction with a sign-in: either everything in `completion` happens, or nothing.
    pub(crate) async fn complete(&self, completion: &Completion) -> StoreResult<Applied> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if !delete(&mut connection, &completion.transaction_id, completion.revision).await? {
            return Ok(Applied::Stale);
        }
        let applied = apply(&mut connection, &completion.effects).await?;
        if applied != Applied::Done {
            return Ok(applied);
        }
        grants::insert_grant(&mut connection, &completion.grant).await?;
        if let Some(code) = &completion.code {
            grants::insert_code(&mut connection, code).await?;
        }
        connection.commit().await?;
        Ok(Applied::Done)
    }
}

/// Moves a transaction on. False if another answer was there first.
async fn update(connection: &mut SqliteConnection, transaction: &StoredTransaction) -> StoreResult<bool> {
    let result = sqlx::query(
        "UPDATE transactions SET generation = $3, phase = $4, request = $5, revision = revision + 1
         WHERE id = $1 AND revision = $2",
    )
    .bind(&transaction.id)
    .bind(transaction.revision)
    .bind(&transaction.generation)
    .bind(&transaction.phase)
    .bind(&transaction.request)
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Ends a transaction. False if another answer was there first.
pub(super) async fn delete(connection: &mut SqliteConnection, id: &str, revision: i64) -> StoreResult<bool> {
    let result = sqlx::query("DELETE FROM transactions WHERE id = $1 AND revision = $2")
        .bind(id)
        .bind(revision)
        .execute(connection)
        .await?;
    Ok(result.rows_affected() == 1)
}

/// Carries the effects out, in order, up to the first that cannot be.
async fn apply(connection: &mut SqliteConnection, effects: &[Effect]) -> StoreResult<Applied> {
    for effect in effects {
        let is_applied = match effect {
            Effect::Register(user) => {
                if !insert_user(connection, user).await? {
                    return Ok(Applied::EmailTaken);
                }
                true
            }
            Effect::ResetPassword { user_id, password_hash, revoke_tokens: revoke, now } => {
                replace_password(connection, user_id, password_hash, *now).await?;
                if *revoke {
                    revoke_tokens(connection, user_id).await?;
                }
                true
            }
            Effect::Link(link) => insert_link(connection, link).await?,
            Effect::ApproveDevice { id, grant_id, session, now } => {
                approve_device(connection, id, grant_id, session.as_deref(), *now).await?
            }
            Effect::Enroll(enrollment) => insert_enrollment(connection, enrollment).await?,
            Effect::Use(enrollment) => update_enrollment(connection, enrollment).await?,
            Effect::Grace(grace) => {
                count_grace(connection, grace).await?;
                true
            }
            Effect::Ask(confirmation) => {
                insert_confirmation(connection, confirmation).await?;
                true
            }
            Effect::Consent(consent) => {
                insert_consent(connection, consent).await?;
                true
            }
        };
        if !is_applied {
            return Ok(Applied::Stale);
        }
    }
    Ok(Applied::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{CodeKind, DeviceCode, DeviceState, Profile};

    const NOW: Timestamp = Timestamp::from_millis(0);

    /// The end of the transaction `one` at this revision, in which somebody registers.
    fn completion(revision: i64, email: &str) -> Completion {
        let user = User {
            id: format!("id of {email}"),
            email: email.to_owned(),
            email_verified: true,
            profile: Profile::new(),
            password_hash: None,
            updated_at: NOW,
        };
        let grant = Grant {
            id: "grant".to_owned(),
            user_id: user.id.clone(),
            client_id: String::new(),
            authorization_server: String::new(),
            scope: String::new(),
            nonce: None,
            amr: String::new(),
            acr: None,
            identity_provider: None,
            session: None,
            auth_time: NOW,
            is_revoked: false,
            expires_at: NOW,
        };
        let code = Code {
            hash: "code".to_owned(),
            kind: CodeKind::Interaction,
            grant_id: grant.id.clone(),
            client_id: String::new(),
            redirect_uri: String::new(),
            code_challenge: None,
            dpop_jkt: None,
            expires_at: NOW,
        };
        let effects = vec![Effect::Register(user)];
        Completion { transaction_id: "one".to_owned(), revision, effects, grant, code: Some(code) }
    }

    async fn store_with_one(folder: &tempfile::TempDir) -> Store {
        let store = Store::open(&folder.path().join("transactions.sqlite")).await.unwrap();
        let transaction = StoredTransaction { revision: 3, ..StoredTransaction::blank("one", NOW) };
        store.add_transaction(&transaction).await.unwrap();
        store
    }

    #[tokio::test]
    async fn an_end_that_was_decided_at_an_older_revision_does_not_happen() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_one(&folder).await;
        let stale = completion(2, "pat@example.com");
        assert_eq!(store.complete(&stale).await.unwrap(), Applied::Stale);
        assert!(store.user_by_email("pat@example.com").await.unwrap().is_none());
        assert!(store.transaction("one").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn an_end_happens_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_one(&folder).await;
        let end = completion(3, "pat@example.com");
        assert_eq!(store.complete(&end).await.unwrap(), Applied::Done);
        assert!(store.grant("grant").await.unwrap().is_some());
        assert_eq!(store.complete(&end).await.unwrap(), Applied::Stale);
    }

    #[tokio::test]
    async fn a_device_is_not_let_in_by_a_session_that_ended_at_the_last_moment() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_one(&folder).await;
        let (id, grant_id, session) = ("tv".to_owned(), "grant".to_owned(), Some("ended".to_owned()));
        let code = DeviceCode {
            id: id.clone(),
            user_code: String::new(),
            client_id: String::new(),
            authorization_server: String::new(),
            scope: String::new(),
            state: DeviceState::Waiting,
            expires_at: Timestamp::from_millis(1),
        };
        assert!(store.add_device_code(&code, 5).await.unwrap());
        let effects = vec![Effect::ApproveDevice { id, grant_id, session, now: NOW }];
        let end = Completion { effects, ..completion(3, "pat@example.com") };
        assert_eq!(store.complete(&end).await.unwrap(), Applied::Stale);
        assert_eq!(store.device_code("tv").await.unwrap().unwrap().state, DeviceState::Waiting);
        assert!(store.transaction("one").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn an_end_that_cannot_happen_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_one(&folder).await;
        let end = completion(3, "pat@example.com");
        let [Effect::Register(user)] = end.effects.as_slice() else { panic!("not a registration") };
        assert!(store.add_user(user).await.unwrap());
        assert_eq!(store.complete(&end).await.unwrap(), Applied::EmailTaken);
        assert!(store.transaction("one").await.unwrap().is_some());
        assert!(store.grant("grant").await.unwrap().is_none());
    }
}
