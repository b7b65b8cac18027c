//! The key that tokens are signed with.
//!
//! Made at the first start and kept in the database, so that tokens stay valid over a restart. RS256, because
//! every client verifies it. Private keys never leave this module.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::digest;
use crate::store::Store;

/// The signing key, ready for use.
#[derive(Clone)]
pub(crate) struct SigningKey {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    modulus: String,
    exponent: String,
}

/// Why there is no key, or why it would not sign.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("the signing key cannot be read or written: {0}")]
    Store(#[from] sqlx::Error),
    #[error("no signing key could be made")]
    Generation,
    #[error("the signing key in the database is damaged")]
    Damaged,
    #[error("a token could not be signed: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

impl SigningKey {
    /// The key of this database; made now if there is none.
    pub(crate) async fn open(store: &Store, now: Timestamp) -> Result<Self, KeyError> {
        if let Some((kid, private_key)) = store.signing_key().await? {
            return Self::read(kid, &private_key);
        }
        let private_key = tokio::task::spawn_blocking(generate).await.map_err(|_| KeyError::Generation)??;
        let kid = name_of(&private_key)?;
        store.add_signing_key(&kid, &private_key, now).await?;
        Self::read(kid, &private_key)
    }

    /// A signed token (RFC 7519) with these claims.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &self.encoding)?)
    }

    /// The claims of a token that this key signed, or nothing. Only the signature and the algorithm are
    /// checked here: the library would ask the machine's clock about the rest.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode(token, &self.decoding, &validation).ok().map(|token| token.claims)
    }

    /// The public half as a JWK Set (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig",
            "kid": self.kid, "n": self.modulus, "e": self.exponent,
        }] })
    }

    fn read(kid: String, private_key: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_der(private_key).map_err(|_| KeyError::Damaged)?;
        let public = pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        Ok(Self {
            kid,
            encoding: EncodingKey::from_rsa_der(private_key),
            decoding: DecodingKey::from_rsa_components(&modulus, &exponent)?,
            modulus,
            exponent,
        })
    }
}

/// A new 2048-bit key as an `RSAPrivateKey` (RFC 8017 A.1.2).
fn generate() -> Result<Vec<u8>, KeyError> {
    // RFC 5208 section 5: before the key stand the headers of the sequence (4 bytes) and of the octet string
    // (4), the version (3) and the algorithm (15). They have this length for every RSA key of this size, and
    // a key that did not begin here would be refused when it is read.
    const HEADER: usize = 26;
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generation)?;
    let pkcs8 = pair.as_der().map_err(|_| KeyError::Generation)?;
    pkcs8.as_ref().get(HEADER..).map(<[u8]>::to_vec).ok_or(KeyError::Generation)
}

/// The name of a key: its thumbprint (RFC 7638).
fn name_of(private_key: &[u8]) -> Result<String, KeyError> {
    let key = SigningKey::read(String::new(), private_key)?;
    Ok(digest::sha256(&format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, key.exponent, key.modulus)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Claims {
        sub: String,
    }

    #[tokio::test]
    async fn the_key_outlives_a_restart_and_verifies_what_it_signed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.sqlite");
        let store = Store::open(&path).await.unwrap();
        let key = SigningKey::open(&store, Timestamp::from_millis(0)).await.unwrap();
        let token = key.sign(&json!({ "sub": "pat" })).unwrap();
        store.close().await;

        let store = Store::open(&path).await.unwrap();
        let again = SigningKey::open(&store, Timestamp::from_millis(1)).await.unwrap();
        assert_eq!(again.jwks(), key.jwks());
        assert_eq!(again.verify::<Claims>(&token).unwrap().sub, "pat");
    }

    #[tokio::test]
    async fn a_token_that_was_tampered_with_or_unsigned_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("keys.sqlite")).await.unwrap();
        let key = SigningKey::open(&store, Timestamp::from_millis(0)).await.unwrap();
        let token = key.sign(&json!({ "sub": "pat" })).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(r#"{"sub":"eve"}"#);
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        assert!(key.verify::<Claims>(&format!("{}.{forged}.{}", parts[0], parts[2])).is_none());
        assert!(key.verify::<Claims>(&format!("{none}.{forged}.")).is_none());
        assert!(key.verify::<Claims>("not a token").is_none());
    }
}
