//! The IDX endpoints on the wire.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::body;
use super::error::{ApiError, retry_after};
use crate::failure::Failure;
use crate::idx::handle::Presented;
use crate::idx::messages::Message;
use crate::idx::{Action, Answer, Caller, Transaction};
use crate::services::Services;

/// Tells where a transaction stands.
pub(super) async fn introspect(
    State(services): State<Arc<Services>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Rejection> {
    let body = body::json(request).await?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let presented = match (text("interactionHandle"), text("stateToken").or_else(|| text("stateHandle"))) {
        (Some(handle), _) => Some(Presented::interaction(handle)),
        (None, Some(handle)) => Presented::state(handle),
        (None, None) => return Err(ApiError::MALFORMED.into()),
    };
    let answer = match open(&services, &caller, presented, text("stateToken").unwrap_or_default()).await? {
        Ok(transaction) => services.describe(&transaction).await?,
        Err(answer) => answer,
    };
    // Clients read the messages of a refused introspect only if it is plain JSON.
    let content_type = if answer.status == 200 { ION } else { "application/json" };
    Ok(respond(answer, content_type))
}

/// Acts on a transaction.
pub(super) async fn act(
    State(services): State<Arc<Services>>,
    caller: Caller,
    endpoint: &'static str,
    request: Request,
) -> Result<Response, Rejection> {
    let body = body::json(request).await?;
    let action = Action::read(endpoint, &body).ok_or(ApiError::MALFORMED)?;
    let handle = body.get("stateHandle").and_then(Value::as_str).ok_or(ApiError::MALFORMED)?;
    let answer = match open(&services, &caller, Presented::state(handle), handle).await? {
        Ok(transaction) => services.perform(transaction, action, &caller).await?,
        Err(answer) => answer,
    };
    Ok(respond(answer, ION))
}

/// The transaction that a handle names, or the answer that there is none for this caller.
async fn open(
    services: &Services,
    caller: &Caller,
    presented: Option<Presented>,
    handle: &str,
) -> Result<Result<Transaction, Answer>, Failure> {
    let found = match presented {
        Some(presented) => services.find(&presented).await?,
        None => None,
    };
    let now = services.clock.now();
    let Some(transaction) = found else { return Ok(Err(Answer::session_expired(handle, now))) };
    let (config, request) = (&services.config, &transaction.request);
    // To any other browser a sign-in on the server's own page does not exist.
    let is_here = request.ending.is_of_browser(caller.browser.as_deref());
    if !is_here || config.authorization_server(&request.authorization_server).is_none() {
        return Ok(Err(Answer::session_expired(handle, now)));
    }
    let client = config.client(&request.client_id);
    let is_welcome = match &caller.origin {
        Some(_) if request.ending.is_at_home() => false,
        Some(origin) => client.is_some_and(|client| client.has_origin(origin)),
        None => client.is_some(),
    };
    if is_welcome {
        return Ok(Ok(transaction));
    }
    Ok(Err(Answer::terminal(403, handle, now, &Message::AccessDenied)))
}

fn respond(answer: Answer, content_type: &'static str) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(CONTENT_TYPE, content_type)], answer.body).into_response();
    if let Some(wait) = answer.retry_after {
        response.headers_mut().insert(RETRY_AFTER, retry_after(wait));
    }
    response
}

/// A request that did not get as far as an IDX answer.
pub(crate) enum Rejection {
    Refused(ApiError),
    Failed(Failure),
}

impl From<ApiError> for Rejection {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(error) => error.into_response(),
            Self::Failed(failure) => failure.into_response(),
        }
    }
}

const ION: &str = "application/ion+json; okta-version=1.0.0";
