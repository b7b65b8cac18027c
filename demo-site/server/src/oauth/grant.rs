//! What the end of a sign-in gives: a grant, and a code or tokens.
//!
//! An embedded sign-in ends with an interaction code, which is kept together with the end of its transaction. The
//! authorization endpoint answers with an authorization code, with tokens, or with both, as its `response_type`
//! says: [`Services::authorize`] does all of it where there is no transaction to end, and its three parts are
//! there for where there is one. Nothing here looks at the request: what the client may ask for has been checked.

use super::claims::{AccessTokenParts, IdTokenParts, Minting};
use crate::clock::Timestamp;
use crate::config::ResponseType;
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::InteractionRequest;
use crate::services::Services;
use crate::store::{Code, CodeKind, Grant};

/// Who signed in, how and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authentication<'a> {
    pub(crate) user_id: &'a str,
    /// Space separated, RFC 8176.
    pub(crate) amr: &'a str,
    /// The authentication context class that was reached, if it is to be told.
    pub(crate) acr: Option<&'a str>,
    /// The identity provider that has said so; none if it was this server.
    pub(crate) identity_provider: Option<&'a str>,
    /// When the person gave their proof: earlier than now, if a session stood for it.
    pub(crate) auth_time: Timestamp,
    /// The session in the browser, if there is one: its end can be made to end this.
    pub(crate) session: Option<&'a str>,
}

/// What a client asked for.
pub(super) struct Asked<'a> {
    pub(super) authorization_server: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scope: &'a str,
    pub(super) nonce: Option<&'a str>,
}

/// The parameters of a successful authorization response (OAuth 2.0 Multiple Response Type Encoding Practices,
/// section 5; RFC 6749 sections 4.1.2 and 4.2.2), without `state` and `iss`.
#[derive(Debug)]
pub(crate) struct AuthorizationResponse {
    pub(crate) code: Option<String>,
    pub(crate) access_token: Option<FrontAccessToken>,
    pub(crate) id_token: Option<String>,
}

/// An access token that comes from the authorization endpoint.
#[derive(Debug)]
pub(crate) struct FrontAccessToken {
    pub(crate) access_token: String,
    pub(crate) token_type: &'static str,
    pub(crate) expires_in: u64,
    pub(crate) scope: String,
}

impl Services {
    /// Makes and keeps a grant for what `request` asks for, and gives what `response_type` says for it. Nothing if the session that
    /// speaks for the person has ended.
    pub(crate) async fn authorize(
        &self,
        request: &InteractionRequest,
        authentication: &Authentication<'_>,
        response_type: ResponseType,
    ) -> Result<Option<AuthorizationResponse>, Failure> {
        let grant = self.new_grant(request, authentication)?;
        let code = if response_type.has_code {
            Some(self.new_code(CodeKind::Authorization, request, &grant)?)
        } else {
            None
        };
        let (code, kept) = code.unzip();
        if !self.store.add_grant(&grant, kept.as_ref(), self.clock.now()).await? {
            return Ok(None);
        }
        self.authorization_response(&grant, code, response_type).await.map(Some)
    }

    /// A grant for what `request` asks for. It has to be kept by the caller.
    pub(crate) fn new_grant(
        &self,
        request: &InteractionRequest,
        authentication: &Authentication<'_>,
    ) -> Result<Grant, Failure> {
        let asked = Asked {
            authorization_server: &request.authorization_server,
            client_id: &request.client_id,
            scope: &request.scope,
            nonce: request.nonce.as_deref(),
        };
        self.grant_for(&asked, authentication)
    }

    pub(super) fn grant_for(
        &self,
        asked: &Asked<'_>,
        authentication: &Authentication<'_>,
    ) -> Result<Grant, Failure> {
        let lifetimes = self.config.policy_of(asked.client_id).lifetimes;
        Ok(Grant {
            id: entropy::unique(&*self.entropy)?,
            user_id: authentication.user_id.to_owned(),
            client_id: asked.client_id.to_owned(),
            authorization_server: asked.authorization_server.to_owned(),
            scope: asked.scope.to_owned(),
            nonce: asked.nonce.map(str::to_owned),
            amr: authentication.amr.to_owned(),
            acr: authentication.acr.map(str::to_owned),
            identity_provider: authentication.identity_provider.map(str::to_owned),
            session: authentication.session.map(str::to_owned),
            auth_time: authentication.auth_time,
            is_revoked: false,
            expires_at: self.clock.now().plus(lifetimes.refresh_token.max(lifetimes.access_token)),
        })
    }

    /// A code for a grant, as the client gets it and as it is to be kept.
    pub(crate) fn new_code(
        &self,
        kind: CodeKind,
        request: &InteractionRequest,
        grant: &Grant,
    ) -> Result<(String, Code), Failure> {
        let code = entropy::opaque(&*self.entropy)?;
        let kept = Code {
            hash: digest::sha256(&code),
            kind,
            grant_id: grant.id.clone(),
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
            expires_at: self
                .clock
                .now()
                .plus(self.config.policy_of(&request.client_id).lifetimes.interaction_code),
        };
        Ok((code, kept))
    }

    /// The code, if there is one, and the tokens that `response_type` asks for, tied to it and to each other.
    pub(crate) async fn authorization_response(
        &self,
        grant: &Grant,
        code: Option<String>,
        response_type: ResponseType,
    ) -> Result<AuthorizationResponse, Failure> {
        if !response_type.is_implicit() {
            return Ok(AuthorizationResponse { code, access_token: None, id_token: None });
        }
        let server =
            self.config.authorization_server(&grant.authorization_server).ok_or(Failure::MissingServer)?;
        let user = self.store.user(&grant.user_id).await?.ok_or(Failure::MissingUser)?;
        let minting = Minting::new(self, server).await?;
        let access_token = if response_type.has_token {
            let parts = AccessTokenParts { grant, user: &user, scope: &grant.scope, jkt: None };
            Some(minting.access_token(&parts)?)
        } else {
            None
        };
        let id_token = if response_type.has_id_token {
            let parts = IdTokenParts {
                grant,
                user: &user,
                scope: &grant.scope,
                nonce: grant.nonce.as_deref(),
                access_token: access_token.as_deref(),
                code: code.as_deref(),
            };
            Some(minting.id_token(&parts)?)
        } else {
            None
        };
        let access_token = access_token.map(|access_token| FrontAccessToken {
            access_token,
            token_type: "Bearer",
            expires_in: self.config.policy_of(&grant.client_id).lifetimes.access_token.as_secs(),
            scope: grant.scope.clone(),
        });
        Ok(AuthorizationResponse { code, access_token, id_token })
    }
}
