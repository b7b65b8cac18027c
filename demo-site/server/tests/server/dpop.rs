//! Tokens that are bound to a key (RFC 9449): how they are had, with which grants, and what a thief can do with them.
//!
//! Which proofs are good is in `dpop/proofs.rs`, tokens that are shown in `dpop/shown.rs`, nonces in `dpop/nonces.rs`.

mod hostile;
mod nonces;
mod proofs;
pub(crate) mod prover;
mod shown;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Browser, demo, hosting, returned};
use crate::support::{
    Answer, Client, EMAIL, PASSWORD, REDIRECT_URI, TestServer, VERIFIER, basic, claims, token_params,
};
use prover::Prover;

const TOKEN: &str = "http://localhost:4401/oauth2/default/v1/token";
const SECRET: &str = "a-secret-that-is-long-enough";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

const CLIENTS: &str = r#"
    [[authorization_servers]]
    id = "default"
    [[authorization_servers.scopes]]
    name = "reports"

    [[clients]]
    client_id = "service"
    client_secret = "a-secret-that-is-long-enough"
    grant_types = ["client_credentials", "password", "refresh_token"]

    [[clients]]
    client_id = "bound-spa"
    dpop_bound_access_tokens = true
    redirect_uris = ["http://localhost:4400/callback"]
    origins = ["http://localhost:4400"]

    [[clients]]
    client_id = "tv"
    grant_types = ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]
"#;

/// Sends a token request with this proof.
async fn ask(client: &Client, params: &[(&str, &str)], proof: &str) -> Answer {
    client.with_header("dpop", proof).form("token", params).await
}

/// Signs Pat in, and exchanges the code with a proof.
async fn sign_in(server: &TestServer, prover: &Prover) -> Value {
    let page = server.client().after_password().await;
    let proof = prover.token_proof(server);
    let answer = ask(&server.client(), &token_params(&page.interaction_code()), &proof).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn refresh_params(tokens: &Value) -> [(&str, &str); 3] {
    let token = tokens["refresh_token"].as_str().unwrap();
    [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)]
}

fn assert_bound(tokens: &Value, prover: &Prover) {
    assert_eq!(tokens["token_type"], "DPoP");
    assert_eq!(claims(&tokens["access_token"])["cnf"], json!({ "jkt": prover.thumbprint() }));
}

fn assert_unbound(tokens: &Value) {
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(claims(&tokens["access_token"]).get("cnf"), None);
}

mod given_a_public_client {
    use super::*;

    #[tokio::test]
    async fn a_proof_with_the_code_binds_the_tokens() {
        let server = TestServer::start().await;
        let prover = Prover::new();
        assert_bound(&sign_in(&server, &prover).await, &prover);
        assert_unbound(&server.client().sign_in().await);
    }

