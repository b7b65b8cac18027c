//! What tokens say, and their making.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::config::{AuthorizationServer, Claim, ClaimSource, ClaimedIn};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::keys::{SigningKey, TokenType};
use crate::services::Services;
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
    /// RFC 9068 section 2.2. Clients that know a hosted service look for `cid`.
    #[serde(default)]
    pub(super) client_id: String,
    pub(super) cid: String,
    /// Absent in tokens that are about no person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<String>,
    pub(super) scp: Vec<String>,
    /// RFC 9068 section 2.2.3: the same as one text (RFC 8693 section 4.2). Clients that know a hosted service look for `scp`.
    #[serde(default)]
    scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<String>,
    pub(super) sub: String,
    /// The key that it is bound to, if it is (RFC 7800 section 3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cnf: Option<Confirmation>,
    /// What the configuration adds.
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// RFC 9449 section 6.1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Confirmation {
    /// The thumbprint of the key (RFC 7638).
    pub(super) jkt: String,
}

impl AccessClaims {
    /// An ID token is signed with the same key and must not be taken for one.
    pub(super) fn is_access_token(&self) -> bool {
        self.jti.starts_with(ACCESS_TOKEN)
    }

    /// The grant that the token comes from; none if a client has it for itself.
    pub(super) fn grant_id(&self) -> Option<&str> {
        self.jti.strip_prefix(ACCESS_TOKEN)?.split_once('.').map(|(_, grant_id)| grant_id)
    }

    /// The thumbprint of the key that it is bound to.
    pub(super) fn jkt(&self) -> Option<&str> {
        self.cnf.as_ref().map(|cnf| cnf.jkt.as_str())
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scp.iter().any(|granted| granted == scope)
    }
}

/// One authorization server, making the tokens of one answer.
pub(super) struct Minting<'a> {
    services: &'a Services,
    server: &'a AuthorizationServer,
    key: Arc<SigningKey>,
}

/// What an access token is made from.
pub(super) struct AccessTokenParts<'a> {
    pub(super) grant: &'a Grant,
    pub(super) user: &'a User,
    pub(super) scope: &'a str,
    /// The key that it is bound to, if it is.
    pub(super) jkt: Option<&'a str>,
}

/// What an ID token is made from.
pub(super) struct IdTokenParts<'a> {
    pub(super) grant: &'a Grant,
    pub(super) user: &'a User,
    pub(super) scope: &'a str,
    pub(super) nonce: Option<&'a str>,
    /// The tokens and codes that it comes with, and is tied to.
    pub(super) access_token: Option<&'a str>,
    pub(super) code: Option<&'a str>,
}

impl<'a> Minting<'a> {
    pub(super) async fn new(
        services: &'a Services,
        server: &'a AuthorizationServer,
    ) -> Result<Self, Failure> {
        let key = services.keys.present(&server.id, services.clock.now()).await?;
        Ok(Self { services, server, key })
    }

    pub(super) fn access_token(&self, parts: &AccessTokenParts<'_>) -> Result<String, Failure> {
        let grant = parts.grant;
        let scope = Granted(parts.scope);
        let claims = AccessClaims {
            jti: format!("{ACCESS_TOKEN}{}.{}", entropy::unique(&*self.services.entropy)?, grant.id),
            uid: Some(grant.user_id.clone()),
            auth_time: Some(grant.auth_time.as_seconds()),
            acr: grant.acr.clone(),
            sub: grant.user_id.clone(),
            others: configured(self.server, ClaimedIn::AccessToken, scope, Some(parts.user)),
            ..self.access_claims(&grant.client_id, parts.scope, parts.jkt)
        };
        Ok(self.key.sign(TokenType::Access, &claims)?)
    }

    /// An access token that a client has for itself (RFC 6749 section 4.4).
    pub(super) fn client_token(
        &self,
        client_id: &str,
        scope: &str,
        jkt: Option<&str>,
    ) -> Result<String, Failure> {
        let claims = AccessClaims {
            jti: format!("{ACCESS_TOKEN}{}", entropy::unique(&*self.services.entropy)?),
            others: configured(self.server, ClaimedIn::AccessToken, Granted(scope), None),
            ..self.access_claims(client_id, scope, jkt)
        };
        Ok(self.key.sign(TokenType::Access, &claims)?)
    }

