//! Proofs that whoever asks holds the key that its tokens are bound to (RFC 9449).
//!
//! A proof is a JWT about one request, signed with a key that comes along with it. What is checked here is the proof;
//! whether it is the right key is for those to say who know which one that is.

mod nonce;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{OAuthError, Rejection};
use crate::clock::Timestamp;
use crate::config::DpopRules;
use crate::digest;
use crate::jws::signature_only;
use crate::services::Services;

/// What the `DPoP` header of a request says.
#[derive(Debug, Default)]
pub(crate) enum ProofHeader {
    #[default]
    Absent,
    Once(String),
    /// It is there more than once, or is no text.
    Unusable,
}

/// The request that a proof has to be about.
pub(crate) struct ProvenRequest<'a> {
    pub(crate) method: &'a str,
    /// As clients know it, without a query.
    pub(crate) url: &'a str,
    /// The token that is shown with it, if there is one.
    pub(crate) access_token: Option<&'a str>,
}

/// A proof whose signature is good.
#[derive(Debug)]
struct Proof {
    /// Of the key: RFC 7638.
    jkt: String,
    claims: Claims,
}

/// RFC 9449 section 4.2.
#[derive(Debug, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    ath: Option<String>,
}

/// RFC 9449 section 4.2. What else may be in a head says nothing here, but for `crit`.
#[derive(Deserialize)]
struct Head {
    typ: String,
    alg: Algorithm,
    jwk: Map<String, Value>,
    #[serde(default)]
    crit: Option<Value>,
}

/// Why a proof proves nothing.
#[derive(Debug, PartialEq, Eq)]
enum Flaw {
    Invalid(&'static str),
    /// There is no nonce in it, or one that is not, or no longer, good.
    Nonce,
}

impl Services {
    /// The thumbprint of the key that the request was proved with; none if there is no proof.
    pub(super) async fn proven_key(
        &self,
        header: &ProofHeader,
        request: &ProvenRequest<'_>,
    ) -> Result<Option<String>, Rejection> {
        let text = match header {
            ProofHeader::Absent => return Ok(None),
            ProofHeader::Once(text) => text,
            ProofHeader::Unusable => {
                return Err(invalid_proof("There must be one DPoP header with one proof.").into());
            }
        };
        let proof = Proof::read(text).map_err(OAuthError::from)?;
        let expires_at = self.check(&proof, request).map_err(OAuthError::from)?;
        // RFC 9449 section 11.1. The key is part of the name, so that nobody uses up the proofs of others.
        let id = digest::sha256(&format!("dpop {} {}", proof.jkt, proof.claims.jti));
        if self.store.use_once(&id, expires_at).await? {
            Ok(Some(proof.jkt))
        } else {
            Err(invalid_proof("The proof has been used before: its 'jti' is the same.").into())
        }
    }

    /// Until when the proof would be good if it were shown again.
    fn check(&self, proof: &Proof, request: &ProvenRequest<'_>) -> Result<Timestamp, Flaw> {
        proof.check_request(request)?;
        let (rules, now) = (&self.config.dpop, self.clock.now());
        match rules.nonce_lifetime {
            // RFC 9449 section 4.3, item 11: then the nonce says when it was made, and the client's clock is not asked.
            Some(lifetime) => {
                let nonces = self.dpop_nonces(lifetime);
                proof.claims.nonce.as_deref().and_then(|nonce| nonces.expiry(nonce, now)).ok_or(Flaw::Nonce)
            }
            None => proof.check_time(rules, now),
        }
    }

    /// What the next proof has to carry, where proofs carry one (RFC 9449 section 8).
    pub(crate) fn dpop_nonce(&self) -> Option<String> {
        let lifetime = self.config.dpop.nonce_lifetime?;
        Some(self.dpop_nonces(lifetime).present(self.clock.now()))
    }
}

impl Proof {
    /// RFC 9449 section 4.3, items 2 to 7: what can be said of a proof alone.
    fn read(text: &str) -> Result<Self, Flaw> {
        let head: Head = text
            .split('.')
            .next()
            .and_then(digest::from_base64url)
            .and_then(|head| serde_json::from_slice(&head).ok())
            .ok_or(Flaw::Invalid("The proof is no JWT with 'typ', 'alg' and 'jwk'."))?;
        if head.typ != TYPE {
            return Err(Flaw::Invalid("The 'typ' of the proof must be 'dpop+jwt'."));
        }
        if !ALGORITHMS.contains(&head.alg) {
            return Err(Flaw::Invalid("The 'alg' of the proof is not supported."));
        }
        // RFC 7515 section 4.1.11: nothing that must be understood is.
        if head.crit.is_some() {
            return Err(Flaw::Invalid("The proof has 'crit', and none of it is supported."));
        }
        if PRIVATE_MEMBERS.iter().any(|member| head.jwk.contains_key(*member)) {
            return Err(Flaw::Invalid("The 'jwk' of the proof must be a public key."));
        }
        let Some((key, jkt)) = usable_key(head.jwk, head.alg) else {
            return Err(Flaw::Invalid("The 'jwk' of the proof is no key for its 'alg'."));
        };
        let decoded = jsonwebtoken::decode::<Claims>(text, &key, &signature_only(head.alg));
        let claims = decoded
            .map_err(|_| Flaw::Invalid("The signature or the claims of the proof are not good."))?
            .claims;
        Ok(Self { jkt, claims })
    }

