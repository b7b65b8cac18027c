//! Signing out, and what the page says about it.

use crate::browser::{Browser, query};

const ASKED: &str = "The identity server was asked to sign you out, too.";
const NOT_ASKED: &str = "You may still be signed in at the identity server.";

async fn check(browser: &mut Browser, place: &str, said: &str) {
    let page = browser.get(place).await;
    assert!(page.body.contains("You are signed out") && page.body.contains(said), "{}", page.body);
}

#[tokio::test]
async fn an_identity_server_that_can_is_asked_and_leads_back() {
    let mut browser = Browser::start().await;
    browser.sign_in_as("pat").await;
    let answer = browser.post("/sign-out").await;
    let there = query(answer.location());
    assert_eq!(there["post_logout_redirect_uri"], "http://localhost:4403/signed-out");
    assert!(there["id_token_hint"].starts_with("eyJ"));
    check(&mut browser, &format!("/signed-out?state={}", there["state"]), ASKED).await;
    assert_eq!(browser.cookies().count(), 0);
}

#[tokio::test]
async fn one_that_cannot_is_not_said_to_have_been_asked() {
    let discovery = |discovery: &mut serde_json::Value| drop(discovery["end_session_endpoint"].take());
    let mut browser = Browser::start_at(discovery).await;
    browser.sign_in_as("pat").await;
    let place = browser.post("/sign-out").await.location().to_owned();
    check(&mut browser, &place, NOT_ASKED).await;
}

#[tokio::test]
async fn nor_when_nobody_was_signed_in() {
    let mut browser = Browser::start().await;
    let place = browser.post("/sign-out").await.location().to_owned();
    check(&mut browser, &place, NOT_ASKED).await;
}

#[tokio::test]
async fn nobody_who_is_signed_in_is_told_otherwise() {
    let mut browser = Browser::start().await;
    browser.sign_in_as("pat").await;
    let page = browser.get("/signed-out").await;
    assert!(!page.body.contains("You are signed out"), "{}", page.body);
    assert!(page.body.contains("You are signed in<"), "{}", page.body);
}
