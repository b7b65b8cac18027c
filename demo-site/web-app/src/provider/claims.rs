//! Claims as a page shows them, and the names of the checks that they may not pass.

use openidconnect::{ClaimsVerificationError, SignatureVerificationError};
use serde::Serialize;
use serde_json::{Map, Value};

/// All of them, by name; what they are was checked before.
pub(super) fn shown(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => claims,
        _ => Map::new(),
    }
}

/// The check that failed, in the words of `latchkey/tokens`.
pub(super) fn fault(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience_mismatch",
        ClaimsVerificationError::InvalidAuthContext(_) => "acr_mismatch",
        ClaimsVerificationError::InvalidAuthTime(_) => "authentication_too_old",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer_mismatch",
        ClaimsVerificationError::InvalidNonce(_) => "nonce_mismatch",
        ClaimsVerificationError::InvalidSubject(_) => "subject_mismatch",
        ClaimsVerificationError::SignatureVerification(error) => signature_fault(error),
        _ => "malformed",
    }
}

fn signature_fault(error: &SignatureVerificationError) -> &'static str {
    match error {
        SignatureVerificationError::DisallowedAlg(_) => "algorithm_not_allowed",
        SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => {
            "unknown_key"
        }
        _ => "signature_invalid",
    }
}
