//! interact, token, userinfo, revoke, keys, discovery.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::support::{
    Answer, Client, EMAIL, PASSWORD, REDIRECT_URI, TestServer, claims, interact_params, token_params,
};

const USERINFO: &str = "/oauth2/default/v1/userinfo";

/// Signs Pat in and says the interaction code.
async fn interaction_code(client: &Client) -> String {
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    page.interaction_code()
}

fn error(answer: &Answer) -> String {
    answer.json()["error"].as_str().unwrap().to_owned()
}

/// The parameters with one of them replaced, or left out if the value is empty.
fn with<'a>(params: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = params.iter().filter(|(other, _)| *other != name).copied();
    others.chain((!value.is_empty()).then_some((name, value))).collect()
}

mod interact {
    use super::*;

    #[tokio::test]
    async fn the_answer_is_a_handle_and_nothing_else() {
        let server = TestServer::start().await;
        let answer = server.client().form("interact", &interact_params("openid")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 1);
        assert!(body["interaction_handle"].as_str().unwrap().len() >= 22);
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_request_is_said() {
        let server = TestServer::start().await;
        let client = server.client();
        let good = interact_params("openid profile");
        for (name, value, status, expected) in [
            ("client_id", "", 400, "invalid_request"),
            ("client_id", "nobody", 401, "invalid_client"),
            ("redirect_uri", "", 400, "invalid_request"),
            ("redirect_uri", "http://localhost:4400/callback/../evil", 400, "invalid_request"),
            ("scope", "", 400, "invalid_scope"),
            ("scope", "openid everything", 400, "invalid_scope"),
            ("code_challenge", "", 400, "invalid_request"),
            ("code_challenge", "too-short", 400, "invalid_request"),
            ("code_challenge_method", "", 400, "invalid_request"),
            ("code_challenge_method", "plain", 400, "invalid_request"),
            ("recovery_token", "old", 400, "invalid_request"),
            ("activation_token", "old", 400, "invalid_request"),
        ] {
            let answer = client.form("interact", &with(&good, name, value)).await;
            assert_eq!(answer.status.as_u16(), status, "{name}={value}");
            assert_eq!(error(&answer), expected, "{name}={value}");
            assert!(answer.json()["error_description"].is_string());
        }
    }

    #[tokio::test]
    async fn tokens_from_mails_that_were_never_sent_are_invalid_in_the_documented_words() {
        let server = TestServer::start().await;
        let client = server.client();
        for (name, description) in [
            ("recovery_token", "The recovery token is invalid"),
            ("activation_token", "The activation token is invalid"),
        ] {
            let answer = client.form("interact", &with(&interact_params("openid"), name, "x")).await;
            assert_eq!(answer.json()["error_description"], description);
        }
    }

    #[tokio::test]
    async fn parameters_that_nobody_knows_are_ignored() {
        let server = TestServer::start().await;
        let params = with(&interact_params("openid"), "login_hint", EMAIL);
        assert_eq!(server.client().form("interact", &params).await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_client_of_another_origin_is_refused() {
        let server = TestServer::start().await;
        let params = with(&interact_params("openid"), "client_id", "other-spa");
        let answer = server.client().form("interact", &params).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(error(&answer), "access_denied");
    }
}

mod token {
    use super::*;

    #[tokio::test]
    async fn a_code_gives_tokens_that_say_who_signed_in_how_and_when() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        server.pass(Duration::from_secs(30));
        let answer = client.redeem(&code).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.json();
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 3600);
        assert_eq!(tokens["scope"], "openid profile email offline_access");

        let now = server.now_in_seconds();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!(id_token["iss"], "http://localhost:4401/oauth2/default");
        assert_eq!(id_token["aud"], "demo-spa");
        assert_eq!(id_token["nonce"], "a nonce");
        assert_eq!(id_token["iat"], now);
        assert_eq!(id_token["exp"], now + 3600);
        assert_eq!(id_token["auth_time"], now - 30);
        assert_eq!(id_token["amr"], json!(["pwd"]));
        assert_eq!(id_token["name"], "Pat Example");
        assert_eq!(id_token["given_name"], "Pat");
        assert_eq!(id_token["family_name"], "Example");
        assert_eq!(id_token["preferred_username"], EMAIL);
        assert_eq!(id_token["email"], EMAIL);
        assert_eq!(id_token["email_verified"], true);

        let access_token = claims(&tokens["access_token"]);
        assert_eq!(access_token["ver"], 1);
        assert_eq!(access_token["iss"], id_token["iss"]);
        assert_eq!(access_token["aud"], "api://default");
        assert_eq!(access_token["cid"], "demo-spa");
        assert_eq!(access_token["uid"], id_token["sub"]);
        assert_eq!(access_token["sub"], id_token["sub"]);
        assert_eq!(access_token["scp"], json!(["openid", "profile", "email", "offline_access"]));
        // RFC 9068 section 2.2.3.
        assert_eq!(access_token["scope"], "openid profile email offline_access");
        assert_eq!(access_token["exp"], now + 3600);
        assert!(access_token["jti"].as_str().unwrap().starts_with("AT."));
    }

    #[tokio::test]
    async fn an_access_token_says_that_it_is_one_and_whose() {
        let server = TestServer::start().await;
        let tokens = server.client().sign_in().await;
        let typ =
            |name: &str| jsonwebtoken::decode_header(tokens[name].as_str().unwrap()).unwrap().typ.unwrap();
        assert_eq!(typ("access_token"), "at+jwt");
        assert_eq!(typ("id_token"), "JWT");
        let access_token = claims(&tokens["access_token"]);
        // RFC 9068 section 2.2, and beside it the name that clients of a hosted service know.
        for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
            assert!(!access_token[name].is_null(), "{name}");
        }
        assert_eq!(
            (&access_token["client_id"], &access_token["cid"]),
            (&json!("demo-spa"), &json!("demo-spa"))
        );
    }

