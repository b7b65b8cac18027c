//! `token`: codes and refresh tokens are exchanged for tokens.

use serde::Serialize;

use super::claims::{AccessClaims, IdTokenParts};
use super::{ClientCredentials, OAuthError, Params};
use crate::clock::Timestamp;
use crate::config::Client;
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::services::Services;
use crate::store::{Grant, InteractionCode, RedeemedRefreshToken, Redemption, User};

/// What the client gets, or why it does not.
type Exchanged = Result<Result<Tokens, OAuthError>, Failure>;

/// RFC 6749 section 5.1, with the ID token of OIDC Core section 3.1.3.3.
#[derive(Debug, Serialize)]
pub(crate) struct Tokens {
    token_type: &'static str,
    expires_in: u64,
    access_token: String,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// What the tokens of one exchange have in common.
struct Issue<'a> {
    grant: &'a Grant,
    scope: &'a str,
    /// Only the first ID token carries it: OIDC Core section 12.2.
    nonce: Option<&'a str>,
    refresh_token_expires_at: Timestamp,
}

impl Services {
    /// Answers a token request.
    pub(crate) async fn exchange(&self, credentials: &ClientCredentials, params: &Params) -> Exchanged {
        let client = match credentials.client(&self.config, params) {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        match params.find("grant_type") {
            Some("interaction_code") => self.exchange_code(client, params).await,
            Some("refresh_token") => self.exchange_refresh_token(client, params).await,
            Some(_) => Ok(Err(OAuthError::new(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            ))),
            None => Ok(Err(OAuthError::invalid_request("The 'grant_type' parameter is missing."))),
        }
    }

    async fn exchange_code(&self, client: &Client, params: &Params) -> Exchanged {
        let (code, verifier) = match (params.require("interaction_code"), params.require("code_verifier")) {
            (Ok(code), Ok(verifier)) => (code, verifier),
            (Err(error), _) | (_, Err(error)) => return Ok(Err(error)),
        };
        let code = match self.store.redeem_code(&digest::sha256(code)).await? {
            Redemption::First(code) => code,
            Redemption::Replayed(grant_id) => {
                // RFC 6749 section 4.1.2: whoever was first may have stolen it.
                self.store.revoke_grant(&grant_id).await?;
                return Ok(Err(invalid_code()));
            }
            Redemption::Unknown => return Ok(Err(invalid_code())),
        };
        if let Err(error) = check_code(&code, client, params, verifier, self.clock.now()) {
            return Ok(Err(error));
        }
        let grant = self.store.grant(&code.grant_id).await?.filter(|grant| !grant.is_revoked);
        let Some(grant) = grant else { return Ok(Err(invalid_code())) };
        let lifetime = self.config.policy_of(&grant.client_id).lifetimes.refresh_token;
        let issue = Issue {
            grant: &grant,
            scope: &grant.scope,
            nonce: grant.nonce.as_deref(),
            refresh_token_expires_at: self.clock.now().plus(lifetime),
        };
        self.issue(issue).await.map(Ok)
    }

    async fn exchange_refresh_token(&self, client: &Client, params: &Params) -> Exchanged {
        let token = match params.require("refresh_token") {
            Ok(token) => token,
            Err(error) => return Ok(Err(error)),
        };
        let (grant_id, expires_at) = match self.store.redeem_refresh_token(&digest::sha256(token)).await? {
            RedeemedRefreshToken::First { grant_id, expires_at } => (grant_id, expires_at),
            RedeemedRefreshToken::Replayed(grant_id) => {
                // RFC 9700 section 4.14.2: one of the two who used it is not the client.
                self.store.revoke_grant(&grant_id).await?;
                return Ok(Err(invalid_refresh_token()));
            }
            RedeemedRefreshToken::Unknown => return Ok(Err(invalid_refresh_token())),
        };
        let grant = self.store.grant(&grant_id).await?.filter(|grant| {
            !grant.is_revoked && grant.client_id == client.client_id && expires_at > self.clock.now()
        });
        let Some(grant) = grant else { return Ok(Err(invalid_refresh_token())) };
        let scope = params.find("scope").unwrap_or(&grant.scope);
        // RFC 6749 section 6: the scope may shrink and must not grow.
        if !scope.split(' ').all(|name| grant.scope.split(' ').any(|granted| granted == name)) {
            return Ok(Err(OAuthError::new(400, "invalid_scope", "The scope exceeds what was granted.")));
        }
        let issue = Issue { grant: &grant, scope, nonce: None, refresh_token_expires_at: expires_at };
        self.issue(issue).await.map(Ok)
    }

    async fn issue(&self, issue: Issue<'_>) -> Result<Tokens, Failure> {
        let user = self.store.user(&issue.grant.user_id).await?.ok_or(Failure::MissingUser)?;
        let now = self.clock.now();
        let unique = entropy::unique(&*self.entropy)?;
        let claims = AccessClaims::new(&self.config, issue.grant, issue.scope, now, &unique);
        let access_token = self.signing_key.sign(&claims)?;
        let id_token = if claims.has_scope("openid") {
            Some(self.id_token(&issue, &user, &access_token, now)?)
        } else {
            None
        };
        let refresh_token =
            if claims.has_scope("offline_access") { Some(self.refresh_token(&issue).await?) } else { None };
        Ok(Tokens {
            token_type: "Bearer",
            expires_in: self.config.policy_of(&issue.grant.client_id).lifetimes.access_token.as_secs(),
            access_token,
            scope: issue.scope.to_owned(),
            id_token,
            refresh_token,
        })
    }

    fn id_token(
        &self,
        issue: &Issue<'_>,
        user: &User,
        access_token: &str,
        now: Timestamp,
    ) -> Result<String, Failure> {
        let parts = IdTokenParts {
            grant: issue.grant,
            user,
            scope: issue.scope,
            nonce: issue.nonce,
            at_hash: digest::left_half(access_token),
            jti: format!("ID.{}", entropy::unique(&*self.entropy)?),
        };
        Ok(self.signing_key.sign(&parts.claims(&self.config, now))?)
    }

    async fn refresh_token(&self, issue: &Issue<'_>) -> Result<String, Failure> {
        let token = entropy::opaque(&*self.entropy)?;
        let expires_at = issue.refresh_token_expires_at;
        self.store.add_refresh_token(&digest::sha256(&token), &issue.grant.id, expires_at).await?;
        Ok(token)
    }
}

/// Checks that the code is used by who it was made for, in time, and with the right verifier.
fn check_code(
    code: &InteractionCode,
    client: &Client,
    params: &Params,
    verifier: &str,
    now: Timestamp,
) -> Result<(), OAuthError> {
    if code.expires_at <= now || code.client_id != client.client_id {
        return Err(invalid_code());
    }
    if params.find("redirect_uri").is_some_and(|redirect_uri| redirect_uri != code.redirect_uri) {
        return Err(OAuthError::invalid_grant(
            "The 'redirect_uri' does not match the redirection URI used in the interact request.",
        ));
    }
    // RFC 7636 section 4.6.
    if !digest::equal(&digest::sha256(verifier), &code.code_challenge) {
        return Err(OAuthError::invalid_grant("PKCE verification failed."));
    }
    Ok(())
}

fn invalid_code() -> OAuthError {
    OAuthError::invalid_grant("The interaction code is invalid or has expired.")
}

fn invalid_refresh_token() -> OAuthError {
    OAuthError::invalid_grant("The refresh token is invalid or expired.")
}
