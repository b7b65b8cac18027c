//! From an answer to a screen: which of the forms is open, what its fields are, and where every other way leads.

use serde_json::Value;

use super::{
    answer::{Answer, is_poll},
    fields::{self, Drawing},
    ion::{self, Remediation},
    purpose::{self, Place},
};
use crate::{
    error::{Error, ServerError},
    password::Person,
    screen::{
        Action, ActionKind, Authenticator, Choosing, Control, Exhibit, Form, Layout, Level, Matter, Notice,
        Purpose, Screen,
    },
    web_address,
};

/// A screen with what its parts do.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) screen: Screen,
    /// What the form sends.
    pub(crate) form: Option<Remediation>,
    /// What each action of the screen does, in the same order.
    pub(crate) presses: Vec<Press>,
    /// Ways on that had to be left out, for the integrator.
    pub(crate) refused: Vec<Error>,
}

/// What an action does.
#[derive(Debug, Clone)]
pub(crate) enum Press {
    /// Sends a form that asks nothing.
    Send(Remediation),
    /// Opens another form of the same answer.
    Open(usize),
    /// Leaves the page; the address has been checked.
    Leave(String),
    /// Begins a new transaction; the old one is cancelled with this form.
    StartOver(Option<Remediation>),
    /// The UI sends the form again, with what is in it now.
    Resubmit,
}

/// What drawing depends on besides the answer.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) issuer_origin: &'a str,
    pub(crate) app_schemes: &'a [String],
    /// Goes into an empty user name field.
    pub(crate) username: Option<&'a str>,
}

/// Steps on which going back to sign-in means nothing, since one is there or must decide first (idx.md section 7).
const WITHOUT_CANCEL: [&str; 8] = [
    "identify",
    "enroll-profile",
    "consent",
    "admin-consent",
    "granular-consent",
    "email-challenge-consent",
    "user-code",
    "keep-me-signed-in",
];

/// Steps that a script takes, not a person.
const SILENT: [&str; 5] = [
    "device-apple-sso-extension",
    "cancel-transaction",
    "challenge-webauthn-autofillui-authenticator",
    "success-redirect",
    "failure-redirect",
];

/// Endings after which there is nothing to go back to (idx.md section 21).
const FINAL: [&str; 9] = [
    "idx.device.activated",
    "idx.device.not.activated.consent.denied",
    "idx.device.not.activated.internal.error",
    "idx.transferred.to.new.tab",
    "idx.enter.otp.in.original.tab",
    "idx.operation.cancelled.on.other.device",
    "oie.selfservice.unlock_user.failed.message",
    "oie.selfservice.unlock_user.success.message",
    "idx.return.to.original.tab",
];

impl View {
    /// The screen of the form that the server put first, or of another one that the person has opened.
    /// Refused where that form would be sent to another origin.
    pub(crate) fn draw(answer: &Answer, open: usize, setting: Setting<'_>) -> Result<Self, Error> {
        let mut view = Self::default();
        view.screen.notices = fields::notices(&answer.messages, setting.app_schemes);
        view.screen.application.clone_from(&answer.application);
        view.screen.person.clone_from(&answer.person);
        view.screen.whom = whom(answer);
        view.screen.title.clone_from(&answer.title);
        view.screen.authenticator = answer.current.as_ref().map(authenticator);
        view.screen.exhibits = exhibits(answer);
        match answer.remediations.get(open) {
            Some(primary) => view.draw_step(answer, primary, setting)?,
            None => view.draw_end(answer),
        }
        view.add_ways_on(answer, open, setting);
        Ok(view)
    }

    fn draw_step(
        &mut self,
        answer: &Answer,
        primary: &Remediation,
        setting: Setting<'_>,
    ) -> Result<(), Error> {
        self.screen.step.clone_from(&primary.name);
        let key = answer.current.as_ref().map_or("", |current| current.key.as_str());
        let place = Place { step: &primary.name, authenticator: key };
        if is_end_with_skip(answer, primary) {
            self.screen.layout = Layout::Message;
            return Ok(());
        }
        if is_poll(&primary.name) || SILENT.contains(&primary.name.as_str()) {
            self.screen.layout = Layout::Waiting;
            return Ok(());
        }
        if primary.is_get {
            self.screen.layout = Layout::Generic;
            return Ok(());
        }
        if primary.fields.iter().any(fields::is_by_machine) && !fields::is_asking(primary) {
            self.screen.layout = Layout::Generic;
            self.screen.notices.push(Notice::own(Level::Warning, Matter::NotSupported));
            return Ok(());
        }
        let rules = fields::rules(&answer.password_settings);
        let drawing = Drawing { place, app_schemes: setting.app_schemes, rules: &rules };
        let mut form = Form {
            fields: fields::drawn(&primary.fields, "", drawing),
            submit_label: answer.submit_label.clone(),
        };
        prefill(&mut form, setting.username);
        self.screen.layout = layout(place, &form);
        self.screen.form = Some(form);
        self.form = Some(sendable(primary, setting.issuer_origin)?);
        Ok(())
    }

