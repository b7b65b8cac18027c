//! `userinfo`: what an access token lets whoever has it know about the person.
//!
//! One that is bound to a key has to be shown with a proof of that key (RFC 9449 section 7).

use serde_json::Value;

use super::claims::{AccessClaims, Granted, about};
use super::dpop::{self, ProofHeader, ProvenRequest};
use super::{OAuthError, Rejection};
use crate::config::AuthorizationServer;
use crate::failure::Failure;
use crate::services::Services;

/// An access token, as a request showed it.
pub(crate) struct ShownToken<'a> {
    pub(crate) token: &'a str,
    /// Absent where it was shown as a bearer token.
    pub(crate) possession: Option<Possession<'a>>,
}

/// What a request brings to show that the token is its sender's.
pub(crate) struct Possession<'a> {
    pub(crate) proof: ProofHeader,
    pub(crate) method: &'a str,
}

impl Services {
    /// Answers a userinfo request that came with this token.
    pub(crate) async fn userinfo(
        &self,
        server: &AuthorizationServer,
        shown: Option<ShownToken<'_>>,
    ) -> Result<Value, Rejection> {
        let shown = shown.ok_or_else(unauthenticated)?;
        let invalid =
            || shown.challenged(OAuthError::new(401, "invalid_token", "The access token is invalid."));
        let claims = self.access_token(server, shown.token).await?.ok_or_else(invalid)?;
        self.check_possession(server, &shown, &claims).await?;
        if !claims.has_scope("openid") {
            return Err(shown.challenged(insufficient_scope()).into());
        }
        let user_id = claims.uid.as_ref().ok_or_else(invalid)?;
        let user = self.store.user(user_id).await?.ok_or_else(invalid)?;
        Ok(Value::Object(about(server, &user, Granted(&claims.scp.join(" ")))))
    }

    /// RFC 9449 sections 7.1 and 7.2: a bound token is nothing without its key, and the scheme has to be that of the token.
    async fn check_possession(
        &self,
        server: &AuthorizationServer,
        shown: &ShownToken<'_>,
        claims: &AccessClaims,
    ) -> Result<(), Rejection> {
        let mismatch = |description| OAuthError::new(401, "invalid_token", description);
        let (jkt, possession) = match (claims.jkt(), &shown.possession) {
            (None, None) => return Ok(()),
            (Some(jkt), Some(possession)) => (jkt, possession),
            (Some(_), None) => {
                let description =
                    "The access token is bound to a key: it must be shown as DPoP, with a proof.";
                return Err(by_proof(mismatch(description)).into());
            }
            (None, Some(_)) => {
                let description = "The access token is not bound to a key: it must be shown as Bearer.";
                return Err(by_bearer(mismatch(description)).into());
            }
        };
        let url = server.issuer.oauth_url("userinfo");
        let request = ProvenRequest { method: possession.method, url: &url, access_token: Some(shown.token) };
        let proven =
            self.proven_key(&possession.proof, &request).await.map_err(|rejection| match rejection {
                Rejection::Refused(error) => {
                    Rejection::Refused(by_proof(OAuthError { status: 401, ..error }))
                }
                Rejection::Failed(failure) => Rejection::Failed(failure),
            })?;
        let problem = match proven.as_deref() {
            Some(proven) if proven == jkt => return Ok(()),
            Some(_) => "The proof is of another key than that of the access token.",
            None => "The DPoP proof JWT header is missing.",
        };
        Err(by_proof(OAuthError::new(401, dpop::INVALID_PROOF, problem)).into())
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

impl ShownToken<'_> {
    /// With a challenge in the scheme that the token was shown by.
    fn challenged(&self, error: OAuthError) -> OAuthError {
        if self.possession.is_some() { by_proof(error) } else { by_bearer(error) }
    }
}

/// RFC 6750 section 3.1: without credentials, the challenge says nothing about an error. RFC 9449 section 7.2: it
/// depends on the token which of the two it is.
fn unauthenticated() -> OAuthError {
    OAuthError {
        challenge: Some(format!("Bearer, DPoP algs=\"{}\"", dpop::algorithm_names().join(" "))),
        ..OAuthError::new(401, "invalid_request", "The access token is missing.")
    }
}

fn insufficient_scope() -> OAuthError {
    let description = "The access token must provide access to at least one of these scopes - openid.";
    OAuthError::new(403, "insufficient_scope", description)
}

fn by_bearer(error: OAuthError) -> OAuthError {
    let challenge = format!("Bearer error=\"{}\", error_description=\"{}\"", error.error, error.description);
    OAuthError { challenge: Some(challenge), ..error }
}

/// RFC 9449 section 7.1.
fn by_proof(error: OAuthError) -> OAuthError {
    let challenge = format!(
        "DPoP error=\"{}\", error_description=\"{}\", algs=\"{}\"",
        error.error,
        error.description,
        dpop::algorithm_names().join(" ")
    );
    OAuthError { challenge: Some(challenge), ..error }
}
