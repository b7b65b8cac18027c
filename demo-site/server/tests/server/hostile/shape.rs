//! What an answer may look like, whatever was asked.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::document;
use crate::support::{Answer, PASSWORD};

/// Fails unless the answer is one of those that the server documents.
pub(super) fn check(method: &Method, path: &str, answer: &Answer) {
    let status = answer.status;
    let place = format!("{method} {path}: {status}");
    assert!(!status.is_server_error(), "{place} {}", answer.text());
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{place}");
    assert_eq!(answer.header("x-okta-request-id").len(), 22, "{place}");
    let text = answer.text();
    check_silence(&place, &text);
    let media_type = answer.header("content-type");
    if media_type.starts_with("text/html") {
        assert!(!text.contains(SCRIPT), "{place}: what was sent runs in the page: {text}");
    } else if status.is_client_error() && method != Method::HEAD {
        check_error(&place, answer);
    }
}

/// Something that would run, if a page repeated it as it is.
pub(super) const SCRIPT: &str = "<script>alert(1)</script>";

/// No answer tells how the server is made, nor what it keeps.
fn check_silence(place: &str, text: &str) {
    let words = [
        "sqlx",
        "SQLITE",
        "sqlite",
        "SELECT ",
        "INSERT ",
        "UPDATE ",
        "no such table",
        "panicked",
        "src/",
        ".rs:",
        "/tmp/",
        "$argon2",
        "password_hash",
        "PRIVATE KEY",
        PASSWORD,
    ];
    let told = words.iter().find(|word| text.contains(**word));
    assert_eq!(told, None, "{place}: {text}");
}

/// One of the three shapes of an error: of a sign-in, of OAuth (RFC 6749 section 5.2), of the API itself.
fn check_error(place: &str, answer: &Answer) {
    let body = answer.json();
    if body.get("version").is_some() {
        return document::check(answer);
    }
    let is_text = |member: &str| body[member].as_str().is_some_and(|text| !text.is_empty());
    if body.get("error").is_some() {
        let error = body["error"].as_str().unwrap();
        assert!(error.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{place}: {body}");
        return assert!(is_text("error_description"), "{place}: {body}");
    }
    if answer.status == StatusCode::FORBIDDEN && body.get("messages").is_some() {
        return;
    }
    assert!(body["errorCode"].as_str().is_some_and(|code| code.starts_with("E0000")), "{place}: {body}");
    assert!(is_text("errorSummary"), "{place}: {body}");
    assert_eq!(body["errorId"], Value::from(answer.header("x-okta-request-id")), "{place}");
}
