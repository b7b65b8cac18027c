//! What a provider publishes about itself: its endpoints (OIDC Discovery 1.0) and its keys (RFC 7517).
//!
//! Both are kept for a while, only to ask less often: two processes that have fetched them at different times
//! decide alike, because a key that is not in the kept set is looked for in a fresh one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header::ACCEPT};
use http_body_util::Full;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;

use super::ProviderError;
use super::http_client::HttpClient;
use crate::clock::Timestamp;
use crate::config::{IdentityProvider, is_safe_address};

/// The members of a discovery document that are used here.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    jwks_uri: String,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// RFC 9207 section 3: its callbacks name it.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// What was fetched, by the id of the provider.
#[derive(Debug, Default)]
pub(super) struct Published {
    metadata: Kept<Metadata>,
    keys: Kept<Vec<Jwk>>,
}

#[derive(Debug)]
struct Kept<T>(Mutex<HashMap<String, (Timestamp, T)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Kept<T> {
    fn find(&self, id: &str, now: Timestamp) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }

    fn keep(&self, id: &str, value: &T, now: Timestamp) {
        const FOR: Duration = Duration::from_secs(10 * 60);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(id.to_owned(), (now.plus(FOR), value.clone()));
    }
}

impl Published {
    pub(super) async fn metadata(
        &self,
        http: &HttpClient,
        provider: &IdentityProvider,
        now: Timestamp,
    ) -> Result<Metadata, ProviderError> {
        if let Some(metadata) = self.metadata.find(&provider.id, now) {
            return Ok(metadata);
        }
        // OIDC Discovery 4.1: a slash at the end of the issuer is taken off first.
        let issuer = provider.issuer.trim_end_matches('/');
        let body = get(http, &format!("{issuer}/.well-known/openid-configuration"), provider.timeout).await?;
        let metadata: Metadata = serde_json::from_value(body)
            .map_err(|error| ProviderError::Unsound(format!("discovery document: {error}")))?;
        metadata.check(provider)?;
        self.metadata.keep(&provider.id, &metadata, now);
        Ok(metadata)
    }

    /// The key of this name; the provider is asked for its keys anew if it is not among those that are kept.
    pub(super) async fn key(
        &self,
        http: &HttpClient,
        provider: &IdentityProvider,
        (metadata, wanted, now): (&Metadata, &KeyWanted, Timestamp),
    ) -> Result<Jwk, ProviderError> {
        if let Some(key) = self.keys.find(&provider.id, now).and_then(|keys| wanted.among(&keys)) {
            return Ok(key);
        }
        let body = get(http, &metadata.jwks_uri, provider.timeout).await?;
        let keys = usable_keys(&body);
        self.keys.keep(&provider.id, &keys, now);
        wanted
            .among(&keys)
            .ok_or_else(|| ProviderError::Unsound("the ID token's key is not published".to_owned()))
    }
}

impl Metadata {
    fn check(&self, provider: &IdentityProvider) -> Result<(), ProviderError> {
        // OIDC Discovery 4.3: or else the document is somebody else's.
        if self.issuer != provider.issuer {
            let reason = format!("discovery document: the issuer is {}", self.issuer);
            return Err(ProviderError::Unsound(reason));
        }
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        let unsafe_one =
            endpoints.into_iter().chain(&self.userinfo_endpoint).find(|address| !is_safe_address(address));
        match unsafe_one {
            None => Ok(()),
            Some(address) => {
                Err(ProviderError::Unsound(format!("discovery document: {address} is not protected by TLS")))
            }
        }
    }
}

/// Which key has signed a token, as far as its header says.
pub(super) struct KeyWanted {
    pub(super) kid: Option<String>,
    pub(super) family: KeyFamily,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyFamily {
    Rsa,
    P256,
}

impl KeyWanted {
    /// OIDC Core 10.1: a token without the name of its key is good if there is only one that fits.
    fn among(&self, keys: &[Jwk]) -> Option<Jwk> {
        let mut fitting = keys.iter().filter(|key| family_of(key) == Some(self.family));
        match &self.kid {
            Some(kid) => fitting.find(|key| key.common.key_id.as_ref() == Some(kid)).cloned(),
            None => {
                let only = fitting.next();
                if fitting.next().is_some() { None } else { only.cloned() }
            }
        }
    }
}

fn family_of(key: &Jwk) -> Option<KeyFamily> {
    use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve};
    match &key.algorithm {
        AlgorithmParameters::RSA(_) => Some(KeyFamily::Rsa),
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            Some(KeyFamily::P256)
        }
        _ => None,
    }
}

/// The keys that can be read and are for signatures. One that cannot be read is none: a provider may publish keys
/// for purposes and of kinds that are not known here (RFC 7517 section 5).
fn usable_keys(body: &Value) -> Vec<Jwk> {
    let entries = body.get("keys").and_then(Value::as_array).into_iter().flatten();
    entries
        .filter(|key| key.get("use").and_then(Value::as_str).is_none_or(|purpose| purpose == "sig"))
        .filter_map(|key| Jwk::deserialize(key).ok())
        .collect()
}

async fn get(http: &HttpClient, address: &str, timeout: Duration) -> Result<Value, ProviderError> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(address)
        .header(ACCEPT, "application/json")
        .body(Full::new(Bytes::new()))
        .map_err(|_| ProviderError::Unsound(format!("{address} is not an address")))?;
    let answer = http.json(request, timeout).await?;
    if answer.status == StatusCode::OK {
        return Ok(answer.body);
    }
    Err(ProviderError::Unsound(format!("{address}: status {}", answer.status)))
}
