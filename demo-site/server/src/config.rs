//! The configuration: what an operator writes, checked completely before anything starts.
//!
//! `latchkey.example.toml` documents every key with its default; a test reads that file, so the two cannot
//! drift apart. How a table is read and how mistakes are named is in `config/section.rs`.

mod authenticators;
mod authorization_server;
mod client;
mod dpop;
mod hosted;
mod identity_providers;
mod issuer;
mod policy;
mod recovery;
mod section;
mod sessions;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use authenticators::{Authenticators, Enrollment, Grace, Kind, SecondFactor, is_within};
pub(crate) use authorization_server::{AuthorizationServer, Claim, ClaimSource, ClaimedIn};
pub(crate) use client::{Client, ClientAuthentication, GrantType, ResponseType};
pub(crate) use dpop::DpopRules;
pub(crate) use hosted::{Brand, HostedConfig, media_type_of_image};
pub(crate) use identity_providers::{IdentityProvider, Linking, Provisioning, is_safe_address};
pub(crate) use issuer::Issuer;
pub(crate) use policy::{
    AttemptLimits, ExistingAccount, Lifetimes, PasswordEnrollment, PasswordRules, Policy, Registration,
};
pub(crate) use recovery::Recovery;
use section::Section;
pub(crate) use sessions::{RememberMe, SessionRules};

/// Everything the server is told when it starts.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) listen: String,
    /// That of the first authorization server.
    pub(crate) issuer: Issuer,
    /// Never empty; the first one first.
    authorization_servers: Vec<Arc<AuthorizationServer>>,
    /// The domain that passkeys belong to (WebAuthn Level 3, section 4: RP ID).
    pub(crate) rp_id: String,
    pub(crate) database: PathBuf,
    pub(crate) trust_forwarded_for: bool,
    /// From one signing key to the next; none if there is none.
    pub(crate) signing_key_rotation: Option<Duration>,
    /// What the secrets in the database are sealed with, the present key first.
    pub(crate) secret_key_files: Vec<PathBuf>,
    /// Proofs of possession.
    pub(crate) dpop: DpopRules,
    pub(crate) clients: Vec<Client>,
    pub(crate) users: Vec<SeedUser>,
    /// For clients that name none of their own.
    pub(crate) policy: Policy,
    policies: BTreeMap<String, Policy>,
    pub(crate) identity_providers: Vec<IdentityProvider>,
    pub(crate) mail: MailConfig,
    pub(crate) hosted: HostedConfig,
    pub(crate) brand: Brand,
}

