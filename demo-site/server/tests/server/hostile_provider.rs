//! Providers that do not say the truth, that say it badly, or that are somebody else.

use serde_json::json;

use crate::provider::{
    CLIENT_ID, Instead, NOT_ACCEPTED, NOT_REACHED, Provider, SECRET, Signature, assert_refused, come_back,
    depart, leave, pair, return_of, sign_in, told,
};
use crate::support::{EMAIL, TestServer};

mod given_a_hostile_id_token {
    use super::*;

    /// What the client is told when the token is made after `change`.
    async fn refused(change: impl FnOnce(&mut crate::provider::Script)) {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        let departure = depart(&page).await;
        let code = provider.approve(&departure, server.now_in_seconds());
        provider.script(change);
        let told = told(&come_back(&page.client, &departure, &[("code", &code)]).await);
        assert_refused(&told, "server_error", NOT_ACCEPTED);
        // Nobody was made out of it.
        let mut page = server.client().begin().await;
        page.identify("robin@canal.example").await;
        assert!(server.mails("robin@canal.example").await.is_empty());
    }

    #[tokio::test]
    async fn of_another_issuer() {
        refused(|script| script.claims["iss"] = json!("https://id.evil.example")).await;
    }

    #[tokio::test]
    async fn for_another_client() {
        refused(|script| script.claims["aud"] = json!("somebody else")).await;
        refused(|script| script.claims["aud"] = json!([])).await;
    }

    #[tokio::test]
    async fn for_several_without_saying_for_whom() {
        refused(|script| script.claims["aud"] = json!([CLIENT_ID, "somebody else"])).await;
        refused(|script| script.claims["azp"] = json!("somebody else")).await;
    }

    #[tokio::test]
    async fn from_another_sign_in() {
        refused(|script| script.claims["nonce"] = json!("another")).await;
        refused(|script| drop(script.claims.as_object_mut().unwrap().remove("nonce"))).await;
    }

    #[tokio::test]
    async fn that_has_expired_or_is_not_good_yet() {
        for (claim, by) in [("exp", -361), ("iat", 61), ("nbf", 61 - 300)] {
            refused(|script| {
                let from = script.claims["exp"].as_i64().unwrap() - if claim == "exp" { 0 } else { 300 };
                script.claims[claim] = json!(from + if claim == "nbf" { by + 300 } else { by });
            })
            .await;
        }
    }

    #[tokio::test]
    async fn without_a_signature() {
        refused(|script| script.signature = Signature::None).await;
    }

    #[tokio::test]
    async fn with_a_signature_that_others_can_make() {
        refused(|script| script.signature = Signature::Hs256).await;
        refused(|script| script.signature = Signature::Hs256WithPublicKey).await;
    }

    #[tokio::test]
    async fn signed_by_another_key_of_the_same_name() {
        refused(|script| script.signature = Signature::Strange).await;
    }

    #[tokio::test]
    async fn signed_by_a_key_that_is_not_published() {
        refused(|script| script.kid = json!("unknown")).await;
    }

    #[tokio::test]
    async fn with_an_algorithm_that_its_key_is_not_for() {
        refused(|script| script.kid = json!("curve")).await;
    }

    #[tokio::test]
    async fn that_belongs_to_another_access_token() {
        refused(|script| script.claims["at_hash"] = json!("77QmUPtjPfzWtF2AnpK9RQ")).await;
    }

    #[tokio::test]
    async fn about_nobody_or_about_too_much() {
        refused(|script| script.claims["sub"] = json!("")).await;
        refused(|script| script.claims["sub"] = json!("x".repeat(256))).await;
        refused(|script| script.claims["sub"] = json!(7)).await;
    }

    #[tokio::test]
    async fn that_userinfo_says_is_about_somebody_else() {
        refused(|script| {
            script.claims.as_object_mut().unwrap().remove("email");
            script.userinfo = json!({ "sub": "pat", "email": EMAIL, "email_verified": true });
        })
        .await;
    }
}

