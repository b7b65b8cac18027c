//! What people may prove themselves with beside password and e-mail: `[policy.authenticators]`.
//!
//! Nothing of it is on by default, and what needs the demonstration inbox says so when it is not there.

use super::section::Section;
use super::{Client, ConfigError, MailConfig, Policy};

/// Everything under `[policy.authenticators]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authenticators {
    pub(crate) passkey: Enrollment,
    pub(crate) totp: Enrollment,
    pub(crate) security_question: Enrollment,
    pub(crate) phone: Enrollment,
    pub(crate) push: Enrollment,
    /// Whether a push asks for the number that the sign-in page shows.
    pub(crate) number_challenge: bool,
}

/// Whether people set an authenticator up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enrollment {
    /// It is not offered, and what was set up earlier is not asked for.
    Off,
    /// It is offered after a sign-in, and may be skipped.
    Optional,
    /// Nobody is signed in without it.
    Required,
}

/// When a second proof is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondFactor {
    Never,
    /// From people who have set one up.
    IfEnrolled,
    Always,
}

impl Authenticators {
    pub(super) fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        let mut section = policy.section(
            "authenticators",
            &["passkey", "totp", "security_question", "phone", "push", "number_challenge"],
        )?;
        let mut enrollment = |key: &str| {
            let choices = [
                ("off", Enrollment::Off),
                ("optional", Enrollment::Optional),
                ("required", Enrollment::Required),
            ];
            section.choice(key, &choices, Enrollment::Off)
        };
        let authenticators = Self {
            passkey: enrollment("passkey")?,
            totp: enrollment("totp")?,
            security_question: enrollment("security_question")?,
            phone: enrollment("phone")?,
            push: enrollment("push")?,
            number_challenge: false,
        };
        Ok(Self { number_challenge: section.boolean("number_challenge", false)?, ..authenticators })
    }

    fn all(&self) -> [Enrollment; 5] {
        [self.passkey, self.totp, self.security_question, self.phone, self.push]
    }
}

/// What cannot work together although each key alone is good.
pub(super) fn check(
    policy: &Policy,
    clients: &[Client],
    mail: &MailConfig,
    rp_id: &str,
) -> Result<(), ConfigError> {
    let authenticators = &policy.authenticators;
    let is_on = |enrollment: Enrollment| enrollment != Enrollment::Off;
    if policy.passkey_autofill && !is_on(authenticators.passkey) {
        return Err(invalid("policy.passkey_autofill", "needs `policy.authenticators.passkey`"));
    }
    let has_second = policy.email_code || authenticators.all().into_iter().any(is_on);
    if policy.second_factor == SecondFactor::Always && !has_second {
        return Err(invalid(
            "policy.second_factor",
            "cannot be \"always\" with neither `policy.email_code` nor anything in [policy.authenticators]",
        ));
    }
    for (key, enrollment) in [("phone", authenticators.phone), ("push", authenticators.push)] {
        if is_on(enrollment) && !matches!(mail, MailConfig::Inbox) {
            let key = format!("policy.authenticators.{key}");
            return Err(invalid(&key, "needs `mail.inbox`: nothing is sent to real phones"));
        }
    }
    if is_on(authenticators.passkey) { check_origins(clients, rp_id) } else { Ok(()) }
}

/// WebAuthn Level 3, 5.1.3 step 7: a page may only use passkeys of its own domain or one above it.
fn check_origins(clients: &[Client], rp_id: &str) -> Result<(), ConfigError> {
    if rp_id.parse::<std::net::IpAddr>().is_ok() || rp_id.contains(['[', ':', '/']) {
        return Err(invalid("server.rp_id", "must be a domain: browsers make no passkeys for addresses"));
    }
    for (index, client) in clients.iter().enumerate() {
        if let Some(origin) = client.origins.iter().find(|origin| !is_within(origin, rp_id)) {
            let reason = format!("has {origin}, which is not within `server.rp_id` (\"{rp_id}\")");
            return Err(invalid(&format!("clients[{index}].origins"), &reason));
        }
    }
    Ok(())
}

fn is_within(origin: &str, rp_id: &str) -> bool {
    let Some((_, authority)) = origin.split_once("://") else { return false };
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    host == rp_id || host.strip_suffix(rp_id).is_some_and(|above| above.ends_with('.'))
}

fn invalid(key: &str, reason: &str) -> ConfigError {
    ConfigError::InvalidValue { key: key.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_within_its_own_domain_and_those_above() {
        assert!(is_within("http://localhost:4400", "localhost"));
        assert!(is_within("https://app.example.com", "example.com"));
        for origin in ["https://badexample.com", "https://example.com.evil.test", "https://example.org"] {
            assert!(!is_within(origin, "example.com"), "{origin}");
        }
    }
}
