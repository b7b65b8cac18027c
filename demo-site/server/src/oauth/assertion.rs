//! `private_key_jwt`: a client proves who it is by a token that it signed (RFC 7523 section 2.2, OIDC Core section 9).

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::{OAuthError, Params};
use crate::clock::Timestamp;
use crate::config::AuthorizationServer;
use crate::digest;
use crate::failure::Failure;
use crate::jws::signature_only;
use crate::services::Services;

/// An assertion that was sent, unchecked.
pub(super) struct Assertion {
    token: String,
    pub(super) claims: Claims,
}

/// RFC 7523 section 3.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    jti: String,
}

/// RFC 7519 section 4.1.3: one, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Assertion {
    /// The assertion among the parameters, if there is one.
    pub(super) fn read(params: &Params) -> Result<Option<Self>, OAuthError> {
        let (kind, token) = (params.find("client_assertion_type"), params.find("client_assertion"));
        let Some(token) = token else { return Ok(None) };
        if kind != Some(JWT_BEARER) {
            return Err(OAuthError::invalid_request(
                "The 'client_assertion_type' parameter is not supported.",
            ));
        }
        let claims = jsonwebtoken::dangerous::insecure_decode_claims(token);
        let claims =
            claims.map_err(|_| OAuthError::invalid_request("The 'client_assertion' is not a JWT."))?;
        Ok(Some(Self { token: token.to_owned(), claims }))
    }

    /// Whether one of the keys has signed it, for this server, in time.
    pub(super) fn is_good(&self, server: &AuthorizationServer, keys: &JwkSet, now: Timestamp) -> bool {
        let Claims { iss, sub, aud, exp, nbf, .. } = &self.claims;
        // OIDC Core section 9 has clients name the token endpoint, later documents the issuer.
        let is_for_us = aud.has(server.issuer.as_str()) || aud.has(&server.issuer.oauth_url("token"));
        let left = exp.saturating_sub(now.as_seconds());
        let is_in_time =
            left > 0 && left <= LONGEST && nbf.is_none_or(|nbf| nbf <= now.as_seconds() + CLOCK_SKEW);
        iss == sub && is_for_us && is_in_time && self.is_signed(keys)
    }

    fn is_signed(&self, keys: &JwkSet) -> bool {
        let Ok(header) = jsonwebtoken::decode_header(&self.token) else { return false };
        if !ALGORITHMS.contains(&header.alg) {
            return false;
        }
        let validation = signature_only(header.alg);
        let is_meant =
            |id: Option<&String>| header.kid.is_none() || id.is_none() || header.kid.as_ref() == id;
        keys.keys
            .iter()
            .filter(|key| is_meant(key.common.key_id.as_ref()))
            .filter_map(|key| DecodingKey::from_jwk(key).ok())
            .any(|key| jsonwebtoken::decode::<serde_json::Value>(&self.token, &key, &validation).is_ok())
    }
}

impl Audience {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

impl Services {
    /// Uses up an assertion that is good. False if it was used before.
    pub(super) async fn use_assertion(&self, assertion: &Assertion) -> Result<bool, Failure> {
        let Claims { sub, jti, exp, .. } = &assertion.claims;
        let id = digest::sha256(&format!("assertion {sub} {jti}"));
        let expires_at = Timestamp::from_millis(exp.saturating_mul(1000));
        Ok(self.store.use_once(&id, expires_at).await?)
    }
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The names of [`ALGORITHMS`].
pub(super) fn algorithm_names() -> Vec<String> {
    ALGORITHMS.iter().map(|algorithm| format!("{algorithm:?}")).collect()
}

/// What assertions may be signed with: public keys only.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];

/// In seconds: an assertion is made for one request, so one that is good for long was made by mistake.
const LONGEST: i64 = 3600;
const CLOCK_SKEW: i64 = 60;
