//! Links in mails: the same as typing the code, for who reads the mail on another device.
//!
//! The secret in the link is not kept. The code in the same mail follows from it, so that the page behind the
//! link can show the code although the database has only digests of both.

use serde::{Deserialize, Serialize};

use crate::config::Issuer;
use crate::digest;
use crate::entropy::{self, Entropy, EntropyError};

/// The link of one mail.
pub(crate) struct Link {
    secret: String,
}

/// What its page tells about the sign-in that asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AboutSignIn {
    pub(crate) identifier: String,
    pub(crate) application: String,
    pub(crate) browser: String,
    /// The network address that it comes from: more is not known.
    pub(crate) place: String,
}

impl Link {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self { secret: entropy::opaque(entropy)? })
    }

    /// The link with this secret, as it came back.
    pub(crate) fn of_secret(secret: &str) -> Self {
        Self { secret: secret.to_owned() }
    }

    /// The name under which the database keeps what became of it.
    pub(crate) fn id(&self) -> String {
        digest::sha256(&self.secret)
    }

    /// Six digits that nobody can tell without the link.
    pub(crate) fn code(&self) -> String {
        let number = digest::keyed(self.secret.as_bytes(), "the code beside the link")
            .bytes()
            .fold(0_u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte)));
        format!("{:06}", number % 1_000_000)
    }

    pub(crate) fn address(&self, issuer: &Issuer) -> String {
        format!("{}{PATH}?token={}", issuer.origin(), self.secret)
    }
}

/// Browser and system, as far as `User-Agent` gives them away.
pub(crate) fn browser_of(user_agent: &str) -> String {
    // In this order, because each of them also names those after it.
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

/// Where the page is.
pub(crate) const PATH: &str = "/email/verify";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_follows_from_the_link_and_from_nothing_else() {
        let code = Link::of_secret("one").code();
        assert_eq!(code.len(), 6);
        assert_eq!(code, Link::of_secret("one").code());
        assert_ne!(code, Link::of_secret("another").code());
    }

    #[test]
    fn browsers_are_told_apart() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(browser_of(chrome), "Chrome on Linux");
        assert_eq!(browser_of(&format!("{chrome} Edg/140.0")), "Edge on Linux");
        assert_eq!(
            browser_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"),
            "Safari on iOS"
        );
        assert_eq!(browser_of("curl/8"), "unknown");
    }
}
