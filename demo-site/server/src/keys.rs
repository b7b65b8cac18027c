//! The keys that tokens are signed with.
//!
//! Each authorization server has its own, made at the first start and kept in the database, so that tokens stay
//! valid over a restart. RS256, because every client verifies it. Private keys never leave this module.

mod rotation;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use rotation::{CACHED, Schedule};

use crate::clock::Timestamp;
use crate::digest;
use crate::jws::signature_only;
use crate::store::{Store, StoredKey};

/// The signing keys of all authorization servers.
///
/// Which keys there are is asked of the database each time, so that processes that share it agree. What is kept
/// here is only that a key was read: reading one takes longer than signing with it.
pub(crate) struct Keyring {
    store: Store,
    read: Mutex<BTreeMap<String, Arc<SigningKey>>>,
}

/// What a token is, as its head says it: who takes one kind must not take the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// RFC 9068 section 2.1.
    Access,
    Id,
}

impl TokenType {
    fn name(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Id => "JWT",
        }
    }
}

/// What there is to say of a token's signature, and the claims. Nothing else about the token is checked.
pub(crate) enum Checked<T> {
    /// A published key of the server has signed it.
    Signed(T),
    /// It names a key that the server does not have, or has no more: anybody may have made it.
    UnknownKey(T),
    Bad,
}

/// A signing key, ready for use.
pub(crate) struct SigningKey {
    kid: String,
    /// Reading and checking a private key takes longer than signing with it.
    pair: RsaKeyPair,
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
    #[error("there is no signing key for this authorization server")]
    Missing,
    #[error("the signing key in the database is damaged")]
    Damaged,
    #[error("a token could not be signed")]
    Signing,
}

impl Keyring {
    /// The keys of this database; those of servers that have none are made now.
    pub(crate) async fn open<'s>(
        store: &Store,
        servers: impl Iterator<Item = &'s str>,
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        for server in servers {
            if store.signing_keys(server, now).await?.is_empty() {
                rotation::make_first(store, server, now).await?;
            }
        }
        Ok(Self { store: store.clone(), read: Mutex::default() })
    }

    /// The key that the server signs with now.
    pub(crate) async fn present(&self, server: &str, now: Timestamp) -> Result<Arc<SigningKey>, KeyError> {
        let keys = self.store.signing_keys(server, now).await?;
        let present = keys.iter().rfind(|key| key.signs_from <= now).or_else(|| keys.first());
        self.ready(present.ok_or(KeyError::Missing)?)
    }

    /// The claims of a token that a published key of the server signed, or nothing. The rest of the token is
    /// not checked.
    pub(crate) async fn verify<T: DeserializeOwned>(
        &self,
        server: &str,
        now: Timestamp,
        token: &str,
    ) -> Result<Option<T>, KeyError> {
        Ok(match self.check(server, now, token).await? {
            Checked::Signed(claims) => Some(claims),
            Checked::UnknownKey(_) | Checked::Bad => None,
        })
    }

    /// The same for who has to tell a token of yesterday's key from one that was tampered with.
    pub(crate) async fn check<T: DeserializeOwned>(
        &self,
        server: &str,
        now: Timestamp,
        token: &str,
    ) -> Result<Checked<T>, KeyError> {
        let kid = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid);
        let Some(kid) = kid else { return Ok(Checked::Bad) };
        let keys = self.store.signing_keys(server, now).await?;
        Ok(match keys.iter().find(|key| key.kid == kid) {
            Some(key) => self.ready(key)?.verify(token).map_or(Checked::Bad, Checked::Signed),
            None => insecure_decode_claims(token).map_or(Checked::Bad, Checked::UnknownKey),
        })
    }

    /// The public halves as a JWK Set (RFC 7517), the newest first.
    pub(crate) async fn jwks(&self, server: &str, now: Timestamp) -> Result<Value, KeyError> {
        let keys = self.store.signing_keys(server, now).await?;
        let keys: Vec<_> =
            keys.iter().rev().map(|key| Ok(self.ready(key)?.jwk())).collect::<Result<_, KeyError>>()?;
        Ok(json!({ "keys": keys }))
    }

    fn ready(&self, stored: &StoredKey) -> Result<Arc<SigningKey>, KeyError> {
        // Nothing that panics runs while it is locked, and a map is whole at every moment.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = read.get(&stored.kid) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(SigningKey::read(stored.kid.clone(), &stored.private_key)?);
        read.insert(stored.kid.clone(), Arc::clone(&key));
        Ok(key)
    }
}

