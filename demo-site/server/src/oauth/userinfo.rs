//! `userinfo`: what an access token lets its bearer know about the person.

use serde_json::Value;

use super::claims::{AccessClaims, Granted, about};
use super::{OAuthError, Rejection};
use crate::config::AuthorizationServer;
use crate::failure::Failure;
use crate::services::Services;

impl Services {
    /// Answers a userinfo request that carried `token` as its bearer token.
    pub(crate) async fn userinfo(
        &self,
        server: &AuthorizationServer,
        token: Option<&str>,
    ) -> Result<Value, Rejection> {
        let token = token.ok_or_else(unauthenticated)?;
        let claims = self.access_token(server, token).await?.ok_or_else(invalid_token)?;
        if !claims.has_scope("openid") {
            return Err(insufficient_scope().into());
        }
        let user_id = claims.uid.as_ref().ok_or_else(invalid_token)?;
        let user = self.store.user(user_id).await?.ok_or_else(invalid_token)?;
        Ok(Value::Object(about(server, &user, Granted(&claims.scp.join(" ")))))
    }

    /// The claims of an access token of this server that is in force.
    pub(super) async fn access_token(
        &self,
        server: &AuthorizationServer,
        token: &str,
    ) -> Result<Option<AccessClaims>, Failure> {
        let now = self.clock.now();
        let Some(claims) = self.keys.verify::<AccessClaims>(&server.id, now, token).await? else {
            return Ok(None);
        };
        let is_ours = claims.iss == server.issuer.as_str() && claims.aud == server.audience;
        if !is_ours || claims.exp <= now.as_seconds() {
            return Ok(None);
        }
        if !claims.is_access_token() || self.store.is_access_token_revoked(&claims.jti).await? {
            return Ok(None);
        }
        let is_in_force = match claims.grant_id() {
            Some(grant_id) => self.store.grant(grant_id).await?.is_some_and(|grant| !grant.is_revoked),
            None => self.config.client(&claims.cid).is_some(),
        };
        Ok(is_in_force.then_some(claims))
    }
}

/// RFC 6750 section 3.1: without credentials, the challenge says nothing about an error.
fn unauthenticated() -> OAuthError {
    OAuthError {
        challenge: Some("Bearer".to_owned()),
        ..OAuthError::new(401, "invalid_request", "The access token is missing.")
    }
}

fn invalid_token() -> OAuthError {
    challenged(OAuthError::new(401, "invalid_token", "The access token is invalid."))
}

fn insufficient_scope() -> OAuthError {
    let description = "The access token must provide access to at least one of these scopes - openid.";
    challenged(OAuthError::new(403, "insufficient_scope", description))
}

fn challenged(error: OAuthError) -> OAuthError {
    let challenge = format!("Bearer error=\"{}\", error_description=\"{}\"", error.error, error.description);
    OAuthError { challenge: Some(challenge), ..error }
}
