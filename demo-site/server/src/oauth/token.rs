//! `token`: what a client has is exchanged for tokens. Each grant type has its own file.

mod client_credentials;
mod code;
mod device;
mod password;
mod refresh;

use serde::Serialize;

use super::claims::{AccessTokenParts, Granted, IdTokenParts, Minting};
use super::dpop::{self, ProofHeader, ProvenRequest};
use super::{ClientCredentials, OAuthError, Params, Rejection, token_type};
use crate::clock::Timestamp;
use crate::config::{AuthorizationServer, Client, GrantType};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::services::Services;
use crate::store::Grant;

/// What the client gets, or why it does not.
pub(super) type Exchanged = Result<Tokens, Rejection>;

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
    /// The key that was proved, which tokens are then bound to (RFC 9449 section 5).
    pub(super) jkt: Option<String>,
    /// Where on the network it comes from, for what is counted there.
    pub(super) address: &'a str,
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
        proof: &ProofHeader,
    ) -> Exchanged {
        let recognized = self.recognize(server, credentials, params)?;
        let client = recognized.client;
        let grant_type = GrantType::named(params.require("grant_type")?).ok_or_else(unsupported)?;
        client.require_grant_type(grant_type)?;
        // Before anything is used up: whoever is told to come back with a nonce still has it then, be it a code or what they
        // have proved with who they are.
        let jkt = self.key_of_request(server, client, proof).await?;
        self.use_up(&recognized, credentials).await?;
        let request = TokenRequest { server, client, params, jkt, address: &credentials.address };
        match grant_type {
            GrantType::InteractionCode => self.exchange_interaction_code(&request).await,
            GrantType::AuthorizationCode => self.exchange_authorization_code(&request).await,
            GrantType::RefreshToken => self.exchange_refresh_token(&request).await,
            GrantType::Password => self.exchange_password(&request).await,
            GrantType::ClientCredentials => self.exchange_client_credentials(&request).await,
            // RFC 6749 section 4.2: the implicit grant has nothing to exchange.
            GrantType::Implicit => Err(unsupported().into()),
            GrantType::DeviceCode => self.exchange_device_code(&request).await,
        }
    }

    async fn key_of_request(
        &self,
        server: &AuthorizationServer,
        client: &Client,
        proof: &ProofHeader,
    ) -> Result<Option<String>, Rejection> {
        let url = server.issuer.oauth_url("token");
        let request = ProvenRequest { method: "POST", url: &url, access_token: None };
        let jkt = self.proven_key(proof, &request).await?;
        if jkt.is_none() && client.is_dpop_required {
            return Err(dpop::invalid_proof("The DPoP proof JWT header is missing.").into());
        }
        Ok(jkt)
    }

    pub(super) async fn issue(
        &self,
        request: &TokenRequest<'_>,
        issue: Issue<'_>,
    ) -> Result<Tokens, Failure> {
        let (grant, scope) = (issue.grant, issue.scope);
        let user = self.store.user(&grant.user_id).await?.ok_or(Failure::MissingUser)?;
        let minting = Minting::new(self, request.server).await?;
        let access_token = minting.access_token(&AccessTokenParts {
            grant,
            user: &user,
            scope,
            jkt: request.jkt.as_deref(),
        })?;
        let id_token = if Granted(scope).has("openid") {
            let parts = IdTokenParts {
                grant,
                user: &user,
                scope,
                nonce: issue.nonce,
                access_token: Some(&access_token),
                code: None,
            };
            Some(minting.id_token(&parts)?)
        } else {
            None
        };
        let is_renewable =
            Granted(scope).has("offline_access") && request.client.has_grant_type(GrantType::RefreshToken);
        let refresh_token =
            if is_renewable { Some(self.refresh_token(request, &issue).await?) } else { None };
        Ok(Tokens {
            token_type: request.token_type(),
            expires_in: self.config.policy_of(&issue.grant.client_id).lifetimes.access_token.as_secs(),
            access_token,
            scope: scope.to_owned(),
            id_token,
            refresh_token,
        })
    }

    async fn refresh_token(&self, request: &TokenRequest<'_>, issue: &Issue<'_>) -> Result<String, Failure> {
        let token = entropy::opaque(&*self.entropy)?;
        let expires_at = issue.refresh_token_expires_at;
        // RFC 9449 section 5: those of other clients are bound to what the client proves itself with.
        let jkt = request.jkt.as_deref().filter(|_| request.client.is_public());
        self.store.add_refresh_token(&digest::sha256(&token), &issue.grant.id, jkt, expires_at).await?;
        Ok(token)
    }
}

impl<'a> Issue<'a> {
    /// The first tokens of a grant.
    fn first(services: &Services, grant: &'a Grant) -> Self {
        let lifetime = services.config.policy_of(&grant.client_id).lifetimes.refresh_token;
        let refresh_token_expires_at = services.clock.now().plus(lifetime);
        Self { grant, scope: &grant.scope, nonce: grant.nonce.as_deref(), refresh_token_expires_at }
    }
}

impl TokenRequest<'_> {
    fn token_type(&self) -> &'static str {
        token_type(self.jkt.is_some())
    }

    /// Whether a grant is in force and this client's, given by this server.
    fn owns(&self, grant: &Grant) -> bool {
        !grant.is_revoked
            && grant.client_id == self.client.client_id
            && grant.authorization_server == self.server.id
    }
}

fn unsupported() -> OAuthError {
    let description = "The authorization grant type is not supported by the authorization server.";
    OAuthError::new(400, "unsupported_grant_type", description)
}
