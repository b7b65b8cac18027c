//! Several authorization servers behind one origin: what each of them gives is nothing to the others.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, EMAIL, ORIGIN, PASSWORD, TestServer, claims, interact_params, token_params,
};

const SERVERS: &str = r#"
    [[authorization_servers]]
    id = "orders"
    audience = "https://orders.example.com"
    [[authorization_servers.scopes]]
    name = "orders:read"
    [[authorization_servers.claims]]
    name = "family"
    attribute = "lastName"
    scopes = ["orders:read"]
    [[authorization_servers.claims]]
    name = "plans"
    in = "id_token"
    value = ["basic", 2]
    [[authorization_servers.claims]]
    name = "nickname"
    in = "id_token"
    attribute = "nickName"

    [[clients]]
    client_id = "orders-only"
    redirect_uris = ["http://localhost:4400/callback"]
    origins = ["http://localhost:4400"]
    authorization_servers = ["orders"]
"#;

/// Sends a form as the demo's page to an endpoint of this server.
async fn post(client: &Client, server: &str, endpoint: &str, params: &[(&str, &str)]) -> Answer {
    client.call(&format!("{}/v1/{endpoint}", base(server)), params, &[("origin", ORIGIN)]).await
}

fn base(server: &str) -> String {
    if server == "org" { "/oauth2".to_owned() } else { format!("/oauth2/{server}") }
}

