//! A server to test, and a client that speaks to it.
//!
//! Making a database costs a key and several Argon2 hashes, so one is made for all tests and copied.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use latchkey_server::{
    Clock, Config, Entropy, EntropyError, IssuedToken, Server, Timestamp, TokenError, TokenKind,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::document;

pub(crate) const ORIGIN: &str = "http://localhost:4400";
pub(crate) const REDIRECT_URI: &str = "http://localhost:4400/callback";
pub(crate) const EMAIL: &str = "pat@example.com";
pub(crate) const PASSWORD: &str = "Correct-Horse-42";
pub(crate) const NEW_PASSWORD: &str = "Battery-Staple-77";
/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A clock that stands still unless it is moved.
pub(crate) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that look random and are the same in each run (splitmix64), so that no test depends on luck.
#[derive(Default)]
pub(crate) struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A server with a database of its own.
pub(crate) struct TestServer {
    pub(crate) folder: TempDir,
    config: String,
    clock: Arc<TestClock>,
    entropy: Arc<TestEntropy>,
    server: Server,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with_policy("").await
    }

    /// A server whose configuration ends with these tables, such as `[policy]`.
    pub(crate) async fn with_policy(policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("server.sqlite");
        std::fs::write(&database, template()).unwrap();
        let config = configuration(&database, policy);
        // 2026-03-14T15:09:26.535Z, for no reason.
        let clock = Arc::new(TestClock(AtomicI64::new(1_773_500_966_535)));
        let entropy = Arc::new(TestEntropy::default());
        let server = open(&config, &clock, &entropy).await;
        Self { folder, config, clock, entropy, server }
    }

    /// A server with this configuration and nothing else.
    pub(crate) async fn of(config: &str) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(1_773_500_966_535)));
        let entropy = Arc::new(TestEntropy::default());
        let server = open(config, &clock, &entropy).await;
        Self { folder: tempfile::tempdir().unwrap(), config: config.to_owned(), clock, entropy, server }
    }

    /// The same server after a restart: nothing is left of the old one but its database.
    pub(crate) async fn restart(self) -> Self {
        self.server.close().await;
        let server = open(&self.config, &self.clock, &self.entropy).await;
        Self { server, ..self }
    }

    /// The same server after its policy was changed.
    pub(crate) async fn restart_with(self, policy: &str) -> Self {
        let config = configuration(&self.folder.path().join("server.sqlite"), policy);
        Self { config, ..self }.restart().await
    }

    /// The same server with this configuration.
    pub(crate) async fn restart_as(self, config: String) -> Self {
        Self { config, ..self }.restart().await
    }

    /// What an operator makes for this person.
    pub(crate) async fn token(&self, kind: TokenKind, email: &str) -> Result<IssuedToken, TokenError> {
        self.server.make_token(kind, email, None).await
    }

    /// Another server on the same database, as a second process would be.
    pub(crate) async fn twin(&self) -> Server {
        open(&self.config, &self.clock, &self.entropy).await
    }

    /// Does what a running server does all the time.
    pub(crate) async fn tidy(&self) {
        self.server.tidy().await.unwrap();
    }

    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) async fn close(&self) {
        self.server.close().await;
    }

    pub(crate) fn pass(&self, duration: Duration) {
        self.clock.0.fetch_add(i64::try_from(duration.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn now_in_seconds(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    pub(crate) fn client(&self) -> Client {
        Client { router: self.server.router(), address: None, headers: Vec::new() }
    }

    /// The codes that were mailed to this address, newest first.
    pub(crate) async fn codes(&self, address: &str) -> Vec<String> {
        let mails = self.mails(address).await;
        mails.iter().filter_map(|mail| mail["code"].as_str().map(str::to_owned)).collect()
    }

    pub(crate) async fn code(&self, address: &str) -> String {
        self.codes(address).await.first().expect("a mail with a code").clone()
    }

    pub(crate) async fn mails(&self, address: &str) -> Vec<Value> {
        let answer = self.client().get(&format!("/inbox.json?to={address}")).await;
        answer.json()["mails"].as_array().unwrap().clone()
    }
}

pub(crate) fn configuration(database: &std::path::Path, policy: &str) -> String {
    format!(
        r#"
        [server]
        issuer = "http://localhost:4401/oauth2/default"
        database = {database:?}
        trust_forwarded_for = true

        [[clients]]
        client_id = "demo-spa"
        name = "Demo app"
        redirect_uris = ["{REDIRECT_URI}", "http://localhost:4400/"]
        origins = ["{ORIGIN}"]

        [[clients]]
        client_id = "other-spa"
        redirect_uris = ["http://localhost:4500/callback"]
        origins = ["http://localhost:4500"]

        [[users]]
        email = "{EMAIL}"
        password = "{PASSWORD}"
        first_name = "Pat"
        last_name = "Example"

        {mail}
        {policy}
        "#,
        mail = if policy.contains("[mail") { "" } else { "[mail]\ninbox = true" },
    )
}

async fn open(config: &str, clock: &Arc<TestClock>, entropy: &Arc<TestEntropy>) -> Server {
    let config = Config::from_toml(config).unwrap();
    let (clock, entropy) = (Arc::clone(clock), Arc::clone(entropy));
    Server::open(config, clock as Arc<dyn Clock>, entropy as Arc<dyn Entropy>).await.unwrap()
}

/// Opens a server with this configuration and closes it again.
pub(crate) async fn open_once(config: &str) {
    let clock = Arc::new(TestClock(AtomicI64::new(1_700_000_000_000)));
    open(config, &clock, &Arc::new(TestEntropy::default())).await.close().await;
}

/// A database with its key and its users, as bytes.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        // A thread of its own, because the test that comes first is inside a runtime already.
        let make = || {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("template.sqlite");
            let clock = Arc::new(TestClock(AtomicI64::new(1_700_000_000_000)));
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let entropy = Arc::new(TestEntropy(AtomicU64::new(u64::MAX / 2)));
            runtime.block_on(async { open(&configuration(&path, ""), &clock, &entropy).await.close().await });
            std::fs::read(path).unwrap()
        };
        std::thread::spawn(make).join().unwrap()
    })
}

