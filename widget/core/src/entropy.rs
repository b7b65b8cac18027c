//! Randomness as a value: one seed from the platform, any number of secrets derived from it.
//!
//! A flow that starts over needs fresh secrets but has no dice, so each is SHA-256 over the seed and a counter. The seed
//! never leaves this type, and SHA-256 does not run backwards: who sees one derived value learns nothing of the next.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base64url;

/// Thirty-two bytes from the platform's generator, and how much has been drawn from them.
pub struct Entropy {
    seed: [u8; 32],
    drawn: u64,
}

impl Entropy {
    /// `seed`: 32 bytes of a cryptographically secure generator, used for one flow only.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The next 256 bits as 43 characters of base64url; long enough for a code verifier (RFC 7636 section 4.1).
    pub(crate) fn token(&mut self) -> String {
        self.drawn += 1;
        let digest = Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes()).finalize();
        base64url::encode(&digest)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Entropy;

    #[test]
    fn no_two_draws_are_alike_and_each_is_43_characters() {
        let mut entropy = Entropy::new([7; 32]);
        let (first, second) = (entropy.token(), entropy.token());
        assert_ne!(first, second);
        assert_eq!((first.len(), second.len()), (43, 43));
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(Entropy::new([1; 32]).token(), Entropy::new([1; 32]).token());
        assert_ne!(Entropy::new([1; 32]).token(), Entropy::new([2; 32]).token());
    }
}
