//! Draws a phase as the Ion document that asks for the next step.
//!
//! One function for each phase says which forms there are and what they relate to, in a file for each family;
//! the frame around them (handle, messages, user, app, cancel) is the same everywhere. A path in `relatesTo` must lead somewhere, so
//! what a form relates to is put into the document beside the form.

mod device;
mod ending;
mod factors;
mod identity_providers;
mod recovery;
mod registration;
mod setup;
mod sign_in;
mod unlock;

use std::time::Duration;

pub(crate) use ending::FINISH;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::authenticators::{Authenticator, Kind};
use super::enrollment::Enrollment;
use super::ion::{Field, Form, List, Object};
use super::messages::{Message, Problems};
use super::requirements::Requirements;
use super::transaction::{Phase, Transaction};
use crate::clock::Timestamp;
use crate::config::{Config, Policy};
use crate::failure::Failure;
use crate::passkeys::Passkeys;
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
    /// Who it is, once that is proven.
    pub(crate) who: Option<WhoIsThere>,
    pub(crate) passkeys: &'a Passkeys,
    pub(crate) requirements: Requirements<'a>,
    /// The secret of the app that is being set up, in Base32.
    pub(crate) shared_secret: Option<String>,
}

/// Somebody who has proved who they are, and what they have set up.
pub(crate) struct WhoIsThere {
    pub(crate) user: User,
    pub(crate) enrollments: Vec<Enrollment>,
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
    #[serde(rename = "webauthnAutofillUIChallenge", skip_serializing_if = "Option::is_none")]
    webauthn_autofill_ui_challenge: Option<Object<Value>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<Value>,
}

impl View<'_> {
    /// The document for the phase that the transaction is in.
    pub(crate) fn draw(&self) -> Result<String, Failure> {
        let mut document = self.frame();
        match &self.transaction.phase {
            Phase::Identify { identifier, passkey } => {
                self.identify(&mut document, identifier.as_deref(), passkey.as_ref());
            }
            Phase::Authenticate { challenge, .. } => self.authenticate(&mut document, challenge),
            Phase::EnrollProfile => self.enroll_profile(&mut document),
            Phase::EnrollEmail { .. } => self.enroll_email(&mut document),
            Phase::SelectEnrollment { .. } => self.select_enrollment(&mut document),
            Phase::EnrollPassword { .. } => self.enroll_password(&mut document),
            Phase::IdentifyRecovery => self.identify_recovery(&mut document),
            Phase::SelectWay { goal, .. } => self.select_way(&mut document, *goal),
            Phase::Regain(regaining) => self.regain(&mut document, regaining),
            Phase::ResetPassword { .. } => self.reset_password(&mut document),
            Phase::Activate { .. } => self.activate(&mut document),
            Phase::EnterUserCode { user_code } => self.enter_user_code(&mut document, user_code.as_deref()),
            Phase::SelectUnlock => self.select_unlock(&mut document),
            Phase::SelectFactor { person } => self.select_factor(&mut document, person),
            Phase::ProveAgain { person, proof } => self.prove_again(&mut document, person, proof),
            Phase::SelectSetup { person } => self.select_setup(&mut document, person),
            Phase::SetUp { person, setup } => self.set_up(&mut document, person, setup),
            Phase::KeepSignedIn { .. } => self.keep_signed_in(&mut document),
            Phase::Consent { scopes, .. } => self.consent(&mut document, scopes),
            Phase::Done { .. } => self.done(&mut document),
        }
        self.name_provider(&mut document);
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
            success_with_interaction_code: Some(Form::issue(self.token_url(), value)),
            ..self.frame()
        };
        Ok(serde_json::to_string(&document)?)
    }

    fn token_url(&self) -> String {
        let server = self.config.authorization_server(&self.transaction.request.authorization_server);
        server.map_or(&self.config.issuer, |server| &server.issuer).oauth_url("token")
    }

    fn frame(&self) -> Document {
        let client = self.config.client(&self.transaction.request.client_id);
        let user = self.transaction.phase.identifier().zip(self.reference.as_deref());
        Document {
            version: "1.0.0",
            state_handle: self.transaction.revealed_handle(),
            expires_at: self.transaction.expires_at.iso_8601(),
            intent: "LOGIN",
            messages: List::unless_empty(self.messages()),
            user: user.map(|(identifier, id)| self.user(identifier, id)),
            app: client.map(|client| {
                Object::new(json!({ "name": "oidc_client", "label": client.name, "id": client.client_id }))
            }),
            cancel: Some(self.link("cancel", "cancel")),
            ..Document::default()
        }
    }

    fn messages(&self) -> Vec<Message> {
        let problems = self.problems.of_the_whole();
        if problems.is_empty() { self.trouble_at_provider().into_iter().collect() } else { problems }
    }

    /// Names belong to the rules of a new password, and are told to whoever has proved who they are.
    fn user(&self, identifier: &str, id: &str) -> Object<Value> {
        let profile = match &self.transaction.phase {
            Phase::EnrollPassword { applicant } => Some(&applicant.profile),
            Phase::ResetPassword { .. } | Phase::Activate { .. } => {
                self.who.as_ref().map(|who| &who.user.profile)
            }
            _ => None,
        };
        let mut user = Map::new();
        user.insert("id".to_owned(), format!("00u{id}").into());
        user.insert("identifier".to_owned(), identifier.into());
        if let Some(profile) = profile {
            let named = |name: &str| Some((name.to_owned(), profile.get(name)?.clone().into()));
            let profile = ["firstName", "lastName"].into_iter().filter_map(named).collect::<Map<_, _>>();
            user.insert("profile".to_owned(), profile.into());
        }
        Object::new(user.into())
    }

    fn enrolled(&self, kind: Kind) -> Authenticator {
        let reference = self.reference.as_deref().unwrap_or_default();
        let identifier = self.transaction.phase.identifier().unwrap_or_default();
        Authenticator::enrolled(kind, reference, identifier)
    }

    fn enrolled_email(&self) -> Authenticator {
        self.awaiting_code(self.enrolled(Kind::Email))
    }

    /// The address that a mail was sent to: it can be sent again, and a link in it may be followed elsewhere.
    fn awaiting_code(&self, email: Authenticator) -> Authenticator {
        let has_link = self.transaction.phase.mailed_code().is_some_and(|code| code.link.is_some());
        let email = email.with_link(has_link).with_action(self.link("resend", "challenge/resend"));
        if has_link { email.with_action(self.link("poll", "challenge/poll").refreshed()) } else { email }
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

    fn client_name(&self) -> &str {
        self.config.client(&self.transaction.request.client_id).map_or("", |client| &client.name)
    }

    fn policy(&self) -> &Policy {
        self.requirements.policy
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