impl SigningKey {
    /// A token (RFC 7519) with these claims.
    pub(crate) fn sign(&self, token_type: TokenType, claims: &impl Serialize) -> Result<String, KeyError> {
        // RFC 7515 section 5.1. jsonwebtoken would do the same, and read the key anew for each signature.
        let header = json!({ "alg": "RS256", "kid": self.kid, "typ": token_type.name() }).to_string();
        let claims = serde_json::to_vec(claims).map_err(|_| KeyError::Signing)?;
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Signing)?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that this key signed, or nothing. Only the signature and the algorithm are
    /// checked here.
    fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        jsonwebtoken::decode(token, &self.decoding, &signature_only(Algorithm::RS256))
            .ok()
            .map(|token| token.claims)
    }

    /// The public half (RFC 7517 section 4).
    fn jwk(&self) -> Value {
        json!({
            "kty": "RSA", "alg": "RS256", "use": "sig",
            "kid": self.kid, "n": self.modulus, "e": self.exponent,
        })
    }

    fn read(kid: String, private_key: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_der(private_key).map_err(|_| KeyError::Damaged)?;
        let public = pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        Ok(Self {
            kid,
            decoding: DecodingKey::from_rsa_components(&modulus, &exponent).map_err(|_| KeyError::Damaged)?,
            modulus,
            exponent,
            pair,
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
fn name_of(key: &SigningKey) -> String {
    digest::sha256(&format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, key.exponent, key.modulus))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Claims {
        sub: String,
    }

    const NOW: Timestamp = Timestamp::from_millis(0);

    #[tokio::test]
    async fn the_key_outlives_a_restart_and_verifies_what_it_signed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.sqlite");
        let store = Store::open(&path).await.unwrap();
        let keys = Keyring::open(&store, ["default"].into_iter(), NOW).await.unwrap();
        let key = keys.present("default", NOW).await.unwrap();
        let token = key.sign(TokenType::Id, &json!({ "sub": "pat" })).unwrap();
        let published = keys.jwks("default", NOW).await.unwrap();
        store.close().await;

        let store = Store::open(&path).await.unwrap();
        let later = Timestamp::from_millis(1);
        let again = Keyring::open(&store, ["default"].into_iter(), later).await.unwrap();
        assert_eq!(again.jwks("default", later).await.unwrap(), published);
        let claims = again.verify::<Claims>("default", later, &token).await.unwrap();
        assert_eq!(claims.unwrap().sub, "pat");
    }

    #[tokio::test]
    async fn a_token_that_was_tampered_with_or_unsigned_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("keys.sqlite")).await.unwrap();
        let keys = Keyring::open(&store, ["default"].into_iter(), NOW).await.unwrap();
        let key = keys.present("default", NOW).await.unwrap();
        let token = key.sign(TokenType::Id, &json!({ "sub": "pat" })).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(r#"{"sub":"eve"}"#);
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for bad in [
            format!("{}.{forged}.{}", parts[0], parts[2]),
            format!("{none}.{forged}."),
            "not a token".to_owned(),
        ] {
            assert!(keys.verify::<Claims>("default", NOW, &bad).await.unwrap().is_none(), "{bad}");
        }
    }

    #[tokio::test]
    async fn what_one_server_signed_is_nothing_to_another() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("keys.sqlite")).await.unwrap();
        let keys = Keyring::open(&store, ["default", "org"].into_iter(), NOW).await.unwrap();
        let key = keys.present("default", NOW).await.unwrap();
        let token = key.sign(TokenType::Id, &json!({ "sub": "pat" })).unwrap();
        assert!(keys.verify::<Claims>("org", NOW, &token).await.unwrap().is_none());
        assert!(keys.verify::<Claims>("default", NOW, &token).await.unwrap().is_some());
    }
}
