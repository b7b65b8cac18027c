//! Which proofs are good: RFC 9449 section 4.3, each rule broken once.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::prover::{Prover, with};
use super::{CLIENTS, SECRET, TOKEN, assert_bound};
use crate::support::{Answer, TestServer, basic};

/// A token request of a client for itself, with this proof.
async fn ask(server: &TestServer, proof: &str) -> Answer {
    let params = [("grant_type", "client_credentials"), ("scope", "reports")];
    let headers = [("authorization", basic("service", SECRET)), ("dpop", proof.to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    server.client().call("/oauth2/default/v1/token", &params, &headers).await
}

async fn assert_refused(server: &TestServer, proof: &str, why: &str) {
    let answer = ask(server, proof).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{why}");
    assert_eq!(answer.error(), "invalid_dpop_proof", "{why}: {}", answer.text());
}

#[tokio::test]
async fn each_algorithm_that_discovery_names_is_good() {
    let server = TestServer::with_policy(CLIENTS).await;
    let said = server.client().get("/oauth2/default/.well-known/openid-configuration").await.json();
    for name in said["dpop_signing_alg_values_supported"].as_array().unwrap() {
        let prover = Prover::with(serde_json::from_value(name.clone()).unwrap());
        let answer = ask(&server, &prover.token_proof(&server)).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
        assert_bound(&answer.json(), &prover);
    }
}

#[tokio::test]
async fn each_claim_has_to_be_there_and_right() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let now = server.now_in_seconds();
    for (name, value) in [
        ("jti", None),
        ("jti", Some(json!(""))),
        ("jti", Some(json!(7))),
        ("htm", None),
        ("htm", Some(json!("GET"))),
        ("htm", Some(json!("post"))),
        ("htu", None),
        ("htu", Some(json!(""))),
        ("htu", Some(json!("/oauth2/default/v1/token"))),
        ("htu", Some(json!("http://localhost:4401/oauth2/default/v1/userinfo"))),
        ("htu", Some(json!("http://localhost:4401/oauth2/v1/token"))),
        ("htu", Some(json!("https://localhost:4401/oauth2/default/v1/token"))),
        ("htu", Some(json!("http://localhost:4402/oauth2/default/v1/token"))),
        ("htu", Some(json!("http://evil.example/oauth2/default/v1/token"))),
        ("iat", None),
        ("iat", Some(json!("now"))),
        ("iat", Some(json!(now - 300))),
        ("iat", Some(json!(now + 61))),
        ("iat", Some(json!(i64::MAX))),
        ("iat", Some(json!(i64::MIN))),
    ] {
        let claims = with(prover.claims(&server, "POST", TOKEN), name, value.clone());
        assert_refused(&server, &prover.sign(&prover.head(), &claims), &format!("{name}: {value:?}")).await;
    }
}

#[tokio::test]
async fn the_head_has_to_be_that_of_a_proof_with_a_public_key() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let jwk = |name: &str, value: Value| with(prover.jwk.clone(), name, Some(value));
    for (name, value) in [
        ("typ", None),
        ("typ", Some(json!("JWT"))),
        ("typ", Some(json!("at+jwt"))),
        ("alg", None),
        ("alg", Some(json!("none"))),
        ("alg", Some(json!("HS256"))),
        ("alg", Some(json!("RS256"))),
        ("alg", Some(json!("ES384"))),
        ("crit", Some(json!(["exp"]))),
        ("jwk", None),
        ("jwk", Some(json!(null))),
        ("jwk", Some(json!({}))),
        ("jwk", Some(json!({ "kty": "oct", "k": "c2VjcmV0" }))),
        ("jwk", Some(jwk("d", json!("c2VjcmV0")))),
        ("jwk", Some(jwk("x", json!("AAAA")))),
        ("jwk", Some(jwk("x", json!("\",\"y\":\"")))),
        ("jwk", Some(jwk("crv", json!("P-384")))),
        ("jwk", Some(jwk("y", prover.jwk["x"].clone()))),
        ("jwk", Some(Prover::new().jwk)),
        ("jwk", Some(Prover::with(Algorithm::RS256).jwk)),
    ] {
        let head = with(prover.head(), name, value.clone());
        let proof = prover.sign(&head, &prover.claims(&server, "POST", TOKEN));
        assert_refused(&server, &proof, &format!("{name}: {value:?}")).await;
    }
}

