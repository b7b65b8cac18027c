//! `/activate`: where people type the code that a device shows (RFC 8628 section 3.3).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::authorize::Arrival;
use super::error::{ApiError, too_many};
use super::hosted::sign_in_page;
use super::page::parameter;
use crate::config::{Client, GrantType};
use crate::failure::Failure;
use crate::idx::Caller;
use crate::services::Services;

pub(super) async fn show(
    State(services): State<Arc<Services>>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    // Whose device it is shows when its code is known. Until then the first client with devices stands for all.
    let has_devices = |client: &&Client| client.has_grant_type(GrantType::DeviceCode);
    let first = services.config.clients.iter().find(has_devices);
    let (Some(client), Some(server)) = (first, services.config.authorization_servers().first()) else {
        return Ok(ApiError::new(StatusCode::NOT_FOUND, "E0000007", "Not found").into_response());
    };
    let limits = services.config.policy_of(&client.client_id).attempts;
    if let Some(wait) = services.admit_transaction(&limits, &caller.address).await? {
        return Ok(too_many(wait));
    }
    let user_code = query.and_then(|query| parameter(query.as_bytes(), "user_code"));
    let arrival = Arrival::read(&services, &headers)?;
    let visit = arrival.visit(&caller);
    let state_token = services.begin_activation(server, client, visit, user_code).await?;
    let page = sign_in_page(&services, server, &client.client_id, &state_token)?;
    Ok(arrival.known(&services, page))
}
