//! What tokens may be had for, client by client: passwords, a client's own credentials, refresh tokens.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Answer, Client, EMAIL, PASSWORD, TestServer, basic, claims};

const TOKEN: &str = "/oauth2/default/v1/token";
const USERINFO: &str = "/oauth2/default/v1/userinfo";
const SECRET: &str = "a-secret-that-is-long-enough";

const CLIENTS: &str = r#"
    [[authorization_servers]]
    id = "default"
    [[authorization_servers.scopes]]
    name = "reports:read"
    [[authorization_servers.scopes]]
    name = "reports:write"
    [[authorization_servers.claims]]
    name = "tenant"
    value = "acme"
    [[authorization_servers.claims]]
    name = "family"
    attribute = "lastName"

    [[clients]]
    client_id = "service"
    client_secret = "a-secret-that-is-long-enough"
    grant_types = ["client_credentials"]

    [[clients]]
    client_id = "legacy"
    client_secret = "a-secret-that-is-long-enough"
    grant_types = ["password", "refresh_token"]
    refresh_token_reuse_interval = "30s"

    [[clients]]
    client_id = "legacy-page"
    grant_types = ["password"]
    origins = ["http://localhost:4400"]
"#;

async fn call(client: &Client, client_id: &str, params: &[(&str, &str)]) -> Answer {
    client.call(TOKEN, params, &[("authorization", &basic(client_id, SECRET))]).await
}

async fn password(client: &Client, username: &str, password: &str) -> Answer {
    let params = [
        ("grant_type", "password"),
        ("username", username),
        ("password", password),
        ("scope", "openid email offline_access"),
    ];
    call(client, "legacy", &params).await
}

#[tokio::test]
async fn a_grant_type_that_the_client_does_not_have_is_refused_in_the_words_that_clients_know() {
    let server = TestServer::with_policy(CLIENTS).await;
    let client = server.client();
    for grant_type in
        ["password", "client_credentials", "implicit", "urn:ietf:params:oauth:grant-type:device_code"]
    {
        let params = [("grant_type", grant_type), ("client_id", "demo-spa")];
        let answer = client.form("token", &params).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.error(), "unauthorized_client");
        assert_eq!(
            answer.json()["error_description"],
            "The client is not authorized to use the provided grant type. Configured grant types: \
             [interaction_code, authorization_code, refresh_token]."
        );
    }
    let answer = call(&client, "service", &[("grant_type", "password")]).await;
    assert_eq!(answer.error(), "unauthorized_client");
    let interact = crate::support::interact_params("openid")
        .map(|(name, value)| (name, if name == "client_id" { "legacy-page" } else { value }));
    assert_eq!(client.form("interact", &interact).await.error(), "unauthorized_client");
}

mod client_credentials {
    use super::*;

    #[tokio::test]
    async fn the_token_is_about_the_client_and_comes_alone() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let params = [("grant_type", "client_credentials"), ("scope", "reports:read reports:write")];
        let answer = call(&client, "service", &params).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.json();
        let members: Vec<_> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["access_token", "expires_in", "scope", "token_type"]);
        let token = claims(&tokens["access_token"]);
        assert_eq!((&token["sub"], &token["cid"]), (&json!("service"), &json!("service")));
        assert_eq!(token["scp"], json!(["reports:read", "reports:write"]));
        assert_eq!(token["scope"], "reports:read reports:write");
        assert_eq!(token["tenant"], "acme");
        for about_people in ["uid", "auth_time", "acr", "family"] {
            assert_eq!(token.get(about_people), None);
        }
        let answer = client.bearer(USERINFO, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.error(), "insufficient_scope");
    }

    #[tokio::test]
    async fn scopes_about_people_are_not_for_it() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        for scope in ["openid", "reports:read offline_access", "made-up"] {
            let params = [("grant_type", "client_credentials"), ("scope", scope)];
            assert_eq!(call(&client, "service", &params).await.error(), "invalid_scope", "{scope}");
        }
        let answer = call(&client, "service", &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.error(), "invalid_scope");
    }

    #[tokio::test]
    async fn it_can_be_revoked() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let params = [("grant_type", "client_credentials"), ("scope", "reports:read")];
        let tokens = call(&client, "service", &params).await.json();
        let token = tokens["access_token"].as_str().unwrap();
        let header = basic("service", SECRET);
        let answer = client
            .call("/oauth2/default/v1/revoke", &[("token", token)], &[("authorization", &header)])
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(client.bearer(USERINFO, token).await.error(), "invalid_token");
    }
}

mod password {
    use super::*;

