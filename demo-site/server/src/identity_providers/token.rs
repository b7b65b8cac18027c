//! The token endpoint and the userinfo endpoint of a provider.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::metadata::Metadata;
use super::{IdentityProviders, Journey, ProviderError};
use crate::config::IdentityProvider;

/// What a code is exchanged for.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: String,
}

impl IdentityProviders {
    /// OIDC Core 3.1.3.
    pub(super) async fn exchange(
        &self,
        journey: &Journey<'_>,
        metadata: &Metadata,
        code: &str,
    ) -> Result<Tokens, ProviderError> {
        let request = token_request(journey, metadata, code)?;
        let answer = self.http.json(request, journey.provider.timeout).await?;
        if answer.status != StatusCode::OK {
            let error = answer.body.get("error").and_then(Value::as_str).unwrap_or("no error named");
            let reason = format!("token endpoint: status {}, `{error}`", answer.status);
            return Err(ProviderError::Unsound(reason));
        }
        serde_json::from_value(answer.body)
            .map_err(|error| ProviderError::Unsound(format!("token endpoint: {error}")))
    }

    /// What the provider tells about `subject`; nothing if it has no such endpoint.
    pub(super) async fn userinfo(
        &self,
        journey: &Journey<'_>,
        (metadata, tokens): (&Metadata, &Tokens),
        subject: &str,
    ) -> Result<Option<Map<String, Value>>, ProviderError> {
        let Some(endpoint) = &metadata.userinfo_endpoint else { return Ok(None) };
        let request = Request::builder()
            .method(Method::GET)
            .uri(endpoint)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", tokens.access_token))
            .body(Full::new(Bytes::new()))
            .map_err(|_| ProviderError::Unsound("the userinfo request cannot be made".to_owned()))?;
        let answer = self.http.json(request, journey.provider.timeout).await?;
        match answer.body {
            // OIDC Core 5.3.2: it has to be about the same person, or else the access token is another's.
            Value::Object(claims)
                if answer.status == StatusCode::OK
                    && claims.get("sub").and_then(Value::as_str) == Some(subject) =>
            {
                Ok(Some(claims))
            }
            _ => Err(ProviderError::Unsound(format!(
                "userinfo (status {}) is not about the subject of the ID token",
                answer.status
            ))),
        }
    }
}

fn token_request(
    journey: &Journey<'_>,
    metadata: &Metadata,
    code: &str,
) -> Result<Request<Full<Bytes>>, ProviderError> {
    let verifier = journey.trip.code_verifier();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", journey.redirect_uri)
        .append_pair("code_verifier", &verifier);
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(&metadata.token_endpoint)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    match Authentication::choose(journey.provider, metadata) {
        Authentication::Basic(credentials) => request = request.header(AUTHORIZATION, credentials),
        Authentication::Post(secret) => {
            form.append_pair("client_id", &journey.provider.client_id).append_pair("client_secret", secret);
        }
        Authentication::None => {
            form.append_pair("client_id", &journey.provider.client_id);
        }
    }
    request
        .body(Full::new(Bytes::from(form.finish())))
        .map_err(|_| ProviderError::Unsound("the token endpoint is not an address".to_owned()))
}

/// How this server says who it is (OIDC Core 9).
enum Authentication<'p> {
    Basic(String),
    Post(&'p str),
    /// A public client.
    None,
}

impl<'p> Authentication<'p> {
    fn choose(provider: &'p IdentityProvider, metadata: &Metadata) -> Self {
        let Some(secret) = &provider.client_secret else { return Self::None };
        let supported = metadata.token_endpoint_auth_methods_supported.as_deref();
        let supports = |method: &str| supported.is_some_and(|methods| methods.iter().any(|it| it == method));
        // OIDC Discovery 3: what is not said means `client_secret_basic`.
        if supported.is_none() || supports("client_secret_basic") || !supports("client_secret_post") {
            return Self::Basic(basic(&provider.client_id, secret));
        }
        Self::Post(secret)
    }
}

/// RFC 6749 section 2.3.1: both halves are form-encoded first.
fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_in_a_secret_does_not_move_the_border() {
        let credentials = STANDARD.decode(basic("a b", "c:d").strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(credentials, b"a+b:c%3Ad");
    }
}
