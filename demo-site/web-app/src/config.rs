//! What the application has to be told: where it is, who its identity server is, and who it is to that.
//!
//! From a TOML file, from variables of the environment, or from both; a variable wins. Unknown keys are refused.

use std::net::{Ipv4Addr, SocketAddr};

use openidconnect::url::{Host, Url};
use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use serde::Deserialize;
use thiserror::Error;

/// What is wrong with the configuration, and what to do.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file is no TOML, or has a key that there is not.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// A setting that has to be there is not.
    #[error("`{name}` is missing: write it into the file, or set the variable {}", variable(.name))]
    Missing {
        /// The key in the file.
        name: &'static str,
    },
    /// Where it listens does not follow from the address.
    #[error(
        "`listen` is missing: over https, a proxy in front of the application has the certificate; write where that finds it, \
         such as 127.0.0.1:4403, into the file, or set the variable {}",
        variable("listen")
    )]
    NowhereToListen,
    /// A setting is not what it has to be.
    #[error("`{name}` must be {expected}, and is \"{value}\"")]
    Wrong {
        /// The key in the file.
        name: &'static str,
        /// What it has to be.
        expected: &'static str,
        /// What it is. Never a secret: those may be anything.
        value: String,
    },
}

/// See the head of the file.
#[derive(Clone, Debug)]
pub struct Config {
    /// Origin under which browsers know the application.
    address: Url,
    listen: SocketAddr,
    pub(crate) issuer: IssuerUrl,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: Option<ClientSecret>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    address: Option<String>,
    listen: Option<String>,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

impl Config {
    /// Reads the file's text (which may be empty) and the variables that `environment` knows.
    pub fn read(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let written: Written = toml::from_str(text)?;
        let setting = |name, written| environment(&variable(name)).or(written);
        let needed = |name, written| setting(name, written).ok_or(ConfigError::Missing { name });
        let address = origin(needed("address", written.address)?)?;
        let issuer = needed("issuer", written.issuer)?;
        if !Url::parse(&issuer).is_ok_and(|url| is_safe(&url)) {
            return Err(wrong("issuer", "an https address (http on localhost)", issuer));
        }
        let client_id = needed("client_id", written.client_id)?;
        let client_secret = setting("client_secret", written.client_secret);
        Ok(Self {
            listen: listen(setting("listen", written.listen), &address)?,
            address,
            issuer: IssuerUrl::new(issuer)
                .map_err(|error| wrong("issuer", "an address", error.to_string()))?,
            client_id: ClientId::new(filled("client_id", "the client's name", client_id)?),
            client_secret: client_secret
                .map(|secret| filled("client_secret", "a secret, or left out", secret))
                .transpose()?
                .map(ClientSecret::new),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// The address under which browsers know the application.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    pub(crate) fn url(&self) -> &Url {
        &self.address
    }

    /// The address of one of the application's own places, as it is registered at the identity server.
    pub(crate) fn place(&self, path: &str) -> String {
        format!("{}{path}", self.address())
    }

    pub(crate) fn is_https(&self) -> bool {
        self.address.scheme() == "https"
    }
}

/// `client_id` in the file is `WEB_APP_CLIENT_ID` in the environment.
fn variable(name: &str) -> String {
    format!("WEB_APP_{}", name.to_ascii_uppercase())
}

fn wrong(name: &'static str, expected: &'static str, value: String) -> ConfigError {
    ConfigError::Wrong { name, expected, value }
}

/// An empty secret would be sent like any other: only one that is left out makes a public client (RFC 6749 section 2.1).
fn filled(name: &'static str, expected: &'static str, value: String) -> Result<String, ConfigError> {
    if value.trim().is_empty() { Err(wrong(name, expected, value)) } else { Ok(value) }
}

fn origin(address: String) -> Result<Url, ConfigError> {
    const EXPECTED: &str = "an https origin without a path (http on localhost)";
    let parsed = Url::parse(&address).ok();
    let is_bare = |url: &Url| url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    parsed.filter(|url| is_safe(url) && is_bare(url)).ok_or_else(|| wrong("address", EXPECTED, address))
}

/// Codes and cookies travel there.
fn is_safe(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

/// Left out, it is the port of the address on this machine: browsers come to it themselves. Over https they cannot.
fn listen(written: Option<String>, address: &Url) -> Result<SocketAddr, ConfigError> {
    let Some(written) = written else {
        let port = address.port_or_known_default().filter(|_| address.scheme() == "http");
        return port.map(|port| (Ipv4Addr::LOCALHOST, port).into()).ok_or(ConfigError::NowhereToListen);
    };
    written
        .parse()
        .map_err(|_error| wrong("listen", "an IP address and a port, such as 127.0.0.1:4403", written))
}

#[cfg(test)]
mod tests {
    use super::Config;

    const WHOLE: &str = "
address = 'http://localhost:4403'
issuer = 'http://localhost:4401/oauth2/default'
client_id = 'demo-web-app'
client_secret = 'a-secret-that-everybody-knows'
";

    fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
        let found = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Config::read(text, found).unwrap_err().to_string()
    }

    #[test]
    fn the_file_is_enough() {
        let config = Config::read(WHOLE, |_| None).unwrap();
        assert_eq!(config.listen().to_string(), "127.0.0.1:4403");
        assert_eq!(config.place("/callback"), "http://localhost:4403/callback");
        assert!(!format!("{config:?}").contains("everybody"), "the secret is printed nowhere");
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let issuer = |name: &str| (name == "WEB_APP_ISSUER").then(|| "https://id.example.com".to_owned());
        assert_eq!(Config::read(WHOLE, issuer).unwrap().issuer.as_str(), "https://id.example.com");
    }

    #[test]
    fn what_is_missing_is_named_with_the_way_out() {
        assert_eq!(
            refusal("address = 'http://localhost:4403'", &[]),
            "`issuer` is missing: write it into the file, or set the variable WEB_APP_ISSUER"
        );
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        assert!(refusal("isuer = 'x'", &[]).contains("unknown field `isuer`"));
    }

    #[test]
    fn what_travels_in_the_clear_is_refused_but_on_this_machine() {
        for address in ["http://app.example.com", "https://app.example.com/below", "app.example.com"] {
            let said = refusal(WHOLE, &[("WEB_APP_ADDRESS", address)]);
            assert!(
                said.starts_with("`address` must be an https origin") && said.contains(address),
                "{said}"
            );
        }
        assert!(
            refusal(WHOLE, &[("WEB_APP_ISSUER", "http://id.example.com")])
                .starts_with("`issuer` must be an https")
        );
    }

    #[test]
    fn nothing_is_neither_a_client_nor_a_secret() {
        for (name, key) in [("WEB_APP_CLIENT_ID", "client_id"), ("WEB_APP_CLIENT_SECRET", "client_secret")] {
            for value in ["", " "] {
                assert!(refusal(WHOLE, &[(name, value)]).starts_with(&format!("`{key}` must be")), "{name}");
            }
        }
    }

    #[test]
    fn over_https_it_has_to_say_where_it_listens() {
        let https = |name: &str| (name == "WEB_APP_ADDRESS").then(|| "https://app.example.com".to_owned());
        let said = Config::read(WHOLE, https).unwrap_err().to_string();
        assert!(said.starts_with("`listen` is missing") && said.contains("WEB_APP_LISTEN"), "{said}");
        let both = |name: &str| {
            if name == "WEB_APP_LISTEN" { Some("127.0.0.1:4403".to_owned()) } else { https(name) }
        };
        assert_eq!(Config::read(WHOLE, both).unwrap().listen().to_string(), "127.0.0.1:4403");
    }

    #[test]
    fn a_place_to_listen_is_an_address_and_a_port() {
        assert!(
            refusal(WHOLE, &[("WEB_APP_LISTEN", "4403")])
                .starts_with("`listen` must be an IP address and a port")
        );
    }
}
