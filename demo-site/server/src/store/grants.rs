//! What a finished sign-in gave: the code, and the tokens that came of it.
//!
//! A grant is one sign-in of one person at one client. Codes and refresh tokens belong to it, so that using
//! one of them twice can end all of them (RFC 9700 sections 2.1.1 and 4.14.2).

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::sessions::has_session;
use super::{Store, StoreResult};
use crate::clock::Timestamp;

/// One sign-in of one person at one client.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    /// The authorization server that it was given by: it is nothing to the others.
    pub(crate) authorization_server: String,
    /// Space separated, as it was asked for.
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// Space separated, RFC 8176.
    pub(crate) amr: String,
    /// OIDC Core section 2; none in a grant from before it was kept.
    pub(crate) acr: Option<String>,
    /// The identity provider that has said who it is; none if it was this server.
    pub(crate) identity_provider: Option<String>,
    /// The session in the browser that it is part of, if there is one.
    pub(crate) session: Option<String>,
    pub(crate) auth_time: Timestamp,
    pub(crate) is_revoked: bool,
    pub(crate) expires_at: Timestamp,
}

/// A code that can be exchanged for tokens once.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) hash: String,
    pub(crate) kind: CodeKind,
    pub(crate) grant_id: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// Only confidential clients may do without.
    pub(crate) code_challenge: Option<String>,
    /// The key that has to be proved with it, if one was named in time (RFC 9449 section 10).
    pub(crate) dpop_jkt: Option<String>,
    pub(crate) expires_at: Timestamp,
}

/// Where a code came from, and so which grant type it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// The last answer of an embedded sign-in.
    Interaction,
    /// The answer of the authorization endpoint.
    Authorization,
}

impl CodeKind {
    fn name(self) -> &'static str {
        match self {
            Self::Interaction => "interaction",
            Self::Authorization => "authorization",
        }
    }
}

/// What became of an attempt to use a code.
#[derive(Debug)]
pub(crate) enum Redemption {
    First(Code),
    /// It was used before; the grant it belongs to.
    Replayed(String),
    Unknown,
}

/// What is known of a refresh token.
#[derive(Debug)]
pub(crate) struct StoredRefreshToken {
    pub(crate) grant_id: String,
    pub(crate) is_used: bool,
    /// The key that it is bound to, if it is.
    pub(crate) dpop_jkt: Option<String>,
    pub(crate) expires_at: Timestamp,
}

/// What became of an attempt to use a refresh token.
#[derive(Debug)]
pub(crate) enum RedeemedRefreshToken {
    First {
        grant_id: String,
        expires_at: Timestamp,
    },
    /// It was used before.
    Again {
        grant_id: String,
        expires_at: Timestamp,
        used_at: Timestamp,
    },
    Unknown,
}

impl Store {
    /// Keeps a grant and the code that it can be had for. False, and nothing kept, if the session that it comes of has ended.
    pub(crate) async fn add_grant(
        &self,
        grant: &Grant,
        code: Option<&Code>,
        now: Timestamp,
    ) -> StoreResult<bool> {
        let mut lent = self.connections.get().await?;
        let mut connection = lent.begin().await?;
        if let Some(id) = &grant.session
            && !has_session(&mut connection, id, now).await?
        {
            return Ok(false);
        }
        insert_grant(&mut connection, grant).await?;
        if let Some(code) = code {
            insert_code(&mut connection, code).await?;
        }
        connection.commit().await?;
        Ok(true)
    }

    /// Uses a code of this kind up, whatever is then found to be wrong with the request.
    pub(crate) async fn redeem_code(&self, kind: CodeKind, hash: &str) -> StoreResult<Redemption> {
        let row = sqlx::query(
            "UPDATE codes SET used = TRUE WHERE hash = $1 AND kind = $2 AND used = FALSE
             RETURNING grant_id, client_id, redirect_uri, code_challenge, dpop_jkt, expires_at",
        )
        .bind(hash)
        .bind(kind.name())
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        if let Some(row) = row {
            return Code::from_row(hash, kind, &row).map(Redemption::First);
        }
        let used: Option<String> =
            sqlx::query_scalar("SELECT grant_id FROM codes WHERE hash = $1 AND kind = $2")
                .bind(hash)
                .bind(kind.name())
                .fetch_optional(&mut *self.connections.get().await?)
                .await?;
        Ok(used.map_or(Redemption::Unknown, Redemption::Replayed))
    }

