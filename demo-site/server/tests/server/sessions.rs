//! Sessions: what they spare people, how long they last, and how they are seen and ended.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::browser::{Browser, OWN_ORIGIN, demo, destination, hosting, redeem, returned, success};
use crate::support::{
    Answer, Client, EMAIL, NEW_PASSWORD, ORIGIN, PASSWORD, REDIRECT_URI, TestServer, claims,
};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn signed_in(tables: &str) -> (TestServer, Browser) {
    let server = hosting(tables).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(&demo(&[])).await;
    (server, browser)
}

/// What `prompt=none` is answered with: a code, or an error.
async fn silently(browser: &mut Browser, changes: &[(&'static str, &'static str)]) -> String {
    let changes: Vec<_> = [("prompt", "none")].iter().chain(changes).copied().collect();
    let params = returned(&browser.authorize(&demo(&changes)).await);
    params.get("error").cloned().unwrap_or_else(|| "code".to_owned())
}

mod a_session {
    use super::*;

    #[tokio::test]
    async fn makes_the_next_sign_in_silent() {
        let (server, mut browser) = signed_in("").await;
        let before = server.now_in_seconds();
        server.pass(HOUR);
        let answer = browser.authorize(&demo(&[("nonce", "another")])).await;
        assert_eq!(destination(&answer), REDIRECT_URI);
        let tokens = redeem(&server, &returned(&answer)["code"]).await.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!(id_token["auth_time"], before);
        assert_eq!(id_token["nonce"], "another");
        assert_eq!(silently(&mut browser, &[]).await, "code");
    }

    /// `sid` is for clients that are told of the end of a session (OpenID Connect Front-Channel Logout 1.0, section 3, and
    /// Back-Channel Logout 1.0, section 2.1). Nobody is told here, and signing in again makes another session.
    #[tokio::test]
    async fn is_not_named_in_tokens() {
        let (server, mut browser) = signed_in("").await;
        let code = returned(&browser.authorize(&demo(&[])).await)["code"].clone();
        let tokens = redeem(&server, &code).await.json();
        for token in ["id_token", "access_token"] {
            assert_eq!(claims(&tokens[token]).get("sid"), None, "{token}");
        }
    }

    #[tokio::test]
    async fn works_at_another_client_too() {
        let (_server, mut browser) = signed_in("").await;
        let params = demo(&[("client_id", "old-spa"), ("redirect_uri", "http://localhost:4700/callback")]);
        assert_eq!(destination(&browser.authorize(&params).await), "http://localhost:4700/callback");
    }

    #[tokio::test]
    async fn is_a_cookie_that_scripts_and_other_sites_do_not_get() {
        let (_server, browser) = signed_in("").await;
        for word in ["session", "browser"] {
            assert_eq!(browser.attributes_of(word), "Path=/; HttpOnly; SameSite=Lax", "{word}");
        }
        assert_ne!(browser.cookie("session"), browser.cookie("browser"));
    }

    #[tokio::test]
    async fn is_secure_over_https() {
        let folder = tempfile::tempdir().unwrap();
        let tables = crate::browser::configuration("");
        let config = crate::support::configuration(&folder.path().join("x.sqlite"), &tables);
        let server = TestServer::of(&config.replace("http://localhost:4401", "https://id.example.com")).await;
        let mut browser = Browser::new(&server);
        browser.authorize(&demo(&[])).await;
        let (name, attributes) = browser.attributes.first_key_value().unwrap();
        assert!(name.starts_with("__Host-latchkey-browser-"), "{name}");
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Secure");
        server.close().await;
    }

    #[tokio::test]
    async fn of_nobody_is_none() {
        let (server, _) = signed_in("").await;
        let mut stranger = Browser::new(&server);
        assert_eq!(silently(&mut stranger, &[]).await, "login_required");
    }

    #[tokio::test]
    async fn is_not_handed_over_by_signing_in_again() {
        let (_server, mut browser) = signed_in("").await;
        let before = browser.cookie("session").unwrap().to_owned();
        let mut copy = browser.clone();
        browser.sign_in(&demo(&[("prompt", "login"), ("state", "again")])).await;
        assert_ne!(browser.cookie("session").unwrap(), before);
        // A cookie that somebody took before is worth nothing now.
        assert_eq!(silently(&mut copy, &[]).await, "login_required");
        assert_eq!(silently(&mut browser, &[]).await, "code");
    }
}