    #[tokio::test]
    async fn the_signature_names_a_published_key() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        let keys = client.get("/oauth2/default/v1/keys").await.json();
        let key = &keys["keys"][0];
        assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&json!("RSA"), &json!("RS256"), &json!("sig")));
        let token = tokens["id_token"].as_str().unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!(header.kid.as_deref(), key["kid"].as_str());
        let (modulus, exponent) = (key["n"].as_str().unwrap(), key["e"].as_str().unwrap());
        let key = jsonwebtoken::DecodingKey::from_rsa_components(modulus, exponent).unwrap();
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&["demo-spa"]);
        assert!(jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation).is_ok());
    }

    #[tokio::test]
    async fn the_id_token_is_tied_to_the_access_token() {
        use base64::Engine as _;
        let server = TestServer::start().await;
        let tokens = server.client().sign_in().await;
        let access_token = tokens["access_token"].as_str().unwrap();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access_token.as_bytes());
        let half = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]);
        assert_eq!(claims(&tokens["id_token"])["at_hash"], half);
    }

    #[tokio::test]
    async fn the_scope_decides_what_there_is() {
        let server = TestServer::start().await;
        let client = server.client();
        for (scope, has_id_token, has_name, has_email) in [
            ("openid", true, false, false),
            ("openid profile", true, true, false),
            ("openid email", true, false, true),
            ("profile", false, false, false),
        ] {
            let mut page = client.begin_for(scope).await;
            page.identify(EMAIL).await;
            page.answer(PASSWORD).await;
            let tokens = client.redeem(&page.interaction_code()).await.json();
            assert_eq!(tokens.get("id_token").is_some(), has_id_token, "{scope}");
            assert_eq!(tokens.get("refresh_token"), None, "{scope}");
            if has_id_token {
                let id_token = claims(&tokens["id_token"]);
                assert_eq!(id_token.get("name").is_some(), has_name, "{scope}");
                assert_eq!(id_token.get("email").is_some(), has_email, "{scope}");
            }
        }
    }

    #[tokio::test]
    async fn a_code_works_once_and_using_it_again_ends_what_it_gave() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        let tokens = client.redeem(&code).await.json();
        let access_token = tokens["access_token"].as_str().unwrap();
        assert_eq!(client.bearer(USERINFO, access_token).await.status, StatusCode::OK);

        let answer = client.redeem(&code).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(error(&answer), "invalid_grant");
        assert_eq!(client.bearer(USERINFO, access_token).await.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn of_two_exchanges_at_once_at_most_one_succeeds() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        let answers = tokio::join!(client.redeem(&code), client.redeem(&code));
        // If the second comes before the first has its tokens, the first does not get them any more.
        let refused = [&answers.0, &answers.1].map(|answer| answer.status == StatusCode::BAD_REQUEST);
        assert!(refused.contains(&true));
    }

    #[tokio::test]
    async fn a_code_is_good_for_a_minute() {
        let server = TestServer::start().await;
        let client = server.client();
        let (early, late) = (interaction_code(&client).await, interaction_code(&client).await);
        server.pass(Duration::from_millis(59_999));
        assert_eq!(client.redeem(&early).await.status, StatusCode::OK);
        server.pass(Duration::from_millis(1));
        assert_eq!(error(&client.redeem(&late).await), "invalid_grant");
    }

    #[tokio::test]
    async fn another_verifier_is_refused_in_the_documented_words_and_uses_the_code_up() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        let wrong =
            with(&token_params(&code), "code_verifier", "0123456789abcdef0123456789abcdef0123456789a")
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect::<Vec<_>>();
        let wrong: Vec<_> = wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = client.form("token", &wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            answer.json(),
            json!({ "error": "invalid_grant", "error_description": "PKCE verification failed." })
        );
        assert_eq!(error(&client.redeem(&code).await), "invalid_grant");
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_request_is_said() {
        let server = TestServer::start().await;
        let client = server.client();
        for (name, value, status, expected) in [
            ("client_id", "", 400, "invalid_request"),
            ("client_id", "nobody", 401, "invalid_client"),
            ("grant_type", "", 400, "invalid_request"),
            ("grant_type", "made-up", 400, "unsupported_grant_type"),
            ("grant_type", "password", 400, "unauthorized_client"),
            ("interaction_code", "", 400, "invalid_request"),
            ("interaction_code", "made-up", 400, "invalid_grant"),
            ("code_verifier", "", 400, "invalid_request"),
            ("redirect_uri", "http://localhost:4400/", 400, "invalid_grant"),
        ] {
            let code = interaction_code(&client).await;
            let answer = client.form("token", &with(&token_params(&code), name, value)).await;
            assert_eq!(answer.status.as_u16(), status, "{name}={value}");
            assert_eq!(error(&answer), expected, "{name}={value}");
        }
    }

    #[tokio::test]
    async fn the_redirect_uri_may_be_left_out() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        let answer = client.form("token", &with(&token_params(&code), "redirect_uri", "")).await;
        assert_eq!(answer.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn the_code_of_one_client_is_nothing_to_another() {
        let server = TestServer::start().await;
        let client = server.client();
        let code = interaction_code(&client).await;
        let request = Request::post("/oauth2/default/v1/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", "http://localhost:4500")
            .body(Body::from(format!(
                "grant_type=interaction_code&client_id=other-spa&interaction_code={code}&code_verifier={}",
                crate::support::VERIFIER
            )));
        let answer = client.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(error(&answer), "invalid_grant");
    }

    #[tokio::test]
    async fn a_parameter_that_comes_twice_is_refused() {
        let server = TestServer::start().await;
        let mut params = interact_params("openid").to_vec();
        params.push(("redirect_uri", REDIRECT_URI));
        assert_eq!(error(&server.client().form("interact", &params).await), "invalid_request");
    }
}

