//! From an answer to a screen: which of the forms is open, and what its fields are. Where every other way leads is in `ways_on`.

mod ways_on;

use std::rc::Rc;

use serde_json::Value;

use super::{
    answer::Answer,
    device::Challenge,
    exhibits,
    fields::{self, Drawing},
    ion::{self, Remediation},
    layout,
    passkey::{self, Job},
    purpose::Place,
};
use crate::{
    error::{Error, ServerError},
    io::TaskKind,
    json_text,
    password::Person,
    screen::{
        Action, ActionKind, Authenticator, Awaiting, Choosing, Control, Exhibit, Form, Layout, Level, Matter,
        NewPassword, Notice, Purpose, Screen,
    },
    web_address,
};

/// A screen with what its parts do.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) screen: Screen,
    /// What the form sends.
    pub(crate) form: Option<Sendable>,
    /// What each action of the screen does, in the same order.
    pub(crate) presses: Vec<Press>,
    /// Ways on that had to be left out, for the integrator.
    pub(crate) refused: Vec<Error>,
    /// What happens by itself while the screen is shown.
    pub(crate) automatic: Option<Automatic>,
    /// The form wants proof that there is a person: what a captcha is made with.
    pub(crate) captcha: Option<String>,
}

/// What nobody has to press.
#[derive(Debug, Clone)]
pub(crate) enum Automatic {
    /// Sends a form that asks nothing.
    Send(Sendable),
    /// Has the browser do something.
    Perform(Job),
    /// Leaves the page; the address has been checked.
    Leave(String),
}

/// What an action does.
#[derive(Debug, Clone)]
pub(crate) enum Press {
    /// Sends a form that asks nothing.
    Send(Sendable),
    /// Opens another form of the same answer.
    Open(usize),
    /// Leaves the page; the address has been checked.
    Leave(String),
    /// Begins a new transaction; the old one is cancelled with this form.
    StartOver(Option<Sendable>),
    /// Has the browser do something, and sends what comes out.
    Perform(Box<Job>),
    /// The UI sends the form again, with what is in it now.
    Resubmit,
}

/// What drawing depends on besides the answer.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) issuer_origin: &'a str,
    /// Goes into an empty user name field.
    pub(crate) username: Option<&'a str>,
}

/// Endings after which there is nothing to go back to (idx.md section 21).
const FINAL: [&str; 8] = [
    "idx.device.activated",
    "idx.device.not.activated.consent.denied",
    "idx.device.not.activated.internal.error",
    "idx.transferred.to.new.tab",
    "idx.enter.otp.in.original.tab",
    "idx.operation.cancelled.on.other.device",
    "oie.selfservice.unlock_user.failed.message",
    "idx.return.to.original.tab",
];

impl View {
    /// The screen of the form that the server put first, or of another one that the person has opened.
    /// Refused where that form would be sent to another origin.
    pub(crate) fn draw(answer: &Answer, open: usize, setting: Setting<'_>) -> Result<Self, Error> {
        let mut view = Self::default();
        view.screen.notices = fields::notices(&answer.messages);
        view.screen.application.clone_from(&answer.application);
        view.screen.person.clone_from(&answer.person);
        view.screen.whom = whom(answer);
        view.screen.title.clone_from(&answer.title);
        view.screen.authenticator = answer.current.as_ref().map(authenticator);
        let primary = answer.remediations.get(open);
        view.screen.exhibits = exhibits::of(answer, primary.map(Rc::as_ref));
        match primary {
            Some(primary) => view.draw_step(answer, primary, setting)?,
            None => view.draw_end(answer),
        }
        view.add_automatic(answer, open, setting);
        view.add_ways_on(answer, open, setting);
        Ok(view)
    }

    fn draw_step(
        &mut self,
        answer: &Answer,
        primary: &Rc<Remediation>,
        setting: Setting<'_>,
    ) -> Result<(), Error> {
        self.screen.step.clone_from(&primary.name);
        self.screen.is_setup = layout::is_setup(&primary.name);
        match layout::before_form(answer, primary) {
            Some(layout) => {
                self.screen.layout = layout;
                self.draw_without_form(answer, primary, setting)
            }
            None => self.draw_form(answer, primary, setting),
        }
    }

