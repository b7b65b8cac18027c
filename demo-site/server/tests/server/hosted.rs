//! Signing in on the server's own page: the page, the browser that it belongs to, and its end.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::browser::{
    AUTHORIZE, Browser, configuration, demo, destination, hosting, redeem, returned, settings, state_token,
    success,
};
use crate::support::{EMAIL, NEW_PASSWORD, ORIGIN, PASSWORD, REDIRECT_URI, TestServer};

mod the_page {
    use super::*;

    #[tokio::test]
    async fn gives_the_widget_what_it_needs_as_data() {
        let server = hosting("").await;
        let page = Browser::new(&server).authorize(&demo(&[])).await;
        let settings = settings(&page);
        assert_eq!(settings["options"]["issuer"], "http://localhost:4401/oauth2/default");
        assert_eq!(settings["options"]["clientId"], "demo-spa");
        let script = settings["script"].as_str().unwrap();
        assert_eq!(server.client().get(script).await.text(), "latchkey.js");
    }

    #[tokio::test]
    async fn allows_no_script_in_itself_and_no_other_page_around_it() {
        let server = hosting("").await;
        let page = Browser::new(&server).authorize(&demo(&[("state", "</script><script>x")])).await;
        let policy = page.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ] {
            assert!(policy.contains(rule), "{rule} in {policy}");
        }
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.text().matches("<script").count(), 2, "data and one file");
        let script = server.client().get("/hosted/sign-in.js").await;
        assert!(script.header("content-type").starts_with("text/javascript"));
    }

    #[tokio::test]
    async fn names_the_widgets_files_by_their_content() {
        let server = hosting("").await;
        let page = Browser::new(&server).authorize(&demo(&[])).await;
        let script = settings(&page)["script"].as_str().unwrap().to_owned();
        let client = server.client();
        let answer = client.get(&script).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        let wasm = client.get(&script.replace("latchkey.js", "latchkey_bg.wasm")).await;
        assert_eq!(wasm.header("content-type"), "application/wasm");
        let frame = client.get(&script.replace("latchkey.js", "latchkey-frame.html")).await;
        assert_eq!(frame.header("content-security-policy"), "frame-ancestors 'self'");
        for path in [
            "/hosted/widget/another/latchkey.js",
            &script.replace("latchkey.js", "nothing.js"),
            &script.replace("latchkey.js", "..%2f..%2fetc%2fpasswd"),
            "/hosted/nothing.js",
        ] {
            assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn begins_with_the_name_that_the_client_hints_at() {
        let server = hosting("").await;
        let browser = &mut Browser::new(&server);
        let page = browser.authorize(&demo(&[("login_hint", EMAIL)])).await;
        assert_eq!(browser.begin(&page).await.answer.field("identifier")["value"], EMAIL);
    }

    #[tokio::test]
    async fn begins_with_registration_where_the_client_wants_that() {
        let server = hosting("").await;
        let browser = &mut Browser::new(&server);
        let page = browser.authorize(&demo(&[("prompt", "create")])).await;
        let page = browser.begin(&page).await;
        assert_eq!(page.answer.remediations().first().unwrap(), "enroll-profile");
    }
}

mod loading_it_again {
    use super::*;

    #[tokio::test]
    async fn goes_on_where_the_person_was() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let first = browser.authorize(&demo(&[])).await;
        browser.begin(&first).await.identify(EMAIL).await;
        let again = browser.authorize(&demo(&[])).await;
        let page = browser.begin(&again).await;
        assert_eq!(page.answer.remediations().first().unwrap(), "challenge-authenticator");
        // Another request is another sign-in.
        let other = browser.authorize(&demo(&[("state", "another")])).await;
        assert_eq!(browser.begin(&other).await.answer.remediations().first().unwrap(), "identify");
    }

    #[tokio::test]
    async fn begins_anew_once_it_took_too_long() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let first = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&first).await;
        server.pass(Duration::from_secs(3600));
        assert!(page.identify(EMAIL).await.is_session_expired());
        let again = browser.authorize(&demo(&[])).await;
        assert_eq!(browser.begin(&again).await.answer.remediations().first().unwrap(), "identify");
    }

    #[tokio::test]
    async fn after_going_back_to_the_beginning_is_the_beginning() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let first = browser.authorize(&demo(&[])).await;
        let mut page = browser.begin(&first).await;
        page.identify(EMAIL).await;
        page.follow("cancel").await;
        assert_eq!(page.answer.remediations().first().unwrap(), "identify");
        let again = browser.authorize(&demo(&[])).await;
        assert_eq!(browser.begin(&again).await.answer.remediations().first().unwrap(), "identify");
        // The handle from before is no longer good.
        let old = json!({ "stateToken": state_token(&first) });
        assert!(browser.widget(&again).introspect(&old).await.is_session_expired());
    }

    #[tokio::test]
    async fn at_the_end_leads_on() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let first = browser.authorize(&demo(&[])).await;
        browser.prove(&first).await;
        let again = browser.authorize(&demo(&[])).await;
        let end = success(&browser.begin(&again).await.answer);
        assert_eq!(destination(&browser.get(&end).await), REDIRECT_URI);
    }
}

