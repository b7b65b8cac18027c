//! What is asked on one page and answered on another: links in mails, and devices with their pushes.
//!
//! A confirmation is settled once, by one statement: of "yes" and "no" at the same time one counts.

use sqlx::SqliteConnection;

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// A confirmation as it is kept. `about` is JSON that only those who asked read.
#[derive(Clone, Debug)]
pub(crate) struct Confirmation {
    /// The digest of a secret, where the secret is what gives the right to answer.
    pub(crate) id: String,
    pub(crate) subject: Subject,
    /// The transaction, the person or the device that it belongs to.
    pub(crate) owner: String,
    pub(crate) about: String,
    pub(crate) state: Settled,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Whether it is them who sign in, by a link in a mail.
    Link,
    /// Whether a device is to be theirs.
    Device,
    /// Whether it is them who sign in, on their device.
    Push,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Waiting,
    Approved,
    Denied,
}

type Row = (String, String, String, String, String, i64, i64);

impl Store {
    pub(crate) async fn confirmation(&self, id: &str) -> StoreResult<Option<Confirmation>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, subject, owner, about, state, created_at, expires_at FROM confirmations WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        Ok(row.and_then(Confirmation::from_row))
    }

    /// Those that wait for an answer, newest first.
    pub(crate) async fn waiting(&self, subject: Subject, now: Timestamp) -> StoreResult<Vec<Confirmation>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, subject, owner, about, state, created_at, expires_at FROM confirmations
             WHERE subject = $1 AND state = 'waiting' AND expires_at > $2 ORDER BY created_at DESC, id",
        )
        .bind(subject.name())
        .bind(now.as_millis())
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        Ok(rows.into_iter().filter_map(Confirmation::from_row).collect())
    }

    /// Answers one. False if it was answered already, or has expired.
    pub(crate) async fn settle(&self, id: &str, state: Settled, now: Timestamp) -> StoreResult<bool> {
        let result = sqlx::query(
            "UPDATE confirmations SET state = $2 WHERE id = $1 AND state = 'waiting' AND expires_at > $3",
        )
        .bind(id)
        .bind(state.name())
        .bind(now.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await?;
        Ok(result.rows_affected() == 1)
    }
}

pub(super) async fn insert_confirmation(
    connection: &mut SqliteConnection,
    confirmation: &Confirmation,
) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO confirmations (id, subject, owner, about, state, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&confirmation.id)
    .bind(confirmation.subject.name())
    .bind(&confirmation.owner)
    .bind(&confirmation.about)
    .bind(confirmation.state.name())
    .bind(confirmation.created_at.as_millis())
    .bind(confirmation.expires_at.as_millis())
    .execute(connection)
    .await
    .map(drop)
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Device => "device",
            Self::Push => "push",
        }
    }
}

impl Settled {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }
}

impl Confirmation {
    /// Nothing if the row is of a kind that this version does not know.
    fn from_row(row: Row) -> Option<Self> {
        let (id, subject, owner, about, state, created_at, expires_at) = row;
        let subject =
            [Subject::Link, Subject::Device, Subject::Push].into_iter().find(|it| it.name() == subject)?;
        let state = [Settled::Waiting, Settled::Approved, Settled::Denied]
            .into_iter()
            .find(|it| it.name() == state)?;
        let (created_at, expires_at) =
            (Timestamp::from_millis(created_at), Timestamp::from_millis(expires_at));
        Some(Self { id, subject, owner, about, state, created_at, expires_at })
    }
}
