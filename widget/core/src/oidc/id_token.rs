//! The ID token and everything that OIDC Core 3.1.3.7 wants checked before somebody is believed to be signed in.
//!
//! The proof travels as a type: [`UnverifiedIdToken`] is text from the network, [`SignedIdToken`] is made by the
//! signature check only, [`IdToken`] by the claims check only.

use std::fmt;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    base64url,
    io::{RequestId, SignatureVerdict, Timestamp},
    json_text,
    secret::Secret,
};

/// Signature algorithms that are accepted, and no others: `none` and the HMAC family never (RFC 8725 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

/// A token as it came.
#[derive(Debug)]
pub struct UnverifiedIdToken {
    raw: Secret<String>,
    algorithm: Algorithm,
    key_id: Option<String>,
    claims: Value,
    signature: Vec<u8>,
}

/// What SubtleCrypto is to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureJob {
    /// Comes back with the verdict.
    pub id: RequestId,
    /// The token's algorithm.
    pub algorithm: Algorithm,
    /// The key as a JWK, public members only.
    pub jwk: String,
    /// ASCII of header and payload, with the dot between.
    pub signing_input: String,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// A token that the issuer has made.
#[derive(Debug)]
pub struct SignedIdToken(UnverifiedIdToken);

/// A token that the issuer has made, for us, now, for this very sign-in.
#[derive(Debug)]
pub struct IdToken {
    /// The compact serialisation.
    pub raw: Secret<String>,
    /// Its claims, a JSON object.
    pub claims: Value,
}

/// What a token must say to be ours.
#[derive(Debug)]
pub struct Expected<'a> {
    /// Exactly the configured issuer.
    pub issuer: &'a str,
    /// Our client id.
    pub client_id: &'a str,
    /// The nonce that was sent.
    pub nonce: &'a str,
    /// The access token that came with it, for `at_hash`.
    pub access_token: &'a str,
    /// Requested authentication contexts, space separated.
    pub acr_values: Option<&'a str>,
    /// Requested greatest age of the authentication, in seconds.
    pub max_age: Option<u64>,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// Not three parts of base64url with JSON objects in the first two.
    Malformed,
    /// An algorithm outside the allow-list.
    AlgorithmNotAllowed,
    /// The issuer's key set has no such key, also after asking again.
    UnknownKey,
    /// The key did not make the signature.
    SignatureInvalid,
    /// Another issuer made it.
    IssuerMismatch,
    /// It was made for somebody else.
    AudienceMismatch,
    /// Several audiences, and we are not the authorized party.
    AuthorizedPartyMismatch,
    /// It has run out.
    Expired,
    /// It was made in the future: one of the clocks is wrong.
    IssuedInTheFuture,
    /// It belongs to another sign-in.
    NonceMismatch,
    /// It was issued with another access token.
    AccessTokenMismatch,
    /// The authentication was weaker than asked for.
    AcrMismatch,
    /// The authentication is older than asked for.
    AuthenticationTooOld,
}

/// Seconds that this device's clock and the issuer's may differ.
pub(crate) const CLOCK_SKEW: i64 = 300;

impl Algorithm {
    /// The name in JOSE headers (RFC 7518 section 3.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    fn of_header(header: &Value) -> Result<Self, TokenError> {
        match header.get("alg").and_then(Value::as_str) {
            Some("RS256") => Ok(Self::Rs256),
            Some("ES256") => Ok(Self::Es256),
            _ => Err(TokenError::AlgorithmNotAllowed),
        }
    }
}

