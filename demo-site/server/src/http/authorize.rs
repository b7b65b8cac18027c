//! `/authorize` on the wire, the end of a hosted sign-in, and the four ways back to a client.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::cookies::Cookie;
use super::error::{ApiError, too_many};
use super::hosted::sign_in_page;
use super::page::{escaped, page, parameter};
use super::{Rejection, body};
use crate::clock::Timestamp;
use crate::config::{AuthorizationServer, Config};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::hosted::{Next, Visit};
use crate::idx::Caller;
use crate::oauth::{AuthorizationRequest, Callback, Refused, ResponseMode};
use crate::services::Services;

/// A client sends the browser here.
pub(super) async fn authorize(
    State(services): State<Arc<Services>>,
    Extension(server): Extension<Arc<AuthorizationServer>>,
    caller: Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked =
        match AuthorizationRequest::read(&services, &server, uri.query().unwrap_or_default().as_bytes()) {
            Ok(asked) => asked,
            Err(Refused::Here(reason)) => return Ok(refused_here(reason)),
            Err(Refused::There(callback)) => return Ok(send_back(&services.config, &callback)),
        };
    let arrival = Arrival::read(&services, &headers)?;
    let client_id = asked.request.client_id.clone();
    let address = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let visited = services.visit(&server, asked, arrival.visit(&caller), address).await?;
    let response = match visited.next {
        Next::Return(callback) => send_back(&services.config, &callback),
        Next::Ask { state_token } => sign_in_page(&services, &server, &client_id, &state_token)?,
        Next::Wait(wait) => return Ok(too_many(wait)),
    };
    Ok(arrival.known(&services, with_session(&services, response, visited.session)))
}

/// OIDC Core section 3.1.2.1: parameters may come by a form too. The form leads to the address that has them in its
/// query, because browsers keep our cookies from requests that pages of others send by forms.
pub(super) async fn authorize_by_form(request: Request) -> Result<Response, Rejection> {
    let path = request.uri().path().to_owned();
    let form = body::form(request).await?;
    Ok(redirect(&format!("{path}?{}", String::from_utf8_lossy(&form))))
}

/// The widget sends the browser here when there is nothing left to ask.
pub(super) async fn finish(
    State(services): State<Arc<Services>>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let state_token = parameter(query.as_bytes(), "stateToken").unwrap_or_default();
    let arrival = Arrival::read(&services, &headers)?;
    let Some(end) = services.conclude(&state_token, arrival.visit(&caller)).await? else {
        return Ok(it_is_over());
    };
    Ok(with_session(&services, send_back(&services.config, &end.callback), end.session))
}