mod given_a_provider_that_does_not_answer_well {
    use super::*;

    /// A server that does not wait for long where it waits in vain.
    async fn pair_for(instead: &Instead) -> (TestServer, Provider) {
        let provider = Provider::start().await;
        let tables = provider.configuration("");
        let tables = if matches!(instead, Instead::Hang) { tables.replace("60s", "300ms") } else { tables };
        (TestServer::with_policy(&tables).await, provider)
    }

    /// What the client is told when nobody could even be sent there.
    async fn not_sent(path: &'static str, instead: Instead, error: &str, description: &str) {
        let (server, provider) = pair_for(&instead).await;
        provider.say_instead(path, instead);
        let page = server.client().begin().await;
        assert_refused(&told(&leave(&page).await), error, description);
    }

    /// What it is told when they came back.
    async fn not_taken(path: &'static str, instead: Instead, error: &str, description: &str) {
        let (server, provider) = pair_for(&instead).await;
        provider.say_instead(path, instead);
        assert_refused(&sign_in(&server, &provider).await, error, description);
    }

    const DISCOVERY: &str = "/.well-known/openid-configuration";

    fn say(status: u16, body: &str) -> Instead {
        Instead::Say(status, body.to_owned())
    }

    #[tokio::test]
    async fn one_that_cannot_be_reached() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let tables = format!(
            "[[identity_providers]]\nid = \"canal\"\nname = \"Canal Union ID\"\nissuer = {issuer:?}\nclient_id = \"x\""
        );
        let server = TestServer::with_policy(&tables).await;
        let page = server.client().begin().await;
        assert_refused(&told(&leave(&page).await), "temporarily_unavailable", NOT_REACHED);
    }

    #[tokio::test]
    async fn one_that_never_answers() {
        not_sent(DISCOVERY, Instead::Hang, "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/token", Instead::Hang, "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/keys", Instead::Hang, "temporarily_unavailable", NOT_REACHED).await;
    }

    #[tokio::test]
    async fn one_that_is_out_of_order() {
        not_sent(DISCOVERY, say(503, "{}"), "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/token", say(500, "{}"), "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/token", say(429, "{}"), "temporarily_unavailable", NOT_REACHED).await;
    }

    #[tokio::test]
    async fn one_that_says_too_much() {
        let huge = format!("{{\"issuer\":\"{}\"}}", "x".repeat(300 * 1024));
        not_sent(DISCOVERY, say(200, &huge), "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/token", say(200, &huge), "temporarily_unavailable", NOT_REACHED).await;
        not_taken("/keys", say(200, &huge), "temporarily_unavailable", NOT_REACHED).await;
    }

    #[tokio::test]
    async fn one_that_says_nonsense() {
        for body in ["", "<html>", "[]", "{}", "null"] {
            not_sent(DISCOVERY, say(200, body), "server_error", NOT_ACCEPTED).await;
            not_taken("/token", say(200, body), "server_error", NOT_ACCEPTED).await;
            not_taken("/keys", say(200, body), "server_error", NOT_ACCEPTED).await;
        }
    }

    #[tokio::test]
    async fn one_that_sends_on_to_another() {
        not_sent(DISCOVERY, say(302, "{}"), "server_error", NOT_ACCEPTED).await;
        not_taken("/token", say(307, "{}"), "server_error", NOT_ACCEPTED).await;
    }

    #[tokio::test]
    async fn one_whose_description_is_not_its_own() {
        for (member, value) in [
            ("issuer", "https://id.evil.example"),
            ("authorization_endpoint", "http://id.evil.example/authorize"),
            ("token_endpoint", "http://id.evil.example/token"),
            ("jwks_uri", "http://id.evil.example/keys"),
            ("userinfo_endpoint", "http://id.evil.example/userinfo"),
        ] {
            let (server, provider) = pair("").await;
            provider.script(|script| script.discovery[member] = json!(value));
            let page = server.client().begin().await;
            assert_refused(&told(&leave(&page).await), "server_error", NOT_ACCEPTED);
        }
    }

    #[tokio::test]
    async fn it_is_asked_again_once_it_is_well() {
        let (server, provider) = pair("").await;
        provider.say_instead(DISCOVERY, say(503, "{}"));
        let page = server.client().begin().await;
        told(&leave(&page).await);
        provider.script(|script| script.instead.clear());
        assert!(return_of(&server, &provider, &page).await.contains_key("interaction_code"));
    }
}