impl UnverifiedIdToken {
    /// Takes a compact JWS apart (RFC 7515 section 7.1).
    pub fn parse(raw: &str) -> Result<Self, TokenError> {
        let mut parts = raw.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::Malformed);
        };
        let header = json_object(header)?;
        Ok(Self {
            raw: Secret::new(raw.to_owned()),
            algorithm: Algorithm::of_header(&header)?,
            key_id: header.get("kid").and_then(Value::as_str).map(str::to_owned),
            claims: json_object(payload)?,
            signature: base64url::decode(signature).ok_or(TokenError::Malformed)?,
        })
    }

    /// The algorithm and key id that the header names.
    pub(crate) fn signed_with(&self) -> (Algorithm, Option<&str>) {
        (self.algorithm, self.key_id.as_deref())
    }

    /// When it was made, as it says itself.
    pub(crate) fn issued(&self) -> Option<Timestamp> {
        number(&self.claims, "iat").map(Timestamp)
    }

    /// What has to be checked, with this key.
    pub(crate) fn signature_job(&self, id: RequestId, jwk: String) -> SignatureJob {
        let signing_input = self.raw.expose().rsplit_once('.').map_or("", |(signed, _)| signed).to_owned();
        SignatureJob { id, algorithm: self.algorithm, jwk, signing_input, signature: self.signature.clone() }
    }

    /// The signature check's result. Only a valid one makes a signed token.
    pub fn with_verdict(self, verdict: SignatureVerdict) -> Result<SignedIdToken, TokenError> {
        match verdict {
            SignatureVerdict::Valid => Ok(SignedIdToken(self)),
            SignatureVerdict::Invalid | SignatureVerdict::Unavailable => Err(TokenError::SignatureInvalid),
        }
    }
}

impl SignedIdToken {
    /// The steps of OIDC Core 3.1.3.7 that need no key, and `at_hash` of 3.1.3.8.
    pub fn check(self, expected: &Expected<'_>, now: Timestamp) -> Result<IdToken, TokenError> {
        let Self(token) = self;
        let claims = &token.claims;
        check_parties(claims, expected)?;
        check_times(claims, expected, now)?;
        check_binding(claims, expected)?;
        check_access_token(claims, expected.access_token)?;
        Ok(IdToken { raw: token.raw, claims: token.claims })
    }
}

fn check_parties(claims: &Value, expected: &Expected<'_>) -> Result<(), TokenError> {
    // Step 2: the issuer must be exactly the one that was asked.
    if text(claims, "iss") != Some(expected.issuer) {
        return Err(TokenError::IssuerMismatch);
    }
    text(claims, "sub").ok_or(TokenError::Malformed)?;
    // Step 3: aud is one string or several; ours must be among them.
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audiences.contains(&expected.client_id) {
        return Err(TokenError::AudienceMismatch);
    }
    // Steps 4 and 5: with several audiences azp must be there, and where it is there it must be us.
    let authorized_party = claims.get("azp");
    let is_us = authorized_party.and_then(Value::as_str) == Some(expected.client_id);
    if (audiences.len() > 1 || authorized_party.is_some()) && !is_us {
        return Err(TokenError::AuthorizedPartyMismatch);
    }
    Ok(())
}

fn check_times(claims: &Value, expected: &Expected<'_>, now: Timestamp) -> Result<(), TokenError> {
    // Step 9.
    let expires = number(claims, "exp").ok_or(TokenError::Expired)?;
    if now.0.saturating_sub(CLOCK_SKEW) >= expires {
        return Err(TokenError::Expired);
    }
    // Step 10.
    let issued = number(claims, "iat").ok_or(TokenError::IssuedInTheFuture)?;
    if issued > now.0.saturating_add(CLOCK_SKEW) {
        return Err(TokenError::IssuedInTheFuture);
    }
    // Step 13: auth_time must be there if max_age was asked for.
    let Some(max_age) = expected.max_age else { return Ok(()) };
    let authenticated = number(claims, "auth_time").ok_or(TokenError::AuthenticationTooOld)?;
    let oldest = now.0.saturating_sub(CLOCK_SKEW).saturating_sub(i64::try_from(max_age).unwrap_or(i64::MAX));
    if authenticated < oldest { Err(TokenError::AuthenticationTooOld) } else { Ok(()) }
}

