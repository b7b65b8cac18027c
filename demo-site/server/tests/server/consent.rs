//! Consent: what a client may have, asked once and remembered.

use serde_json::json;

use crate::browser::{Browser, DEMO, demo, destination, hosting, redeem, returned, success, with};
use crate::support::{Answer, Conversation, EMAIL, PASSWORD, TestServer};

const ASKING: [(&str, &str); 2] =
    [("client_id", "asking-spa"), ("redirect_uri", "http://localhost:4800/callback")];

/// Pat after the password, at the client that asks.
async fn asked(browser: &mut Browser, changes: &[(&'static str, &'static str)]) -> Conversation {
    let params = with(&with(&DEMO, &ASKING), changes);
    let page = browser.authorize(&params).await;
    let mut page = browser.begin(&page).await;
    if page.answer.remediations().first().unwrap() == "identify" {
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
    }
    page
}

fn scopes(answer: &Answer) -> Vec<String> {
    let form = answer.json()["remediation"]["value"][0].clone();
    assert_eq!(form["name"], "consent");
    form["scopes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| scope["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn silently(browser: &mut Browser, changes: &[(&'static str, &'static str)]) -> String {
    let params = with(&with(&with(&DEMO, &ASKING), &[("prompt", "none")]), changes);
    let params = returned(&browser.authorize(&params).await);
    params.get("error").cloned().unwrap_or_else(|| "granted".to_owned())
}

async fn start() -> (TestServer, Browser) {
    let server = hosting("").await;
    let browser = Browser::new(&server);
    (server, browser)
}

#[tokio::test]
async fn a_client_that_has_to_ask_gets_nothing_before_the_answer() {
    let (_server, mut browser) = start().await;
    let mut page = asked(&mut browser, &[]).await;
    assert_eq!(scopes(&page.answer), ["profile", "email", "offline_access"]);
    assert_eq!(page.answer.json()["intent"], "CONSENT");
    assert_eq!(page.answer.json()["app"]["value"]["label"], "Asking app");
    page.follow("consent").await;
    assert_eq!(page.answer.messages_in("consent"), ["model.validation.field.blank"]);
    page.post("consent", json!({ "consent": true })).await;
    let end = success(&page.answer);
    let answer = browser.get(&end).await;
    assert!(returned(&answer).contains_key("code"));
}

#[tokio::test]
async fn what_was_allowed_is_not_asked_again_and_what_is_new_is() {
    let (_server, mut browser) = start().await;
    let mut page = asked(&mut browser, &[("scope", "openid profile")]).await;
    assert_eq!(scopes(&page.answer), ["profile"]);
    page.post("consent", json!({ "consent": true })).await;
    let end = success(&page.answer);
    browser.get(&end).await;
    assert_eq!(silently(&mut browser, &[("scope", "openid profile")]).await, "granted");
    assert_eq!(silently(&mut browser, &[("scope", "openid")]).await, "granted");
    assert_eq!(silently(&mut browser, &[("scope", "openid profile email")]).await, "consent_required");
    // Signed in already, so that only this is asked, and only about what is new.
    let page = asked(&mut browser, &[("scope", "openid profile email")]).await;
    assert_eq!(scopes(&page.answer), ["email"]);
}

#[tokio::test]
async fn a_refusal_is_told_to_the_client_and_asked_again_the_next_time() {
    let (_server, mut browser) = start().await;
    let mut page = asked(&mut browser, &[]).await;
    page.post("consent", json!({ "consent": false })).await;
    let end = success(&page.answer);
    let answer = browser.get(&end).await;
    assert_eq!(destination(&answer), "http://localhost:4800/callback");
    let params = returned(&answer);
    assert_eq!((params["error"].as_str(), params["state"].as_str()), ("access_denied", "a state"));
    assert!(!params.contains_key("code"));
    // Who said no is signed in all the same.
    assert!(browser.cookie("session").is_some());
    assert_eq!(silently(&mut browser, &[]).await, "consent_required");
    assert_eq!(scopes(&asked(&mut browser, &[]).await.answer).len(), 3);
}

#[tokio::test]
async fn a_client_may_have_people_asked_again() {
    let (_server, mut browser) = start().await;
    browser.sign_in(&demo(&[])).await;
    let page = browser.authorize(&demo(&[("prompt", "consent")])).await;
    let mut page = browser.begin(&page).await;
    assert_eq!(scopes(&page.answer), ["openid", "profile", "email", "offline_access"]);
    page.post("consent", json!({ "consent": true })).await;
    let end = success(&page.answer);
    assert!(returned(&browser.get(&end).await).contains_key("code"));
}

#[tokio::test]
async fn signing_out_meanwhile_is_not_undone_by_the_answer() {
    let (_server, mut browser) = start().await;
    browser.sign_in(&demo(&[])).await;
    let mut page = asked(&mut browser, &[]).await;
    page.post("consent", json!({ "consent": true })).await;
    let end = success(&page.answer);
    browser.drop_cookie("session");
    assert_eq!(browser.get(&end).await.status.as_u16(), 410);
}

#[tokio::test]
async fn consent_of_one_person_is_not_that_of_another() {
    let (server, mut browser) = start().await;
    let mut page = asked(&mut browser, &[]).await;
    page.post("consent", json!({ "consent": true })).await;
    browser.get(&success(&page.answer)).await;
    let mut other = Browser::new(&server);
    let page = other.authorize(&with(&DEMO, &ASKING)).await;
    let mut page = other.begin(&page).await;
    page.register("robin@example.com").await;
    page.answer(&server.code("robin@example.com").await).await;
    page.answer(crate::support::NEW_PASSWORD).await;
    assert_eq!(scopes(&page.answer).len(), 3);
}

#[tokio::test]
async fn an_embedded_sign_in_asks_too() {
    let server = hosting("").await;
    let client = server.client().with_header("origin", "http://localhost:4800");
    let params = with(&crate::support::interact_params("openid email"), &ASKING);
    let handle = client.form("interact", &params).await.json()["interaction_handle"].clone();
    let answer = client.introspect(&json!({ "interactionHandle": handle })).await;
    let state_handle = answer.json()["stateHandle"].as_str().unwrap().to_owned();
    let mut page = Conversation {
        client,
        interaction_handle: String::new(),
        cookie: String::new(),
        state_handle,
        answer,
    };
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    assert_eq!(scopes(&page.answer), ["email"]);
    page.post("consent", json!({ "consent": false })).await;
    assert_eq!(page.answer.messages(), ["security.access_denied"]);
    assert!(!page.answer.is_signed_in());
}

#[tokio::test]
async fn a_client_that_need_not_ask_does_not() {
    let (server, mut browser) = start().await;
    let answer = browser.sign_in(&demo(&[])).await;
    assert_eq!(redeem(&server, &returned(&answer)["code"]).await.status.as_u16(), 200);
}
