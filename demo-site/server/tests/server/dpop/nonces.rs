//! Nonces of the server (RFC 9449 section 8), as a hosted service demands them.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::prover::{Prover, digest, with};
use super::shown::{USERINFO, show};
use super::{TOKEN, ask, assert_bound};
use crate::support::{Answer, ORIGIN, TestServer, token_params};

const REQUIRED: &str = "[server.dpop]\nnonce = \"required\"\nnonce_lifetime = \"10m\"";

fn proof(server: &TestServer, prover: &Prover, nonce: &str) -> String {
    let claims = with(prover.claims(server, "POST", TOKEN), "nonce", Some(json!(nonce)));
    prover.sign(&prover.head(), &claims)
}

/// The nonce that comes with a refusal.
fn wanted(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(answer.error(), "use_dpop_nonce");
    assert!(!answer.header("dpop-nonce").is_empty());
    answer.header("dpop-nonce").to_owned()
}

#[tokio::test]
async fn who_comes_without_one_is_given_one_and_keeps_the_code() {
    let server = TestServer::with_policy(REQUIRED).await;
    let prover = Prover::new();
    let page = server.client().after_password().await;
    let params = page.interaction_code();
    let params = token_params(&params);
    let client = server.client();
    let answer = ask(&client, &params, &prover.token_proof(&server)).await;
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    assert!(answer.header("access-control-expose-headers").contains("dpop-nonce"));
    let nonce = wanted(&answer);
    let answer = ask(&client, &params, &proof(&server, &prover, &nonce)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("dpop-nonce"), nonce);
    assert_bound(&answer.json(), &prover);
}

#[tokio::test]
async fn tokens_that_are_not_bound_are_had_as_ever() {
    let server = TestServer::with_policy(REQUIRED).await;
    let page = server.client().after_password().await;
    let answer = server.client().redeem(&page.interaction_code()).await;
    assert_eq!(answer.json()["token_type"], "Bearer");
    assert_eq!(answer.header("dpop-nonce"), "");
}

#[tokio::test]
async fn a_nonce_is_good_for_a_while_and_the_next_comes_in_time() {
    let server = TestServer::with_policy(REQUIRED).await;
    let prover = Prover::new();
    let client = server.client();
    let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", "made-up")];
    let first = wanted(&ask(&client, &params, &prover.token_proof(&server)).await);
    server.pass(Duration::from_secs(300));
    // Still good, and beside it comes its successor.
    let answer = ask(&client, &params, &proof(&server, &prover, &first)).await;
    assert_eq!(answer.error(), "invalid_grant");
    let second = answer.header("dpop-nonce").to_owned();
    assert_ne!(second, first);
    server.pass(Duration::from_secs(300));
    assert_ne!(wanted(&ask(&client, &params, &proof(&server, &prover, &first)).await), first);
    assert_eq!(ask(&client, &params, &proof(&server, &prover, &second)).await.error(), "invalid_grant");
    for nonce in ["", "made-up", &first.to_lowercase()] {
        wanted(&ask(&client, &params, &proof(&server, &prover, nonce)).await);
    }
}

#[tokio::test]
async fn two_processes_take_the_nonces_of_each_other() {
    let server = TestServer::with_policy(REQUIRED).await;
    let prover = Prover::new();
    let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", "made-up")];
    let nonce = wanted(&ask(&server.client(), &params, &prover.token_proof(&server)).await);
    let server = server.restart().await;
    assert_eq!(
        ask(&server.client(), &params, &proof(&server, &prover, &nonce)).await.error(),
        "invalid_grant"
    );
}

#[tokio::test]
async fn the_nonce_says_the_time_instead_of_the_clients_clock() {
    let server = TestServer::with_policy(REQUIRED).await;
    let prover = Prover::new();
    let client = server.client();
    let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", "made-up")];
    let nonce = wanted(&ask(&client, &params, &prover.token_proof(&server)).await);
    let claims = with(prover.claims(&server, "POST", TOKEN), "nonce", Some(json!(nonce)));
    let yesterday = with(claims, "iat", Some(json!(server.now_in_seconds() - 86_400)));
    let proof = prover.sign(&prover.head(), &yesterday);
    assert_eq!(ask(&client, &params, &proof).await.error(), "invalid_grant");
    // It is used up for as long as its nonce is good.
    server.pass(Duration::from_secs(299));
    server.tidy().await;
    assert_eq!(ask(&client, &params, &proof).await.error(), "invalid_dpop_proof");
}

#[tokio::test]
async fn userinfo_wants_one_too() {
    let server = TestServer::with_policy(REQUIRED).await;
    let prover = Prover::new();
    let page = server.client().after_password().await;
    let code = page.interaction_code();
    let nonce = wanted(&ask(&server.client(), &token_params(&code), &prover.token_proof(&server)).await);
    let tokens = ask(&server.client(), &token_params(&code), &proof(&server, &prover, &nonce)).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let claims = with(prover.claims(&server, "GET", USERINFO), "ath", Some(json!(digest(token))));
    let answer = show(&server.client(), token, &prover.sign(&prover.head(), &claims)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").starts_with("DPoP error=\"use_dpop_nonce\""));
    let nonce = answer.header("dpop-nonce").to_owned();
    let claims = with(prover.claims(&server, "GET", USERINFO), "ath", Some(json!(digest(token))));
    let claims = with(claims, "nonce", Some(json!(nonce)));
    let answer = show(&server.client(), token, &prover.sign(&prover.head(), &claims)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}
