//! What surrounds every request: an id, one line in the log, and the headers that keep answers harmless.
//!
//! The log names no person: no address, no identifier, no query. The id is in the log and in the answer, so
//! that who reports a problem can name the request.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::error::{ApiError, Cause};
use crate::entropy;
use crate::services::Services;

pub(super) async fn layer(State(services): State<Arc<Services>>, request: Request, next: Next) -> Response {
    let started = services.clock.now();
    let request_id = entropy::unique(&*services.entropy).unwrap_or_default();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();

    let mut response = next.run(request).await;

    describe_error(&mut response, &request_id);
    harden(response.headers_mut(), &request_id);
    let path = path.as_ref().map_or("(no route)", MatchedPath::as_str);
    let millis = started.until(services.clock.now()).as_millis();
    let status = response.status().as_u16();
    tracing::info!(%method, path, status, millis, request = request_id, "answered");
    response
}

/// Writes the body of an error, now that its id is known, and logs why it came to it.
fn describe_error(response: &mut Response, request_id: &str) {
    if let Some(Cause(failure)) = response.extensions_mut().remove::<Cause>() {
        tracing::error!(%failure, request = request_id, "failed");
    }
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        *response.body_mut() = Body::from(error.body(request_id).to_string());
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
}

fn harden(headers: &mut HeaderMap, request_id: &str) {
    const NAME: HeaderName = HeaderName::from_static("x-okta-request-id");
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(NAME, request_id);
    }
    let defaults = [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ];
    // Pages that frames may hold say so in their policy, which goes before the older header where both are known.
    let is_framed = headers
        .get(CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok())
        .is_some_and(|policy| !policy.contains("frame-ancestors 'none'"));
    for (name, value) in defaults {
        if name == X_FRAME_OPTIONS && is_framed {
            continue;
        }
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
