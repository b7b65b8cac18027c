//! The applications that people sign in to: `[[clients]]`.
//!
//! A client that can keep a secret proves who it is at the endpoints that only clients use; one that cannot is
//! public, and PKCE stands in for the proof. What each may ask for is said here and refused everywhere else.

use std::time::Duration;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use serde::{Deserialize, Serialize};

use super::section::Section;
use super::{AuthorizationServer, ConfigError, issuer};
use crate::digest;

/// An application that people sign in to.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) origins: Vec<String>,
    /// Where the browser may be sent after signing out (OIDC RP-Initiated Logout 1.0, section 3.1).
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) grant_types: Vec<GrantType>,
    response_types: Vec<ResponseType>,
    /// Whether people are asked before the client gets what it asks for.
    pub(crate) is_consent_required: bool,
    /// For how long after its use a refresh token may be used once more, because the answer may have been lost.
    pub(crate) refresh_token_reuse_interval: Duration,
    /// Whether it gets no tokens but those that are bound to a key (RFC 9449 section 5.2).
    pub(crate) is_dpop_required: bool,
    /// The name of its policy, if it has one of its own.
    pub(super) policy: Option<String>,
    /// The servers that it may use, by id; empty for all.
    authorization_servers: Vec<String>,
}

/// How a client proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClientAuthentication {
    /// Not at all: a public client (RFC 6749 section 2.1).
    None,
    /// By a secret, of which only the digest is kept. Sent in the header or in the body: RFC 6749 section 2.3.1
    /// has servers take the first and lets them take the second, and clients are not always of one mind.
    Secret { digest: String },
    /// By an assertion that one of these keys has signed (RFC 7523).
    PrivateKeyJwt(JwkSet),
}

/// RFC 6749 and its extensions: what tokens may be had for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantType {
    InteractionCode,
    AuthorizationCode,
    RefreshToken,
    Implicit,
    Password,
    ClientCredentials,
    DeviceCode,
}

/// What the authorization endpoint may be asked for (OAuth 2.0 Multiple Response Type Encoding Practices): a set,
/// so that the order in which a client writes it does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResponseType {
    pub(crate) has_code: bool,
    pub(crate) has_id_token: bool,
    pub(crate) has_token: bool,
}

impl Client {
    pub(crate) fn has_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known == origin)
    }

    /// Whether it is this client's address, byte for byte (RFC 9700 section 2.1).
    pub(crate) fn has_redirect_uri(&self, redirect_uri: &str) -> bool {
        self.redirect_uris.iter().any(|known| known == redirect_uri)
    }

    pub(crate) fn has_grant_type(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    pub(crate) fn has_response_type(&self, response_type: ResponseType) -> bool {
        self.response_types.contains(&response_type)
    }

    pub(crate) fn may_use(&self, server: &AuthorizationServer) -> bool {
        self.authorization_servers.is_empty() || self.authorization_servers.contains(&server.id)
    }

    /// RFC 6749 section 2.1.
    pub(crate) fn is_public(&self) -> bool {
        self.authentication == ClientAuthentication::None
    }

    pub(super) fn read_all(
        document: &mut Section,
        servers: &[std::sync::Arc<AuthorizationServer>],
    ) -> Result<Vec<Self>, ConfigError> {
        let sections = document.sections("clients", &KEYS)?;
        if sections.is_empty() {
            return Err(ConfigError::MissingKey { key: "clients".to_owned() });
        }
        let mut clients: Vec<Self> = Vec::new();
        for mut section in sections {
            let client = Self::read(&mut section)?;
            let unknown = client
                .authorization_servers
                .iter()
                .find(|id| !servers.iter().any(|server| server.id == **id));
            if let Some(unknown) = unknown {
                let reason = format!("names \"{unknown}\", which is not in [[authorization_servers]]");
                return Err(section.invalid("authorization_servers", &reason));
            }
            if clients.iter().any(|other| other.client_id == client.client_id) {
                return Err(section.invalid("client_id", "is there twice"));
            }
            clients.push(client);
        }
        Ok(clients)
    }

    fn read(section: &mut Section) -> Result<Self, ConfigError> {
        let client_id = section.required_text("client_id")?;
        let grant_types = GrantType::read_all(section)?;
        let client = Self {
            name: section.text("name")?.unwrap_or_else(|| client_id.clone()),
            redirect_uris: section.texts("redirect_uris")?,
            origins: section.texts("origins")?,
            post_logout_redirect_uris: section.texts("post_logout_redirect_uris")?,
            authentication: ClientAuthentication::read(section)?,
            response_types: ResponseType::read_all(section, &grant_types)?,
            is_consent_required: section.choice("consent", &[("none", false), ("required", true)], false)?,
            refresh_token_reuse_interval: section.short("refresh_token_reuse_interval")?,
            is_dpop_required: section.boolean(DPOP_BOUND, false)?,
            policy: section.text("policy")?,
            authorization_servers: section.texts("authorization_servers")?,
            grant_types,
            client_id,
        };
        client.check(section)?;
        Ok(client)
    }

    fn check(&self, section: &Section) -> Result<(), ConfigError> {
        let is_redirected = [GrantType::InteractionCode, GrantType::AuthorizationCode, GrantType::Implicit]
            .into_iter()
            .any(|grant_type| self.has_grant_type(grant_type));
        if is_redirected && self.redirect_uris.is_empty() {
            return Err(section.invalid("redirect_uris", "must name at least one address"));
        }
        // RFC 6749 section 3.1.2: no fragment.
        if self.redirect_uris.iter().any(|uri| uri.contains('#')) {
            return Err(section.invalid("redirect_uris", "must not have fragments"));
        }
        // RFC 6454 section 6.2: an origin has no path, so a trailing slash would never match.
        if self.origins.iter().any(|origin| !issuer::is_origin(origin)) {
            return Err(section.invalid("origins", "must be origins such as \"https://app.example.com\""));
        }
        // Nothing proves anything to the authorization endpoint.
        if self.is_dpop_required && self.response_types.iter().any(|it| it.has_token) {
            return Err(section.invalid(DPOP_BOUND, "excludes \"token\" in `response_types`"));
        }
        // RFC 6749 section 4.4: the credentials are all there is.
        if self.has_grant_type(GrantType::ClientCredentials) && self.is_public() {
            return Err(section.invalid(
                "grant_types",
                "has \"client_credentials\", which needs `client_secret` or `jwks`",
            ));
        }
        Ok(())
    }
}

