//! Draws a phase as the Ion document that asks for the next step.
//!
//! One function for each phase says which forms there are and what they relate to; the frame around them
//! (handle, messages, user, app, cancel) is the same everywhere. A path in `relatesTo` must lead somewhere, so
//! what a form relates to is put into the document beside the form.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::authenticators::{Authenticator, Kind};
use super::ion::{Field, Form, List, Object};
use super::messages::{Message, Problems};
use super::transaction::{Challenge, Phase, Transaction};
use crate::clock::Timestamp;
use crate::config::{Config, PasswordEnrollment, Policy};
use crate::failure::Failure;
use crate::store::User;

/// An answer to be sent: a status and an Ion document.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    /// An Ion document, as text.
    pub(crate) body: String,
}

/// What an answer is drawn from.
pub(crate) struct View<'a> {
    pub(crate) config: &'a Config,
    pub(crate) transaction: &'a Transaction,
    pub(crate) problems: &'a Problems,
    /// Stands for the person as long as they have not proved who they are.
    pub(crate) reference: Option<String>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    version: &'static str,
    state_handle: String,
    expires_at: String,
    intent: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<List<Form>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<List<Message>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_authenticator: Option<Object<Authenticator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_authenticator_enrollment: Option<Object<Authenticator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_authenticator: Option<Object<Authenticator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticators: Option<List<Authenticator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_enrollments: Option<List<Authenticator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Object<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<Object<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel: Option<Form>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_with_interaction_code: Option<Form>,
}

