//! `/authorize`: its parameters, its errors, and the ways in which it answers.

use axum::http::StatusCode;
use serde_json::Value;

use crate::browser::{
    AUTHORIZE, Browser, SECRET, demo, destination, hosting, query, redeem, returned, settings, with,
};
use crate::support::{Answer, CHALLENGE, REDIRECT_URI, claims};

const ISSUER: &str = "http://localhost:4401/oauth2/default";

const WEB: [(&str, &str); 5] = [
    ("client_id", "web-app"),
    ("redirect_uri", "http://localhost:4600/callback"),
    ("response_type", "code"),
    ("scope", "openid"),
    ("state", "web state"),
];

const OLD: [(&str, &str); 6] = [
    ("client_id", "old-spa"),
    ("redirect_uri", "http://localhost:4700/callback"),
    ("response_type", "id_token token"),
    ("scope", "openid email"),
    ("state", "old state"),
    ("nonce", "old nonce"),
];

/// The error that the client is told, with the state that it sent.
fn error(answer: &Answer, state: &str) -> String {
    let params = returned(answer);
    assert_eq!(params.get("state").map(String::as_str), Some(state));
    assert_eq!(params["iss"], ISSUER);
    assert!(!params["error_description"].is_empty());
    params["error"].clone()
}

mod what_the_client_is_told {
    use super::*;

    #[tokio::test]
    async fn each_mistake_has_its_error() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        for (name, value, expected) in [
            ("response_type", "", "invalid_request"),
            ("response_type", "none", "unsupported_response_type"),
            ("response_type", "code code", "unsupported_response_type"),
            ("response_type", "id_token", "unauthorized_client"),
            ("response_type", "token", "unauthorized_client"),
            ("response_mode", "carrier_pigeon", "unsupported_response_mode"),
            ("scope", "", "invalid_scope"),
            ("scope", "openid everything", "invalid_scope"),
            ("code_challenge", "", "invalid_request"),
            ("code_challenge", "too-short", "invalid_request"),
            ("code_challenge_method", "", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("prompt", "dance", "invalid_request"),
            ("prompt", "none login", "invalid_request"),
            ("prompt", "none", "login_required"),
            ("max_age", "soon", "invalid_request"),
            ("max_age", "-1", "invalid_request"),
            ("acr_values", "urn:example:gold", "invalid_request"),
            ("request", "a.b.c", "request_not_supported"),
            ("request_uri", "https://app.test/request", "request_uri_not_supported"),
            ("registration", "{}", "registration_not_supported"),
            ("id_token_hint", "made.up.token", "invalid_request"),
        ] {
            let answer = browser.authorize(&demo(&[(name, value)])).await;
            assert_eq!(error(&answer, "a state"), expected, "{name}={value}");
            assert_eq!(destination(&answer), REDIRECT_URI, "{name}={value}");
        }
    }

    #[tokio::test]
    async fn a_parameter_that_comes_twice_is_named() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let path = format!("{AUTHORIZE}?{}&scope=openid", query(&demo(&[])));
        let answer = browser.get(&path).await;
        assert_eq!(error(&answer, "a state"), "invalid_request");
        assert!(returned(&answer)["error_description"].contains("'scope'"));
        // Of two states neither is the client's.
        let answer = browser.get(&format!("{AUTHORIZE}?{}&state=other", query(&demo(&[])))).await;
        assert_eq!(returned(&answer).get("state"), None);
    }

    #[tokio::test]
    async fn errors_of_the_implicit_flow_are_in_the_fragment() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let answer = browser.authorize(&with(&OLD, &[("nonce", "")])).await;
        assert!(
            answer.header("location").starts_with("http://localhost:4700/callback#error=invalid_request")
        );
        let answer = browser.authorize(&with(&OLD, &[("prompt", "none")])).await;
        assert_eq!(error(&answer, "old state"), "login_required");
        // Multiple Response Types, section 5: tokens never travel in a query, so that errors do not either.
        let answer = browser.authorize(&with(&OLD, &[("response_mode", "query")])).await;
        assert!(answer.header("location").contains("callback#error=invalid_request"));
        let answer = browser.authorize(&with(&OLD, &[("scope", "email")])).await;
        assert_eq!(error(&answer, "old state"), "invalid_scope");
    }

    #[tokio::test]
    async fn a_client_without_the_server_is_unauthorized() {
        let tables = "[[authorization_servers]]\nid = \"inner\"\n\n[[clients]]\nclient_id = \"outer\"\n\
                      redirect_uris = [\"http://localhost:4900/\"]\nauthorization_servers = [\"default\"]";
        let server = hosting(tables).await;
        let params = demo(&[("client_id", "outer"), ("redirect_uri", "http://localhost:4900/")]);
        let path = format!("/oauth2/inner/v1/authorize?{}", query(&params));
        let answer = Browser::new(&server).get(&path).await;
        assert_eq!(returned(&answer)["error"], "unauthorized_client");
        assert_eq!(returned(&answer)["iss"], "http://localhost:4401/oauth2/inner");
    }
}

