//! Whatever stands in the header: it is refused, and nothing breaks.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::prover::Prover;
use super::{TOKEN, ask};
use crate::support::TestServer;

const PARAMS: [(&str, &str); 3] =
    [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", "made-up")];

/// JSON that somebody might put into a proof.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,20}".prop_map(Value::from),
        select(vec!["dpop+jwt", "ES256", "HS256", "none", "RSA", "EC", "oct", "P-256", "AQAB", TOKEN])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let names =
            select(vec!["typ", "alg", "jwk", "kty", "crv", "x", "y", "n", "e", "k", "d", "crit", "jti"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A good proof with a member of its head or its claims replaced, signed anew.
fn forged() -> impl Strategy<Value = (bool, String, Value)> {
    let names = select(vec!["typ", "alg", "jwk", "crit", "htm", "htu", "iat", "jti"]);
    (any::<bool>(), names.prop_map(str::to_owned), json_value())
}

fn for_all<S: Strategy>(strategy: &S, property: impl AsyncFn(&TestServer, S::Value)) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(strategy, |value| {
        runtime.block_on(property(&server, value));
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

async fn assert_invalid(server: &TestServer, proof: &str) {
    let answer = ask(&server.client(), &PARAMS, proof).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{proof}");
    assert_eq!(answer.error(), "invalid_dpop_proof", "{proof}");
}

#[test]
fn text_of_no_meaning_is_refused() {
    for_all(&"[!-~]{0,200}", async |server, text| assert_invalid(server, &text).await);
}

#[test]
fn json_of_no_meaning_is_refused() {
    let parts = (json_value(), json_value(), "[A-Za-z0-9_-]{0,90}");
    for_all(&parts, async |server, (head, claims, signature)| {
        let [head, claims] = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        assert_invalid(server, &format!("{head}.{claims}.{signature}")).await;
    });
}

#[test]
fn a_proof_with_one_letter_changed_is_refused() {
    let prover = Prover::new();
    for_all(&(any::<Index>(), select(('!'..='~').collect::<Vec<_>>())), async |server, (index, letter)| {
        let proof = prover.token_proof(server);
        let mut letters: Vec<char> = proof.chars().collect();
        *index.get_mut(&mut letters) = letter;
        let changed: String = letters.into_iter().collect();
        if changed != proof {
            assert_invalid(server, &changed).await;
        }
    });
}

#[test]
fn a_proof_with_one_member_changed_is_refused_or_says_the_same() {
    let prover = Prover::new();
    for_all(&forged(), async |server, (is_in_head, name, value)| {
        let (mut head, mut claims) = (prover.head(), prover.claims(server, "POST", TOKEN));
        if is_in_head {
            head[&name] = value
        } else {
            claims[&name] = value
        };
        let answer = ask(&server.client(), &PARAMS, &prover.sign(&head, &claims)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        // Where it is taken, the refresh token is what is wrong: then what was changed means nothing in this place.
        let is_of_the_other_part = ["typ", "alg", "jwk", "crit"].contains(&name.as_str()) != is_in_head;
        let is_harmless = is_of_the_other_part || name == "jti" || (name == "crit" && head["crit"].is_null());
        let is_same_time =
            name == "iat" && (claims["iat"].as_i64().unwrap_or(0) - server.now_in_seconds()).abs() <= 300;
        let is_same = name == "htu" && claims["htu"] == TOKEN
            || name == "typ" && head["typ"] == "dpop+jwt"
            || name == "alg" && head["alg"] == "ES256";
        if answer.error() != "invalid_dpop_proof" {
            assert_eq!(answer.error(), "invalid_grant");
            assert!(is_harmless || is_same_time || is_same, "{head} {claims}");
        }
    });
}
