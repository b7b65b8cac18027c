//! A key of a client, and the proofs that are made with it: good ones, and such that differ in one thing.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::support::TestServer;

pub(crate) struct Prover {
    algorithm: Algorithm,
    key: EncodingKey,
    /// The public half.
    pub(crate) jwk: Value,
    proofs: AtomicU32,
}

impl Prover {
    pub(crate) fn new() -> Self {
        Self::with(Algorithm::ES256)
    }

    pub(crate) fn with(algorithm: Algorithm) -> Self {
        let (key, jwk) = match algorithm {
            Algorithm::ES256 => ec("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => ec("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::EdDSA => ed25519(),
            _ => rsa(KeySize::Rsa2048),
        };
        Self { algorithm, key, jwk, proofs: AtomicU32::new(0) }
    }

    /// RFC 7638, by its own words.
    pub(crate) fn thumbprint(&self) -> String {
        let members: &[&str] = match self.jwk["kty"].as_str().unwrap() {
            "EC" => &["crv", "kty", "x", "y"],
            "OKP" => &["crv", "kty", "x"],
            _ => &["e", "kty", "n"],
        };
        let pairs: Vec<_> = members.iter().map(|name| format!("\"{name}\":{}", self.jwk[*name])).collect();
        digest(&format!("{{{}}}", pairs.join(",")))
    }

    /// A proof for the token endpoint.
    pub(crate) fn token_proof(&self, server: &TestServer) -> String {
        self.sign(&self.head(), &self.claims(server, "POST", super::TOKEN))
    }

    pub(crate) fn head(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": self.algorithm, "jwk": self.jwk })
    }

    pub(crate) fn claims(&self, server: &TestServer, method: &str, url: &str) -> Value {
        let number = self.proofs.fetch_add(1, Ordering::Relaxed);
        json!({ "htm": method, "htu": url, "iat": server.now_in_seconds(), "jti": format!("proof {number}") })
    }

    /// Signed whatever they say, with this key's algorithm.
    pub(crate) fn sign(&self, head: &Value, claims: &Value) -> String {
        let [head, claims] = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let message = format!("{head}.{claims}");
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// `value` with another member, or without it.
pub(crate) fn with(mut value: Value, name: &str, member: Option<Value>) -> Value {
    let object = value.as_object_mut().unwrap();
    match member {
        Some(member) => object.insert(name.to_owned(), member),
        None => object.remove(name),
    };
    value
}

/// SHA-256 in base64url.
pub(crate) fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()))
}

fn ec(curve: &str, algorithm: &'static EcdsaSigningAlgorithm) -> (EncodingKey, Value) {
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref()).unwrap();
    let point = &pair.public_key().as_ref()[1..];
    let [x, y] = [&point[..point.len() / 2], &point[point.len() / 2..]].map(|it| URL_SAFE_NO_PAD.encode(it));
    (EncodingKey::from_ec_der(der.as_ref()), json!({ "kty": "EC", "crv": curve, "x": x, "y": y }))
}

fn ed25519() -> (EncodingKey, Value) {
    let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    (EncodingKey::from_ed_der(der.as_ref()), json!({ "kty": "OKP", "crv": "Ed25519", "x": x }))
}

fn rsa(size: KeySize) -> (EncodingKey, Value) {
    let pair = RsaKeyPair::generate(size).unwrap();
    let der = pair.as_der().unwrap();
    let public = pair.public_key();
    let [n, e] = [
        public.modulus().big_endian_without_leading_zero(),
        public.exponent().big_endian_without_leading_zero(),
    ]
    .map(|it| URL_SAFE_NO_PAD.encode(it));
    // RFC 5208 section 5: what stands before the key itself in PKCS #8 has this length for keys of this size.
    (EncodingKey::from_rsa_der(&der.as_ref()[26..]), json!({ "kty": "RSA", "n": n, "e": e }))
}
