//! A locked account.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Conversation, EMAIL, PASSWORD, TestServer};

const POLICY: &str = "[policy]\nunlock = true\n[policy.attempts]\nper_account = 1";

/// Locks Pat's account.
async fn locked(server: &TestServer) {
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.answer("Wrong-Horse-42").await;
    assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

async fn unlock(server: &TestServer, identifier: &str) -> Conversation {
    let mut page = server.client().begin().await;
    page.follow("unlock-account").await;
    let body =
        json!({ "identifier": identifier, "authenticator": { "id": "autemail", "methodType": "email" } });
    page.post("challenge", body).await;
    page
}

#[tokio::test]
async fn the_first_page_offers_it_if_the_policy_does() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().begin().await;
    assert_eq!(page.answer.remediations(), ["identify", "select-enroll-profile", "unlock-account"]);
    let answer = page.follow("unlock-account").await;
    assert_eq!(answer.remediations(), ["select-authenticator-unlock-account"]);
    assert_eq!(answer.field("identifier")["required"], true);
    assert_eq!(answer.json()["authenticators"]["value"][0]["key"], "okta_email");

    let server = TestServer::start().await;
    let mut page = server.client().begin().await;
    assert_eq!(page.follow("unlock-account").await.messages(), ["E0000020"]);
}

#[tokio::test]
async fn the_code_unlocks_and_the_password_is_good_again() {
    let server = TestServer::with_policy(POLICY).await;
    locked(&server).await;
    let mut page = unlock(&server, EMAIL).await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
    let code = server.code(EMAIL).await;
    let answer = page.answer(&code).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.messages(), ["oie.selfservice.unlock_user.success.message"]);
    assert_eq!(answer.json()["messages"]["value"][0]["class"], "INFO");
    assert_eq!(answer.json().get("remediation"), None);
    assert!(server.client().after_password().await.answer.is_signed_in());
}

#[tokio::test]
async fn a_wrong_code_unlocks_nothing() {
    let server = TestServer::with_policy(POLICY).await;
    locked(&server).await;
    let mut page = unlock(&server, EMAIL).await;
    let wrong = crate::sign_in::other_than(&server.code(EMAIL).await);
    assert_eq!(
        page.answer(&wrong).await.messages_in("credentials.passcode"),
        ["api.authn.error.PASSCODE_INVALID"]
    );
    assert_eq!(server.client().after_password().await.answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn nobody_looks_like_somebody() {
    let server = TestServer::with_policy(POLICY).await;
    let page = unlock(&server, "nobody@example.com").await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
    assert!(server.mails("nobody@example.com").await.is_empty());
}

#[tokio::test]
async fn a_name_has_to_be_given() {
    let server = TestServer::with_policy(POLICY).await;
    let page = unlock(&server, " ").await;
    assert_eq!(page.answer.messages_in("identifier"), ["model.validation.field.blank"]);
}
