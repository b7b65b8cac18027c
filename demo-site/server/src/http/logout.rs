//! Signing out on the wire: because a client asks for it, and because a page asks for `/api/v1/sessions/me`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, http::header::ORIGIN};

use super::authorize::{redirect, with_policy};
use super::cookies::Cookie;
use super::error::ApiError;
use super::page::{escaped, form_page, page, parameter};
use super::{Rejection, body};
use crate::config::AuthorizationServer;
use crate::failure::Failure;
use crate::oauth::{Logout, Params};
use crate::services::Services;
use crate::sessions::Session;

/// A client sends the browser here (OpenID Connect RP-Initiated Logout 1.0, section 2).
pub(super) async fn logout(
    State(services): State<Arc<Services>>,
    Extension(server): Extension<Arc<AuthorizationServer>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let Ok(params) = Params::parse(query.as_bytes()) else { return Ok(refused("It says something twice.")) };
    let session = services.session_of(&headers).await?;
    Ok(match services.logout(&server, &params, session.as_ref()).await? {
        Logout::Refused(reason) => refused(reason),
        Logout::Now { destination } => services.signed_out(session.as_ref(), destination.as_deref()).await?,
        Logout::Ask { .. } => ask(&query),
    })
}

/// The answer of the person, from our own page; or else the same request by a form, which leads to the address that has
/// the parameters in its query.
pub(super) async fn logout_by_form(
    State(services): State<Arc<Services>>,
    Extension(server): Extension<Arc<AuthorizationServer>>,
    request: Request,
) -> Result<Response, Rejection> {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let form = body::form(request).await?;
    let Some(answer) = parameter(&form, "answer").filter(|_| is_own_page(&services, &headers)) else {
        return Ok(redirect(&format!("{}?{}", uri.path(), String::from_utf8_lossy(&form))));
    };
    if answer != "yes" {
        return Ok(told("You are still signed in", "Nothing has changed. You can close this page."));
    }
    let session = services.session_of(&headers).await?;
    let Ok(params) = Params::parse(uri.query().unwrap_or_default().as_bytes()) else {
        return Ok(refused("It says something twice."));
    };
    Ok(match services.logout(&server, &params, session.as_ref()).await? {
        Logout::Refused(reason) => refused(reason),
        Logout::Now { destination } | Logout::Ask { destination } => {
            services.signed_out(session.as_ref(), destination.as_deref()).await?
        }
    })
}

/// Who is signed in, for pages of clients on the same site.
pub(super) async fn me(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(session) = services.session_of(&headers).await? else {
        return Ok(ApiError::NOT_FOUND.into_response());
    };
    Ok(Json(services.describe_session(&session).await?).into_response())
}

/// Signs the browser out, for pages of clients on the same site.
pub(super) async fn end_me(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(session) = services.session_of(&headers).await? else {
        return Ok(ApiError::NOT_FOUND.into_response());
    };
    services.end_session(&session, &session.id).await?;
    let cookie = Cookie::Session.clear(&services.config.issuer);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}

impl Services {
    /// The session of a browser, if it is in force for any client.
    pub(super) async fn session_of(&self, headers: &HeaderMap) -> Result<Option<Session>, Failure> {
        let cookie = Cookie::Session.read(headers, &self.config.issuer);
        self.session(cookie.as_deref(), &self.config.laxest_session_rules()).await
    }

    async fn signed_out(
        &self,
        session: Option<&Session>,
        destination: Option<&str>,
    ) -> Result<Response, Failure> {
        if let Some(session) = session {
            self.end_session(session, &session.id).await?;
        }
        let mut response = match destination {
            Some(destination) => redirect(destination),
            None => told("You are signed out", "Applications that you have used may still be signed in."),
        };
        response.headers_mut().append(SET_COOKIE, Cookie::Session.clear(&self.config.issuer));
        Ok(response)
    }
}

/// Whether a request comes from a page of ours: browsers say so with every form, and no other page can make them.
pub(super) fn is_own_page(services: &Services, headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes() == services.config.issuer.origin().as_bytes())
}

fn ask(query: &str) -> Response {
    let main = format!(
        "<h1>Sign out?</h1>\n<p class=\"lead\">An application wants you to be signed out here.</p>\n\
         <form method=\"post\" action=\"?{}\" class=\"answers\">\n\
         <button type=\"submit\" name=\"answer\" value=\"yes\">Sign out</button>\n\
         <button type=\"submit\" class=\"quiet\" name=\"answer\" value=\"no\">Stay signed in</button>\n</form>",
        escaped(query)
    );
    // No `form-action`: browsers would hold it against the way back to the application.
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    with_policy(form_page("Sign out?", &main), policy)
}

fn told(title: &str, text: &str) -> Response {
    page(StatusCode::OK, title, &format!("<h1>{title}</h1>\n<p class=\"lead\">{text}</p>"))
}

fn refused(reason: &str) -> Response {
    let title = "This request to sign out cannot be carried out";
    let main = format!("<h1>{title}</h1>\n<p class=\"lead\">{}</p>", escaped(reason));
    page(StatusCode::BAD_REQUEST, title, &main)
}