    fn draw_end(&mut self, answer: &Answer) {
        "terminal".clone_into(&mut self.screen.step);
        self.screen.layout = Layout::Message;
        let is_final = answer
            .messages
            .iter()
            .any(|message| message.key.as_deref().is_some_and(|key| FINAL.contains(&key)));
        let has_cancel = answer.actions.iter().any(|action| action.name == "cancel");
        if !is_final && !has_cancel {
            self.add(ActionKind::StartOver, None, Press::StartOver(None));
        }
    }

    pub(crate) fn add(&mut self, kind: ActionKind, label: Option<String>, press: Press) {
        let href = match &press {
            Press::Leave(href) => Some(href.clone()),
            Press::Send(_) | Press::Open(_) | Press::StartOver(_) | Press::Resubmit => None,
        };
        self.screen.actions.push(Action { kind, label, href });
        self.presses.push(press);
    }

    fn add_ways_on(&mut self, answer: &Answer, open: usize, setting: Setting<'_>) {
        let primary = answer.remediations.get(open).map_or("", |primary| primary.name.as_str());
        if open > 0 {
            self.add(ActionKind::Back, None, Press::Open(0));
        }
        for (index, remediation) in answer.remediations.iter().enumerate() {
            // A form that is open has its own button, a redirect has only its link; the way to the first one is "back".
            let is_drawn = index == open && !remediation.is_get && self.screen.layout != Layout::Message;
            let is_drawn = is_drawn || (index == 0 && open > 0);
            if !is_drawn && !is_poll(&remediation.name) && !SILENT.contains(&remediation.name.as_str()) {
                self.add_remediation(remediation, index, primary, setting);
            }
        }
        for action in &answer.actions {
            self.add_action(action, primary, setting);
        }
    }

    fn add_remediation(
        &mut self,
        remediation: &Remediation,
        index: usize,
        primary: &str,
        setting: Setting<'_>,
    ) {
        if remediation.is_get {
            return self.add_redirect(remediation, setting);
        }
        let Some(kind) = kind_of(remediation, primary) else { return };
        if fields::is_asking(remediation) {
            return self.add(kind, None, Press::Open(index));
        }
        self.add_sendable(kind, remediation, setting);
    }

    fn add_sendable(&mut self, kind: ActionKind, form: &Remediation, setting: Setting<'_>) {
        match sendable(form, setting.issuer_origin) {
            Ok(form) => self.add(kind, None, Press::Send(form)),
            Err(error) => self.refused.push(error),
        }
    }

    fn add_redirect(&mut self, remediation: &Remediation, setting: Setting<'_>) {
        let absolute = web_address::on_origin(setting.issuer_origin, &remediation.href);
        let href = absolute.unwrap_or_else(|| remediation.href.clone());
        if !web_address::is_navigable(&href, setting.app_schemes) {
            self.refused.push(Error::Server(ServerError::ForbiddenRedirect));
            return;
        }
        let kind = remediation.provider.clone().map_or_else(
            || ActionKind::Other(remediation.name.clone()),
            |provider| ActionKind::Provider { name: provider.name, provider_type: provider.provider_type },
        );
        self.add(kind, None, Press::Leave(href));
    }

    fn add_action(&mut self, action: &Remediation, primary: &str, setting: Setting<'_>) {
        match action.name.as_str() {
            "recover" => self.add_sendable(ActionKind::Recover, action, setting),
            "resend" => self.add_sendable(ActionKind::Resend, action, setting),
            "send" => self.add_sendable(ActionKind::Send, action, setting),
            "cancel" if !WITHOUT_CANCEL.contains(&primary) => {
                let cancel = sendable(action, setting.issuer_origin).ok();
                self.add(ActionKind::StartOver, None, Press::StartOver(cancel));
            }
            // `poll` sends itself, `context` and `cancel-polling` are not for people.
            _ => {}
        }
    }
}