/// With the cookie of a session, if there is a new one.
fn with_session(
    services: &Services,
    mut response: Response,
    session: Option<(String, Option<Timestamp>)>,
) -> Response {
    if let Some((cookie, expires_at)) = session {
        let now = services.clock.now();
        let cookie = Cookie::Session.set(&services.config.issuer, &cookie, now, expires_at);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The cookies that a browser has come with.
pub(super) struct Arrival {
    browser: String,
    is_new: bool,
    session: Option<String>,
}

impl Arrival {
    pub(super) fn read(services: &Services, headers: &HeaderMap) -> Result<Self, Failure> {
        let issuer = &services.config.issuer;
        let known = Cookie::Browser.read(headers, issuer);
        let is_new = known.is_none();
        let browser = match known {
            Some(browser) => browser,
            None => entropy::opaque(&*services.entropy)?,
        };
        Ok(Self { browser, is_new, session: Cookie::Session.read(headers, issuer) })
    }

    /// What stands for the browser's cookie where it is kept.
    pub(super) fn digest(&self) -> String {
        digest::sha256(&self.browser)
    }

    pub(super) fn visit<'a>(&'a self, caller: &'a Caller) -> Visit<'a> {
        Visit { caller, browser: &self.browser, session: self.session.as_deref() }
    }

    /// With the cookie by which the browser is known again, if it has none yet.
    pub(super) fn known(&self, services: &Services, mut response: Response) -> Response {
        if self.is_new {
            let now = services.clock.now();
            let cookie = Cookie::Browser.set(&services.config.issuer, &self.browser, now, None);
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// The answer to a client, on its way.
fn send_back(config: &Config, callback: &Callback) -> Response {
    match callback.mode {
        ResponseMode::Query | ResponseMode::Fragment => redirect(&callback.address()),
        ResponseMode::FormPost => form_post(callback),
        ResponseMode::PostMessage => post_message(config, callback),
    }
}

/// RFC 9700 section 4.12: 303, so that a form with a password in it is never sent on.
pub(super) fn redirect(address: &str) -> Response {
    match HeaderValue::from_bytes(address.as_bytes()) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => refused_here("It would return to an address that browsers cannot be sent to."),
    }
}

/// OAuth 2.0 Form Post Response Mode: a form that sends itself, or is sent by its button where scripts do not run.
fn form_post(callback: &Callback) -> Response {
    let fields: String = callback
        .params
        .iter()
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value))
        })
        .collect();
    let main = format!(
        "<h1>Signed in</h1>\n<p class=\"lead\">The application waits for you.</p>\n\
         <form method=\"post\" action=\"{}\" class=\"answers\">\n{fields}\
         <button type=\"submit\">Continue</button>\n</form>\n\
         <script src=\"/hosted/form-post.js\"></script>",
        escaped(&callback.redirect_uri)
    );
    // No `form-action`: browsers would hold it against redirects that the client makes afterwards.
    let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    with_policy(page(StatusCode::OK, "Signed in", &main), policy)
}

/// A page that hands the answer to the page that holds its frame or has opened its window, if that is one of the
/// client's.
fn post_message(config: &Config, callback: &Callback) -> Response {
    let message: Map<String, Value> =
        callback.params.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    let answer = json!({ "origin": callback.origin(), "message": message });
    let main = format!(
        "<h1>Signed in</h1>\n<p class=\"lead\">The page that asked goes on by itself. You can close this one.</p>\n\
         <script type=\"application/json\" id=\"answer\">{}</script>\n\
         <script src=\"/hosted/post-message.js\"></script>",
        embedded(&answer)
    );
    let origins = config.client(&callback.client_id).map(|client| client.origins.join(" "));
    let ancestors = origins.filter(|origins| !origins.is_empty()).unwrap_or_else(|| "'none'".to_owned());
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors {ancestors}"
    );
    with_policy(page(StatusCode::OK, "Signed in", &main), &policy)
}

/// JSON that means the same inside a script element: nothing in it can end the element.
pub(super) fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

pub(super) fn with_policy(mut response: Response, policy: &str) -> Response {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Scripts of these pages: files of our own, because their policy allows no others.
pub(super) async fn script(Path(name): Path<String>) -> Response {
    let script = match name.as_str() {
        "form-post.js" => include_str!("hosted/form-post.js"),
        "post-message.js" => include_str!("hosted/post-message.js"),
        "sign-in.js" => include_str!("hosted/sign-in.js"),
        _ => return ApiError::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
}

/// RFC 6749 section 4.1.2.1: the person is told, and the browser is not sent anywhere.
fn refused_here(reason: &str) -> Response {
    let main = format!(
        "<h1>This request cannot be answered</h1>\n<p class=\"lead\">{}</p>\n\
         <p>Go back to the application and try again. If it comes to this again, tell its operator.</p>",
        escaped(reason)
    );
    page(StatusCode::BAD_REQUEST, "This request cannot be answered", &main)
}

fn it_is_over() -> Response {
    let main = "<h1>This sign-in is over</h1>\n\
                <p class=\"lead\">It was finished already, took too long, or was begun in another browser.</p>\n\
                <p>Go back to the application. If you are not signed in there, sign in again. \
                <a href=\"/sessions\">Where you are signed in</a></p>";
    page(StatusCode::GONE, "This sign-in is over", main)
}