mod it_ends {
    use super::*;

    #[tokio::test]
    async fn when_it_was_not_used_for_a_while() {
        let (server, mut browser) = signed_in("").await;
        for _ in 0..3 {
            server.pass(2 * HOUR - Duration::from_secs(1));
            assert_eq!(silently(&mut browser, &[]).await, "code");
        }
        server.pass(2 * HOUR);
        assert_eq!(silently(&mut browser, &[]).await, "login_required");
    }

    #[tokio::test]
    async fn when_its_time_is_up_however_much_it_is_used() {
        let (server, mut browser) = signed_in("[policy.session]\nlifetime = \"3h\"").await;
        for _ in 0..2 {
            server.pass(HOUR);
            assert_eq!(silently(&mut browser, &[]).await, "code");
        }
        server.pass(HOUR);
        assert_eq!(silently(&mut browser, &[]).await, "login_required");
    }

    #[tokio::test]
    async fn when_the_password_was_recovered_and_everything_is_to_be_signed_out() {
        let (server, mut browser) = signed_in("").await;
        let mut elsewhere = server.client().begin().await;
        elsewhere.identify(EMAIL).await;
        elsewhere.follow("recover").await;
        elsewhere.answer(&server.code(EMAIL).await).await;
        let credentials = serde_json::json!({ "passcode": NEW_PASSWORD, "revokeSessions": true });
        elsewhere.answer_with(credentials).await;
        assert_eq!(silently(&mut browser, &[]).await, "login_required");
    }
}

mod staying_signed_in {
    use super::*;

    const ASK: &str = "[policy.session]\nremember_me = \"ask\"";

    #[tokio::test]
    async fn is_asked_and_lasts() {
        let server = hosting(ASK).await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&page).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        assert_eq!(page.answer.remediations(), ["keep-me-signed-in"]);
        assert_eq!(page.answer.field("keepMeSignedIn")["options"][0]["value"], true);
        page.follow("keep-me-signed-in").await;
        assert_eq!(page.answer.messages_in("keepMeSignedIn"), ["model.validation.field.blank"]);
        page.post("keep-me-signed-in", serde_json::json!({ "keepMeSignedIn": true })).await;
        let end = success(&page.answer);
        browser.get(&end).await;
        assert!(browser.attributes_of("session").contains("Max-Age=2592000"));
        server.pass(29 * DAY);
        assert_eq!(silently(&mut browser, &[]).await, "code");
        server.pass(DAY);
        assert_eq!(silently(&mut browser, &[]).await, "login_required");
    }

    #[tokio::test]
    async fn may_be_declined() {
        let server = hosting(ASK).await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&page).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        page.post("keep-me-signed-in", serde_json::json!({ "keepMeSignedIn": false })).await;
        let end = success(&page.answer);
        browser.get(&end).await;
        assert!(!browser.attributes_of("session").contains("Max-Age"));
        server.pass(2 * HOUR);
        assert_eq!(silently(&mut browser, &[]).await, "login_required");
    }

    #[tokio::test]
    async fn may_be_a_box_on_the_first_page() {
        let server = hosting("[policy.session]\nremember_me = \"checkbox\"").await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&page).await;
        assert_eq!(page.answer.field("rememberMe")["type"], "boolean");
        page.post("identify", serde_json::json!({ "identifier": EMAIL, "rememberMe": true })).await;
        page.answer(PASSWORD).await;
        let end = success(&page.answer);
        browser.get(&end).await;
        assert!(browser.attributes_of("session").contains("Max-Age=2592000"));
    }

    #[tokio::test]
    async fn is_not_asked_where_the_sign_in_is_embedded() {
        for choice in ["ask", "checkbox"] {
            let server = hosting(&format!("[policy.session]\nremember_me = \"{choice}\"")).await;
            let page = server.client().begin().await;
            let fields = page.answer.json()["remediation"]["value"][0]["value"].to_string();
            assert!(!fields.contains("rememberMe"));
            assert!(server.client().after_password().await.answer.is_signed_in());
        }
    }
}

mod a_client_may_want_more {
    use super::*;

