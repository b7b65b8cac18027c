//! How secrets are kept: as digests, never as themselves.
//!
//! A handle or token of 256 random bits needs no salt and no slow hash, so SHA-256 is enough. What a person
//! types is different: six digits are found in a million tries, so the hash of an e-mail code is keyed with
//! the transaction's handle, which the database does not hold. Passwords are in `password.rs`.

use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// SHA-256 of a high-entropy secret, in base64url.
pub(crate) fn sha256(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, secret.as_bytes()))
}

/// SHA-256 of a file, in base64url.
pub(crate) fn of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, bytes))
}

/// The left half of SHA-256, in base64url: `at_hash` of OIDC Core 3.1.3.6.
pub(crate) fn left_half(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref().get(..16).unwrap_or_default())
}

/// HMAC-SHA-256 in base64url.
pub(crate) fn keyed(key: &[u8], message: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()))
}

/// The bytes that base64url without padding stands for; nothing if it is none.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Compares without telling by its duration where the difference is.
pub(crate) fn equal(left: &str, right: &str) -> bool {
    constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_challenge_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(sha256(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn at_hash_is_half_as_long() {
        // OIDC Core A.3: this access token has this at_hash.
        assert_eq!(left_half("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn the_same_code_under_another_handle_has_another_digest() {
        assert_ne!(keyed(b"one handle", "123456"), keyed(b"another handle", "123456"));
    }

    #[test]
    fn equal_compares() {
        assert!(equal("abc", "abc"));
        assert!(!equal("abc", "abd"));
        assert!(!equal("abc", "abcd"));
    }
}
