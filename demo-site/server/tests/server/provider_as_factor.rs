//! An account at another provider as a second proof: setting it up, being asked for it, and what must not count as it.

use serde_json::{Value, json};

use crate::provider::{Provider, come_back, depart, pair_with_policy, return_of, sign_in, told};
use crate::support::{Conversation, EMAIL, PASSWORD, TestServer, claims};

const POLICY: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\nidentity_provider = \"optional\"";

async fn pair() -> (TestServer, Provider) {
    let (server, provider) = pair_with_policy(POLICY, "factor = true").await;
    provider.claim("auth_time", json!(server.now_in_seconds()));
    (server, provider)
}

/// Pat's sign-in at the page where the account over there is to be set up.
async fn setting_up(server: &TestServer) -> Conversation {
    let mut page = server.client().after_password().await;
    page.set_up("autprovider").await;
    page
}

/// Sets it up and forgets what the provider has said.
async fn set_up(server: &TestServer, provider: &Provider) {
    let page = setting_up(server).await;
    assert!(return_of(server, provider, &page).await.contains_key("interaction_code"));
    forget_nonce(provider);
}

fn forget_nonce(provider: &Provider) {
    provider.script(|script| script.claims.as_object_mut().unwrap().remove("nonce"));
}

/// What the page shows when it is loaded again.
async fn reloaded(page: &mut Conversation) -> Value {
    page.answer = page.client.introspect(&json!({ "interactionHandle": page.interaction_handle })).await;
    page.answer.json()
}

#[tokio::test]
async fn it_is_offered_by_the_name_of_the_provider() {
    let (server, _provider) = pair().await;
    let page = server.client().after_password().await;
    let document = page.answer.json();
    assert_eq!(page.answer.field("authenticator")["options"][0]["label"], "Canal Union ID");
    let authenticator = &document["authenticators"]["value"][0];
    assert_eq!(
        authenticator,
        &json!({
            "type": "federated", "key": "external_idp", "id": "autprovider", "displayName": "Canal Union ID",
            "methods": [{ "type": "idp" }],
        })
    );
}

#[tokio::test]
async fn setting_it_up_is_a_way_there_and_back() {
    let (server, provider) = pair().await;
    let mut page = setting_up(&server).await;
    assert_eq!(page.answer.remediations(), ["redirect-idp", "select-authenticator-enroll", "skip"]);
    let document = page.answer.json();
    assert_eq!(document["remediation"]["value"][0]["relatesTo"], json!(["$.currentAuthenticator"]));
    let departure = depart(&page).await;
    assert_eq!((departure.sent["prompt"].as_str(), departure.sent["max_age"].as_str()), ("login", "900"));
    let code = provider.approve(&departure, server.now_in_seconds());
    let told = told(&come_back(&page.client, &departure, &[("code", &code)]).await);
    let tokens = server.client().redeem(&told["interaction_code"]).await.json();
    let claims = claims(&tokens["id_token"]);
    assert_eq!(claims["email"], EMAIL);
    assert_eq!(claims["amr"], json!(["pwd", "fed", "mfa"]));
    // Who it is was proved here, by the password.
    assert!(claims.get("idp").is_none());
    assert!(page.follow("challenge/poll").await.is_session_expired());
}

#[tokio::test]
async fn it_is_asked_for_from_then_on() {
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    let page = server.client().after_password().await;
    assert_eq!(page.answer.remediations(), ["redirect-idp"]);
    let document = page.answer.json();
    let enrollment = &document["currentAuthenticatorEnrollment"]["value"];
    assert_eq!(
        (&enrollment["key"], &enrollment["profile"]["provider"]),
        (&json!("external_idp"), &json!("Canal Union ID"))
    );
    let told = return_of(&server, &provider, &page).await;
    let tokens = server.client().redeem(&told["interaction_code"]).await.json();
    assert_eq!(claims(&tokens["id_token"])["amr"], json!(["pwd", "fed", "mfa"]));
}

