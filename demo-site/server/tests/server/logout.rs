//! Signing out because a client asks for it (OpenID Connect RP-Initiated Logout 1.0).

use axum::http::StatusCode;
use serde_json::Value;

use crate::browser::{Browser, OWN_ORIGIN, SECRET, demo, destination, hosting, query, redeem, returned};
use crate::support::{Answer, REDIRECT_URI, TestServer};

const LOGOUT: &str = "/oauth2/default/v1/logout";
const BYE: &str = "http://localhost:4600/bye";
const WEB: [(&str, &str); 4] = [
    ("client_id", "web-app"),
    ("redirect_uri", "http://localhost:4600/callback"),
    ("response_type", "code"),
    ("scope", "openid offline_access"),
];

/// Somebody who is signed in at the web app, and the tokens that it has.
async fn signed_in(tables: &str) -> (TestServer, Browser, Value) {
    let server = hosting(tables).await;
    let mut browser = Browser::new(&server);
    let code = returned(&browser.sign_in(&WEB).await)["code"].clone();
    let tokens = token(&server, &[("grant_type", "authorization_code"), ("code", &code)]).await.json();
    assert!(tokens["refresh_token"].is_string(), "{tokens}");
    (server, browser, tokens)
}

async fn token(server: &TestServer, more: &[(&str, &str)]) -> Answer {
    let common = [
        ("client_id", "web-app"),
        ("client_secret", SECRET),
        ("redirect_uri", "http://localhost:4600/callback"),
    ];
    let body = query(&[&common[..], more].concat());
    let request = axum::http::Request::post("/oauth2/default/v1/token")
        .header("content-type", "application/x-www-form-urlencoded");
    server.client().send(request.body(axum::body::Body::from(body)).unwrap()).await
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    returned(&browser.authorize(&demo(&[("prompt", "none")])).await).contains_key("code")
}

async fn logout(browser: &mut Browser, params: &[(&str, &str)]) -> Answer {
    browser.get(&format!("{LOGOUT}?{}", query(params))).await
}

#[tokio::test]
async fn the_client_that_shows_its_token_signs_out_at_once() {
    let (_server, mut browser, tokens) = signed_in("").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let params = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("state", "a&b")];
    let answer = logout(&mut browser, &params).await;
    assert_eq!(destination(&answer), BYE);
    assert_eq!(answer.header("location"), format!("{BYE}?state=a%26b"));
    assert_eq!(browser.cookie("session"), None);
    assert!(!is_signed_in(&mut browser).await);
    // Again, and with nobody signed in: the browser still goes where it is to go.
    assert_eq!(destination(&logout(&mut browser, &params).await), BYE);
    let kept = [
        ("id_token_hint", hint),
        ("post_logout_redirect_uri", "http://localhost:4600/bye?from=1"),
        ("state", "x"),
    ];
    assert_eq!(
        logout(&mut browser, &kept).await.header("location"),
        "http://localhost:4600/bye?from=1&state=x"
    );
}

