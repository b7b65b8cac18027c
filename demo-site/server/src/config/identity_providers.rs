//! Other OpenID Providers that people may sign in through: `[[identity_providers]]`.
//!
//! What is said here is believed: a provider decides for its people who they are. How it is asked is in
//! `identity_providers`, what its answer leads to in `idx/flow/identity_providers.rs`.

use std::time::Duration;

use axum::http::Uri;

use super::authenticators::Enrollment;
use super::section::Section;
use super::{Config, ConfigError};

/// One provider.
#[derive(Clone, Debug)]
pub(crate) struct IdentityProvider {
    /// The name in addresses, in the claim `idp`, and in nothing that people see.
    pub(crate) id: String,
    pub(crate) name: String,
    /// What clients choose the button's look by, such as `OIDC` or `GOOGLE`.
    pub(crate) logo: String,
    /// Byte for byte as discovery and the ID tokens say it.
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// None for a public client: PKCE alone binds the code.
    pub(crate) client_secret: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) linking: Linking,
    pub(crate) provisioning: Provisioning,
    /// Whether it is on the first page.
    pub(crate) is_for_sign_in: bool,
    /// Whether it can be set up as a second proof.
    pub(crate) is_factor: bool,
    /// The clients whose people may use it; none named: all.
    clients: Vec<String>,
    /// How long one answer of it may take.
    pub(crate) timeout: Duration,
}

/// Whether somebody unknown becomes the owner of the account that has their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linking {
    Never,
    /// If both this server and the provider have made sure of the address.
    IfVerifiedEmail,
}

/// Whether somebody without an account is given one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provisioning {
    None,
    JustInTime,
}

impl IdentityProvider {
    pub(super) fn read_all(document: &mut Section) -> Result<Vec<Self>, ConfigError> {
        document.sections("identity_providers", &KEYS)?.into_iter().map(Self::read).collect()
    }

    fn read(mut section: Section) -> Result<Self, ConfigError> {
        let provider = Self {
            id: id(&mut section)?,
            name: section.required_text("name")?,
            logo: logo(&mut section)?,
            issuer: section.required_text("issuer")?,
            client_id: section.required_text("client_id")?,
            client_secret: section.text("client_secret")?.filter(|secret| !secret.is_empty()),
            scopes: scopes(&mut section)?,
            linking: section.choice(
                "linking",
                &[("never", Linking::Never), ("verified_email", Linking::IfVerifiedEmail)],
                Linking::IfVerifiedEmail,
            )?,
            provisioning: section.choice(
                "provisioning",
                &[("jit", Provisioning::JustInTime), ("none", Provisioning::None)],
                Provisioning::JustInTime,
            )?,
            is_for_sign_in: section.boolean("sign_in", true)?,
            is_factor: section.boolean("factor", false)?,
            clients: section.texts("clients")?,
            timeout: section.duration("timeout", Duration::from_secs(5))?,
        };
        if !provider.is_for_sign_in && !provider.is_factor {
            return Err(section.invalid("sign_in", "and `factor` cannot both be false"));
        }
        // OIDC Discovery 1.0 section 4.1: what stands after a slash at the end would move.
        if !is_safe_address(&provider.issuer) || provider.issuer.contains(['?', '#']) {
            let reason =
                "must be an address that begins with https:// (http:// only on localhost), without query";
            return Err(section.invalid("issuer", reason));
        }
        Ok(provider)
    }

    /// Whether people of this client may use it.
    pub(crate) fn serves(&self, client_id: &str) -> bool {
        self.clients.is_empty() || self.clients.iter().any(|known| known == client_id)
    }
}

/// What cannot work together although each provider alone is good.
pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let (providers, clients) = (&config.identity_providers, &config.clients);
    let invalid = |index: usize, key: &str, reason: &str| {
        let key = format!("identity_providers[{index}].{key}");
        Err(ConfigError::InvalidValue { key, reason: reason.to_owned() })
    };
    let is_client = |named: &String| clients.iter().any(|client| client.client_id == *named);
    for (index, provider) in providers.iter().enumerate() {
        let earlier = || providers.iter().take(index);
        if earlier().any(|it| it.id == provider.id) {
            return invalid(index, "id", "is the id of another identity provider already");
        }
        if provider.is_factor && earlier().any(|it| it.is_factor) {
            return invalid(index, "factor", "can be true for one identity provider only");
        }
        if !provider.clients.iter().all(is_client) {
            return invalid(index, "clients", "must name clients of [[clients]] by their client_id");
        }
    }
    check_factor(config)
}

/// A policy cannot ask for an account at a provider that its clients' people have no way to.
fn check_factor(config: &Config) -> Result<(), ConfigError> {
    for (index, client) in config.clients.iter().enumerate() {
        let asked = config.policy_of(&client.client_id).authenticators.identity_provider;
        if asked != Enrollment::Off && config.factor_provider(&client.client_id).is_none() {
            let reason = "has a policy with `authenticators.identity_provider`, for which one of \
                          [[identity_providers]] has to be a `factor`";
            let key = format!("clients[{index}]");
            return Err(ConfigError::InvalidValue { key, reason: reason.to_owned() });
        }
    }
    Ok(())
}

impl Config {
    /// The provider that is a second proof for people of this client.
    pub(crate) fn factor_provider(&self, client_id: &str) -> Option<&IdentityProvider> {
        self.identity_providers.iter().find(|provider| provider.is_factor && provider.serves(client_id))
    }
}

/// Whether what is sent to this address is protected on its way: TLS, or it does not leave the machine.
pub(crate) fn is_safe_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let is_local = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => uri.host().is_some(),
        Some("http") => is_local,
        Some(_) | None => false,
    }
}

fn id(section: &mut Section) -> Result<String, ConfigError> {
    let id = section.required_text("id")?;
    if id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Ok(id);
    }
    Err(section.invalid("id", "must be letters, digits, \"-\" and \"_\": it is part of addresses"))
}

fn logo(section: &mut Section) -> Result<String, ConfigError> {
    let logo = section.text("type")?.unwrap_or_else(|| "OIDC".to_owned());
    if !logo.is_empty() && logo.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
        return Ok(logo);
    }
    Err(section.invalid("type", "must be a word in capitals, such as \"OIDC\" or \"GOOGLE\""))
}

fn scopes(section: &mut Section) -> Result<Vec<String>, ConfigError> {
    let scopes = section.texts("scopes")?;
    if scopes.is_empty() {
        return Ok(["openid", "profile", "email"].map(str::to_owned).into());
    }
    // OIDC Core 3.1.2.1: without it there is no ID token, which is the proof.
    if scopes.iter().any(|scope| scope == "openid") {
        return Ok(scopes);
    }
    Err(section.invalid("scopes", "must contain \"openid\""))
}

const KEYS: [&str; 13] = [
    "id",
    "name",
    "type",
    "issuer",
    "client_id",
    "client_secret",
    "scopes",
    "linking",
    "provisioning",
    "sign_in",
    "factor",
    "clients",
    "timeout",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_protected_is_safe() {
        for safe in ["https://id.example.com", "https://id.example.com:8443/a", "http://localhost:4401/x"] {
            assert!(is_safe_address(safe), "{safe}");
        }
        for unsafe_one in [
            "http://id.example.com",
            "http://localhost.example.com",
            "ftp://localhost",
            "/path",
            "",
            "https://",
        ] {
            assert!(!is_safe_address(unsafe_one), "{unsafe_one}");
        }
    }
}
