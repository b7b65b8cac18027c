//! What people may prove themselves with beside password and e-mail: `[policy.authenticators]`.
//!
//! Nothing of it is on by default, and what needs the demonstration inbox says so when it is not there.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::section::Section;
use super::{Client, Config, ConfigError, MailConfig, Policy};

/// Which authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Password,
    Email,
    Passkey,
    Totp,
    SecurityQuestion,
    Phone,
    Push,
    /// An account at another identity provider.
    IdentityProvider,
    /// A temporary access code.
    Tac,
}

/// Everything under `[policy.authenticators]`.
#[derive(Clone, Debug)]
pub(crate) struct Authenticators {
    /// All there are, in the order in which they are offered.
    pub(crate) order: Vec<Kind>,
    /// Whether people have passwords at all.
    pub(crate) password: bool,
    pub(crate) passkey: Enrollment,
    pub(crate) totp: Enrollment,
    pub(crate) security_question: Enrollment,
    pub(crate) phone: Enrollment,
    pub(crate) push: Enrollment,
    /// For how long what is required may be put off; nothing if not at all.
    pub(crate) grace: Option<Grace>,
    pub(crate) identity_provider: Enrollment,
    /// Whether codes that operators make are taken.
    pub(crate) temporary_access_code: bool,
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

/// For how long somebody may put off what they have to set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grace {
    /// From when they are first asked.
    For(Duration),
    /// For so many sign-ins.
    SignIns(u32),
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
            &[
                "order",
                "password",
                "passkey",
                "totp",
                "security_question",
                "phone",
                "push",
                "grace",
                "identity_provider",
                "number_challenge",
                "temporary_access_code",
            ],
        )?;
        let order = Kind::order(&mut section)?;
        let grace = Grace::read(&mut section)?;
        let mut enrollment = |key: &str| {
            let choices = [
                ("off", Enrollment::Off),
                ("optional", Enrollment::Optional),
                ("required", Enrollment::Required),
            ];
            section.choice(key, &choices, Enrollment::Off)
        };
        let authenticators = Self {
            order,
            grace,
            password: true,
            passkey: enrollment("passkey")?,
            totp: enrollment("totp")?,
            security_question: enrollment("security_question")?,
            phone: enrollment("phone")?,
            push: enrollment("push")?,
            identity_provider: enrollment("identity_provider")?,
            number_challenge: false,
            temporary_access_code: false,
        };
        Ok(Self {
            password: section.boolean("password", true)?,
            number_challenge: section.boolean("number_challenge", false)?,
            temporary_access_code: section.boolean("temporary_access_code", false)?,
            ..authenticators
        })
    }

    fn all_enrolled(&self) -> [Enrollment; 6] {
        let Self { passkey, totp, security_question, phone, push, identity_provider, .. } = *self;
        [passkey, totp, security_question, phone, push, identity_provider]
    }
}

impl Grace {
    fn read(section: &mut Section) -> Result<Option<Self>, ConfigError> {
        if section.has_number("grace") {
            return section.number("grace", 1, 1..=1000).map(|count| Some(Self::SignIns(count)));
        }
        let is_given = section.has("grace");
        let duration = section.duration("grace", Duration::MAX)?;
        Ok(is_given.then_some(Self::For(duration)))
    }
}

impl Kind {
    /// All there are, as configurations call them, in the order in which they are offered unless it says otherwise.
    const NAMES: [(&str, Self); 9] = [
        ("password", Self::Password),
        ("email", Self::Email),
        ("passkey", Self::Passkey),
        ("push", Self::Push),
        ("totp", Self::Totp),
        ("phone", Self::Phone),
        ("security_question", Self::SecurityQuestion),
        ("identity_provider", Self::IdentityProvider),
        ("temporary_access_code", Self::Tac),
    ];

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.into_iter().map(|(_, kind)| kind)
    }

    /// Those that are named first, and then the others.
    fn order(section: &mut Section) -> Result<Vec<Self>, ConfigError> {
        let mut order = section.choices("order", &Self::NAMES)?;
        let unnamed: Vec<_> = Self::all().filter(|kind| !order.contains(kind)).collect();
        order.extend(unnamed);
        Ok(order)
    }
}