    /// Steps that are one button, or none.
    fn draw_without_form(
        &mut self,
        answer: &Answer,
        primary: &Rc<Remediation>,
        setting: Setting<'_>,
    ) -> Result<(), Error> {
        match self.screen.layout {
            Layout::Passkey => {
                let form = sendable(primary, setting.issuer_origin)?;
                let (kind, job) = if self.screen.is_setup {
                    (ActionKind::CreatePasskey, passkey::creation(answer, form))
                } else {
                    (ActionKind::UsePasskey, passkey::assertion(answer, form))
                };
                self.add_job(kind, job);
            }
            Layout::Prompt => {
                let form = sendable(primary, setting.issuer_origin)?;
                let argument = layout::duo_argument(answer).map(json_text);
                self.screen.has_frame = true;
                let form = Some(form);
                let job = argument.map(|argument| Job { kind: TaskKind::Duo, argument, form });
                self.add_job(ActionKind::StartPrompt, job);
            }
            Layout::PasswordElsewhere { .. } => {
                self.add_expiry(answer);
                self.add_password_elsewhere(answer, primary);
            }
            Layout::Waiting(Awaiting::App | Awaiting::Card) => self.add_app(answer),
            _ => {}
        }
        Ok(())
    }

    fn add_job(&mut self, kind: ActionKind, job: Option<Job>) {
        match job {
            Some(job) => self.add(kind, None, Press::Perform(Box::new(job))),
            None => self.screen.notices.push(Notice::own(Level::Warning, Matter::NotSupported)),
        }
    }

    /// The place where the password is changed, wherever the answer names it.
    fn add_password_elsewhere(&mut self, answer: &Answer, primary: &Rc<Remediation>) {
        let settings = answer.current.as_ref().map(|current| &current.settings);
        let member = |name: &str| {
            settings
                .and_then(|settings| ion::exact(settings, name))
                .or_else(|| ion::exact(&primary.source, name))
        };
        let href = member("customExpiredPasswordURL");
        if let Some(href) = href.filter(|href| web_address::is_navigable(href)) {
            let kind = ActionKind::ChangePasswordAt(member("customExpiredPasswordName"));
            self.add(kind, None, Press::Leave(href));
        }
    }

    fn add_app(&mut self, answer: &Answer) {
        let Some(challenge) = Challenge::of(answer) else { return };
        if let Some(href) = challenge.app() {
            self.add(ActionKind::OpenApp, None, Press::Leave(href));
        }
        if let Some(href) = challenge.download() {
            self.add(ActionKind::GetApp, None, Press::Leave(href));
        }
    }

    fn draw_form(
        &mut self,
        answer: &Answer,
        primary: &Rc<Remediation>,
        setting: Setting<'_>,
    ) -> Result<(), Error> {
        let place = Place { step: &primary.name, authenticator: answer.key() };
        if primary.fields.iter().any(fields::is_by_machine) && !fields::is_asking(primary) {
            self.screen.layout = Layout::Generic;
            self.screen.notices.push(Notice::own(Level::Warning, Matter::NotSupported));
            return Ok(());
        }
        let rules = fields::rules(&answer.password_settings);
        let has_voice = primary.fields.iter().any(fields::has_voice);
        let drawing = Drawing { place, rules: &rules, has_voice };
        let mut form = Form {
            fields: fields::drawn(&primary.fields, "", drawing),
            submit_label: answer.submit_label.clone(),
        };
        prefill(&mut form, setting.username);
        self.screen.layout = layout::of_form(place, &form);
        if self.screen.layout == Layout::Choice(Choosing::ToVerify)
            && answer.root.get("recoveryAuthenticator").is_some()
        {
            self.screen.layout = Layout::Choice(Choosing::ToRecover);
        }
        if self.screen.layout == Layout::Warning {
            self.screen.notices.iter_mut().for_each(|notice| notice.level = Level::Warning);
        }
        drop_question(&mut self.screen.exhibits, &form);
        self.add_expiry(answer);
        self.captcha = captcha(answer, primary, setting.issuer_origin);
        self.screen.has_frame = self.captcha.is_some();
        self.screen.form = Some(form);
        self.form = Some(sendable(primary, setting.issuer_origin)?);
        Ok(())
    }

    /// When a password expires that is still good, said by the settings and not by a message (idx.md section 16).
    fn add_expiry(&mut self, answer: &Answer) {
        let own = answer.current.as_ref().map_or(&answer.password_settings, |current| &current.settings);
        let days = ion::count(own, "daysToExpiry");
        let is_expiring = matches!(
            self.screen.layout,
            Layout::NewPassword(NewPassword::Expiring) | Layout::PasswordElsewhere { is_expired: false }
        );
        if let (true, Some(days)) = (is_expiring, days) {
            let notice = Notice::own(Level::Warning, Matter::PasswordExpires { days });
            self.screen.notices.insert(0, notice);
        }
    }

