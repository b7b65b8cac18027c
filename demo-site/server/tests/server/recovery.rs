//! A forgotten password.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Client, Conversation, EMAIL, NEW_PASSWORD, PASSWORD, TestServer, claims};

/// Goes as far as the page for the new password.
async fn recover(server: &TestServer, client: &Client) -> Conversation {
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    page
}

#[tokio::test]
async fn from_the_password_page_the_code_is_sent_at_once() {
    let server = TestServer::start().await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    let answer = page.follow("recover").await;
    assert_eq!(answer.remediations(), ["challenge-authenticator"]);
    let document = answer.json();
    assert_eq!(document["currentAuthenticatorEnrollment"]["value"]["key"], "okta_email");
    assert_eq!(document["recoveryAuthenticator"]["value"]["key"], "okta_password");
    assert_eq!(server.codes(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn from_the_first_page_it_is_asked_whose_it_is() {
    let server = TestServer::with_policy("[policy]\nidentifier_first = false").await;
    let mut page = server.client().begin().await;
    let answer = page.follow("recover").await;
    assert_eq!(answer.remediations(), ["identify-recovery"]);
    let document = answer.json();
    assert_eq!(document["recoveryAuthenticator"]["value"]["key"], "okta_password");
    assert_eq!(page.identify("").await.messages_in("identifier"), ["model.validation.field.blank"]);
    assert_eq!(page.identify(EMAIL).await.remediations(), ["challenge-authenticator"]);
    let code = server.code(EMAIL).await;
    assert_eq!(page.answer(&code).await.remediations(), ["reset-authenticator"]);
}

#[tokio::test]
async fn the_code_leads_to_a_new_password_and_that_signs_in() {
    let server = TestServer::start().await;
    let client = server.client();
    let mut page = recover(&server, &client).await;
    assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
    assert_eq!(page.answer.field("credentials.revokeSessions")["type"], "boolean");
    for member in ["currentAuthenticator", "recoveryAuthenticator"] {
        assert_eq!(page.answer.json()[member]["value"]["settings"]["complexity"]["minLength"], 10);
    }
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    let tokens = client.redeem(&page.interaction_code()).await.json();
    assert_eq!(claims(&tokens["id_token"])["amr"], json!(["otp"]));

    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    assert!(!page.answer(PASSWORD).await.is_signed_in());
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
}

#[tokio::test]
async fn the_names_that_a_password_must_not_contain_are_told_once_the_code_was_right() {
    let server = TestServer::start().await;
    let client = server.client();
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    assert_eq!(page.answer.json()["user"]["value"].get("profile"), None);
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    let profile = page.answer.json()["user"]["value"]["profile"].clone();
    assert_eq!(profile, json!({ "firstName": "Pat", "lastName": "Example" }));
}

#[tokio::test]
async fn a_password_that_breaks_a_rule_is_refused() {
    let server = TestServer::start().await;
    let mut page = recover(&server, &server.client()).await;
    let answer = page.answer("short").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.messages_in("credentials.passcode"), ["password.passwordRequirementsNotMet"]);
    assert_eq!(answer.remediations(), ["reset-authenticator"]);
}

#[tokio::test]
async fn passwords_of_the_past_are_refused_as_far_back_as_the_policy_says() {
    let server = TestServer::with_policy("[policy.password]\nhistory = 2").await;
    let client = server.client();
    let mut page = recover(&server, &client).await;
    assert_eq!(page.answer(PASSWORD).await.messages_in("credentials.passcode"), ["errors.E0000035"]);
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());

    let mut page = recover(&server, &client).await;
    assert_eq!(page.answer(PASSWORD).await.messages_in("credentials.passcode"), ["errors.E0000035"]);
    assert!(page.answer("Third-Staple-99").await.is_signed_in());

    let mut page = recover(&server, &client).await;
    assert!(page.answer(PASSWORD).await.is_signed_in());
}

#[tokio::test]
async fn the_code_cannot_be_sent_to_another_step() {
    let server = TestServer::start().await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    let code = server.code(EMAIL).await;
    let answer = page.identify_with_password("eve@example.com", &code).await;
    assert_eq!(answer.messages(), ["E0000020"]);
    assert_eq!(page.answer(&code).await.remediations(), ["reset-authenticator"]);
}

#[tokio::test]
async fn signing_out_everywhere_else_voids_every_older_token() {
    let server = TestServer::start().await;
    let client = server.client();
    let old = client.sign_in().await;
    let mut page = recover(&server, &client).await;
    let credentials = json!({ "passcode": NEW_PASSWORD, "revokeSessions": true });
    assert!(page.post("challenge/answer", json!({ "credentials": credentials })).await.is_signed_in());
    let new = client.redeem(&page.interaction_code()).await.json();

    let userinfo = "/oauth2/default/v1/userinfo";
    let old_token = old["access_token"].as_str().unwrap();
    assert_eq!(client.bearer(userinfo, old_token).await.status, StatusCode::UNAUTHORIZED);
    let new_token = new["access_token"].as_str().unwrap();
    assert_eq!(client.bearer(userinfo, new_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_that_wish_older_tokens_stay_good() {
    let server = TestServer::start().await;
    let client = server.client();
    let old = client.sign_in().await;
    assert!(recover(&server, &client).await.answer(NEW_PASSWORD).await.is_signed_in());
    let old_token = old["access_token"].as_str().unwrap();
    assert_eq!(client.bearer("/oauth2/default/v1/userinfo", old_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_is_locked_out_can_recover_and_is_let_in() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 1").await;
    let client = server.client();
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.answer("Wrong-Horse-42").await;
    assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    page.follow("recover").await;
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());

    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
}
