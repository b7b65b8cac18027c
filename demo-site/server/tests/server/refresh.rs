//! Refresh tokens, and signing out.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

use crate::support::{Answer, Client, TestServer, claims};

const USERINFO: &str = "/oauth2/default/v1/userinfo";
const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

async fn refresh(client: &Client, tokens: &Value) -> Answer {
    refresh_with(client, tokens, &[]).await
}

async fn refresh_with(client: &Client, tokens: &Value, more: &[(&str, &str)]) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap();
    let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)];
    client.form("token", &[&params[..], more].concat()).await
}

fn error(answer: &Answer) -> String {
    answer.json()["error"].as_str().unwrap().to_owned()
}

async fn userinfo(client: &Client, tokens: &Value) -> StatusCode {
    client.bearer(USERINFO, tokens["access_token"].as_str().unwrap()).await.status
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_of_the_same_sign_in() {
    let server = TestServer::start().await;
    let client = server.client();
    let old = client.sign_in().await;
    server.pass(Duration::from_secs(7200));
    let answer = refresh(&client, &old).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let new = answer.json();
    assert_ne!(new["refresh_token"], old["refresh_token"]);
    assert_eq!(userinfo(&client, &new).await, StatusCode::OK);
    let (before, after) = (claims(&old["id_token"]), claims(&new["id_token"]));
    assert_eq!(after["sub"], before["sub"]);
    assert_eq!(after["auth_time"], before["auth_time"]);
    assert_ne!(after["iat"], before["iat"]);
    // OIDC Core section 12.2.
    assert_eq!(after.get("nonce"), None);
}

#[tokio::test]
async fn the_scope_may_shrink_and_may_not_grow() {
    let server = TestServer::start().await;
    let client = server.client();
    let tokens = client.sign_in().await;
    let answer = refresh_with(&client, &tokens, &[("scope", "openid")]).await;
    assert_eq!(answer.json()["scope"], "openid");
    assert_eq!(claims(&answer.json()["id_token"]).get("email"), None);

    let tokens = client.sign_in().await;
    let answer = refresh_with(&client, &tokens, &[("scope", "openid admin")]).await;
    assert_eq!(error(&answer), "invalid_scope");
    // Nothing was used up by the mistake.
    let answer = refresh_with(&client, &tokens, &[("scope", "openid email")]).await;
    assert_eq!(answer.json()["scope"], "openid email");
}

#[tokio::test]
async fn using_one_twice_ends_the_whole_family() {
    let server = TestServer::start().await;
    let client = server.client();
    let first = client.sign_in().await;
    let second = refresh(&client, &first).await.json();
    let answer = refresh(&client, &first).await;
    assert_eq!(
        answer.json()["error_description"],
        "The refresh token is invalid or expired.",
        "clients remove the token when they read these words"
    );
    assert_eq!(error(&answer), "invalid_grant");
    assert_eq!(error(&refresh(&client, &second).await), "invalid_grant");
    assert_eq!(userinfo(&client, &second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn rotation_does_not_prolong_the_sign_in() {
    let server = TestServer::start().await;
    let client = server.client();
    let tokens = client.sign_in().await;
    server.pass(MONTH - Duration::from_secs(1));
    let tokens = refresh(&client, &tokens).await.json();
    server.pass(Duration::from_secs(1));
    assert_eq!(error(&refresh(&client, &tokens).await), "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_of_another_client_or_of_nobody_is_invalid() {
    let server = TestServer::start().await;
    let client = server.client();
    let tokens = client.sign_in().await;
    let body = format!(
        "grant_type=refresh_token&client_id=other-spa&refresh_token={}",
        tokens["refresh_token"].as_str().unwrap()
    );
    let request = Request::post("/oauth2/default/v1/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "http://localhost:4500");
    assert_eq!(error(&client.send(request.body(Body::from(body)).unwrap()).await), "invalid_grant");
    let made_up = serde_json::json!({ "refresh_token": "made-up" });
    assert_eq!(error(&refresh(&client, &made_up).await), "invalid_grant");
}

mod sign_out {
    use super::*;

    /// As clients send it: named by `Basic` credentials without a password.
    async fn revoke(client: &Client, token: &Value) -> Answer {
        let request = Request::post("/oauth2/default/v1/revoke")
            .header("authorization", "Basic ZGVtby1zcGE6")
            .header("origin", crate::support::ORIGIN)
            .header("content-type", "application/x-www-form-urlencoded");
        let body = format!("token={}", token.as_str().unwrap());
        client.send(request.body(Body::from(body)).unwrap()).await
    }

    #[tokio::test]
    async fn a_revoked_access_token_is_void_and_its_sign_in_goes_on() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        assert_eq!(revoke(&client, &tokens["access_token"]).await.status, StatusCode::OK);
        assert_eq!(userinfo(&client, &tokens).await, StatusCode::UNAUTHORIZED);
        let tokens = refresh(&client, &tokens).await.json();
        assert_eq!(userinfo(&client, &tokens).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_revoked_refresh_token_takes_everything_with_it() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        assert_eq!(revoke(&client, &tokens["refresh_token"]).await.status, StatusCode::OK);
        assert_eq!(userinfo(&client, &tokens).await, StatusCode::UNAUTHORIZED);
        assert_eq!(error(&refresh(&client, &tokens).await), "invalid_grant");
    }

    #[tokio::test]
    async fn revoking_what_is_void_or_unknown_succeeds() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        for _ in 0..2 {
            assert_eq!(revoke(&client, &tokens["access_token"]).await.status, StatusCode::OK);
        }
        assert_eq!(revoke(&client, &"made-up".into()).await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn another_client_cannot_revoke_ours() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        for name in ["access_token", "refresh_token"] {
            let body = format!("client_id=other-spa&token={}", tokens[name].as_str().unwrap());
            let request = Request::post("/oauth2/default/v1/revoke")
                .header("origin", "http://localhost:4500")
                .header("content-type", "application/x-www-form-urlencoded");
            assert_eq!(client.send(request.body(Body::from(body)).unwrap()).await.status, StatusCode::OK);
        }
        assert_eq!(userinfo(&client, &tokens).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_client_that_nobody_knows_is_told_how_to_name_itself() {
        let server = TestServer::start().await;
        let request = Request::post("/oauth2/default/v1/revoke")
            .header("authorization", "Basic bm9ib2R5Og==")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = server.client().send(request.body(Body::from("token=x")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header("www-authenticate").starts_with("Basic"));
    }
}