    /// What all access tokens say: of the client, as if it had them for itself.
    fn access_claims(&self, client_id: &str, scope: &str, jkt: Option<&str>) -> AccessClaims {
        let (services, server) = (self.services, self.server);
        let now = services.clock.now();
        let lifetime = services.config.policy_of(client_id).lifetimes.access_token;
        AccessClaims {
            ver: 1,
            jti: String::new(),
            iss: server.issuer.as_str().to_owned(),
            aud: server.audience.clone(),
            iat: now.as_seconds(),
            exp: now.plus(lifetime).as_seconds(),
            client_id: client_id.to_owned(),
            cid: client_id.to_owned(),
            uid: None,
            scp: scope.split(' ').map(str::to_owned).collect(),
            scope: scope.to_owned(),
            auth_time: None,
            acr: None,
            sub: client_id.to_owned(),
            cnf: jkt.map(|jkt| Confirmation { jkt: jkt.to_owned() }),
            others: Map::new(),
        }
    }

    /// The claims of OIDC Core section 2, and those about the person that the scope asks for.
    pub(super) fn id_token(&self, parts: &IdTokenParts<'_>) -> Result<String, Failure> {
        let (services, server, grant) = (self.services, self.server, parts.grant);
        let now = services.clock.now();
        let mut claims = about(server, parts.user, Granted(parts.scope));
        let amr: Vec<_> = grant.amr.split(' ').collect();
        let standard = json!({
            "ver": 1,
            "iss": server.issuer.as_str(),
            "aud": grant.client_id,
            "iat": now.as_seconds(),
            "exp": now.plus(services.config.policy_of(&grant.client_id).lifetimes.id_token).as_seconds(),
            "jti": format!("{ID_TOKEN}{}", entropy::unique(&*services.entropy)?),
            "amr": amr,
            "auth_time": grant.auth_time.as_seconds(),
            "acr": grant.acr,
            "nonce": parts.nonce,
            "idp": grant.identity_provider,
            // OIDC Core 3.1.3.6 and 3.3.2.11.
            "at_hash": parts.access_token.map(digest::left_half),
            "c_hash": parts.code.map(digest::left_half),
        });
        let present = standard.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        claims.extend(present.map(|(name, value)| (name.clone(), value.clone())));
        Ok(self.key.sign(TokenType::Id, &Value::Object(claims))?)
    }
}

/// Scopes that were granted, space separated.
#[derive(Clone, Copy)]
pub(super) struct Granted<'a>(pub(super) &'a str);

impl Granted<'_> {
    pub(super) fn has(self, scope: &str) -> bool {
        self.0.split(' ').any(|granted| granted == scope)
    }
}

/// The claims of OIDC Core section 5.1 about a person, by the scopes of section 5.4, and those that the
/// configuration adds to ID tokens.
pub(super) fn about(server: &AuthorizationServer, user: &User, scope: Granted<'_>) -> Map<String, Value> {
    let mut claims = configured(server, ClaimedIn::IdToken, scope, Some(user));
    claims.insert("sub".to_owned(), user.id.as_str().into());
    if scope.has("profile") {
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
    if scope.has("email") {
        claims.insert("email".to_owned(), user.email.as_str().into());
        claims.insert("email_verified".to_owned(), user.email_verified.into());
    }
    claims
}

/// The claims that the configuration adds to this kind of token.
fn configured(
    server: &AuthorizationServer,
    token: ClaimedIn,
    scope: Granted<'_>,
    user: Option<&User>,
) -> Map<String, Value> {
    let is_asked_for = |claim: &&Claim| {
        claim.token == token
            && (claim.scopes.is_empty() || claim.scopes.iter().any(|wanted| scope.has(wanted)))
    };
    let value = |claim: &Claim| match &claim.source {
        ClaimSource::Value(value) => Some(value.clone()),
        ClaimSource::Attribute(name) if name == "email" => Some(user?.email.clone().into()),
        ClaimSource::Attribute(name) => Some(user?.profile.get(name)?.clone().into()),
    };
    let claims = server.claims.iter().filter(is_asked_for);
    claims.filter_map(|claim| Some((claim.name.clone(), value(claim)?))).collect()
}

/// How the `jti` of an access token begins.
const ACCESS_TOKEN: &str = "AT.";

/// How the `jti` of an ID token begins.
pub(super) const ID_TOKEN: &str = "ID.";