    #[tokio::test]
    async fn somebody_to_sign_in_again() {
        let (server, mut browser) = signed_in("").await;
        server.pass(HOUR);
        for changes in
            [[("prompt", "login")], [("prompt", "select_account")], [("max_age", "3599")], [("max_age", "0")]]
        {
            let page = browser.authorize(&demo(&changes)).await;
            assert_eq!(page.status, StatusCode::OK, "{changes:?}");
        }
        assert_eq!(silently(&mut browser, &[("max_age", "3599")]).await, "login_required");
        assert_eq!(silently(&mut browser, &[("max_age", "3601")]).await, "code");
        let answer = browser.sign_in(&demo(&[("max_age", "60")])).await;
        let tokens = redeem(&server, &returned(&answer)["code"]).await.json();
        assert_eq!(claims(&tokens["id_token"])["auth_time"], server.now_in_seconds());
    }

    #[tokio::test]
    async fn somebody_else() {
        let (server, mut browser) = signed_in("").await;
        assert_eq!(silently(&mut browser, &[("login_hint", "robin@example.com")]).await, "login_required");
        assert_eq!(silently(&mut browser, &[("login_hint", " PAT@example.com")]).await, "code");
        let code = returned(&browser.authorize(&demo(&[])).await)["code"].clone();
        let id_token = redeem(&server, &code).await.json()["id_token"].as_str().unwrap().to_owned();
        let params = demo(&[("prompt", "none"), ("id_token_hint", &id_token)]);
        assert!(returned(&browser.authorize(&params).await).contains_key("code"));
    }

    #[tokio::test]
    async fn more_proof() {
        let tables = "[policy.authenticators]\ntotp = \"optional\"";
        let (server, mut browser) = signed_in_after_skipping(tables).await;
        let two = ("acr_values", "urn:okta:loa:2fa:any");
        assert_eq!(silently(&mut browser, &[two]).await, "interaction_required");
        let page = browser.authorize(&demo(&[two])).await;
        let mut page = browser.begin(&page).await;
        // Who it is and the password are known: the code by mail is what is missing.
        assert_eq!(page.answer.remediations().first().unwrap(), "challenge-authenticator");
        page.answer(&server.code(EMAIL).await).await;
        if page.answer.remediations().contains(&"select-authenticator-enroll".to_owned()) {
            page.follow("skip").await;
        }
        let end = success(&page.answer);
        let code = returned(&browser.get(&end).await)["code"].clone();
        let id_token = claims(&redeem(&server, &code).await.json()["id_token"]);
        assert_eq!(id_token["acr"], "urn:okta:loa:2fa:any");
        assert_eq!(id_token["amr"], serde_json::json!(["pwd", "otp", "mfa"]));
        assert_eq!(silently(&mut browser, &[two]).await, "code");
    }

    async fn signed_in_after_skipping(tables: &str) -> (TestServer, Browser) {
        let server = hosting(tables).await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&page).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        page.follow("skip").await;
        let end = success(&page.answer);
        browser.get(&end).await;
        (server, browser)
    }
}

mod the_list {
    use super::*;

    #[tokio::test]
    async fn shows_where_one_is_signed_in_and_ends_it_there() {
        let (server, mut browser) = signed_in("").await;
        let mut other = Browser::new(&server);
        other.sign_in(&demo(&[])).await;
        let page = browser.get("/sessions").await.text();
        assert_eq!(page.matches("<article").count(), 2);
        assert_eq!(page.matches("Firefox on Windows, this browser").count(), 1);
        assert!(page.contains(EMAIL));
        let id = other_id(&page);
        let answer = browser.post(OWN_ORIGIN, "/sessions", &[("session", &id)]).await;
        assert_eq!(answer.header("location"), "/sessions");
        assert_eq!(silently(&mut other, &[]).await, "login_required");
        assert_eq!(silently(&mut browser, &[]).await, "code");
    }

