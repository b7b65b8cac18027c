//! Devices without a browser (RFC 8628): what they show, the page where it is typed, and their asking in the meantime.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Browser, OWN_ORIGIN, demo, hosting};
use crate::support::{Answer, Client, Conversation, EMAIL, PASSWORD, TestServer, claims};

const DEVICES: &str = r#"
    [[clients]]
    client_id = "tv"
    name = "Living room"
    grant_types = ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]

    [[clients]]
    client_id = "asking-tv"
    grant_types = ["urn:ietf:params:oauth:grant-type:device_code"]
    consent = "required"
"#;

const LOGOUT: &str = "/oauth2/default/v1/logout";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn ask(client: &Client, client_id: &str) -> Answer {
    let params = [("client_id", client_id), ("scope", "openid profile offline_access")];
    client.call("/oauth2/default/v1/device/authorize", &params, &[]).await
}

async fn codes(client: &Client, client_id: &str) -> Value {
    let answer = ask(client, client_id).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn poll(client: &Client, codes: &Value) -> Answer {
    poll_as("tv", "default", client, codes).await
}

async fn poll_as(client_id: &str, server: &str, client: &Client, codes: &Value) -> Answer {
    let code = codes["device_code"].as_str().unwrap();
    let params = [("grant_type", GRANT), ("client_id", client_id), ("device_code", code)];
    client.call(&format!("/oauth2/{server}/v1/token").replace("/org", ""), &params, &[]).await
}

/// The page, where this is typed.
async fn type_in(server: &TestServer, user_code: &str) -> Conversation {
    let mut browser = Browser::new(server);
    let page = browser.get("/activate").await;
    let mut page = browser.begin(&page).await;
    assert_eq!(page.answer.remediations(), ["user-code"]);
    page.post("device/activate", json!({ "userCode": user_code })).await;
    page
}

async fn let_in(server: &TestServer, codes: &Value) -> Conversation {
    let mut page = type_in(server, codes["user_code"].as_str().unwrap()).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    page
}

#[tokio::test]
async fn a_device_gets_a_code_that_can_be_read_aloud() {
    let server = hosting(DEVICES).await;
    let codes = codes(&server.client(), "tv").await;
    let user_code = codes["user_code"].as_str().unwrap();
    let (left, right) = user_code.split_once('-').unwrap();
    assert_eq!((left.len(), right.len()), (4, 4));
    assert!(user_code.chars().all(|it| "BCDFGHJKLMNPQRSTVWXZ-".contains(it)), "{user_code}");
    assert_eq!(codes["verification_uri"], "http://localhost:4401/activate");
    assert_eq!(
        codes["verification_uri_complete"],
        format!("http://localhost:4401/activate?user_code={user_code}")
    );
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(600), &json!(5)));
}

#[tokio::test]
async fn the_device_has_its_tokens_once_somebody_has_signed_in_for_it() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "tv").await;
    let answer = poll(&client, &codes).await;
    assert_eq!(
        (answer.status, answer.error()),
        (StatusCode::BAD_REQUEST, "authorization_pending".to_owned())
    );

    let page = let_in(&server, &codes).await;
    assert_eq!(page.answer.status, StatusCode::OK);
    assert_eq!(page.answer.messages(), ["idx.device.activated"]);
    assert!(page.answer.remediations().is_empty());

    server.pass(Duration::from_secs(5));
    let answer = poll(&client, &codes).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let tokens = answer.json();
    let id_token = claims(&tokens["id_token"]);
    assert_eq!((&id_token["aud"], &id_token["name"]), (&json!("tv"), &json!("Pat Example")));
    assert_eq!(id_token["auth_time"], server.now_in_seconds() - 5);
    assert!(tokens["refresh_token"].is_string());
}

