//! A session that is not enough for a client: what is missing is asked for, for as long as the session lasts.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::browser::{Browser, demo, hosting, returned, success};
use crate::support::{Conversation, EMAIL, ORIGIN, PASSWORD, TestServer, VERIFIER, claims};

/// A client that everybody has to set a security question up for.
const STRICT: &str = r#"
[[clients]]
client_id = "strict-spa"
redirect_uris = ["http://localhost:4900/callback"]
policy = "strict"

[policies.strict.authenticators]
security_question = "required"
"#;

fn strict<'a>() -> Vec<(&'a str, &'a str)> {
    demo(&[("client_id", "strict-spa"), ("redirect_uri", "http://localhost:4900/callback")])
}

/// Pat, signed in at one client, on the page on which the other asks for more.
async fn stepping_up() -> (TestServer, Browser, Conversation) {
    let server = hosting(STRICT).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(&demo(&[])).await;
    server.pass(Duration::from_secs(60));
    let page = browser.authorize(&strict()).await;
    let mut page = browser.begin(&page).await;
    assert_eq!(page.answer.remediations().first().unwrap(), "select-authenticator-enroll");
    page.set_up("autquestion").await;
    assert_eq!(page.answer.remediations().first().unwrap(), "enroll-authenticator");
    (server, browser, page)
}

async fn set_question_up(page: &mut Conversation) {
    page.answer_with(json!({ "questionKey": "favorite_toy", "answer": "The Bear" })).await;
}

async fn sign_out(browser: &mut Browser) {
    let request = Request::delete("/api/v1/sessions/me").header("origin", ORIGIN).body(Body::empty());
    assert_eq!(browser.send(request.unwrap()).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_missing_lets_in_and_is_no_new_proof_of_who_it_is() {
    let (server, mut browser, mut page) = stepping_up().await;
    set_question_up(&mut page).await;
    let code = returned(&browser.get(&success(&page.answer)).await)["code"].clone();
    let params = [
        ("grant_type", "authorization_code"),
        ("client_id", "strict-spa"),
        ("redirect_uri", "http://localhost:4900/callback"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let tokens = server.client().call("/oauth2/default/v1/token", &params, &[]).await.json();
    let id_token = claims(&tokens["id_token"]);
    assert_eq!(id_token["amr"], json!(["pwd"]));
    // OIDC Core section 2: the password was a minute ago.
    assert_eq!(id_token["auth_time"], server.now_in_seconds() - 60);
    let young = demo(&[("prompt", "none"), ("max_age", "60")]);
    assert_eq!(returned(&browser.authorize(&young).await)["error"], "login_required");
}

#[tokio::test]
async fn who_has_signed_out_meanwhile_begins_anew() {
    let (_server, mut browser, mut page) = stepping_up().await;
    sign_out(&mut browser).await;
    set_question_up(&mut page).await;
    assert!(page.answer.remediations().contains(&"identify".to_owned()), "{}", page.answer.text());
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    // The question was not set up by whoever was left there.
    assert!(page.answer.text().contains("autquestion"));
}

#[tokio::test]
async fn who_signs_out_at_the_last_moment_is_not_signed_in_again() {
    let (_server, mut browser, mut page) = stepping_up().await;
    set_question_up(&mut page).await;
    let end = success(&page.answer);
    sign_out(&mut browser).await;
    let answer = browser.get(&end).await;
    assert_eq!(browser.cookie("session"), None);
    assert!(!answer.header("location").contains("code="), "{}", answer.header("location"));
}

#[tokio::test]
async fn signing_out_ends_a_session_that_only_another_client_lets_be_idle() {
    let lax = "[[clients]]\nclient_id = \"lax-spa\"\nredirect_uris = [\"http://localhost:4900/callback\"]\n\
               policy = \"lax\"\n[policies.lax.session]\nidle = \"2h\"\n[policy.session]\nidle = \"1m\"";
    let server = hosting(lax).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(&demo(&[])).await;
    server.pass(Duration::from_secs(120));
    let silently = |client| {
        demo(&[("prompt", "none"), ("client_id", client), ("redirect_uri", "http://localhost:4900/callback")])
    };
    let mut thief = browser.clone();
    assert_eq!(returned(&thief.authorize(&demo(&[("prompt", "none")])).await)["error"], "login_required");
    sign_out(&mut browser).await;
    assert_eq!(returned(&thief.authorize(&silently("lax-spa")).await)["error"], "login_required");
}