#[tokio::test]
async fn what_is_no_proof_at_all_is_refused() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let proof = prover.token_proof(&server);
    let (signed, signature) = proof.rsplit_once('.').unwrap();
    let other = prover.token_proof(&server);
    let (_, other) = other.rsplit_once('.').unwrap();
    for bad in [
        String::new(),
        "...".to_owned(),
        format!("{signed}."),
        signed.to_owned(),
        format!("{signed}.{other}"),
        format!("{proof}.{signature}"),
        format!("{proof}, {proof}"),
        "x".repeat(20_000),
    ] {
        assert_refused(&server, &bad, &bad).await;
    }
    assert_eq!(ask(&server, &proof).await.status, StatusCode::OK, "none of it has used the proof up");
}

#[tokio::test]
async fn two_headers_are_none() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let request = Request::post("/oauth2/default/v1/token")
        .header("authorization", basic("service", SECRET))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("dpop", prover.token_proof(&server))
        .header("dpop", prover.token_proof(&server));
    let body = Body::from("grant_type=client_credentials&scope=reports");
    assert_eq!(server.client().send(request.body(body).unwrap()).await.error(), "invalid_dpop_proof");
}

#[tokio::test]
async fn spelling_that_means_nothing_is_no_difference() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    for url in [
        "HTTP://LOCALHOST:4401/oauth2/default/v1/token",
        "http://localhost:4401/oauth2/default/v1/token?a=b",
        "http://localhost:4401/oauth2/default/v1/token#c",
    ] {
        let proof = prover.sign(&prover.head(), &prover.claims(&server, "POST", url));
        assert_eq!(ask(&server, &proof).await.status, StatusCode::OK, "{url}");
    }
}

#[tokio::test]
async fn clocks_may_be_apart_for_a_moment() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    for iat in [server.now_in_seconds() - 299, server.now_in_seconds() + 60] {
        let claims = with(prover.claims(&server, "POST", TOKEN), "iat", Some(json!(iat)));
        assert_eq!(ask(&server, &prover.sign(&prover.head(), &claims)).await.status, StatusCode::OK, "{iat}");
    }
}

#[tokio::test]
async fn a_proof_is_good_once_also_when_it_is_sent_twice_at_once() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let proof = prover.token_proof(&server);
    let (one, other) = tokio::join!(ask(&server, &proof), ask(&server, &proof));
    let good = [one, other].iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(good, 1);
    // Until it is too old to be good at all, also when what is over has been tidied up.
    server.pass(Duration::from_secs(299));
    server.tidy().await;
    assert_refused(&server, &proof, "it was used before").await;
    server.pass(Duration::from_secs(1));
    server.tidy().await;
    assert_refused(&server, &proof, "it is too old").await;
}

#[tokio::test]
async fn nobody_uses_up_the_proofs_of_others() {
    let server = TestServer::with_policy(CLIENTS).await;
    let (prover, other) = (Prover::new(), Prover::new());
    // Both begin to count at the same number.
    assert_eq!(ask(&server, &other.token_proof(&server)).await.status, StatusCode::OK);
    assert_eq!(ask(&server, &prover.token_proof(&server)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_server_says_how_old_a_proof_may_be() {
    let tables = format!("{CLIENTS}\n[server.dpop]\nproof_lifetime = \"10s\"");
    let server = TestServer::with_policy(&tables).await;
    let prover = Prover::new();
    let claims = prover.claims(&server, "POST", TOKEN);
    server.pass(Duration::from_secs(10));
    assert_refused(&server, &prover.sign(&prover.head(), &claims), "ten seconds").await;
}
