//! Whatever is sent, the answer is a documented one: never a fault of the server, never a word too many, and the people
//! whose server it is sign in afterwards as if nothing had been.
//!
//! The requests are made up by proptest from a fixed seed, so that each run sends the same ones. What they are made of is
//! in `hostile/values.rs`, where they go in `hostile/endpoints.rs`, what an answer may look like in `hostile/shape.rs`.

mod endpoints;
mod shape;
mod values;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::support::{Answer, Client, EMAIL, NEW_PASSWORD, TestServer, encoded};

/// Everything is switched on, and nobody is turned away for asking too often.
const EVERYTHING: &str = r#"
    [policy]
    email_link = true
    unlock = true
    passkey_autofill = true
    second_factor = "if_enrolled"
    [policy.authenticators]
    passkey = "optional"
    totp = "optional"
    security_question = "optional"
    phone = "optional"
    push = "optional"
    number_challenge = true
    [policy.attempts]
    per_account = 1000
    per_address = 1000000
    per_code = 100
    mails_per_account = 100
    transactions_per_address = 1000000
"#;

/// Runs a property over so many made-up values, against one server that has to get through all of them.
fn for_all<S: Strategy>(cases: u32, strategy: &S, property: impl AsyncFn(&TestServer, S::Value)) {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::with_policy(EVERYTHING));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(strategy, |value| {
        server.pass(Duration::from_secs(1));
        runtime.block_on(property(&server, value));
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    runtime.block_on(everybody_is_still_there(&server));
}

/// Nothing is lost: the account that was there signs in, and its tokens are good.
async fn everybody_is_still_there(server: &TestServer) {
    let client = server.client();
    let mut page = client.after_password().await;
    page.follow("skip").await;
    let tokens = client.redeem(&page.interaction_code()).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    let userinfo = client.bearer("/oauth2/default/v1/userinfo", access_token).await;
    assert_eq!(userinfo.json()["email"], EMAIL);
}

async fn send(client: &Client, method: &Method, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", HeaderValue::from_bytes(media_type.as_bytes()).unwrap());
    client.send(request.body(Body::from(body)).unwrap()).await
}

mod given_bodies_of_no_meaning {
    use super::*;

    #[test]
    fn every_endpoint_answers_as_documented() {
        let endpoints = endpoints::all();
        let strategy =
            (values::endpoint(&endpoints), values::method(), values::media_type(), values::bytes());
        for_all(600, &strategy, async |server, (path, method, media_type, body)| {
            let answer = send(&server.client(), &method, &path, &media_type, body).await;
            shape::check(&method, &path, &answer);
        });
    }

    #[test]
    fn what_is_too_large_is_refused_everywhere() {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let server = TestServer::with_policy(EVERYTHING).await;
            for path in endpoints::all() {
                for media_type in ["application/json", "application/x-www-form-urlencoded"] {
                    let body = vec![b'x'; 1024 * 1024];
                    let answer = send(&server.client(), &Method::POST, &path, media_type, body).await;
                    shape::check(&Method::POST, &path, &answer);
                    assert!(answer.status.is_client_error(), "{path} took a megabyte: {}", answer.status);
                }
            }
            everybody_is_still_there(&server).await;
        });
    }
}

mod given_headers_of_no_meaning {
    use super::*;

    #[test]
    fn every_endpoint_answers_as_documented() {
        let endpoints = endpoints::all();
        let strategy = (values::endpoint(&endpoints), values::method(), values::headers(), values::query());
        for_all(400, &strategy, async |server, (path, method, headers, query)| {
            let mut request = Request::builder().method(&method).uri(format!("{path}?{query}"));
            for (name, value) in headers {
                request = request
                    .header(HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(&value).unwrap());
            }
            let answer = server.client().send(request.body(Body::empty()).unwrap()).await;
            shape::check(&method, &path, &answer);
        });
    }
}

mod given_a_sign_in_under_way {
    use super::*;