#[tokio::test]
async fn a_code_works_once_and_using_it_again_ends_what_it_gave() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "tv").await;
    let_in(&server, &codes).await;
    let tokens = poll(&client, &codes).await.json();
    let bearer = tokens["access_token"].as_str().unwrap();
    assert_eq!(client.bearer("/oauth2/default/v1/userinfo", bearer).await.status, StatusCode::OK);
    assert_eq!(poll(&client, &codes).await.error(), "invalid_grant");
    let answer = client.bearer("/oauth2/default/v1/userinfo", bearer).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    // On the page too: nobody waits any more.
    let page = type_in(&server, codes["user_code"].as_str().unwrap()).await;
    assert_eq!(page.answer.messages(), ["idx.invalid.device.code"]);
}

#[tokio::test]
async fn who_asks_too_often_has_to_wait_longer_each_time() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "tv").await;
    assert_eq!(poll(&client, &codes).await.error(), "authorization_pending");
    server.pass(Duration::from_millis(4999));
    assert_eq!(poll(&client, &codes).await.error(), "slow_down");
    server.pass(Duration::from_millis(9999));
    assert_eq!(poll(&client, &codes).await.error(), "slow_down");
    // The interval is kept in the database: a server that starts now knows it.
    let server = server.restart().await;
    let client = server.client();
    server.pass(Duration::from_millis(14_999));
    assert_eq!(poll(&client, &codes).await.error(), "slow_down");
    server.pass(Duration::from_secs(20));
    assert_eq!(poll(&client, &codes).await.error(), "authorization_pending");
}

#[tokio::test]
async fn a_code_that_nobody_typed_in_time_has_expired() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "tv").await;
    server.pass(Duration::from_secs(600));
    assert_eq!(poll(&client, &codes).await.error(), "expired_token");
    let page = type_in(&server, codes["user_code"].as_str().unwrap()).await;
    assert_eq!(page.answer.messages(), ["idx.invalid.device.code"]);
    server.tidy().await;
    assert_eq!(poll(&client, &codes).await.error(), "expired_token");
    server.pass(Duration::from_secs(3600));
    server.tidy().await;
    assert_eq!(poll(&client, &codes).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_device_that_was_not_typed_in_time_is_not_let_in_at_the_end() {
    let server = hosting(DEVICES).await;
    let codes = codes(&server.client(), "tv").await;
    let mut page = type_in(&server, codes["user_code"].as_str().unwrap()).await;
    page.identify(EMAIL).await;
    server.pass(Duration::from_secs(600));
    page.answer(PASSWORD).await;
    assert_ne!(page.answer.messages(), ["idx.device.activated"]);
    assert_eq!(poll(&server.client(), &codes).await.error(), "expired_token");
}

#[tokio::test]
async fn the_codes_of_one_client_or_server_are_nothing_to_another() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "tv").await;
    let_in(&server, &codes).await;
    assert_eq!(poll_as("asking-tv", "default", &client, &codes).await.error(), "invalid_grant");
    assert_eq!(poll_as("tv", "org", &client, &codes).await.error(), "invalid_grant");
    assert_eq!(poll(&client, &codes).await.status, StatusCode::OK, "neither has used it up");
    assert_eq!(poll(&client, &json!({ "device_code": "made-up" })).await.error(), "invalid_grant");
}

#[tokio::test]
async fn a_client_without_the_grant_gets_no_codes() {
    let server = hosting(DEVICES).await;
    assert_eq!(ask(&server.client(), "demo-spa").await.error(), "unauthorized_client");
}

#[tokio::test]
async fn typing_is_forgiven() {
    let server = hosting(DEVICES).await;
    let codes = codes(&server.client(), "tv").await;
    let typed = format!(" {} ", codes["user_code"].as_str().unwrap().to_lowercase().replace('-', ""));
    assert_eq!(type_in(&server, &typed).await.answer.status, StatusCode::OK);
    let page = type_in(&server, "").await;
    assert_eq!(page.answer.messages_in("userCode").len(), 1);
}