mod what_is_said_here {
    use super::*;

    /// RFC 6749 section 4.1.2.1: these must not be answered with a redirect.
    #[tokio::test]
    async fn an_unknown_client_or_address_ends_here() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        for (name, value) in [
            ("client_id", ""),
            ("client_id", "nobody"),
            ("client_id", "other-spa"),
            ("redirect_uri", ""),
            ("redirect_uri", "http://localhost:4400/callback/"),
            ("redirect_uri", "http://localhost:4400/callback/../evil"),
            ("redirect_uri", "http://localhost:4400/callback?x=1"),
            ("redirect_uri", "http://localhost:4400/callback#x"),
            ("redirect_uri", "http://LOCALHOST:4400/callback"),
            ("redirect_uri", "http://localhost:4400@evil.test/callback"),
            ("redirect_uri", "http://localhost:44000/callback"),
            ("redirect_uri", "//localhost:4400/callback"),
            ("redirect_uri", "javascript:alert(1)"),
            ("redirect_uri", "http://localhost:4400/callback\r\nx-evil: 1"),
        ] {
            let answer = browser.authorize(&demo(&[(name, value)])).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
            assert_eq!(answer.header("location"), "", "{name}={value}");
            assert!(answer.header("content-type").starts_with("text/html"));
            assert!(!answer.text().contains("evil"), "{name}={value}");
        }
    }

    #[tokio::test]
    async fn two_addresses_are_none() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        for more in ["redirect_uri=http://evil.test/", "client_id=other-spa"] {
            let answer = browser.get(&format!("{AUTHORIZE}?{}&{more}", query(&demo(&[])))).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{more}");
        }
    }

    #[tokio::test]
    async fn without_the_widget_the_page_says_what_is_missing() {
        let server = crate::support::TestServer::start().await;
        let answer = Browser::new(&server).authorize(&demo(&[])).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text().contains("[hosted]"));
    }
}

mod an_answer {
    use super::*;

    #[tokio::test]
    async fn by_query_has_code_state_and_issuer() {
        let server = hosting("").await;
        let answer = Browser::new(&server).sign_in(&demo(&[])).await;
        assert_eq!(destination(&answer), REDIRECT_URI);
        let params = returned(&answer);
        assert_eq!(params.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
        assert_eq!((params["state"].as_str(), params["iss"].as_str()), ("a state", ISSUER));
        let tokens = redeem(&server, &params["code"]).await.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!(id_token["nonce"], "a nonce");
        assert_eq!(id_token["amr"], serde_json::json!(["pwd"]));
        assert_eq!(id_token["auth_time"], server.now_in_seconds());
    }

    #[tokio::test]
    async fn by_fragment_is_behind_the_sign() {
        let server = hosting("").await;
        let answer = Browser::new(&server).sign_in(&demo(&[("response_mode", "fragment")])).await;
        assert!(answer.header("location").starts_with("http://localhost:4400/callback#code="));
    }

    #[tokio::test]
    async fn keeps_the_query_that_is_registered() {
        let server = hosting("").await;
        let params = with(&WEB, &[("redirect_uri", "http://localhost:4600/callback?tenant=1")]);
        let answer = Browser::new(&server).sign_in(&params).await;
        assert!(answer.header("location").starts_with("http://localhost:4600/callback?tenant=1&code="));
    }

    #[tokio::test]
    async fn by_form_is_a_page_that_sends_itself() {
        let server = hosting("").await;
        let answer =
            Browser::new(&server).sign_in(&demo(&[("response_mode", "form_post"), ("state", "<\">")])).await;
        assert_eq!(answer.status, StatusCode::OK);
        let html = answer.text();
        assert!(html.contains(&format!("<form method=\"post\" action=\"{REDIRECT_URI}\"")));
        assert!(html.contains("name=\"code\" value=\""));
        assert!(html.contains("name=\"state\" value=\"&lt;&quot;&gt;\""));
        assert!(html.contains("<button type=\"submit\">"));
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        let script = server.client().get("/hosted/form-post.js").await;
        assert!(script.text().contains("submit()"));
    }

    #[tokio::test]
    async fn by_message_goes_to_the_origin_of_the_client_alone() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let params = demo(&[("response_mode", "okta_post_message"), ("state", "</script><b>")]);
        let answer = browser.sign_in(&params).await;
        let html = answer.text();
        assert!(!html.contains("<b>"), "{html}");
        let (_, rest) = html.split_once("id=\"answer\">").unwrap();
        let data: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
        assert_eq!(data["origin"], "http://localhost:4400");
        assert_eq!(data["message"]["state"], "</script><b>");
        assert!(data["message"]["code"].is_string());
        assert!(answer.header("content-security-policy").contains("frame-ancestors http://localhost:4400"));
        assert_eq!(answer.header("x-frame-options"), "");
        // The web app has no pages that could wait for a message.
        let refused = browser.authorize(&with(&WEB, &[("response_mode", "okta_post_message")])).await;
        assert_eq!(error(&refused, "web state"), "invalid_request");
    }