/// A page of the demo client.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    address: Option<String>,
    /// What goes along with every request, in the place of what it has under the same name.
    headers: Vec<(&'static str, String)>,
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
        let pairs: Vec<_> = params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/oauth2/default/v1/{endpoint}"))
            .header("origin", ORIGIN)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
    }

    /// Sends a form as a server does: to any path, with these headers, and without an origin.
    pub(crate) async fn call(&self, path: &str, params: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> = params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
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
        let pairs: Vec<_> = params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("origin", "http://localhost:4401")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
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

/// A sign-in under way: the last answer, and what a person can do about it.
pub(crate) struct Conversation {
    pub(crate) client: Client,
    pub(crate) interaction_handle: String,
    /// By which the server knows the browser that has begun it.
    pub(crate) cookie: String,
    pub(crate) state_handle: String,
    pub(crate) answer: Answer,
}

impl Conversation {
    /// Posts to an endpoint; the handle is added.
    pub(crate) async fn post(&mut self, endpoint: &str, mut body: Value) -> &Answer {
        body["stateHandle"] = json!(self.state_handle);
        let answer = self.client.json(&format!("/idp/idx/{endpoint}"), &body).await;
        document::check(&answer);
        if let Some(handle) = answer.json()["stateHandle"].as_str() {
            self.state_handle = handle.to_owned();
        }
        self.answer = answer;
        &self.answer
    }

    /// Follows a link: a form that asks for nothing.
    pub(crate) async fn follow(&mut self, endpoint: &str) -> &Answer {
        self.post(endpoint, json!({})).await
    }

    pub(crate) async fn identify(&mut self, identifier: &str) -> &Answer {
        self.post("identify", json!({ "identifier": identifier })).await
    }

    pub(crate) async fn identify_with_password(&mut self, identifier: &str, password: &str) -> &Answer {
        let body = json!({ "identifier": identifier, "credentials": { "passcode": password } });
        self.post("identify", body).await
    }

    pub(crate) async fn answer(&mut self, passcode: &str) -> &Answer {
        self.post("challenge/answer", json!({ "credentials": { "passcode": passcode } })).await
    }

    pub(crate) async fn select(&mut self, authenticator: &str) -> &Answer {
        self.post("challenge", json!({ "authenticator": { "id": authenticator } })).await
    }

    /// Chooses an authenticator to set up.
    pub(crate) async fn set_up(&mut self, authenticator: &str) -> &Answer {
        self.post("credential/enroll", json!({ "authenticator": { "id": authenticator } })).await
    }

    /// Answers with these members of `credentials`.
    pub(crate) async fn answer_with(&mut self, credentials: Value) -> &Answer {
        self.post("challenge/answer", json!({ "credentials": credentials })).await
    }

    pub(crate) async fn poll(&mut self) -> &Answer {
        self.follow("challenge/poll").await
    }

    pub(crate) async fn register(&mut self, email: &str) -> &Answer {
        self.follow("enroll").await;
        let profile = json!({ "firstName": "Robin", "lastName": "New", "email": email });
        self.post("enroll/new", json!({ "userProfile": profile })).await
    }

    pub(crate) fn interaction_code(&self) -> String {
        self.answer.interaction_code()
    }
}

/// An answer of the server.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The first cookie that it sets, as the browser sends it.
    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// The names of the remediations, in order.
    pub(crate) fn remediations(&self) -> Vec<String> {
        let body = self.json();
        let forms = body["remediation"]["value"].as_array().cloned().unwrap_or_default();
        forms.iter().map(|form| form["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The keys of the messages about the whole.
    pub(crate) fn messages(&self) -> Vec<String> {
        keys(&self.json()["messages"])
    }

    /// The keys of the messages in one field of the first form, found by its dotted path.
    pub(crate) fn messages_in(&self, path: &str) -> Vec<String> {
        keys(&self.field(path)["messages"])
    }

    /// One field of the first form.
    pub(crate) fn field(&self, path: &str) -> Value {
        let mut at = self.json()["remediation"]["value"][0]["value"].clone();
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let field = at.as_array().unwrap().iter().find(|field| field["name"] == name).cloned();
            let field = field.unwrap_or_else(|| panic!("no field `{path}` in {}", self.text()));
            if names.peek().is_none() {
                return field;
            }
            at = field["form"]["value"].clone();
        }
        Value::Null
    }

    /// What the answer tells about the authenticator that is at hand.
    pub(crate) fn context(&self) -> Value {
        let document = self.json();
        let [plain, enrolled] = ["currentAuthenticator", "currentAuthenticatorEnrollment"]
            .map(|member| document[member]["value"]["contextualData"].clone());
        if plain.is_null() { enrolled } else { plain }
    }

    pub(crate) fn interaction_code(&self) -> String {
        let body = self.json();
        let fields = body["successWithInteractionCode"]["value"].as_array();
        let fields = fields.unwrap_or_else(|| panic!("not signed in: {}", self.text()));
        let code = fields.iter().find(|field| field["name"] == "interaction_code").unwrap();
        code["value"].as_str().unwrap().to_owned()
    }

    /// The `error` of an OAuth answer.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {}", self.text())).to_owned()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.status == StatusCode::OK && self.json().get("successWithInteractionCode").is_some()
    }

    pub(crate) fn is_session_expired(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED && self.messages() == ["idx.session.expired"]
    }
}

fn keys(messages: &Value) -> Vec<String> {
    let messages = messages["value"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["i18n"]["key"].as_str().unwrap().to_owned()).collect()
}

/// The claims of a token, unchecked.
pub(crate) fn claims(token: &Value) -> Value {
    use base64::Engine as _;
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
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
