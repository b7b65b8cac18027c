//! A page and a server, and whatever may happen between them.
//!
//! [`Pair`] does what the widget's driver does in a browser: performs each output of the core and feeds the results
//! back. What a person does on the page is in `person.rs`, what holds for every answer in `agreement.rs`.

mod agreement;
mod browser;
mod person;
mod signature;
mod world;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    mem,
};

use agreement::Agreement;
use browser::Browser;
use latchkey_core::{
    Config, Entropy, Flow, Input, Output,
    error::NetworkError,
    io::{Answer, Outcome, Request, RequestId, Response, Timestamp},
    oidc::Tokens,
    screen::Shown,
    secret::Secret,
};
use serde_json::Value;
use world::World;
pub(crate) use world::{EMAIL, PAGE_ORIGIN, PASSWORD, SERVER_ORIGIN};

/// The field of a password or a code.
pub(crate) const PASSCODE: &str = "credentials.passcode";

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Up,
    /// Nothing gets through.
    Down,
    /// The server hears the page, but the page does not hear the server.
    LosingAnswers,
    /// Answers are on their way until [`Pair::answers_arrive`].
    Slow,
}

/// What the page hears; and the same as JSON, if it is an IDX answer as the server sent it.
type Heard = (Response, Option<(u16, Value)>);

/// Changes the JSON of an answer on its way, by the path of the request.
type Interference = Box<dyn Fn(&str, &mut Value)>;

/// A page with the widget, and the server.
pub(crate) struct Pair {
    pub(crate) world: World,
    pub(crate) network: Network,
    /// Seconds by which the device's clock is ahead of the server's.
    pub(crate) device_clock_error: i64,
    /// Path of each request that was sent and not only announced.
    pub(crate) requests: Vec<String>,
    /// What the tab's sessionStorage holds.
    pub(crate) storage: HashMap<String, String>,
    config: Config,
    browser: Browser,
    flow: Flow,
    /// What was drawn last.
    screen: Shown,
    /// What is in the inputs of that screen.
    filled: HashMap<String, Answer>,
    /// Passwords that were typed, at any time.
    secrets: Vec<String>,
    /// How often the page was loaded: each time the core gets new dice.
    loads: u8,
    arriving: VecDeque<Arrival>,
    interference: Option<Interference>,
    agreement: Agreement,
    outcome: Option<Outcome>,
    reports: Vec<&'static str>,
}

/// An answer that has left the server.
struct Arrival {
    request: RequestId,
    input: Input,
    idx: Option<(u16, Value)>,
}

/// The options of the demo page.
pub(crate) fn options() -> Config {
    Config {
        issuer: format!("{SERVER_ORIGIN}/oauth2/default"),
        client_id: "demo-spa".into(),
        redirect_uri: format!("{PAGE_ORIGIN}/callback"),
        scopes: ["openid", "profile", "email"].map(str::to_owned).into(),
        ..Config::default()
    }
}

impl Pair {
    /// The demo page, just loaded, and a server with the default policy.
    pub(crate) fn new() -> Self {
        Self::with_policy("")
    }

    /// A server whose configuration ends with these tables.
    pub(crate) fn with_policy(policy: &str) -> Self {
        Self::with(options(), policy)
    }

    /// A page with options of its own.
    pub(crate) fn with(config: Config, policy: &str) -> Self {
        let mut pair = Self::not_loaded(config, policy);
        pair.loads_the_page();
        pair
    }

    /// A server, and a page that nobody has opened yet.
    pub(crate) fn not_loaded(config: Config, policy: &str) -> Self {
        Self {
            world: World::new(policy),
            network: Network::Up,
            device_clock_error: 0,
            requests: Vec::new(),
            storage: HashMap::new(),
            flow: new_flow(&config, 0),
            config,
            browser: Browser::at(PAGE_ORIGIN),
            screen: Shown::default(),
            filled: HashMap::new(),
            secrets: Vec::new(),
            loads: 0,
            arriving: VecDeque::new(),
            interference: None,
            agreement: Agreement::default(),
            outcome: None,
            reports: Vec::new(),
        }
    }

    /// Loads the page, or loads it again: whatever was under way is gone, and sessionStorage stays.
    pub(crate) fn loads_the_page(&mut self) {
        self.loads += 1;
        self.flow = new_flow(&self.config, self.loads);
        self.arriving.clear();
        self.filled.clear();
        self.outcome = None;
        let saved = self.storage.get(&self.flow.storage_key()).cloned();
        self.feed(Input::Started { saved, returned: None });
    }

    /// The same page in another tab, and the first one is closed.
    pub(crate) fn opens_a_new_tab(&mut self) {
        self.storage.clear();
        self.loads_the_page();
    }

    /// Another page of the same customer, with other options.
    pub(crate) fn goes_to_a_page_with(&mut self, config: Config) {
        self.config = config;
        self.loads_the_page();
    }

    /// The page is served from elsewhere from now on.
    pub(crate) fn is_embedded_at(&mut self, origin: &str) {
        self.browser.origin = origin.to_owned();
    }

    /// The server's CORS does not expose `Date` from now on.
    pub(crate) fn hides_date(&mut self) {
        self.browser.hides_date = true;
    }

    /// Time passes for everybody.
    pub(crate) fn advance(&self, seconds: i64) {
        self.world.advance(seconds);
    }

    /// Somebody between page and server who can change answers.
    pub(crate) fn interferes(&mut self, change: impl Fn(&str, &mut Value) + 'static) {
        self.interference = Some(Box::new(change));
    }

    /// Slow answers are there at last.
    pub(crate) fn answers_arrive(&mut self) {
        self.answers_arrive_and_then(Network::Up);
    }

