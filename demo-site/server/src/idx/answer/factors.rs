//! The forms of a second proof.

use serde_json::json;

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::ion::{Field, Form, List, Object};
use crate::idx::transaction::{Person, Proof};

impl View<'_> {
    pub(super) fn select_factor(&self, document: &mut Document, person: &Person) {
        let choice = self.factor_choice(document, person);
        document.remediation = Some(List::new(choice.into_iter().collect()));
    }

    pub(super) fn prove_again(&self, document: &mut Document, person: &Person, proof: &Proof) {
        let form = self.proof_form(document, proof);
        let choice = self.factor_choice(document, person);
        document.remediation = Some(List::new(form.into_iter().chain(choice).collect()));
    }

    /// The form for a proof, if there is one; what it relates to is put into the document.
    pub(super) fn proof_form(&self, document: &mut Document, proof: &Proof) -> Option<Form> {
        let form = match proof {
            Proof::Password => {
                let password = self.enrolled(Kind::Password);
                self.challenge(document, vec![self.passcode("Password").secret()], password)
            }
            Proof::Email(_) => self.challenge(document, vec![self.code_field()], self.enrolled_email()),
            Proof::Totp => self.challenge(document, vec![self.code_field()], self.enrollment_of(Kind::Totp)),
            Proof::TemporaryCode => {
                let code = self.passcode("Enter code").secret();
                self.challenge(document, vec![code], self.enrollment_of(Kind::Tac))
            }
            Proof::PhoneCode { .. } => {
                let resend = self.link("resend", "challenge/resend");
                let phone = self.enrollment_of(Kind::Phone).with_action(resend);
                self.challenge(document, vec![self.code_field()], phone)
            }
            Proof::SecurityQuestion => {
                let question = self.enrollment_of(Kind::SecurityQuestion);
                self.challenge(document, self.question_fields(), question)
            }
            Proof::Passkey(challenge) => {
                let context = json!({ "challengeData": self.passkeys.challenge_data(challenge) });
                let passkey = Authenticator::available(Kind::Passkey).with_context(context);
                document.current_authenticator = Some(Object::new(passkey));
                let fields = vec![self.credentials(assertion_fields(false))];
                // There may be several keys: what is asked for is the authenticator, not one enrolment.
                self.form("challenge-authenticator", "challenge/answer", fields)
                    .relating_to("$.currentAuthenticator")
            }
            Proof::PhoneMethod => {
                document.current_authenticator_enrollment =
                    Some(Object::new(self.enrollment_of(Kind::Phone)));
                let fields = vec![
                    Field::fixed("id", Kind::Phone.id(), true),
                    Field::selection("methodType", Kind::Phone.methods()).required(),
                ];
                let fields = vec![Field::group("authenticator", fields).labelled("Phone")];
                self.form("authenticator-verification-data", "challenge", fields)
                    .relating_to("$.currentAuthenticatorEnrollment")
            }
            Proof::Push { correct_answer, .. } => {
                let context = correct_answer
                    .as_ref()
                    .map_or_else(|| json!({}), |number| json!({ "correctAnswer": number }));
                let push = json!({ "methodType": "push", "id": Kind::Push.id() });
                let resend = vec![Field::hidden_object("authenticator", push)];
                let device = Authenticator::available(Kind::Push)
                    .with_context(context)
                    .with_action(self.form("resend", "challenge", resend));
                document.current_authenticator = Some(Object::new(device));
                self.link("challenge-poll", "authenticators/poll")
                    .refreshed()
                    .relating_to("$.currentAuthenticator")
            }
            Proof::IdentityProvider { .. } => {
                let enrollment = self.enrollment_of(Kind::IdentityProvider);
                document.current_authenticator_enrollment = Some(Object::new(enrollment));
                self.redirect_to(self.factor_provider()?).relating_to("$.currentAuthenticatorEnrollment")
            }
            Proof::PushEnded => {
                document.current_authenticator = Some(Object::new(Authenticator::available(Kind::Push)));
                let fields = [
                    Field::fixed("id", Kind::Push.id(), true),
                    Field::fixed("methodType", "push", true).labelled("Push notification"),
                ];
                let fields = vec![Field::filled_group("authenticator", "Okta Verify", &fields)];
                self.form("resend", "challenge", fields).relating_to("$.currentAuthenticator")
            }
        };
        Some(form)
    }

    /// The form that asks for something about what is set up.
    fn challenge(&self, document: &mut Document, fields: Vec<Field>, enrollment: Authenticator) -> Form {
        document.current_authenticator_enrollment = Some(Object::new(enrollment));
        self.form("challenge-authenticator", "challenge/answer", vec![self.credentials(fields)])
            .relating_to("$.currentAuthenticatorEnrollment")
    }

    fn question_fields(&self) -> Vec<Field> {
        let asked = self.enrollments().iter().find_map(|enrollment| match &enrollment.credential {
            Credential::SecurityQuestion { question_key, question, .. } => Some((question_key, question)),
            _ => None,
        });
        let key = asked.map(|(key, question)| Field::hidden("questionKey", key).labelled(question));
        let answer = self.with_messages("credentials", Field::text("answer", "Answer").required().secret());
        key.into_iter().chain([answer]).collect()
    }

    pub(super) fn enrollments(&self) -> &[Enrollment] {
        self.who.as_ref().map_or(&[], |who| &who.enrollments)
    }

    /// What somebody has set up of this kind; only that there is one, as long as it is not known who it is.
    fn enrollment_of(&self, kind: Kind) -> Authenticator {
        let found = self.enrollments().iter().find(|enrollment| enrollment.kind() == kind);
        found.map_or_else(|| self.enrolled(kind), Authenticator::of)
    }

    /// The list of second proofs, if there is one; what it relates to is put into the document in any case.
    fn factor_choice(&self, document: &mut Document, person: &Person) -> Option<Form> {
        let set_up: Vec<_> = self.enrollments().iter().map(Enrollment::kind).collect();
        let has_password = self.who.as_ref().is_some_and(|who| who.user.password_hash.is_some());
        let kinds = self.requirements.second_factors(person, &set_up, has_password);
        let mut enrolled = Vec::new();
        let mut options = Vec::new();
        for kind in &kinds {
            options.push(self.choice(*kind, format!("$.authenticatorEnrollments.value[{}]", enrolled.len())));
            if set_up.contains(kind) {
                let of_kind = self.enrollments().iter().filter(|it| it.kind() == *kind);
                enrolled.extend(of_kind.map(Authenticator::of));
            } else {
                enrolled.push(self.enrolled(*kind));
            }
        }
        let available = kinds.iter().map(|kind| Authenticator::available(*kind));
        document.authenticators = Some(List::new(available.collect()));
        document.authenticator_enrollments = Some(List::new(enrolled));
        let fields = vec![Field::choice("authenticator", options)];
        let is_choice = kinds.len() > 1;
        is_choice.then(|| self.form("select-authenticator-authenticate", "challenge", fields))
    }
}

/// What a passkey answers with.
pub(super) fn assertion_fields(has_user_handle: bool) -> Vec<Field> {
    let mut fields = vec![
        Field::unseen("clientData", "Client Data").required(),
        Field::unseen("authenticatorData", "Authenticator Data").required(),
        Field::unseen("signatureData", "Signature Data").required(),
    ];
    if has_user_handle {
        fields.push(Field::unseen("userHandle", "User Handle").required_if(false));
    }
    fields
}
