//! How often something may be tried.

use std::time::Duration;

use axum::http::StatusCode;

use crate::sign_in::other_than;
use crate::support::{CHALLENGE, EMAIL, PASSWORD, REDIRECT_URI, TestServer};

const WINDOW: Duration = Duration::from_secs(15 * 60);

#[tokio::test]
async fn after_too_many_wrong_passwords_the_right_one_is_refused_until_the_window_ends() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 2").await;
    let client = server.client();
    let mut page = client.begin().await;
    let asked = page.identify(EMAIL).await.remediations();
    for _ in 0..2 {
        assert_eq!(page.answer("Wrong-Horse-42").await.status, StatusCode::BAD_REQUEST);
        server.pass(Duration::from_secs(60));
    }
    let answer = page.answer(PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "780");
    assert_eq!(answer.messages(), ["authfactor.challenge.suspended_factor"]);
    assert_eq!(answer.remediations(), asked);

    // It is the account that is locked, not the page.
    let mut elsewhere = client.at("198.51.100.7").begin().await;
    elsewhere.identify(EMAIL).await;
    assert_eq!(elsewhere.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);

    server.pass(Duration::from_secs(780));
    assert!(page.answer(PASSWORD).await.is_signed_in());
}

#[tokio::test]
async fn a_right_password_in_between_begins_the_count_again() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 2").await;
    for _ in 0..3 {
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.answer("Wrong-Horse-42").await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }
}

#[tokio::test]
async fn guesses_made_at_the_same_time_are_all_counted() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 2").await;
    let client = server.client();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            let mut page = client.begin().await;
            page.identify(EMAIL).await;
            page.answer("Wrong-Horse-42").await.status
        }));
    }
    let mut compared = 0;
    for task in tasks {
        compared += usize::from(task.await.unwrap() == StatusCode::BAD_REQUEST);
    }
    assert_eq!(compared, 2);
}

#[tokio::test]
async fn one_address_cannot_try_one_account_after_the_other() {
    let server = TestServer::with_policy("[policy.attempts]\nper_address = 3").await;
    let client = server.client().at("198.51.100.7");
    for name in ["a", "b", "c"] {
        let mut page = client.begin().await;
        page.identify(&format!("{name}@example.com")).await;
        assert_eq!(page.answer("Wrong-Horse-42").await.status, StatusCode::BAD_REQUEST);
    }
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    let answer = page.answer(PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.messages(), ["tooManyRequests"]);
    assert_eq!(answer.header("retry-after"), "900");

    // Pat is not locked: from another address the password is good.
    let mut page = server.client().at("198.51.100.8").begin().await;
    page.identify(EMAIL).await;
    assert!(page.answer(PASSWORD).await.is_signed_in());
}

#[tokio::test]
async fn right_answers_do_not_use_an_address_up() {
    let server = TestServer::with_policy("[policy.attempts]\nper_address = 2").await;
    for _ in 0..4 {
        let mut page = server.client().at("198.51.100.7").begin().await;
        page.identify(EMAIL).await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }
}

#[tokio::test]
async fn new_codes_do_not_buy_more_guesses_than_the_account_has() {
    let server = TestServer::with_policy("[policy.attempts]\nper_account = 3\nper_code = 2").await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    for _ in 0..2 {
        let code = server.code(EMAIL).await;
        page.answer(&other_than(&code)).await;
    }
    page.follow("challenge/resend").await;
    let code = server.code(EMAIL).await;
    page.answer(&other_than(&code)).await;
    let answer = page.answer(&code).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.messages(), ["authfactor.challenge.suspended_factor"]);
}

#[tokio::test]
async fn nobody_is_sent_more_mails_than_the_policy_allows() {
    let server = TestServer::with_policy("[policy.attempts]\nmails_per_account = 2").await;
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    page.follow("challenge/resend").await;
    let newest = server.code(EMAIL).await;
    let answer = page.follow("challenge/resend").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.messages(), ["tooManyRequests"]);
    assert_eq!(answer.header("retry-after"), "900");
    assert_eq!(server.mails(EMAIL).await.len(), 2);
    assert!(page.answer(&newest).await.is_signed_in());

    server.pass(WINDOW);
    let mut page = server.client().begin().await;
    page.identify(EMAIL).await;
    assert_eq!(page.select("autemail").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_address_cannot_begin_transactions_without_end() {
    let server = TestServer::with_policy("[policy.attempts]\ntransactions_per_address = 1").await;
    let client = server.client().at("198.51.100.7");
    let params = [
        ("client_id", "demo-spa"),
        ("scope", "openid"),
        ("redirect_uri", REDIRECT_URI),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(client.form("interact", &params).await.status, StatusCode::OK);
    let answer = client.form("interact", &params).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "900");
    assert_eq!(answer.json()["errorCode"], "E0000047");
    assert_eq!(answer.json()["errorId"], answer.header("x-okta-request-id"));
}
