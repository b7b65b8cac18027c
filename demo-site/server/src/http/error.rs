//! Errors that are about the request and not about the sign-in.
//!
//! Their bodies carry the id of the request, which only the outermost layer knows: the errors here travel to it
//! as an extension of an empty response.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::failure::Failure;

/// A request that was not understood, or that could not be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    summary: &'static str,
}

impl ApiError {
    pub(crate) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "E0000007", "Not found");
    pub(crate) const INTERNAL: Self =
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "E0000009", "Internal Server Error");
    pub(crate) const MALFORMED: Self =
        Self::new(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed.");
    pub(crate) const TOO_LARGE: Self =
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "E0000003", "The request body is too large.");
    pub(crate) const TOO_SLOW: Self =
        Self::new(StatusCode::REQUEST_TIMEOUT, "E0000003", "The request body took too long.");
    pub(crate) const WRONG_MEDIA_TYPE: Self = Self::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "E0000021",
        "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
    );
    pub(crate) const TOO_MANY: Self = Self::new(
        StatusCode::TOO_MANY_REQUESTS,
        "E0000047",
        "API call exceeded rate limit due to too many requests.",
    );
    pub(crate) const FOREIGN_ORIGIN: Self = Self::new(
        StatusCode::FORBIDDEN,
        "E0000006",
        "You do not have permission to perform the requested action: the origin is not registered.",
    );

    pub(crate) const fn new(status: StatusCode, code: &'static str, summary: &'static str) -> Self {
        Self { status, code, summary }
    }

    pub(crate) fn body(self, request_id: &str) -> Value {
        json!({
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": request_id,
            "errorCauses": [],
        })
    }
}

/// The value of `Retry-After` (RFC 9110 section 10.2.3): whole seconds, rounded up, so that nobody comes back too
/// early.
pub(crate) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX))
}

/// The answer to whoever has to wait first (RFC 6585 section 4).
pub(crate) fn too_many(wait: Duration) -> Response {
    ([(RETRY_AFTER, retry_after(wait))], ApiError::TOO_MANY).into_response()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

/// What went wrong, for the log.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (Extension(Cause(Arc::new(self))), ApiError::INTERNAL).into_response()
    }
}
