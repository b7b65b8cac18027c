//! Randomness as an argument.
//!
//! Handles, codes, salts and token ids are drawn from an [`Entropy`], so that tests can replay them. The
//! signing key is the exception: aws-lc generates it from its own source and does not let us supply one.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where the server takes random bytes from.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    ///
    /// # Errors
    /// When the source cannot deliver; the caller must then refuse to go on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The random source could not deliver.
#[derive(Debug, thiserror::Error)]
#[error("the random source of the operating system failed")]
pub struct EntropyError;

/// The random source of the operating system.
#[derive(Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(bytes).map_err(|_| EntropyError)
    }
}

/// 256 random bits in base64url: what handles, codes and refresh tokens are made of.
pub(crate) fn opaque(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let bytes: [u8; 32] = array(entropy)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 128 random bits in base64url, for names that need only be unique: ids, generations.
pub(crate) fn unique(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let bytes: [u8; 16] = array(entropy)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// So many random bytes.
pub(crate) fn array<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

/// Six decimal digits, each as likely as any other.
pub(crate) fn digits(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    // 2^32 is not a multiple of a million: the draws above the last multiple would favour low codes.
    const LIMIT: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let draw = u32::from_be_bytes(array(entropy)?);
        if draw < LIMIT {
            return Ok(format!("{:06}", draw % 1_000_000));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Script(Mutex<Vec<u8>>);

    impl Entropy for Script {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            let mut script = self.0.lock().map_err(|_| EntropyError)?;
            for byte in bytes {
                *byte = script.pop().ok_or(EntropyError)?;
            }
            Ok(())
        }
    }

    #[test]
    fn a_code_has_six_digits_also_when_it_is_small() {
        let entropy = Script(Mutex::new(vec![7, 0, 0, 0]));
        assert_eq!(digits(&entropy).unwrap(), "000007");
    }

    #[test]
    fn a_draw_that_would_favour_low_codes_is_thrown_away() {
        let entropy = Script(Mutex::new(vec![9, 0, 0, 0, 255, 255, 255, 255]));
        assert_eq!(digits(&entropy).unwrap(), "000009");
    }

    #[test]
    fn an_exhausted_source_is_an_error_and_not_a_weak_value() {
        assert!(opaque(&Script(Mutex::new(vec![1; 31]))).is_err());
    }

    #[test]
    fn handles_differ() {
        let entropy = SystemEntropy::default();
        assert_ne!(opaque(&entropy).unwrap(), opaque(&entropy).unwrap());
    }
}
