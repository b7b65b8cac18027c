//! Which pages may talk to the server (Fetch standard, CORS protocol).
//!
//! Answers carry permissions for registered origins only, named exactly, with credentials. A request from a
//! page of any other origin is refused before it does anything: some requests need no preflight, and not
//! showing the page the answer would not undo what they did.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::error::ApiError;
use crate::services::Services;

pub(super) async fn layer(State(services): State<Arc<Services>>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let is_allowed = origin.as_ref().is_none_or(|origin| is_allowed(&services, origin));
    let mut response = match &origin {
        Some(_) if !is_allowed && !is_doorway(&request) => return ApiError::FOREIGN_ORIGIN.into_response(),
        Some(_) if is_preflight => preflight(),
        Some(_) | None => next.run(request).await,
    };
    if let Some(origin) = origin.filter(|_| is_allowed) {
        permit(response.headers_mut(), origin);
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    response
}

fn is_allowed(services: &Services, origin: &HeaderValue) -> bool {
    let config = &services.config;
    origin
        .to_str()
        .is_ok_and(|origin| origin == config.issuer.origin() || config.is_registered_origin(origin))
}

/// Where pages of any origin may send the browser by a form: these requests do nothing but lead on.
fn is_doorway(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && (path.ends_with("/v1/authorize") || path.ends_with("/v1/logout"))
}

fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE, OPTIONS"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "content-type, accept, x-okta-user-agent-extended, x-device-token, x-device-fingerprint, \
             x-typing-pattern, authorization, dpop",
        ),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn permit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after, www-authenticate, x-okta-request-id, date, dpop-nonce"),
    );
}
