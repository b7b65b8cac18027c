//! A server to test, and a client that speaks to it.
//!
//! Making a database costs a key and several Argon2 hashes, so one is made for all tests and copied.

mod client;
mod conversation;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub(crate) use client::{Client, basic, encoded, interact_params, token_params};
pub(crate) use conversation::{Answer, Conversation};
use latchkey_server::{
    Clock, Config, Entropy, EntropyError, IssuedToken, Server, Timestamp, TokenError, TokenKind,
};
use serde_json::Value;
use tempfile::TempDir;

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

/// The claims of a token, unchecked.
pub(crate) fn claims(token: &Value) -> Value {
    use base64::Engine as _;
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
