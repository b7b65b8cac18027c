//! What tokens are worth, asked at `introspect` (RFC 7662).

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Client, EMAIL, TestServer, basic, claims};

const SECRET: &str = "a-secret-that-is-long-enough";
const CLIENTS: &str = r#"
    [[clients]]
    client_id = "api"
    client_secret = "a-secret-that-is-long-enough"
    grant_types = ["client_credentials"]
"#;

async fn ask(client: &Client, token: &Value) -> Answer {
    ask_at("/oauth2/default/v1/introspect", client, token).await
}

async fn ask_at(path: &str, client: &Client, token: &Value) -> Answer {
    let params = [("token", token.as_str().unwrap()), ("token_type_hint", "refresh_token")];
    client.call(path, &params, &[("authorization", &basic("api", SECRET))]).await
}

const NOTHING: &str = r#"{"active":false}"#;

#[tokio::test]
async fn each_kind_of_token_says_whose_it_is_and_how_long() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    let tokens = client.sign_in().await;
    let sub = claims(&tokens["id_token"])["sub"].clone();
    for (name, lifetime) in [("access_token", 3600), ("id_token", 3600), ("refresh_token", 30 * 24 * 3600)] {
        let answer = ask(&client, &tokens[name]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        let said = answer.json();
        assert_eq!(said["active"], true, "{name}");
        assert_eq!(said["sub"], sub);
        assert_eq!(said["client_id"], "demo-spa");
        assert_eq!(said["username"], EMAIL);
        assert_eq!(said["iss"], "http://localhost:4401/oauth2/default");
        assert_eq!(said["exp"], server.now_in_seconds() + lifetime);
    }
    let said = ask(&client, &tokens["access_token"]).await.json();
    assert_eq!(said["token_type"], "Bearer");
    assert_eq!(said["scope"], "openid profile email offline_access");
    assert_eq!(said["aud"], "api://default");
    assert_eq!(said["jti"], claims(&tokens["access_token"])["jti"]);
}

#[tokio::test]
async fn what_is_over_is_not_active_whatever_the_reason() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    assert_eq!(ask(&client, &json!("made-up")).await.text(), NOTHING);

    let tokens = client.sign_in().await;
    let header = [("authorization", "Basic ZGVtby1zcGE6")];
    let revoke = [("token", tokens["access_token"].as_str().unwrap())];
    client.call("/oauth2/default/v1/revoke", &revoke, &header).await;
    assert_eq!(ask(&client, &tokens["access_token"]).await.text(), NOTHING);
    assert_eq!(ask(&client, &tokens["refresh_token"]).await.json()["active"], true);

    let token = tokens["refresh_token"].as_str().unwrap();
    let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)];
    let next = client.form("token", &params).await.json();
    assert_eq!(ask(&client, &tokens["refresh_token"]).await.text(), NOTHING, "it was used");

    let revoke = [("token", next["refresh_token"].as_str().unwrap())];
    client.call("/oauth2/default/v1/revoke", &revoke, &header).await;
    for name in ["access_token", "refresh_token"] {
        assert_eq!(ask(&client, &next[name]).await.text(), NOTHING, "{name}");
    }

    let tokens = client.sign_in().await;
    server.pass(Duration::from_secs(3600));
    for name in ["access_token", "id_token"] {
        assert_eq!(ask(&client, &tokens[name]).await.text(), NOTHING, "{name}");
    }
    server.pass(Duration::from_secs(30 * 24 * 3600));
    assert_eq!(ask(&client, &tokens["refresh_token"]).await.text(), NOTHING);
}

#[tokio::test]
async fn tokens_of_another_server_are_nothing_here() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    let tokens = client.sign_in().await;
    for name in ["access_token", "id_token", "refresh_token"] {
        let answer = ask_at("/oauth2/v1/introspect", &client, &tokens[name]).await;
        assert_eq!(answer.text(), NOTHING, "{name}");
    }
}

#[tokio::test]
async fn a_public_client_learns_about_its_own_tokens_only() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    let tokens = client.sign_in().await;
    for name in ["access_token", "id_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        let own = client.form("introspect", &[("client_id", "demo-spa"), ("token", token)]).await;
        assert_eq!(own.json()["active"], true, "{name}");
        let params = [("client_id", "other-spa"), ("token", token)];
        let other = client.call("/oauth2/default/v1/introspect", &params, &[]).await;
        assert_eq!(other.text(), NOTHING, "{name}");
    }
}

#[tokio::test]
async fn who_asks_has_to_say_who_they_are_and_what_about() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    let answer =
        client.call("/oauth2/default/v1/introspect", &[("token", "x"), ("client_id", "api")], &[]).await;
    assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_client".to_owned()));
    let header = basic("api", SECRET);
    let answer = client.call("/oauth2/default/v1/introspect", &[], &[("authorization", &header)]).await;
    assert_eq!(answer.error(), "invalid_request");
    let twice = [("token", "x"), ("token", "y")];
    let answer = client.call("/oauth2/default/v1/introspect", &twice, &[("authorization", &header)]).await;
    assert_eq!(answer.error(), "invalid_request");
}
