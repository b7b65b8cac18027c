//! A client for itself (RFC 6749 section 4.4): no person, so no ID token and no refresh token.

use super::{Exchanged, TokenRequest, Tokens};
use crate::config::AuthorizationServer;
use crate::oauth::claims::Minting;
use crate::oauth::{OAuthError, Params};
use crate::services::Services;

impl Services {
    pub(super) async fn exchange_client_credentials(&self, request: &TokenRequest<'_>) -> Exchanged {
        let scope = own_scope(request.server, request.params)?;
        let minting = Minting::new(self, request.server).await?;
        let lifetime = self.config.policy_of(&request.client.client_id).lifetimes.access_token;
        Ok(Tokens {
            token_type: request.token_type(),
            expires_in: lifetime.as_secs(),
            access_token: minting.client_token(&request.client.client_id, scope, request.jkt.as_deref())?,
            scope: scope.to_owned(),
            id_token: None,
            refresh_token: None,
        })
    }
}

/// The scopes that are asked for: only the operator's own, because OpenID Connect's are about people.
fn own_scope<'p>(server: &AuthorizationServer, params: &'p Params) -> Result<&'p str, OAuthError> {
    let scope = params.find("scope").ok_or_else(OAuthError::missing_scope)?;
    let is_own = |name: &str| server.scopes.iter().any(|scope| !scope.is_standard && scope.name == name);
    if scope.split(' ').all(is_own) {
        return Ok(scope);
    }
    Err(OAuthError::invalid_scope(
        "One or more scopes are not configured for the authorization server resource.",
    ))
}