    #[tokio::test]
    async fn the_refresh_token_is_of_use_with_that_key_only_and_trying_without_does_not_use_it_up() {
        let server = TestServer::start().await;
        let (prover, thief) = (Prover::new(), Prover::new());
        let client = server.client();
        let tokens = sign_in(&server, &prover).await;
        for stolen in [
            client.form("token", &refresh_params(&tokens)).await,
            ask(&client, &refresh_params(&tokens), &thief.token_proof(&server)).await,
        ] {
            assert_eq!(
                (stolen.status, stolen.error()),
                (StatusCode::BAD_REQUEST, "invalid_grant".to_owned())
            );
        }
        let renewed = ask(&client, &refresh_params(&tokens), &prover.token_proof(&server)).await;
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text());
        assert_bound(&renewed.json(), &prover);
        // Used twice with the key: one of the two who have it is not the client, and both lose it.
        let again = ask(&client, &refresh_params(&tokens), &prover.token_proof(&server)).await;
        assert_eq!(again.error(), "invalid_grant");
        let renewed = renewed.json();
        let answer = ask(&client, &refresh_params(&renewed), &prover.token_proof(&server)).await;
        assert_eq!(answer.error(), "invalid_grant");
    }

    /// RFC 7009 section 2.1 has a public client prove nothing: better that a thief signs somebody out than that the
    /// client, which may have lost its key, cannot.
    #[tokio::test]
    async fn whoever_has_the_refresh_token_can_revoke_it() {
        let server = TestServer::start().await;
        let prover = Prover::new();
        let client = server.client();
        let tokens = sign_in(&server, &prover).await;
        let params = [("client_id", "demo-spa"), ("token", tokens["refresh_token"].as_str().unwrap())];
        assert_eq!(client.form("revoke", &params).await.status, StatusCode::OK);
        let answer = ask(&client, &refresh_params(&tokens), &prover.token_proof(&server)).await;
        assert_eq!(answer.error(), "invalid_grant");
    }

    #[tokio::test]
    async fn an_unbound_refresh_token_can_be_bound_and_never_unbound_again() {
        let server = TestServer::start().await;
        let prover = Prover::new();
        let client = server.client();
        let tokens = client.sign_in().await;
        let bound = ask(&client, &refresh_params(&tokens), &prover.token_proof(&server)).await.json();
        assert_bound(&bound, &prover);
        assert_eq!(client.form("token", &refresh_params(&bound)).await.error(), "invalid_grant");
    }

    #[tokio::test]
    async fn what_was_not_proved_right_uses_nothing_up() {
        let server = TestServer::start().await;
        let prover = Prover::new();
        let page = server.client().after_password().await;
        let code = page.interaction_code();
        let answer = ask(&server.client(), &token_params(&code), "no proof").await;
        assert_eq!(
            (answer.status, answer.error()),
            (StatusCode::BAD_REQUEST, "invalid_dpop_proof".to_owned())
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        let proof = prover.token_proof(&server);
        let answer = ask(&server.client(), &token_params(&code), &proof).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
}

mod given_a_key_that_was_named_at_the_beginning {
    use super::*;

    #[tokio::test]
    async fn an_interaction_code_is_exchanged_with_that_key_only() {
        let server = TestServer::start().await;
        let prover = Prover::new();
        for (proof, expected) in [
            (None, StatusCode::BAD_REQUEST),
            (Some(Prover::new().token_proof(&server)), StatusCode::BAD_REQUEST),
            (Some(prover.token_proof(&server)), StatusCode::OK),
        ] {
            let client = server.client();
            let mut page = client.begin_with(&[("dpop_jkt", &prover.thumbprint())]).await;
            page.identify(EMAIL).await;
            page.answer(PASSWORD).await;
            let code = page.interaction_code();
            let answer = match proof {
                Some(proof) => ask(&client, &token_params(&code), &proof).await,
                None => client.redeem(&code).await,
            };
            assert_eq!(answer.status, expected, "{}", answer.text());
            if expected == StatusCode::BAD_REQUEST {
                assert_eq!(answer.error(), "invalid_grant");
            }
        }
    }

    #[tokio::test]
    async fn so_is_the_code_of_the_authorization_endpoint() {
        let server = hosting("").await;
        let prover = Prover::new();
        let jkt = prover.thumbprint();
        let mut browser = Browser::new(&server);
        browser.sign_in(&demo(&[("dpop_jkt", &jkt)])).await;
        for (proof, expected) in [
            (Prover::new().token_proof(&server), StatusCode::BAD_REQUEST),
            (prover.token_proof(&server), StatusCode::OK),
        ] {
            let code = returned(&browser.authorize(&demo(&[("dpop_jkt", &jkt)])).await)["code"].clone();
            let params = [
                ("grant_type", "authorization_code"),
                ("client_id", "demo-spa"),
                ("redirect_uri", REDIRECT_URI),
                ("code", &code),
                ("code_verifier", VERIFIER),
            ];
            let answer = ask(&server.client(), &params, &proof).await;
            assert_eq!(answer.status, expected, "{}", answer.text());
        }
    }

    #[tokio::test]
    async fn what_is_no_thumbprint_is_refused() {
        let server = hosting("").await;
        let long = "a".repeat(44);
        for jkt in ["short", "ß", &long, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J"] {
            let params = crate::support::interact_params("openid").to_vec();
            let params = [params, vec![("dpop_jkt", jkt)]].concat();
            assert_eq!(server.client().form("interact", &params).await.error(), "invalid_request", "{jkt}");
            let answer = Browser::new(&server).authorize(&demo(&[("dpop_jkt", jkt)])).await;
            assert_eq!(returned(&answer)["error"], "invalid_request", "{jkt}");
        }
    }
}

mod given_a_client_whose_tokens_must_be_bound {
    use super::*;

    #[tokio::test]
    async fn without_a_proof_it_gets_none_and_keeps_its_code() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let mut page = client.begin_with(&[("client_id", "bound-spa")]).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        let code = page.interaction_code();
        let params = token_params(&code)
            .map(|(name, value)| (name, if name == "client_id" { "bound-spa" } else { value }));
        let answer = client.form("token", &params).await;
        assert_eq!(
            (answer.status, answer.error()),
            (StatusCode::BAD_REQUEST, "invalid_dpop_proof".to_owned())
        );
        let prover = Prover::new();
        assert_bound(&ask(&client, &params, &prover.token_proof(&server)).await.json(), &prover);
    }
}

