//! Reads request bodies, of bounded size, in bounded time, and of the types that clients send.

use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;
use tokio::time::timeout;

use super::error::ApiError;

/// A JSON object under any of the names that IDX clients give it.
pub(crate) async fn json(request: Request) -> Result<Value, ApiError> {
    const TYPES: [&str; 3] = ["application/json", "application/ion+json", "application/vnd.okta.v1+json"];
    if !has_type(request.headers(), &TYPES) {
        return Err(ApiError::WRONG_MEDIA_TYPE);
    }
    let bytes = bounded(request).await?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object).ok_or(ApiError::MALFORMED)
}

/// A form-encoded body.
pub(crate) async fn form(request: Request) -> Result<Bytes, ApiError> {
    if !has_type(request.headers(), &["application/x-www-form-urlencoded"]) {
        return Err(ApiError::WRONG_MEDIA_TYPE);
    }
    bounded(request).await
}

/// Whether the media type, without its parameters, is one of `types`.
fn has_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    types.iter().any(|known| essence.eq_ignore_ascii_case(known))
}

async fn bounded(request: Request) -> Result<Bytes, ApiError> {
    // The largest honest body is a profile: a few kilobytes.
    const LIMIT: usize = 64 * 1024;
    // On a line on which that takes longer nobody signs in.
    const PATIENCE: Duration = Duration::from_secs(30);
    let read = timeout(PATIENCE, to_bytes(request.into_body(), LIMIT)).await;
    read.map_err(|_| ApiError::TOO_SLOW)?.map_err(|_| ApiError::TOO_LARGE)
}