    /// Items 8, 9 and 12.
    fn check_request(&self, request: &ProvenRequest<'_>) -> Result<(), Flaw> {
        let claims = &self.claims;
        let ath = request.access_token.map(digest::sha256);
        let checks = [
            (!claims.jti.is_empty(), "The 'jti' of the proof is empty."),
            (claims.htm == request.method, "The 'htm' of the proof is another method."),
            (is_same_address(&claims.htu, request.url), "The 'htu' of the proof is another address."),
            (ath.is_none() || ath == claims.ath, "The 'ath' of the proof belongs to another access token."),
        ];
        match checks.into_iter().find(|(is_good, _)| !is_good) {
            None => Ok(()),
            Some((_, reason)) => Err(Flaw::Invalid(reason)),
        }
    }

    /// Item 11, where no nonce says when it was made.
    fn check_time(&self, rules: &DpopRules, now: Timestamp) -> Result<Timestamp, Flaw> {
        let iat = Timestamp::from_millis(self.claims.iat.saturating_mul(1000));
        let expires_at = iat.plus(rules.proof_lifetime);
        if self.claims.iat > now.as_seconds().saturating_add(CLOCK_SKEW) {
            return Err(Flaw::Invalid("The 'iat' of the proof is in the future."));
        }
        if expires_at <= now {
            return Err(Flaw::Invalid("The 'iat' of the proof is too long ago."));
        }
        Ok(expires_at)
    }
}

impl From<Flaw> for OAuthError {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Invalid(reason) => invalid_proof(reason),
            // RFC 9449 section 8, in the words that clients know.
            Flaw::Nonce => {
                Self::new(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.")
            }
        }
    }
}

/// RFC 9449 section 5.
pub(super) fn invalid_proof(description: &str) -> OAuthError {
    OAuthError::new(400, INVALID_PROOF, description)
}

/// The key, and its thumbprint.
fn usable_key(jwk: Map<String, Value>, algorithm: Algorithm) -> Option<(DecodingKey, String)> {
    let jwk: Jwk = serde_json::from_value(Value::Object(jwk)).ok()?;
    // The library looks at the family alone: the same point would pass as a key of two curves, with two thumbprints.
    let is_of_its_curve = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) => match algorithm {
            Algorithm::ES256 => key.curve == EllipticCurve::P256,
            _ => key.curve == EllipticCurve::P384,
        },
        _ => true,
    };
    let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| is_of_its_curve)?;
    Some((key, jwk.thumbprint(ThumbprintHash::SHA256).ok()?))
}

/// Whether an `htu` is this address. RFC 9449 section 4.3: query and fragment do not count, nor does spelling that
/// means nothing (RFC 3986 section 6.2.3).
fn is_same_address(htu: &str, url: &str) -> bool {
    fn read(text: &str) -> Option<(String, String, u16, String)> {
        let uri: axum::http::Uri = text.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = uri.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        Some((scheme, uri.host()?.to_ascii_lowercase(), port, uri.path().to_owned()))
    }
    let read = [read(htu), read(url)];
    matches!(read, [Some(one), Some(other)] if one == other)
}

/// What a thumbprint looks like: a SHA-256 in base64url.
pub(super) fn is_thumbprint(text: &str) -> bool {
    digest::from_base64url(text).is_some_and(|bytes| bytes.len() == 32)
}

/// The names of [`ALGORITHMS`].
pub(super) fn algorithm_names() -> Vec<String> {
    ALGORITHMS.iter().map(|algorithm| format!("{algorithm:?}")).collect()
}

/// What proofs may be signed with: public keys only.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::EdDSA,
];

const TYPE: &str = "dpop+jwt";

pub(super) const INVALID_PROOF: &str = "invalid_dpop_proof";

/// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// In seconds: how far a client's clock may be ahead.
const CLOCK_SKEW: i64 = 60;