mod given_other_grants {
    use super::*;

    async fn call(server: &TestServer, params: &[(&str, &str)], proof: Option<&str>) -> Answer {
        let basic = basic("service", SECRET);
        let mut headers = vec![("authorization", basic.as_str())];
        headers.extend(proof.map(|proof| ("dpop", proof)));
        server.client().call("/oauth2/default/v1/token", params, &headers).await
    }

    #[tokio::test]
    async fn a_client_for_itself_gets_bound_tokens_too() {
        let server = TestServer::with_policy(CLIENTS).await;
        let prover = Prover::new();
        let params = [("grant_type", "client_credentials"), ("scope", "reports")];
        let answer = call(&server, &params, Some(&prover.token_proof(&server))).await;
        assert_bound(&answer.json(), &prover);
        assert_unbound(&call(&server, &params, None).await.json());
    }

    #[tokio::test]
    async fn refresh_tokens_of_a_client_with_a_secret_are_bound_to_the_secret() {
        let server = TestServer::with_policy(CLIENTS).await;
        let prover = Prover::new();
        let scope = ("scope", "openid offline_access");
        let params = [("grant_type", "password"), ("username", EMAIL), ("password", PASSWORD), scope];
        let tokens = call(&server, &params, Some(&prover.token_proof(&server))).await.json();
        assert_bound(&tokens, &prover);
        let token = tokens["refresh_token"].as_str().unwrap();
        let params = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let other = Prover::new();
        let answer = call(&server, &params, Some(&other.token_proof(&server))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_bound(&answer.json(), &other);
    }

    #[tokio::test]
    async fn a_device_proves_its_key_when_it_gets_its_tokens() {
        let server = hosting(CLIENTS).await;
        let prover = Prover::new();
        let client = server.client();
        let params = [("client_id", "tv"), ("scope", "openid offline_access")];
        let codes = client.call("/oauth2/default/v1/device/authorize", &params, &[]).await.json();
        let mut browser = Browser::new(&server);
        let page = browser.get("/activate").await;
        let mut page = browser.begin(&page).await;
        page.post("device/activate", json!({ "userCode": codes["user_code"] })).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        let code = codes["device_code"].as_str().unwrap();
        let params = [("grant_type", DEVICE_CODE), ("client_id", "tv"), ("device_code", code)];
        let proof = prover.token_proof(&server);
        let tokens = client.call("/oauth2/default/v1/token", &params, &[("dpop", &proof)]).await.json();
        assert_bound(&tokens, &prover);
        let token = tokens["refresh_token"].as_str().unwrap();
        let params = [("grant_type", "refresh_token"), ("client_id", "tv"), ("refresh_token", token)];
        assert_eq!(client.call("/oauth2/default/v1/token", &params, &[]).await.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn discovery_says_what_proofs_may_be_signed_with() {
    let server = TestServer::start().await;
    let said = server.client().get("/oauth2/default/.well-known/openid-configuration").await.json();
    let algorithms = said["dpop_signing_alg_values_supported"].as_array().unwrap();
    for algorithm in ["ES256", "RS256", "PS256", "EdDSA"] {
        assert!(algorithms.contains(&json!(algorithm)), "{algorithm}");
    }
    assert!(!algorithms.iter().any(|it| it == "none" || it.as_str().unwrap().starts_with("HS")));
}
