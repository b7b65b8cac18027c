//! The options as they come over the border: one JSON object, names as in the public API. Names and types have been
//! checked in TypeScript, with better messages than are possible here; this reads what the protocol needs.

use latchkey_core::{Config, Error, Secret, StartAt, error::SetupError, io::Returned};
use serde_json::Value;

/// Reads the options of one widget.
pub(crate) fn read(text: &str) -> Result<Config, Error> {
    let json: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    let required = |name| text(name).ok_or(Error::Setup(SetupError::InvalidOption { name }));
    let scopes = json.get("scopes").and_then(Value::as_array).into_iter().flatten();
    let scopes: Vec<_> = scopes.filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(Config {
        issuer: required("issuer")?,
        client_id: required("clientId")?,
        redirect_uri: required("redirectUri")?,
        scopes: if scopes.is_empty() {
            ["openid", "profile", "email"].map(str::to_owned).to_vec()
        } else {
            scopes
        },
        state: text("state"),
        nonce: text("nonce"),
        code_challenge: text("codeChallenge"),
        username: text("username"),
        acr_values: text("acrValues"),
        max_age: json.get("maxAge").and_then(Value::as_u64),
        activation_token: text("activationToken"),
        recovery_token: text("recoveryToken"),
        state_token: text("stateToken"),
        start_at: match text("flow").as_deref() {
            Some("signup") => StartAt::Signup,
            Some("resetPassword") => StartAt::ResetPassword,
            Some("unlockAccount") => StartAt::UnlockAccount,
            _ => StartAt::Login,
        },
    })
}

/// The language that the TypeScript side has chosen, as a BCP 47 tag.
pub(crate) fn language(text: &str) -> String {
    let json: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    json.get("language").and_then(Value::as_str).unwrap_or("en").to_owned()
}

/// What the TypeScript side has found in the address of the page: `{state, interaction_code?, error?,
/// error_description?}`, named as in the address.
pub(crate) fn returned(text: &str) -> Option<Returned> {
    let json: Value = serde_json::from_str(text).ok()?;
    let text = |name: &str| json.get("returned")?.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Returned {
        state: text("state")?,
        interaction_code: text("interaction_code").map(Secret::new),
        error: text("error"),
        error_description: text("error_description"),
    })
}
