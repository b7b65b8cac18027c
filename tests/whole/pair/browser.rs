//! What stands between a page and a server: the CORS protocol of the Fetch standard, as strict as a browser is.
//!
//! A page sees an answer only if the server lets its origin see it, a request that is not simple is announced by a
//! preflight, and of the headers only those count that the server exposes.

use std::{cell::RefCell, collections::BTreeMap};

use axum::{
    body::Body as Bytes,
    http::{HeaderMap, Method as Verb, Request, Response, header},
};
use latchkey_core::{
    io::{self, Body, Method},
    secret::Secret,
};

use super::world::{SERVER_ORIGIN, World};

/// A page's way to the network.
pub(crate) struct Browser {
    /// Origin of the page.
    pub(crate) origin: String,
    /// The server does not let pages see `Date`.
    pub(crate) hides_date: bool,
    /// Name and value of each cookie of the server's.
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    /// One that shows a page of this origin and has been nowhere yet.
    pub(crate) fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), hides_date: false, cookies: RefCell::default() }
    }

    /// The answer as far as the page may see it, or why it may not.
    pub(crate) fn fetch(&self, world: &World, request: &io::Request) -> Result<io::Response, String> {
        if needs_preflight(request) {
            self.preflight(world, request)?;
        }
        let response = world.send(self.wire(request));
        self.check(response.headers(), request)?;
        if request.has_cookies {
            self.keep_cookies(response.headers());
        }
        Ok(io::Response { date: self.date(world, response.headers()), ..visible(response) })
    }

    /// The header is written by the connection, which there is none of here.
    fn date(&self, world: &World, headers: &HeaderMap) -> Option<io::Timestamp> {
        let is_exposed = !self.hides_date && lists(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, "date");
        is_exposed.then(|| io::Timestamp(world.now()))
    }

    /// RFC 6265 section 5.3, for a page and a server that are of one site; no story is as long as a cookie.
    fn keep_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a cookie has a name");
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
    }

    fn wire(&self, request: &io::Request) -> Request<Bytes> {
        let (content_type, body) = match &request.body {
            Body::Empty => (None, String::new()),
            Body::Form(text) => (Some("application/x-www-form-urlencoded"), text.expose().clone()),
            Body::Json { content_type, text } => (Some(*content_type), text.expose().clone()),
        };
        let mut builder = Request::builder()
            .method(verb(request))
            .uri(path(request))
            .header(header::ORIGIN, &self.origin)
            .header(header::ACCEPT, &request.accept);
        if let Some(content_type) = content_type {
            builder = builder.header(header::CONTENT_TYPE, content_type);
        }
        if request.has_cookies {
            let pairs: Vec<_> =
                self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
            builder = builder.header(header::COOKIE, pairs.join("; "));
        }
        builder.body(Bytes::from(body)).unwrap()
    }

    /// Fetch standard, CORS-preflight fetch.
    fn preflight(&self, world: &World, request: &io::Request) -> Result<(), String> {
        let announced = Request::options(path(request))
            .header(header::ORIGIN, &self.origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, verb(request).as_str())
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
        let response = world.send(announced.body(Bytes::empty()).unwrap());
        if !response.status().is_success() {
            return Err(format!("the preflight of {} got {}", path(request), response.status()));
        }
        self.check(response.headers(), request)?;
        if lists(response.headers(), header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type") {
            return Ok(());
        }
        Err(format!("{} does not allow the header content-type", path(request)))
    }

    /// Fetch standard, CORS check.
    fn check(&self, headers: &HeaderMap, request: &io::Request) -> Result<(), String> {
        let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if value(header::ACCESS_CONTROL_ALLOW_ORIGIN) != Some(self.origin.as_str()) {
            return Err(format!("{} does not let {} see its answer", path(request), self.origin));
        }
        if request.has_cookies && value(header::ACCESS_CONTROL_ALLOW_CREDENTIALS) != Some("true") {
            return Err(format!("{} does not allow credentials", path(request)));
        }
        Ok(())
    }
}

/// Path and query on the server. The core promises that every request goes to the issuer's origin.
pub(crate) fn path(request: &io::Request) -> &str {
    let path = request.url.strip_prefix(SERVER_ORIGIN).filter(|path| path.starts_with('/'));
    path.unwrap_or_else(|| panic!("a request left for {}", request.url))
}

fn verb(request: &io::Request) -> Verb {
    match request.method {
        Method::Get => Verb::GET,
        Method::Post => Verb::POST,
    }
}

/// Only a form may be sent without asking (Fetch standard, CORS-safelisted request-header).
fn needs_preflight(request: &io::Request) -> bool {
    matches!(request.body, Body::Json { .. })
}

/// What script may read of an answer.
fn visible(response: Response<String>) -> io::Response {
    let headers = response.headers();
    let exposed = |name: &str| {
        let is_exposed = lists(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, name);
        headers.get(name).filter(|_| is_exposed).and_then(|value| value.to_str().ok())
    };
    io::Response {
        status: response.status().as_u16(),
        date: None,
        retry_after: exposed("retry-after").and_then(|seconds| seconds.parse().ok()),
        request_id: exposed("x-okta-request-id").map(str::to_owned),
        body: Secret::new(response.into_body()),
    }
}

/// Whether a comma-separated header has this entry.
fn lists(headers: &HeaderMap, name: header::HeaderName, entry: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(entry))
}
