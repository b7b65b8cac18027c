//! The server's side: the real server with a database file of its own, a clock that stands still unless it is moved,
//! and dice that fall alike in each run. Nothing listens on a port: requests go straight to the router.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use http_body_util::BodyExt as _;
use latchkey_server::{Clock, Config, Entropy, EntropyError, Server, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

pub(crate) const SERVER_ORIGIN: &str = "http://localhost:4401";
pub(crate) const PAGE_ORIGIN: &str = "http://localhost:4400";
pub(crate) const EMAIL: &str = "pat@example.com";
pub(crate) const PASSWORD: &str = "Correct-Horse-42";

/// The one clock that both sides read.
struct SharedClock(AtomicI64);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that look random and are the same in each run (splitmix64), so that no test depends on luck.
#[derive(Default)]
struct Dice(AtomicU64);

impl Entropy for Dice {
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

/// A server, and the machine that it runs on.
pub(crate) struct World {
    runtime: Runtime,
    config: String,
    clock: Arc<SharedClock>,
    dice: Arc<Dice>,
    server: Server,
    _folder: TempDir,
}

impl World {
    /// A server whose configuration ends with these tables, such as `[policy]`.
    pub(crate) fn new(policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("server.sqlite");
        std::fs::write(&database, template()).unwrap();
        let config = configuration(&database, policy);
        // 2026-03-14T15:09:26.535Z, for no reason.
        let clock = Arc::new(SharedClock(AtomicI64::new(1_773_500_966_535)));
        let (dice, runtime) = (Arc::new(Dice::default()), runtime());
        let server = runtime.block_on(open(&config, &clock, &dice));
        Self { runtime, config, clock, dice, server, _folder: folder }
    }

    /// Nothing is left of the server but its database, and a new one begins from that.
    pub(crate) fn restart(&mut self) {
        self.runtime.block_on(self.server.close());
        self.server = self.runtime.block_on(open(&self.config, &self.clock, &self.dice));
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    /// One request, as it would come over the wire.
    pub(crate) fn send(&self, request: Request<Body>) -> Response<String> {
        let router: Router = self.server.router();
        self.runtime.block_on(async {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            let bytes = body.collect().await.unwrap().to_bytes().to_vec();
            Response::from_parts(parts, String::from_utf8(bytes).unwrap())
        })
    }

    /// A form posted to an OAuth endpoint, by the page's origin: status and body.
    pub(crate) fn oauth(&self, endpoint: &str, params: &[(&str, &str)]) -> (u16, Value) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(params).finish();
        let request = Request::post(format!("/oauth2/default/v1/{endpoint}"))
            .header("origin", PAGE_ORIGIN)
            .header("content-type", "application/x-www-form-urlencoded");
        let response = self.send(request.body(Body::from(body)).unwrap());
        (response.status().as_u16(), serde_json::from_str(response.body()).unwrap_or_default())
    }

    /// What the userinfo endpoint says to whoever has this access token.
    pub(crate) fn userinfo(&self, access_token: &str) -> Value {
        let request = Request::get("/oauth2/default/v1/userinfo")
            .header("origin", PAGE_ORIGIN)
            .header("authorization", format!("Bearer {access_token}"));
        serde_json::from_str(self.send(request.body(Body::empty()).unwrap()).body()).unwrap()
    }

    /// The server's own inbox, newest first.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let response = self.send(Request::get("/inbox.json").body(Body::empty()).unwrap());
        let inbox: Value = serde_json::from_str(response.body()).unwrap();
        inbox["mails"].as_array().unwrap().clone()
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn open(config: &str, clock: &Arc<SharedClock>, dice: &Arc<Dice>) -> Server {
    let config = Config::from_toml(config).unwrap();
    let (clock, dice) = (Arc::clone(clock), Arc::clone(dice));
    Server::open(config, clock as Arc<dyn Clock>, dice as Arc<dyn Entropy>).await.unwrap()
}

fn configuration(database: &std::path::Path, policy: &str) -> String {
    format!(
        r#"
        [server]
        issuer = "{SERVER_ORIGIN}/oauth2/default"
        database = {database:?}

        [[clients]]
        client_id = "demo-spa"
        name = "Demo app"
        redirect_uris = ["{PAGE_ORIGIN}/callback"]
        origins = ["{PAGE_ORIGIN}"]

        [[users]]
        email = "{EMAIL}"
        password = "{PASSWORD}"
        first_name = "Pat"
        last_name = "Example"

        [mail]
        inbox = true

        {policy}
        "#
    )
}

/// A database with its key and its users, as bytes: making those costs more than most stories.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.sqlite");
        let clock = Arc::new(SharedClock(AtomicI64::new(1_700_000_000_000)));
        let dice = Arc::new(Dice(AtomicU64::new(u64::MAX / 2)));
        runtime().block_on(async { open(&configuration(&path, ""), &clock, &dice).await.close().await });
        std::fs::read(path).unwrap()
    })
}
