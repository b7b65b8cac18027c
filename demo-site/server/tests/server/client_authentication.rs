//! Clients that prove who they are: secrets in the header or in the body, and assertions that they signed.

use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::dpop::prover::{self, Prover};
use crate::support::{Answer, Client, ORIGIN, TestServer, basic, interact_params};

const SECRET: &str = "a secret, with: signs + of %25 all & sorts";
const TOKEN: &str = "/oauth2/reports/v1/token";

fn configuration(jwks: &str) -> String {
    format!(
        r#"
        [[authorization_servers]]
        id = "reports"
        [[authorization_servers.scopes]]
        name = "reports"

        [[clients]]
        client_id = "service"
        client_secret = "{SECRET}"
        grant_types = ["client_credentials"]

        [[clients]]
        client_id = "page"
        client_secret = "{SECRET}"
        redirect_uris = ["http://localhost:4400/callback"]
        origins = ["{ORIGIN}"]
        token_endpoint_auth_method = "client_secret_post"

        {jwks}
        "#
    )
}

const GRANT: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("scope", "reports")];

async fn ask(client: &Client, more: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    client.call(TOKEN, &[&GRANT[..], more].concat(), headers).await
}

#[tokio::test]
async fn a_secret_may_come_in_the_header_or_in_the_body() {
    let server = TestServer::with_policy(&configuration("")).await;
    let client = server.client();
    let header = basic("service", SECRET);
    assert_eq!(ask(&client, &[], &[("authorization", &header)]).await.status, StatusCode::OK);
    // The name may be repeated in the body.
    let answer = ask(&client, &[("client_id", "service")], &[("authorization", &header)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let in_body = [("client_id", "service"), ("client_secret", SECRET)];
    assert_eq!(ask(&client, &in_body, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_does_not_prove_it_is_told_how_to() {
    let server = TestServer::with_policy(&configuration("")).await;
    let client = server.client();
    let wrong = basic("service", "another secret of that length");
    let unknown = basic("nobody", SECRET);
    let empty = basic("service", "");
    for (params, header) in [
        (vec![("client_id", "service")], None),
        (vec![("client_id", "service"), ("client_secret", "wrong")], None),
        (vec![("client_id", "nobody"), ("client_secret", SECRET)], None),
        (vec![], Some(wrong.as_str())),
        (vec![], Some(unknown.as_str())),
        (vec![], Some(empty.as_str())),
        (vec![], Some("Basic not-base64!")),
    ] {
        let headers: Vec<_> = header.map(|header| ("authorization", header)).into_iter().collect();
        let answer = ask(&client, &params, &headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{params:?} {header:?}");
        assert_eq!(answer.error(), "invalid_client");
        assert!(answer.header("www-authenticate").starts_with("Basic "), "{params:?} {header:?}");
    }
}

#[tokio::test]
async fn two_ways_at_once_are_refused_and_so_are_two_names() {
    let server = TestServer::with_policy(&configuration("")).await;
    let client = server.client();
    let header = basic("service", SECRET);
    let answer = ask(&client, &[("client_secret", SECRET)], &[("authorization", &header)]).await;
    assert_eq!(answer.error(), "invalid_request");
    let answer = ask(&client, &[("client_id", "page")], &[("authorization", &header)]).await;
    assert_eq!(answer.error(), "invalid_request");
}

#[tokio::test]
async fn a_public_client_has_no_secret_to_show() {
    let server = TestServer::with_policy(&configuration("")).await;
    let client = server.client();
    let params = [("client_id", "demo-spa"), ("client_secret", SECRET), ("token", "x")];
    assert_eq!(client.form("revoke", &params).await.error(), "invalid_client");
}

#[tokio::test]
async fn interact_wants_the_proof_too() {
    let server = TestServer::with_policy(&configuration("")).await;
    let client = server.client();
    let mut params: Vec<_> =
        interact_params("openid").into_iter().filter(|(name, _)| *name != "client_id").collect();
    params.push(("client_id", "page"));
    assert_eq!(client.form("interact", &params).await.error(), "invalid_client");
    params.push(("client_secret", SECRET));
    assert_eq!(client.form("interact", &params).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_form_is_refused_before_it_is_read() {
    let server = TestServer::with_policy(&configuration("")).await;
    let header = basic("service", SECRET);
    for content_type in ["application/json", "text/plain", "multipart/form-data"] {
        let request =
            Request::post(TOKEN).header("authorization", &header).header("content-type", content_type);
        let request = request.body(Body::from("grant_type=client_credentials&scope=reports")).unwrap();
        let answer = server.client().send(request).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
}

#[tokio::test]
async fn parameters_in_the_address_are_nothing() {
    let server = TestServer::with_policy(&configuration("")).await;
    let path = format!("{TOKEN}?client_id=service&client_secret={SECRET}").replace(' ', "+").replace('%', "");
    assert_eq!(server.client().call(&path, &GRANT, &[]).await.error(), "invalid_request");
}

mod private_key_jwt {
    use super::*;

    /// A key of the client.
    struct Key {
        pair: EcdsaKeyPair,
        der: Vec<u8>,
    }

    impl Key {
        fn new() -> Self {
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let random = aws_lc_rs::rand::SystemRandom::new();
            let der = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap().as_ref().to_vec();
            Self { pair: EcdsaKeyPair::from_pkcs8(algorithm, &der).unwrap(), der }
        }

        /// A client with this key, for the configuration.
        fn client(&self) -> String {
            let point = self.pair.public_key().as_ref();
            let [x, y] = [&point[1..33], &point[33..]].map(|it| URL_SAFE_NO_PAD.encode(it));
            format!(
                "[[clients]]\nclient_id = \"signer\"\ngrant_types = [\"client_credentials\"]\n\
                 jwks = {{ keys = [{{ kty = \"EC\", crv = \"P-256\", kid = \"one\", x = \"{x}\", y = \"{y}\" }}] }}"
            )
        }

        fn sign(&self, claims: &Value) -> String {
            let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::ES256) };
            jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&self.der)).unwrap()
        }
    }

    fn claims(server: &TestServer) -> Value {
        json!({
            "iss": "signer",
            "sub": "signer",
            "aud": "http://localhost:4401/oauth2/reports/v1/token",
            "jti": "first",
            "exp": server.now_in_seconds() + 60,
        })
    }

    fn with(mut claims: Value, name: &str, value: Value) -> Value {
        claims[name] = value;
        claims
    }

    async fn assert_it(client: &Client, assertion: &str) -> Answer {
        let params = [("client_assertion_type", TYPE), ("client_assertion", assertion)];
        ask(client, &params, &[]).await
    }

    const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    #[tokio::test]
    async fn an_assertion_is_good_once() {
        let key = Key::new();
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let client = server.client();
        let assertion = key.sign(&claims(&server));
        assert_eq!(assert_it(&client, &assertion).await.status, StatusCode::OK);
        assert_eq!(assert_it(&client, &assertion).await.error(), "invalid_client");
        let again = with(claims(&server), "aud", json!(["https://elsewhere.example.com", ISSUER]));
        assert_eq!(assert_it(&client, &key.sign(&again)).await.error(), "invalid_client", "the same jti");
        let next = with(again, "jti", json!("second"));
        assert_eq!(assert_it(&client, &key.sign(&next)).await.status, StatusCode::OK);
    }

    const ISSUER: &str = "http://localhost:4401/oauth2/reports";

    #[tokio::test]
    async fn of_the_same_assertion_sent_twice_at_once_one_is_good() {
        let key = Key::new();
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let client = server.client();
        let assertion = key.sign(&claims(&server));
        let answers = tokio::join!(assert_it(&client, &assertion), assert_it(&client, &assertion));
        let good = [answers.0, answers.1].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(good, 1);
    }

    #[tokio::test]
    async fn who_is_sent_back_for_a_proof_with_a_nonce_still_has_it() {
        let key = Key::new();
        let tables =
            format!("{}\ndpop_bound_access_tokens = true\n[server.dpop]\nnonce = \"required\"", key.client());
        let server = TestServer::with_policy(&configuration(&tables)).await;
        let client = server.client();
        let (assertion, prover) = (key.sign(&claims(&server)), Prover::new());
        let proof = |nonce: Option<&str>| {
            let claims = prover.claims(&server, "POST", "http://localhost:4401/oauth2/reports/v1/token");
            prover.sign(&prover.head(), &prover::with(claims, "nonce", nonce.map(|nonce| json!(nonce))))
        };
        assert_eq!(assert_it(&client, &assertion).await.error(), "invalid_dpop_proof", "there is none");
        let answer = assert_it(&client.with_header("dpop", &proof(None)), &assertion).await;
        assert_eq!(answer.error(), "use_dpop_nonce");
        let good = proof(Some(answer.header("dpop-nonce")));
        let answer = assert_it(&client.with_header("dpop", &good), &assertion).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let good = proof(Some(answer.header("dpop-nonce")));
        let answer = assert_it(&client.with_header("dpop", &good), &assertion).await;
        assert_eq!(answer.error(), "invalid_client", "it was used");
    }

    #[tokio::test]
    async fn what_is_not_right_about_an_assertion_is_not_told() {
        let (key, stranger) = (Key::new(), Key::new());
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let client = server.client();
        let good = claims(&server);
        let now = server.now_in_seconds();
        let mut bad: Vec<_> = [
            ("iss", json!("service")),
            ("aud", json!("http://localhost:4401/oauth2/default")),
            ("aud", json!([])),
            ("exp", json!(now)),
            ("exp", json!(now + 86_400)),
            ("nbf", json!(now + 3600)),
        ]
        .into_iter()
        .map(|(name, value)| key.sign(&with(good.clone(), name, value)))
        .collect();
        bad.push(stranger.sign(&good));
        // Signed with what everybody knows, as if it were a secret (RFC 8725 section 2.1).
        let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
        let secret = EncodingKey::from_secret(key.pair.public_key().as_ref());
        bad.push(jsonwebtoken::encode(&header, &good, &secret).unwrap());
        for assertion in bad {
            let answer = assert_it(&client, &assertion).await;
            assert_eq!(
                (answer.status, answer.error()),
                (StatusCode::UNAUTHORIZED, "invalid_client".to_owned())
            );
        }
    }

    #[tokio::test]
    async fn it_proves_nothing_for_others() {
        let key = Key::new();
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let client = server.client();
        let as_service = with(with(claims(&server), "iss", json!("service")), "sub", json!("service"));
        assert_eq!(assert_it(&client, &key.sign(&as_service)).await.error(), "invalid_client");
        let assertion = key.sign(&claims(&server));
        let params =
            [("client_assertion_type", TYPE), ("client_assertion", &assertion), ("client_id", "service")];
        assert_eq!(ask(&client, &params, &[]).await.error(), "invalid_request");
        let params =
            [("client_assertion_type", TYPE), ("client_assertion", &assertion), ("client_secret", SECRET)];
        assert_eq!(ask(&client, &params, &[]).await.error(), "invalid_request");
        let params = [("client_assertion_type", "made-up"), ("client_assertion", assertion.as_str())];
        assert_eq!(ask(&client, &params, &[]).await.error(), "invalid_request");
    }

    #[tokio::test]
    async fn a_secret_is_no_assertion() {
        let key = Key::new();
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let answer = ask(&server.client(), &[("client_id", "signer"), ("client_secret", SECRET)], &[]).await;
        assert_eq!(answer.error(), "invalid_client");
    }

    #[tokio::test]
    async fn what_has_expired_is_forgotten_and_no_good_either() {
        let key = Key::new();
        let server = TestServer::with_policy(&configuration(&key.client())).await;
        let assertion = key.sign(&claims(&server));
        assert_eq!(assert_it(&server.client(), &assertion).await.status, StatusCode::OK);
        server.pass(Duration::from_secs(60));
        assert_eq!(assert_it(&server.client(), &assertion).await.error(), "invalid_client");
    }
}