/// The form with an absolute address on the issuer's origin. Whatever a form carries may be a password.
pub(crate) fn sendable(form: &Remediation, issuer_origin: &str) -> Result<Remediation, Error> {
    let href = web_address::on_origin(issuer_origin, &form.href);
    let path = || form.path.clone();
    match href {
        Some(href) => Ok(Remediation { href, ..form.clone() }),
        None if form.href.is_empty() => Err(Error::Server(ServerError::MissingMember { path: path() })),
        None => Err(Error::Server(ServerError::ForeignHref { path: path() })),
    }
}

/// A refusal with nothing but `skip` beside it is an ending with a way on (idx.md section 7).
fn is_end_with_skip(answer: &Answer, primary: &Remediation) -> bool {
    primary.name == "skip" && answer.remediations.len() == 1 && !answer.messages.is_empty()
}

fn kind_of(remediation: &Remediation, primary: &str) -> Option<ActionKind> {
    let choices = remediation.fields.iter().map(|field| field.options.len()).max().unwrap_or_default();
    Some(match remediation.name.as_str() {
        "select-enroll-profile" => ActionKind::SignUp,
        "select-identify" if primary == "identify" => return None,
        "select-identify" | "identify" => ActionKind::SignIn,
        "unlock-account" => ActionKind::Unlock,
        "select-authenticator-authenticate" if choices < 2 => return None,
        "select-authenticator-authenticate" => ActionKind::VerifyOtherwise,
        "select-authenticator-enroll" => ActionKind::EnrollOtherwise,
        "select-enrollment-channel" => ActionKind::OtherChannel,
        "skip" => ActionKind::Skip,
        "resend" => ActionKind::Resend,
        other => ActionKind::Other(other.to_owned()),
    })
}

fn layout(place: Place<'_>, form: &Form) -> Layout {
    let asks_for = |purpose: Purpose| form.fields.iter().any(|field| field.purpose == purpose);
    let asks_for_code = || asks_for(Purpose::OneTimeCode) || asks_for(Purpose::AlphanumericCode);
    if let Some(reason) = purpose::new_password(place) {
        return Layout::NewPassword(reason);
    }
    match place.step {
        "identify" => Layout::Identify,
        "identify-recovery" => Layout::Recover,
        "enroll-profile" | "profile-update" => Layout::Profile,
        "select-authenticator-authenticate" => Layout::Choice(Choosing::ToVerify),
        "select-authenticator-enroll" => Layout::Choice(Choosing::ToEnroll),
        "select-authenticator-unlock-account" => Layout::Choice(Choosing::ToUnlock),
        "authenticator-verification-data" | "authenticator-enrollment-data" | "select-enrollment-channel" => {
            Layout::Choice(Choosing::Method)
        }
        "challenge-authenticator" if asks_for(Purpose::CurrentPassword) => Layout::Password,
        "challenge-authenticator" | "enroll-authenticator" | "reset-authenticator" if asks_for_code() => {
            Layout::Code
        }
        _ => Layout::Generic,
    }
}

fn prefill(form: &mut Form, username: Option<&str>) {
    let empty =
        form.fields.iter_mut().filter(|field| field.purpose == Purpose::Username && field.value.is_none());
    for field in empty.filter(|field| field.control == Control::Text) {
        field.value = username.map(str::to_owned);
    }
}

fn whom(answer: &Answer) -> Person {
    let (first_name, last_name) = answer.names.clone();
    Person { username: answer.person.clone().unwrap_or_default(), first_name, last_name }
}

fn authenticator(data: &ion::AuthenticatorData) -> Authenticator {
    Authenticator {
        key: data.key.clone(),
        display_name: data.display_name.clone(),
        detail: data.detail.clone(),
    }
}

/// What the current authenticator has to show (idx.md section 11).
fn exhibits(answer: &Answer) -> Vec<Exhibit> {
    let Some(current) = &answer.current else { return Vec::new() };
    let data = &current.contextual_data;
    let is_challenge = answer.remediations.first().is_some_and(|first| first.name.starts_with("challenge"));
    let question = data
        .get("enrolledQuestion")
        .filter(|_| is_challenge)
        .and_then(|question| ion::text(question, "question"));
    let channel = data.get("selectedChannel").and_then(Value::as_str);
    let picture = data.get("qrcode").filter(|_| !matches!(channel, Some("email" | "sms")));
    let picture =
        picture.and_then(|code| ion::exact(code, "href")).filter(|href| href.starts_with("data:image/"));
    [
        ion::text(data, "correctAnswer").map(Exhibit::Number),
        ion::text(data, "otp").map(Exhibit::Code),
        question.map(Exhibit::Question),
        picture.map(Exhibit::QrCode),
        ion::text(data, "sharedSecret").map(Exhibit::SharedSecret),
    ]
    .into_iter()
    .flatten()
    .collect()
}
