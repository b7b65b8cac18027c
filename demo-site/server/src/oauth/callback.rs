//! How `/authorize` answers a client: the parameters, and the way there.
//!
//! OAuth 2.0 Multiple Response Types, OAuth 2.0 Form Post Response Mode. `okta_post_message` hands the answer to the page
//! that holds the frame or has opened the window. How each mode looks on the wire is in `http/authorize.rs`.

use serde::{Deserialize, Serialize};

use super::AuthorizationResponse;
use crate::config::{AuthorizationServer, ResponseType};

/// How the answer gets to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
    PostMessage,
}

/// An answer on its way to a client.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    /// Names and values, in order.
    pub(crate) params: Vec<(&'static str, String)>,
}

/// Where an answer goes, before it is known what it is.
#[derive(Clone, Debug)]
pub(crate) struct ReturnAddress<'a> {
    pub(crate) server: &'a AuthorizationServer,
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) mode: ResponseMode,
    pub(crate) state: Option<&'a str>,
}

/// An error as RFC 6749 section 4.1.2.1 and OIDC Core section 3.1.2.6 describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthorizationError {
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

impl ResponseMode {
    pub(crate) const ALL: [Self; 4] = [Self::Query, Self::Fragment, Self::FormPost, Self::PostMessage];

    /// Multiple Response Types, section 5: what carries tokens never goes into a query.
    pub(crate) fn default_for(response_type: ResponseType) -> Self {
        if response_type.is_implicit() { Self::Fragment } else { Self::Query }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == text)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
            Self::PostMessage => "okta_post_message",
        }
    }
}

impl ReturnAddress<'_> {
    pub(crate) fn with_response(&self, response: AuthorizationResponse) -> Callback {
        let mut params = Vec::new();
        params.extend(response.code.map(|code| ("code", code)));
        if let Some(token) = response.access_token {
            params.push(("access_token", token.access_token));
            params.push(("token_type", token.token_type.to_owned()));
            params.push(("expires_in", token.expires_in.to_string()));
            params.push(("scope", token.scope));
        }
        params.extend(response.id_token.map(|id_token| ("id_token", id_token)));
        self.with(params)
    }

    pub(crate) fn with_error(&self, error: AuthorizationError) -> Callback {
        self.with(vec![("error", error.error.to_owned()), ("error_description", error.description)])
    }

    fn with(&self, mut params: Vec<(&'static str, String)>) -> Callback {
        params.extend(self.state.map(|state| ("state", state.to_owned())));
        // RFC 9207: whoever speaks to several servers can tell which of them has answered.
        params.push(("iss", self.server.issuer.as_str().to_owned()));
        Callback {
            client_id: self.client_id.to_owned(),
            redirect_uri: self.redirect_uri.to_owned(),
            mode: self.mode,
            params,
        }
    }
}

impl Callback {
    /// The address with the parameters in it, for the modes that carry them there.
    pub(crate) fn address(&self) -> String {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        encoded.extend_pairs(&self.params);
        let encoded = encoded.finish();
        // RFC 6749 section 3.1.2: a query that is registered stays.
        let separator = match (self.mode, self.redirect_uri.contains('?')) {
            (ResponseMode::Fragment, _) => '#',
            (_, true) => '&',
            (_, false) => '?',
        };
        format!("{}{separator}{encoded}", self.redirect_uri)
    }

    /// The origin of the page that waits for a message.
    pub(crate) fn origin(&self) -> &str {
        origin_of(&self.redirect_uri)
    }
}

impl AuthorizationError {
    pub(crate) fn new(error: &'static str, description: &str) -> Self {
        Self { error, description: description.to_owned() }
    }

    pub(crate) fn invalid_request(description: &str) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn login_required() -> Self {
        Self::new("login_required", "The client specified not to prompt, but the user is not logged in.")
    }

    pub(crate) fn interaction_required() -> Self {
        Self::new("interaction_required", "The client specified not to prompt, but more proof is asked for.")
    }

    pub(crate) fn consent_required() -> Self {
        Self::new("consent_required", "The client specified not to prompt, but the user has not consented.")
    }

    pub(crate) fn access_denied() -> Self {
        Self::new("access_denied", "The resource owner denied the request.")
    }
}

/// Scheme, host and port of an address.
pub(crate) fn origin_of(address: &str) -> &str {
    let Some((scheme, rest)) = address.split_once("://") else { return "" };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    address.get(..scheme.len() + 3 + authority).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(mode: ResponseMode, redirect_uri: &str) -> String {
        let params = vec![("code", "a b&c".to_owned()), ("state", "#1".to_owned())];
        let (client_id, redirect_uri) = ("spa".to_owned(), redirect_uri.to_owned());
        Callback { client_id, redirect_uri, mode, params }.address()
    }

    #[test]
    fn the_parameters_are_encoded_into_the_query_or_the_fragment() {
        let (query, fragment) = (ResponseMode::Query, ResponseMode::Fragment);
        assert_eq!(address(query, "https://a.test/cb"), "https://a.test/cb?code=a+b%26c&state=%231");
        assert_eq!(address(query, "https://a.test/cb?x=1"), "https://a.test/cb?x=1&code=a+b%26c&state=%231");
        assert_eq!(
            address(fragment, "https://a.test/cb?x=1"),
            "https://a.test/cb?x=1#code=a+b%26c&state=%231"
        );
    }

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(origin_of("https://a.test:8443/cb?x=//y"), "https://a.test:8443");
        assert_eq!(origin_of("https://a.test"), "https://a.test");
        assert_eq!(origin_of("com.example.app:/callback"), "");
    }
}
