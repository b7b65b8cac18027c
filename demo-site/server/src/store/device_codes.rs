//! Devices that wait for somebody to let them in elsewhere (RFC 8628).

use sqlx::{Row as _, SqliteConnection};

use super::sessions::has_session;
use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// A device that has asked, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct DeviceCode {
    /// The digest of the device code.
    pub(crate) id: String,
    /// The user code, keyed.
    pub(crate) user_code: String,
    pub(crate) client_id: String,
    pub(crate) authorization_server: String,
    pub(crate) scope: String,
    pub(crate) state: DeviceState,
    pub(crate) expires_at: Timestamp,
}

/// What has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeviceState {
    Waiting,
    /// With this grant.
    Approved(String),
    Denied,
    /// The device has had its tokens.
    Used(String),
}

impl Store {
    /// Keeps a new device code. False if another device has the same user code.
    pub(crate) async fn add_device_code(&self, code: &DeviceCode, interval: i64) -> StoreResult<bool> {
        let result = sqlx::query(
            "INSERT INTO device_codes
               (id, user_code, client_id, authorization_server, scope, state, poll_interval, is_early, expires_at)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, FALSE, $7) ON CONFLICT (user_code) DO NOTHING",
        )
        .bind(&code.id)
        .bind(&code.user_code)
        .bind(&code.client_id)
        .bind(&code.authorization_server)
        .bind(&code.scope)
        .bind(interval)
        .bind(code.expires_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await?;
        Ok(result.rows_affected() == 1)
    }

    pub(crate) async fn device_code(&self, id: &str) -> StoreResult<Option<DeviceCode>> {
        let row = sqlx::query("SELECT * FROM device_codes WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.connections.get().await?)
            .await?;
        row.map(|row| DeviceCode::from_row(&row)).transpose()
    }

    /// The device that shows this user code, if it still waits.
    pub(crate) async fn waiting_device(
        &self,
        user_code: &str,
        now: Timestamp,
    ) -> StoreResult<Option<DeviceCode>> {
        let row = sqlx::query(
            "SELECT * FROM device_codes WHERE user_code = $1 AND state = 'waiting' AND expires_at > $2",
        )
        .bind(user_code)
        .bind(now.as_millis())
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        row.map(|row| DeviceCode::from_row(&row)).transpose()
    }

    /// Notes that a waiting device has asked again. True if it asked too early; it then has to wait longer from now
    /// on (RFC 8628 section 3.5).
    pub(crate) async fn poll_device_code(&self, id: &str, now: Timestamp) -> StoreResult<bool> {
        sqlx::query_scalar(
            "UPDATE device_codes SET
               is_early = (polled_at IS NOT NULL AND polled_at + poll_interval * 1000 > $2),
               poll_interval = CASE WHEN polled_at IS NOT NULL AND polled_at + poll_interval * 1000 > $2
                 THEN poll_interval + 5 ELSE poll_interval END,
               polled_at = $2
             WHERE id = $1 RETURNING is_early",
        )
        .bind(id)
        .bind(now.as_millis())
        .fetch_one(&mut *self.connections.get().await?)
        .await
    }

    /// Uses an approved code up. False if another request did.
    pub(crate) async fn use_device_code(&self, id: &str) -> StoreResult<bool> {
        let result =
            sqlx::query("UPDATE device_codes SET state = 'used' WHERE id = $1 AND state = 'approved'")
                .bind(id)
                .execute(&mut *self.connections.get().await?)
                .await?;
        Ok(result.rows_affected() == 1)
    }

    /// Says no to a device that waits.
    pub(crate) async fn deny_device(&self, id: &str) -> StoreResult<()> {
        sqlx::query("UPDATE device_codes SET state = 'denied' WHERE id = $1 AND state = 'waiting'")
            .bind(id)
            .execute(&mut *self.connections.get().await?)
            .await
            .map(drop)
    }
}

/// Lets a device that waits have this grant. False if it does not wait any more, or if the session has ended that says
/// who lets it in.
pub(super) async fn approve_device(
    connection: &mut SqliteConnection,
    id: &str,
    grant_id: &str,
    session: Option<&str>,
    now: Timestamp,
) -> StoreResult<bool> {
    if let Some(session) = session
        && !has_session(connection, session, now).await?
    {
        return Ok(false);
    }
    let result = sqlx::query(
        "UPDATE device_codes SET state = 'approved', grant_id = $2
         WHERE id = $1 AND state = 'waiting' AND expires_at > $3",
    )
    .bind(id)
    .bind(grant_id)
    .bind(now.as_millis())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

impl DeviceCode {
    fn from_row(row: &sqlx::sqlite::SqliteRow) -> StoreResult<Self> {
        let (state, grant_id): (String, Option<String>) = (row.try_get("state")?, row.try_get("grant_id")?);
        let state = match (state.as_str(), grant_id) {
            ("approved", Some(grant_id)) => DeviceState::Approved(grant_id),
            ("used", Some(grant_id)) => DeviceState::Used(grant_id),
            ("waiting", _) => DeviceState::Waiting,
            (_, _) => DeviceState::Denied,
        };
        Ok(Self {
            id: row.try_get("id")?,
            user_code: row.try_get("user_code")?,
            client_id: row.try_get("client_id")?,
            authorization_server: row.try_get("authorization_server")?,
            scope: row.try_get("scope")?,
            state,
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
        })
    }
}
