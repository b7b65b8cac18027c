//! Who sends a request to an endpoint for clients, and proof of it (RFC 6749 section 2.3).

use super::assertion::Assertion;
use super::{OAuthError, Params, Rejection};
use crate::config::{AuthorizationServer, Client, ClientAuthentication, GrantType};
use crate::digest;
use crate::services::Services;

/// How a client named itself.
#[derive(Default)]
pub(crate) struct ClientCredentials {
    /// What the `Authorization: Basic` header says, if there was one.
    pub(crate) basic: Option<BasicCredentials>,
    /// The origin of the page, if a page sent the request.
    pub(crate) origin: Option<String>,
    /// Where on the network the request comes from.
    pub(crate) address: String,
}

/// Name and secret from the header; both empty if it was not to be read.
#[derive(Default)]
pub(crate) struct BasicCredentials {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

/// A client that has proved who it is, by something that is still to be used up where it is good once.
pub(super) struct Recognized<'a> {
    pub(super) client: &'a Client,
    assertion: Option<Assertion>,
}

impl Services {
    /// The registered client, if it has proved to be that, the request comes from where its pages are, and it may
    /// use this server.
    pub(super) async fn client(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Result<&Client, Rejection> {
        let recognized = self.recognize(server, credentials, params)?;
        self.use_up(&recognized, credentials).await?;
        Ok(recognized.client)
    }

    /// The second half of [`Self::client`].
    pub(super) async fn use_up(
        &self,
        recognized: &Recognized<'_>,
        credentials: &ClientCredentials,
    ) -> Result<(), Rejection> {
        match &recognized.assertion {
            Some(assertion) if !self.use_assertion(assertion).await? => {
                Err(credentials.unauthenticated().into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The first half of [`Self::client`], for an endpoint that may tell the client to come again with the same.
    pub(super) fn recognize(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Result<Recognized<'_>, OAuthError> {
        let presented = Presented::read(credentials, params)?;
        let client_id = presented.client_id(credentials, params)?;
        let client = self.config.client(client_id).ok_or_else(|| credentials.unknown_client())?;
        let is_proved = match (&client.authentication, &presented) {
            (ClientAuthentication::None, Presented::Nothing) => true,
            (ClientAuthentication::Secret { digest }, Presented::Secret(secret)) => {
                digest::equal(&digest::sha256(secret), digest)
            }
            (ClientAuthentication::PrivateKeyJwt(keys), Presented::Assertion(assertion)) => {
                assertion.is_good(server, keys, self.clock.now())
            }
            (
                ClientAuthentication::None
                | ClientAuthentication::Secret { .. }
                | ClientAuthentication::PrivateKeyJwt(_),
                _,
            ) => false,
        };
        if !is_proved {
            return Err(credentials.unauthenticated());
        }
        if credentials.origin.as_ref().is_some_and(|origin| !client.has_origin(origin)) {
            return Err(OAuthError::foreign_origin());
        }
        if !client.may_use(server) {
            let description = "The client is not authorized to use this authorization server.";
            return Err(OAuthError::unauthorized_client(description));
        }
        let assertion = match presented {
            Presented::Assertion(assertion) => Some(assertion),
            Presented::Nothing | Presented::Secret(_) => None,
        };
        Ok(Recognized { client, assertion })
    }
}

/// What a request brings to prove who sends it.
enum Presented<'a> {
    Nothing,
    Secret(&'a str),
    Assertion(Assertion),
}

impl<'a> Presented<'a> {
    /// RFC 6749 section 2.3: never more than one method.
    fn read(credentials: &'a ClientCredentials, params: &'a Params) -> Result<Self, OAuthError> {
        let in_header = credentials.basic.as_ref().map(|basic| basic.client_secret.as_str());
        let in_header = in_header.filter(|secret| !secret.is_empty());
        match (in_header, params.find("client_secret"), Assertion::read(params)?) {
            (None, None, None) => Ok(Self::Nothing),
            (Some(secret), None, None) | (None, Some(secret), None) => Ok(Self::Secret(secret)),
            (None, None, Some(assertion)) => Ok(Self::Assertion(assertion)),
            (_, _, _) => Err(OAuthError::invalid_request("The client authenticates in more than one way.")),
        }
    }

    fn client_id<'s>(
        &'s self,
        credentials: &'s ClientCredentials,
        params: &'s Params,
    ) -> Result<&'s str, OAuthError> {
        let named = match (self, &credentials.basic) {
            // RFC 7521 section 4.2: `client_id` is not needed beside an assertion, and must not contradict it.
            (Self::Assertion(assertion), _) => Some(assertion.claims.sub.as_str()),
            (Self::Nothing | Self::Secret(_), basic) => basic.as_ref().map(|basic| basic.client_id.as_str()),
        };
        match (named, params.find("client_id")) {
            (Some(named), Some(other)) if named != other => {
                Err(OAuthError::invalid_request("The 'client_id' parameter names another client."))
            }
            (Some(named), _) => Ok(named),
            (None, _) => params.require("client_id"),
        }
    }
}

impl ClientCredentials {
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
