//! `token`: codes and refresh tokens are exchanged for tokens.

use serde::Serialize;

use super::claims::{AccessTokenParts, Granted, IdTokenParts, Minting};
use super::{ClientCredentials, OAuthError, Params};
use crate::clock::Timestamp;
use crate::config::{AuthorizationServer, Client, GrantType};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::services::Services;
use crate::store::{Code, CodeKind, Grant, RedeemedRefreshToken, Redemption};

/// What the client gets, or why it does not.
pub(super) type Exchanged = Result<Result<Tokens, OAuthError>, Failure>;

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

/// A token request: who sends it, to which server, and what it says.
pub(super) struct TokenRequest<'a> {
    pub(super) server: &'a AuthorizationServer,
    pub(super) client: &'a Client,
    pub(super) params: &'a Params,
}

/// What the tokens of one exchange have in common.
pub(super) struct Issue<'a> {
    pub(super) grant: &'a Grant,
    pub(super) scope: &'a str,
    /// Only the first ID token carries it: OIDC Core section 12.2.
    pub(super) nonce: Option<&'a str>,
    pub(super) refresh_token_expires_at: Timestamp,
}

impl Services {
    /// Answers a token request.
    pub(crate) async fn exchange(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Exchanged {
        let (client, grant_type) =
            match (credentials.client(&self.config, server, params), grant_type(params)) {
                (Ok(client), Ok(grant_type)) => (client, grant_type),
                (Err(error), _) | (_, Err(error)) => return Ok(Err(error)),
            };
        if let Err(error) = client.require_grant_type(grant_type) {
            return Ok(Err(error));
        }
        let request = TokenRequest { server, client, params };
        match grant_type {
            GrantType::InteractionCode => self.exchange_interaction_code(&request).await,
            GrantType::AuthorizationCode => self.exchange_authorization_code(&request).await,
            GrantType::RefreshToken => self.exchange_refresh_token(&request).await,
            GrantType::Implicit
            | GrantType::Password
            | GrantType::ClientCredentials
            | GrantType::DeviceCode => Ok(Err(unsupported())),
        }
    }

    async fn exchange_interaction_code(&self, request: &TokenRequest<'_>) -> Exchanged {
        let params = request.params;
        match (params.require("interaction_code"), params.require("code_verifier")) {
            (Ok(code), Ok(_)) => self.exchange_code(request, CodeKind::Interaction, code).await,
            (Err(error), _) | (_, Err(error)) => Ok(Err(error)),
        }
    }

    /// RFC 6749 section 4.1.3.
    async fn exchange_authorization_code(&self, request: &TokenRequest<'_>) -> Exchanged {
        match (request.params.require("code"), request.params.require("redirect_uri")) {
            (Ok(code), Ok(_)) => self.exchange_code(request, CodeKind::Authorization, code).await,
            (Err(error), _) | (_, Err(error)) => Ok(Err(error)),
        }
    }

    async fn exchange_code(&self, request: &TokenRequest<'_>, kind: CodeKind, code: &str) -> Exchanged {
        let code = match self.store.redeem_code(kind, &digest::sha256(code)).await? {
            Redemption::First(code) => code,
            Redemption::Replayed(grant_id) => {
                // RFC 6749 section 4.1.2: whoever was first may have stolen it.
                self.store.revoke_grant(&grant_id).await?;
                return Ok(Err(invalid_code(kind)));
            }
            Redemption::Unknown => return Ok(Err(invalid_code(kind))),
        };
        if let Err(error) = check_code(&code, request, self.clock.now()) {
            return Ok(Err(error));
        }
        let grant = self.store.grant(&code.grant_id).await?.filter(|grant| request.owns(grant));
        let Some(grant) = grant else { return Ok(Err(invalid_code(kind))) };
        let lifetime = self.config.policy_of(&grant.client_id).lifetimes.refresh_token;
        let issue = Issue {
            grant: &grant,
            scope: &grant.scope,
            nonce: grant.nonce.as_deref(),
            refresh_token_expires_at: self.clock.now().plus(lifetime),
        };
        self.issue(request, issue).await.map(Ok)
    }

    async fn exchange_refresh_token(&self, request: &TokenRequest<'_>) -> Exchanged {
        let token = match request.params.require("refresh_token") {
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
        let grant = self.store.grant(&grant_id).await?;
        let grant = grant.filter(|grant| request.owns(grant) && expires_at > self.clock.now());
        let Some(grant) = grant else { return Ok(Err(invalid_refresh_token())) };
        let scope = request.params.find("scope").unwrap_or(&grant.scope);
        // RFC 6749 section 6: the scope may shrink and must not grow.
        if !scope.split(' ').all(|name| Granted(&grant.scope).has(name)) {
            return Ok(Err(OAuthError::new(400, "invalid_scope", "The scope exceeds what was granted.")));
        }
        let issue = Issue { grant: &grant, scope, nonce: None, refresh_token_expires_at: expires_at };
        self.issue(request, issue).await.map(Ok)
    }

    pub(super) async fn issue(
        &self,
        request: &TokenRequest<'_>,
        issue: Issue<'_>,
    ) -> Result<Tokens, Failure> {
        let (grant, scope) = (issue.grant, issue.scope);
        let user = self.store.user(&grant.user_id).await?.ok_or(Failure::MissingUser)?;
        let minting = Minting { services: self, server: request.server };
        let access_token = minting.access_token(&AccessTokenParts { grant, user: &user, scope }).await?;
        let id_token = if Granted(scope).has("openid") {
            let parts = IdTokenParts {
                grant,
                user: &user,
                scope,
                nonce: issue.nonce,
                access_token: Some(&access_token),
                code: None,
            };
            Some(minting.id_token(&parts).await?)
        } else {
            None
        };
        let is_renewable =
            Granted(scope).has("offline_access") && request.client.has_grant_type(GrantType::RefreshToken);
        let refresh_token = if is_renewable { Some(self.refresh_token(&issue).await?) } else { None };
        Ok(Tokens {
            token_type: "Bearer",
            expires_in: self.config.policy_of(&issue.grant.client_id).lifetimes.access_token.as_secs(),
            access_token,
            scope: scope.to_owned(),
            id_token,
            refresh_token,
        })
    }

    async fn refresh_token(&self, issue: &Issue<'_>) -> Result<String, Failure> {
        let token = entropy::opaque(&*self.entropy)?;
        let expires_at = issue.refresh_token_expires_at;
        self.store.add_refresh_token(&digest::sha256(&token), &issue.grant.id, expires_at).await?;
        Ok(token)
    }
}

impl TokenRequest<'_> {
    /// Whether a grant is in force and this client's, given by this server.
    fn owns(&self, grant: &Grant) -> bool {
        !grant.is_revoked
            && grant.client_id == self.client.client_id
            && grant.authorization_server == self.server.id
    }
}

fn grant_type(params: &Params) -> Result<GrantType, OAuthError> {
    GrantType::named(params.require("grant_type")?).ok_or_else(unsupported)
}

fn unsupported() -> OAuthError {
    let description = "The authorization grant type is not supported by the authorization server.";
    OAuthError::new(400, "unsupported_grant_type", description)
}

/// Checks that the code is used by who it was made for, in time, and with the right verifier.
fn check_code(code: &Code, request: &TokenRequest<'_>, now: Timestamp) -> Result<(), OAuthError> {
    if code.expires_at <= now || code.client_id != request.client.client_id {
        return Err(invalid_code(code.kind));
    }
    if request.params.find("redirect_uri").is_some_and(|redirect_uri| redirect_uri != code.redirect_uri) {
        return Err(OAuthError::invalid_grant(match code.kind {
            CodeKind::Interaction => {
                "The 'redirect_uri' does not match the redirection URI used in the interact request."
            }
            CodeKind::Authorization => {
                "The 'redirect_uri' does not match the redirection URI used in the authorization request."
            }
        }));
    }
    let is_verified = match (&code.code_challenge, request.params.find("code_verifier")) {
        // RFC 7636 section 4.6.
        (Some(challenge), Some(verifier)) => digest::equal(&digest::sha256(verifier), challenge),
        // RFC 9700 section 4.8.2: a verifier without a challenge is a downgrade that somebody brought about.
        (Some(_), None) | (None, Some(_)) => false,
        (None, None) => !request.client.is_public(),
    };
    if is_verified { Ok(()) } else { Err(OAuthError::invalid_grant("PKCE verification failed.")) }
}

fn invalid_code(kind: CodeKind) -> OAuthError {
    OAuthError::invalid_grant(match kind {
        CodeKind::Interaction => "The interaction code is invalid or has expired.",
        CodeKind::Authorization => "The authorization code is invalid or has expired.",
    })
}

fn invalid_refresh_token() -> OAuthError {
    OAuthError::invalid_grant("The refresh token is invalid or expired.")
}
