//! Another identity provider: a real one over HTTP that a test can make say whatever it likes.
//!
//! Left alone it is honest, down to PKCE; that it is one for others too is what the interoperability tests are for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Conversation, TestServer};

pub(crate) const CLIENT_ID: &str = "latchkey";
pub(crate) const SECRET: &str = "a secret: of both";

/// A provider that listens.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    script: Arc<Mutex<Script>>,
}

/// What it says, and what it has seen.
pub(crate) struct Script {
    pub(crate) discovery: Value,
    /// In the ID token.
    pub(crate) claims: Value,
    pub(crate) userinfo: Value,
    pub(crate) signature: Signature,
    /// The key that is named in the header.
    pub(crate) kid: Value,
    /// The name that the key is published under.
    pub(crate) published_kid: &'static str,
    /// Answers instead of its own, by path.
    pub(crate) instead: HashMap<&'static str, Instead>,
    /// Codes that were not exchanged yet, with the challenge that they were asked for with.
    codes: HashMap<String, String>,
    /// `Authorization` and body of the last request to the token endpoint.
    pub(crate) exchanged: Option<(String, String)>,
    /// How often which path was asked for.
    pub(crate) asked: HashMap<String, u32>,
}

/// How the ID token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signature {
    Rs256,
    Es256,
    /// By a key that is not published.
    Strange,
    None,
    /// With the secret of the client.
    Hs256,
    /// With what is published, which everybody knows.
    Hs256WithPublicKey,
}

/// An answer instead of the one that would be right.
#[derive(Clone)]
pub(crate) enum Instead {
    Say(u16, String),
    /// Never.
    Hang,
}

/// A browser that was sent to the provider.
pub(crate) struct Departure {
    pub(crate) cookie: String,
    /// The parameters that it was sent with.
    pub(crate) sent: HashMap<String, String>,
    pub(crate) address: String,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        // Made before the server waits for what they sign.
        keys();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script::honest(&issuer)));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, script }
    }

    /// Changes what it says.
    pub(crate) fn script<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    pub(crate) fn claim(&self, name: &str, value: Value) {
        self.script(|script| script.claims[name] = value);
    }

    pub(crate) fn say_instead(&self, path: &'static str, instead: Instead) {
        self.script(|script| script.instead.insert(path, instead));
    }

    /// The table that makes a server use it; `more` are further lines of it.
    pub(crate) fn configuration(&self, more: &str) -> String {
        format!(
            "[[identity_providers]]\nid = \"canal\"\nname = \"Canal Union ID\"\nissuer = {:?}\n\
             client_id = {CLIENT_ID:?}\nclient_secret = {SECRET:?}\ntimeout = \"60s\"\n{more}\n",
            self.issuer
        )
    }

    /// Lets whoever has come prove themselves: the code for the way back.
    pub(crate) fn approve(&self, departure: &Departure, now: i64) -> String {
        self.script(|script| {
            let defaults = json!({
                "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": departure.sent["nonce"],
            });
            for (name, value) in defaults.as_object().unwrap() {
                if script.claims.get(name).is_none() {
                    script.claims[name] = value.clone();
                }
            }
            let code = format!("code {}", script.codes.len());
            script.codes.insert(code.clone(), departure.sent["code_challenge"].clone());
            code
        })
    }
}

