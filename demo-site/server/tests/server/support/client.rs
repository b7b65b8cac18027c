//! A page of the demo client: what it sends to the server.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{Answer, CHALLENGE, Conversation, EMAIL, ORIGIN, PASSWORD, REDIRECT_URI, VERIFIER, claims};
use crate::document;

/// A page of the demo client.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) router: Router,
    pub(super) address: Option<String>,
    /// What goes along with every request, in the place of what it has under the same name.
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Client {
    /// The same page, seen from this network address.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..self.clone() }
    }

    /// The same, with a header on every request.
    pub(crate) fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| *known != name);
        client.headers.push((name, value.to_owned()));
        client
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(address) = &self.address {
            request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
        }
        for (name, value) in &self.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn bearer(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn json(&self, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("origin", ORIGIN)
            .header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn form(&self, endpoint: &str, params: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/oauth2/default/v1/{endpoint}"))
            .header("origin", ORIGIN)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form_encoded(params))).unwrap()).await
    }

    /// Sends a form as a server does: to any path, with these headers, and without an origin.
    pub(crate) async fn call(&self, path: &str, params: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(form_encoded(params))).unwrap()).await
    }

    /// Signs Pat in with the password, as far as the page after it.
    pub(crate) async fn after_password(&self) -> Conversation {
        let mut page = self.begin().await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        page
    }

    /// Sends a form of one of the server's own pages.
    pub(crate) async fn submit(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("origin", "http://localhost:4401")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form_encoded(params))).unwrap()).await
    }

    /// The claim of how Pat proved it.
    pub(crate) async fn amr(&self, page: &Conversation) -> Value {
        let tokens = self.redeem(&page.interaction_code()).await.json();
        claims(&tokens["id_token"])["amr"].clone()
    }

    /// Begins a sign-in and says its interaction handle.
    pub(crate) async fn interact(&self) -> String {
        self.interact_for("openid profile email offline_access").await
    }

    pub(crate) async fn interact_for(&self, scope: &str) -> String {
        let answer = self.form("interact", &interact_params(scope)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["interaction_handle"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn introspect(&self, body: &Value) -> Answer {
        let answer = self.json("/idp/idx/introspect", body).await;
        document::check(&answer);
        answer
    }

    /// Begins a sign-in with these parameters beside or instead of the usual ones, and goes to its first page.
    pub(crate) async fn begin_with(&self, params: &[(&str, &str)]) -> Conversation {
        let usual = interact_params("openid profile email offline_access");
        let is_usual = |name: &str| !params.iter().any(|(given, _)| *given == name);
        let usual = usual.into_iter().filter(|(name, _)| is_usual(name));
        self.begin_by(&usual.chain(params.iter().copied()).collect::<Vec<_>>()).await
    }

    /// Begins a sign-in and goes to its first page.
    pub(crate) async fn begin(&self) -> Conversation {
        self.begin_for("openid profile email offline_access").await
    }

    pub(crate) async fn begin_for(&self, scope: &str) -> Conversation {
        self.begin_by(&interact_params(scope)).await
    }

    async fn begin_by(&self, params: &[(&str, &str)]) -> Conversation {
        let answer = self.form("interact", params).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let handle = answer.json()["interaction_handle"].as_str().unwrap().to_owned();
        Conversation { cookie: answer.cookie(), ..self.open(handle).await }
    }

    /// The page that an interaction handle stands for.
    pub(crate) async fn open(&self, interaction_handle: String) -> Conversation {
        let answer = self.introspect(&json!({ "interactionHandle": interaction_handle })).await;
        let state_handle = answer.json()["stateHandle"].as_str().unwrap().to_owned();
        Conversation { client: self.clone(), interaction_handle, cookie: String::new(), state_handle, answer }
    }

    /// Exchanges a code for tokens as its rightful client.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.form("token", &token_params(code)).await
    }

    /// Signs Pat in and says the tokens.
    pub(crate) async fn sign_in(&self) -> Value {
        let mut page = self.begin().await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        let answer = self.redeem(&page.interaction_code()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }
}

pub(crate) fn interact_params(scope: &str) -> [(&str, &str); 7] {
    [
        ("client_id", "demo-spa"),
        ("scope", scope),
        ("redirect_uri", REDIRECT_URI),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "a state"),
        ("nonce", "a nonce"),
    ]
}

pub(crate) fn token_params(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "interaction_code"),
        ("client_id", "demo-spa"),
        ("redirect_uri", REDIRECT_URI),
        ("interaction_code", code),
        ("code_verifier", VERIFIER),
    ]
}

/// The value of an `Authorization` header.
pub(crate) fn basic(client_id: &str, client_secret: &str) -> String {
    use base64::Engine as _;
    let credentials = format!("{}:{}", encoded(client_id), encoded(client_secret));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(credentials))
}

pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn form_encoded(params: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish()
}
