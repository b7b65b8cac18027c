//! The token endpoint's answer (RFC 6749 sections 5.1 and 5.2, OIDC Core 3.1.3.3).

use serde_json::Value;

use super::id_token::{IdToken, UnverifiedIdToken};
use crate::{
    error::{Error, ServerError},
    io::{Response, Timestamp},
    secret::Secret,
};

/// What the page gets. All of it has been checked.
#[derive(Debug)]
pub struct Tokens {
    /// For the resource server; opaque to the page.
    pub access_token: Secret<String>,
    /// `Bearer`.
    pub token_type: String,
    /// When the access token ends, by this device's clock.
    pub expires_at: Timestamp,
    /// What was granted.
    pub scopes: Vec<String>,
    /// Who signed in; absent without the scope `openid`.
    pub id_token: Option<IdToken>,
    /// Absent unless the server issued one (`offline_access`).
    pub refresh_token: Option<Secret<String>>,
}

/// The answer before the ID token has been checked.
#[derive(Debug)]
pub(crate) struct TokenResponse {
    pub(crate) tokens: Tokens,
    pub(crate) id_token: Option<UnverifiedIdToken>,
}

/// Where the server names no lifetime, the shortest that is usual; the page renews early rather than late.
const DEFAULT_LIFETIME: i64 = 300;

impl TokenResponse {
    pub(crate) fn read(response: &Response, asked_for: &[String], now: Timestamp) -> Result<Self, Error> {
        let json: Value = serde_json::from_str(response.body.expose()).unwrap_or(Value::Null);
        if response.status != 200 {
            return Err(refusal(response, &json));
        }
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let required = |name: &str| text(name).ok_or_else(|| missing(name));
        let id_token = text("id_token").map(UnverifiedIdToken::parse).transpose();
        // Some servers write it as a text.
        let seconds = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let lifetime = json.get("expires_in").and_then(seconds).unwrap_or(DEFAULT_LIFETIME);
        let tokens = Tokens {
            access_token: Secret::new(required("access_token")?.to_owned()),
            token_type: required("token_type")?.to_owned(),
            expires_at: Timestamp(now.0.saturating_add(lifetime)),
            // RFC 6749 section 5.1: scope may be left out where it is what was asked for.
            scopes: text("scope")
                .map_or_else(|| asked_for.to_vec(), |scope| scope.split(' ').map(str::to_owned).collect()),
            id_token: None,
            refresh_token: text("refresh_token").map(|token| Secret::new(token.to_owned())),
        };
        if !tokens.token_type.eq_ignore_ascii_case("bearer") {
            return Err(missing("token_type"));
        }
        let id_token = id_token.map_err(|error| Error::Server(ServerError::IdToken(error)))?;
        if id_token.is_none() && asked_for.iter().any(|scope| scope == "openid") {
            return Err(missing("id_token"));
        }
        Ok(Self { tokens, id_token })
    }
}

/// The `error` and `error_description` of an OAuth body, if it is one.
pub(crate) fn oauth_error(json: &Value) -> Option<(String, String)> {
    let error = json.get("error")?.as_str()?.to_owned();
    let description = json.get("error_description").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some((error, description))
}

fn refusal(response: &Response, json: &Value) -> Error {
    Error::Server(
        oauth_error(json)
            .map_or(ServerError::Unreadable { status: response.status }, |(error, description)| {
                ServerError::TokenRefused { error, description }
            }),
    )
}

fn missing(member: &str) -> Error {
    Error::Server(ServerError::MissingMember { path: format!("$.{member}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> Result<TokenResponse, Error> {
        let response = Response {
            status,
            body: Secret::new(body.to_owned()),
            retry_after: None,
            date: None,
            request_id: None,
        };
        TokenResponse::read(&response, &["profile".to_owned()], Timestamp(1_000))
    }

    #[test]
    fn a_whole_answer_is_read() {
        let body = r#"{"token_type":"Bearer","expires_in":60,"access_token":"at","refresh_token":"rt","scope":"a b"}"#;
        let tokens = read(200, body).unwrap().tokens;
        assert_eq!(
            (tokens.expires_at, tokens.scopes),
            (Timestamp(1_060), vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(tokens.access_token.expose(), "at");
        assert_eq!(tokens.refresh_token.unwrap().expose(), "rt");
    }

    #[test]
    fn a_lifetime_may_be_a_text_and_is_short_where_it_is_none() {
        for (lifetime, expires_at) in [("\"60\"", 1_060), ("\"soon\"", 1_300), ("null", 1_300)] {
            let body = format!(r#"{{"token_type":"Bearer","expires_in":{lifetime},"access_token":"at"}}"#);
            assert_eq!(read(200, &body).unwrap().tokens.expires_at, Timestamp(expires_at));
        }
    }

    #[test]
    fn scope_left_out_is_the_scope_asked_for() {
        assert_eq!(
            read(200, r#"{"token_type":"bearer","access_token":"at"}"#).unwrap().tokens.scopes,
            ["profile"]
        );
    }

    #[test]
    fn a_refusal_says_what_the_server_said() {
        let error = read(400, r#"{"error":"invalid_grant","error_description":"PKCE verification failed."}"#)
            .unwrap_err();
        assert_eq!(error.code(), "server.token_refused");
        assert_eq!(
            error.to_string(),
            "the token endpoint refused: `invalid_grant` PKCE verification failed."
        );
    }

    #[test]
    fn what_is_not_a_token_answer_is_refused() {
        for (status, body, code) in [
            (200, "", "server.missing_member"),
            (200, r#"{"access_token":1,"token_type":"Bearer"}"#, "server.missing_member"),
            (200, r#"{"access_token":"at","token_type":"DPoP"}"#, "server.missing_member"),
            (502, "<html>", "server.unreadable"),
        ] {
            assert_eq!(read(status, body).unwrap_err().code(), code, "{body}");
        }
    }
}
