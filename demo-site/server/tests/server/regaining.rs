//! Getting back in without the password by more than the mail: telephone, push, and a security question on top.

use std::time::Duration;

use axum::http::StatusCode;
use latchkey_server::Config;
use serde_json::{Value, json};

use crate::phone::{NUMBER, code, give, messages};
use crate::push::{tap, waiting};
use crate::support::{Conversation, EMAIL, NEW_PASSWORD, PASSWORD, TestServer};

const AUTHENTICATORS: &str =
    "[policy.authenticators]\nphone = \"optional\"\npush = \"optional\"\nsecurity_question = \"optional\"";
const NOBODY: &str = "nobody@example.com";

/// A server with these ways back in, where Pat has set up a telephone and a device.
async fn server(recovery: &str) -> TestServer {
    let policy = format!("[policy]\nunlock = true\n[policy.recovery]\n{recovery}\n{AUTHENTICATORS}");
    let server = TestServer::with_policy(&policy).await;
    let mut page = server.client().after_password().await;
    page.set_up("autphone").await;
    give(&mut page, "sms", NUMBER).await;
    page.answer(&code(&server, NUMBER).await).await;
    page.set_up("autpush").await;
    tap(&server, "approve").await;
    page.poll().await;
    assert!(page.follow("skip").await.is_signed_in());
    server
}

async fn server_with_all() -> TestServer {
    server("authenticators = [\"push\", \"phone\", \"email\"]").await
}

/// Says whose password was forgotten.
async fn recover(server: &TestServer, identifier: &str) -> Conversation {
    let mut page = server.client().begin().await;
    page.follow("recover").await;
    page.identify(identifier).await;
    page
}

async fn choose(page: &mut Conversation, id: &str, method: &str) {
    page.post("challenge", json!({ "authenticator": { "id": id, "methodType": method } })).await;
}

/// What somebody sees who tries to find out whether there is an account: all of it but what is random or typed.
fn seen(page: &Conversation) -> (StatusCode, Vec<String>, Vec<String>, Value) {
    let document = page.answer.json();
    let mut current = document["currentAuthenticatorEnrollment"].clone();
    if let Some(members) = current["value"].as_object_mut() {
        for random in ["id", "resend", "profile"] {
            members.remove(random);
        }
    }
    let listed = [&document["authenticators"], &current];
    (page.answer.status, page.answer.messages(), page.answer.remediations(), json!(listed))
}

