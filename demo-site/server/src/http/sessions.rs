//! The page on which people see where they are signed in, and sign out there.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::authorize::redirect;
use super::cookies::Cookie;
use super::error::ApiError;
use super::logout::is_own_page;
use super::page::{escaped, form_page, page, parameter};
use super::{Rejection, body};
use crate::failure::Failure;
use crate::links::browser_of;
use crate::services::Services;
use crate::sessions::Session;
use crate::store::StoredSession;

pub(super) async fn show(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(session) = services.session_of(&headers).await? else { return Ok(nobody()) };
    let sessions = services.sessions_of(&session).await?;
    let list: String = sessions.iter().map(|it| draw(it, &session)).collect();
    let name = escaped(&session.user.email);
    let main = format!(
        "<h1>Where you are signed in</h1>\n<p class=\"lead\">{name}. Signing out here does not sign you out of \
         applications that you are using already.</p>\n{list}"
    );
    Ok(form_page("Where you are signed in", &main))
}

pub(super) async fn end(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Rejection> {
    // Beside the cookie that does not come along from other sites: a form of another page on this one.
    if !is_own_page(&services, &headers) {
        return Err(ApiError::FOREIGN_ORIGIN.into());
    }
    let form = body::form(request).await?;
    let Some(session) = services.session_of(&headers).await? else { return Ok(nobody()) };
    let id = parameter(&form, "session").unwrap_or_default();
    services.end_session(&session, &id).await?;
    // A page of its own, so that loading it again ends nothing.
    let mut response = redirect("/sessions");
    if id == session.id {
        response.headers_mut().append(SET_COOKIE, Cookie::Session.clear(&services.config.issuer));
    }
    Ok(response)
}

fn draw(stored: &StoredSession, present: &Session) -> String {
    let browser = escaped(&browser_of(&stored.user_agent));
    let (here, sign_out) = match stored.id == present.id {
        true => (", this browser", "Sign out here"),
        false => ("", "Sign out there"),
    };
    let facts: String = [
        ("Signed in", stored.auth_time.iso_8601()),
        ("Last used", stored.last_used_at.iso_8601()),
        ("Ends", stored.expires_at.iso_8601()),
        ("Network address", stored.address.clone()),
    ]
    .into_iter()
    .map(|(term, value)| {
        let value = value
            .get(..19)
            .filter(|_| term != "Network address")
            .map_or_else(|| escaped(&value), |moment| format!("{} UTC", moment.replace('T', " ")));
        format!("<dt>{term}</dt><dd>{value}</dd>\n")
    })
    .collect();
    format!(
        "<article class=\"mail\">\n<h2>{browser}{here}</h2>\n<dl class=\"facts\">\n{facts}</dl>\n\
         <form action=\"/sessions\" method=\"post\" class=\"answers\">\n\
         <input type=\"hidden\" name=\"session\" value=\"{}\">\n\
         <button type=\"submit\" class=\"quiet\">{sign_out}</button>\n</form>\n</article>\n",
        escaped(&stored.id)
    )
}

fn nobody() -> Response {
    let main = "<h1>You are not signed in here</h1>\n\
                <p class=\"lead\">Sign in to an application in this browser first, then come back.</p>";
    page(StatusCode::OK, "You are not signed in here", main)
}
