//! `introspect`: what a token is worth, asked by whoever was given it (RFC 7662).
//!
//! Clients that prove who they are may ask about every token of the server, since what they were shown is what they
//! ask about; public clients only about their own. Whatever else may be wrong with a token, the answer is the same:
//! it is not active.

use serde_json::{Map, Value, json};

use super::claims::ID_TOKEN;
use super::{ClientCredentials, Params, Rejection, token_type};
use crate::config::{AuthorizationServer, Client};
use crate::digest;
use crate::failure::Failure;
use crate::services::Services;

impl Services {
    /// Answers an introspection request. `token_type_hint` says where to look first, and there are only three
    /// places: it is not needed (RFC 7662 section 2.1).
    pub(crate) async fn introspect(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Result<Value, Rejection> {
        let client = self.client(server, credentials, params).await?;
        let token = params.require("token")?;
        let found = match self.introspect_refresh_token(server, token).await? {
            Some(found) => Some(found),
            None => self.introspect_signed_token(server, token).await?,
        };
        let found = found.filter(|found| !client.is_public() || is_of(client, found));
        Ok(found.map_or_else(|| json!({ "active": false }), Value::Object))
    }

    async fn introspect_refresh_token(
        &self,
        server: &AuthorizationServer,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let Some(token) = self.store.refresh_token(&digest::sha256(token)).await? else { return Ok(None) };
        let Some(grant) = self.store.grant(&token.grant_id).await? else { return Ok(None) };
        let is_active = !token.is_used
            && token.expires_at > self.clock.now()
            && !grant.is_revoked
            && grant.authorization_server == server.id;
        let mut claims = json!({
            "iss": server.issuer.as_str(),
            "sub": grant.user_id,
            "uid": grant.user_id,
            "client_id": grant.client_id,
            "scope": grant.scope,
            "exp": token.expires_at.as_seconds(),
        });
        if let (Some(jkt), Some(claims)) = (token.dpop_jkt, claims.as_object_mut()) {
            claims.insert("cnf".to_owned(), json!({ "jkt": jkt }));
        }
        if is_active { self.active(claims, Some(&grant.user_id)).await.map(Some) } else { Ok(None) }
    }

    async fn introspect_signed_token(
        &self,
        server: &AuthorizationServer,
        token: &str,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        if let Some(claims) = self.access_token(server, token).await? {
            let mut said = serde_json::to_value(&claims)?.as_object().cloned().unwrap_or_default();
            said.insert("client_id".to_owned(), claims.cid.into());
            said.insert("scope".to_owned(), claims.scp.join(" ").into());
            // RFC 9449 section 6.2; what key it is says `cnf`, which is a claim of the token.
            said.insert("token_type".to_owned(), token_type(claims.cnf.is_some()).into());
            return self.active(Value::Object(said), claims.uid.as_deref()).await.map(Some);
        }
        let now = self.clock.now();
        let claims = self.keys.verify::<Map<String, Value>>(&server.id, now, token).await?;
        let is_active = |claims: &Map<String, Value>| {
            let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
            let expires_at = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
            text("jti").starts_with(ID_TOKEN)
                && text("iss") == server.issuer.as_str()
                && expires_at > now.as_seconds()
        };
        let Some(mut claims) = claims.filter(is_active) else { return Ok(None) };
        if let Some(audience) = claims.get("aud").cloned() {
            claims.insert("client_id".to_owned(), audience);
        }
        let user_id = claims.get("sub").and_then(Value::as_str).map(str::to_owned);
        self.active(Value::Object(claims), user_id.as_deref()).await.map(Some)
    }

    async fn active(&self, claims: Value, user_id: Option<&str>) -> Result<Map<String, Value>, Failure> {
        let mut claims = claims.as_object().cloned().unwrap_or_default();
        claims.insert("active".to_owned(), true.into());
        let user = match user_id {
            Some(user_id) => self.store.user(user_id).await?,
            None => None,
        };
        if let Some(user) = user {
            claims.insert("username".to_owned(), user.email.into());
        }
        Ok(claims)
    }
}

fn is_of(client: &Client, found: &Map<String, Value>) -> bool {
    found.get("client_id").and_then(Value::as_str) == Some(&client.client_id)
}