    /// Whoever follows the protocol in any order, with any values, is asked again or is told that it is over.
    #[test]
    fn actions_in_any_order_with_any_values_do_not_break_it() {
        let step = (values::idx_endpoint(), values::idx_body());
        let strategy = prop::collection::vec(step, 1..8);
        for_all(100, &strategy, async |server, steps| {
            let mut page = server.client().begin().await;
            page.identify(EMAIL).await;
            for (endpoint, body) in steps {
                page.post(&endpoint, body).await;
                shape::check(&Method::POST, &endpoint, &page.answer);
            }
        });
    }

    /// As before, by somebody who has proved the password and may set things up.
    #[test]
    fn nor_after_the_password() {
        let step = (values::idx_endpoint(), values::idx_body());
        let strategy = prop::collection::vec(step, 1..8);
        let people = AtomicU32::new(0);
        for_all(30, &strategy, async |server, steps| {
            let email = format!("somebody-{}@example.net", people.fetch_add(1, Ordering::SeqCst));
            let mut page = server.client().begin().await;
            page.register(&email).await;
            let code = server.code(&email).await;
            page.answer(&code).await;
            page.answer(NEW_PASSWORD).await;
            assert_eq!(page.answer.remediations(), ["select-authenticator-enroll", "skip"]);
            for (endpoint, body) in steps {
                page.post(&endpoint, body).await;
                shape::check(&Method::POST, &endpoint, &page.answer);
            }
        });
    }

    #[test]
    fn a_handle_that_was_changed_in_any_place_is_refused() {
        let strategy = (any::<prop::sample::Index>(), any::<char>(), values::handle_member());
        for_all(150, &strategy, async |server, (index, replacement, member)| {
            let page = server.client().begin().await;
            let handle = &page.state_handle;
            // What follows the last tilde says where it is used, for whoever reads a log.
            let (secret, place_of_use) = handle.rsplit_once('~').unwrap();
            let mut chars: Vec<char> = secret.chars().collect();
            let place = index.get_mut(&mut chars);
            if *place == replacement {
                return;
            }
            *place = replacement;
            let changed = format!("{}~{place_of_use}", chars.into_iter().collect::<String>());
            let answer = server
                .client()
                .json("/idp/idx/identify", &json!({ (member.clone()): changed, "identifier": EMAIL }))
                .await;
            shape::check(&Method::POST, "/idp/idx/identify", &answer);
            assert!(answer.status.is_client_error(), "{changed} for {handle}");
            let answer = server.client().introspect(&json!({ (member): changed })).await;
            assert!(answer.status.is_client_error(), "{changed} for {handle}");
        });
    }
}

mod given_oauth_parameters {
    use super::*;

    #[test]
    fn any_of_them_with_any_values_are_answered_as_documented() {
        let endpoints = endpoints::oauth();
        let strategy = (values::endpoint(&endpoints), values::params(), any::<bool>());
        for_all(600, &strategy, async |server, (path, params, in_query)| {
            let encoded: Vec<_> =
                params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
            let encoded = encoded.join("&");
            let client = server.client();
            let (method, answer) = if in_query {
                (Method::GET, client.get(&format!("{path}?{encoded}")).await)
            } else {
                let media_type = "application/x-www-form-urlencoded";
                (Method::POST, send(&client, &Method::POST, &path, media_type, encoded.into_bytes()).await)
            };
            shape::check(&method, &path, &answer);
        });
    }

    /// RFC 6749 section 3.2: no parameter more than once.
    #[tokio::test]
    async fn one_that_comes_twice_is_refused() {
        let server = TestServer::start().await;
        let client = server.client();
        for endpoint in ["interact", "token", "revoke"] {
            for name in ["client_id", "scope", "grant_type", "redirect_uri", "token", "made_up"] {
                let answer =
                    client.form(endpoint, &[(name, "one"), ("between", "them"), (name, "two")]).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint} {name}");
                assert_eq!(answer.json()["error"], "invalid_request", "{endpoint} {name}");
            }
        }
    }
}