/// Signs Pat in at this server and says the code.
async fn code_of(client: &Client, server: &str, scope: &str) -> String {
    let answer = post(client, server, "interact", &interact_params(scope)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let handle = answer.json()["interaction_handle"].as_str().unwrap().to_owned();
    let mut page = client.open(handle).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    let href = page.answer.json()["successWithInteractionCode"]["href"].clone();
    assert_eq!(href, format!("http://localhost:4401{}/v1/token", base(server)));
    page.interaction_code()
}

async fn tokens_of(client: &Client, server: &str, scope: &str) -> Value {
    let code = code_of(client, server, scope).await;
    let answer = post(client, server, "token", &token_params(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn userinfo(client: &Client, server: &str, tokens: &Value) -> Answer {
    client.bearer(&format!("{}/v1/userinfo", base(server)), tokens["access_token"].as_str().unwrap()).await
}

const ALL: [(&str, &str, &str); 3] = [
    ("default", "http://localhost:4401/oauth2/default", "api://default"),
    ("org", "http://localhost:4401", "http://localhost:4401"),
    ("orders", "http://localhost:4401/oauth2/orders", "https://orders.example.com"),
];

#[tokio::test]
async fn each_says_in_discovery_and_in_tokens_who_it_is() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    for (id, issuer, audience) in ALL {
        let well_known = format!("{}/.well-known/", issuer.strip_prefix("http://localhost:4401").unwrap());
        for name in ["openid-configuration", "oauth-authorization-server"] {
            let document = client.get(&format!("{well_known}{name}")).await.json();
            assert_eq!(document["issuer"], issuer);
            assert_eq!(document["token_endpoint"], format!("http://localhost:4401{}/v1/token", base(id)));
        }
        let tokens = tokens_of(&client, id, "openid").await;
        assert_eq!(claims(&tokens["id_token"])["iss"], issuer);
        assert_eq!(claims(&tokens["access_token"])["iss"], issuer);
        assert_eq!(claims(&tokens["access_token"])["aud"], audience);
    }
}

#[tokio::test]
async fn each_signs_with_a_key_of_its_own() {
    let server = TestServer::with_policy(SERVERS).await;
    let mut kids = Vec::new();
    for (id, ..) in ALL {
        let jwks = server.client().get(&format!("{}/v1/keys", base(id))).await.json();
        kids.push(jwks["keys"][0]["kid"].as_str().unwrap().to_owned());
    }
    kids.sort();
    kids.dedup();
    assert_eq!(kids.len(), 3);
}

#[tokio::test]
async fn what_one_gives_is_refused_by_the_others() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    for (own, other) in [("default", "org"), ("org", "orders"), ("orders", "default")] {
        let tokens = tokens_of(&client, own, "openid offline_access").await;
        assert_eq!(userinfo(&client, own, &tokens).await.status, StatusCode::OK);
        let answer = userinfo(&client, other, &tokens).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{own} at {other}");

        let token = tokens["refresh_token"].as_str().unwrap();
        let params = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)];
        assert_eq!(post(&client, other, "token", &params).await.error(), "invalid_grant");

        let code = code_of(&client, own, "openid").await;
        assert_eq!(post(&client, other, "token", &token_params(&code)).await.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn one_cannot_revoke_what_another_gave() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    let tokens = tokens_of(&client, "orders", "openid offline_access").await;
    for name in ["access_token", "refresh_token"] {
        let params = [("client_id", "demo-spa"), ("token", tokens[name].as_str().unwrap())];
        assert_eq!(post(&client, "default", "revoke", &params).await.status, StatusCode::OK);
    }
    assert_eq!(userinfo(&client, "orders", &tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn scopes_belong_to_the_server_that_has_them() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    let tokens = tokens_of(&client, "orders", "openid orders:read").await;
    assert_eq!(claims(&tokens["access_token"])["scp"], json!(["openid", "orders:read"]));
    for other in ["default", "org"] {
        let answer = post(&client, other, "interact", &interact_params("openid orders:read")).await;
        assert_eq!(answer.error(), "invalid_scope");
    }
}

#[tokio::test]
async fn claims_appear_where_and_when_they_are_asked_for() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    let tokens = tokens_of(&client, "orders", "openid orders:read").await;
    assert_eq!(claims(&tokens["access_token"])["family"], "Example");
    assert_eq!(claims(&tokens["id_token"]).get("family"), None);
    assert_eq!(claims(&tokens["id_token"])["plans"], json!(["basic", 2]));
    assert_eq!(claims(&tokens["access_token"]).get("plans"), None);
    assert_eq!(claims(&tokens["id_token"]).get("nickname"), None, "Pat has none");
    assert_eq!(userinfo(&client, "orders", &tokens).await.json()["plans"], json!(["basic", 2]));

    let tokens = tokens_of(&client, "orders", "openid").await;
    assert_eq!(claims(&tokens["access_token"]).get("family"), None);
    let tokens = tokens_of(&client, "default", "openid").await;
    assert_eq!(claims(&tokens["id_token"]).get("plans"), None);
}

#[tokio::test]
async fn a_client_of_one_is_refused_by_the_others() {
    let server = TestServer::with_policy(SERVERS).await;
    let client = server.client();
    let params: Vec<_> = interact_params("openid")
        .into_iter()
        .map(|(name, value)| (name, if name == "client_id" { "orders-only" } else { value }))
        .collect();
    assert_eq!(post(&client, "orders", "interact", &params).await.status, StatusCode::OK);
    let answer = post(&client, "default", "interact", &params).await;
    assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "unauthorized_client".to_owned()));
}

#[tokio::test]
async fn one_that_is_not_there_is_not_found() {
    let server = TestServer::start().await;
    let client = server.client();
    assert_eq!(client.get("/oauth2/orders/v1/keys").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        client.get("/oauth2/orders/.well-known/openid-configuration").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn one_that_was_taken_away_takes_its_sign_ins_with_it() {
    let server = TestServer::with_policy(SERVERS).await;
    let answer = post(&server.client(), "orders", "interact", &interact_params("openid")).await;
    let handle = answer.json()["interaction_handle"].clone();
    let server = server.restart_with("").await;
    let answer = server.client().introspect(&json!({ "interactionHandle": handle })).await;
    assert!(answer.is_session_expired());
}

mod clients {
    use latchkey_server::Config;

    fn mistake(tables: &str) -> String {
        let config = crate::support::configuration(std::path::Path::new("x.sqlite"), tables);
        Config::from_toml(&config).expect_err("a mistake").to_string()
    }

    fn client(more: &str) -> String {
        format!("[[clients]]\nclient_id = \"web\"\nredirect_uris = [\"https://web.example.com/cb\"]\n{more}")
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_key_that_is_wrong() {
        for (more, expected) in [
            ("client_secret = \"short\"", "`clients[2].client_secret` must have at least 16 characters"),
            (
                "token_endpoint_auth_method = \"client_secret_basic\"",
                "`clients[2].token_endpoint_auth_method` needs `client_secret`",
            ),
            (
                "client_secret = \"0123456789abcdef\"\ntoken_endpoint_auth_method = \"none\"",
                "`clients[2].token_endpoint_auth_method` is \"none\" although the client has what to prove it with",
            ),
            (
                "grant_types = [\"client_credentials\"]",
                "`clients[2].grant_types` has \"client_credentials\", which needs `client_secret` or `jwks`",
            ),
            (
                "response_types = [\"id_token token\"]",
                "`clients[2].response_types` needs \"implicit\" in `grant_types`",
            ),
            (
                "grant_types = [\"implicit\"]\nresponse_types = [\"code\"]",
                "`clients[2].response_types` needs \"authorization_code\" in `grant_types`",
            ),
            (
                "authorization_servers = [\"orders\"]",
                "`clients[2].authorization_servers` names \"orders\", which is not in [[authorization_servers]]",
            ),
            (
                "client_secret = \"0123456789abcdef\"\njwks = {}",
                "`clients[2].client_secret` and `jwks` exclude each other",
            ),
            (
                "jwks = { keys = [{ kty = \"oct\", k = \"AAAA\" }] }",
                "`clients[2].jwks` must be a JWK Set with public keys: { keys = [{ kty = … }] }",
            ),
            (
                "refresh_token_reuse_interval = \"2m\"",
                "`clients[2].refresh_token_reuse_interval` must be a duration with its unit, from \"0s\" to \"60s\"",
            ),
            ("consent = \"maybe\"", "`clients[2].consent` must be one of \"none\", \"required\""),
        ] {
            assert_eq!(mistake(&client(more)), expected);
        }
        assert_eq!(
            mistake("[[clients]]\nclient_id = \"web\""),
            "`clients[2].redirect_uris` must name at least one address"
        );
        assert_eq!(
            mistake("[[clients]]\nclient_id = \"demo-spa\"\nredirect_uris = [\"https://a.example.com/\"]"),
            "`clients[2].client_id` is there twice"
        );
        assert!(
            mistake(&client("grant_types = [\"magic\"]")).contains("must be some of \"authorization_code\"")
        );
    }

    #[test]
    fn servers_that_cannot_be_are_refused_too() {
        for (table, expected) in [
            (
                "id = \"org\"",
                "`authorization_servers[0].id` must be letters, digits, - and _, and neither \"org\" nor \"v1\"",
            ),
            (
                "id = \"a\"\n[[authorization_servers.scopes]]\nname = \"openid\"",
                "`authorization_servers[0].scopes[0].name` is there already",
            ),
            (
                "id = \"a\"\n[[authorization_servers.claims]]\nname = \"sub\"\nvalue = 1",
                "`authorization_servers[0].claims[0].name` is a claim that the standards define",
            ),
            (
                "id = \"a\"\n[[authorization_servers.claims]]\nname = \"b\"",
                "`authorization_servers[0].claims[0].attribute` or `value` must be there, not both",
            ),
            (
                "id = \"a\"\n[[authorization_servers.claims]]\nname = \"b\"\nvalue = 1\nscopes = [\"c\"]",
                "`authorization_servers[0].claims[0].scopes` names \"c\", which is no scope here",
            ),
        ] {
            assert_eq!(mistake(&format!("[[authorization_servers]]\n{table}")), expected);
        }
    }
}