    /// Slow answers are there at last, and what follows meets another network.
    pub(crate) fn answers_arrive_and_then(&mut self, network: Network) {
        assert_eq!(mem::replace(&mut self.network, network), Network::Slow);
        self.receive();
    }

    /// The errors that the page was told of; whoever does not ask expects none.
    pub(crate) fn reports(&mut self) -> Vec<&'static str> {
        mem::take(&mut self.reports)
    }

    /// The names of all remediations that the page has met.
    pub(crate) fn met(&self) -> &BTreeSet<String> {
        &self.agreement.met
    }

    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// What the page got in the end.
    pub(crate) fn tokens(&self) -> &Tokens {
        match &self.outcome {
            Some(Outcome::SignedIn(tokens)) => tokens,
            other => panic!("no tokens but {other:?}; the screen says {:?}", self.screen.notices),
        }
    }

    /// A claim of the ID token that was accepted.
    pub(crate) fn claim(&self, name: &str) -> &Value {
        &self.tokens().id_token.as_ref().unwrap().claims[name]
    }

    /// The code for the page's backend, and the state that came with it.
    pub(crate) fn interaction_code(&self) -> (&str, &str) {
        match &self.outcome {
            Some(Outcome::InteractionCode { code, state }) => (code.expose(), state),
            other => panic!("no interaction code but {other:?}"),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.world.now() + self.device_clock_error)
    }

    /// Something happens on the page; goes on until everybody waits.
    fn feed(&mut self, input: Input) {
        self.step(input);
        if self.network != Network::Slow {
            self.receive();
        }
    }

    fn receive(&mut self) {
        while let Some(Arrival { input, idx, .. }) = self.arriving.pop_front() {
            self.step(input);
            if let Some((status, answer)) = idx {
                self.agreement.check(status, &answer, &self.screen);
            }
        }
        assert_eq!(&self.screen, self.flow.screen(), "the screen changed and nobody drew it");
    }

    fn step(&mut self, input: Input) {
        let now = self.now();
        for output in self.flow.handle(input, now) {
            self.keeps_passwords_to_itself(&output);
            self.perform(output);
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Request(request) => self.request(&request),
            Output::Notify(request) => self.notify(&request),
            Output::Abort(id) => self.arriving.retain(|arrival| arrival.request != id),
            Output::Show(screen) => self.draw(screen),
            Output::Save(text) => {
                self.storage.insert(self.flow.storage_key(), text.into_exposed());
            }
            Output::Forget => {
                self.storage.remove(&self.flow.storage_key());
            }
            Output::CheckSignature(job) => {
                let input = Input::SignatureChecked { request: job.id, verdict: signature::check(&job) };
                self.arriving.push_back(Arrival { request: job.id, input, idx: None });
            }
            Output::Begin(task) => panic!("this server asks the browser for nothing: {task:?}"),
            Output::Prepare => {}
            Output::Copy(text) => panic!("nobody copies {text}"),
            Output::SetTimer { .. } => panic!("this server has nothing to wait for"),
            Output::Navigate { href } => panic!("this server sends nobody to {href}"),
            Output::Report { error, .. } => self.reports.push(error.code()),
            Output::Finish(outcome) => self.outcome = Some(*outcome),
        }
    }

    /// What was typed stays as long as the form does.
    fn draw(&mut self, screen: Shown) {
        if screen.id != self.screen.id {
            self.filled.clear();
        }
        self.screen = screen;
    }

    fn request(&mut self, request: &Request) {
        let id = request.id;
        let answer = self.exchange(request);
        let (input, idx) = match answer {
            Ok((response, idx)) => (Input::Responded { request: id, response }, idx),
            Err(error) => (Input::Failed { request: id, error }, None),
        };
        self.arriving.push_back(Arrival { request: id, input, idx });
    }

    fn exchange(&mut self, request: &Request) -> Result<Heard, NetworkError> {
        if self.network == Network::Down {
            return Err(NetworkError::Unreachable);
        }
        let path = browser::path(request).to_owned();
        self.requests.push(path.clone());
        let mut response = match self.browser.fetch(&self.world, request) {
            Ok(response) => response,
            Err(_) if self.browser.origin != PAGE_ORIGIN => return Err(NetworkError::Unreachable),
            Err(why) => panic!("the browser keeps the answer from the page: {why}"),
        };
        if self.network == Network::LosingAnswers {
            return Err(NetworkError::TimedOut);
        }
        let mut json = serde_json::from_str::<Value>(response.body.expose()).unwrap();
        if let Some(change) = &self.interference {
            change(&path, &mut json);
            response.body = Secret::new(json.to_string());
            return Ok((response, None));
        }
        let idx = path.starts_with("/idp/idx/").then_some((response.status, json));
        Ok((response, idx))
    }

    /// Nobody waits for the answer, but it should be a good one all the same.
    fn notify(&mut self, request: &Request) {
        self.requests.push(browser::path(request).to_owned());
        let response = self.browser.fetch(&self.world, request).unwrap();
        assert_eq!(response.status, 200, "{} was not understood", browser::path(request));
    }

    /// Debug output ends up in logs, and sessionStorage is open to every script of the page.
    fn keeps_passwords_to_itself(&self, output: &Output) {
        let told = format!("{output:?}");
        let saved = if let Output::Save(text) = output { text.expose().as_str() } else { "" };
        for secret in &self.secrets {
            assert!(!told.contains(secret.as_str()), "a password is in {told}");
            assert!(!saved.contains(secret.as_str()), "a password is saved");
        }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let is_failing = std::thread::panicking();
        assert!(is_failing || self.reports.is_empty(), "nobody expected {:?}", self.reports);
    }
}

fn new_flow(config: &Config, loads: u8) -> Flow {
    Flow::new(config.clone(), Entropy::new([loads; 32])).unwrap()
}