    pub(crate) async fn add_refresh_token(
        &self,
        hash: &str,
        grant_id: &str,
        dpop_jkt: Option<&str>,
        expires_at: Timestamp,
    ) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO refresh_tokens (hash, grant_id, used, dpop_jkt, expires_at)
             VALUES ($1, $2, FALSE, $3, $4)",
        )
        .bind(hash)
        .bind(grant_id)
        .bind(dpop_jkt)
        .bind(expires_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    /// Uses a refresh token up. `dpop_jkt` is the key that was proved: one that is bound to another key is unknown, and
    /// stays good for who has that.
    pub(crate) async fn redeem_refresh_token(
        &self,
        hash: &str,
        dpop_jkt: Option<&str>,
        now: Timestamp,
    ) -> StoreResult<RedeemedRefreshToken> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "UPDATE refresh_tokens SET used = TRUE, used_at = $2
             WHERE hash = $1 AND used = FALSE AND (dpop_jkt IS NULL OR dpop_jkt = $3)
             RETURNING grant_id, expires_at",
        )
        .bind(hash)
        .bind(now.as_millis())
        .bind(dpop_jkt)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        if let Some((grant_id, expires_at)) = row {
            let expires_at = Timestamp::from_millis(expires_at);
            return Ok(RedeemedRefreshToken::First { grant_id, expires_at });
        }
        // What was used before the moment was written down was used long ago.
        let used: Option<(String, i64, i64)> = sqlx::query_as(
            "SELECT grant_id, expires_at, COALESCE(used_at, 0) FROM refresh_tokens
             WHERE hash = $1 AND (dpop_jkt IS NULL OR dpop_jkt = $2)",
        )
        .bind(hash)
        .bind(dpop_jkt)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        Ok(used.map_or(RedeemedRefreshToken::Unknown, |(grant_id, expires_at, used_at)| {
            let [expires_at, used_at] = [expires_at, used_at].map(Timestamp::from_millis);
            RedeemedRefreshToken::Again { grant_id, expires_at, used_at }
        }))
    }

    /// A refresh token as it is, without using it.
    pub(crate) async fn refresh_token(&self, hash: &str) -> StoreResult<Option<StoredRefreshToken>> {
        let row: Option<(String, bool, Option<String>, i64)> =
            sqlx::query_as("SELECT grant_id, used, dpop_jkt, expires_at FROM refresh_tokens WHERE hash = $1")
                .bind(hash)
                .fetch_optional(&mut *self.connections.get().await?)
                .await?;
        Ok(row.map(|(grant_id, is_used, dpop_jkt, expires_at)| StoredRefreshToken {
            grant_id,
            is_used,
            dpop_jkt,
            expires_at: Timestamp::from_millis(expires_at),
        }))
    }

    /// The grant that a refresh token belongs to, used or not.
    pub(crate) async fn refresh_token_grant(&self, hash: &str) -> StoreResult<Option<String>> {
        sqlx::query_scalar("SELECT grant_id FROM refresh_tokens WHERE hash = $1")
            .bind(hash)
            .fetch_optional(&mut *self.connections.get().await?)
            .await
    }

    pub(crate) async fn grant(&self, id: &str) -> StoreResult<Option<Grant>> {
        let row = sqlx::query(
            "SELECT user_id, client_id, authorization_server, scope, nonce, amr, acr, identity_provider,
               session, auth_time, revoked, expires_at
             FROM grants WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.connections.get().await?)
        .await?;
        row.map(|row| Grant::from_row(id, &row)).transpose()
    }

    pub(crate) async fn revoke_grant(&self, id: &str) -> StoreResult<()> {
        sqlx::query("UPDATE grants SET revoked = TRUE WHERE id = $1")
            .bind(id)
            .execute(&mut *self.connections.get().await?)
            .await
            .map(drop)
    }

    pub(crate) async fn revoke_access_token(&self, jti: &str, expires_at: Timestamp) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO revoked_access_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING",
        )
        .bind(jti)
        .bind(expires_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    pub(crate) async fn is_access_token_revoked(&self, jti: &str) -> StoreResult<bool> {
        let found: Option<i64> =
            sqlx::query_scalar("SELECT expires_at FROM revoked_access_tokens WHERE jti = $1")
                .bind(jti)
                .fetch_optional(&mut *self.connections.get().await?)
                .await?;
        Ok(found.is_some())
    }
}

impl Code {
    fn from_row(hash: &str, kind: CodeKind, row: &SqliteRow) -> StoreResult<Self> {
        Ok(Self {
            hash: hash.to_owned(),
            kind,
            grant_id: row.try_get("grant_id")?,
            client_id: row.try_get("client_id")?,
            redirect_uri: row.try_get("redirect_uri")?,
            code_challenge: row.try_get("code_challenge")?,
            dpop_jkt: row.try_get("dpop_jkt")?,
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
        })
    }
}

impl Grant {
    fn from_row(id: &str, row: &SqliteRow) -> StoreResult<Self> {
        Ok(Self {
            id: id.to_owned(),
            user_id: row.try_get("user_id")?,
            client_id: row.try_get("client_id")?,
            authorization_server: row.try_get("authorization_server")?,
            scope: row.try_get("scope")?,
            nonce: row.try_get("nonce")?,
            amr: row.try_get("amr")?,
            acr: row.try_get("acr")?,
            identity_provider: row.try_get("identity_provider")?,
            session: row.try_get("session")?,
            auth_time: Timestamp::from_millis(row.try_get("auth_time")?),
            is_revoked: row.try_get("revoked")?,
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
        })
    }
}

pub(super) async fn insert_grant(connection: &mut SqliteConnection, grant: &Grant) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO grants
           (id, user_id, client_id, authorization_server, scope, nonce, amr, acr, identity_provider, session,
            auth_time, revoked, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&grant.id)
    .bind(&grant.user_id)
    .bind(&grant.client_id)
    .bind(&grant.authorization_server)
    .bind(&grant.scope)
    .bind(&grant.nonce)
    .bind(&grant.amr)
    .bind(&grant.acr)
    .bind(&grant.identity_provider)
    .bind(&grant.session)
    .bind(grant.auth_time.as_millis())
    .bind(grant.is_revoked)
    .bind(grant.expires_at.as_millis())
    .execute(connection)
    .await
    .map(drop)
}

pub(super) async fn insert_code(connection: &mut SqliteConnection, code: &Code) -> StoreResult<()> {
    sqlx::query(
        "INSERT INTO codes
           (hash, kind, grant_id, client_id, redirect_uri, code_challenge, dpop_jkt, used, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8)",
    )
    .bind(&code.hash)
    .bind(code.kind.name())
    .bind(&code.grant_id)
    .bind(&code.client_id)
    .bind(&code.redirect_uri)
    .bind(&code.code_challenge)
    .bind(&code.dpop_jkt)
    .bind(code.expires_at.as_millis())
    .execute(connection)
    .await
    .map(drop)
}
