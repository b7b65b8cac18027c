//! The link in a mail, opened in another tab or on another device.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Conversation, EMAIL, NEW_PASSWORD, TestServer};

const POLICY: &str = "[policy]\nemail_link = true";

/// Pat asks for a mail instead of the password.
async fn asked(server: &TestServer) -> Conversation {
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    page
}

/// Where the newest mail leads, without the origin.
async fn link(server: &TestServer, address: &str) -> String {
    let link = server.mails(address).await[0]["link"].as_str().expect("a link").to_owned();
    link.strip_prefix("http://localhost:4401").unwrap().to_owned()
}

async fn press(server: &TestServer, link: &str, answer: &str) -> (StatusCode, String) {
    let (path, token) = link.split_once("?token=").unwrap();
    let answer = server.client().submit(path, &[("token", token), ("answer", answer)]).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn the_page_waits_for_the_link_and_still_takes_the_code() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = asked(&server).await;
    assert_eq!(page.answer.context(), json!({ "useEmailMagicLink": true }));
    let poll = page.answer.json()["currentAuthenticatorEnrollment"]["value"]["poll"].clone();
    assert_eq!(
        (&poll["href"], &poll["refresh"]),
        (&json!("http://localhost:4401/idp/idx/challenge/poll"), &json!(4000))
    );
    let before = page.answer.json();
    assert_eq!(page.poll().await.json(), before);
    let code = server.code(EMAIL).await;
    assert!(page.answer(&code).await.is_signed_in());
}

#[tokio::test]
async fn yes_lets_the_page_go_on() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let mut page = asked(&server).await;
    let link = link(&server, EMAIL).await;
    let (status, text) = press(&server, &link, "yes").await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("Thank you"));
    assert!(page.poll().await.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["otp"]));
}

#[tokio::test]
async fn opening_it_shows_who_and_where_and_changes_nothing() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client().at("192.0.2.7");
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    let link = link(&server, EMAIL).await;
    for _ in 0..2 {
        let shown = server.client().get(&link).await;
        assert_eq!(shown.status, StatusCode::OK);
        let text = shown.text();
        for part in [EMAIL, "Demo app", "192.0.2.7", &server.code(EMAIL).await] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let policy = shown.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        assert!(!text.contains("<script"));
    }
    assert!(!page.poll().await.is_signed_in());
    let code = server.code(EMAIL).await;
    assert!(page.answer(&code).await.is_signed_in());
}

#[tokio::test]
async fn no_ends_the_sign_in() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = asked(&server).await;
    let link = link(&server, EMAIL).await;
    assert_eq!(press(&server, &link, "no").await.0, StatusCode::OK);
    let answer = page.poll().await;
    assert_eq!(answer.messages(), ["idx.operation.cancelled.on.other.device"]);
    assert_eq!(answer.json().get("remediation"), None);
    assert!(page.poll().await.is_session_expired());
}

#[tokio::test]
async fn it_is_good_once() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = asked(&server).await;
    let link = link(&server, EMAIL).await;
    press(&server, &link, "yes").await;
    assert_eq!(press(&server, &link, "no").await.0, StatusCode::GONE);
    assert_eq!(server.client().get(&link).await.status, StatusCode::GONE);
    assert!(page.poll().await.is_signed_in());
}

#[tokio::test]
async fn an_older_one_is_stale_and_a_late_one_expired() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = asked(&server).await;
    let old = link(&server, EMAIL).await;
    page.follow("challenge/resend").await;
    let new = link(&server, EMAIL).await;
    assert_ne!(old, new);
    let (status, text) = press(&server, &old, "yes").await;
    assert_eq!(status, StatusCode::GONE);
    assert!(text.contains("no longer good"));
    assert!(!page.poll().await.is_signed_in());
    server.pass(Duration::from_secs(601));
    let (status, text) = press(&server, &new, "yes").await;
    assert_eq!(status, StatusCode::GONE);
    assert!(text.contains("expired"));
    let forged = server.client().get("/email/verify?token=%3Cscript%3E").await;
    assert_eq!(forged.status, StatusCode::GONE);
    assert!(!forged.text().contains("<script"));
}

#[tokio::test]
async fn an_answer_that_is_not_fetched_in_time_is_worth_nothing() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = asked(&server).await;
    let link = link(&server, EMAIL).await;
    press(&server, &link, "yes").await;
    server.pass(Duration::from_secs(601));
    assert!(!page.poll().await.is_signed_in());
}

#[tokio::test]
async fn somebody_without_an_account_gets_the_same_page() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().begin().await;
    page.identify("nobody@example.com").await;
    page.select("autemail").await;
    assert_eq!(page.answer.context(), json!({ "useEmailMagicLink": true }));
    assert!(server.mails("nobody@example.com").await.is_empty());
    assert_eq!(page.poll().await.remediations()[0], "challenge-authenticator");
}

#[tokio::test]
async fn it_works_for_a_new_address_and_for_a_forgotten_password() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().begin().await;
    page.register("robin@example.com").await;
    assert_eq!(page.answer.context(), json!({ "useEmailMagicLink": true }));
    press(&server, &link(&server, "robin@example.com").await, "yes").await;
    page.poll().await;
    assert!(page.answer(NEW_PASSWORD).await.is_signed_in());

    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    press(&server, &link(&server, EMAIL).await, "yes").await;
    assert_eq!(page.poll().await.remediations(), ["reset-authenticator"]);
}

#[tokio::test]
async fn without_the_policy_there_is_no_link_and_nothing_to_poll() {
    let server = TestServer::start().await;
    let mut page = asked(&server).await;
    assert_eq!(server.mails(EMAIL).await[0]["link"], json!(null));
    assert_eq!(page.poll().await.messages(), ["E0000020"]);
}