mod userinfo {
    use super::*;

    #[tokio::test]
    async fn it_says_what_the_scope_allows_by_get_and_by_post() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        let access_token = tokens["access_token"].as_str().unwrap();
        let answer = client.bearer(USERINFO, access_token).await;
        assert_eq!(answer.status, StatusCode::OK);
        let person = answer.json();
        assert_eq!(person["sub"], claims(&tokens["id_token"])["sub"]);
        assert_eq!((&person["name"], &person["email"]), (&json!("Pat Example"), &json!(EMAIL)));

        let request = Request::post(USERINFO).header("authorization", format!("bearer {access_token}"));
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json(), person);
    }

    #[tokio::test]
    async fn without_a_token_it_only_says_how_to_bring_one() {
        let server = TestServer::start().await;
        let answer = server.client().get(USERINFO).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        // RFC 9449 section 7.2: it depends on the token which of the two it is.
        assert!(answer.header("www-authenticate").starts_with("Bearer, DPoP algs=\"ES256 "));
    }

    #[tokio::test]
    async fn tokens_that_are_not_good_are_refused() {
        let server = TestServer::start().await;
        let client = server.client();
        let tokens = client.sign_in().await;
        let access_token = tokens["access_token"].as_str().unwrap();
        let tampered = format!("{}A", &access_token[..access_token.len() - 4]);
        for token in ["nonsense", &tampered, tokens["id_token"].as_str().unwrap()] {
            let answer = client.bearer(USERINFO, token).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert_eq!(error(&answer), "invalid_token");
            assert!(answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
        }
        server.pass(Duration::from_secs(3600));
        assert_eq!(client.bearer(USERINFO, access_token).await.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn a_token_without_openid_is_not_enough() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin_for("profile").await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        let tokens = client.redeem(&page.interaction_code()).await.json();
        let answer = client.bearer(USERINFO, tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(error(&answer), "insufficient_scope");
    }
}

mod discovery {
    use super::*;

    #[tokio::test]
    async fn both_documents_say_the_same_and_what_clients_look_for() {
        let server = TestServer::start().await;
        let client = server.client();
        let document = client.get("/oauth2/default/.well-known/openid-configuration").await.json();
        let other = client.get("/oauth2/default/.well-known/oauth-authorization-server").await.json();
        assert_eq!(document, other);
        // RFC 8414 section 3.1.
        let third = client.get("/.well-known/oauth-authorization-server/oauth2/default").await.json();
        assert_eq!(document, third);
        assert_eq!(document["issuer"], "http://localhost:4401/oauth2/default");
        assert_eq!(document["jwks_uri"], "http://localhost:4401/oauth2/default/v1/keys");
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
    }

    #[tokio::test]
    async fn every_endpoint_that_is_named_is_there() {
        let server = TestServer::start().await;
        let client = server.client();
        let document = client.get("/oauth2/default/.well-known/openid-configuration").await.json();
        let members = document.as_object().unwrap();
        let named = members.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
        let mut count = 0;
        for (name, url) in named {
            let path = url.as_str().unwrap().strip_prefix("http://localhost:4401").unwrap();
            assert_ne!(client.get(path).await.status, StatusCode::NOT_FOUND, "{name}");
            count += 1;
        }
        assert_eq!(count, 9);
    }
}
