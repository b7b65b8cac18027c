//! `revoke`: signing out (RFC 7009).

use super::{ClientCredentials, Params, Rejection};
use crate::clock::Timestamp;
use crate::config::AuthorizationServer;
use crate::digest;
use crate::services::Services;

impl Services {
    /// Voids a token. A refresh token takes the whole grant with it, an access token only itself. A token that
    /// is not known, or that belongs to another client, is void as it is (RFC 7009 section 2.2).
    pub(crate) async fn revoke(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Result<(), Rejection> {
        let client = self.client(server, credentials, params).await?;
        let token = params.require("token")?;
        if let Some(grant_id) = self.store.refresh_token_grant(&digest::sha256(token)).await? {
            let grant = self.store.grant(&grant_id).await?;
            if grant.is_some_and(|grant| {
                grant.client_id == client.client_id && grant.authorization_server == server.id
            }) {
                self.store.revoke_grant(&grant_id).await?;
            }
        } else if let Some(claims) = self.access_token(server, token).await?
            && claims.cid == client.client_id
        {
            let expires_at = Timestamp::from_millis(claims.exp.saturating_mul(1000));
            self.store.revoke_access_token(&claims.jti, expires_at).await?;
        }
        Ok(())
    }
}