impl Config {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// At the first mistake, with the key it is about.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let mut document = Section::document(
            text,
            &[
                "server",
                "authorization_servers",
                "clients",
                "users",
                "policy",
                "policies",
                "identity_providers",
                "mail",
                "hosted",
                "brand",
            ],
        )?;
        let inherited = document.written("policy");
        let mut server = document.section(
            "server",
            &[
                "listen",
                "issuer",
                "rp_id",
                "database",
                "audience",
                "trust_forwarded_for",
                "signing_key_rotation",
                "secret_key_files",
                "dpop",
            ],
        )?;
        let servers = AuthorizationServer::read_all(&mut document, &mut server)?;
        let Some(first) = servers.first() else {
            return Err(ConfigError::MissingKey { key: "server.issuer".to_owned() });
        };
        let issuer = first.issuer.clone();
        let config = Self {
            listen: server.text("listen")?.unwrap_or_else(|| "127.0.0.1:4401".to_owned()),
            rp_id: server.text("rp_id")?.unwrap_or_else(|| issuer.host().to_owned()),
            issuer,
            database: PathBuf::from(server.required_text("database")?),
            trust_forwarded_for: server.boolean("trust_forwarded_for", false)?,
            signing_key_rotation: rotation(&mut server)?,
            secret_key_files: server.texts("secret_key_files")?.into_iter().map(PathBuf::from).collect(),
            dpop: DpopRules::read(&mut server)?,
            clients: Client::read_all(&mut document, &servers)?,
            authorization_servers: servers,
            users: users(&mut document)?,
            policy: Policy::read(document.section("policy", &Policy::KEYS)?)?,
            policies: document
                .heirs("policies", &inherited, &Policy::KEYS)?
                .into_iter()
                .map(|(name, section)| Ok((name, Policy::read(section)?)))
                .collect::<Result<_, ConfigError>>()?,
            identity_providers: IdentityProvider::read_all(&mut document)?,
            mail: MailConfig::read(&mut document)?,
            hosted: HostedConfig::read(&mut document)?,
            brand: Brand::read(&mut document)?,
        };
        config.hosted.check(matches!(config.mail, MailConfig::Inbox))?;
        config.check_policies()?;
        identity_providers::check(&config)?;
        Ok(config)
    }

    fn check_policies(&self) -> Result<(), ConfigError> {
        for (index, client) in self.clients.iter().enumerate() {
            if client.policy.as_ref().is_some_and(|name| !self.policies.contains_key(name)) {
                let names: Vec<_> = self.policies.keys().map(|name| format!("\"{name}\"")).collect();
                let reason = if names.is_empty() {
                    "names a policy, but there is no [policies.NAME]".to_owned()
                } else {
                    format!("must be the name of a policy: {}", names.join(", "))
                };
                return Err(ConfigError::InvalidValue { key: format!("clients[{index}].policy"), reason });
            }
        }
        authenticators::check(&self.policy, "policy", &self.mail)?;
        for (name, policy) in &self.policies {
            authenticators::check(policy, &format!("policies.{name}"), &self.mail)?;
        }
        authenticators::check_origins(self)
    }

    /// The address to listen on, such as `127.0.0.1:4401`.
    #[must_use]
    pub fn listen(&self) -> &str {
        &self.listen
    }

    /// The issuer, exactly as discovery and the tokens say it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    /// What holds for people who sign in to this client.
    pub(crate) fn policy_of(&self, client_id: &str) -> &Policy {
        let name = self.client(client_id).and_then(|client| client.policy.as_ref());
        name.and_then(|name| self.policies.get(name)).unwrap_or(&self.policy)
    }

    /// How long sessions last where nothing is asked for a client: as long as at the client that lets them be idle for longest.
    pub(crate) fn laxest_session_rules(&self) -> SessionRules {
        let own = self.policy.session;
        let idle = self.policies.values().map(|policy| policy.session.idle).fold(own.idle, Duration::max);
        SessionRules { idle, ..own }
    }

    /// All of them, the first one first.
    pub(crate) fn authorization_servers(&self) -> &[Arc<AuthorizationServer>] {
        &self.authorization_servers
    }

    /// Nothing if the operator has taken it out of the configuration.
    pub(crate) fn authorization_server(&self, id: &str) -> Option<&Arc<AuthorizationServer>> {
        self.authorization_servers.iter().find(|server| server.id == id)
    }

    /// The lifetimes of all policies.
    pub(crate) fn lifetimes(&self) -> impl Iterator<Item = Lifetimes> {
        std::iter::once(&self.policy).chain(self.policies.values()).map(|policy| policy.lifetimes)
    }

    /// Whether pages of `origin` belong to any client.
    pub(crate) fn is_registered_origin(&self, origin: &str) -> bool {
        self.clients.iter().any(|client| client.has_origin(origin))
    }
}

