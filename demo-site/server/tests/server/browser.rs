//! A browser: it keeps cookies, comes to `/authorize`, and goes through the widget's requests on the server's own page.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Answer, CHALLENGE, Client, Conversation, EMAIL, PASSWORD, REDIRECT_URI, TestServer, VERIFIER, encoded,
};

pub(crate) const OWN_ORIGIN: &str = "http://localhost:4401";
pub(crate) const AUTHORIZE: &str = "/oauth2/default/v1/authorize";
pub(crate) const SECRET: &str = "a secret that nobody guesses";

/// Clients beside `demo-spa`: one that keeps a secret, one from before PKCE, one that asks people first.
const CLIENTS: &str = r#"
[[clients]]
client_id = "web-app"
client_secret = "a secret that nobody guesses"
name = "Web app"
redirect_uris = ["http://localhost:4600/callback", "http://localhost:4600/callback?tenant=1"]
post_logout_redirect_uris = ["http://localhost:4600/bye", "http://localhost:4600/bye?from=1"]

[[clients]]
client_id = "old-spa"
name = "Old app"
grant_types = ["authorization_code", "implicit", "refresh_token"]
response_types = ["code", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token"]
redirect_uris = ["http://localhost:4700/callback"]
origins = ["http://localhost:4700"]

[[clients]]
client_id = "asking-spa"
name = "Asking app"
consent = "required"
redirect_uris = ["http://localhost:4800/callback"]
origins = ["http://localhost:4800"]
"#;

/// A server with a sign-in page of its own, and these tables after the rest.
pub(crate) async fn hosting(tables: &str) -> TestServer {
    TestServer::with_policy(&configuration(tables)).await
}

pub(crate) fn configuration(tables: &str) -> String {
    format!("{CLIENTS}\n[hosted]\nwidget = {:?}\n{tables}", widget())
}

/// A folder with what the page looks for in the widget's.
fn widget() -> std::path::PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        for name in ["latchkey.js", "latchkey.css", "latchkey_bg.wasm", "latchkey-frame.html"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        folder
    });
    folder.path().to_owned()
}

/// One browser of one person.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
    /// The attributes of each cookie that was set, by name.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(server: &TestServer) -> Self {
        let client = server.client().with_header("user-agent", "Firefox/140 (Windows NT 10.0)");
        Self { client, cookies: BTreeMap::new(), attributes: BTreeMap::new() }
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if !self.cookies.is_empty() {
            request.headers_mut().insert("cookie", self.cookie_header().parse().unwrap());
        }
        let answer = self.client.send(request).await;
        for header in answer.headers.get_all("set-cookie") {
            let (pair, attributes) = header.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.attributes.insert(name.to_owned(), attributes.to_owned());
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form, from a page of this origin.
    pub(crate) async fn post(&mut self, origin: &str, path: &str, params: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(query(params))).unwrap()).await
    }

    pub(crate) async fn authorize(&mut self, params: &[(&str, &str)]) -> Answer {
        self.get(&format!("{AUTHORIZE}?{}", query(params))).await
    }

    /// The value of a cookie whose name has this word.
    pub(crate) fn cookie(&self, word: &str) -> Option<&str> {
        let found = self.cookies.iter().find(|(name, _)| name.contains(word));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn attributes_of(&self, word: &str) -> &str {
        self.attributes.iter().find(|(name, _)| name.contains(word)).map_or("", |(_, text)| text)
    }

    /// The session of another browser, or none.
    pub(crate) fn take_cookies_of(&mut self, other: &Self) {
        self.cookies = other.cookies.clone();
    }

    pub(crate) fn drop_cookie(&mut self, word: &str) {
        self.cookies.retain(|name, _| !name.contains(word));
    }

    /// The widget on the page that has just been loaded, before its first request.
    pub(crate) fn widget(&self, page: &Answer) -> Client {
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        self.client.with_header("cookie", &self.cookie_header()).with_header("origin", OWN_ORIGIN)
    }

    /// The widget on the page, with its first form.
    pub(crate) async fn begin(&self, page: &Answer) -> Conversation {
        let (client, state_token) = (self.widget(page), state_token(page));
        let answer = client.introspect(&json!({ "stateToken": state_token })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let state_handle = answer.json()["stateHandle"].as_str().unwrap().to_owned();
        let interaction_handle = String::new();
        Conversation { client, interaction_handle, cookie: self.cookie_header(), state_handle, answer }
    }

    /// Signs Pat in on a page, and says where the last answer leads.
    pub(crate) async fn prove(&mut self, page: &Answer) -> String {
        let mut page = self.begin(page).await;
        page.identify(EMAIL).await;
        page.answer(PASSWORD).await;
        success(&page.answer)
    }

    /// Comes to `/authorize`, signs Pat in, and goes back to the client.
    pub(crate) async fn sign_in(&mut self, params: &[(&str, &str)]) -> Answer {
        let page = self.authorize(params).await;
        let end = self.prove(&page).await;
        self.get(&end).await
    }
}

/// What the page tells the widget.
pub(crate) fn settings(page: &Answer) -> Value {
    let text = page.text();
    let (_, rest) =
        text.split_once("id=\"latchkey-settings\">").unwrap_or_else(|| panic!("no widget: {text}"));
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

pub(crate) fn state_token(page: &Answer) -> String {
    settings(page)["options"]["stateToken"].as_str().unwrap().to_owned()
}

/// The path that the last answer of a hosted sign-in leads to.
pub(crate) fn success(answer: &Answer) -> String {
    let body = answer.json();
    assert_eq!(body["success"]["name"], "success-redirect", "{body}");
    body["success"]["href"].as_str().unwrap().strip_prefix(OWN_ORIGIN).unwrap().to_owned()
}

pub(crate) fn query(params: &[(&str, &str)]) -> String {
    params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// What `demo-spa` asks for.
pub(crate) const DEMO: [(&str, &str); 8] = [
    ("client_id", "demo-spa"),
    ("redirect_uri", REDIRECT_URI),
    ("response_type", "code"),
    ("scope", "openid profile email offline_access"),
    ("state", "a state"),
    ("nonce", "a nonce"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// The same with some parameters replaced, added, or, where the value is empty, left out.
pub(crate) fn demo<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    with(&DEMO, changes)
}

pub(crate) fn with<'a>(
    params: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let kept = params.iter().filter(|(name, _)| !is_changed(name)).copied();
    kept.chain(changes.iter().filter(|(_, value)| !value.is_empty()).copied()).collect()
}

/// Where a redirect leads, without its parameters.
pub(crate) fn destination(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").split(['?', '#']).next().unwrap().to_owned()
}

/// The parameters of a redirect, from its query or its fragment.
pub(crate) fn returned(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let location = answer.header("location");
    let (_, encoded) = location.split_once(['?', '#']).unwrap();
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

/// Exchanges an authorization code as `demo-spa`.
pub(crate) async fn redeem(server: &TestServer, code: &str) -> Answer {
    let params = [
        ("grant_type", "authorization_code"),
        ("client_id", "demo-spa"),
        ("redirect_uri", REDIRECT_URI),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    server.client().form("token", &params).await
}
