//! What every answer says to the browser, and what is asked of forms.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app;
use crate::problem::{Problem, ProblemPage};

/// The strictest policy that plain pages can have: no script at all, not even our own.
pub(crate) async fn add_policy(State(app): State<app::State>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let elsewhere = app.provider.form_target().await.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{elsewhere}; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    // Not `no-referrer`: with that, forms come from the origin "null".
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    // Pages say who is signed in; Back after a sign-out must not.
    let is_page = headers.get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/html"));
    let caching = if is_page { "no-store" } else { "no-cache" };
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(caching));
    response
}

/// Pages of others can send forms here, and the browser adds the cookie if they are of the same site. Where a form comes from
/// is something that they cannot make up.
pub(crate) async fn refuse_foreign_forms(
    State(app): State<app::State>,
    request: Request,
    next: Next,
) -> Response {
    if is_safe(request.method()) || is_own(request.headers(), app.config.address()) {
        next.run(request).await
    } else {
        ProblemPage::from(Problem::ForeignForm).into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn is_own(headers: &HeaderMap, address: &str) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes() == address.as_bytes())
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
