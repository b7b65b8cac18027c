//! The telephone. Messages to it are in the inbox.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Conversation, TestServer};

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\nphone = \"optional\"";
pub(crate) const NUMBER: &str = "+15555550142";

pub(crate) async fn give(page: &mut Conversation, method: &str, number: &str) -> Value {
    let authenticator = json!({ "id": "autphone", "methodType": method, "phoneNumber": number });
    page.post("credential/enroll", json!({ "authenticator": authenticator })).await.json()
}

pub(crate) async fn messages(server: &TestServer, number: &str) -> Vec<Value> {
    server.mails(&number.replace('+', "%2B")).await
}

pub(crate) async fn code(server: &TestServer, number: &str) -> String {
    messages(server, number).await[0]["code"].as_str().unwrap().to_owned()
}

async fn with_phone() -> TestServer {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autphone").await;
    give(&mut page, "sms", NUMBER).await;
    let code = code(&server, NUMBER).await;
    assert!(page.answer(&code).await.is_signed_in());
    server
}

#[tokio::test]
async fn setting_up_asks_for_the_number_and_then_for_the_code() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    let answer = page.set_up("autphone").await;
    assert_eq!(answer.remediations()[0], "authenticator-enrollment-data");
    assert_eq!(answer.field("authenticator.methodType")["options"][1]["value"], "voice");
    give(&mut page, "sms", NUMBER).await;
    assert_eq!(page.answer.remediations()[0], "enroll-authenticator");
    let message = messages(&server, NUMBER).await[0].clone();
    assert_eq!((&message["channel"], &message["to"]), (&json!("sms"), &json!(NUMBER)));
    let phone = page.answer.json()["currentAuthenticator"]["value"].clone();
    assert_eq!(phone["profile"]["phoneNumber"], "+1 XXX-XXX-0142");
    let resend = &phone["resend"];
    assert_eq!(resend["href"], "http://localhost:4401/idp/idx/challenge/resend");
    let first = code(&server, NUMBER).await;
    page.follow("challenge/resend").await;
    let second = code(&server, NUMBER).await;
    let wrong = page.answer(&first).await;
    assert_eq!(wrong.messages_in("credentials.passcode"), ["api.authn.error.PASSCODE_INVALID"]);
    assert!(page.answer(&second).await.is_signed_in());
}

#[tokio::test]
async fn a_call_may_have_an_extension_and_a_text_message_may_not() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autphone").await;
    give(&mut page, "sms", "+15555550142x77").await;
    assert_eq!(page.answer.messages_in("authenticator.phoneNumber"), ["api.factors.error.sms.invalid_phone"]);
    give(&mut page, "voice", "+15555550142x77").await;
    let message = messages(&server, "+15555550142x77").await[0].clone();
    assert_eq!(message["channel"], "voice");
}

#[tokio::test]
async fn what_is_no_number_is_refused_in_its_field() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = server.client().after_password().await;
    page.set_up("autphone").await;
    for number in ["5555550142", "+1", "+1555555014a"] {
        give(&mut page, "sms", number).await;
        assert_eq!(page.answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            page.answer.messages_in("authenticator.phoneNumber"),
            ["api.factors.error.sms.invalid_phone"]
        );
    }
    give(&mut page, "sms", "").await;
    assert_eq!(page.answer.messages_in("authenticator.phoneNumber"), ["model.validation.field.blank"]);
}

#[tokio::test]
async fn afterwards_it_is_asked_how_and_the_code_is_a_second_factor() {
    let server = with_phone().await;
    let client = server.client();
    let mut page = client.after_password().await;
    assert_eq!(page.answer.remediations(), ["authenticator-verification-data"]);
    let enrollment = page.answer.json()["currentAuthenticatorEnrollment"]["value"].clone();
    assert!(enrollment["profile"]["phoneNumber"].as_str().unwrap().ends_with("-0142"));
    assert!(!page.answer.text().contains(NUMBER));
    let authenticator = json!({ "id": "autphone", "methodType": "voice" });
    page.post("challenge", json!({ "authenticator": authenticator })).await;
    assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
    assert_eq!(messages(&server, NUMBER).await[0]["channel"], "voice");
    let code = code(&server, NUMBER).await;
    assert!(page.answer(&code).await.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["pwd", "tel", "mfa"]));
}

#[tokio::test]
async fn who_does_not_say_how_gets_a_text_message() {
    let server = with_phone().await;
    let client = server.client();
    let mut page = client.after_password().await;
    page.select("autphone").await;
    assert_eq!(messages(&server, NUMBER).await[0]["channel"], "sms");
    let code = code(&server, NUMBER).await;
    assert!(page.answer(&code).await.is_signed_in());
    assert_eq!(client.amr(&page).await, json!(["pwd", "sms", "mfa"]));
}
