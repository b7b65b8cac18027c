//! Between the core and the browser: performs each output and feeds the results back. Holds no state of the protocol;
//! what is here are the things that have to be cancelled when the widget goes.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
};

use latchkey_core::{
    Config, Error, Flow, Input, Output, Secret,
    io::{Outcome, Request, RequestId, Returned, Task, TaskKind},
    json_object,
    oidc::{SignatureJob, Tokens},
    screen::{Layout, ScreenId, Shown},
};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use crate::platform::{
    clock::{self, Timer},
    emit::Emit,
    fetch::{self, Abort},
    presence, signature, storage,
    tasks::Tasks,
};

/// One widget's flow and what it has under way.
pub(crate) struct Driver {
    flow: RefCell<Flow>,
    config: RefCell<Config>,
    screen: RwSignal<Shown>,
    emit: Emit,
    tasks: Tasks,
    /// The language that servers are asked to speak.
    language: RefCell<String>,
    /// Requests and tasks.
    requests: RefCell<Vec<(RequestId, Abort)>>,
    timer: RefCell<Option<Timer>>,
    /// The last screen that was told to the page.
    told: Cell<Option<ScreenId>>,
    is_stopped: Cell<bool>,
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Driver")
    }
}

impl Driver {
    pub(crate) fn new(
        config: Config,
        screen: RwSignal<Shown>,
        emit: Emit,
        tasks: Tasks,
    ) -> Result<Rc<Self>, Error> {
        Ok(Rc::new(Self {
            flow: RefCell::new(new_flow(&config)?),
            config: RefCell::new(config),
            screen,
            emit,
            tasks,
            language: RefCell::default(),
            requests: RefCell::default(),
            timer: RefCell::default(),
            told: Cell::default(),
            is_stopped: Cell::new(false),
        }))
    }

    /// Asks the server for answers in `language` from now on.
    pub(crate) fn prefer(&self, language: String) {
        self.language.replace(language);
    }

    /// Begins, or goes on where a reload has interrupted.
    pub(crate) fn start(self: &Rc<Self>, returned: Option<Returned>) {
        let saved = storage::load(&self.flow.borrow().storage_key());
        self.handle(Input::Started { saved, returned });
    }

    /// Options that change what is asked of the server need a new flow; others are not the driver's.
    pub(crate) fn update(self: &Rc<Self>, config: Config) -> Result<(), Error> {
        if self.is_stopped.get() || *self.config.borrow() == config {
            return Ok(());
        }
        let flow = new_flow(&config)?;
        self.cancel_all();
        storage::forget(&self.flow.borrow().storage_key());
        self.flow.replace(flow);
        self.config.replace(config);
        self.start(None);
        Ok(())
    }

    /// Nothing happens any more.
    pub(crate) fn stop(&self) {
        self.is_stopped.set(true);
        self.cancel_all();
    }

    fn cancel_all(&self) {
        self.requests.borrow_mut().clear();
        self.timer.borrow_mut().take();
    }

    /// Feeds one input in and performs what comes out. Late input of a widget that is gone does nothing.
    pub(crate) fn handle(self: &Rc<Self>, input: Input) {
        if self.is_stopped.get() {
            return;
        }
        let outputs = self.flow.borrow_mut().handle(input, clock::now());
        for output in outputs {
            self.perform(output);
        }
    }

    fn perform(self: &Rc<Self>, output: Output) {
        match output {
            Output::Request(request) => self.request(request),
            Output::Notify(request) => notify(request),
            Output::Abort(id) => self.requests.borrow_mut().retain(|(known, _)| *known != id),
            Output::Begin(task) => self.begin(task),
            Output::Prepare => self.tasks.prepare(),
            Output::Copy(text) => self.tasks.copy(&text),
            Output::Show(shown) => self.show(shown),
            Output::Save(text) => storage::save(&self.flow.borrow().storage_key(), text.expose()),
            Output::Forget => storage::forget(&self.flow.borrow().storage_key()),
            Output::CheckSignature(job) => self.check_signature(job),
            Output::SetTimer { timer, after } => self.set_timer(timer, after),
            Output::Navigate { href } => navigate(&href),
            Output::Report { error, request_id } => self.report(&error, request_id),
            Output::Finish(outcome) => self
                .emit
                .event(&json_object(vec![("type", "success".into()), ("outcome", outcome_json(*outcome))])),
        }
    }

    fn request(self: &Rc<Self>, request: Request) {
        let (driver, id, abort) = (Rc::downgrade(self), request.id, Abort::new());
        let answer = fetch::send(request, &self.language.borrow(), &abort);
        self.requests.borrow_mut().push((id, abort));
        spawn_local(async move {
            let answer = answer.await;
            let Some(driver) = driver.upgrade() else { return };
            driver.requests.borrow_mut().retain(|(known, _)| *known != id);
            driver.handle(match answer {
                Ok(response) => Input::Responded { request: id, response },
                Err(error) => Input::Failed { request: id, error },
            });
        });
    }

