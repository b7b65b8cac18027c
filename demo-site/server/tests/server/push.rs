//! Pushes, and the page that stands for a device.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Conversation, TestServer};

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\npush = \"optional\"";
const NUMBERS: &str = "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\npush = \"optional\"\n\
                       number_challenge = true";

pub(crate) async fn waiting(server: &TestServer) -> Vec<Value> {
    let answer = server.client().get("/simulator.json").await;
    answer.json()["waiting"].as_array().unwrap().clone()
}

/// Answers what waits, as the page would.
pub(crate) async fn tap(server: &TestServer, answer: &str) {
    let id = waiting(server).await[0]["id"].as_str().unwrap().to_owned();
    let sent = server.client().submit("/simulator", &[("id", &id), ("answer", answer)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
}

async fn with_device(policy: &str) -> TestServer {
    let server = TestServer::with_policy(policy).await;
    let mut page = server.client().after_password().await;
    page.set_up("autpush").await;
    tap(&server, "approve").await;
    assert!(page.poll().await.is_signed_in());
    server
}

async fn poll(page: &mut Conversation) {
    page.follow("authenticators/poll").await;
}

#[tokio::test]
async fn setting_up_waits_for_the_device() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    let answer = page.set_up("autpush").await;
    assert_eq!(answer.remediations(), ["enroll-poll", "select-authenticator-enroll", "skip"]);
    assert_eq!(answer.json()["remediation"]["value"][0]["refresh"], 4000);
    let context = answer.context();
    assert_eq!(context["selectedChannel"], "qrcode");
    assert!(context["qrcode"]["href"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    let before = page.answer.json();
    assert_eq!(page.poll().await.json(), before);
    assert_eq!(waiting(&server).await[0]["asks"], "set-up");
    tap(&server, "approve").await;
    assert!(page.poll().await.is_signed_in());
}

#[tokio::test]
async fn a_device_that_refuses_or_does_not_answer_is_not_waited_for() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autpush").await;
    tap(&server, "deny").await;
    let answer = page.poll().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.messages(), ["api.authn.poll.error.push_rejected"]);
    assert_eq!(answer.remediations(), ["select-authenticator-enroll", "skip"]);
    page.set_up("autpush").await;
    server.pass(Duration::from_secs(301));
    assert_eq!(page.poll().await.messages(), ["latchkey.push.expired"]);
    page.set_up("autpush").await;
    tap(&server, "approve").await;
    assert!(page.poll().await.is_signed_in());
}

#[tokio::test]
async fn approving_on_the_device_signs_in() {
    let server = with_device(POLICY).await;
    let client = server.client();
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["challenge-poll"]);
    assert_eq!(page.answer.context(), json!({}));
    let before = page.answer.json();
    poll(&mut page).await;
    assert_eq!(page.answer.json(), before);
    tap(&server, "approve").await;
    poll(&mut page).await;
    assert!(page.answer.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["pwd", "swk", "mfa"]));
}

#[tokio::test]
async fn denying_is_said_and_it_can_be_sent_again() {
    let server = with_device(POLICY).await;
    let mut page = server.client().after_password().await;
    tap(&server, "deny").await;
    poll(&mut page).await;
    // Clients that keep the last good answer after a failure would go on polling for what is over.
    assert_eq!(page.answer.status, StatusCode::OK);
    assert_eq!(page.answer.messages(), ["api.authn.poll.error.push_rejected"]);
    assert_eq!(page.answer.remediations(), ["resend"]);
    assert!(waiting(&server).await.is_empty());
    // What cannot be changed need not be sent back.
    assert_eq!(page.follow("challenge").await.remediations(), ["challenge-poll"]);
    tap(&server, "deny").await;
    poll(&mut page).await;
    let again = json!({ "authenticator": { "id": "autpush", "methodType": "push" } });
    assert_eq!(page.post("challenge", again).await.remediations(), ["challenge-poll"]);
    tap(&server, "approve").await;
    poll(&mut page).await;
    assert!(page.answer.is_signed_in());
}

#[tokio::test]
async fn the_number_on_the_page_has_to_be_chosen() {
    let server = with_device(NUMBERS).await;
    let mut page = server.client().after_password().await;
    let number = page.answer.context()["correctAnswer"].as_str().unwrap().to_owned();
    let choices = waiting(&server).await[0]["choices"].as_array().unwrap().clone();
    assert_eq!(choices.len(), 3);
    assert!(choices.contains(&json!(number)));
    let wrong = choices.iter().find(|choice| **choice != json!(number)).unwrap().as_str().unwrap();
    tap(&server, wrong).await;
    poll(&mut page).await;
    assert_eq!(page.answer.messages(), ["api.authn.poll.error.push_rejected"]);
    page.select("autpush").await;
    let number = page.answer.context()["correctAnswer"].as_str().unwrap().to_owned();
    tap(&server, &number).await;
    poll(&mut page).await;
    assert!(page.answer.is_signed_in());
}

#[tokio::test]
async fn a_push_expires() {
    let server = with_device(POLICY).await;
    let mut page = server.client().after_password().await;
    let id = waiting(&server).await[0]["id"].as_str().unwrap().to_owned();
    server.pass(Duration::from_secs(301));
    let late = server.client().submit("/simulator", &[("id", &id), ("answer", "approve")]).await;
    assert_eq!(late.status, StatusCode::GONE);
    poll(&mut page).await;
    assert_eq!(page.answer.messages(), ["latchkey.push.expired"]);
    assert_eq!(page.answer.remediations(), ["resend"]);
}

#[tokio::test]
async fn the_page_shows_what_waits_and_keeps_what_strangers_typed_as_text() {
    let server = with_device(NUMBERS).await;
    let page = server.client().after_password().await;
    let number = page.answer.context()["correctAnswer"].as_str().unwrap().to_owned();
    let device = waiting(&server).await[0]["device"].as_str().unwrap().to_owned();
    let html = server.client().get(&format!("/simulator?device={device}")).await;
    assert!(html.text().contains(&format!("value=\"{number}\"")), "{}", html.text());
    let policy = html.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(html.header("referrer-policy"), "same-origin");
    assert!(!html.text().contains("<script") && !html.text().contains("style="));
    let other = server.client().get("/simulator?device=%22%3E%3Cscript%3E").await;
    assert!(other.text().contains("Nothing waits") && !other.text().contains("<script"));
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_answer() {
    let server = with_device(POLICY).await;
    server.client().after_password().await;
    let id = waiting(&server).await[0]["id"].as_str().unwrap().to_owned();
    let request = axum::http::Request::post("/simulator")
        .header("origin", "https://evil.example.com")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("id={id}&answer=approve").into())
        .unwrap();
    assert_eq!(server.client().send(request).await.status, StatusCode::FORBIDDEN);
    assert_eq!(waiting(&server).await.len(), 1);
}
