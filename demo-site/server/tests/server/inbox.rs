//! The inbox page.

use serde_json::json;

use crate::support::{EMAIL, TestServer};

#[tokio::test]
async fn the_newest_mail_comes_first_with_its_code() {
    let server = TestServer::start().await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    page.register("robin@example.com").await;
    page.follow("challenge/resend").await;
    let codes = server.codes(EMAIL).await;
    let answer = server.client().get("/inbox").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let html = answer.text();
    let positions: Vec<_> = codes.iter().map(|code| html.find(code.as_str()).unwrap()).collect();
    assert!(positions.is_sorted(), "newest first");
    assert!(html.contains("2026-03-14 15:09:26 UTC"));
}

#[tokio::test]
async fn it_can_be_narrowed_down_to_one_address() {
    let server = TestServer::start().await;
    let client = server.client();
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    let mut page = client.begin().await;
    page.register("robin@example.com").await;
    let html = client.get("/inbox?to=Robin%40example.com").await.text();
    assert!(html.contains("Confirm your address"));
    assert!(!html.contains(EMAIL));
    assert_eq!(server.mails("robin@example.com").await.len(), 1);
    assert_eq!(client.get("/inbox.json").await.json()["mails"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_strangers_typed_stays_text() {
    let server = TestServer::start().await;
    let mut page = server.client().begin().await;
    page.follow("enroll").await;
    let profile = json!({ "firstName": "<b>", "lastName": "x", "email": "\"<script>\"@example.com" });
    page.post("enroll/new", json!({ "userProfile": profile })).await;
    let answer = server.client().get("/inbox").await;
    assert!(!answer.text().contains("<script"), "{}", answer.text());
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!answer.text().contains("style=") && !answer.text().contains("<style"));
}

#[tokio::test]
async fn the_last_hundred_are_kept() {
    let policy = "[policy.attempts]\nmails_per_account = 100\nper_address = 1000";
    let server = TestServer::with_policy(policy).await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    let first = server.code(EMAIL).await;
    for _ in 0..99 {
        page.follow("challenge/resend").await;
    }
    assert_eq!(server.codes(EMAIL).await.last(), Some(&first));
    let mut page = server.client().begin().await;
    page.register("robin@example.com").await;
    let codes = server.codes(EMAIL).await;
    assert_eq!(codes.len(), 99);
    assert_ne!(codes.last(), Some(&first));
}