    fn begin(self: &Rc<Self>, Task { id, kind, argument }: Task) {
        let (driver, abort) = (Rc::downgrade(self), Abort::new());
        let result = self.tasks.perform(task_name(kind), &argument, &abort);
        self.requests.borrow_mut().push((id, abort));
        spawn_local(async move {
            let result = Secret::new(result.await);
            let Some(driver) = driver.upgrade() else { return };
            driver.requests.borrow_mut().retain(|(known, _)| *known != id);
            driver.handle(Input::TaskDone { task: id, result });
        });
    }

    fn check_signature(self: &Rc<Self>, job: SignatureJob) {
        let driver = Rc::downgrade(self);
        spawn_local(async move {
            let request = job.id;
            let verdict = signature::check(job).await;
            if let Some(driver) = driver.upgrade() {
                driver.handle(Input::SignatureChecked { request, verdict });
            }
        });
    }

    fn set_timer(self: &Rc<Self>, timer: RequestId, after: u32) {
        let driver = Rc::downgrade(self);
        let fire = move || {
            let Some(driver) = driver.upgrade() else { return };
            if presence::is_present() {
                driver.handle(Input::TimerFired { timer });
            } else {
                driver.set_timer(timer, presence::LOOK);
            }
        };
        self.timer.replace(Some(Timer::after(after, fire)));
    }

    fn show(&self, screen: Shown) {
        let is_new = self.told.get() != Some(screen.id) && screen.layout != Layout::Loading;
        let (step, authenticator) = (screen.step.clone(), screen.authenticator.clone());
        // The owner may be gone where an answer comes after the unmount.
        let _ = self.screen.try_set(screen);
        if !is_new {
            return;
        }
        let is_first = self.told.replace(Some(self.screen.with_untracked(|screen| screen.id))).is_none();
        let mut event = vec![("type", "screen".into()), ("name", step.into())];
        if let Some(known) = authenticator {
            event.push(("authenticator", known.key.into()));
            event.extend(known.calls.then(|| ("methodType", "voice".into())));
        }
        self.emit.event(&json_object(event));
        if is_first {
            self.emit.event(&json_object(vec![("type", "ready".into())]));
        }
    }

    fn report(&self, error: &Error, request_id: Option<String>) {
        let mut told = vec![("code", error.code().into()), ("message", error.to_string().into())];
        told.extend(request_id.map(|id| ("requestId", id.into())));
        self.emit.event(&json_object(vec![("type", "error".into()), ("error", json_object(told))]));
    }
}

fn new_flow(config: &Config) -> Result<Flow, Error> {
    // A browser without a secure generator has no secure context either.
    let entropy = clock::entropy().ok_or(Error::Setup(latchkey_core::error::SetupError::InsecureContext))?;
    Flow::new(config.clone(), entropy)
}

/// The names that the TypeScript side knows.
const fn task_name(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::CreatePasskey => "webauthn.create",
        TaskKind::UsePasskey => "webauthn.get",
        TaskKind::OfferPasskeys => "webauthn.autofill",
        TaskKind::Probe => "probe",
        TaskKind::Captcha => "captcha",
        TaskKind::Duo => "duo",
    }
}

/// The answer is nobody's, and leaving the page must not stop it.
fn notify(request: Request) {
    let abort = Abort::new();
    let answer = fetch::send(request, "", &abort);
    spawn_local(async move {
        let _ = answer.await;
        drop(abort);
    });
}

fn navigate(href: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().assign(href);
    }
}

/// The public `Outcome`.
fn outcome_json(outcome: Outcome) -> Value {
    let (status, members) = match outcome {
        Outcome::SignedIn(tokens) => ("signed-in", vec![("tokens", tokens_json(tokens))]),
        Outcome::InteractionCode { code, state } => (
            "interaction-code",
            vec![("interactionCode", code.into_exposed().into()), ("state", state.into())],
        ),
        Outcome::Redirected => ("redirected", Vec::new()),
    };
    let mut outcome = vec![("status", status.into())];
    outcome.extend(members);
    json_object(outcome)
}

fn tokens_json(tokens: Tokens) -> Value {
    let mut members = vec![
        ("accessToken", tokens.access_token.into_exposed().into()),
        ("tokenType", tokens.token_type.into()),
        ("expiresAt", tokens.expires_at.0.into()),
        ("scopes", tokens.scopes.into()),
    ];
    members.extend(tokens.id_token.map(|id_token| {
        let raw = id_token.raw.into_exposed().into();
        ("idToken", json_object(vec![("raw", raw), ("claims", id_token.claims)]))
    }));
    members.extend(tokens.refresh_token.map(|token| ("refreshToken", token.into_exposed().into())));
    json_object(members)
}
