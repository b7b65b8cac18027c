//! Secrets that have to be known to be used, kept so that the database alone does not tell them.
//!
//! What can be a digest is one (`digest.rs`). The rest is sealed with a key that is in a file of the operator's, not in the
//! database: AES-256-GCM with a random nonce, bound to whose secret it is, so that a row is of no use in another's place.
//! The first key seals, every key opens. Without a key, and from before there was one, secrets are as they are.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::config::Config;
use crate::digest;
use crate::entropy::{self, Entropy, EntropyError};

/// The keys that secrets are sealed with.
#[derive(Default)]
pub(crate) struct Seals {
    keys: Vec<SealingKey>,
}

struct SealingKey {
    /// Follows from the key and does not tell it.
    name: String,
    key: LessSafeKey,
}

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error("a secret could not be sealed")]
    Sealing,
    #[error(
        "a secret was sealed with the key \"{0}\", which is in no file of `server.secret_key_files`: name the file that \
         has it, after the one with the new key if there is one; if it is lost, docs/operations.md has the way out"
    )]
    UnknownKey(String),
    #[error("a sealed secret was changed, or put into another place")]
    Damaged,
}

impl Seals {
    /// The keys in the files that the configuration names.
    ///
    /// # Errors
    /// At the first file that is not there or not good, with the way out.
    pub(crate) fn read(config: &Config) -> Result<Self, String> {
        let read = |path: &std::path::PathBuf| {
            SealingKey::read(path)
                .map_err(|error| format!("`server.secret_key_files` names {}: {error}", path.display()))
        };
        Ok(Self { keys: config.secret_key_files.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// A secret as it is to be kept. `owner` is whose it is, and has to be said again to open it.
    pub(crate) fn seal(&self, entropy: &dyn Entropy, owner: &str, secret: &str) -> Result<String, SealError> {
        let Some(SealingKey { name, key }) = self.keys.first() else { return Ok(secret.to_owned()) };
        let nonce: [u8; NONCE_LEN] = entropy::array(entropy)?;
        let mut sealed = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(|_| SealError::Sealing)?;
        let bytes = [&nonce[..], &sealed].concat();
        Ok(format!("{SEALED}{name}:{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A secret that was kept.
    pub(crate) fn open(&self, owner: &str, kept: &str) -> Result<String, SealError> {
        let Some(sealed) = kept.strip_prefix(SEALED) else { return Ok(kept.to_owned()) };
        let (name, sealed) = sealed.split_once(':').ok_or(SealError::Damaged)?;
        let key = self.keys.iter().find(|key| key.name == name);
        let key = &key.ok_or_else(|| SealError::UnknownKey(name.to_owned()))?.key;
        let sealed = digest::from_base64url(sealed).ok_or(SealError::Damaged)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError::Damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Damaged)?;
        let mut sealed = sealed.to_vec();
        let opened = key.open_in_place(nonce, Aad::from(owner), &mut sealed);
        let opened = opened.map_err(|_| SealError::Damaged)?.to_vec();
        String::from_utf8(opened).map_err(|_| SealError::Damaged)
    }

    /// Whether a secret is kept as it would be now.
    pub(crate) fn is_current(&self, kept: &str) -> bool {
        match (self.keys.first(), kept.strip_prefix(SEALED)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(key), Some(sealed)) => sealed.split_once(':').is_some_and(|(name, _)| name == key.name),
        }
    }
}

impl SealingKey {
    fn read(path: &Path) -> Result<Self, String> {
        check_permissions(path)?;
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let bytes = STANDARD.decode(text.trim()).ok();
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or_else(|| {
            format!(
                "it must hold 32 random bytes in base64, as `openssl rand -base64 32 > {}` writes them",
                path.display()
            )
        })?;
        Self::of(bytes).ok_or_else(|| "its key cannot be used".to_owned())
    }

    fn of(bytes: [u8; 32]) -> Option<Self> {
        let name = digest::keyed(&bytes, "name of a sealing key").chars().take(8).collect();
        Some(Self { name, key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).ok()?) })
    }
}

/// A key that everybody on the machine can read is none.
#[cfg(unix)]
fn check_permissions(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(format!("others can read it: `chmod 600 {}`", path.display()))
}

#[cfg(not(unix))]
fn check_permissions(_path: &Path) -> Result<(), String> {
    Ok(())
}

/// How a sealed secret begins. No other does: a colon is in neither Base32 nor base64.
const SEALED: &str = "sealed:";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    fn seals(keys: &[u8]) -> Seals {
        Seals { keys: keys.iter().map(|key| SealingKey::of([*key; 32]).unwrap()).collect() }
    }

    fn seal(seals: &Seals) -> String {
        seals.seal(&SystemEntropy::default(), "pat", "JBSWY3DPEHPK3PXP").unwrap()
    }

    #[test]
    fn what_is_sealed_is_opened_for_its_owner_alone() {
        let seals = seals(&[1]);
        let kept = seal(&seals);
        assert!(!kept.contains("JBSWY3DPEHPK3PXP"));
        assert_ne!(seal(&seals), kept, "the nonce is another each time");
        assert_eq!(seals.open("pat", &kept).unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(matches!(seals.open("robin", &kept), Err(SealError::Damaged)));
    }

    #[test]
    fn what_was_changed_anywhere_is_not_opened() {
        let seals = seals(&[1]);
        let kept = seal(&seals);
        for index in SEALED.len()..kept.len() {
            let mut changed: Vec<char> = kept.chars().collect();
            changed[index] = if changed[index] == 'A' { 'B' } else { 'A' };
            let changed: String = changed.into_iter().collect();
            assert!(seals.open("pat", &changed).is_err(), "{changed}");
        }
        for cut in [SEALED, "sealed:x", "sealed::", "sealed:x:AAAA"] {
            assert!(seals.open("pat", cut).is_err(), "{cut}");
        }
    }

    #[test]
    fn keys_follow_one_another() {
        let (old, both, new) = (seals(&[1]), seals(&[2, 1]), seals(&[2]));
        let kept = seal(&old);
        assert_eq!(both.open("pat", &kept).unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(!both.is_current(&kept));
        assert!(both.is_current(&seal(&both)));
        assert_eq!(new.open("pat", &seal(&both)).unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(matches!(new.open("pat", &kept), Err(SealError::UnknownKey(_))));
    }

    #[test]
    fn without_a_key_secrets_are_as_they_are_and_with_one_such_are_still_read() {
        let none = seals(&[]);
        assert_eq!(seal(&none), "JBSWY3DPEHPK3PXP");
        assert!(none.is_current("JBSWY3DPEHPK3PXP"));
        assert_eq!(seals(&[1]).open("pat", "JBSWY3DPEHPK3PXP").unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(!seals(&[1]).is_current("JBSWY3DPEHPK3PXP"));
        assert!(matches!(none.open("pat", &seal(&seals(&[1]))), Err(SealError::UnknownKey(_))));
    }
}