    /// The session of the article that is not about this browser.
    fn other_id(page: &str) -> String {
        let article =
            page.split("<article").skip(1).find(|article| !article.contains("this browser")).unwrap();
        let (_, rest) = article.split_once("name=\"session\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[tokio::test]
    async fn ends_the_one_that_looks_on_too() {
        let (_server, mut browser) = signed_in("").await;
        let page = browser.get("/sessions").await.text();
        let (_, rest) = page.split_once("name=\"session\" value=\"").unwrap();
        let id = rest.split_once('"').unwrap().0.to_owned();
        browser.post(OWN_ORIGIN, "/sessions", &[("session", &id)]).await;
        assert_eq!(browser.cookie("session"), None);
        assert!(browser.get("/sessions").await.text().contains("not signed in"));
    }

    #[tokio::test]
    async fn takes_no_form_of_another_page_and_ends_nobody_elses() {
        let (server, mut browser) = signed_in("").await;
        let mut stranger = Browser::new(&server);
        let page = stranger.authorize(&demo(&[])).await;
        let mut page = stranger.begin(&page).await;
        page.register("robin@example.com").await;
        page.answer(&server.code("robin@example.com").await).await;
        page.answer(NEW_PASSWORD).await;
        let end = success(&page.answer);
        stranger.get(&end).await;
        let page = browser.get("/sessions").await.text();
        let (_, rest) = page.split_once("name=\"session\" value=\"").unwrap();
        let id = rest.split_once('"').unwrap().0.to_owned();
        stranger.post(OWN_ORIGIN, "/sessions", &[("session", &id)]).await;
        let foreign = browser.post(ORIGIN, "/sessions", &[("session", &id)]).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        assert_eq!(silently(&mut browser, &[]).await, "code");
    }
}

mod the_api {
    use super::*;

    async fn me(browser: &mut Browser, method: &str) -> Answer {
        let request = Request::builder().method(method).uri("/api/v1/sessions/me").header("origin", ORIGIN);
        browser.send(request.body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn tells_and_ends_the_session_as_clients_ask_for_it() {
        let (_server, mut browser) = signed_in("").await;
        let answer = me(&mut browser, "GET").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!((&answer.json()["login"], &answer.json()["status"]), (&EMAIL.into(), &"ACTIVE".into()));
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(me(&mut browser, "DELETE").await.status, StatusCode::NO_CONTENT);
        assert_eq!(browser.cookie("session"), None);
        for method in ["GET", "DELETE"] {
            let answer = me(&mut browser, method).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert_eq!(answer.json()["errorCode"], "E0000007");
        }
    }

    #[tokio::test]
    async fn is_for_registered_origins() {
        let (server, _) = signed_in("").await;
        let client: Client = server.client().with_header("origin", "http://evil.test");
        assert_eq!(client.get("/api/v1/sessions/me").await.status, StatusCode::FORBIDDEN);
    }
}

mod a_session_token {
    use latchkey_server::TokenKind;

    use super::*;

    #[tokio::test]
    async fn stands_for_a_sign_in_once() {
        let server = hosting("").await;
        let token = server.token(TokenKind::Session, EMAIL).await.unwrap().token;
        let mut browser = Browser::new(&server);
        let answer = browser.authorize(&demo(&[("sessionToken", &token)])).await;
        let tokens = redeem(&server, &returned(&answer)["code"]).await.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!((&id_token["email"], &id_token["amr"]), (&EMAIL.into(), &serde_json::json!(["otp"])));
        assert_eq!(silently(&mut browser, &[]).await, "code");
        let mut thief = Browser::new(&server);
        let params = demo(&[("sessionToken", &token), ("prompt", "none")]);
        assert_eq!(returned(&thief.authorize(&params).await)["error"], "login_required");
    }

    #[tokio::test]
    async fn is_good_for_a_while_and_for_nothing_else() {
        let server = hosting("").await;
        let late = server.token(TokenKind::Session, EMAIL).await.unwrap().token;
        server.pass(Duration::from_secs(300));
        let other = server.token(TokenKind::Recovery, EMAIL).await.unwrap().token;
        for token in [late.as_str(), other.as_str(), "made-up"] {
            let mut browser = Browser::new(&server);
            let params = demo(&[("sessionToken", token), ("prompt", "none")]);
            assert_eq!(returned(&browser.authorize(&params).await)["error"], "login_required");
            assert_eq!(browser.cookie("session"), None);
        }
    }

    #[tokio::test]
    async fn makes_nobody_who_is_signed_in_somebody_else() {
        let (server, mut browser) = signed_in("").await;
        let page = Browser::new(&server).authorize(&demo(&[])).await;
        assert_eq!(page.status, StatusCode::OK);
        let before = browser.cookie("session").unwrap().to_owned();
        let token = server.token(TokenKind::Session, EMAIL).await.unwrap().token;
        browser.authorize(&demo(&[("sessionToken", &token)])).await;
        assert_eq!(browser.cookie("session").unwrap(), before);
    }
}