/// RFC 9207: an answer of another provider must not reach this one's token endpoint.
mod given_two_providers_that_may_be_mixed_up {
    use super::*;

    #[tokio::test]
    async fn an_answer_that_names_another_is_not_taken() {
        let (server, provider) = pair("").await;
        let page = server.client().begin().await;
        for params in
            [[("code", "x"), ("iss", "https://id.evil.example")], [("error", "access_denied"), ("iss", "x")]]
        {
            let departure = depart(&page).await;
            let told = told(&come_back(&page.client, &departure, &params).await);
            assert_refused(&told, "server_error", NOT_ACCEPTED);
        }
        assert_eq!(provider.script(|script| script.exchanged.clone()), None);
    }

    #[tokio::test]
    async fn one_that_names_itself_always_has_to() {
        let (server, provider) = pair("").await;
        provider.script(|script| {
            script.discovery["authorization_response_iss_parameter_supported"] = json!(true)
        });
        let page = server.client().begin().await;
        let told_without = return_of(&server, &provider, &page).await;
        assert_refused(&told_without, "server_error", NOT_ACCEPTED);
        let departure = depart(&page).await;
        provider.script(|script| script.claims.as_object_mut().unwrap().remove("nonce"));
        let code = provider.approve(&departure, server.now_in_seconds());
        let params = [("code", code.as_str()), ("iss", provider.issuer.as_str())];
        assert!(told(&come_back(&page.client, &departure, &params).await).contains_key("interaction_code"));
    }
}

mod given_ways_to_authenticate_at_the_token_endpoint {
    use super::*;

    /// `Authorization` and body of the exchange, with this provider.
    async fn exchange(methods: serde_json::Value, secret: &str) -> (String, String) {
        let provider = Provider::start().await;
        if methods.is_array() {
            provider.script(|script| script.discovery["token_endpoint_auth_methods_supported"] = methods);
        }
        let tables = provider.configuration("").replace(&format!("client_secret = {SECRET:?}"), secret);
        let server = TestServer::with_policy(&tables).await;
        assert!(sign_in(&server, &provider).await.contains_key("interaction_code"));
        provider.script(|script| script.exchanged.clone()).unwrap()
    }

    fn with_secret() -> String {
        format!("client_secret = {SECRET:?}")
    }

    #[tokio::test]
    async fn the_header_is_what_is_meant_when_nothing_is_said() {
        for methods in [json!(null), json!(["client_secret_post", "client_secret_basic"])] {
            let (authorization, body) = exchange(methods, &with_secret()).await;
            // RFC 6749 section 2.3.1: latchkey:a+secret%3A+of+both
            assert_eq!(authorization, "Basic bGF0Y2hrZXk6YStzZWNyZXQlM0Erb2YrYm90aA==");
            assert!(!body.contains("client_"));
        }
    }

    #[tokio::test]
    async fn the_body_is_used_where_only_that_is_taken() {
        let (authorization, body) = exchange(json!(["client_secret_post"]), &with_secret()).await;
        assert_eq!(authorization, "");
        assert!(body.ends_with("&client_id=latchkey&client_secret=a+secret%3A+of+both"), "{body}");
    }

    #[tokio::test]
    async fn a_public_client_only_names_itself() {
        let (authorization, body) = exchange(json!(["none"]), "").await;
        assert_eq!(authorization, "");
        assert!(body.ends_with("&client_id=latchkey"), "{body}");
        assert!(body.starts_with("grant_type=authorization_code&code="));
    }
}
