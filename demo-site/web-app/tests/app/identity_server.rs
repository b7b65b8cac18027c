//! An identity server that keeps nothing: what a code is worth is written on it.

use std::collections::HashMap;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use openidconnect::core::{CoreHmacKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const CLIENT_ID: &str = "app";
pub(crate) const SECRET: &str = "a-secret-of-both";

/// Starts one whose discovery document is `changed`, and tells its name. It ends with the test.
pub(crate) async fn start(change: impl FnOnce(&mut Value)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let mut discovery = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
    });
    change(&mut discovery);
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(async move || json_of(StatusCode::OK, &discovery)))
        .route("/keys", get(async || json_of(StatusCode::OK, &json!({ "keys": [] }))))
        .route("/token", post(token))
        .with_state(issuer.clone());
    tokio::spawn(async { serve(listener, router).await });
    issuer
}

/// A code for this person, in the sign-in with this nonce.
pub(crate) fn code(person: &str, nonce: &str) -> String {
    format!("{person}.{nonce}")
}

/// A code for which there are tokens, and no ID token among them.
pub(crate) const WITHOUT_ID_TOKEN: &str = "without-id-token";
/// A code for which there is something that is no answer, with a secret in it.
pub(crate) const UNREADABLE: &str = "unreadable";

async fn token(State(issuer): State<String>, Form(form): Form<HashMap<String, String>>) -> Response {
    let code = form["code"].as_str();
    let tokens = json!({ "access_token": "the-access-token", "token_type": "Bearer" });
    match (code, code.split_once('.')) {
        (WITHOUT_ID_TOKEN, _) => json_of(StatusCode::OK, &tokens),
        (UNREADABLE, _) => {
            let mut tokens = tokens;
            tokens["expires_in"] = json!("the-secret");
            json_of(StatusCode::OK, &tokens)
        }
        (_, Some((person, nonce))) => {
            let mut tokens = tokens;
            tokens["id_token"] = json!(id_token(&issuer, person, nonce));
            json_of(StatusCode::OK, &tokens)
        }
        (_, None) => {
            let told = json!({ "error": "invalid_grant", "error_description": "the code is not known" });
            json_of(StatusCode::BAD_REQUEST, &told)
        }
    }
}

fn id_token(issuer: &str, person: &str, nonce: &str) -> String {
    const IN_2100: i64 = 4_102_444_800;
    let claims =
        json!({ "iss": issuer, "aud": CLIENT_ID, "sub": person, "nonce": nonce, "iat": 0, "exp": IN_2100 });
    let claims: CoreIdTokenClaims = serde_json::from_value(claims).unwrap();
    let key = CoreHmacKey::new(SECRET);
    CoreIdToken::new(claims, &key, CoreJwsSigningAlgorithm::HmacSha256, None, None).unwrap().to_string()
}

fn json_of(status: StatusCode, value: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}
