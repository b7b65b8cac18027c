//! How long people stay signed in at their browsers.
//!
//! Only sign-ins on the server's own pages make sessions; see `sessions.rs`.

use std::time::Duration;

use super::{ConfigError, section::Section};

/// What the policy says about sessions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionRules {
    pub(crate) remember_me: RememberMe,
    /// From the sign-in, however much it is used.
    pub(crate) lifetime: Duration,
    /// From the last use.
    pub(crate) idle: Duration,
    /// From the sign-in, for who wanted to stay signed in. Being idle does not end these.
    pub(crate) remembered: Duration,
    /// From the making of a session token to its use.
    pub(crate) token: Duration,
    /// Whether ending a session also ends the tokens that came of it.
    pub(crate) logout_revokes_tokens: bool,
}

/// Whether people may stay signed in when they close their browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RememberMe {
    Never,
    /// On a page of its own, after the last proof.
    Ask,
    /// By a box on the first page.
    Checkbox,
}

impl SessionRules {
    /// Reads `[policy.session]`.
    pub(super) fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        const KEYS: [&str; 6] =
            ["remember_me", "lifetime", "idle", "remembered", "logout_revokes_tokens", "token"];
        let mut section = policy.section("session", &KEYS)?;
        let choices =
            [("never", RememberMe::Never), ("ask", RememberMe::Ask), ("checkbox", RememberMe::Checkbox)];
        let hours = |hours: u64| Duration::from_secs(60 * 60 * hours);
        Ok(Self {
            remember_me: section.choice("remember_me", &choices, RememberMe::Never)?,
            lifetime: section.duration("lifetime", hours(12))?,
            idle: section.duration("idle", hours(2))?,
            remembered: section.duration("remembered", hours(24 * 30))?,
            token: section.duration("token", Duration::from_secs(300))?,
            logout_revokes_tokens: section.boolean("logout_revokes_tokens", false)?,
        })
    }
}