mod the_end {
    use super::*;

    #[tokio::test]
    async fn happens_once() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let end = browser.prove(&page).await;
        let code = returned(&browser.get(&end).await)["code"].clone();
        let again = browser.get(&end).await;
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.text().contains("Go back to the application"));
        assert_eq!(redeem(&server, &code).await.status, StatusCode::OK);
        let stale = json!({ "stateToken": state_token(&page) });
        assert!(browser.widget(&page).introspect(&stale).await.is_session_expired());
    }

    #[tokio::test]
    async fn is_not_reached_before_everything_is_proved() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let mut conversation = browser.begin(&page).await;
        conversation.identify(EMAIL).await;
        for token in [&state_token(&page), &conversation.state_handle, "", "02.a~b~done", "made-up"] {
            let answer = browser.get(&format!("/login/token/redirect?stateToken={token}")).await;
            assert_eq!(answer.status, StatusCode::GONE, "{token}");
            assert_eq!(browser.cookie("session"), None);
        }
    }

    #[tokio::test]
    async fn survives_a_restart_of_the_server() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let page = browser.authorize(&demo(&[])).await;
        let end = browser.prove(&page).await;
        let server = server.restart().await;
        let mut after = Browser::new(&server);
        after.take_cookies_of(&browser);
        assert_eq!(destination(&after.get(&end).await), REDIRECT_URI);
    }

    #[tokio::test]
    async fn an_embedded_sign_in_has_no_such_end_and_no_session() {
        let server = hosting("").await;
        let page = server.client().after_password().await;
        assert!(page.answer.is_signed_in());
        assert_eq!(page.answer.header("set-cookie"), "");
        let answer = Browser::new(&server)
            .get(&format!("/login/token/redirect?stateToken={}", page.state_handle))
            .await;
        assert_eq!(answer.status, StatusCode::GONE);
    }
}

/// RFC 9700 section 4.7, and login CSRF: nobody is led to the end of a sign-in that somebody else has made.
mod another_browser {
    use super::*;

    #[tokio::test]
    async fn can_neither_see_nor_go_on_nor_finish() {
        let server = hosting("").await;
        let (mut attacker, mut victim) = (Browser::new(&server), Browser::new(&server));
        let page = attacker.authorize(&demo(&[])).await;
        let token = json!({ "stateToken": state_token(&page) });
        // With no cookie, and with one of its own.
        for _ in 0..2 {
            assert!(victim.widget(&page).introspect(&token).await.is_session_expired());
            let mut stolen = attacker.begin(&page).await;
            stolen.client = victim.widget(&page);
            assert!(stolen.identify(EMAIL).await.is_session_expired());
            victim.authorize(&demo(&[("state", "the victim's")])).await;
        }
        let end = attacker.prove(&page).await;
        let answer = victim.get(&end).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert_eq!(victim.cookie("session"), None);
        // It is still there for who began it.
        assert_eq!(destination(&attacker.get(&end).await), REDIRECT_URI);
    }

    #[tokio::test]
    async fn gets_a_sign_in_of_its_own_for_the_same_request() {
        let server = hosting("").await;
        let (mut left, mut right) = (Browser::new(&server), Browser::new(&server));
        let (left, right) = (left.authorize(&demo(&[])).await, right.authorize(&demo(&[])).await);
        assert_ne!(state_token(&left), state_token(&right));
    }
}

