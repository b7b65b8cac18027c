//! The forms of a second proof.

use serde_json::json;

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::enrollment::Enrollment;
use crate::idx::ion::{Field, Form, List, Object};
use crate::idx::transaction::{Person, Proof};

impl View<'_> {
    pub(super) fn select_factor(&self, document: &mut Document, person: &Person) {
        let choice = self.factor_choice(document, person);
        document.remediation = Some(List::new(choice.into_iter().collect()));
    }

    pub(super) fn prove_again(&self, document: &mut Document, person: &Person, proof: &Proof) {
        let fields = match proof {
            Proof::Password => vec![self.passcode("Password").secret()],
            Proof::Email(_) => vec![self.code_field()],
            Proof::Passkey(_) => assertion_fields(false),
        };
        let form = self.form("challenge-authenticator", "challenge/answer", vec![self.credentials(fields)]);
        let form = match proof {
            // There may be several keys: what is asked for is the authenticator, not one enrolment.
            Proof::Passkey(_) => form.relating_to("$.currentAuthenticator"),
            Proof::Password | Proof::Email(_) => form.relating_to("$.currentAuthenticatorEnrollment"),
        };
        match proof {
            Proof::Password => {
                document.current_authenticator_enrollment = Some(Object::new(self.enrolled(Kind::Password)));
            }
            Proof::Email(_) => {
                document.current_authenticator_enrollment = Some(Object::new(self.enrolled_email()));
            }
            Proof::Passkey(challenge) => {
                let data = self.passkeys.map(|passkeys| passkeys.challenge_data(challenge));
                let passkey = Authenticator::available(Kind::Passkey);
                let context = json!({ "challengeData": data.unwrap_or_default() });
                document.current_authenticator = Some(Object::new(passkey.with_context(context)));
            }
        }
        let choice = self.factor_choice(document, person);
        document.remediation = Some(List::new([form].into_iter().chain(choice).collect()));
    }

    /// The list of second proofs, if there is one; what it relates to is put into the document in any case.
    fn factor_choice(&self, document: &mut Document, person: &Person) -> Option<Form> {
        let who = self.who.as_ref()?;
        let set_up: Vec<_> = who.enrollments.iter().map(Enrollment::kind).collect();
        let has_password = who.user.password_hash.is_some();
        let kinds = self.requirements.second_factors(person, &set_up, has_password);
        let mut enrolled = Vec::new();
        let mut options = Vec::new();
        for kind in &kinds {
            options.push(kind.choice(format!("$.authenticatorEnrollments.value[{}]", enrolled.len())));
            let of_kind = who.enrollments.iter().filter(|it| it.kind() == *kind).map(Authenticator::of);
            let before = enrolled.len();
            enrolled.extend(of_kind);
            if enrolled.len() == before {
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
