//! What tokens say.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::config::Config;
use crate::store::{Grant, User};

/// The claims of an access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    pub(super) ver: u8,
    /// `AT.`, a random part, and the grant it comes from: a token can be revoked by either.
    pub(super) jti: String,
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) cid: String,
    pub(super) uid: String,
    pub(super) scp: Vec<String>,
    pub(super) auth_time: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<String>,
    pub(super) sub: String,
}

impl AccessClaims {
    pub(super) fn new(config: &Config, grant: &Grant, scope: &str, now: Timestamp, unique: &str) -> Self {
        Self {
            ver: 1,
            jti: format!("AT.{unique}.{}", grant.id),
            iss: config.issuer.as_str().to_owned(),
            aud: config.audience.clone(),
            iat: now.as_seconds(),
            exp: now.plus(config.policy_of(&grant.client_id).lifetimes.access_token).as_seconds(),
            cid: grant.client_id.clone(),
            uid: grant.user_id.clone(),
            scp: scope.split(' ').map(str::to_owned).collect(),
            auth_time: grant.auth_time.as_seconds(),
            acr: grant.acr.clone(),
            sub: grant.user_id.clone(),
        }
    }

    /// The grant that the token comes from; nothing if it is not an access token at all. An ID token is signed
    /// with the same key and must not be taken for one.
    pub(super) fn grant_id(&self) -> Option<&str> {
        self.jti.strip_prefix("AT.")?.split_once('.').map(|(_, grant_id)| grant_id)
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scp.iter().any(|granted| granted == scope)
    }
}

/// What an ID token is made from, beside the configuration.
pub(super) struct IdTokenParts<'a> {
    pub(super) grant: &'a Grant,
    pub(super) user: &'a User,
    pub(super) scope: &'a str,
    pub(super) nonce: Option<&'a str>,
    pub(super) at_hash: String,
    pub(super) jti: String,
}

impl IdTokenParts<'_> {
    /// The claims of OIDC Core section 2, and those about the person that the scope asks for.
    pub(super) fn claims(&self, config: &Config, now: Timestamp) -> Value {
        let mut claims = about(self.user, |name| self.scope.split(' ').any(|scope| scope == name));
        let amr: Vec<_> = self.grant.amr.split(' ').collect();
        let expires_at = now.plus(config.policy_of(&self.grant.client_id).lifetimes.id_token);
        let standard = json!({
            "ver": 1,
            "iss": config.issuer.as_str(),
            "aud": self.grant.client_id,
            "iat": now.as_seconds(),
            "exp": expires_at.as_seconds(),
            "jti": self.jti,
            "amr": amr,
            "auth_time": self.grant.auth_time.as_seconds(),
            "at_hash": self.at_hash,
        });
        claims.extend(standard.as_object().cloned().unwrap_or_default());
        let optional = [
            ("nonce", self.nonce),
            ("acr", self.grant.acr.as_deref()),
            ("idp", self.grant.identity_provider.as_deref()),
        ];
        let present = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        claims.extend(present);
        Value::Object(claims)
    }
}

/// The claims of OIDC Core section 5.1 about a person, by the scopes of section 5.4.
pub(super) fn about(user: &User, has_scope: impl Fn(&str) -> bool) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.id.as_str().into());
    if has_scope("profile") {
        let attribute = |name: &str| user.profile.get(name).map(String::as_str);
        let name: Vec<_> = [attribute("firstName"), attribute("lastName")].into_iter().flatten().collect();
        let named = [
            ("name", (!name.is_empty()).then(|| name.join(" ").into())),
            ("given_name", attribute("firstName").map(Value::from)),
            ("family_name", attribute("lastName").map(Value::from)),
            ("preferred_username", Some(user.email.as_str().into())),
            ("updated_at", Some(user.updated_at.as_seconds().into())),
        ];
        let present = named.into_iter().filter_map(|(claim, value)| Some((claim.to_owned(), value?)));
        claims.extend(present);
    }
    if has_scope("email") {
        claims.insert("email".to_owned(), user.email.as_str().into());
        claims.insert("email_verified".to_owned(), user.email_verified.into());
    }
    claims
}