    fn add_automatic(&mut self, answer: &Answer, open: usize, setting: Setting<'_>) {
        let Some(primary) = answer.remediations.get(open) else { return };
        let sent = |form: &Rc<Remediation>| sendable(form, setting.issuer_origin).ok();
        let name = primary.name.as_str();
        self.automatic = if matches!(name, "device-apple-sso-extension" | "cancel-transaction") {
            match primary.is_get {
                true => self.address_of(primary, setting).map(Automatic::Leave),
                false => sent(primary).map(Automatic::Send),
            }
        } else if self.screen.layout == Layout::Waiting(Awaiting::Probe) {
            let challenge = Challenge::of(answer);
            let argument = challenge.as_ref().and_then(Challenge::probe);
            let form = challenge.and_then(|challenge| sent(&challenge.cancel(answer)?));
            argument.map(|argument| Automatic::Perform(Job { kind: TaskKind::Probe, argument, form }))
        } else {
            let offer = answer.remediations.iter().find(|other| other.name == OFFER);
            let job = offer
                .and_then(sent)
                .and_then(|form| passkey::discovery(answer, form, TaskKind::OfferPasskeys));
            if job.is_some() {
                self.accept_passkeys();
            }
            job.map(Automatic::Perform)
        };
    }

    /// Browsers offer passkeys at the field that says so.
    fn accept_passkeys(&mut self) {
        let fields = self.screen.form.iter_mut().flat_map(|form| &mut form.fields);
        for field in fields.filter(|field| field.purpose == Purpose::Username) {
            field.accepts_passkey = true;
        }
    }

    fn address_of(&mut self, redirect: &Rc<Remediation>, setting: Setting<'_>) -> Option<String> {
        let absolute = web_address::on_origin(setting.issuer_origin, &redirect.href);
        let href = absolute.unwrap_or_else(|| redirect.href.clone());
        if web_address::is_navigable(&href) {
            return Some(href);
        }
        self.refused.push(Error::Server(ServerError::ForbiddenRedirect));
        None
    }

    fn draw_end(&mut self, answer: &Answer) {
        "terminal".clone_into(&mut self.screen.step);
        self.screen.layout = match ion::wrapped(&answer.root, "deviceEnrollment") {
            Some(device) => {
                Layout::DeviceSetUp { is_managed: ion::text(device, "name").as_deref() != Some("oda") }
            }
            None => Layout::Message,
        };
        // The browser has come back from an app: the person sees that, and goes on.
        if let Some(href) = answer.prior_success.clone() {
            return self.add(ActionKind::Continue, None, Press::Leave(href));
        }
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
            Press::Send(_) | Press::Open(_) | Press::StartOver(_) | Press::Perform(_) | Press::Resubmit => {
                None
            }
        };
        self.screen.actions.push(Action { kind, label, href, opens_tab: false, ready_at: None });
        self.presses.push(press);
    }
}

/// A form with the absolute address that it may be sent to: on the issuer's origin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sendable {
    pub(crate) form: Rc<Remediation>,
    pub(crate) url: String,
}

/// Whatever a form carries may be a password: it goes to the issuer or nowhere.
pub(crate) fn sendable(form: &Rc<Remediation>, issuer_origin: &str) -> Result<Sendable, Error> {
    let path = || form.path.clone();
    match web_address::on_origin(issuer_origin, &form.href) {
        Some(url) => Ok(Sendable { form: Rc::clone(form), url }),
        None if form.href.is_empty() => Err(Error::Server(ServerError::MissingMember { path: path() })),
        None => Err(Error::Server(ServerError::ForeignHref { path: path() })),
    }
}

/// What a captcha is made with, where the form wants one. Its own requests go to the issuer only.
fn captcha(answer: &Answer, form: &Remediation, issuer_origin: &str) -> Option<String> {
    let is_wanted = form.fields.iter().any(|field| field.name == "captchaVerify");
    let captcha = ion::wrapped(&answer.root, "captcha").filter(|_| is_wanted)?;
    let mut argument = captcha.clone();
    let challenge = captcha.get("challengeUrlForm").and_then(|form| ion::exact(form, "href"));
    let challenge = challenge.and_then(|href| web_address::on_origin(issuer_origin, &href));
    ion::set(&mut argument, "challengeUrl", challenge.into());
    Some(json_text(&argument))
}

/// The remediation that lets the browser offer passkeys by itself.
const OFFER: &str = "challenge-webauthn-autofillui-authenticator";

/// A question that is the label of its answer need not be said twice.
fn drop_question(exhibits: &mut Vec<Exhibit>, form: &Form) {
    let is_label = |question: &str| form.fields.iter().any(|field| field.label.as_deref() == Some(question));
    exhibits.retain(|exhibit| !matches!(exhibit, Exhibit::Question(question) if is_label(question)));
}

fn prefill(form: &mut Form, username: Option<&str>) {
    let empty =
        form.fields.iter_mut().filter(|field| field.purpose == Purpose::Username && field.value.is_none());
    for field in empty.filter(|field| matches!(field.control, Control::Text)) {
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
        sends_link: data.contextual_data.get("useEmailMagicLink").and_then(Value::as_bool) == Some(true),
        calls: data.is_voice,
    }
}