#[tokio::test]
async fn the_ways_of_the_policy_are_listed_in_its_order() {
    let server = server_with_all().await;
    let page = recover(&server, EMAIL).await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-authenticate"]);
    let document = page.answer.json();
    let listed: Vec<_> = document["authenticatorEnrollments"]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(listed, ["okta_verify", "phone_number", "okta_email"]);
    assert_eq!(document["recoveryAuthenticator"]["value"]["key"], "okta_password");
    assert!(!page.answer.text().contains("0142") && !page.answer.text().contains("Simulated"));
    assert_eq!(server.mails(EMAIL).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_text_message_leads_to_another_password() {
    let server = server_with_all().await;
    let mut page = recover(&server, EMAIL).await;
    choose(&mut page, "autphone", "sms").await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator", "select-authenticator-authenticate"]);
    let first = code(&server, NUMBER).await;
    page.follow("challenge/resend").await;
    assert_eq!(
        page.answer(&first).await.messages_in("credentials.passcode"),
        ["api.authn.error.PASSCODE_INVALID"]
    );
    page.answer(&code(&server, NUMBER).await).await;
    assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
    page.answer(NEW_PASSWORD).await;
    page.follow("skip").await;
    assert_eq!(page.client.amr(&page).await, json!(["sms"]));
}

#[tokio::test]
async fn who_does_not_say_how_is_asked_and_may_be_called() {
    let server = server_with_all().await;
    let mut page = recover(&server, EMAIL).await;
    page.select("autphone").await;
    assert_eq!(page.answer.remediations()[0], "authenticator-verification-data");
    choose(&mut page, "autphone", "voice").await;
    assert_eq!(messages(&server, NUMBER).await[0]["channel"], "voice");
    page.answer(&code(&server, NUMBER).await).await;
    page.answer(NEW_PASSWORD).await;
    page.follow("skip").await;
    assert_eq!(page.client.amr(&page).await, json!(["tel"]));
}

#[tokio::test]
async fn a_push_leads_to_another_password() {
    let server = server_with_all().await;
    let mut page = recover(&server, EMAIL).await;
    page.select("autpush").await;
    assert_eq!(page.answer.remediations(), ["challenge-poll", "select-authenticator-authenticate"]);
    assert_eq!(page.poll().await.remediations()[0], "challenge-poll");
    tap(&server, "deny").await;
    assert_eq!(page.poll().await.messages(), ["api.authn.poll.error.push_rejected"]);
    assert_eq!(page.answer.remediations(), ["resend", "select-authenticator-authenticate"]);
    page.follow("challenge").await;
    tap(&server, "approve").await;
    assert_eq!(page.poll().await.remediations(), ["reset-authenticator"]);
    page.answer(NEW_PASSWORD).await;
    page.follow("skip").await;
    assert_eq!(page.client.amr(&page).await, json!(["swk"]));
}

#[tokio::test]
async fn one_can_change_ones_mind() {
    let server = server_with_all().await;
    let mut page = recover(&server, EMAIL).await;
    page.select("autpush").await;
    page.select("autemail").await;
    page.answer(&server.code(EMAIL).await).await;
    assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
}

#[tokio::test]
async fn what_the_policy_does_not_have_is_not_a_way() {
    let server = server("authenticators = [\"email\", \"phone\"]").await;
    let mut page = recover(&server, EMAIL).await;
    for id in ["autpush", "autpassword", "autquestion", ""] {
        assert_eq!(page.select(id).await.messages(), ["E0000020"], "{id}");
    }
}

#[tokio::test]
async fn a_single_way_is_taken_at_once() {
    let server = server("authenticators = [\"phone\"]").await;
    let page = recover(&server, EMAIL).await;
    assert_eq!(page.answer.remediations(), ["authenticator-verification-data"]);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account_or_what_they_have_set_up() {
    let server = server_with_all().await;
    let robin = "robin@example.com";
    let mut page = server.client().begin().await;
    page.register(robin).await;
    page.answer(&server.code(robin).await).await;
    page.answer(NEW_PASSWORD).await;
    assert!(page.follow("skip").await.is_signed_in());
    let mut walks = Vec::new();
    // Pat has all of it, Robin an account only, and the third nothing.
    for identifier in [EMAIL, robin, NOBODY] {
        let mut walk = Vec::new();
        let mut page = recover(&server, identifier).await;
        walk.push(seen(&page));
        choose(&mut page, "autphone", "sms").await;
        walk.push(seen(&page));
        page.answer("000000").await;
        walk.push(seen(&page));
        page.follow("challenge/resend").await;
        walk.push(seen(&page));
        page.select("autpush").await;
        walk.push(seen(&page));
        page.poll().await;
        walk.push(seen(&page));
        server.pass(Duration::from_secs(301));
        page.poll().await;
        walk.push(seen(&page));
        page.follow("challenge").await;
        walk.push(seen(&page));
        page.follow("challenge").await;
        page.follow("challenge").await;
        walk.push(seen(&page));
        walks.push(walk);
    }
    assert_eq!(walks[0], walks[1]);
    assert_eq!(walks[0], walks[2]);
    // The last of them was one too many, for all.
    assert_eq!(walks[0][8].0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn devices_are_not_asked_without_end() {
    let server = server_with_all().await;
    let mut page = recover(&server, EMAIL).await;
    let mut asked = 0;
    for _ in 0..10 {
        page.select("autpush").await;
        if page.answer.status == StatusCode::OK {
            asked += 1;
        }
    }
    // One of the five messages was the one that confirmed the number.
    assert_eq!((asked, waiting(&server).await.len()), (4, 4));
}

mod given_a_security_question_on_top {
    use super::*;

    const RECOVERY: &str = "authenticators = [\"email\"]\nsecurity_question = true";

    async fn with_question() -> TestServer {
        let server = server(RECOVERY).await;
        let mut page = server.client().after_password().await;
        page.set_up("autquestion").await;
        page.answer_with(json!({ "questionKey": "favorite_toy", "answer": "teddy" })).await;
        assert!(page.answer.is_signed_in());
        server
    }

    #[tokio::test]
    async fn it_is_asked_after_the_proof_and_by_nothing_else_to_be_replaced() {
        let server = with_question().await;
        let mut page = recover(&server, EMAIL).await;
        assert!(!page.answer.text().contains("favorite_toy"));
        page.answer(&server.code(EMAIL).await).await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        assert_eq!(page.answer.field("credentials.questionKey")["value"], "favorite_toy");
        assert_eq!(page.select("autemail").await.messages(), ["E0000020"]);
        page.answer_with(json!({ "answer": "doll" })).await;
        assert_eq!(page.answer.messages_in("credentials.answer"), ["errors.E0000068"]);
        page.answer_with(json!({ "answer": "Teddy" })).await;
        assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
        page.answer(NEW_PASSWORD).await;
        assert_eq!(page.client.amr(&page).await, json!(["otp", "kba", "mfa"]));
    }

    #[tokio::test]
    async fn who_has_none_is_not_asked() {
        let server = server(RECOVERY).await;
        let mut page = recover(&server, EMAIL).await;
        page.answer(&server.code(EMAIL).await).await;
        assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
    }
}

mod given_a_locked_account {
    use super::*;

    async fn locked() -> TestServer {
        let policy = format!(
            "[policy]\nunlock = true\n[policy.recovery]\nauthenticators = [\"email\", \"phone\", \"push\"]\n\
             {AUTHENTICATORS}\n[policy.attempts]\nper_account = 1"
        );
        let server = server_with_all().await.restart_with(&policy).await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.answer("Wrong-Horse-42").await;
        assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        server
    }

    async fn unlock(server: &TestServer, id: &str, method: &str) -> Conversation {
        let mut page = server.client().begin().await;
        page.follow("unlock-account").await;
        assert_eq!(page.answer.json()["authenticators"]["value"].as_array().unwrap().len(), 3);
        let authenticator = json!({ "id": id, "methodType": method });
        page.post("challenge", json!({ "identifier": EMAIL, "authenticator": authenticator })).await;
        page
    }

    #[tokio::test]
    async fn the_telephone_unlocks_it() {
        let server = locked().await;
        let mut page = unlock(&server, "autphone", "sms").await;
        page.answer(&code(&server, NUMBER).await).await;
        assert_eq!(page.answer.messages(), ["oie.selfservice.unlock_user.success.message"]);
        let mut page = server.client().after_password().await;
        assert!(page.follow("skip").await.is_signed_in());
    }

    #[tokio::test]
    async fn a_push_unlocks_it() {
        let server = locked().await;
        let mut page = unlock(&server, "autpush", "push").await;
        tap(&server, "approve").await;
        assert_eq!(page.poll().await.messages(), ["oie.selfservice.unlock_user.success.message"]);
    }
}

mod given_no_way_at_all {
    use super::*;

    #[tokio::test]
    async fn nothing_is_offered_and_asking_for_it_is_refused() {
        let server = TestServer::with_policy("[policy.recovery]\nauthenticators = []").await;
        let mut page = server.client().begin().await;
        assert_eq!(page.follow("recover").await.messages(), ["oie.selfservice.reset.password.not.allowed"]);
        page.identify(EMAIL).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"].get("recover"), None);
        assert_eq!(page.follow("recover").await.messages(), ["oie.selfservice.reset.password.not.allowed"]);
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }
}

#[test]
fn what_cannot_work_is_refused_with_what_is_missing() {
    for (tables, expected) in [
        (
            "[policy.recovery]\nauthenticators = [\"phone\"]",
            "`policy.recovery` asks for \"phone\" and needs `policy.authenticators.phone`",
        ),
        (
            "[policy.recovery]\nsecurity_question = true",
            "`policy.recovery` asks for \"security_question\" and needs `policy.authenticators.security_question`",
        ),
        (
            "[policy]\nunlock = true\n[policy.recovery]\nauthenticators = []",
            "`policy.unlock` needs something in `policy.recovery.authenticators`",
        ),
        (
            "[policy.recovery]\nauthenticators = [\"totp\"]",
            "`policy.recovery.authenticators` must be a list of \"email\", \"phone\", \"push\"",
        ),
    ] {
        let text = crate::support::configuration(std::path::Path::new("x.sqlite"), tables);
        assert_eq!(Config::from_toml(&text).expect_err("a mistake").to_string(), expected);
    }
}
