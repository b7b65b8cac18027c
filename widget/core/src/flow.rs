//! The state machine: one phase at a time, each holding only what that phase may know.
//!
//! ```text
//! Idle ─► Interacting ─► Introspecting ─► Conversing ─► Redeeming ─► FetchingKeys ─► CheckingSignature ─► Ended
//!              ▲  saved handle ─┘ ▲            │  ▲_______│ answered, pressed, polled
//!              └──── expired, started over ────┘             any failure ─► Stopped ─► Interacting
//! ```
//! Late, double and out-of-order input is normal and handled once, in [`Flow::handle`]: an answer counts only if it
//! answers the one request that is awaited, a press only if it comes from the screen that is shown and nothing is under
//! way. Not here: what an IDX answer means (`idx`) and what makes a token acceptable ([`crate::oidc`]).

mod config;
mod conversation;
mod redemption;
mod start;
mod tasks;
mod transaction;

use std::mem;

pub use config::{Config, StartAt};
use conversation::Conversation;
use redemption::{CheckingSignature, FetchingKeys, Redeeming};
use tasks::Running;
use transaction::Transaction;

use crate::{
    Entropy,
    error::{Error, NetworkError},
    io::{Body, Input, Method, Output, Request, RequestId, Response, SignatureVerdict, Timestamp},
    screen::{Action, ActionId, ActionKind, Layout, Level, Matter, Notice, Screen, ScreenId, Shown},
};

/// One sign-in, from mount to tokens.
#[derive(Debug)]
pub struct Flow {
    config: Config,
    entropy: Entropy,
    phase: Phase,
    /// What is on the screen now.
    screen: Shown,
    /// The one thing whose answer counts.
    awaited: Option<RequestId>,
    timer: Option<RequestId>,
    /// What the browser is doing for this screen.
    task: Option<Running>,
    /// The screen for which this device was probed.
    probed: Option<ScreenId>,
    /// How many steps have been taken since a person did something.
    steps_alone: u8,
    /// When the last input came.
    now: Timestamp,
    /// From when on something may be sent again.
    resend_at: Timestamp,
    /// What is under way is meant to send something again.
    is_resending: bool,
    last_id: u64,
    last_screen: u32,
    /// What was typed as user name, so that starting over does not lose it.
    username: Option<String>,
    /// Goes on top of the next screen: why there is a new beginning.
    pending_notice: Option<Notice>,
    outputs: Vec<Output>,
}

#[derive(Debug, Default)]
enum Phase {
    #[default]
    Idle,
    /// Asked for an interaction handle.
    Interacting(Transaction),
    /// Asked where the transaction stands.
    Introspecting(Transaction),
    /// A screen is shown, perhaps with a request under way.
    Conversing(Box<Conversation>),
    /// Sent the code to the token endpoint.
    Redeeming(Box<Redeeming>),
    /// Asked for the issuer's keys.
    FetchingKeys(Box<FetchingKeys>),
    /// The platform checks a signature.
    CheckingSignature(Box<CheckingSignature>),
    /// Nothing goes on by itself; the screen offers to begin anew, or to go on with what could not be reached.
    Stopped(Option<Transaction>),
    /// The outcome has been handed over.
    Ended,
}

impl Flow {
    /// A flow that waits for [`Input::Started`]. Refused where an option cannot work at all.
    pub fn new(config: Config, entropy: Entropy) -> Result<Self, Error> {
        Ok(Self {
            username: config.username.clone(),
            config: config.checked()?,
            entropy,
            phase: Phase::Idle,
            screen: Shown::default(),
            awaited: None,
            timer: None,
            task: None,
            probed: None,
            steps_alone: 0,
            now: Timestamp(0),
            resend_at: Timestamp(0),
            is_resending: false,
            last_id: 0,
            last_screen: 0,
            pending_notice: None,
            outputs: Vec::new(),
        })
    }

    /// The sessionStorage key for [`Output::Save`]; differs for other options.
    pub fn storage_key(&self) -> String {
        self.config.storage_key()
    }

    /// The screen that was last shown.
    pub const fn screen(&self) -> &Shown {
        &self.screen
    }