impl Script {
    fn honest(issuer: &str) -> Self {
        Self {
            discovery: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "userinfo_endpoint": format!("{issuer}/userinfo"),
                "jwks_uri": format!("{issuer}/keys"),
            }),
            claims: json!({
                "sub": "robin", "email": "robin@canal.example", "email_verified": true,
                "given_name": "Robin", "family_name": "New",
            }),
            userinfo: json!({ "sub": "robin" }),
            signature: Signature::Rs256,
            kid: json!("first"),
            published_kid: "first",
            instead: HashMap::new(),
            codes: HashMap::new(),
            exchanged: None,
            asked: HashMap::new(),
        }
    }

    /// The answer of the token endpoint.
    fn exchange(&mut self, headers: &HeaderMap, body: &str) -> (StatusCode, Value) {
        let authorization = headers.get("authorization").map_or("", |value| value.to_str().unwrap());
        self.exchanged = Some((authorization.to_owned(), body.to_owned()));
        let params: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let challenge = self.codes.remove(params.get("code").map_or("", String::as_str));
        let verifier = params.get("code_verifier").map_or("", String::as_str);
        // RFC 7636 section 4.6.
        if challenge != Some(sha256(verifier)) {
            return (StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }));
        }
        (StatusCode::OK, json!({ "token_type": "Bearer", "access_token": "AT", "id_token": self.id_token() }))
    }

    fn id_token(&self) -> String {
        let algorithm = match self.signature {
            Signature::Rs256 | Signature::Strange => "RS256",
            Signature::Es256 => "ES256",
            Signature::None => "none",
            Signature::Hs256 | Signature::Hs256WithPublicKey => "HS256",
        };
        let mut header = json!({ "alg": algorithm, "typ": "JWT" });
        if self.kid.is_string() {
            header["kid"] = self.kid.clone();
        }
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encoded(&header), encoded(&self.claims));
        let signature = match self.signature {
            Signature::Rs256 => rsa_signature(&keys().rsa, &input),
            Signature::Strange => rsa_signature(&keys().strange, &input),
            Signature::Es256 => {
                let random = aws_lc_rs::rand::SystemRandom::new();
                keys().ec.sign(&random, input.as_bytes()).unwrap().as_ref().to_vec()
            }
            Signature::None => Vec::new(),
            Signature::Hs256 => mac(SECRET.as_bytes(), &input),
            Signature::Hs256WithPublicKey => mac(keys().rsa.public_key().as_ref(), &input),
        };
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn jwks(&self) -> Value {
        let rsa = keys().rsa.public_key();
        let point = keys().ec.public_key().as_ref();
        json!({ "keys": [
            { "kty": "oct", "kid": "unreadable", "k": 7 },
            { "kty": "RSA", "use": "enc", "kid": self.published_kid, "n": "AQAB", "e": "AQAB" },
            {
                "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.published_kid,
                "n": URL_SAFE_NO_PAD.encode(rsa.modulus().big_endian_without_leading_zero()),
                "e": URL_SAFE_NO_PAD.encode(rsa.exponent().big_endian_without_leading_zero()),
            },
            {
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "curve",
                "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
            },
        ] })
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let body = axum::body::to_bytes(request.into_body(), 65_536).await.unwrap_or_else(|_| Bytes::new());
    let instead = {
        let mut script = script.lock().unwrap();
        *script.asked.entry(path.clone()).or_default() += 1;
        script.instead.get(path.as_str()).cloned()
    };
    match instead {
        Some(Instead::Say(status, body)) => {
            return (StatusCode::from_u16(status).unwrap(), body).into_response();
        }
        Some(Instead::Hang) => std::future::pending().await,
        None => {}
    }
    let mut script = script.lock().unwrap();
    let (status, body) = match path.as_str() {
        "/.well-known/openid-configuration" => (StatusCode::OK, script.discovery.clone()),
        "/keys" => (StatusCode::OK, script.jwks()),
        "/token" => script.exchange(&headers, std::str::from_utf8(&body).unwrap()),
        "/userinfo" if headers.get("authorization").is_some_and(|value| value == "Bearer AT") => {
            (StatusCode::OK, script.userinfo.clone())
        }
        _ => (StatusCode::NOT_FOUND, json!({})),
    };
    (status, axum::Json(body)).into_response()
}

/// Makes the server send a browser to the provider, from the page that a conversation is at.
pub(crate) async fn depart(page: &Conversation) -> Departure {
    departure(&leave(page).await)
}

/// Where an answer sends a browser.
pub(crate) fn departure(answer: &Answer) -> Departure {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = answer.header("location").to_owned();
    Departure { cookie: answer.cookie(), sent: query_of(&address), address }
}

