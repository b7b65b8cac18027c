//! What is required and may be put off for a while.

use std::time::Duration;

use latchkey_server::Config;
use serde_json::{Value, json};

use crate::support::{Conversation, NEW_PASSWORD, TestServer};
use crate::totp;

async fn server(grace: &str) -> TestServer {
    let keys = format!("totp = \"required\"\nsecurity_question = \"optional\"\ngrace = {grace}");
    TestServer::with_policy(&format!("[policy.authenticators]\n{keys}")).await
}

/// How long each of what is offered may be put off.
fn periods(page: &Conversation) -> Vec<Value> {
    let document = page.answer.json();
    let offered = document["authenticators"]["value"].as_array().unwrap();
    offered.iter().map(|it| it["gracePeriod"].clone()).collect()
}

const OFFER: [&str; 2] = ["select-authenticator-enroll", "skip"];

#[tokio::test]
async fn time_runs_from_the_first_asking_and_then_it_cannot_be_skipped() {
    let server = server("\"7days\"").await;
    let client = server.client();
    let until = json!({ "type": "BY_DATE_TIME", "expiry": "2026-03-21T15:09:26.535Z" });
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), OFFER);
    assert_eq!(periods(&page), [until.clone(), Value::Null]);
    assert!(page.follow("skip").await.is_signed_in());
    server.pass(Duration::from_secs(6 * 24 * 3600));
    assert_eq!(periods(&client.after_password().await), [until, Value::Null]);
    server.pass(Duration::from_secs(24 * 3600 - 60));
    // It may also end while the page is open.
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), OFFER);
    server.pass(Duration::from_secs(60));
    assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
    let page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
    assert_eq!(periods(&page), [Value::Null, Value::Null]);
}

#[tokio::test]
async fn sign_ins_are_counted_when_it_is_put_off_and_not_when_it_is_only_shown() {
    let server = server("2").await;
    let client = server.client();
    for left in [2, 1] {
        for _ in 0..2 {
            let page = client.after_password().await;
            assert_eq!(periods(&page)[0], json!({ "type": "BY_SKIP_COUNT", "remainingSkips": left }));
        }
        let mut page = client.after_password().await;
        assert!(page.follow("skip").await.is_signed_in());
    }
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
    assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
    let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
    page.answer(&totp::app(&secret, server.now_in_seconds())).await;
    assert_eq!(page.answer.remediations(), OFFER);
    assert!(page.follow("skip").await.is_signed_in());
}

#[tokio::test]
async fn setting_it_up_meanwhile_ends_the_matter() {
    let server = server("\"7days\"").await;
    let client = server.client();
    client.after_password().await.follow("skip").await;
    totp::enroll(&server, &client).await;
    server.pass(Duration::from_secs(8 * 24 * 3600));
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), OFFER);
    assert_eq!(periods(&page), [Value::Null]);
    assert!(page.follow("skip").await.is_signed_in());
}

#[tokio::test]
async fn whoever_registers_has_a_period_of_their_own() {
    let server = server("1").await;
    let client = server.client();
    client.after_password().await.follow("skip").await;
    let mut page = client.begin().await;
    page.register("robin@example.com").await;
    page.answer(&server.code("robin@example.com").await).await;
    page.answer(NEW_PASSWORD).await;
    assert_eq!(periods(&page)[0]["remainingSkips"], 1);
    assert!(page.follow("skip").await.is_signed_in());
    let mut page = client.begin().await;
    page.identify("robin@example.com").await;
    assert_eq!(page.answer(NEW_PASSWORD).await.remediations(), ["select-authenticator-enroll"]);
}

#[tokio::test]
async fn a_second_proof_that_is_always_asked_for_cannot_be_put_off() {
    let policy = "[policy]\nemail_code = false\nsecond_factor = \"always\"\n[policy.authenticators]\n\
                  totp = \"required\"\ngrace = 3";
    let server = TestServer::with_policy(policy).await;
    let mut page = server.client().after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
    assert_eq!(periods(&page), [Value::Null]);
    assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
}

#[test]
fn a_period_is_a_duration_or_a_number() {
    let mistake = |grace: &str| {
        let tables = format!("[policy.authenticators]\ngrace = {grace}");
        let text = crate::support::configuration(std::path::Path::new("x.sqlite"), &tables);
        Config::from_toml(&text).expect_err("a mistake").to_string()
    };
    assert_eq!(mistake("0"), "`policy.authenticators.grace` must be between 1 and 1000");
    assert_eq!(
        mistake("\"7\""),
        "`policy.authenticators.grace` must be a duration with its unit, such as \"90s\" or \"1h\""
    );
}