#[tokio::test]
async fn pages_of_clients_cannot_drive_a_hosted_sign_in() {
    let server = hosting("").await;
    let mut browser = Browser::new(&server);
    let page = browser.authorize(&demo(&[])).await;
    let client = browser.widget(&page).with_header("origin", ORIGIN);
    let answer = client.introspect(&json!({ "stateToken": state_token(&page) })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn people_register_on_it() {
    let server = hosting("").await;
    let mut browser = Browser::new(&server);
    let page = browser.authorize(&demo(&[])).await;
    let mut page = browser.begin(&page).await;
    page.register("robin@example.com").await;
    page.answer(&server.code("robin@example.com").await).await;
    page.answer(NEW_PASSWORD).await;
    let end = success(&page.answer);
    let code = returned(&browser.get(&end).await)["code"].clone();
    let tokens = redeem(&server, &code).await.json();
    assert_eq!(crate::support::claims(&tokens["id_token"])["email"], "robin@example.com");
    assert!(browser.cookie("session").is_some());
}

#[tokio::test]
async fn people_recover_their_password_on_it() {
    let server = hosting("").await;
    let mut browser = Browser::new(&server);
    let page = browser.authorize(&demo(&[])).await;
    let mut page = browser.begin(&page).await;
    page.identify(EMAIL).await;
    page.follow("recover").await;
    page.answer(&server.code(EMAIL).await).await;
    page.answer(NEW_PASSWORD).await;
    let end = success(&page.answer);
    assert_eq!(destination(&browser.get(&end).await), REDIRECT_URI);
}

mod another_provider {
    use super::*;
    use crate::browser::DEMO;
    use crate::provider::{Departure, Provider, way_out};
    use crate::support::claims;

    /// A browser that has gone to the provider, and is about to come back.
    async fn away() -> (TestServer, Provider, Browser, Departure) {
        let provider = Provider::start().await;
        let server = hosting(&provider.configuration("")).await;
        let mut browser = Browser::new(&server);
        let first = browser.authorize(&DEMO).await;
        let page = browser.begin(&first).await;
        let leaving = browser.get(&way_out(&page)).await;
        let sent = returned(&leaving).into_iter().collect();
        let departure = Departure { cookie: String::new(), sent, address: String::new() };
        (server, provider, browser, departure)
    }

    async fn come_back(
        browser: &mut Browser,
        departure: &Departure,
        more: (&str, &str),
    ) -> crate::support::Answer {
        let query = crate::browser::query(&[("state", &departure.sent["state"]), more]);
        browser.get(&format!("/oauth2/v1/authorize/callback?{query}")).await
    }

    #[tokio::test]
    async fn leads_back_to_the_page_and_from_there_to_the_client() {
        let (server, provider, mut browser, departure) = away().await;
        let code = provider.approve(&departure, server.now_in_seconds());
        let back = come_back(&mut browser, &departure, ("code", &code)).await;
        assert!(destination(&back).starts_with(AUTHORIZE));
        let page = browser.get(back.header("location")).await;
        let end = success(&browser.begin(&page).await.answer);
        let code = returned(&browser.get(&end).await)["code"].clone();
        assert_eq!(claims(&redeem(&server, &code).await.json()["id_token"])["idp"], "canal");
        // The session remembers who has said so.
        let code = returned(&browser.authorize(&demo(&[("prompt", "none")])).await)["code"].clone();
        assert_eq!(claims(&redeem(&server, &code).await.json()["id_token"])["idp"], "canal");
    }

    #[tokio::test]
    async fn that_says_no_is_told_here_with_a_way_back() {
        let (_server, _provider, mut browser, departure) = away().await;
        let told = come_back(&mut browser, &departure, ("error", "access_denied")).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.text().contains("You were not signed in at Canal Union ID."));
        assert!(told.text().contains(&format!("<a href=\"{AUTHORIZE}?client_id=demo-spa&amp;")));
        let again = browser.authorize(&DEMO).await;
        assert_eq!(browser.begin(&again).await.answer.remediations().first().unwrap(), "identify");
    }

    #[tokio::test]
    async fn is_not_reached_from_another_browser() {
        let (server, _provider, browser, _) = away().await;
        let page = browser.clone().authorize(&DEMO).await;
        let address = way_out(&browser.begin(&page).await);
        assert_eq!(Browser::new(&server).get(&address).await.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn too_many_sign_ins_from_one_address_have_to_wait() {
    let server = hosting("[policy.attempts]\ntransactions_per_address = 2").await;
    let mut browser = Browser::new(&server);
    for state in ["1", "2"] {
        assert_eq!(browser.authorize(&demo(&[("state", state)])).await.status, StatusCode::OK);
    }
    let answer = browser.authorize(&demo(&[("state", "3")])).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.header("retry-after").is_empty());
    // Loading a page again begins nothing.
    assert_eq!(browser.authorize(&demo(&[("state", "2")])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn each_authorization_server_has_its_own() {
    let server = hosting("[[authorization_servers]]\nid = \"inner\"").await;
    let mut browser = Browser::new(&server);
    let query = crate::browser::query(&demo(&[]));
    let page = browser.get(&format!("/oauth2/inner/v1/authorize?{query}")).await;
    assert_eq!(settings(&page)["options"]["issuer"], "http://localhost:4401/oauth2/inner");
    let end = browser.prove(&page).await;
    let params = returned(&browser.get(&end).await);
    assert_eq!(params["iss"], "http://localhost:4401/oauth2/inner");
    // The code of one is nothing to another.
    assert_eq!(redeem(&server, &params["code"]).await.status, StatusCode::BAD_REQUEST);
    // The session is the server's, whichever of them it began at.
    assert_eq!(destination(&browser.authorize(&demo(&[("prompt", "none")])).await), REDIRECT_URI);
    let own = browser.get(&format!("/oauth2/v1/authorize?{query}&prompt=none")).await;
    assert_eq!(returned(&own)["iss"], "http://localhost:4401");
}

#[tokio::test]
async fn two_servers_on_one_machine_leave_each_others_cookies_alone() {
    let here = hosting("").await;
    let mut browser = Browser::new(&here);
    browser.sign_in(&demo(&[])).await;
    let names: Vec<_> = browser.attributes.keys().cloned().collect();
    let folder = tempfile::tempdir().unwrap();
    let config = crate::support::configuration(&folder.path().join("other.sqlite"), &configuration(""));
    let there = TestServer::of(&config.replace(":4401", ":4501")).await;
    let mut browser = Browser::new(&there);
    browser.get(&format!("{AUTHORIZE}?{}", crate::browser::query(&demo(&[])))).await;
    assert!(browser.attributes.keys().all(|name| !names.contains(name)));
    there.close().await;
}

#[tokio::test]
async fn a_wrong_password_is_said_and_the_right_one_goes_on() {
    let server = hosting("").await;
    let mut browser = Browser::new(&server);
    let page = browser.authorize(&demo(&[])).await;
    let mut page = browser.begin(&page).await;
    page.identify(EMAIL).await;
    page.answer("wrong").await;
    assert_eq!(page.answer.messages_in("credentials.passcode"), ["incorrectPassword"]);
    page.answer(PASSWORD).await;
    success(&page.answer);
}

#[tokio::test]
async fn somebody_else_than_the_client_has_asked_for_is_signed_in_and_not_for_it() {
    let robin = "[[users]]\nemail = \"robin@example.com\"\npassword = \"Correct-Horse-42\"\n\
                 first_name = \"Robin\"\nlast_name = \"Example\"";
    let server = hosting(robin).await;
    let mut browser = Browser::new(&server);
    let code = returned(&browser.sign_in(&demo(&[])).await)["code"].clone();
    let id_token = redeem(&server, &code).await.json()["id_token"].as_str().unwrap().to_owned();

    let mut other = Browser::new(&server);
    let asked = demo(&[("id_token_hint", &id_token)]);
    let page = other.authorize(&asked).await;
    let mut page = other.begin(&page).await;
    page.identify("robin@example.com").await;
    page.answer(PASSWORD).await;
    let answer = returned(&other.get(&success(&page.answer)).await);
    assert_eq!((answer.get("error").map(String::as_str), answer.get("code")), (Some("login_required"), None));
    assert!(returned(&other.authorize(&demo(&[])).await).contains_key("code"));

    let mut own = Browser::new(&server);
    assert!(returned(&own.sign_in(&asked).await).contains_key("code"));
}