    #[tokio::test]
    async fn it_gives_what_a_sign_in_gives() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let answer = password(&client, " Pat@Example.com ", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let tokens = answer.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!((&id_token["aud"], &id_token["email"]), (&json!("legacy"), &json!(EMAIL)));
        assert_eq!(id_token["amr"], json!(["pwd"]));
        assert_eq!(id_token["auth_time"], server.now_in_seconds());
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(client.bearer(USERINFO, token).await.json()["sub"], id_token["sub"]);
        let token = tokens["refresh_token"].as_str().unwrap();
        let refreshed =
            call(&client, "legacy", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
        assert_eq!(refreshed.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_client_without_refresh_tokens_gets_none() {
        let server = TestServer::with_policy(CLIENTS).await;
        let params = [
            ("grant_type", "password"),
            ("client_id", "legacy-page"),
            ("username", EMAIL),
            ("password", PASSWORD),
            ("scope", "openid offline_access"),
        ];
        let answer = server.client().form("token", &params).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json().get("refresh_token"), None);
    }

    #[tokio::test]
    async fn wrong_passwords_and_people_who_are_not_there_look_the_same() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let wrong = password(&client, EMAIL, "Wrong-Horse-42").await;
        let nobody = password(&client, "nobody@example.com", PASSWORD).await;
        assert_eq!((wrong.status, wrong.json()), (nobody.status, nobody.json()));
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            wrong.json(),
            json!({ "error": "invalid_grant", "error_description": "The credentials provided were invalid." })
        );
    }

    #[tokio::test]
    async fn guesses_are_counted_together_with_those_at_sign_in() {
        let server = TestServer::with_policy(&format!("{CLIENTS}\n[policy.attempts]\nper_account = 2")).await;
        let client = server.client();
        for _ in 0..2 {
            assert_eq!(password(&client, EMAIL, "Wrong-Horse-42").await.error(), "invalid_grant");
        }
        let answer = password(&client, EMAIL, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), "900");
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn it_is_no_way_around_a_second_proof() {
        let policy = "[policy]\nsecond_factor = \"always\"";
        let server = TestServer::with_policy(&format!("{CLIENTS}\n{policy}")).await;
        let answer = password(&server.client(), EMAIL, PASSWORD).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "access_denied".to_owned()));
        // Only who knows the password learns that it would not be enough.
        assert_eq!(password(&server.client(), EMAIL, "Wrong-Horse-42").await.error(), "invalid_grant");
    }

    #[tokio::test]
    async fn nor_around_something_that_has_to_be_set_up() {
        let policy = "[policy.authenticators]\ntotp = \"required\"";
        let server = TestServer::with_policy(&format!("{CLIENTS}\n{policy}")).await;
        assert_eq!(password(&server.client(), EMAIL, PASSWORD).await.error(), "access_denied");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let server = TestServer::with_policy(CLIENTS).await;
        let good =
            [("grant_type", "password"), ("username", EMAIL), ("password", PASSWORD), ("scope", "openid")];
        for (missing, error) in
            [("username", "invalid_request"), ("password", "invalid_request"), ("scope", "invalid_scope")]
        {
            let params: Vec<_> = good.into_iter().filter(|(name, _)| *name != missing).collect();
            let answer = call(&server.client(), "legacy", &params).await;
            assert_eq!(answer.error(), error);
            assert!(answer.json()["error_description"].as_str().unwrap().contains(missing));
        }
    }
}

mod refresh {
    use super::*;

    async fn refresh(client: &Client, token: &serde_json::Value) -> Answer {
        let params = [("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap())];
        call(client, "legacy", &params).await
    }

    #[tokio::test]
    async fn a_confidential_client_has_to_prove_who_it_is() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let tokens = password(&client, EMAIL, PASSWORD).await.json();
        let token = tokens["refresh_token"].as_str().unwrap();
        let params = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "legacy")];
        let answer = client.call(TOKEN, &params, &[]).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_client".to_owned()));
        assert_eq!(
            refresh(&client, &tokens["refresh_token"]).await.status,
            StatusCode::OK,
            "it was not used up"
        );
    }

    #[tokio::test]
    async fn an_answer_that_was_lost_can_be_asked_for_again_for_a_moment() {
        let server = TestServer::with_policy(CLIENTS).await;
        let client = server.client();
        let first = password(&client, EMAIL, PASSWORD).await.json();
        let second = refresh(&client, &first["refresh_token"]).await.json();
        server.pass(Duration::from_millis(29_999));
        let again = refresh(&client, &first["refresh_token"]).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text());
        assert_ne!(again.json()["refresh_token"], second["refresh_token"]);
        server.pass(Duration::from_millis(1));
        // Now one of the two who have it is not the client.
        assert_eq!(refresh(&client, &first["refresh_token"]).await.error(), "invalid_grant");
        for tokens in [second, again.json()] {
            assert_eq!(refresh(&client, &tokens["refresh_token"]).await.error(), "invalid_grant");
        }
    }
}