impl ClientAuthentication {
    fn read(section: &mut Section) -> Result<Self, ConfigError> {
        const KEY: &str = "token_endpoint_auth_method";
        let (secret, keys) = (section.text("client_secret")?, section.json("jwks")?);
        let implied = match (&secret, &keys) {
            (None, None) => Method::None,
            (Some(_), None) => Method::Secret,
            (None, Some(_)) => Method::PrivateKeyJwt,
            (Some(_), Some(_)) => {
                return Err(section.invalid("client_secret", "and `jwks` exclude each other"));
            }
        };
        let method = section.choice(KEY, &Method::NAMES, implied)?;
        match (method, secret, keys) {
            (Method::None, None, None) => Ok(Self::None),
            (Method::Secret, Some(secret), _) => Self::by_secret(&secret, section),
            (Method::PrivateKeyJwt, _, Some(keys)) => Self::by_keys(keys, section),
            (Method::None, _, _) => {
                Err(section.invalid(KEY, "is \"none\" although the client has what to prove it with"))
            }
            (Method::Secret, None, _) => Err(section.invalid(KEY, "needs `client_secret`")),
            (Method::PrivateKeyJwt, _, None) => Err(section.invalid(KEY, "needs `jwks`")),
        }
    }

    fn by_secret(secret: &str, section: &Section) -> Result<Self, ConfigError> {
        // RFC 6749 section 10.10: not to be guessed.
        const SHORTEST: usize = 16;
        if secret.chars().count() < SHORTEST {
            return Err(
                section.invalid("client_secret", &format!("must have at least {SHORTEST} characters"))
            );
        }
        Ok(Self::Secret { digest: digest::sha256(secret) })
    }

    fn by_keys(keys: serde_json::Value, section: &Section) -> Result<Self, ConfigError> {
        let is_public = |key: &Jwk| {
            DecodingKey::from_jwk(key).is_ok() && !matches!(key.algorithm, AlgorithmParameters::OctetKey(_))
        };
        serde_json::from_value(keys)
            .ok()
            .filter(|keys: &JwkSet| !keys.keys.is_empty() && keys.keys.iter().all(is_public))
            .map(Self::PrivateKeyJwt)
            .ok_or_else(|| {
                section.invalid("jwks", "must be a JWK Set with public keys: { keys = [{ kty = … }] }")
            })
    }
}

/// What `token_endpoint_auth_method` may be.
#[derive(Clone, Copy)]
enum Method {
    None,
    Secret,
    PrivateKeyJwt,
}

