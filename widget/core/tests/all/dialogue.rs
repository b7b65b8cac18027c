//! A flow on a stage: feeds answers and presses in, keeps what comes out. Fixtures are as small as the protocol allows.

use latchkey_core::{
    Config, Entropy, Flow, Input, Output,
    error::NetworkError,
    io::{
        Answers, Body, Method, Outcome, Request, RequestId, Response, Returned, SignatureVerdict, Task,
        Timestamp,
    },
    oidc::SignatureJob,
    screen::{ActionId, ActionKind, Matter, Shown},
    secret::Secret,
};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://id.example.test/oauth2/default";
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// A flow and everything that it has asked for.
pub(crate) struct Dialogue {
    pub(crate) flow: Flow,
    pub(crate) requests: Vec<Request>,
    pub(crate) notified: Vec<Request>,
    pub(crate) aborted: Vec<RequestId>,
    pub(crate) saved: Option<String>,
    pub(crate) reports: Vec<&'static str>,
    pub(crate) navigated: Vec<String>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) timers: Vec<(RequestId, u32)>,
    pub(crate) jobs: Vec<SignatureJob>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) copied: Vec<String>,
    pub(crate) prepared: usize,
    pub(crate) now: Timestamp,
    pub(crate) shown: usize,
}

pub(crate) fn config() -> Config {
    Config {
        issuer: ISSUER.into(),
        client_id: "0oa1".into(),
        redirect_uri: "https://app.example.test/callback".into(),
        scopes: vec!["openid".into(), "profile".into()],
        nonce: Some("n-1".into()),
        ..Config::default()
    }
}

impl Dialogue {
    /// Started, and nothing answered yet.
    pub(crate) fn with(config: Config, saved: Option<String>) -> Self {
        Self::returning(config, saved, None)
    }

    /// Started by a page whose address says how it went elsewhere.
    pub(crate) fn returning(config: Config, saved: Option<String>, returned: Option<Returned>) -> Self {
        let flow = Flow::new(config, Entropy::new([9; 32])).unwrap();
        let mut dialogue = Self {
            flow,
            requests: Vec::new(),
            notified: Vec::new(),
            aborted: Vec::new(),
            saved: None,
            reports: Vec::new(),
            navigated: Vec::new(),
            outcome: None,
            timers: Vec::new(),
            jobs: Vec::new(),
            tasks: Vec::new(),
            copied: Vec::new(),
            prepared: 0,
            now: NOW,
            shown: 0,
        };
        dialogue.input(Input::Started { saved, returned });
        dialogue
    }

    /// Started, with the first IDX answer on the screen.
    pub(crate) fn at(answer: &Value) -> Self {
        let mut dialogue = Self::with(config(), None);
        dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
        dialogue.says(200, answer);
        dialogue
    }

    pub(crate) fn input(&mut self, input: Input) {
        for output in self.flow.handle(input, self.now) {
            match output {
                Output::Request(request) => self.requests.push(request),
                Output::Notify(request) => self.notified.push(request),
                Output::Abort(id) => self.aborted.push(id),
                Output::Begin(task) => self.tasks.push(task),
                Output::Prepare => self.prepared += 1,
                Output::Copy(text) => self.copied.push(text),
                Output::Show(_) => self.shown += 1,
                Output::Save(text) => self.saved = Some(text.into_exposed()),
                Output::Forget => self.saved = None,
                Output::CheckSignature(job) => self.jobs.push(job),
                Output::SetTimer { timer, after } => self.timers.push((timer, after)),
                Output::Navigate { href } => self.navigated.push(href),
                Output::Report { error, .. } => self.reports.push(error.code()),
                Output::Finish(outcome) => self.outcome = Some(*outcome),
            }
        }
    }

    pub(crate) fn last(&self) -> &Request {
        self.requests.last().expect("a request was sent")
    }

    pub(crate) fn says(&mut self, status: u16, body: &Value) {
        self.says_text(status, &body.to_string());
    }

    pub(crate) fn says_text(&mut self, status: u16, body: &str) {
        self.says_with(status, body, None);
    }

    pub(crate) fn says_with(&mut self, status: u16, body: &str, retry_after: Option<u32>) {
        let request = self.last().id;
        self.answers(request, status, body, retry_after);
    }

    /// An answer to any request, also one that nobody waits for any more.
    pub(crate) fn answers(&mut self, request: RequestId, status: u16, body: &str, retry_after: Option<u32>) {
        let response = Response {
            status,
            body: Secret::new(body.to_owned()),
            retry_after,
            date: None,
            request_id: None,
        };
        self.input(Input::Responded { request, response });
    }

    pub(crate) fn fails(&mut self) {
        let request = self.last().id;
        self.input(Input::Failed { request, error: NetworkError::Unreachable });
    }

    pub(crate) fn does(&mut self, answers: Answers) {
        let screen = self.screen().id;
        self.input(Input::Answered { screen, answers });
    }

    pub(crate) fn types(&mut self, name: &str, text: &str) {
        self.does(Answers::new().with_text(name, text));
    }

