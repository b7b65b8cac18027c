//! Proof Key for Code Exchange (RFC 7636), method S256 only.

use sha2::{Digest, Sha256};

use crate::{base64url, secret::Secret};

/// The secret that redeems the code; 43 characters of base64url.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeVerifier(pub(crate) Secret<String>);

impl CodeVerifier {
    /// Takes a verifier of 43 to 128 unreserved characters (RFC 7636 section 4.1); `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        ((43..=128).contains(&text.len()) && text.chars().all(is_unreserved))
            .then(|| Self(Secret::new(text.to_owned())))
    }

    /// The challenge that goes ahead of it.
    pub fn challenge(&self) -> String {
        challenge_of(self.0.expose())
    }
}

/// BASE64URL(SHA256(ASCII(code_verifier))), RFC 7636 section 4.2.
pub fn challenge_of(verifier: &str) -> String {
    base64url::encode(&Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_rfc_7636_appendix_b() {
        let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_short_or_strange_verifier_is_none() {
        assert_eq!(CodeVerifier::parse("short"), None);
        assert_eq!(CodeVerifier::parse(&"ä".repeat(43)), None);
        assert_eq!(CodeVerifier::parse(&"a".repeat(129)), None);
    }
}
