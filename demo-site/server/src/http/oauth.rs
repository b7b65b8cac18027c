//! The OAuth endpoints on the wire.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{self, IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use super::authorize::Arrival;
use super::body;
use super::error::{retry_after, too_many};
use crate::config::AuthorizationServer;
use crate::failure::Failure;
use crate::idx::Caller;
use crate::keys::CACHED;
use crate::oauth::{
    BasicCredentials, ClientCredentials, OAuthError, Params, Possession, ProofHeader, Rejection, ShownToken,
};
use crate::services::Services;

/// The authorization server that a route belongs to.
pub(super) type Server = Extension<Arc<AuthorizationServer>>;

pub(super) async fn interact(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> response::Result<Response> {
    let arrival = Arrival::read(&services, request.headers())?;
    let (credentials, params) = read(caller, request).await?;
    // Counted also if it turns out to be no good: the count is there to bound work.
    let limits = services.config.policy_of(params.find("client_id").unwrap_or_default()).attempts;
    if let Some(wait) = services.admit_transaction(&limits, &credentials.address).await? {
        return Ok(too_many(wait));
    }
    let handle = services.interact(&server, &credentials, &params, &arrival.digest()).await?;
    let answer = json_response(StatusCode::OK, &json!({ "interaction_handle": handle }));
    // By it the browser is known again that leaves for another identity provider. Where page and server are not of one
    // site it does not arrive (RFC 6265bis section 5.7.3), and the person is asked.
    Ok(arrival.known(&services, answer))
}

pub(super) async fn token(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> response::Result<Response> {
    let proof = proof(request.headers());
    let (credentials, params) = read(caller, request).await?;
    let nonce = NextNonce::after(&services, &proof);
    let answer = services.exchange(&server, &credentials, &params, &proof).await;
    Ok(nonce.with(answer.map(|tokens| json_response(StatusCode::OK, &tokens)).into_response()))
}

pub(super) async fn authorize_device(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> response::Result<Response> {
    let (credentials, params) = read(caller, request).await?;
    // Counted like a sign-in: each leaves a row behind.
    let limits = services.config.policy_of(params.find("client_id").unwrap_or_default()).attempts;
    if let Some(wait) = services.admit_transaction(&limits, &credentials.address).await? {
        return Ok(too_many(wait));
    }
    let authorization = services.authorize_device(&server, &credentials, &params).await?;
    Ok(json_response(StatusCode::OK, &authorization))
}

pub(super) async fn revoke(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> response::Result<StatusCode> {
    let (credentials, params) = read(caller, request).await?;
    services.revoke(&server, &credentials, &params).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn introspect(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    caller: Caller,
    request: Request,
) -> response::Result<Response> {
    let (credentials, params) = read(caller, request).await?;
    let answer = services.introspect(&server, &credentials, &params).await?;
    Ok(json_response(StatusCode::OK, &answer))
}

pub(super) async fn userinfo(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let proof = proof(&headers);
    let nonce = NextNonce::after(&services, &proof);
    let possession = Possession { proof, method: method.as_str() };
    let shown = match (authorization(&headers, "Bearer"), authorization(&headers, "DPoP")) {
        (Some(token), _) => Some(ShownToken { token, possession: None }),
        (None, Some(token)) => Some(ShownToken { token, possession: Some(possession) }),
        (None, None) => None,
    };
    let answer = services.userinfo(&server, shown).await;
    nonce.with(answer.map(|person| json_response(StatusCode::OK, &person)).into_response())
}

pub(super) async fn keys(
    State(services): State<Arc<Services>>,
    Extension(server): Server,
) -> Result<Response, Failure> {
    let jwks = services.keys.jwks(&server.id, services.clock.now()).await?;
    Ok(cached(json_response(StatusCode::OK, &jwks)))
}

pub(super) async fn discovery(Extension(server): Server) -> Response {
    cached(json_response(StatusCode::OK, &server.discovery()))
}

/// What is the same for everybody may be kept for a while: not for long, because a new key has to be seen before
/// it signs.
fn cached(mut response: Response) -> Response {
    let value = format!("public, max-age={}", CACHED.as_secs());
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(CACHE_CONTROL, value);
    }
    response
}

async fn read(caller: Caller, request: Request) -> response::Result<(ClientCredentials, Params)> {
    let basic = authorization(request.headers(), "Basic");
    let basic = basic.map(|credentials| basic_credentials(credentials).unwrap_or_default());
    let params = Params::parse(&body::form(request).await?)?;
    Ok((ClientCredentials { basic, origin: caller.origin, address: caller.address }, params))
}

/// RFC 9449 section 4.3, item 1: one header, with one value.
fn proof(headers: &HeaderMap) -> ProofHeader {
    let mut values = headers.get_all("dpop").iter();
    match (values.next(), values.next()) {
        (None, _) => ProofHeader::Absent,
        (Some(value), None) => {
            value.to_str().map_or(ProofHeader::Unusable, |text| ProofHeader::Once(text.to_owned()))
        }
        (Some(_), Some(_)) => ProofHeader::Unusable,
    }
}

/// The nonce for the next proof, for whoever has come with one, where proofs carry nonces. RFC 9449 section 8.2: it comes
/// with good answers too, so that nobody has to be refused first when it changes.
struct NextNonce(Option<HeaderValue>);

impl NextNonce {
    fn after(services: &Services, proof: &ProofHeader) -> Self {
        let nonce = services.dpop_nonce().filter(|_| !matches!(proof, ProofHeader::Absent));
        Self(nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()))
    }

    fn with(self, mut response: Response) -> Response {
        if let Some(nonce) = self.0 {
            response.headers_mut().insert("dpop-nonce", nonce);
        }
        response
    }
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

fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    (status, Json(body)).into_response()
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(error) => error.into_response(),
            Self::Failed(failure) => failure.into_response(),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = json_response(status, &body);
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, retry_after(wait));
        }
        if let Some(challenge) = self.challenge.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
