//! The border of the core: what comes in, what goes out. Both enums are closed; a driver handles every variant.

use crate::{
    error::Error,
    oidc::{SignatureJob, Tokens},
    screen::{ActionId, ScreenId, Shown},
    secret::Secret,
};

/// Seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// So many seconds later.
    #[must_use]
    pub fn plus(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds.into()))
    }
}

/// Names one thing that was asked of the driver. An answer to an older one is dropped, so double clicks, cancelled
/// requests and late polls need no other code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The widget was mounted. `saved` is what [`Output::Save`] left under [`Flow::storage_key`](crate::Flow::storage_key).
    Started {
        /// Text of an earlier [`Output::Save`], if the page was reloaded in the middle.
        saved: Option<String>,
        /// What the address of the page brought from another provider, if anything.
        returned: Option<Returned>,
    },
    /// The person sent the form of a screen.
    Answered {
        /// The screen that held the form; an answer to an older screen is dropped.
        screen: ScreenId,
        /// What was typed and chosen.
        answers: Answers,
    },
    /// The person pressed a link or button that is not the form's own.
    Pressed {
        /// The screen that held it.
        screen: ScreenId,
        /// Which one.
        action: ActionId,
    },
    /// The server answered, with whatever status.
    Responded {
        /// The request that this answers.
        request: RequestId,
        /// The answer.
        response: Response,
    },
    /// No answer came.
    Failed {
        /// The request that failed.
        request: RequestId,
        /// Why, as far as the platform tells.
        error: crate::error::NetworkError,
    },
    /// The platform has checked a signature.
    SignatureChecked {
        /// The job's id.
        request: RequestId,
        /// What came out of it.
        verdict: SignatureVerdict,
    },
    /// A task has come to its end, good or bad.
    TaskDone {
        /// The task's id.
        task: RequestId,
        /// `{"value": …}` or `{"error": "…"}`, as its [`TaskKind`] says.
        result: Secret<String>,
    },
    /// The person wants a text of the screen on the clipboard.
    Copied {
        /// The text.
        text: String,
    },
    /// The same answer reads differently now: it is to be fetched and drawn again.
    Refreshed,
    /// A timer that was set has run out.
    TimerFired {
        /// The timer's id.
        timer: RequestId,
    },
}

/// What a redirect back to the page said (idx.md section 20).
#[derive(Debug)]
pub struct Returned {
    /// Which transaction it belongs to.
    pub state: String,
    /// The person is signed in.
    pub interaction_code: Option<Secret<String>>,
    /// They are not, or not yet (RFC 6749 section 4.1.2.1).
    pub error: Option<String>,
    /// The same for people.
    pub error_description: Option<String>,
}

/// What the platform says about a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureVerdict {
    /// The key made it.
    Valid,
    /// The key did not make it, or the key cannot be read.
    Invalid,
    /// This page cannot check signatures (no SubtleCrypto outside secure contexts).
    Unavailable,
}

/// What to do. The driver performs the outputs in order.
#[derive(Debug)]
pub enum Output {
    /// Send this and feed the answer back.
    Request(Request),
    /// Send this and forget it: nobody waits for the answer.
    Notify(Request),
    /// The answer is no longer wanted; stop the request if it is still under way.
    Abort(RequestId),
    /// Begin this and feed the result back.
    Begin(Task),
    /// A task may be begun soon: fetch what it needs, so that a press need not wait for it. Browsers tie passkeys and
    /// the clipboard to the moment of a press.
    Prepare,
    /// Put this text on the clipboard.
    Copy(String),
    /// Draw this. The one before is gone.
    Show(Shown),
    /// Keep this text in sessionStorage, until told to forget it. Holds the code verifier, state, nonce and handle.
    Save(Secret<String>),
    /// Remove what was saved.
    Forget,
    /// Check this signature with SubtleCrypto and feed the verdict back.
    CheckSignature(SignatureJob),
    /// Feed [`Input::TimerFired`] back after so many milliseconds.
    SetTimer {
        /// Names the timer.
        timer: RequestId,
        /// Milliseconds from now.
        after: u32,
    },
    /// Leave the page. The address has been checked: http(s).
    Navigate {
        /// Where to.
        href: String,
    },
    /// Tell the integrator that something failed. The person already sees a text on the screen.
    Report {
        /// What failed.
        error: Error,
        /// The server's name for the request, where it gave one.
        request_id: Option<String>,
    },
    /// The flow has ended; hand this to the page.
    Finish(Box<Outcome>),
}