#[tokio::test]
async fn without_a_place_to_go_to_the_person_is_told() {
    let (_server, mut browser, tokens) = signed_in("").await;
    let answer = logout(&mut browser, &[("id_token_hint", tokens["id_token"].as_str().unwrap())]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("You are signed out"));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_expired_token_still_shows_who_asks() {
    let (server, mut browser, tokens) = signed_in("").await;
    server.pass(std::time::Duration::from_secs(7100));
    logout(&mut browser, &[("id_token_hint", tokens["id_token"].as_str().unwrap())]).await;
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn without_a_token_the_person_is_asked() {
    let (_server, mut browser, _) = signed_in("").await;
    let params = [("client_id", "web-app"), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let page = logout(&mut browser, &params).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Sign out?"));
    // Browsers hold it against a redirect after the form, too, and there is one to the application.
    assert!(!page.header("content-security-policy").contains("form-action"));
    assert!(is_signed_in(&mut browser).await);
    let path = format!("{LOGOUT}?{}", query(&params));
    // The answer of another page is none; it is taken for a request by a form.
    let forged = browser.post("http://evil.test", &path, &[("answer", "yes")]).await;
    assert_eq!(forged.status, StatusCode::SEE_OTHER);
    assert!(forged.header("location").starts_with(LOGOUT));
    assert!(is_signed_in(&mut browser).await);
    let no = browser.post(OWN_ORIGIN, &path, &[("answer", "no")]).await;
    assert!(no.text().contains("still signed in"));
    assert!(is_signed_in(&mut browser).await);
    let yes = browser.post(OWN_ORIGIN, &path, &[("answer", "yes")]).await;
    assert_eq!(yes.header("location"), format!("{BYE}?state=s"));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_token_about_somebody_else_is_not_enough() {
    let (server, _, tokens) = signed_in("").await;
    let mut other = Browser::new(&server);
    let page = other.authorize(&demo(&[])).await;
    let mut page = other.begin(&page).await;
    page.register("robin@example.com").await;
    page.answer(&server.code("robin@example.com").await).await;
    page.answer(crate::support::NEW_PASSWORD).await;
    other.get(&crate::browser::success(&page.answer)).await;
    let answer = logout(&mut other, &[("id_token_hint", tokens["id_token"].as_str().unwrap())]).await;
    assert!(answer.text().contains("Sign out?"));
    assert!(is_signed_in(&mut other).await);
}

#[tokio::test]
async fn nothing_leads_to_an_address_that_is_not_registered() {
    let (server, mut browser, tokens) = signed_in("").await;
    let hint = tokens["id_token"].as_str().unwrap();
    let access_token = tokens["access_token"].as_str().unwrap();
    for params in [
        vec![("id_token_hint", hint), ("post_logout_redirect_uri", "http://evil.test/")],
        vec![("id_token_hint", hint), ("post_logout_redirect_uri", "http://localhost:4600/bye/")],
        vec![("id_token_hint", hint), ("post_logout_redirect_uri", "http://localhost:4600/callback")],
        vec![("client_id", "demo-spa"), ("post_logout_redirect_uri", BYE)],
        vec![("post_logout_redirect_uri", BYE)],
        vec![("id_token_hint", hint), ("client_id", "demo-spa")],
        vec![("id_token_hint", "made.up.token")],
        vec![("id_token_hint", access_token)],
        vec![("state", "1"), ("state", "2")],
    ] {
        let answer = logout(&mut browser, &params).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{params:?}");
        assert_eq!(answer.header("location"), "");
    }
    assert!(is_signed_in(&mut browser).await);
    // A token of one server is nothing to another.
    let path = format!("/oauth2/v1/logout?id_token_hint={hint}");
    assert_eq!(Browser::new(&server).get(&path).await.status, StatusCode::BAD_REQUEST);
}

mod given_a_token_whose_key_is_gone {
    use std::time::Duration;

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;
    use crate::support::claims;

    /// The person is asked, and then everything is as it would have been.
    async fn is_asked_and_signed_out(browser: &mut Browser, tokens: &Value) {
        let hint = tokens["id_token"].as_str().unwrap();
        let params = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("state", "s")];
        let page = logout(browser, &params).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Sign out?"));
        assert!(is_signed_in(browser).await);
        let path = format!("{LOGOUT}?{}", query(&params));
        let yes = browser.post(OWN_ORIGIN, &path, &[("answer", "yes")]).await;
        assert_eq!(yes.header("location"), format!("{BYE}?state=s"));
        assert!(!is_signed_in(browser).await);
        // With nobody there is nobody to ask.
        assert_eq!(destination(&logout(browser, &params).await), BYE);
    }

    #[tokio::test]
    async fn who_signs_out_after_keys_were_withdrawn_is_asked() {
        let (server, mut browser, tokens) = signed_in("").await;
        server.server().replace_keys().await.unwrap();
        is_asked_and_signed_out(&mut browser, &tokens).await;
    }

    #[tokio::test]
    async fn who_was_signed_in_for_longer_than_keys_overlap_is_asked() {
        let (server, mut browser, tokens) =
            signed_in("[policy.session]\nlifetime = \"9d\"\nidle = \"9d\"").await;
        for _ in 0..3 {
            server.tidy().await;
            server.pass(Duration::from_secs(24 * 3600));
        }
        is_asked_and_signed_out(&mut browser, &tokens).await;
    }

    fn token(kid: &str, claims: &Value) -> String {
        let head = json!({ "alg": "RS256", "kid": kid, "typ": "JWT" });
        let [head, claims] = [&head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        format!("{head}.{claims}.{}", URL_SAFE_NO_PAD.encode([1; 256]))
    }

    #[tokio::test]
    async fn where_sign_ins_begin_it_still_says_who_is_meant() {
        let (server, mut browser, _) = signed_in("").await;
        let code = returned(&browser.authorize(&demo(&[])).await)["code"].clone();
        let id_token = redeem(&server, &code).await.json()["id_token"].clone();
        server.server().replace_keys().await.unwrap();
        let mut other = claims(&id_token);
        other["sub"] = json!("somebody else");
        for (hint, expected) in [(id_token.as_str().unwrap(), "code"), (&token("made-up", &other), "error")] {
            let answer = browser.authorize(&demo(&[("prompt", "none"), ("id_token_hint", hint)])).await;
            assert!(returned(&answer).contains_key(expected), "{expected}: {:?}", returned(&answer));
        }
    }

    #[tokio::test]
    async fn one_that_somebody_has_made_up_ends_nothing_and_leads_nowhere_else() {
        let (_server, mut browser, tokens) = signed_in("").await;
        let id_token = tokens["id_token"].as_str().unwrap();
        let kid = jsonwebtoken::decode_header(id_token).unwrap().kid.unwrap();
        let good = claims(&tokens["id_token"]);
        let with = |name: &str, value: &str| {
            let mut claims = good.clone();
            claims[name] = json!(value);
            claims
        };
        for (kid, claims) in [
            (kid.as_str(), &good),
            ("made-up", &with("iss", "http://localhost:4401")),
            ("made-up", &with("jti", "AT.made-up")),
            ("made-up", &json!({ "iss": good["iss"] })),
        ] {
            let answer = logout(&mut browser, &[("id_token_hint", &token(kid, claims))]).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{kid} {claims}");
        }
        let made_up = token("made-up", &good);
        let evil = [("id_token_hint", made_up.as_str()), ("post_logout_redirect_uri", "http://evil.test/")];
        assert_eq!(logout(&mut browser, &evil).await.status, StatusCode::BAD_REQUEST);
        let answer = logout(&mut browser, &[("id_token_hint", &made_up)]).await;
        assert!(answer.text().contains("Sign out?"));
        assert!(is_signed_in(&mut browser).await);
    }
}

mod the_tokens {
    use super::*;

    async fn refresh(server: &TestServer, tokens: &Value) -> StatusCode {
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        token(server, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await.status
    }

    #[tokio::test]
    async fn outlive_the_session_unless_the_policy_says_otherwise() {
        let (server, mut browser, tokens) = signed_in("").await;
        logout(&mut browser, &[("id_token_hint", tokens["id_token"].as_str().unwrap())]).await;
        assert_eq!(refresh(&server, &tokens).await, StatusCode::OK);
    }

    #[tokio::test]
    async fn end_with_the_session_where_the_policy_says_so() {
        let (server, mut browser, tokens) = signed_in("[policy.session]\nlogout_revokes_tokens = true").await;
        // Those that came of it silently too, also after the person has proved again who they are.
        let silent = returned(&browser.authorize(&demo(&[("prompt", "none")])).await)["code"].clone();
        let silent = redeem(&server, &silent).await.json();
        assert_eq!(destination(&browser.sign_in(&demo(&[("prompt", "login")])).await), REDIRECT_URI);
        logout(&mut browser, &[("id_token_hint", tokens["id_token"].as_str().unwrap())]).await;
        assert_eq!(refresh(&server, &tokens).await, StatusCode::BAD_REQUEST);
        let access_token = silent["access_token"].as_str().unwrap();
        let userinfo = server.client().bearer("/oauth2/default/v1/userinfo", access_token).await;
        assert_eq!(userinfo.status, StatusCode::UNAUTHORIZED);
    }
}