    #[tokio::test]
    async fn of_the_implicit_flow_carries_tokens() {
        let server = hosting("").await;
        let mut browser = Browser::new(&server);
        let params = returned(&browser.sign_in(&OLD).await);
        assert_eq!(params["token_type"], "Bearer");
        assert_eq!(params["expires_in"], "3600");
        let id_token = claims(&params["id_token"].as_str().into());
        assert_eq!((&id_token["nonce"], &id_token["aud"]), (&"old nonce".into(), &"old-spa".into()));
        assert!(id_token["at_hash"].is_string());
        assert!(!params.contains_key("code"));
        let userinfo = server.client().bearer("/oauth2/default/v1/userinfo", &params["access_token"]).await;
        assert_eq!(userinfo.status, StatusCode::OK);

        let alone = returned(&browser.authorize(&with(&OLD, &[("response_type", "id_token")])).await);
        assert!(alone.contains_key("id_token") && !alone.contains_key("access_token"));
        let token =
            returned(&browser.authorize(&with(&OLD, &[("response_type", "token"), ("nonce", "")])).await);
        assert!(token.contains_key("access_token") && !token.contains_key("id_token"));
    }

    #[tokio::test]
    async fn of_a_hybrid_flow_ties_the_tokens_to_the_code() {
        let server = hosting("").await;
        let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
        let params = with(&OLD, &[("response_type", "code token id_token"), pkce[0], pkce[1]]);
        let mut browser = Browser::new(&server);
        let answer = returned(&browser.sign_in(&params).await);
        let id_token = claims(&answer["id_token"].as_str().into());
        assert!(id_token["c_hash"].is_string() && id_token["at_hash"].is_string());
        assert!(answer.contains_key("code"));
        // RFC 9700 section 2.1.1: also here a public client needs PKCE for its code.
        let answer =
            browser.authorize(&with(&params, &[("code_challenge", ""), ("code_challenge_method", "")])).await;
        assert_eq!(error(&answer, "old state"), "invalid_request");
    }
}

#[tokio::test]
async fn a_client_with_a_secret_may_do_without_pkce() {
    let server = hosting("").await;
    let code = returned(&Browser::new(&server).sign_in(&WEB).await)["code"].clone();
    let params = [
        ("grant_type", "authorization_code"),
        ("client_id", "web-app"),
        ("client_secret", SECRET),
        ("redirect_uri", "http://localhost:4600/callback"),
        ("code", &code),
    ];
    let server_side = server.client();
    let body = query(&params);
    let request = axum::http::Request::post("/oauth2/default/v1/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = server_side.send(request.body(axum::body::Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn parameters_may_come_by_a_form_of_any_page() {
    let server = hosting("").await;
    let mut browser = Browser::new(&server);
    let answer = browser.post("http://unknown.test", AUTHORIZE, &demo(&[])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.header("location").to_owned();
    assert_eq!(location, format!("{AUTHORIZE}?{}", query(&demo(&[]))));
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let page = browser.get(&location).await;
    assert_eq!(settings(&page)["options"]["clientId"], "demo-spa");
}

#[tokio::test]
async fn discovery_names_what_there_is() {
    let server = hosting("").await;
    let document = server.client().get("/oauth2/default/.well-known/openid-configuration").await.json();
    assert_eq!(document["authorization_endpoint"], format!("http://localhost:4401{AUTHORIZE}"));
    assert_eq!(document["end_session_endpoint"], "http://localhost:4401/oauth2/default/v1/logout");
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    assert!(document["response_types_supported"].as_array().unwrap().contains(&"code".into()));
    assert_eq!(
        document["response_modes_supported"],
        serde_json::json!(["query", "fragment", "form_post", "okta_post_message"])
    );
}
