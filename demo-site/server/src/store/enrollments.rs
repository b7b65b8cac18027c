//! What people have set up to prove themselves with.
//!
//! An enrolment carries a revision, and using it up to a point (a counter, the time step of a code) names the
//! revision that the decision was made from: the same code in two sign-ins at once is taken in one of them.

use sqlx::SqliteConnection;

use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// An enrolment as it is kept. `credential` is JSON that only the `idx` module reads.
#[derive(Clone, Debug)]
pub(crate) struct StoredEnrollment {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) credential: String,
    /// What must not be set up twice, by anybody.
    pub(crate) lookup: Option<String>,
    pub(crate) revision: i64,
    pub(crate) created_at: Timestamp,
}

type Row = (String, String, String, Option<String>, i64, i64);

impl Store {
    /// What somebody has set up, oldest first.
    pub(crate) async fn enrollments(&self, user_id: &str) -> StoreResult<Vec<StoredEnrollment>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, user_id, credential, lookup, revision, created_at FROM enrollments
             WHERE user_id = $1 ORDER BY created_at, id",
        )
        .bind(user_id)
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        Ok(rows.into_iter().map(StoredEnrollment::from_row).collect())
    }

    /// Adds an enrolment in the place of an earlier one with the same `lookup`.
    pub(crate) async fn replace_enrollment(&self, enrollment: &StoredEnrollment) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO enrollments (id, user_id, credential, lookup, revision, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (lookup) DO UPDATE
             SET credential = excluded.credential, revision = enrollments.revision + 1",
        )
        .bind(&enrollment.id)
        .bind(&enrollment.user_id)
        .bind(&enrollment.credential)
        .bind(&enrollment.lookup)
        .bind(enrollment.revision)
        .bind(enrollment.created_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    /// Everybody's whose credential begins like this.
    pub(crate) async fn enrollments_beginning(&self, with: &str) -> StoreResult<Vec<StoredEnrollment>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, user_id, credential, lookup, revision, created_at FROM enrollments
             WHERE substr(credential, 1, $1) = $2",
        )
        .bind(i64::try_from(with.len()).unwrap_or(i64::MAX))
        .bind(with)
        .fetch_all(&mut *self.connections.get().await?)
        .await?;
        Ok(rows.into_iter().map(StoredEnrollment::from_row).collect())
    }

    /// Writes an enrolment down anew. Does nothing if it was used in the meantime.
    pub(crate) async fn rewrite_enrollment(&self, enrollment: &StoredEnrollment) -> StoreResult<()> {
        let mut connection = self.connections.get().await?;
        update_enrollment(&mut connection, enrollment).await.map(drop)
    }

    /// Whether this was set up already, by whomever.
    pub(crate) async fn is_enrolled(&self, lookup: &str) -> StoreResult<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM enrollments WHERE lookup = $1)")
            .bind(lookup)
            .fetch_one(&mut *self.connections.get().await?)
            .await
    }
}

/// False if it was set up already.
pub(super) async fn insert_enrollment(
    connection: &mut SqliteConnection,
    enrollment: &StoredEnrollment,
) -> StoreResult<bool> {
    let result = sqlx::query(
        "INSERT INTO enrollments (id, user_id, credential, lookup, revision, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lookup) DO NOTHING",
    )
    .bind(&enrollment.id)
    .bind(&enrollment.user_id)
    .bind(&enrollment.credential)
    .bind(&enrollment.lookup)
    .bind(enrollment.revision)
    .bind(enrollment.created_at.as_millis())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Writes down what using it has changed. False if it was used in the meantime.
pub(super) async fn update_enrollment(
    connection: &mut SqliteConnection,
    enrollment: &StoredEnrollment,
) -> StoreResult<bool> {
    let result = sqlx::query(
        "UPDATE enrollments SET credential = $3, revision = revision + 1 WHERE id = $1 AND revision = $2",
    )
    .bind(&enrollment.id)
    .bind(enrollment.revision)
    .bind(&enrollment.credential)
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

impl StoredEnrollment {
    fn from_row(row: Row) -> Self {
        let (id, user_id, credential, lookup, revision, created_at) = row;
        let created_at = Timestamp::from_millis(created_at);
        Self { id, user_id, credential, lookup, revision, created_at }
    }
}