/// A person who is there from the start.
#[derive(Clone, Debug)]
pub(crate) struct SeedUser {
    pub(crate) email: String,
    /// Somebody without one activates their account, with a token that the operator makes.
    pub(crate) password: Option<String>,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub(crate) enum MailConfig {
    /// To a page of this server: for demonstrations and tests only.
    Inbox,
    /// To a mail server.
    Smtp(SmtpConfig),
}

/// How to reach the mail server.
#[derive(Clone, Debug)]
pub(crate) struct SmtpConfig {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: SmtpTls,
    pub(crate) credentials: Option<(String, String)>,
    pub(crate) from: String,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SmtpTls {
    /// TLS from the first byte (RFC 8314), usually port 465.
    Implicit,
    /// STARTTLS, and nothing is sent if the server does not offer it; usually port 587.
    StartTls,
    /// In the clear: for a relay on the same machine.
    Off,
}

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is not TOML.
    #[error("the configuration is not valid TOML: {0}")]
    Syntax(String),
    /// A key that nobody reads.
    #[error("unknown key `{key}` {}{}", in_section(section), did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// The key as it was written.
        key: String,
        /// The path of the table it stands in; empty at the top.
        section: String,
        /// The key that was probably meant.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The full path of the key.
        key: String,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, but it is of type {found}")]
    WrongType {
        /// The full path of the key.
        key: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value of the right type that cannot be used.
    #[error("`{key}` {reason}")]
    InvalidValue {
        /// The full path of the key.
        key: String,
        /// What it must be.
        reason: String,
    },
}

fn in_section(section: &str) -> String {
    if section.is_empty() { "at the top level".to_owned() } else { format!("in [{section}]") }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default()
}

fn rotation(server: &mut Section) -> Result<Option<Duration>, ConfigError> {
    const KEY: &str = "signing_key_rotation";
    let default = Duration::from_secs(90 * 24 * 3600);
    if server.is_text(KEY, "never") {
        return server.text(KEY).map(|_| None);
    }
    let interval = server.duration(KEY, default)?;
    if interval < Duration::from_secs(3600) {
        return Err(server.invalid(KEY, "must be an hour at least, or \"never\""));
    }
    Ok(Some(interval))
}

fn users(document: &mut Section) -> Result<Vec<SeedUser>, ConfigError> {
    let sections = document.sections("users", &["email", "password", "first_name", "last_name"])?;
    sections
        .into_iter()
        .map(|mut section| {
            let email = section.required_text("email")?;
            if email.parse::<lettre::Address>().is_err() {
                return Err(section.invalid("email", "must be an address such as \"pat@example.com\""));
            }
            Ok(SeedUser {
                email,
                password: section.text("password")?,
                first_name: section.required_text("first_name")?,
                last_name: section.required_text("last_name")?,
            })
        })
        .collect()
}

impl MailConfig {
    fn read(document: &mut Section) -> Result<Self, ConfigError> {
        let mut mail = document.section("mail", &["inbox", "smtp"])?;
        let inbox = mail.boolean("inbox", false)?;
        match (inbox, mail.has("smtp")) {
            (true, false) => Ok(Self::Inbox),
            (false, true) => {
                let keys = &["host", "port", "tls", "username", "password", "from"];
                SmtpConfig::read(mail.section("smtp", keys)?).map(Self::Smtp)
            }
            // The inbox shows every code to everybody: it is never a default, and never beside real mail.
            (true, true) | (false, false) => {
                Err(mail.invalid("inbox", "must be true, or else [mail.smtp] must be there, not both"))
            }
        }
    }
}

impl SmtpConfig {
    fn read(mut section: Section) -> Result<Self, ConfigError> {
        let tls = section.choice(
            "tls",
            &[("starttls", SmtpTls::StartTls), ("tls", SmtpTls::Implicit), ("none", SmtpTls::Off)],
            SmtpTls::StartTls,
        )?;
        let default_port = match tls {
            SmtpTls::Implicit => 465,
            SmtpTls::StartTls => 587,
            SmtpTls::Off => 25,
        };
        let port = section.number("port", default_port, 1..=u32::from(u16::MAX))?;
        let credentials = match (section.text("username")?, section.text("password")?) {
            (Some(username), Some(password)) => Some((username, password)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(section.invalid("username", "and `password` must be given together"));
            }
        };
        if credentials.is_some() && tls == SmtpTls::Off {
            return Err(section.invalid("tls", "must not be \"none\" when a password would be sent"));
        }
        let from = section.required_text("from")?;
        if from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(section.invalid("from", "must be an address such as \"Demo <no-reply@example.com>\""));
        }
        Ok(Self {
            host: section.required_text("host")?,
            port: u16::try_from(port).unwrap_or_default(),
            tls,
            credentials,
            from,
        })
    }
}