#[tokio::test]
async fn a_code_in_the_address_is_typed_already_and_still_has_to_be_sent() {
    let server = hosting(DEVICES).await;
    let codes = codes(&server.client(), "tv").await;
    let complete = codes["verification_uri_complete"].as_str().unwrap();
    let mut browser = Browser::new(&server);
    let page = browser.get(complete.strip_prefix("http://localhost:4401").unwrap()).await;
    let page = browser.begin(&page).await;
    assert_eq!(page.answer.remediations(), ["user-code"]);
    assert_eq!(page.answer.field("userCode")["value"], codes["user_code"]);
    assert_eq!(page.answer.json().get("app"), None);
}

#[tokio::test]
async fn guessing_ends_soon() {
    let server = hosting(&format!("{DEVICES}\n[policy.attempts]\nper_account = 2")).await;
    let codes = codes(&server.client(), "tv").await;
    for _ in 0..2 {
        let page = type_in(&server, "BBBB-BBBB").await;
        assert_eq!(page.answer.messages(), ["idx.invalid.device.code"]);
        assert_eq!(page.answer.remediations(), ["user-code"]);
    }
    let page = type_in(&server, codes["user_code"].as_str().unwrap()).await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_does_not_allow_it_is_told_and_so_is_the_device() {
    let server = hosting(DEVICES).await;
    let client = server.client();
    let codes = codes(&client, "asking-tv").await;
    let mut page = let_in(&server, &codes).await;
    assert_eq!(page.answer.remediations(), ["consent"]);
    page.post("consent", json!({ "consent": false })).await;
    assert_eq!(page.answer.messages(), ["idx.device.not.activated.consent.denied"]);
    assert_eq!(poll_as("asking-tv", "default", &client, &codes).await.error(), "access_denied");
}

mod given_a_session_in_the_browser {
    use super::*;

    /// Pat has signed in before, and types what the device shows.
    async fn at_home(server: &TestServer, codes: &Value) -> (Browser, Conversation) {
        let mut browser = Browser::new(server);
        browser.sign_in(&demo(&[])).await;
        let page = type_at(&mut browser, codes).await;
        (browser, page)
    }

    async fn type_at(browser: &mut Browser, codes: &Value) -> Conversation {
        let page = browser.get("/activate").await;
        let mut page = browser.begin(&page).await;
        assert_eq!(page.answer.remediations(), ["user-code"], "a session does not say which device is meant");
        page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
        page
    }

    #[tokio::test]
    async fn they_need_not_sign_in_and_are_asked_whatever_the_client_is() {
        let server = hosting(DEVICES).await;
        let codes = codes(&server.client(), "tv").await;
        let began = server.now_in_seconds();
        server.pass(Duration::from_secs(60));
        let (_, mut page) = at_home(&server, &codes).await;
        assert_eq!(page.answer.remediations(), ["consent"]);
        assert_eq!(page.answer.json()["app"]["value"]["label"], "Living room");
        assert_eq!(page.answer.json()["user"]["value"]["identifier"], EMAIL);
        assert_eq!(poll(&server.client(), &codes).await.error(), "authorization_pending");
        page.post("consent", json!({ "consent": true })).await;
        assert_eq!(page.answer.messages(), ["idx.device.activated"]);
        server.pass(Duration::from_secs(10));
        let tokens = poll(&server.client(), &codes).await.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!(id_token["auth_time"], began + 60, "when they signed in, not now");
        assert_eq!(id_token.get("sid"), None, "what the browser does later is nothing to the device");
    }

    #[tokio::test]
    async fn it_is_asked_each_time() {
        let server = hosting(DEVICES).await;
        let client = server.client();
        let (mut browser, mut page) = at_home(&server, &codes(&client, "tv").await).await;
        page.post("consent", json!({ "consent": true })).await;
        let page = type_at(&mut browser, &codes(&client, "tv").await).await;
        assert_eq!(page.answer.remediations(), ["consent"]);
    }

    #[tokio::test]
    async fn who_says_no_keeps_the_device_out() {
        let server = hosting(DEVICES).await;
        let codes = codes(&server.client(), "tv").await;
        let (_, mut page) = at_home(&server, &codes).await;
        page.post("consent", json!({ "consent": false })).await;
        assert_eq!(page.answer.messages(), ["idx.device.not.activated.consent.denied"]);
        assert_eq!(poll(&server.client(), &codes).await.error(), "access_denied");
    }

    #[tokio::test]
    async fn who_turns_away_may_be_somebody_else() {
        let server = hosting(DEVICES).await;
        let codes = codes(&server.client(), "tv").await;
        let (_, mut page) = at_home(&server, &codes).await;
        page.follow("cancel").await;
        page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
        assert_eq!(page.answer.remediations()[0], "identify");
    }

    #[tokio::test]
    async fn one_that_is_not_enough_for_the_client_spares_nothing() {
        let strict = format!("{DEVICES}\npolicy = \"strict\"\n[policies.strict]\nsecond_factor = \"always\"");
        let server = hosting(&strict).await;
        let (_, page) = at_home(&server, &codes(&server.client(), "asking-tv").await).await;
        assert_eq!(page.answer.remediations()[0], "identify");
    }

    #[tokio::test]
    async fn one_that_ends_while_they_are_asked_lets_nobody_in() {
        let tables = format!("{DEVICES}\n[policy.session]\nidle = \"1m\"");
        for end in ["signed out", "idle"] {
            let server = hosting(&tables).await;
            let client = server.client();
            let codes = codes(&client, "tv").await;
            let (mut browser, mut page) = at_home(&server, &codes).await;
            assert_eq!(page.answer.remediations(), ["consent"]);
            match end {
                "idle" => server.pass(Duration::from_secs(60)),
                _ => drop(browser.post(OWN_ORIGIN, LOGOUT, &[("answer", "yes")]).await),
            }
            page.post("consent", json!({ "consent": true })).await;
            assert_eq!(page.answer.remediations(), ["user-code"], "{end}");
            assert_eq!(poll(&client, &codes).await.error(), "authorization_pending", "{end}");
            // Whoever is there may let it in as themselves.
            page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
            assert_eq!(page.answer.remediations()[0], "identify", "{end}");
        }
    }

    #[tokio::test]
    async fn one_of_who_has_signed_out_everywhere_lets_nobody_in() {
        let server = hosting(DEVICES).await;
        let codes = codes(&server.client(), "tv").await;
        let (_, mut page) = at_home(&server, &codes).await;
        let mut elsewhere = server.client().begin().await;
        elsewhere.identify(EMAIL).await;
        elsewhere.follow("recover").await;
        elsewhere.answer(&server.code(EMAIL).await).await;
        let credentials = json!({ "passcode": crate::support::NEW_PASSWORD, "revokeSessions": true });
        elsewhere.answer_with(credentials).await;
        page.post("consent", json!({ "consent": true })).await;
        assert_eq!(page.answer.remediations(), ["user-code"]);
        assert_eq!(poll(&server.client(), &codes).await.error(), "authorization_pending");
    }

    #[tokio::test]
    async fn one_that_has_ended_meanwhile_spares_nothing() {
        let server = hosting(&format!("{DEVICES}\n[policy.session]\nidle = \"1m\"")).await;
        let mut browser = Browser::new(&server);
        browser.sign_in(&demo(&[])).await;
        let page = browser.get("/activate").await;
        let mut page = browser.begin(&page).await;
        server.pass(Duration::from_secs(60));
        let codes = codes(&server.client(), "tv").await;
        page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
        assert_eq!(page.answer.remediations()[0], "identify");
    }
}

#[tokio::test]
async fn another_browser_cannot_go_on_with_the_page() {
    let server = hosting(DEVICES).await;
    let codes = codes(&server.client(), "tv").await;
    let page = type_in(&server, codes["user_code"].as_str().unwrap()).await;
    let answer = server.client().introspect(&json!({ "stateToken": page.state_handle })).await;
    assert!(answer.is_session_expired());
}

#[tokio::test]
async fn without_devices_there_is_no_page() {
    let server = hosting("").await;
    assert_eq!(server.client().get("/activate").await.status, StatusCode::NOT_FOUND);
}
