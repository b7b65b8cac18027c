//! The pages that the server shows to people: plain HTML, without script, under a policy that would not run any.
//!
//! Everything that came from outside goes through [`escaped`].

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

/// A page with this title; `main` is HTML.
pub(super) fn page(status: StatusCode, title: &str, main: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/pages.css\">\n</head>\n<body>\n<main>\n{main}\n</main>\n</body>\n</html>\n"
    );
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                  frame-ancestors 'none'";
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy)];
    (status, headers, html).into_response()
}

/// A page whose forms change something.
pub(super) fn form_page(title: &str, main: &str) -> Response {
    let mut response = page(StatusCode::OK, title, main);
    // With "no-referrer" browsers would send the forms with an origin of "null", which is nobody's.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("pages.css")).into_response()
}

/// One parameter of a query or of a form.
pub(super) fn parameter(encoded: &[u8], name: &str) -> Option<String> {
    let (_, value) = form_urlencoded::parse(encoded).find(|(known, _)| known == name)?;
    Some(value.trim().to_owned())
}

/// Text that means the same in HTML, in an element and in a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
