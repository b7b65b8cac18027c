//! The forms of a forgotten password.

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, List, Object};

impl View<'_> {
    pub(super) fn identify_recovery(&self, document: &mut Document) {
        let form = self.form("identify-recovery", "identify", vec![self.identifier_field()]);
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
        document.recovery_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
    }

    pub(super) fn recover_by_email(&self, document: &mut Document) {
        self.challenge_by_email(document);
        document.recovery_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
    }

    /// The code of a mail, and no other way to prove who it is.
    pub(super) fn challenge_by_email(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.code_field()])];
        let form = self
            .form("challenge-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticatorEnrollment");
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator_enrollment = Some(Object::new(self.enrolled_email()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
        document.authenticator_enrollments = Some(List::new(vec![self.enrolled(Kind::Email)]));
    }

    pub(super) fn reset_password(&self, document: &mut Document) {
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
}
