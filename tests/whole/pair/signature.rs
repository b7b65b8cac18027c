//! SubtleCrypto's part: a real check of a real signature.

use jsonwebtoken::{DecodingKey, crypto, jwk::Jwk};
use latchkey_core::{
    base64url,
    io::SignatureVerdict,
    oidc::{Algorithm, SignatureJob},
};

/// Whether the key made the signature. A key that cannot be read has made none.
pub(crate) fn check(job: &SignatureJob) -> SignatureVerdict {
    let algorithm = match job.algorithm {
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
    };
    let key = serde_json::from_str::<Jwk>(&job.jwk).ok().and_then(|jwk| DecodingKey::from_jwk(&jwk).ok());
    let signature = base64url::encode(&job.signature);
    let is_made_by =
        |key| crypto::verify(&signature, job.signing_input.as_bytes(), &key, algorithm).unwrap_or(false);
    if key.is_some_and(is_made_by) { SignatureVerdict::Valid } else { SignatureVerdict::Invalid }
}
