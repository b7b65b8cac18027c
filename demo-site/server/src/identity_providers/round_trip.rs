//! One browser's way to a provider and back.
//!
//! The browser carries a secret in a cookie; the database knows digests of it and of `state`. What the provider's
//! answer is checked against follows from the secret: neither who reads the database nor who sees the addresses (of
//! which `state`, `nonce` and the code challenge are part) can come back in this person's place.

use crate::digest;
use crate::entropy::{self, Entropy, EntropyError};

/// What makes a round trip this browser's.
pub(crate) struct RoundTrip {
    /// Goes to the provider and comes back (RFC 6749 section 10.12).
    pub(crate) state: String,
    secret: String,
}

impl RoundTrip {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self { state: entropy::opaque(entropy)?, secret: entropy::opaque(entropy)? })
    }

    /// The one that came back: with this `state`, to a browser with this cookie.
    pub(crate) fn returned(state: &str, cookie: &str) -> Option<(Self, String)> {
        let (secret, handle) = cookie.split_once(':')?;
        Some((Self { state: state.to_owned(), secret: secret.to_owned() }, handle.to_owned()))
    }

    /// What the browser keeps meanwhile: the secret, and the handle of the transaction, which the database has not.
    pub(crate) fn cookie(&self, handle: &str) -> String {
        format!("{}:{handle}", self.secret)
    }

    /// Which round trip this is, in the database and in the name of the cookie.
    pub(crate) fn id(&self) -> String {
        digest::sha256(&self.state)
    }

    /// Which browser may end it, in the database.
    pub(crate) fn browser(&self) -> String {
        digest::sha256(&self.secret)
    }

    /// OIDC Core 15.5.2: binds the ID token to this browser.
    pub(super) fn nonce(&self) -> String {
        digest::keyed(self.secret.as_bytes(), "nonce")
    }

    /// RFC 7636 section 4.1: binds the code to this browser.
    pub(super) fn code_verifier(&self) -> String {
        digest::keyed(self.secret.as_bytes(), "code verifier")
    }

    pub(super) fn code_challenge(&self) -> String {
        digest::sha256(&self.code_verifier())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn what_comes_back_is_what_left() {
        let left = RoundTrip::new(&SystemEntropy::default()).unwrap();
        let (back, handle) = RoundTrip::returned(&left.state, &left.cookie("02.a~b~c")).unwrap();
        assert_eq!(handle, "02.a~b~c");
        assert_eq!(
            (back.id(), back.browser(), back.nonce(), back.code_verifier()),
            (left.id(), left.browser(), left.nonce(), left.code_verifier())
        );
    }

    #[test]
    fn what_can_be_seen_gives_nothing_away() {
        let trip = RoundTrip::new(&SystemEntropy::default()).unwrap();
        let seen = [trip.state.clone(), trip.nonce(), trip.code_challenge(), trip.id(), trip.browser()];
        for kept in [trip.code_verifier(), trip.secret.clone()] {
            assert!(seen.iter().all(|text| !text.contains(&kept)));
        }
        assert_eq!(trip.code_verifier().len(), 43);
    }
}
