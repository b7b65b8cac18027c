//! The cookies for the session, by which a browser is known again, and of the page before a provider.
//!
//! Cookies ignore ports, so that two servers on one machine would overwrite each other's: their names carry a digest of
//! the origin. Over https they also begin with `__Host-`, which keeps other hosts of the domain from setting them
//! (RFC 6265bis section 4.1.3.2).

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::clock::Timestamp;
use crate::config::Issuer;
use crate::digest;

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in.
    Session,
    /// Which browser it is: sign-ins under way belong to it.
    Browser,
    /// Which browser was asked whether to go to a provider; see `identity_providers/confirmation.rs`.
    Confirmation,
}

impl Cookie {
    /// What the browser holds, if anything.
    pub(crate) fn read(self, headers: &HeaderMap, issuer: &Issuer) -> Option<String> {
        let name = self.name(issuer);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find(|(known, _)| *known == name).map(|(_, value)| value)?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// The header that sets it; until `expires_at`, or else until the browser is closed.
    pub(crate) fn set(
        self,
        issuer: &Issuer,
        value: &str,
        now: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> HeaderValue {
        let age = expires_at
            .map_or_else(String::new, |expires_at| format!("; Max-Age={}", now.until(expires_at).as_secs()));
        self.header(issuer, &format!("{value}{age}"))
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, issuer: &Issuer) -> HeaderValue {
        self.header(issuer, "; Max-Age=0")
    }

    fn header(self, issuer: &Issuer, value: &str) -> HeaderValue {
        let secure = if is_https(issuer) { "; Secure" } else { "" };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", self.name(issuer));
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    fn name(self, issuer: &Issuer) -> String {
        let prefix = if is_https(issuer) { "__Host-" } else { "" };
        let word = match self {
            Self::Session => "session",
            Self::Browser => "browser",
            Self::Confirmation => "confirmation",
        };
        let origin: String = digest::sha256(issuer.origin()).chars().take(8).collect();
        format!("{prefix}latchkey-{word}-{origin}")
    }
}

fn is_https(issuer: &Issuer) -> bool {
    issuer.origin().starts_with("https://")
}