    pub(crate) fn presses(&mut self, kind: &ActionKind) {
        let index = self.screen().actions.iter().position(|action| action.kind == *kind);
        let index = index.unwrap_or_else(|| panic!("no {kind:?} in {:?}", self.screen().actions));
        let screen = self.screen().id;
        self.input(Input::Pressed { screen, action: ActionId(index) });
    }

    pub(crate) fn verdict(&mut self, verdict: SignatureVerdict) {
        let request = self.jobs.last().expect("a signature is to be checked").id;
        self.input(Input::SignatureChecked { request, verdict });
    }

    /// The browser has done what it was asked for last, or has not.
    pub(crate) fn browser_says(&mut self, result: &Value) {
        let task = self.tasks.last().expect("the browser was asked for something").id;
        self.input(Input::TaskDone { task, result: Secret::new(result.to_string()) });
    }

    pub(crate) fn timer_fires(&mut self) {
        let timer = self.timers.last().expect("a timer was set").0;
        self.input(Input::TimerFired { timer });
    }

    pub(crate) fn screen(&self) -> &Shown {
        self.flow.screen()
    }

    /// The first thing that the screen says, as a short word.
    pub(crate) fn says_first(&self) -> String {
        match self.screen().notices.first().map(|notice| &notice.matter) {
            None => "nothing".into(),
            Some(Matter::Server { text, .. }) => text.clone(),
            Some(other) => format!("{other:?}"),
        }
    }

    /// Method, path and body of the last request.
    pub(crate) fn sent(&self) -> (Method, &str, Value) {
        let request = self.last();
        let path = request.url.strip_prefix("https://id.example.test").unwrap_or(&request.url);
        (request.method, path, json_of(&request.body))
    }
}

pub(crate) fn json_of(body: &Body) -> Value {
    match body {
        Body::Empty => Value::Null,
        Body::Form(text) => Value::String(text.expose().clone()),
        Body::Json { text, .. } => serde_json::from_str(text.expose()).unwrap(),
    }
}

/// An answer with these remediations and whatever else is given.
pub(crate) fn idx(remediations: &[Value], more: Value) -> Value {
    let mut answer = json!({"version": "1.0.0", "stateHandle": "sh", "remediation": {"type": "array", "value": remediations}});
    answer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    answer
}

/// A form that goes to `/idp/idx/{path}` and carries the state handle.
pub(crate) fn form(name: &str, path: &str, fields: Value) -> Value {
    let mut fields = fields.as_array().unwrap().clone();
    fields.push(
        json!({"name": "stateHandle", "required": true, "value": "sh", "visible": false, "mutable": false}),
    );
    let href = format!("https://id.example.test/idp/idx/{path}");
    json!({"rel": ["create-form"], "name": name, "href": href, "method": "POST", "value": fields,
        "accepts": "application/json; okta-version=1.0.0"})
}

pub(crate) fn identify() -> Value {
    let identify =
        form("identify", "identify", json!([{"name": "identifier", "label": "Username", "required": true}]));
    idx(
        &[identify, form("select-enroll-profile", "enroll", json!([]))],
        json!({"cancel": form("cancel", "cancel", json!([]))}),
    )
}

pub(crate) fn password() -> Value {
    let challenge = form(
        "challenge-authenticator",
        "challenge/answer",
        json!([{"name": "credentials", "type": "object", "required": true,
            "form": {"value": [{"name": "passcode", "label": "Password", "secret": true}]}}]),
    );
    let current = json!({"type": "object", "value": {"key": "okta_password", "displayName": "Password",
        "recover": form("recover", "recover", json!([]))}});
    idx(
        &[challenge],
        json!({"currentAuthenticatorEnrollment": current, "cancel": form("cancel", "cancel", json!([])),
            "user": {"type": "object", "value": {"identifier": "pat@example.test"}}}),
    )
}

pub(crate) fn email_code() -> Value {
    let challenge = form(
        "challenge-authenticator",
        "challenge/answer",
        json!([{"name": "credentials", "form": {"value": [{"name": "passcode", "label": "Enter code"}]}}]),
    );
    let current = json!({"type": "object", "value": {"key": "okta_email", "profile": {"email": "p***t@example.test"},
        "resend": form("resend", "challenge/resend", json!([])),
        "poll": {"name": "poll", "href": "https://id.example.test/idp/idx/challenge/poll", "method": "POST", "refresh": 4000,
            "value": [{"name": "stateHandle", "value": "sh", "visible": false, "mutable": false}]}}});
    idx(
        &[challenge],
        json!({"currentAuthenticatorEnrollment": current, "cancel": form("cancel", "cancel", json!([]))}),
    )
}

pub(crate) fn messages(key: &str, text: &str, class: &str) -> Value {
    json!({"type": "array", "value": [{"message": text, "i18n": {"key": key}, "class": class}]})
}

pub(crate) fn success() -> Value {
    json!({"version": "1.0.0", "successWithInteractionCode": {"name": "issue", "href": "https://id.example.test/oauth2/default/v1/token",
        "value": [{"name": "grant_type", "value": "interaction_code"}, {"name": "interaction_code", "value": "ic-1"}]}})
}