/// What cannot work together although each key alone is good. `path` is where the policy stands.
pub(super) fn check(policy: &Policy, path: &str, mail: &MailConfig) -> Result<(), ConfigError> {
    let authenticators = &policy.authenticators;
    let is_on = |enrollment: Enrollment| enrollment != Enrollment::Off;
    if policy.passkey_autofill && !is_on(authenticators.passkey) {
        let reason = format!("needs `{path}.authenticators.passkey`");
        return Err(invalid(&format!("{path}.passkey_autofill"), &reason));
    }
    // Somebody new has nothing but their address.
    for (key, is_there) in [("email_code", policy.email_code), ("identifier_first", policy.identifier_first)]
    {
        if !authenticators.password && !is_there {
            let reason = format!("cannot be false without `{path}.{key}`");
            return Err(invalid(&format!("{path}.authenticators.password"), &reason));
        }
    }
    let has_second = policy.email_code || authenticators.all_enrolled().into_iter().any(is_on);
    if policy.second_factor == SecondFactor::Always && !has_second {
        let reason = format!(
            "cannot be \"always\" with neither `{path}.email_code` nor anything in [{path}.authenticators]"
        );
        return Err(invalid(&format!("{path}.second_factor"), &reason));
    }
    check_recovery(policy, path)?;
    for (key, enrollment) in [("phone", authenticators.phone), ("push", authenticators.push)] {
        if is_on(enrollment) && !matches!(mail, MailConfig::Inbox) {
            let key = format!("{path}.authenticators.{key}");
            return Err(invalid(&key, "needs `mail.inbox`: nothing is sent to real phones"));
        }
    }
    Ok(())
}

/// People prove with what they have set up, and set up what the policy has.
fn check_recovery(policy: &Policy, path: &str) -> Result<(), ConfigError> {
    let (recovery, authenticators) = (&policy.recovery, &policy.authenticators);
    if policy.unlock && recovery.authenticators.is_empty() {
        let reason = format!("needs something in `{path}.recovery.authenticators`");
        return Err(invalid(&format!("{path}.unlock"), &reason));
    }
    let ways = &recovery.authenticators;
    for (key, is_asked, enrollment) in [
        ("phone", ways.contains(&Kind::Phone), authenticators.phone),
        ("push", ways.contains(&Kind::Push), authenticators.push),
        ("security_question", recovery.security_question, authenticators.security_question),
    ] {
        if is_asked && enrollment == Enrollment::Off {
            let reason = format!("asks for \"{key}\" and needs `{path}.authenticators.{key}`");
            return Err(invalid(&format!("{path}.recovery"), &reason));
        }
    }
    Ok(())
}

/// WebAuthn Level 3, 5.1.3 step 7: a page may only use passkeys of its own domain or one above it.
pub(super) fn check_origins(config: &Config) -> Result<(), ConfigError> {
    let rp_id = &config.rp_id;
    let has_passkeys =
        |client: &Client| config.policy_of(&client.client_id).authenticators.passkey != Enrollment::Off;
    if !config.clients.iter().any(has_passkeys) {
        return Ok(());
    }
    if rp_id.parse::<std::net::IpAddr>().is_ok() || rp_id.contains(['[', ':', '/']) {
        return Err(invalid("server.rp_id", "must be a domain: browsers make no passkeys for addresses"));
    }
    for (index, client) in config.clients.iter().enumerate().filter(|(_, client)| has_passkeys(client)) {
        if let Some(origin) = client.origins.iter().find(|origin| !is_within(origin, rp_id)) {
            let reason = format!("has {origin}, which is not within `server.rp_id` (\"{rp_id}\")");
            return Err(invalid(&format!("clients[{index}].origins"), &reason));
        }
    }
    Ok(())
}

/// Whether an origin is of this domain, or of one below it.
pub(crate) fn is_within(origin: &str, rp_id: &str) -> bool {
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