#[tokio::test]
async fn somebody_else_over_there_is_no_proof_and_it_can_be_tried_again() {
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    let mut page = server.client().after_password().await;
    provider.claim("sub", json!("mallory"));
    let refused = return_of(&server, &provider, &page).await;
    assert_eq!(refused["error"], "interaction_required");
    reloaded(&mut page).await;
    assert_eq!(page.answer.messages(), ["oie.authenticator.verify.error.fail"]);
    assert_eq!(page.answer.remediations(), ["redirect-idp"]);
    provider.claim("sub", json!("robin"));
    forget_nonce(&provider);
    assert!(return_of(&server, &provider, &page).await.contains_key("interaction_code"));
}

#[tokio::test]
async fn a_no_from_over_there_is_told_on_the_page() {
    let (server, provider) = pair().await;
    let mut page = setting_up(&server).await;
    let departure = depart(&page).await;
    told(&come_back(&page.client, &departure, &[("error", "access_denied")]).await);
    reloaded(&mut page).await;
    assert_eq!(page.answer.messages(), ["oie.authenticator.enroll.error.fail"]);
    assert_eq!(page.answer.remediations(), ["redirect-idp", "select-authenticator-enroll", "skip"]);
    assert!(return_of(&server, &provider, &page).await.contains_key("interaction_code"));
}

#[tokio::test]
async fn a_session_over_there_is_not_enough() {
    for auth_time in [json!(null), json!(0), json!("now")] {
        let (server, provider) = pair().await;
        set_up(&server, &provider).await;
        provider.claim("auth_time", auth_time);
        let page = server.client().after_password().await;
        assert_eq!(return_of(&server, &provider, &page).await["error"], "interaction_required");
    }
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    provider.claim("auth_time", json!(server.now_in_seconds() - 15 * 60 - 61));
    let page = server.client().after_password().await;
    assert_eq!(return_of(&server, &provider, &page).await["error"], "interaction_required");
}

#[tokio::test]
async fn an_account_over_there_proves_one_person() {
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    let mut page = server.client().begin().await;
    page.register("robin@example.com").await;
    page.answer(&server.code("robin@example.com").await).await;
    page.answer("Another-Horse-42").await;
    page.set_up("autprovider").await;
    assert_eq!(return_of(&server, &provider, &page).await["error"], "interaction_required");
    reloaded(&mut page).await;
    assert_eq!(page.answer.messages(), ["oie.authenticator.enroll.error.fail"]);
}

#[tokio::test]
async fn who_has_signed_in_through_it_is_not_sent_there_twice() {
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    provider.claim("email", json!(EMAIL));
    let told = sign_in(&server, &provider).await;
    let tokens = server.client().redeem(&told["interaction_code"]).await.json();
    assert_eq!(claims(&tokens["id_token"])["amr"], json!(["fed"]));
}

#[tokio::test]
async fn typing_something_is_no_proof() {
    let (server, provider) = pair().await;
    set_up(&server, &provider).await;
    let mut page = server.client().after_password().await;
    page.answer(PASSWORD).await;
    assert_eq!(page.answer.messages(), ["E0000020"]);
    assert!(!page.answer.is_signed_in());
}

#[tokio::test]
async fn another_second_proof_can_be_chosen_instead() {
    let policy = format!("{POLICY}\nsecurity_question = \"optional\"");
    let (server, provider) = pair_with_policy(&policy, "factor = true").await;
    provider.claim("auth_time", json!(server.now_in_seconds()));
    let mut page = setting_up(&server).await;
    assert_eq!(return_of(&server, &provider, &page).await["error"], "interaction_required");
    reloaded(&mut page).await;
    page.state_handle = page.answer.json()["stateHandle"].as_str().unwrap().to_owned();
    page.set_up("autquestion").await;
    let answer = json!({ "questionKey": "disliked_food", "answer": "turnips" });
    assert!(page.answer_with(answer).await.is_signed_in());
    let mut page = server.client().after_password().await;
    assert_eq!(page.answer.remediations(), ["select-authenticator-authenticate"]);
    page.select("autprovider").await;
    assert_eq!(page.answer.remediations(), ["redirect-idp", "select-authenticator-authenticate"]);
    page.select("autquestion").await;
    assert!(page.answer_with(json!({ "answer": "turnips" })).await.is_signed_in());
}
