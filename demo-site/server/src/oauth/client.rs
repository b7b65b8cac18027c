//! Who sends a request to an endpoint for clients, and proof of it (RFC 6749 section 2.3).

use super::{OAuthError, Params};
use crate::config::{AuthorizationServer, Client, ClientAuthentication, Config, GrantType};
use crate::digest;

/// How a client named itself.
#[derive(Default)]
pub(crate) struct ClientCredentials {
    /// What the `Authorization: Basic` header says, if there was one.
    pub(crate) basic: Option<BasicCredentials>,
    /// The origin of the page, if a page sent the request.
    pub(crate) origin: Option<String>,
}

/// Name and secret from the header; both empty if it was not to be read.
#[derive(Default)]
pub(crate) struct BasicCredentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl ClientCredentials {
    /// The registered client, if it has proved to be that, the request comes from where its pages are, and it may
    /// use this server.
    pub(super) fn client<'c>(
        &self,
        config: &'c Config,
        server: &AuthorizationServer,
        params: &Params,
    ) -> Result<&'c Client, OAuthError> {
        let client = config.client(self.client_id(params)?).ok_or_else(|| self.unknown_client())?;
        if !self.proves(&client.authentication, params)? {
            return Err(self.unauthenticated());
        }
        if self.origin.as_ref().is_some_and(|origin| !client.has_origin(origin)) {
            return Err(OAuthError::foreign_origin());
        }
        if !client.may_use(server) {
            let description = "The client is not authorized to use this authorization server.";
            return Err(OAuthError::unauthorized_client(description));
        }
        Ok(client)
    }

    fn client_id<'s>(&'s self, params: &'s Params) -> Result<&'s str, OAuthError> {
        match (&self.basic, params.find("client_id")) {
            (Some(basic), Some(named)) if basic.client_id != named => {
                Err(OAuthError::invalid_request("The 'client_id' parameter is not the client in the header."))
            }
            (Some(basic), _) => Ok(&basic.client_id),
            (None, _) => params.require("client_id"),
        }
    }

    fn proves(&self, authentication: &ClientAuthentication, params: &Params) -> Result<bool, OAuthError> {
        let in_header = self.basic.as_ref().map(|basic| basic.client_secret.as_str());
        let secret = match (in_header.filter(|secret| !secret.is_empty()), params.find("client_secret")) {
            // RFC 6749 section 2.3: never more than one method.
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request("The client authenticates in more than one way."));
            }
            (in_header, in_body) => in_header.or(in_body),
        };
        Ok(match (authentication, secret) {
            (ClientAuthentication::None, None) => true,
            (ClientAuthentication::Secret { digest }, Some(secret)) => {
                digest::equal(&digest::sha256(secret), digest)
            }
            (ClientAuthentication::None, Some(_)) | (ClientAuthentication::Secret { .. }, None) => false,
        })
    }

    fn unknown_client(&self) -> OAuthError {
        self.invalid_client("Invalid value for 'client_id' parameter.")
    }

    fn unauthenticated(&self) -> OAuthError {
        self.invalid_client(
            "Client authentication failed. Either the client or the client credentials are invalid.",
        )
    }

    fn invalid_client(&self, description: &str) -> OAuthError {
        // RFC 6749 section 5.2 has the challenge answer a client that tried the header. Unasked, it would make
        // browsers put up a password dialog, so pages do not get it for anything else.
        let has_challenge = self.basic.is_some() || self.origin.is_none();
        let challenge = has_challenge.then(|| "Basic realm=\"latchkey\"".to_owned());
        OAuthError { challenge, ..OAuthError::new(401, "invalid_client", description) }
    }
}

impl Client {
    /// Refuses a grant type that the operator did not give this client, in the words that clients know.
    pub(super) fn require_grant_type(&self, grant_type: GrantType) -> Result<(), OAuthError> {
        if self.has_grant_type(grant_type) {
            return Ok(());
        }
        let configured: Vec<_> = self.grant_types.iter().map(|grant_type| grant_type.name()).collect();
        Err(OAuthError::unauthorized_client(&format!(
            "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
            configured.join(", ")
        )))
    }
}
