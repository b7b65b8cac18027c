//! Choosing between several second proofs, and between several things to set up.

use std::time::Duration;

use serde_json::json;

use crate::support::{Client, NEW_PASSWORD, TestServer};
use crate::totp;

const POLICY: &str = "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"required\"\n\
                      security_question = \"optional\"";

/// Sets both up, and says the secret of the app.
async fn enroll_both(server: &TestServer, client: &Client) -> String {
    let mut page = client.after_password().await;
    page.set_up("autquestion").await;
    page.answer_with(json!({ "questionKey": "favorite_toy", "answer": "teddy" })).await;
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    let code = totp::app(&secret, server.now_in_seconds());
    assert!(page.answer(&code).await.is_signed_in());
    secret
}

#[tokio::test]
async fn what_is_required_cannot_be_skipped_and_what_is_left_can() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
    let keys: Vec<_> = page.answer.json()["authenticators"]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["google_otp", "security_question"]);
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    let code = totp::app(&secret, server.now_in_seconds());
    // After one the list comes again, with what is left.
    assert_eq!(page.answer(&code).await.remediations(), ["select-authenticator-enroll", "skip"]);
    assert_eq!(page.set_up("auttotp").await.messages(), ["E0000020"]);
    assert!(page.follow("skip").await.is_signed_in());
}

#[tokio::test]
async fn one_can_change_ones_mind_while_setting_up() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autquestion").await;
    assert_eq!(page.answer.remediations(), ["enroll-authenticator", "select-authenticator-enroll"]);
    page.set_up("auttotp").await;
    assert_eq!(page.answer.json()["currentAuthenticator"]["value"]["key"], "google_otp");
}

#[tokio::test]
async fn of_several_one_is_chosen_and_another_can_be() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let secret = enroll_both(&server, &client).await;
    server.pass(Duration::from_secs(60));
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-authenticate"]);
    page.select("autquestion").await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator", "select-authenticator-authenticate"]);
    page.select("auttotp").await;
    let code = totp::app(&secret, server.now_in_seconds());
    assert!(page.answer(&code).await.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn what_is_not_set_up_cannot_be_chosen() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    enroll_both(&server, &client).await;
    let mut page = client.after_password().await;
    for id in ["autpasskey", "autemail", "autpassword", "autphone", "autpush", ""] {
        assert_eq!(page.select(id).await.messages(), ["E0000020"], "{id}");
    }
}

#[tokio::test]
async fn without_the_right_password_nobody_learns_what_is_set_up() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    enroll_both(&server, &client).await;
    let mut page = client.begin().await;
    page.identify(crate::support::EMAIL).await;
    page.answer("Wrong-Horse-42").await;
    let text = page.answer.text();
    assert!(!text.contains("google_otp") && !text.contains("security_question"), "{text}");
}

#[tokio::test]
async fn who_registers_sets_up_what_is_required() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().begin().await;
    page.register("robin@example.com").await;
    let code = server.code("robin@example.com").await;
    page.answer(&code).await;
    assert_eq!(page.answer(NEW_PASSWORD).await.remediations(), ["select-authenticator-enroll"]);
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    let code = totp::app(&secret, server.now_in_seconds());
    page.answer(&code).await;
    assert!(page.follow("skip").await.is_signed_in());
}

#[tokio::test]
async fn a_policy_that_no_longer_knows_it_does_not_ask_for_it() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    enroll_both(&server, &client).await;
    let server = server.restart_with("[policy]\nsecond_factor = \"if_enrolled\"").await;
    assert!(server.client().after_password().await.answer.is_signed_in());
}
