//! The authorization servers: the organisation's own, and custom ones with audiences, scopes and claims of theirs.
//!
//! Each is an issuer with a signing key of its own, and the tokens of one are nothing to another. The one in
//! `[server] issuer` comes first; the organisation's own, whose issuer is the bare origin, is always there.

use std::sync::Arc;

use serde_json::Value;

use super::section::Section;
use super::{ConfigError, Issuer};

/// Who issues tokens, for whom they are, and what they may say.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationServer {
    /// What the configuration and the database call it.
    pub(crate) id: String,
    pub(crate) issuer: Issuer,
    /// Who the access tokens are for.
    pub(crate) audience: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) claims: Vec<Claim>,
}

/// Something that a client may ask for.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) name: String,
    /// What people read when they are asked to consent.
    pub(crate) description: String,
    /// Whether a client that asks people for their consent has to ask for this one too.
    pub(crate) is_consent_required: bool,
    /// One of OpenID Connect's, or one of the operator's.
    pub(crate) is_standard: bool,
}

/// Something that tokens say beside what the standards have them say.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) token: ClaimedIn,
    pub(crate) source: ClaimSource,
    /// The scopes that any of has to be granted; empty for a claim that is always there.
    pub(crate) scopes: Vec<String>,
}

/// Which token carries a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimedIn {
    IdToken,
    AccessToken,
}

/// Where the value of a claim comes from.
#[derive(Clone, Debug)]
pub(crate) enum ClaimSource {
    /// An attribute of the person's profile, or `email`. Absent if the person has none.
    Attribute(String),
    /// The same for everybody.
    Value(Value),
}

impl AuthorizationServer {
    /// All of them, the first one first.
    pub(super) fn read_all(
        document: &mut Section,
        server: &mut Section,
    ) -> Result<Vec<Arc<Self>>, ConfigError> {
        let mut first = Self::first(server)?;
        let mut others = Vec::new();
        let keys = &["id", "audience", "scopes", "claims"];
        for mut section in document.sections("authorization_servers", keys)? {
            let id = section.required_text("id")?;
            if id == first.id {
                first.extend(&mut section)?;
            } else if others.iter().any(|other: &Self| other.id == id) {
                return Err(section.invalid("id", "is there twice"));
            } else {
                others.push(Self::custom(&id, &first.issuer, &mut section)?);
            }
        }
        let is_own = first.id == ORG;
        let own = (!is_own).then(|| Self::organisation(first.issuer.organisation()));
        Ok(std::iter::once(first).chain(others).chain(own).map(Arc::new).collect())
    }

    pub(crate) fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.name == name)
    }

    fn first(server: &mut Section) -> Result<Self, ConfigError> {
        let issuer = Issuer::read(server)?;
        let audience = server.text("audience")?;
        let Some(id) = issuer.custom_id().map(str::to_owned) else {
            let own = Self::organisation(issuer);
            return Ok(Self { audience: audience.unwrap_or_else(|| own.audience.clone()), ..own });
        };
        if RESERVED.contains(&id.as_str()) {
            return Err(server.invalid("issuer", "must not have \"org\" or \"v1\" after /oauth2/"));
        }
        let audience = audience.unwrap_or_else(|| DEFAULT_AUDIENCE.to_owned());
        Ok(Self { id, issuer, audience, scopes: Scope::standard(), claims: Vec::new() })
    }

    fn organisation(issuer: Issuer) -> Self {
        let audience = issuer.origin().to_owned();
        Self { id: ORG.to_owned(), issuer, audience, scopes: Scope::standard(), claims: Vec::new() }
    }

    fn custom(id: &str, first: &Issuer, section: &mut Section) -> Result<Self, ConfigError> {
        let Some(issuer) = first.custom(id).filter(|_| !RESERVED.contains(&id)) else {
            let reason = "must be letters, digits, - and _, and neither \"org\" nor \"v1\"";
            return Err(section.invalid("id", reason));
        };
        let audience = DEFAULT_AUDIENCE.to_owned();
        let mut server =
            Self { id: id.to_owned(), issuer, audience, scopes: Scope::standard(), claims: Vec::new() };
        server.extend(section)?;
        Ok(server)
    }

    /// Adds what a table of `[[authorization_servers]]` says.
    fn extend(&mut self, section: &mut Section) -> Result<(), ConfigError> {
        if let Some(audience) = section.text("audience")? {
            self.audience = audience;
        }
        for scope in section.sections("scopes", &["name", "description", "consent"])? {
            let (scope, section) = Scope::read(scope)?;
            if self.has_scope(&scope.name) {
                return Err(section.invalid("name", "is there already"));
            }
            self.scopes.push(scope);
        }
        for claim in section.sections("claims", &["name", "in", "attribute", "value", "scopes"])? {
            self.claims.push(Claim::read(claim, self)?);
        }
        Ok(())
    }
}

impl Scope {
    /// The scopes of OIDC Core 5.4 and 11 that are meant here.
    fn standard() -> Vec<Self> {
        [
            ("openid", "Know who you are", false),
            ("profile", "See your name", true),
            ("email", "See your e-mail address", true),
            ("offline_access", "Keep access while you are away", true),
        ]
        .map(|(name, description, is_consent_required)| Self {
            name: name.to_owned(),
            description: description.to_owned(),
            is_consent_required,
            is_standard: true,
        })
        .into()
    }

    fn read(mut section: Section) -> Result<(Self, Section), ConfigError> {
        let name = section.required_text("name")?;
        if !name.bytes().all(is_scope_byte) {
            return Err(
                section.invalid("name", "must be printable ASCII without spaces, quotes and backslashes")
            );
        }
        let scope = Self {
            description: section.text("description")?.unwrap_or_else(|| name.clone()),
            is_consent_required: section.choice(
                "consent",
                &[("implicit", false), ("required", true)],
                false,
            )?,
            is_standard: false,
            name,
        };
        Ok((scope, section))
    }
}

impl Claim {
    fn read(mut section: Section, server: &AuthorizationServer) -> Result<Self, ConfigError> {
        let name = section.required_text("name")?;
        if STANDARD_CLAIMS.contains(&name.as_str()) {
            return Err(section.invalid("name", "is a claim that the standards define"));
        }
        let places = [("id_token", ClaimedIn::IdToken), ("access_token", ClaimedIn::AccessToken)];
        let source = match (section.text("attribute")?, section.json("value")?) {
            (Some(attribute), None) => ClaimSource::Attribute(attribute),
            (None, Some(value)) => ClaimSource::Value(value),
            (Some(_), Some(_)) | (None, None) => {
                return Err(section.invalid("attribute", "or `value` must be there, not both"));
            }
        };
        let scopes = section.texts("scopes")?;
        if let Some(unknown) = scopes.iter().find(|scope| !server.has_scope(scope)) {
            return Err(section.invalid("scopes", &format!("names \"{unknown}\", which is no scope here")));
        }
        Ok(Self { name, token: section.choice("in", &places, ClaimedIn::AccessToken)?, source, scopes })
    }
}

/// RFC 6749 section 3.3, scope-token.
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

/// What the organisation's own server is called.
pub(crate) const ORG: &str = "org";

const DEFAULT_AUDIENCE: &str = "api://default";

/// `v1` because `/oauth2/v1/…` belongs to the organisation's own server.
const RESERVED: [&str; 2] = [ORG, "v1"];

/// Claims that mean something to whoever checks a token: nothing else may be said under their names.
const STANDARD_CLAIMS: [&str; 26] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "cnf",
    "act",
    "scope",
    "scp",
    "client_id",
    "cid",
    "uid",
    "ver",
    "active",
    "email_verified",
];
