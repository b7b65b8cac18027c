//! The checks of OIDC Core 3.1.3.7 on a provider's ID token.
//!
//! The signature is checked although the token comes over TLS from the provider itself: it costs little, and whoever
//! stands between (a proxy, a cache) cannot sign in as anybody. The library checks the signature only, because it
//! would ask the machine's clock about the rest.

use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::ProviderError;
use super::metadata::{KeyFamily, KeyWanted};
use crate::clock::Timestamp;
use crate::digest;
use crate::jws::signature_only;

/// An ID token that nothing is known about but what its header claims.
pub(super) struct UnverifiedIdToken<'t> {
    token: &'t str,
    algorithm: Algorithm,
    pub(super) wanted: KeyWanted,
}

/// What the token has to say to be taken.
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client_id: &'e str,
    pub(super) nonce: &'e str,
    pub(super) access_token: &'e str,
    /// The person had to prove themselves to the provider no longer ago than this.
    pub(super) authenticated_since: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// The claims of a token whose signature is good.
#[derive(Debug, Deserialize)]
pub(super) struct IdClaims {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    auth_time: Option<i64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    #[serde(flatten)]
    pub(super) about: serde_json::Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl<'t> UnverifiedIdToken<'t> {
    /// Steps 6 to 8, as far as the header goes: only these two, whatever it asks for. `none` is nothing, and a token
    /// with a MAC could be made by everybody who has the public key or the client's secret.
    pub(super) fn read(token: &'t str) -> Result<Self, ProviderError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused("it is not a JWT"))?;
        let family = match header.alg {
            Algorithm::RS256 => KeyFamily::Rsa,
            Algorithm::ES256 => KeyFamily::P256,
            _ => return Err(refused("its algorithm is neither RS256 nor ES256")),
        };
        Ok(Self { token, algorithm: header.alg, wanted: KeyWanted { kid: header.kid, family } })
    }

    /// Checks the signature, and then what the token says.
    pub(super) fn verify(&self, key: &Jwk, expected: &Expected<'_>) -> Result<IdClaims, ProviderError> {
        let key = DecodingKey::from_jwk(key).map_err(|_| refused("its key cannot be used"))?;
        let claims = jsonwebtoken::decode::<IdClaims>(self.token, &key, &signature_only(self.algorithm))
            .map_err(|error| refused(&format!("its signature or its claims are not good ({error})")))?
            .claims;
        claims.check(expected)?;
        Ok(claims)
    }
}

impl IdClaims {
    fn check(&self, expected: &Expected<'_>) -> Result<(), ProviderError> {
        let now = expected.now.as_seconds();
        let skew = i64::try_from(SKEW.as_secs()).unwrap_or_default();
        let is_fresh = expected.authenticated_since.is_none_or(|since| {
            self.auth_time.is_some_and(|auth_time| auth_time.saturating_add(skew) >= since.as_seconds())
        });
        let hash_is_right =
            self.at_hash.as_deref().is_none_or(|hash| hash == digest::left_half(expected.access_token));
        // In the order of OIDC Core 3.1.3.7.
        let checks = [
            (self.iss == expected.issuer, "its issuer is another"),
            (self.aud.contains(expected.client_id), "it was made for another client"),
            (self.names_party(expected.client_id), "its authorized party is another client"),
            (self.exp.saturating_add(skew) > now, "it has expired"),
            (self.iat.saturating_sub(skew) <= now, "it was issued in the future"),
            (self.nbf.is_none_or(|nbf| nbf.saturating_sub(skew) <= now), "it is not good yet"),
            (
                self.nonce.as_deref().is_some_and(|nonce| digest::equal(nonce, expected.nonce)),
                "its nonce is another",
            ),
            (is_fresh, "the person has not proved themselves anew"),
            (hash_is_right, "it belongs to another access token"),
            // OIDC Core 2: at most 255 characters.
            (!self.sub.is_empty() && self.sub.len() <= 255, "its subject is empty or too long"),
        ];
        match checks.into_iter().find(|(is_good, _)| !is_good) {
            None => Ok(()),
            Some((_, reason)) => Err(refused(reason)),
        }
    }

    /// Steps 4 and 5: of several audiences one is the party that the token was issued to.
    fn names_party(&self, client_id: &str) -> bool {
        match &self.azp {
            Some(azp) => azp == client_id,
            None => self.aud.is_single(),
        }
    }
}

impl Audience {
    fn contains(&self, client_id: &str) -> bool {
        match self {
            Self::One(audience) => audience == client_id,
            Self::Several(audiences) => audiences.iter().any(|audience| audience == client_id),
        }
    }

    fn is_single(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Several(audiences) => audiences.len() == 1,
        }
    }
}

fn refused(reason: &str) -> ProviderError {
    ProviderError::Unsound(format!("ID token: {reason}"))
}

/// How far the clocks of two servers may be apart.
const SKEW: Duration = Duration::from_secs(60);
