//! The OAuth endpoints on the wire.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use super::body;
use super::error::{ApiError, retry_after};
use crate::config::AuthorizationServer;
use crate::failure::Failure;
use crate::idx::{Caller, InteractionRequest};
use crate::oauth::{BasicCredentials, ClientCredentials, OAuthError, Params, opening_token};
use crate::services::Services;

/// The authorization server that a route belongs to.
pub(super) type Server = Extension<Arc<AuthorizationServer>>;

pub(super) async fn interact(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
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
    match InteractionRequest::read(&services, &server, &credentials, &params) {
        Ok(request) => {
            let begun = match opening_token(&params) {
                None => Ok(services.begin(request).await?),
                Some((purpose, token, invalid)) => {
                    services.begin_with_token(request, purpose, token).await?.ok_or(invalid)
                }
            };
            Ok(respond(begun.map(|handle| json!({ "interaction_handle": handle }))))
        }
        Err(error) => Ok(error.into_response()),
    }
}

pub(super) async fn token(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    let (credentials, params) = match read(caller, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    Ok(respond(services.exchange(&server, &credentials, &params).await?))
}

pub(super) async fn revoke(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    let (credentials, params) = match read(caller, request).await {
        Ok(read) => read,
        Err(response) => return Ok(response),
    };
    Ok(match services.revoke(&server, &credentials, &params).await? {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error.into_response(),
    })
}

pub(super) async fn userinfo(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let token = authorization(&headers, "Bearer");
    Ok(respond(services.userinfo(&server, token).await?))
}

pub(super) async fn keys(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
) -> Result<Response, Failure> {
    let jwks = services.keys.jwks(&server.id, services.clock.now()).await?;
    Ok(json_response(StatusCode::OK, &jwks))
}

pub(super) async fn discovery(Extension(server): Server) -> Response {
    json_response(StatusCode::OK, &server.discovery())
}

async fn read(caller: Caller, request: Request) -> Result<(ClientCredentials, Params), Response> {
    let basic = authorization(request.headers(), "Basic");
    let basic = basic.map(|credentials| basic_credentials(credentials).unwrap_or_default());
    let body = body::form(request).await.map_err(IntoResponse::into_response)?;
    let params = Params::parse(&body).map_err(IntoResponse::into_response)?;
    Ok((ClientCredentials { basic, origin: caller.origin }, params))
}

/// What follows the scheme in the `Authorization` header (RFC 9110 section 11.4).
fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (name, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    name.eq_ignore_ascii_case(scheme).then_some(credentials.trim())
}

/// Name and secret in `Basic` credentials (RFC 7617). RFC 6749 section 2.3.1: both are form-encoded before they
/// are joined. A public client may leave the secret out, and some leave the colon out with it.
fn basic_credentials(credentials: &str) -> Option<BasicCredentials> {
    let decoded = STANDARD.decode(credentials).ok()?;
    let mut parts = decoded.splitn(2, |byte| *byte == b':').map(form_decoded);
    let client_id = parts.next()??;
    let client_secret = parts.next().unwrap_or_else(|| Some(String::new()))?;
    Some(BasicCredentials { client_id, client_secret })
}

/// One value that was form-encoded. `=` and `&` stand for themselves in it, because a client that does not encode
/// at all is understood too as long as it has neither `+` nor `%`.
fn form_decoded(bytes: &[u8]) -> Option<String> {
    let sealed = std::str::from_utf8(bytes).ok()?.replace('=', "%3D").replace('&', "%26");
    Some(form_urlencoded::parse(sealed.as_bytes()).map(|(value, _)| value.into_owned()).collect())
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
