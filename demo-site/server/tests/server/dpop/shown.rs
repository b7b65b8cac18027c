//! Bound tokens where they are shown: userinfo, and what introspection tells others about them (RFC 9449 sections 6 and 7).

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::prover::{Prover, digest, with};
use super::{CLIENTS, SECRET, sign_in};
use crate::support::{Answer, Client, EMAIL, TestServer, basic, claims};

pub(super) const USERINFO: &str = "http://localhost:4401/oauth2/default/v1/userinfo";
const PATH: &str = "/oauth2/default/v1/userinfo";

/// Asks userinfo with a token and a proof.
pub(super) async fn show(client: &Client, token: &str, proof: &str) -> Answer {
    let request = Request::get(PATH).header("authorization", format!("DPoP {token}")).header("dpop", proof);
    client.send(request.body(Body::empty()).unwrap()).await
}

fn proof_of(server: &TestServer, prover: &Prover, token: &str) -> String {
    let claims = with(prover.claims(server, "GET", USERINFO), "ath", Some(json!(digest(token))));
    prover.sign(&prover.head(), &claims)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Whether it is the refusal that RFC 9449 section 7.1 describes.
fn assert_challenged(answer: &Answer, error: &str, why: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}");
    assert_eq!(answer.error(), error, "{why}");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with(&format!("DPoP error=\"{error}\"")), "{why}: {challenge}");
    assert!(challenge.contains("algs=\"ES256 "), "{why}: {challenge}");
}

#[tokio::test]
async fn the_key_and_the_token_together_are_good() {
    let server = TestServer::start().await;
    let prover = Prover::new();
    let tokens = sign_in(&server, &prover).await;
    let token = text(&tokens["access_token"]);
    let answer = show(&server.client(), token, &proof_of(&server, &prover, token)).await;
    assert_eq!(answer.json()["email"], EMAIL);
    // And a post is proved as a post.
    let claims = with(prover.claims(&server, "POST", USERINFO), "ath", Some(json!(digest(token))));
    let request = Request::post(PATH)
        .header("authorization", format!("dpop {token}"))
        .header("dpop", prover.sign(&prover.head(), &claims));
    let answer = server.client().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.json()["email"], EMAIL);
}

#[tokio::test]
async fn a_stolen_token_is_worth_nothing() {
    let server = TestServer::start().await;
    let (prover, thief) = (Prover::new(), Prover::new());
    let client = server.client();
    let tokens = sign_in(&server, &prover).await;
    let token = text(&tokens["access_token"]);
    let seen = proof_of(&server, &prover, token);
    assert_eq!(show(&client, token, &seen).await.status, StatusCode::OK);

    assert_challenged(&client.bearer(PATH, token).await, "invalid_token", "as a bearer token");
    let both = client.with_header("dpop", &proof_of(&server, &prover, token)).bearer(PATH, token).await;
    assert_challenged(&both, "invalid_token", "as a bearer token beside a good proof");
    let request = Request::get(PATH).header("authorization", format!("DPoP {token}"));
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    assert_challenged(&answer, "invalid_dpop_proof", "without a proof");
    for (proof, why) in [
        (seen, "with a proof that was seen before"),
        (proof_of(&server, &thief, token), "with the key of another"),
        (prover.token_proof(&server), "with the proof of another request"),
        (prover.sign(&prover.head(), &prover.claims(&server, "GET", USERINFO)), "without `ath`"),
        (proof_of(&server, &prover, "another token"), "with another `ath`"),
    ] {
        assert_challenged(&show(&client, token, &proof).await, "invalid_dpop_proof", why);
    }
}

#[tokio::test]
async fn a_bearer_token_is_not_made_better_by_a_proof() {
    let server = TestServer::start().await;
    let prover = Prover::new();
    let tokens = server.client().sign_in().await;
    let token = text(&tokens["access_token"]);
    let answer = show(&server.client(), token, &proof_of(&server, &prover, token)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
}

#[tokio::test]
async fn a_token_that_is_over_is_refused_in_the_scheme_that_it_came_by() {
    let server = TestServer::start().await;
    let prover = Prover::new();
    let answer = show(&server.client(), "made.up.token", &proof_of(&server, &prover, "made.up.token")).await;
    assert_challenged(&answer, "invalid_token", "a made-up token");
}

#[tokio::test]
async fn introspection_tells_which_key_it_is() {
    let server = TestServer::with_policy(CLIENTS).await;
    let prover = Prover::new();
    let tokens = sign_in(&server, &prover).await;
    let unbound = server.client().sign_in().await;
    let authorization = basic("service", SECRET);
    let ask = async |token: &Value| {
        let headers = [("authorization", authorization.as_str())];
        let path = "/oauth2/default/v1/introspect";
        server.client().call(path, &[("token", text(token))], &headers).await.json()
    };
    let said = ask(&tokens["access_token"]).await;
    assert_eq!((&said["active"], &said["token_type"]), (&json!(true), &json!("DPoP")));
    assert_eq!(said["cnf"], json!({ "jkt": prover.thumbprint() }));
    assert_eq!(ask(&tokens["refresh_token"]).await["cnf"], json!({ "jkt": prover.thumbprint() }));
    let said = ask(&unbound["access_token"]).await;
    assert_eq!((&said["token_type"], said.get("cnf")), (&json!("Bearer"), None));
    assert_eq!(ask(&unbound["refresh_token"]).await.get("cnf"), None);
}

#[tokio::test]
async fn pages_may_send_and_read_what_it_takes() {
    let server = TestServer::start().await;
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(PATH)
        .header("origin", crate::support::ORIGIN)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization,dpop");
    let answer = server.client().send(request.body(Body::empty()).unwrap()).await;
    assert!(answer.header("access-control-allow-headers").contains("dpop"));
    assert!(answer.header("access-control-expose-headers").contains("dpop-nonce"));
}

#[tokio::test]
async fn a_revoked_token_is_void_with_its_key_too() {
    let server = TestServer::start().await;
    let prover = Prover::new();
    let tokens = sign_in(&server, &prover).await;
    let token = text(&tokens["access_token"]);
    let params = [("client_id", "demo-spa"), ("token", token)];
    assert_eq!(server.client().form("revoke", &params).await.status, StatusCode::OK);
    let answer = show(&server.client(), token, &proof_of(&server, &prover, token)).await;
    assert_challenged(&answer, "invalid_token", "revoked");
    assert_eq!(claims(&tokens["access_token"])["client_id"], "demo-spa");
}