    /// One step: what happened, when, and what is to be done about it. Input that is late, double or from a screen that
    /// is gone does nothing.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Output> {
        self.now = now;
        match input {
            Input::Started { saved, returned } => self.started(saved, returned),
            Input::Answered { screen, answers } if self.is_open(screen) => self.answered(answers),
            Input::Pressed { screen, action } if self.is_open(screen) => self.pressed(action),
            Input::Responded { request, response } if self.takes(request) => self.responded(response, now),
            Input::Failed { request, error } if self.takes(request) => self.failed(error),
            Input::SignatureChecked { request, verdict } if self.takes(request) => {
                self.signature_checked(verdict);
            }
            Input::TimerFired { timer } if self.timer == Some(timer) && !self.screen.is_busy => self.poll(),
            Input::TaskDone { task, result } => self.task_done(task, result.expose()),
            Input::Refreshed => self.refresh(),
            Input::Copied { text } => self.outputs.push(Output::Copy(text)),
            Input::Answered { .. }
            | Input::Pressed { .. }
            | Input::Responded { .. }
            | Input::Failed { .. }
            | Input::SignatureChecked { .. }
            | Input::TimerFired { .. } => {}
        }
        mem::take(&mut self.outputs)
    }

    fn is_open(&self, screen: ScreenId) -> bool {
        self.screen.id == screen && !self.screen.is_busy
    }

    /// True once for the request that is awaited.
    fn takes(&mut self, request: RequestId) -> bool {
        let is_awaited = self.awaited == Some(request);
        if is_awaited {
            self.awaited = None;
        }
        is_awaited
    }

    fn answered(&mut self, answers: crate::io::Answers) {
        match mem::take(&mut self.phase) {
            Phase::Conversing(conversation) => self.answer_form(conversation, answers),
            other => self.phase = other,
        }
    }

    fn pressed(&mut self, action: ActionId) {
        match mem::take(&mut self.phase) {
            Phase::Conversing(conversation) => self.press(conversation, action),
            Phase::Stopped(transaction) => self.go_on(transaction),
            other => self.phase = other,
        }
    }

    fn responded(&mut self, response: Response, now: Timestamp) {
        match mem::take(&mut self.phase) {
            Phase::Interacting(transaction) => self.interacted(transaction, &response),
            Phase::Introspecting(transaction) => self.introspected(transaction, &response),
            Phase::Conversing(conversation) => self.conversed(conversation, &response),
            Phase::Redeeming(redeeming) => self.redeemed(*redeeming, &response, now),
            Phase::FetchingKeys(fetching) => self.keys_fetched(*fetching, &response),
            other => self.phase = other,
        }
    }

    fn failed(&mut self, error: NetworkError) {
        let error = Error::Network(error);
        match mem::take(&mut self.phase) {
            Phase::Conversing(conversation) => self.conversation_failed(conversation, error),
            Phase::Introspecting(transaction) => {
                self.stop(error, None, Matter::Unreachable);
                self.outputs.push(Output::Save(transaction.saved()));
                self.phase = Phase::Stopped(Some(transaction));
            }
            Phase::Interacting(_) | Phase::Redeeming(_) | Phase::FetchingKeys(_) => {
                self.stop(error, None, Matter::Unreachable);
            }
            idle @ (Phase::Idle | Phase::CheckingSignature(_) | Phase::Stopped(_) | Phase::Ended) => {
                self.phase = idle
            }
        }
    }

    fn signature_checked(&mut self, verdict: SignatureVerdict) {
        match mem::take(&mut self.phase) {
            Phase::CheckingSignature(checking) => self.signature_judged(*checking, verdict),
            other => self.phase = other,
        }
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id += 1;
        RequestId(self.last_id)
    }

    /// Sends a request whose answer counts from now on; whatever was awaited before is no longer wanted.
    fn ask(&mut self, method: Method, url: String, accept: &str, body: Body) {
        self.forget_awaited();
        let id = self.next_id();
        self.awaited = Some(id);
        self.outputs.push(Output::Request(Request {
            id,
            method,
            url,
            accept: accept.to_owned(),
            body,
            has_cookies: true,
            is_fresh: false,
        }));
    }

    fn forget_awaited(&mut self) {
        self.timer = None;
        if let Some(old) = self.awaited.take() {
            self.outputs.push(Output::Abort(old));
        }
    }

    fn show(&mut self, screen: Screen) {
        self.screen = Shown::from(screen);
        self.screen.is_prompting = self.is_prompting();
        self.show_again();
    }

    fn show_again(&mut self) {
        self.outputs.push(Output::Show(self.screen.clone()));
    }

    fn show_busy(&mut self, is_busy: bool) {
        if self.screen.is_busy != is_busy {
            self.screen.is_busy = is_busy;
            self.show_again();
        }
    }

    fn report(&mut self, error: Error, request_id: Option<String>) {
        self.outputs.push(Output::Report { error, request_id });
    }

    fn new_screen_id(&mut self) -> ScreenId {
        self.last_screen += 1;
        ScreenId(self.last_screen)
    }

    /// Ends the transaction with a screen that says why and offers a new beginning.
    fn stop(&mut self, error: Error, request_id: Option<String>, matter: Matter) {
        self.report(error, request_id);
        self.stop_with(Notice::own(Level::Error, matter));
    }

    fn stop_with(&mut self, notice: Notice) {
        self.forget_awaited();
        self.outputs.push(Output::Forget);
        let kind = match notice.matter {
            Matter::Unreachable | Matter::ServerFailed | Matter::TooMany { .. } => {
                ActionKind::TryAgain { with_form: false }
            }
            _ => ActionKind::StartOver,
        };
        let screen = Screen {
            id: self.new_screen_id(),
            step: "terminal".to_owned(),
            layout: Layout::Message,
            notices: vec![notice],
            actions: vec![Action { kind, label: None, href: None, opens_tab: false, ready_at: None }],
            ..Screen::default()
        };
        self.give_up_task();
        self.phase = Phase::Stopped(None);
        self.show(screen);
    }
}
