//! The forms of the first page, and of the first proof.

use serde_json::json;

use super::factors::assertion_fields;
use super::{Document, View};
use crate::config::RememberMe;
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, List, Object};
use crate::idx::transaction::Challenge;
use crate::passkeys::AssertionChallenge;

impl View<'_> {
    pub(super) fn identify(
        &self,
        document: &mut Document,
        identifier: Option<&str>,
        passkey: Option<&AssertionChallenge>,
    ) {
        let mut fields = vec![self.identifier_field().with_value(identifier)];
        if self.policy().session.remember_me == RememberMe::Checkbox
            && self.transaction.request.ending.hosted().is_some()
        {
            fields.push(Field::boolean("rememberMe", "Keep me signed in"));
        }
        if !self.policy().identifier_first {
            fields.push(self.credentials(vec![self.passcode("Password").secret()]));
            let password = Authenticator::available(Kind::Password);
            document.current_authenticator = Some(Object::new(self.recoverable(password)));
        }
        let mut forms = vec![self.form("identify", "identify", fields)];
        if let Some(challenge) = passkey {
            let data = json!({ "challengeData": self.passkeys.challenge_data(challenge) });
            document.webauthn_autofill_ui_challenge = Some(Object::new(data));
            forms.extend(
                ["challenge-webauthn-autofillui-authenticator", "launch-passkeys-authenticator"].map(
                    |name| {
                        let fields = vec![self.credentials(assertion_fields(true))];
                        self.form(name, "challenge/answer/webauthn-autofillui", fields)
                            .relating_to("$.webauthnAutofillUIChallenge")
                    },
                ),
            );
        }
        if self.policy().registration.is_some() {
            forms.push(self.link("select-enroll-profile", "enroll"));
        }
        if self.policy().unlock {
            forms.push(self.link("unlock-account", "unlock-account"));
        }
        forms.extend(self.sign_in_providers());
        document.remediation = Some(List::new(forms));
    }

    pub(super) fn authenticate(&self, document: &mut Document, challenge: &Challenge) {
        let (passcode, current) = match challenge {
            Challenge::Password => {
                (self.passcode("Password").secret(), self.recoverable(self.enrolled(Kind::Password)))
            }
            Challenge::Email(_) => (self.code_field(), self.enrolled_email()),
            Challenge::TemporaryCode => (self.passcode("Enter code").secret(), self.enrolled(Kind::Tac)),
        };
        let fields = vec![self.credentials(vec![passcode])];
        let mut forms = vec![
            self.form("challenge-authenticator", "challenge/answer", fields)
                .relating_to("$.currentAuthenticatorEnrollment"),
        ];
        let kinds = self.requirements.first_factors();
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

    /// The password, with the way out if it is forgotten and there is one.
    fn recoverable(&self, password: Authenticator) -> Authenticator {
        let recover = self.requirements.has_recovery().then(|| self.link("recover", "recover"));
        recover.into_iter().fold(password, Authenticator::with_action)
    }
}
