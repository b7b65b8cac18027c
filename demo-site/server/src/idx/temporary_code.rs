//! Temporary access codes: how they are made and compared. An operator makes one (`operator.rs`), a person types it.

use crate::digest as digests;
use crate::entropy::{self, Entropy, EntropyError};

/// A code of 60 random bits in groups, in letters and digits that nobody mistakes for one another.
pub(crate) fn new(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let bytes: [u8; 12] = entropy::array(entropy)?;
    let groups = bytes.chunks(4).map(|group| group.iter().map(|byte| letter(*byte)).collect::<String>());
    Ok(groups.collect::<Vec<_>>().join("-"))
}

/// What is kept of a code. It has as many bits as a token needs, so that no slow hash is needed; how it is written,
/// with hyphens or in small letters, does not matter.
pub(crate) fn digest(code: &str) -> String {
    let written = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    digests::sha256(&written.collect::<String>())
}

/// 256 is a multiple of 32: each letter is as likely as any other.
fn letter(byte: u8) -> char {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    ALPHABET.get(usize::from(byte) % ALPHABET.len()).copied().map_or('2', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = new(&SystemEntropy::default()).unwrap();
        assert_eq!(code.len(), 14);
        assert_eq!(digest(&code), digest(&code.to_lowercase().replace('-', " ")));
        assert_ne!(digest(&code), digest(&new(&SystemEntropy::default()).unwrap()));
    }
}
