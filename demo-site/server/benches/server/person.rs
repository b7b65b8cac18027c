//! Somebody who signs in, as the widget does it: five requests, of which one hashes.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::Outcome;
use crate::http::Connection;

pub(crate) const EMAIL: &str = "pat@example.com";
pub(crate) const PASSWORD: &str = "Correct-Horse-42";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// See the head of the file.
pub(crate) struct Person {
    connection: Connection,
    refresh_token: String,
}

impl Person {
    pub(crate) async fn arrive(address: SocketAddr) -> Outcome<Self> {
        Ok(Self { connection: Connection::open(address).await?, refresh_token: String::new() })
    }

    /// From the first request to the tokens.
    pub(crate) async fn sign_in(&mut self) -> Outcome<()> {
        let state_handle = self.identify().await?;
        let body = json!({ "stateHandle": state_handle, "credentials": { "passcode": PASSWORD } });
        let answer = self.connection.json("challenge/answer", &body).await?;
        let code = answer
            .pointer("/successWithInteractionCode/value")
            .and_then(Value::as_array)
            .and_then(|fields| {
                fields.iter().find(|field| field.get("name").is_some_and(|name| name == "interaction_code"))
            })
            .and_then(|field| field.get("value")?.as_str())
            .ok_or_else(|| format!("not signed in: {answer}"))?;
        let tokens = self
            .connection
            .form(
                "token",
                &[
                    ("grant_type", "interaction_code"),
                    ("client_id", "bench"),
                    ("redirect_uri", "http://localhost:4400/callback"),
                    ("interaction_code", code),
                    ("code_verifier", VERIFIER),
                ],
            )
            .await?;
        self.keep(&tokens)
    }

    /// As far as the page that asks for the password; says the handle.
    pub(crate) async fn identify(&mut self) -> Outcome<String> {
        let begun = self
            .connection
            .form(
                "interact",
                &[
                    ("client_id", "bench"),
                    ("scope", "openid profile email offline_access"),
                    ("redirect_uri", "http://localhost:4400/callback"),
                    ("code_challenge", CHALLENGE),
                    ("code_challenge_method", "S256"),
                    ("state", "a state"),
                    ("nonce", "a nonce"),
                ],
            )
            .await?;
        let handle = json!({ "interactionHandle": begun.get("interaction_handle") });
        let first = self.connection.json("introspect", &handle).await?;
        let body = json!({ "stateHandle": first.get("stateHandle"), "identifier": EMAIL });
        let second = self.connection.json("identify", &body).await?;
        Ok(second.get("stateHandle").and_then(Value::as_str).ok_or("no handle")?.to_owned())
    }

    /// New tokens for the refresh token, which is good once.
    pub(crate) async fn refresh(&mut self) -> Outcome<()> {
        let params = [
            ("grant_type", "refresh_token"),
            ("client_id", "bench"),
            ("refresh_token", self.refresh_token.as_str()),
        ];
        let tokens = self.connection.form("token", &params).await?;
        self.keep(&tokens)
    }

    fn keep(&mut self, tokens: &Value) -> Outcome<()> {
        self.refresh_token =
            tokens.get("refresh_token").and_then(Value::as_str).ok_or("no refresh token")?.to_owned();
        Ok(())
    }
}