/// Presses the button of the provider, in the browser that the conversation was begun in.
pub(crate) async fn leave(page: &Conversation) -> Answer {
    page.client.with_header("cookie", &page.cookie).get(&way_out(page)).await
}

/// Where the button of the provider leads, as a path of the server.
pub(crate) fn way_out(page: &Conversation) -> String {
    let forms = page.answer.json()["remediation"]["value"].as_array().cloned().unwrap();
    let way = forms.iter().find(|form| form["name"] == "redirect-idp").expect("a way to a provider");
    way["href"].as_str().unwrap().strip_prefix("http://localhost:4401").unwrap().to_owned()
}

/// Comes back from the provider with these parameters beside `state`.
pub(crate) async fn come_back(client: &Client, departure: &Departure, params: &[(&str, &str)]) -> Answer {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", &departure.sent["state"]);
    query.extend_pairs(params);
    let request = axum::http::Request::get(format!("/oauth2/v1/authorize/callback?{}", query.finish()))
        .header("cookie", format!("other=1; {}", departure.cookie));
    client.send(request.body(axum::body::Body::empty()).unwrap()).await
}

/// Goes to the provider from a new sign-in, is let through, and comes back: what the client is told.
pub(crate) async fn sign_in(server: &TestServer, provider: &Provider) -> HashMap<String, String> {
    let page = server.client().begin().await;
    return_of(server, provider, &page).await
}

/// The same from a page that is there.
pub(crate) async fn return_of(
    server: &TestServer,
    provider: &Provider,
    page: &Conversation,
) -> HashMap<String, String> {
    let departure = depart(page).await;
    let code = provider.approve(&departure, server.now_in_seconds());
    told(&come_back(&page.client, &departure, &[("code", &code)]).await)
}

/// What the client is told by the address that the browser is sent to.
pub(crate) fn told(answer: &Answer) -> HashMap<String, String> {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let address = answer.header("location");
    assert!(address.starts_with("http://localhost:4400/callback?"), "{address}");
    query_of(address)
}

fn query_of(address: &str) -> HashMap<String, String> {
    let (_, query) = address.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

struct Keys {
    rsa: RsaKeyPair,
    strange: RsaKeyPair,
    ec: EcdsaKeyPair,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let rsa = || {
            let der = RsaKeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
            RsaKeyPair::from_pkcs8(der.as_ref()).unwrap()
        };
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Keys { rsa: rsa(), strange: rsa(), ec }
    })
}

fn rsa_signature(key: &RsaKeyPair, input: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    let random = aws_lc_rs::rand::SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).unwrap();
    signature
}

fn mac(key: &[u8], input: &str) -> Vec<u8> {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    aws_lc_rs::hmac::sign(&key, input.as_bytes()).as_ref().to_vec()
}

fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()))
}

/// A server that people may sign in to through a provider; `more` are further lines about the provider.
pub(crate) async fn pair(more: &str) -> (TestServer, Provider) {
    pair_with_policy("", more).await
}

pub(crate) async fn pair_with_policy(policy: &str, more: &str) -> (TestServer, Provider) {
    let provider = Provider::start().await;
    let tables = format!("{policy}\n{}", provider.configuration(more));
    (TestServer::with_policy(&tables).await, provider)
}

/// Fails unless the client is told no, in this way.
#[track_caller]
pub(crate) fn assert_refused(told: &HashMap<String, String>, error: &str, description: &str) {
    assert_eq!(told["error"], error, "{told:?}");
    assert_eq!(told["error_description"], description);
    assert_eq!(told["state"], "a state");
    assert!(!told.contains_key("interaction_code"));
}

pub(crate) const NOT_ACCEPTED: &str = "The answer of Canal Union ID could not be accepted. Try again.";
pub(crate) const NOT_REACHED: &str = "Canal Union ID cannot be reached at the moment. Try again later.";
