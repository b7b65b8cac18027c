//! The OAuth endpoints on the wire.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use super::body;
use super::error::{ApiError, retry_after};
use crate::failure::Failure;
use crate::idx::{Caller, InteractionRequest};
use crate::oauth::{ClientCredentials, OAuthError, Params};
use crate::services::Services;

pub(super) async fn interact(
    State(services): State<Arc<Services>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    let address = caller.address.clone();
    let (credentials, params) = match read(caller, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    // Counted also if it turns out to be no good: the count is there to bound work.
    let limits = services.config.policy_of(params.find("client_id").unwrap_or_default()).attempts;
    if let Some(wait) = services.admit_transaction(&limits, &address).await? {
        return Ok(([(RETRY_AFTER, retry_after(wait))], ApiError::TOO_MANY).into_response());
    }
    match InteractionRequest::read(&services, &credentials, &params) {
        Ok(request) => {
            let handle = services.begin(request).await?;
            Ok(json_response(StatusCode::OK, &json!({ "interaction_handle": handle })))
        }
        Err(error) => Ok(error.into_response()),
    }
}

pub(super) async fn token(
    State(services): State<Arc<Services>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    let (credentials, params) = match read(caller, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    Ok(respond(services.exchange(&credentials, &params).await?))
}

pub(super) async fn revoke(
    State(services): State<Arc<Services>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    let (credentials, params) = match read(caller, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    Ok(match services.revoke(&credentials, &params).await? {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error.into_response(),
    })
}

pub(super) async fn userinfo(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let token = authorization(&headers, "Bearer");
    Ok(respond(services.userinfo(token).await?))
}

pub(super) async fn keys(State(services): State<Arc<Services>>) -> Response {
    json_response(StatusCode::OK, &services.signing_key.jwks())
}

pub(super) async fn discovery(State(services): State<Arc<Services>>) -> Response {
    json_response(StatusCode::OK, &services.config.discovery())
}

async fn read(caller: Caller, request: Request) -> Result<(ClientCredentials, Params), Response> {
    let basic = authorization(request.headers(), "Basic").and_then(basic_name);
    let body = body::form(request).await.map_err(IntoResponse::into_response)?;
    let params = Params::parse(&body).map_err(IntoResponse::into_response)?;
    Ok((ClientCredentials { basic, origin: caller.origin }, params))
}

/// What follows the scheme in the `Authorization` header (RFC 9110 section 11.4).
fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (name, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

/// The name in `Basic` credentials (RFC 7617). The clients here are public: there is no password to check.
fn basic_name(credentials: &str) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let name = decoded.split_once(':').map_or(decoded.as_str(), |(name, _)| name);
    Some(name.to_owned())
}

fn respond(result: Result<impl Serialize, OAuthError>) -> Response {
    match result {
        Ok(body) => json_response(StatusCode::OK, &body),
        Err(error) => error.into_response(),
    }
}

fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    (status, Json(body)).into_response()
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = json_response(status, &body);
        if let Some(challenge) = self.challenge.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
