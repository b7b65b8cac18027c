//! Signing keys that follow each other, without a token that nobody could check.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use latchkey_server::Server;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::{Client, TestServer};

const KEYS: &str = "/oauth2/default/v1/keys";
const USERINFO: &str = "/oauth2/default/v1/userinfo";
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The names of the published keys, the newest first.
async fn kids(client: &Client) -> Vec<String> {
    names(&client.get(KEYS).await.json())
}

fn names(jwks: &Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// The name of the key that tokens are signed with now.
async fn present(client: &Client) -> String {
    signer(&client.sign_in().await)
}

fn signer(tokens: &Value) -> String {
    jsonwebtoken::decode_header(tokens["access_token"].as_str().unwrap()).unwrap().kid.unwrap()
}

async fn userinfo(client: &Client, tokens: &Value) -> StatusCode {
    client.bearer(USERINFO, tokens["access_token"].as_str().unwrap()).await.status
}

// The key of the databases that tests are made from is older than two years: it is due.

#[tokio::test]
async fn a_key_is_published_a_day_before_it_signs_and_the_old_one_until_its_last_token_is_over() {
    let server = TestServer::start().await;
    let client = server.client();
    let old = kids(&client).await;
    assert_eq!(old.len(), 1);

    server.tidy().await;
    let both = kids(&client).await;
    assert_eq!((both.len(), &both[1]), (2, &old[0]));
    assert_eq!(present(&client).await, old[0]);

    server.pass(DAY - Duration::from_millis(1));
    server.tidy().await;
    let last = client.sign_in().await;
    assert_eq!(signer(&last), old[0]);
    server.pass(Duration::from_millis(1));
    assert_eq!(present(&client).await, both[0]);
    assert_eq!(userinfo(&client, &last).await, StatusCode::OK);

    server.pass(HOUR - Duration::from_secs(1));
    server.tidy().await;
    assert_eq!(userinfo(&client, &last).await, StatusCode::OK);
    assert_eq!(kids(&client).await, both);
    server.pass(Duration::from_secs(301));
    server.tidy().await;
    assert_eq!(kids(&client).await, [both[0].as_str()]);
}

#[tokio::test]
async fn the_next_one_comes_in_its_time() {
    let server = TestServer::with_policy("").await;
    let client = server.client();
    server.tidy().await;
    let second = kids(&client).await[0].clone();
    // It signs from tomorrow, and the third is to be seen a day before 90 days from then are over.
    server.pass(90 * DAY - Duration::from_millis(1));
    server.tidy().await;
    assert_eq!(kids(&client).await, [second.as_str()]);
    server.pass(Duration::from_millis(1));
    server.tidy().await;
    assert_eq!(kids(&client).await.len(), 2);
}

#[tokio::test]
async fn every_server_has_its_own_turn() {
    let server = TestServer::start().await;
    server.tidy().await;
    assert_eq!(names(&server.client().get("/oauth2/v1/keys").await.json()).len(), 2);
}

#[tokio::test]
async fn two_processes_make_one_key_and_change_over_together() {
    let server = TestServer::start().await;
    let twin = server.twin().await;
    let (left, right) = tokio::join!(server.server().tidy(), twin.tidy());
    left.unwrap();
    right.unwrap();
    let published = kids(&server.client()).await;
    assert_eq!(published.len(), 2);
    assert_eq!(keys_of(&twin).await, published);
    server.pass(DAY);
    assert_eq!(present(&server.client()).await, published[0]);
    twin.close().await;
}

async fn keys_of(server: &Server) -> Vec<String> {
    let request = Request::get(KEYS).body(Body::empty()).unwrap();
    let body = server.router().oneshot(request).await.unwrap().into_body().collect().await.unwrap();
    names(&serde_json::from_slice(&body.to_bytes()).unwrap())
}

#[tokio::test]
async fn a_rotation_that_is_forced_waits_for_caches_only() {
    let server = TestServer::start().await;
    let client = server.client();
    let old = present(&client).await;
    let said = server.server().rotate_keys().await.unwrap();
    assert_eq!(said.len(), 2);
    let new = kids(&client).await[0].clone();
    assert_eq!(
        said[0],
        format!("http://localhost:4401/oauth2/default: key {new} signs from 2026-03-14T15:19:26.535Z")
    );
    let max_age = client.get(KEYS).await.header("cache-control").to_owned();
    assert_eq!(max_age, "public, max-age=300");
    server.pass(Duration::from_secs(599));
    assert_eq!(present(&client).await, old);
    server.pass(Duration::from_secs(1));
    assert_eq!(present(&client).await, new);
}

#[tokio::test]
async fn a_key_that_was_forced_comes_before_one_that_waits() {
    let server = TestServer::start().await;
    let client = server.client();
    server.tidy().await;
    server.server().rotate_keys().await.unwrap();
    let forced = kids(&client).await[0].clone();
    server.pass(Duration::from_secs(600));
    assert_eq!(present(&client).await, forced);
    server.pass(DAY);
    assert_eq!(present(&client).await, forced);
}

mod given_a_key_that_somebody_else_may_have {
    use super::*;

    #[tokio::test]
    async fn what_it_has_signed_is_worth_nothing_at_once_and_sign_ins_go_on() {
        let server = TestServer::start().await;
        let client = server.client();
        // One that signs, and one that waits to: whoever has read the file has both.
        server.tidy().await;
        let before = kids(&client).await;
        let tokens = client.sign_in().await;
        let said = server.server().replace_keys().await.unwrap();
        let after = kids(&client).await;
        assert_eq!(after.len(), 1);
        assert!(!before.contains(&after[0]));
        assert_eq!(
            said[0],
            format!(
                "http://localhost:4401/oauth2/default: key {} signs from now on, all others are withdrawn",
                after[0]
            )
        );
        assert_eq!(userinfo(&client, &tokens).await, StatusCode::UNAUTHORIZED);
        let introspected = [("client_id", "demo-spa"), ("token", tokens["id_token"].as_str().unwrap())];
        assert_eq!(client.form("introspect", &introspected).await.text(), r#"{"active":false}"#);
        // Refresh tokens are not signed: who has one gets tokens of the new key.
        let token = tokens["refresh_token"].as_str().unwrap();
        let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)];
        let renewed = client.form("token", &params).await.json();
        assert_eq!(signer(&renewed), after[0]);
        assert_eq!(userinfo(&client, &renewed).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn every_server_and_every_process_changes_over() {
        let server = TestServer::start().await;
        let twin = server.twin().await;
        let org = async || names(&server.client().get("/oauth2/v1/keys").await.json());
        let before = (kids(&server.client()).await, org().await);
        assert_eq!(twin.replace_keys().await.unwrap().len(), 2);
        assert_eq!(keys_of(&twin).await, kids(&server.client()).await);
        assert_ne!(kids(&server.client()).await, before.0);
        assert_ne!(org().await, before.1);
        assert_eq!(present(&server.client()).await, kids(&server.client()).await[0]);
        twin.close().await;
    }

    #[tokio::test]
    async fn a_server_that_was_taken_out_of_the_configuration_does_not_come_back_with_it() {
        let tables = "[[authorization_servers]]\nid = \"reports\"";
        let reports =
            async |server: &TestServer| names(&server.client().get("/oauth2/reports/v1/keys").await.json());
        let server = TestServer::with_policy(tables).await;
        let leaked = reports(&server).await;
        // One process has it still.
        let old = server.twin().await;
        let server = server.restart_with("").await;
        server.server().replace_keys().await.unwrap();
        old.tidy().await.unwrap();
        old.close().await;
        let server = server.restart_with(tables).await;
        let after = reports(&server).await;
        assert_eq!(after.len(), 1);
        assert_ne!(after, leaked);
    }

    #[tokio::test]
    async fn the_next_comes_in_its_time() {
        let server = TestServer::start().await;
        server.server().replace_keys().await.unwrap();
        let first = kids(&server.client()).await;
        server.pass(89 * DAY);
        server.tidy().await;
        let both = kids(&server.client()).await;
        assert_eq!((both.len(), &both[1]), (2, &first[0]));
    }
}

#[tokio::test]
async fn discovery_may_be_kept_for_a_while_too() {
    let server = TestServer::start().await;
    let answer = server.client().get("/oauth2/default/.well-known/openid-configuration").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}