impl Method {
    const NAMES: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("client_secret_basic", Self::Secret),
        ("client_secret_post", Self::Secret),
        ("private_key_jwt", Self::PrivateKeyJwt),
    ];
}

impl GrantType {
    /// Every one of them, as discovery lists them.
    pub(crate) const ALL: [Self; 7] = [
        Self::AuthorizationCode,
        Self::Implicit,
        Self::RefreshToken,
        Self::Password,
        Self::ClientCredentials,
        Self::InteractionCode,
        Self::DeviceCode,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InteractionCode => "interaction_code",
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
            // RFC 8628 section 3.4.
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant_type| grant_type.name() == name)
    }

    fn read_all(section: &mut Section) -> Result<Vec<Self>, ConfigError> {
        if !section.has("grant_types") {
            return Ok(vec![Self::InteractionCode, Self::AuthorizationCode, Self::RefreshToken]);
        }
        let names = section.texts("grant_types")?;
        let grant_types: Option<Vec<_>> = names.iter().map(|name| Self::named(name)).collect();
        grant_types.filter(|grant_types| !grant_types.is_empty()).ok_or_else(|| {
            let names = Self::ALL.map(|grant_type| format!("\"{}\"", grant_type.name()));
            section.invalid("grant_types", &format!("must be some of {}", names.join(", ")))
        })
    }
}

impl ResponseType {
    /// Every one that there is, as discovery lists them.
    pub(crate) const ALL: [&'static str; 6] =
        ["code", "id_token", "code id_token", "code token", "id_token token", "code id_token token"];

    /// What a parameter says; nothing if it is no response type, or says something twice.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parsed = Self::default();
        for word in text.split(' ') {
            let named = match word {
                "code" => &mut parsed.has_code,
                "id_token" => &mut parsed.has_id_token,
                "token" => &mut parsed.has_token,
                _ => return None,
            };
            if std::mem::replace(named, true) {
                return None;
            }
        }
        Some(parsed)
    }

    /// Whether tokens come from the authorization endpoint itself.
    pub(crate) fn is_implicit(self) -> bool {
        self.has_id_token || self.has_token
    }

    fn read_all(section: &mut Section, grant_types: &[GrantType]) -> Result<Vec<Self>, ConfigError> {
        let has_code = grant_types.contains(&GrantType::AuthorizationCode);
        let default = if has_code { vec![CODE.to_owned()] } else { Vec::new() };
        let names = if section.has("response_types") { section.texts("response_types")? } else { default };
        let types: Option<Vec<_>> = names.iter().map(|name| Self::parse(name)).collect();
        let types = types.ok_or_else(|| {
            section.invalid("response_types", "must be made of \"code\", \"id_token\" and \"token\"")
        })?;
        // OIDC Dynamic Client Registration 1.0, section 2: which grant types go with which response types.
        let is_missing = |needs: fn(&Self) -> bool, grant_type: GrantType| {
            types.iter().any(needs) && !grant_types.contains(&grant_type)
        };
        if is_missing(|it| it.is_implicit(), GrantType::Implicit) {
            return Err(section.invalid("response_types", "needs \"implicit\" in `grant_types`"));
        }
        if is_missing(|it| it.has_code, GrantType::AuthorizationCode) {
            return Err(section.invalid("response_types", "needs \"authorization_code\" in `grant_types`"));
        }
        Ok(types)
    }
}

const CODE: &str = "code";

/// The name that RFC 9449 section 5.2 has for it.
const DPOP_BOUND: &str = "dpop_bound_access_tokens";

const KEYS: [&str; 15] = [
    "client_id",
    "client_secret",
    "token_endpoint_auth_method",
    "name",
    "redirect_uris",
    "post_logout_redirect_uris",
    "origins",
    "grant_types",
    "response_types",
    "consent",
    "policy",
    "jwks",
    "refresh_token_reuse_interval",
    "authorization_servers",
    DPOP_BOUND,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_type_is_a_set() {
        assert_eq!(ResponseType::parse("id_token code"), ResponseType::parse("code id_token"));
        assert_ne!(ResponseType::parse("code"), ResponseType::parse("token"));
        for text in ["", "code code", "code  token", "none token", "Code"] {
            assert!(ResponseType::parse(text).is_none(), "{text:?}");
        }
        assert!(ResponseType::ALL.into_iter().all(|name| ResponseType::parse(name).is_some()));
    }
}
