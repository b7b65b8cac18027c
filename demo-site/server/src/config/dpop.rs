//! Proofs of possession (RFC 9449): `[server.dpop]`.
//!
//! Any client may bind its tokens to a key; which have to is said at the client. Here is what holds for all proofs.

use std::time::Duration;

use super::{ConfigError, section::Section};

/// What a proof has to be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DpopRules {
    /// How old a proof may be that carries no nonce.
    pub(crate) proof_lifetime: Duration,
    /// How long a nonce is good; none if proofs need none.
    pub(crate) nonce_lifetime: Option<Duration>,
}

impl DpopRules {
    /// Reads `[server.dpop]`.
    pub(super) fn read(server: &mut Section) -> Result<Self, ConfigError> {
        let mut section = server.section("dpop", &["nonce", "nonce_lifetime", "proof_lifetime"])?;
        let is_required = section.choice("nonce", &[("none", false), ("required", true)], false)?;
        let (unused, reason) = if is_required {
            ("proof_lifetime", "is for proofs without a nonce: leave it out, or set `nonce` to \"none\"")
        } else {
            ("nonce_lifetime", "is for proofs with a nonce: leave it out, or set `nonce` to \"required\"")
        };
        let is_unused_written = section.has(unused);
        let nonce_lifetime = lifetime(&mut section, "nonce_lifetime", Duration::from_secs(600))?;
        let proof_lifetime = lifetime(&mut section, "proof_lifetime", Duration::from_secs(300))?;
        if is_unused_written {
            return Err(section.invalid(unused, reason));
        }
        Ok(Self { proof_lifetime, nonce_lifetime: is_required.then_some(nonce_lifetime) })
    }
}

fn lifetime(section: &mut Section, key: &str, default: Duration) -> Result<Duration, ConfigError> {
    let lifetime = section.duration(key, default)?;
    // Two nonces are good at a time, and a client needs a moment to answer with the one that it was given, or to get its
    // proof here.
    if lifetime < Duration::from_secs(10) {
        return Err(section.invalid(key, "must be ten seconds at least"));
    }
    // RFC 9449 section 11.1: what was used is remembered for so long.
    if lifetime > Duration::from_secs(3600) {
        return Err(section.invalid(key, "must be an hour at most"));
    }
    Ok(lifetime)
}
