//! OAuth 2.0 and OpenID Connect: what stands around the sign-in itself.
//!
//! A client begins with `interact` or sends the browser to `authorize`, exchanges its code at `token`, and uses what it got at
//! `userinfo`, all at one of the authorization servers. The functions here take parameters and give values or an
//! [`OAuthError`]; `http/oauth.rs` puts them on the wire.

mod assertion;
mod authorize;
mod callback;
mod claims;
mod client;
mod device;
mod discovery;
mod dpop;
mod grant;
mod interact;
mod introspect;
mod logout;
mod revoke;
mod token;
mod userinfo;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::failure::Failure;

pub(crate) use authorize::{AuthorizationRequest, Refused};
pub(crate) use callback::{AuthorizationError, Callback, ResponseMode, ReturnAddress};
pub(crate) use client::{BasicCredentials, ClientCredentials};
pub(crate) use device::ACTIVATE;
pub(crate) use dpop::ProofHeader;
pub(crate) use grant::{Authentication, AuthorizationResponse};
pub(crate) use logout::Logout;
pub(crate) use userinfo::{Possession, ShownToken};

/// The parameters of a form-encoded request.
#[derive(Default)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads a form body. RFC 6749 section 3.1: empty parameters count as absent, and none may come twice.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, OAuthError> {
        let mut params = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body).into_owned() {
            if params.insert(name, value).is_some() {
                return Err(OAuthError::invalid_request("A parameter must not be included more than once."));
            }
        }
        params.retain(|_, value| !value.is_empty());
        Ok(Self(params))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn require(&self, name: &str) -> Result<&str, OAuthError> {
        self.find(name)
            .ok_or_else(|| OAuthError::invalid_request(&format!("The '{name}' parameter is missing.")))
    }
}

/// How an access token is to be shown: RFC 6750 section 6.1.1, RFC 9449 section 5.
fn token_type(is_bound: bool) -> &'static str {
    if is_bound { "DPoP" } else { "Bearer" }
}

/// An error as RFC 6749 section 5.2 describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: String,
    /// The value of `WWW-Authenticate`, where there is a way to authenticate.
    pub(crate) challenge: Option<String>,
    /// How long to wait, where waiting helps.
    pub(crate) retry_after: Option<Duration>,
}

/// Why a request is not answered with what it asks for.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// The client did something wrong, and is told.
    Refused(OAuthError),
    /// The server could not do its part.
    Failed(Failure),
}

impl From<OAuthError> for Rejection {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

impl<T: Into<Failure>> From<T> for Rejection {
    fn from(failure: T) -> Self {
        Self::Failed(failure.into())
    }
}

impl OAuthError {
    fn new(status: u16, error: &'static str, description: &str) -> Self {
        Self { status, error, description: description.to_owned(), challenge: None, retry_after: None }
    }

    /// RFC 6749 section 3.3: there is no scope that goes without saying.
    fn missing_scope() -> Self {
        Self::invalid_scope(
            "The authorization server resource does not have any configured default scopes, 'scope' must be \
             provided.",
        )
    }

    fn invalid_scope(description: &str) -> Self {
        Self::new(400, "invalid_scope", description)
    }

    /// RFC 6585 section 4. No error of RFC 6749 section 5.2 means it; this one says that later is better.
    fn too_often(retry_after: Duration) -> Self {
        let error = Self::new(429, "temporarily_unavailable", "There have been too many attempts.");
        Self { retry_after: Some(retry_after), ..error }
    }

    pub(crate) fn invalid_request(description: &str) -> Self {
        Self::new(400, "invalid_request", description)
    }

    fn invalid_grant(description: &str) -> Self {
        Self::new(400, "invalid_grant", description)
    }

    fn unauthorized_client(description: &str) -> Self {
        Self::new(400, "unauthorized_client", description)
    }

    pub(crate) fn foreign_origin() -> Self {
        Self::new(403, "access_denied", "The origin of the request is not registered for this client.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_empty_ones_are_absent() {
        let params = Params::parse(b"scope=openid+profile&state=a%2Fb&nonce=").unwrap();
        assert_eq!(params.find("scope"), Some("openid profile"));
        assert_eq!(params.find("state"), Some("a/b"));
        assert_eq!(params.find("nonce"), None);
    }

    #[test]
    fn a_parameter_that_comes_twice_is_refused() {
        let error = Params::parse(b"client_id=a&client_id=b").err().unwrap();
        assert_eq!(error.error, "invalid_request");
    }
}