/// Something that only a browser can do, beside sending requests. It may take as long as a person needs.
#[derive(Debug)]
pub struct Task {
    /// Names the task.
    pub id: RequestId,
    /// What is to be done.
    pub kind: TaskKind,
    /// With what: JSON text, see [`TaskKind`].
    pub argument: String,
}

/// What a browser can do. Arguments and results are JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// `navigator.credentials.create`: from `PublicKeyCredentialCreationOptionsJSON` to `RegistrationResponseJSON`
    /// (WebAuthn Level 3, section 5.1). Errors are the names of DOM exceptions.
    CreatePasskey,
    /// `navigator.credentials.get`: from `PublicKeyCredentialRequestOptionsJSON` to `AuthenticationResponseJSON`.
    UsePasskey,
    /// The same with conditional mediation: the browser offers passkeys where the user name is typed.
    OfferPasskeys,
    /// Looks for an app on this device: from `{domain, ports, probeTimeoutMillis, challengeRequest}` to anything.
    /// Errors are the reasons of idx.md section 13.4, with the app's HTTP status as `status`.
    Probe,
    /// Proves that there is a person: from `{type, siteKey, challengeUrl}` to a token.
    Captcha,
    /// A Duo prompt: from `{host, signedToken, script}` to the signed answer.
    Duo,
}

/// Where the person ended up.
#[derive(Debug)]
pub enum Outcome {
    /// The tokens are there and checked.
    SignedIn(Tokens),
    /// The page gave a `codeChallenge`: its own backend redeems the code.
    InteractionCode {
        /// One-time code, valid for about a minute.
        code: Secret<String>,
        /// The `state` of this flow.
        state: String,
    },
    /// The browser is leaving for an address that the server named.
    Redirected,
}

/// One HTTP request, always to the issuer's origin.
#[derive(Debug)]
pub struct Request {
    /// Names the request.
    pub id: RequestId,
    /// `GET` or `POST`, as the form said.
    pub method: Method,
    /// Absolute address on the issuer's origin.
    pub url: String,
    /// Value of the `Accept` header.
    pub accept: String,
    /// What is sent.
    pub body: Body,
    /// The issuer's cookies go along: the transaction lives on them, tokens and keys need none.
    pub has_cookies: bool,
    /// The browser's cache must not answer it.
    pub is_fresh: bool,
}

/// HTTP methods that the protocols use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// A request's body. Secret, since a password may be in it.
#[derive(Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// `application/x-www-form-urlencoded`
    Form(Secret<String>),
    /// JSON under the given content type.
    Json {
        /// Value of the `Content-Type` header.
        content_type: &'static str,
        /// The text.
        text: Secret<String>,
    },
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The body, whole.
    pub body: Secret<String>,
    /// Seconds of the `Retry-After` header, where it was sent and may be read.
    pub retry_after: Option<u32>,
    /// The server's clock, where the `Date` header may be read.
    pub date: Option<Timestamp>,
    /// The server's name for the request, where it was sent and may be read.
    pub request_id: Option<String>,
}

/// What the person typed and chose, by field name (the dotted path).
#[derive(Debug, Default)]
pub struct Answers {
    values: Vec<(String, Answer)>,
}

/// One value of a form.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Typed text, or the value of a chosen option; secret since it may be a password.
    Text(Secret<String>),
    /// A box that is ticked or not.
    Flag(bool),
    /// The position of a chosen alternative.
    Choice(usize),
}

impl Answers {
    /// No answers yet.
    pub const fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// Adds the value of one field.
    pub fn put(&mut self, name: impl Into<String>, answer: Answer) {
        self.values.push((name.into(), answer));
    }

    /// Adds a typed text.
    #[must_use]
    pub fn with_text(mut self, name: &str, text: &str) -> Self {
        self.put(name, Answer::Text(Secret::new(text.to_owned())));
        self
    }

    /// The value of one field; the last one where there are several.
    pub fn of(&self, name: &str) -> Option<&Answer> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, answer)| answer)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.of(name) {
            Some(Answer::Text(text)) => Some(text.expose()),
            Some(Answer::Flag(_) | Answer::Choice(_)) | None => None,
        }
    }
}
