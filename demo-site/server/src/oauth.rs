//! OAuth 2.0 and OpenID Connect: what stands around the sign-in itself.
//!
//! A client begins with `interact`, exchanges its code at `token`, and uses what it got at `userinfo`. The
//! functions here take parameters and give values or an [`OAuthError`]; `http/oauth.rs` puts them on the wire.

mod claims;
mod discovery;
mod interact;
mod revoke;
mod token;
mod userinfo;

use std::collections::BTreeMap;

use crate::config::{Client, Config};

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

/// How a client named itself.
#[derive(Default)]
pub(crate) struct ClientCredentials {
    /// The name in the `Authorization: Basic` header, if there was one.
    pub(crate) basic: Option<String>,
    /// The origin of the page, if a page sent the request.
    pub(crate) origin: Option<String>,
}

impl ClientCredentials {
    /// The registered client, if the request comes from where its pages are.
    fn client<'c>(&self, config: &'c Config, params: &Params) -> Result<&'c Client, OAuthError> {
        let named = match &self.basic {
            Some(client_id) => client_id,
            None => params.require("client_id")?,
        };
        let client = config.client(named).ok_or_else(|| OAuthError::invalid_client(self.basic.is_some()))?;
        match &self.origin {
            Some(origin) if !client.has_origin(origin) => Err(OAuthError::foreign_origin()),
            Some(_) | None => Ok(client),
        }
    }
}

/// An error as RFC 6749 section 5.2 describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: String,
    /// The value of `WWW-Authenticate`, where there is a way to authenticate.
    pub(crate) challenge: Option<String>,
}

impl OAuthError {
    fn new(status: u16, error: &'static str, description: &str) -> Self {
        Self { status, error, description: description.to_owned(), challenge: None }
    }

    pub(crate) fn invalid_request(description: &str) -> Self {
        Self::new(400, "invalid_request", description)
    }

    fn invalid_grant(description: &str) -> Self {
        Self::new(400, "invalid_grant", description)
    }

    fn invalid_client(used_header: bool) -> Self {
        // RFC 6749 section 5.2: the challenge only answers a client that tried the header. Unasked, it would
        // make browsers put up a password dialog.
        let challenge = used_header.then(|| "Basic realm=\"latchkey\"".to_owned());
        Self { challenge, ..Self::new(401, "invalid_client", "Invalid value for 'client_id' parameter.") }
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
