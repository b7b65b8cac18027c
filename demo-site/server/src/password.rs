//! Passwords: hashing, comparing, and what a new one must be like.
//!
//! Argon2id at the parameters that OWASP recommends. A hash takes tens of milliseconds and 19 MiB on purpose,
//! so it runs on threads of its own, and no more of them at a time than there are processors: otherwise a burst
//! of sign-ins would take all memory. Which password belongs to whom is the store's business.

mod memory;
mod rules;
mod threads;

use std::sync::Arc;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, PasswordVerifier as _, Version};

use memory::Memory;
use threads::Threads;

pub(crate) use rules::{Person, broken_rules, describe};

use crate::entropy::{self, Entropy, EntropyError};

/// Hashes and compares passwords.
pub(crate) struct Passwords {
    hashing: Arc<Hashing>,
    threads: Threads,
}

/// What a hash is made with.
struct Hashing {
    argon2: Argon2<'static>,
    memory: Memory,
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("argon2: {0}")]
    Argon2(#[from] argon2::password_hash::Error),
    #[error("argon2: {0}")]
    Parameters(#[from] argon2::Error),
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error("no threads to hash on: {0}")]
    Threads(#[source] std::io::Error),
    #[error("the hashing thread went away")]
    Thread,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, PasswordError> {
        // OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
        let params = Params::new(19_456, 2, 1, None)?;
        let memory = Memory::of(params.block_count());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { hashing: Arc::new(Hashing { argon2, memory }), threads: Threads::new()? })
    }

    /// Hashes a new password, in PHC string format.
    pub(crate) async fn hash(&self, entropy: &dyn Entropy, password: &str) -> Result<String, PasswordError> {
        let (hashing, password, salt) =
            (Arc::clone(&self.hashing), password.to_owned(), entropy::array(entropy)?);
        self.threads.run(move || hashing.hash(&password, salt)).await?
    }

    /// Whether `password` is the one behind `hash`. Takes as long when there is no hash, and is then false.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError> {
        let (hashing, password) = (Arc::clone(&self.hashing), password.to_owned());
        let is_real = hash.is_some();
        let hash = hash.unwrap_or(DECOY).to_owned();
        let is_equal = self.threads.run(move || hashing.is_behind(&password, &hash)).await??;
        Ok(is_real && is_equal)
    }
}

impl Hashing {
    fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
        let salt = Salt::new(&salt).map_err(argon2::password_hash::Error::from)?;
        let output = self.output(password, &salt)?;
        Ok(format!("{PARAMETERS}{salt}${output}"))
    }

    fn is_behind(&self, password: &str, hash: &str) -> Result<bool, PasswordError> {
        let parsed = PasswordHash::new(hash).map_err(argon2::password_hash::Error::from)?;
        match (parsed.salt, parsed.hash) {
            // Outputs are compared in constant time.
            (Some(salt), Some(expected)) if hash.starts_with(PARAMETERS) && expected.len() == OUTPUT => {
                Ok(self.output(password, &salt)? == expected)
            }
            // Hashes that were brought along, made with other parameters.
            (_, _) => Ok(self.argon2.verify_password(password.as_bytes(), &parsed).is_ok()),
        }
    }

    fn output(&self, password: &str, salt: &Salt) -> Result<Output, PasswordError> {
        let mut output = [0; OUTPUT];
        self.memory.lend(|memory| {
            self.argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)
        })?;
        Ok(Output::new(&output).map_err(argon2::password_hash::Error::from)?)
    }
}

/// How a hash of these parameters begins.
const PARAMETERS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// The length of a hash itself.
const OUTPUT: usize = Params::DEFAULT_OUTPUT_LEN;

/// A hash to compare with where there is none, so that people who do not exist take as long as those who do.
/// What it is a hash of does not matter: a comparison with it never counts.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGF0Y2hrZXkgZGVjb3kgIQ$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher as _;

    use super::*;
    use crate::entropy::SystemEntropy;

    #[tokio::test]
    async fn a_hash_names_its_parameters_and_fits_its_password_only() {
        let entropy = SystemEntropy::default();
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&entropy, "Correct-Horse-42").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("Correct-Horse-42", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct-horse-42", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_is_what_others_would_make_of_it_and_the_other_way_round() {
        let entropy = SystemEntropy::default();
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&entropy, "Correct-Horse-42").await.unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(b"Correct-Horse-42", &parsed).is_ok());
        // Of other parameters: m = 64 KiB, t = 3.
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 3, 1, None).unwrap());
        let other =
            argon2.hash_password_with_salt(b"Correct-Horse-42", b"a salt of theirs").unwrap().to_string();
        assert!(passwords.verify("Correct-Horse-42", Some(&other)).await.unwrap());
        assert!(!passwords.verify("correct-horse-42", Some(&other)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.verify("anything", None).await.unwrap());
    }

    #[tokio::test]
    async fn the_decoy_costs_what_a_hash_costs() {
        let entropy = SystemEntropy::default();
        let hash = Passwords::new().unwrap().hash(&entropy, "Correct-Horse-42").await.unwrap();
        let shape = |hash: &str| {
            let parts: Vec<_> = hash.split('$').collect();
            (parts[1..4].join("$"), parts[4].len(), parts[5].len())
        };
        assert_eq!(shape(DECOY), shape(&hash));
    }
}
