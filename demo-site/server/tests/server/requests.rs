//! Requests as such: origins, headers, media types, sizes, paths.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, Request, StatusCode};
use hyper::body::Frame;
use serde_json::json;

use crate::support::{Answer, EMAIL, ORIGIN, TestServer};

const FOREIGN: &str = "https://evil.example";
const IDENTIFY: &str = "/idp/idx/identify";

fn preflight(path: &str, origin: &str) -> Request<Body> {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,x-okta-user-agent-extended");
    request.body(Body::empty()).unwrap()
}

mod given_a_page_of_a_registered_origin {
    use super::*;

    #[tokio::test]
    async fn a_preflight_permits_what_clients_send() {
        let server = TestServer::start().await;
        for path in [IDENTIFY, "/idp/idx/introspect", "/oauth2/default/v1/token"] {
            let answer = server.client().send(preflight(path, ORIGIN)).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert!(answer.header("access-control-allow-methods").contains("POST"));
            let allowed = answer.header("access-control-allow-headers");
            for name in [
                "content-type",
                "accept",
                "x-okta-user-agent-extended",
                "x-device-token",
                "x-device-fingerprint",
                "x-typing-pattern",
                "authorization",
                "dpop",
            ] {
                assert!(allowed.split(", ").any(|allowed| allowed == name), "{name}");
            }
        }
    }

    #[tokio::test]
    async fn it_may_read_the_answer_and_the_headers_it_needs() {
        let server = TestServer::start().await;
        let answer = server.client().begin().await.answer;
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("vary"), "origin");
        let exposed = answer.header("access-control-expose-headers");
        for name in ["retry-after", "www-authenticate", "x-okta-request-id", "date", "dpop-nonce"] {
            assert!(exposed.contains(name), "{name}");
        }
    }

    #[tokio::test]
    async fn it_may_read_errors_too() {
        let server = TestServer::start().await;
        let answer = server.client().json(IDENTIFY, &json!({ "stateHandle": "unknown" })).await;
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        let answer = server.client().json("/nowhere", &json!({})).await;
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    }
}

mod given_a_page_of_a_foreign_origin {
    use super::*;

    fn is_refused(answer: &Answer) {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.json()["errorCode"], "E0000006");
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")));
    }

    #[tokio::test]
    async fn its_preflight_is_refused() {
        let server = TestServer::start().await;
        for origin in [FOREIGN, "null", "http://localhost:4400.evil.example", "http://localhost:44000"] {
            is_refused(&server.client().send(preflight(IDENTIFY, origin)).await);
        }
    }

    #[tokio::test]
    async fn a_request_without_preflight_is_refused_before_it_does_anything() {
        let server = TestServer::start().await;
        let request = Request::post("/oauth2/default/v1/interact")
            .header("origin", FOREIGN)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("client_id=demo-spa"));
        is_refused(&server.client().send(request.unwrap()).await);
    }

    #[tokio::test]
    async fn the_transaction_of_another_client_is_out_of_reach() {
        let server = TestServer::start().await;
        let client = server.client();
        let page = client.begin().await;
        let body = json!({ "stateHandle": page.state_handle, "identifier": EMAIL });
        let request = Request::post(IDENTIFY)
            .header("origin", "http://localhost:4500")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        let answer = client.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.messages(), ["security.access_denied"]);
        assert_eq!(answer.json().get("remediation"), None);
    }
}

mod given_any_request {
    use super::*;

    #[tokio::test]
    async fn every_answer_has_the_security_headers_and_an_id_of_its_own() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut ids = Vec::new();
        for (path, cache_control) in [
            // Only what is the same for everybody may be kept, and that not for long.
            ("/oauth2/default/v1/keys", "public, max-age=300"),
            ("/inbox", "no-store"),
            ("/inbox.css", "no-store"),
            ("/nowhere", "no-store"),
            ("/oauth2/default/v1/userinfo", "no-store"),
            (IDENTIFY, "no-store"),
        ] {
            let answer = client.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("cache-control"), cache_control, "{path}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
            ids.push(answer.header("x-okta-request-id").to_owned());
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6);
        assert!(ids.iter().all(|id| id.len() == 22));
    }

    #[tokio::test]
    async fn a_path_or_method_that_is_not_there_is_said_in_json() {
        let server = TestServer::start().await;
        let answer = server.client().get("/nowhere").await;
        assert_eq!((answer.status, &answer.json()["errorCode"]), (StatusCode::NOT_FOUND, &json!("E0000007")));
        let answer = server.client().get(IDENTIFY).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.json()["errorCode"], "E0000022");
        assert_eq!(answer.json()["errorId"], answer.header("x-okta-request-id"));
    }
}

