//! As much of a browser as the application needs: it keeps cookies, goes to places, and sends the application's own forms.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use latchkey_demo_web_app::{App, Config};
use openidconnect::url::Url;
use serde_json::Value;
use tower::ServiceExt as _;
use tower_sessions::cookie::Cookie;

use crate::identity_server::{self, CLIENT_ID, SECRET, code};
use crate::log;

/// Somebody's browser, at an application.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    address: &'static str,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    /// With an application whose identity server does what it should.
    pub(crate) async fn start() -> Self {
        Self::start_at(|_| {}).await
    }

    /// With one whose identity server says something else about itself.
    pub(crate) async fn start_at(change: impl FnOnce(&mut Value)) -> Self {
        Self::of(&identity_server::start(change).await, "http://localhost:4403")
    }

    pub(crate) fn of(issuer: &str, address: &'static str) -> Self {
        log::start();
        let config = format!(
            "address = '{address}'\nlisten = '127.0.0.1:4403'\nissuer = '{issuer}'\n\
             client_id = '{CLIENT_ID}'\nclient_secret = '{SECRET}'"
        );
        let config = Config::read(&config, |_| None).unwrap();
        Self { app: App::new(config).unwrap().router(), address, cookies: BTreeMap::new() }
    }

    /// Another person's, at the same application.
    pub(crate) fn elsewhere(&self) -> Self {
        Self { cookies: BTreeMap::new(), ..self.clone() }
    }

    pub(crate) async fn get(&mut self, place: &str) -> Answer {
        let answer = self.ask(Method::GET, place).await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn post(&mut self, place: &str) -> Answer {
        let answer = self.ask(Method::POST, place).await;
        self.keep(&answer);
        answer
    }

    /// Asks, and leaves the answer under way: other tabs may do something before it is there.
    pub(crate) async fn ask(&self, method: Method, place: &str) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(place).header(ORIGIN, self.address);
        let request = request.header(COOKIE, cookies.join("; ")).body(Body::empty()).unwrap();
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// The answer is there.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            if cookie.max_age().is_some_and(|age| age.is_zero()) {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }

    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.keys().map(String::as_str)
    }

    /// There and back.
    pub(crate) async fn sign_in_as(&mut self, person: &str) {
        let departure = self.get("/sign-in").await.departure();
        let answer = self.get(&departure.back_as(person)).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
    }
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[LOCATION].to_str().unwrap()
    }

    pub(crate) fn departure(&self) -> Departure {
        Departure(query(self.location()))
    }

    pub(crate) fn cookies(&self) -> Vec<Cookie<'_>> {
        let all = self.headers.get_all(SET_COOKIE).iter();
        all.map(|cookie| Cookie::parse(cookie.to_str().unwrap()).unwrap()).collect()
    }

    /// Where forms of this page may lead.
    pub(crate) fn form_action(&self) -> &str {
        let policy = self.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        policy.split("; ").find_map(|directive| directive.strip_prefix("form-action ")).unwrap()
    }

    /// Fails unless this problem is shown.
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(&format!("<code>{code}</code>")), "{code}: {}", self.body);
    }
}

/// What the identity server is asked.
pub(crate) struct Departure(HashMap<String, String>);

impl Departure {
    pub(crate) fn back_as(&self, person: &str) -> String {
        self.back_with(&format!("code={}", code(person, &self.0["nonce"])))
    }

    pub(crate) fn back_with(&self, answer: &str) -> String {
        format!("/callback?state={}&{answer}", self.0["state"])
    }

    /// What nobody else may come to know.
    pub(crate) fn nonce(&self) -> &str {
        &self.0["nonce"]
    }
}

pub(crate) fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}