impl View<'_> {
    /// The document for the phase that the transaction is in.
    pub(crate) fn draw(&self) -> Result<String, Failure> {
        let mut document = self.frame();
        match &self.transaction.phase {
            Phase::Identify { identifier } => self.identify(&mut document, identifier.as_deref()),
            Phase::Authenticate { challenge, .. } => self.authenticate(&mut document, challenge),
            Phase::EnrollProfile => self.enroll_profile(&mut document),
            Phase::EnrollEmail { .. } => self.enroll_email(&mut document),
            Phase::SelectEnrollment { .. } => self.select_enrollment(&mut document),
            Phase::EnrollPassword { .. } => self.enroll_password(&mut document),
            Phase::IdentifyRecovery => self.identify_recovery(&mut document),
            Phase::RecoverByEmail { .. } => self.recover_by_email(&mut document),
            Phase::ResetPassword { .. } => self.reset_password(&mut document),
        }
        Ok(serde_json::to_string(&document)?)
    }

    /// The document that ends the transaction with a code to exchange for tokens.
    pub(crate) fn draw_success(&self, user: &User, interaction_code: &str) -> Result<String, Failure> {
        let value = vec![
            Field::preset("grant_type", "interaction_code").required(),
            Field::preset("interaction_code", interaction_code).required(),
            Field::preset("client_id", &self.transaction.request.client_id).required(),
            Field::named("code_verifier").required(),
        ];
        let profile: Value = ["firstName", "lastName"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), Value::from(user.profile.get(name)?.as_str()))))
            .collect();
        let document = Document {
            user: Some(Object::new(json!({ "id": user.id, "identifier": user.email, "profile": profile }))),
            cancel: None,
            success_with_interaction_code: Some(Form::issue(self.config.issuer.oauth_url("token"), value)),
            ..self.frame()
        };
        Ok(serde_json::to_string(&document)?)
    }

    fn frame(&self) -> Document {
        let client = self.config.client(&self.transaction.request.client_id);
        let user = self.transaction.phase.identifier().zip(self.reference.as_deref());
        Document {
            version: "1.0.0",
            state_handle: self.transaction.revealed_handle(),
            expires_at: self.transaction.expires_at.iso_8601(),
            intent: "LOGIN",
            messages: List::unless_empty(self.problems.of_the_whole()),
            user: user.map(|(identifier, id)| self.user(identifier, id)),
            app: client.map(|client| {
                Object::new(json!({ "name": "oidc_client", "label": client.name, "id": client.client_id }))
            }),
            cancel: Some(self.link("cancel", "cancel")),
            ..Document::default()
        }
    }

    /// Names belong to the rules of a first password, and by then the address is proven.
    fn user(&self, identifier: &str, id: &str) -> Object<Value> {
        let mut user = Map::new();
        user.insert("id".to_owned(), format!("00u{id}").into());
        user.insert("identifier".to_owned(), identifier.into());
        if let Phase::EnrollPassword { applicant } = &self.transaction.phase {
            let named = |name: &str| Some((name.to_owned(), applicant.profile.get(name)?.clone().into()));
            let profile = ["firstName", "lastName"].into_iter().filter_map(named).collect::<Map<_, _>>();
            user.insert("profile".to_owned(), profile.into());
        }
        Object::new(user.into())
    }

    fn identify(&self, document: &mut Document, identifier: Option<&str>) {
        let mut fields = vec![self.identifier_field().with_value(identifier)];
        if !self.policy().identifier_first {
            fields.push(self.credentials(vec![self.passcode("Password").secret()]));
            let password = Authenticator::available(Kind::Password);
            document.current_authenticator =
                Some(Object::new(password.with_action(self.link("recover", "recover"))));
        }
        let mut forms = vec![self.form("identify", "identify", fields)];
        if self.policy().registration.is_some() {
            forms.push(self.link("select-enroll-profile", "enroll"));
        }
        document.remediation = Some(List::new(forms));
    }

    fn authenticate(&self, document: &mut Document, challenge: &Challenge) {
        let (passcode, current) = match challenge {
            Challenge::Password => (
                self.passcode("Password").secret(),
                self.enrolled(Kind::Password).with_action(self.link("recover", "recover")),
            ),
            Challenge::Email(_) => (self.code_field(), self.enrolled_email()),
        };
        let fields = vec![self.credentials(vec![passcode])];
        let mut forms = vec![
            self.form("challenge-authenticator", "challenge/answer", fields)
                .relating_to("$.currentAuthenticatorEnrollment"),
        ];
        let kinds = self.offered();
        if kinds.len() > 1 {
            let options = (0..)
                .zip(&kinds)
                .map(|(index, kind)| kind.choice(format!("$.authenticatorEnrollments.value[{index}]")));
            let fields = vec![Field::choice("authenticator", options.collect())];
            forms.push(self.form("select-authenticator-authenticate", "challenge", fields));
        }
        document.remediation = Some(List::new(forms));
        document.current_authenticator_enrollment = Some(Object::new(current));
        let available = kinds.iter().map(|kind| Authenticator::available(*kind));
        document.authenticators = Some(List::new(available.collect()));
        let enrolled = kinds.iter().map(|kind| self.enrolled(*kind));
        document.authenticator_enrollments = Some(List::new(enrolled.collect()));
    }

    fn enroll_profile(&self, document: &mut Document) {
        let email = Field::text("email", "Email").required();
        let asked = self.policy().registration.iter().flat_map(|registration| &registration.fields);
        let fields = asked
            .map(|field| {
                Field::text(&field.name, &field.label)
                    .required_if(field.is_required)
                    .of_length(u32::from(field.is_required), field.max_length)
            })
            .chain([email])
            .map(|field| self.with_messages("userProfile", field));
        let forms = vec![
            self.form("enroll-profile", "enroll/new", vec![Field::group("userProfile", fields.collect())]),
            self.link("select-identify", "identify/select"),
        ];
        document.remediation = Some(List::new(forms));
    }

    fn enroll_email(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.code_field()])];
        let form = self
            .form("enroll-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticator");
        document.remediation = Some(List::new(vec![form]));
        let email = Authenticator::available(Kind::Email).with_code_only();
        document.current_authenticator =
            Some(Object::new(email.with_action(self.link("resend", "challenge/resend"))));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
    }

    fn select_enrollment(&self, document: &mut Document) {
        document.remediation = Some(List::new(self.enrollment_choice()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Password)]));
    }

    fn enroll_password(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.passcode("Enter password").secret()])];
        let form = self
            .form("enroll-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticator");
        let registration = self.policy().registration.as_ref();
        let may_skip = registration.is_some_and(|it| it.password == PasswordEnrollment::Optional);
        let choice = if may_skip { self.enrollment_choice() } else { Vec::new() };
        document.remediation = Some(List::new([vec![form], choice].concat()));
        document.current_authenticator = Some(Object::new(self.password_with_rules()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Password)]));
    }

    fn identify_recovery(&self, document: &mut Document) {
        let form = self.form("identify-recovery", "identify", vec![self.identifier_field()]);
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
        document.recovery_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
    }

    fn recover_by_email(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.code_field()])];
        let form = self
            .form("challenge-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticatorEnrollment");
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator_enrollment = Some(Object::new(self.enrolled_email()));
        document.recovery_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
        document.authenticator_enrollments = Some(List::new(vec![self.enrolled(Kind::Email)]));
    }

    fn reset_password(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![
            self.passcode("New password").secret(),
            Field::boolean("revokeSessions", "Sign me out of all other devices"),
        ])];
        let form = self
            .form("reset-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticator");
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator = Some(Object::new(self.password_with_rules()));
        document.recovery_authenticator = Some(Object::new(self.password_with_rules()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Password)]));
    }

    /// The list of what may still be enrolled, and the way past it.
    fn enrollment_choice(&self) -> Vec<Form> {
        let options = vec![Kind::Password.choice("$.authenticators.value[0]".to_owned())];
        let fields = vec![Field::choice("authenticator", options)];
        let select = self.form("select-authenticator-enroll", "credential/enroll", fields);
        vec![select, self.link("skip", "skip")]
    }

    /// What the policy lets people prove themselves with.
    fn offered(&self) -> Vec<Kind> {
        if self.policy().email_code { vec![Kind::Password, Kind::Email] } else { vec![Kind::Password] }
    }

    fn enrolled(&self, kind: Kind) -> Authenticator {
        let reference = self.reference.as_deref().unwrap_or_default();
        let identifier = self.transaction.phase.identifier().unwrap_or_default();
        Authenticator::enrolled(kind, reference, identifier)
    }

    fn enrolled_email(&self) -> Authenticator {
        self.enrolled(Kind::Email).with_code_only().with_action(self.link("resend", "challenge/resend"))
    }

    fn password_with_rules(&self) -> Authenticator {
        Authenticator::available(Kind::Password).with_rules(&self.policy().password)
    }

    fn identifier_field(&self) -> Field {
        let messages = self.problems.of_field("identifier");
        Field::text("identifier", "Username").required().with_messages(messages)
    }

    fn credentials(&self, fields: Vec<Field>) -> Field {
        Field::group("credentials", fields).object().required()
    }

    fn passcode(&self, label: &str) -> Field {
        self.with_messages("credentials", Field::text("passcode", label).required())
    }

    fn code_field(&self) -> Field {
        self.passcode("Enter code").of_length(6, 6)
    }

    fn with_messages(&self, group: &str, field: Field) -> Field {
        let messages = self.problems.of_field(&format!("{group}.{}", field.name()));
        field.with_messages(messages)
    }

    fn form(&self, name: &'static str, endpoint: &str, fields: Vec<Field>) -> Form {
        let href = self.config.issuer.idx_url(endpoint);
        Form::idx(name, href, &self.transaction.revealed_handle(), fields)
    }

    fn link(&self, name: &'static str, endpoint: &str) -> Form {
        self.form(name, endpoint, Vec::new())
    }

    fn policy(&self) -> &Policy {
        &self.config.policy
    }
}

impl Answer {
    pub(crate) fn ok(body: String) -> Self {
        Self { status: 200, retry_after: None, body }
    }

    /// The end: the handle is not, or no longer, that of a transaction.
    pub(crate) fn session_expired(state_handle: &str, now: Timestamp) -> Self {
        Self::terminal(401, state_handle, now, &Message::SessionExpired)
    }

    /// A message and no way on.
    pub(crate) fn terminal(status: u16, state_handle: &str, now: Timestamp, message: &Message) -> Self {
        let body = json!({
            "version": "1.0.0",
            "stateHandle": state_handle,
            "expiresAt": now.iso_8601(),
            "intent": "LOGIN",
            "messages": { "type": "array", "value": [message] },
        });
        Self { status, retry_after: None, body: body.to_string() }
    }
}