fn check_binding(claims: &Value, expected: &Expected<'_>) -> Result<(), TokenError> {
    // Step 11: a nonce was sent, so it must come back.
    if text(claims, "nonce") != Some(expected.nonce) {
        return Err(TokenError::NonceMismatch);
    }
    // Step 12. A context that was wanted only if possible binds nobody.
    let Some(wanted) = expected.acr_values.filter(|values| !crate::text::contains(values, ":ifpossible"))
    else {
        return Ok(());
    };
    let is_wanted = text(claims, "acr").is_some_and(|acr| wanted.split(' ').any(|value| value == acr));
    if is_wanted { Ok(()) } else { Err(TokenError::AcrMismatch) }
}

/// OIDC Core 3.1.3.8 with 3.3.2.11: the left half of the access token's SHA-256. Optional in the code flow, so only a
/// claim that is there can be wrong.
fn check_access_token(claims: &Value, access_token: &str) -> Result<(), TokenError> {
    let Some(claim) = claims.get("at_hash") else { return Ok(()) };
    let digest = Sha256::digest(access_token.as_bytes());
    let left_half = digest.get(..digest.len() / 2).unwrap_or_default();
    if claim.as_str() == Some(&base64url::encode(left_half)) {
        Ok(())
    } else {
        Err(TokenError::AccessTokenMismatch)
    }
}

fn json_object(part: &str) -> Result<Value, TokenError> {
    let bytes = base64url::decode(part).ok_or(TokenError::Malformed)?;
    let text = String::from_utf8(bytes).ok().ok_or(TokenError::Malformed)?;
    serde_json::from_str(&text).ok().filter(Value::is_object).ok_or(TokenError::Malformed)
}

fn text<'a>(claims: &'a Value, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}

/// NumericDate may have a fraction (RFC 7519 section 2), which is cut off: floating-point arithmetic would weigh more than
/// all the other checks.
fn number(claims: &Value, name: &str) -> Option<i64> {
    let value = claims.get(name).filter(|value| value.is_number())?;
    value.as_i64().or_else(|| json_text(value).split_once('.')?.0.parse().ok())
}

impl TokenError {
    /// The stable name of this refusal.
    pub const fn code(self) -> &'static str {
        self.described().0
    }

    const fn described(self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => ("id_token.malformed", "the ID token is not a compact JWS with JSON inside"),
            Self::AlgorithmNotAllowed => {
                ("id_token.algorithm_not_allowed", "`alg` is neither RS256 nor ES256")
            }
            Self::UnknownKey => ("id_token.unknown_key", "the issuer's keys have none with this `kid`"),
            Self::SignatureInvalid => {
                ("id_token.signature_invalid", "the ID token's signature is not the issuer's")
            }
            Self::IssuerMismatch => ("id_token.issuer_mismatch", "`iss` is not exactly the option `issuer`"),
            Self::AudienceMismatch => {
                ("id_token.audience_mismatch", "`aud` does not hold the option `clientId`")
            }
            Self::AuthorizedPartyMismatch => {
                ("id_token.authorized_party_mismatch", "`azp` is not the option `clientId`")
            }
            Self::Expired => ("id_token.expired", "`exp` has passed by more than the allowed clock skew"),
            Self::IssuedInTheFuture => (
                "id_token.issued_in_the_future",
                "`iat` is later than now by the server's `Date`, or by this device's clock",
            ),
            Self::NonceMismatch => ("id_token.nonce_mismatch", "`nonce` is not the one of this sign-in"),
            Self::AccessTokenMismatch => {
                ("id_token.access_token_mismatch", "`at_hash` is not that of the access token")
            }
            Self::AcrMismatch => ("id_token.acr_mismatch", "`acr` is none of the option `acrValues`"),
            Self::AuthenticationTooOld => {
                ("id_token.authentication_too_old", "`auth_time` is older than `maxAge`")
            }
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.described().1)
    }
}

#[cfg(test)]
mod tests;