mod given_a_server_that_is_broken {
    use super::*;

    #[tokio::test]
    async fn it_says_so_with_an_id_and_without_the_reason() {
        let server = TestServer::start().await;
        let client = server.client();
        let page = client.begin().await;
        // Its database goes away under it.
        server.close().await;
        let body = json!({ "stateHandle": page.state_handle, "identifier": EMAIL });
        let answer = client.json(IDENTIFY, &body).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            answer.json(),
            json!({
                "errorCode": "E0000009", "errorSummary": "Internal Server Error", "errorLink": "E0000009",
                "errorId": answer.header("x-okta-request-id"), "errorCauses": [],
            })
        );
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    }
}

mod given_a_body {
    use super::*;

    async fn post(server: &TestServer, path: &str, media_type: &str, body: String) -> Answer {
        let request = Request::post(path).header("content-type", media_type).body(Body::from(body));
        server.client().send(request.unwrap()).await
    }

    #[tokio::test]
    async fn the_three_names_of_json_are_understood() {
        let server = TestServer::start().await;
        let handle = server.client().interact().await;
        for media_type in [
            "application/json",
            "application/ion+json; okta-version=1.0.0",
            "application/vnd.okta.v1+json",
            "Application/JSON; charset=utf-8",
        ] {
            let body = json!({ "interactionHandle": handle }).to_string();
            let answer = post(&server, "/idp/idx/introspect", media_type, body).await;
            assert_eq!(answer.status, StatusCode::OK, "{media_type}");
            assert_eq!(answer.header("content-type"), "application/ion+json; okta-version=1.0.0");
        }
    }

    #[tokio::test]
    async fn other_media_types_are_refused() {
        let server = TestServer::start().await;
        for (path, media_type) in [
            (IDENTIFY, "text/plain"),
            (IDENTIFY, ""),
            (IDENTIFY, "application/x-www-form-urlencoded"),
            ("/oauth2/default/v1/interact", "application/json"),
            ("/oauth2/default/v1/token", "text/plain"),
        ] {
            let answer = post(&server, path, media_type, "{}".into()).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {media_type}");
            assert_eq!(answer.json()["errorCode"], "E0000021");
        }
    }

    #[tokio::test]
    async fn one_that_is_too_large_is_refused() {
        let server = TestServer::start().await;
        let body = json!({ "stateHandle": "x".repeat(64 * 1024) }).to_string();
        let answer = post(&server, IDENTIFY, "application/json", body).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer.json()["errorCode"], "E0000003");
    }

    #[tokio::test]
    async fn one_that_is_no_json_object_or_has_no_handle_is_refused() {
        let server = TestServer::start().await;
        for path in [IDENTIFY, "/idp/idx/introspect"] {
            for body in ["", "{", "[]", "\"x\"", "null", "{}", "{\"stateHandle\":1}"] {
                let answer = post(&server, path, "application/json", body.into()).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {body}");
                assert_eq!(answer.json()["errorCode"], "E0000003");
            }
        }
    }

    #[tokio::test]
    async fn one_of_deep_nesting_is_refused_and_harms_nobody() {
        let server = TestServer::start().await;
        let body = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let answer = post(&server, IDENTIFY, "application/json", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_to_an_end_is_given_up() {
    /// It begins, and that is all.
    struct Endless;

    impl HttpBody for Endless {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    let server = TestServer::start().await;
    tokio::time::pause();
    let request = Request::post("/idp/idx/introspect").header("content-type", "application/json");
    let answer = server.client().send(request.body(Body::new(Endless)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["errorSummary"], "The request body took too long.");
}
