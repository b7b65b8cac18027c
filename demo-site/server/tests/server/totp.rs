//! One-time codes from an app.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{Client, TestServer};

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"";

/// What an app shows: RFC 6238 over a secret in Base32.
pub(crate) fn app(secret: &str, seconds: i64) -> String {
    let mut bits = String::new();
    for c in secret.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
        bits.push_str(&format!("{value:05b}"));
    }
    let key: Vec<u8> =
        (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap()).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 15);
    let window: [u8; 4] = tag.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(window) & 0x7fff_ffff) % 1_000_000)
}

/// Sets an app up, and says its secret.
pub(crate) async fn enroll(server: &TestServer, client: &Client) -> String {
    let mut page = client.after_password().await;
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    let code = app(&secret, server.now_in_seconds());
    page.answer(&code).await;
    secret
}

#[tokio::test]
async fn setting_up_shows_the_secret_as_text_and_as_a_picture() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    let answer = page.set_up("auttotp").await;
    assert_eq!(answer.remediations(), ["enroll-authenticator", "select-authenticator-enroll", "skip"]);
    assert_eq!(answer.json()["currentAuthenticator"]["value"]["key"], "google_otp");
    let context = answer.context();
    assert_eq!(context["sharedSecret"].as_str().unwrap().len(), 32);
    let href = context["qrcode"]["href"].as_str().unwrap();
    let svg = STANDARD.decode(href.strip_prefix("data:image/svg+xml;base64,").unwrap()).unwrap();
    assert!(String::from_utf8(svg).unwrap().starts_with("<svg "));
    // Asking again shows the same: the app may have it already.
    let body = json!({ "stateToken": page.state_handle });
    assert_eq!(page.client.introspect(&body).await.context(), context);
}

#[tokio::test]
async fn it_is_set_up_by_a_right_code_only() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    let code = app(&secret, server.now_in_seconds());
    let wrong = crate::sign_in::other_than(&code);
    let answer = page.answer(&wrong).await;
    assert_eq!(
        answer.messages_in("credentials.passcode"),
        ["authfactor.challenge.soft_token.invalid_passcode"]
    );
    assert_eq!(page.answer("").await.messages_in("credentials.passcode"), ["model.validation.field.blank"]);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    assert!(page.answer(&spaced).await.is_signed_in());
}

#[tokio::test]
async fn afterwards_it_is_asked_for_and_is_a_second_factor() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let secret = enroll(&server, &client).await;
    server.pass(Duration::from_secs(30));
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
    let code = app(&secret, server.now_in_seconds());
    assert!(page.answer(&code).await.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn each_code_is_good_once_also_the_one_that_set_it_up() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let secret = enroll(&server, &client).await;
    let used = "authfactor.challenge.soft_token.used_passcode";
    let mut page = client.after_password().await;
    let code = app(&secret, server.now_in_seconds());
    assert_eq!(page.answer(&code).await.messages_in("credentials.passcode"), [used]);
    server.pass(Duration::from_secs(60));
    let code = app(&secret, server.now_in_seconds());
    let mut other = client.after_password().await;
    assert!(page.answer(&code).await.is_signed_in());
    assert_eq!(other.answer(&code).await.messages_in("credentials.passcode"), [used]);
    // One from before the last that was used is no better.
    let earlier = app(&secret, server.now_in_seconds() - 30);
    assert_eq!(other.answer(&earlier).await.messages_in("credentials.passcode"), [used]);
}

#[tokio::test]
async fn of_two_sign_ins_that_take_the_same_code_at_once_one_succeeds() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let secret = enroll(&server, &client).await;
    server.pass(Duration::from_secs(60));
    let code = app(&secret, server.now_in_seconds());
    let (mut left, mut right) = (client.after_password().await, client.after_password().await);
    tokio::join!(left.answer(&code), right.answer(&code));
    let signed_in = [&left.answer, &right.answer].map(|answer| answer.is_signed_in());
    assert_eq!(signed_in.iter().filter(|is_signed_in| **is_signed_in).count(), 1);
}

#[tokio::test]
async fn a_clock_may_be_one_step_off() {
    let server = TestServer::with_policy(POLICY).await;
    let client = server.client();
    let secret = enroll(&server, &client).await;
    server.pass(Duration::from_secs(300));
    let now = server.now_in_seconds();
    let mut page = client.after_password().await;
    for off in [-60, 60] {
        let code = app(&secret, now + off);
        assert_eq!(
            page.answer(&code).await.messages_in("credentials.passcode"),
            ["authfactor.challenge.soft_token.invalid_passcode"]
        );
    }
    assert!(page.answer(&app(&secret, now - 30)).await.is_signed_in());
    let mut page = client.after_password().await;
    assert!(page.answer(&app(&secret, now + 30)).await.is_signed_in());
}

#[tokio::test]
async fn guessing_is_stopped() {
    let policy = format!("{POLICY}\n[policy.attempts]\nper_account = 3");
    let server = TestServer::with_policy(&policy).await;
    let client = server.client();
    let secret = enroll(&server, &client).await;
    server.pass(Duration::from_secs(60));
    let code = app(&secret, server.now_in_seconds());
    let mut page = client.after_password().await;
    for _ in 0..3 {
        page.answer(&crate::sign_in::other_than(&code)).await;
    }
    assert_eq!(page.answer(&code).await.messages(), ["authfactor.challenge.suspended_factor"]);
}
