//! The forms for setting an authenticator up.

use serde_json::{Value, json};

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::enrollment::Enrollment;
use crate::idx::flow::{OWN_QUESTION, QUESTIONS};
use crate::idx::ion::{Choice, Field, Form, List, Object};
use crate::idx::transaction::{Person, Setup};
use crate::qr;
use crate::simulator;
use crate::totp;

impl View<'_> {
    pub(super) fn select_setup(&self, document: &mut Document, person: &Person) {
        let forms = self.setup_choice(document, person);
        document.remediation = Some(List::new(forms));
    }

    pub(super) fn set_up(&self, document: &mut Document, person: &Person, setup: &Setup) {
        let form = self.setup_form(document, setup);
        let choice = self.setup_choice(document, person);
        document.remediation = Some(List::new(form.into_iter().chain(choice).collect()));
    }

    /// The form for what is being set up, if there is one; what it relates to is put into the document.
    fn setup_form(&self, document: &mut Document, setup: &Setup) -> Option<Form> {
        let available = |kind| Authenticator::available(kind);
        let (form, authenticator) = match setup {
            Setup::Passkey(challenge) => {
                let context = json!({ "activationData": challenge.activation_data() });
                (self.enroll(attestation_fields()), available(Kind::Passkey).with_context(context))
            }
            Setup::Totp { .. } => {
                let secret = self.shared_secret.as_deref()?;
                let identifier = self.transaction.phase.identifier().unwrap_or_default();
                let context = shared_secret(secret, &totp::uri(self.client_name(), identifier, secret));
                (self.enroll(vec![self.code_field()]), available(Kind::Totp).with_context(context))
            }
            Setup::SecurityQuestion => {
                let context = questions();
                let fields = Field::choice("credentials", self.question_choices()).required();
                let form = self.form("enroll-authenticator", "challenge/answer", vec![fields]);
                (form, available(Kind::SecurityQuestion).with_context(context))
            }
            Setup::PhoneNumber => (self.number_form(), available(Kind::Phone)),
            Setup::PhoneCode { number, .. } => {
                let resend = self.link("resend", "challenge/resend");
                let phone = available(Kind::Phone).with_number(number).with_action(resend);
                (self.enroll(vec![self.code_field()]), phone)
            }
            Setup::IdentityProvider { .. } => {
                (self.redirect_to(self.factor_provider()?), available(Kind::IdentityProvider))
            }
            Setup::Push { device } => {
                let page = format!("{}{}?device={device}", self.config.issuer.origin(), simulator::PATH);
                let mut context = json!({ "selectedChannel": "qrcode" });
                if let (Some(members), Some(code)) = (context.as_object_mut(), qr::embedded(&page)) {
                    members.insert("qrcode".to_owned(), code);
                }
                let form = self.link("enroll-poll", "challenge/poll").refreshed();
                (form, available(Kind::Push).with_context(context))
            }
        };
        document.current_authenticator = Some(Object::new(authenticator));
        Some(form.relating_to("$.currentAuthenticator"))
    }

    fn enroll(&self, fields: Vec<Field>) -> Form {
        self.form("enroll-authenticator", "challenge/answer", vec![self.credentials(fields)])
    }

    fn number_form(&self) -> Form {
        let number = Field::text("phoneNumber", "Phone number").required();
        let fields = vec![
            Field::fixed("id", Kind::Phone.id(), true),
            Field::selection("methodType", Kind::Phone.methods()).required(),
            self.with_messages("authenticator", number),
        ];
        let fields = vec![Field::group("authenticator", fields).labelled("Phone")];
        self.form("authenticator-enrollment-data", "credential/enroll", fields)
    }

    fn question_choices(&self) -> Vec<Choice> {
        let said = |field| self.with_messages("credentials", field);
        let answer = || said(Field::text("answer", "Answer").required().secret());
        let options = QUESTIONS.map(|(key, question)| (question, key));
        let chosen = Field::selection("questionKey", &options).labelled("Choose a security question");
        let own = Field::fixed("questionKey", OWN_QUESTION, true);
        let question = said(Field::text("question", "Create a security question").required());
        vec![
            Choice::form("Choose a security question", vec![said(chosen.required()), answer()]),
            Choice::form("Create my own security question", vec![own, question, answer()]),
        ]
    }

    /// The list of what is left to set up, and the way past it.
    fn setup_choice(&self, document: &mut Document, person: &Person) -> Vec<Form> {
        let enrollments = self.enrollments();
        let set_up: Vec<_> = enrollments.iter().map(Enrollment::kind).collect();
        let (mut kinds, may_skip) = self.requirements.offers(person, &set_up);
        // One more passkey, for another device, as long as there is a list at all.
        if set_up.contains(&Kind::Passkey) && !kinds.contains(&Kind::Passkey) {
            kinds.push(Kind::Passkey);
        }
        let options = (0..)
            .zip(&kinds)
            .map(|(index, kind)| self.choice(*kind, format!("$.authenticators.value[{index}]")))
            .collect();
        let fields = vec![Field::choice("authenticator", options).required()];
        let mut forms = vec![self.form("select-authenticator-enroll", "credential/enroll", fields)];
        if may_skip {
            forms.push(self.link("skip", "skip"));
        }
        let grace = |kind: Kind| person.graces.iter().find(|period| period.kind == kind);
        let available = kinds.into_iter().map(|kind| Authenticator::available(kind).with_grace(grace(kind)));
        document.authenticators = Some(List::new(available.collect()));
        // Clients make the list of passkeys that must not be made again from these. An empty list is one too:
        // okta-signin-widget reads it without asking whether it is there.
        document.authenticator_enrollments =
            Some(List::new(enrollments.iter().map(Authenticator::of).collect()));
        forms
    }
}

/// What a new passkey answers with.
fn attestation_fields() -> Vec<Field> {
    vec![
        Field::unseen("clientData", "Client Data").required(),
        Field::unseen("attestation", "Attestation").required(),
        Field::unseen("transports", "Transports").required_if(false),
        Field::unseen("clientExtensions", "Client Extensions").required_if(false),
    ]
}

fn shared_secret(secret: &str, uri: &str) -> Value {
    let mut context = json!({ "sharedSecret": secret });
    if let (Some(members), Some(code)) = (context.as_object_mut(), qr::embedded(uri)) {
        members.insert("qrcode".to_owned(), code);
    }
    context
}

fn questions() -> Value {
    let keys = QUESTIONS.map(|(key, _)| key);
    let questions = QUESTIONS.map(|(key, question)| json!({ "questionKey": key, "question": question }));
    json!({ "questionKeys": keys, "questions": questions })
}
