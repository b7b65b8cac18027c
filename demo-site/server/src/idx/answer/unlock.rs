//! The forms of a locked account.

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, List, Object};

impl View<'_> {
    pub(super) fn select_unlock(&self, document: &mut Document) {
        let options = vec![Kind::Email.choice("$.authenticators.value[0]".to_owned())];
        let fields = vec![self.identifier_field(), Field::choice("authenticator", options)];
        let form = self.form("select-authenticator-unlock-account", "challenge", fields);
        document.remediation = Some(List::new(vec![form]));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
    }

    pub(super) fn unlock(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.code_field()])];
        let form = self
            .form("challenge-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticatorEnrollment");
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator_enrollment = Some(Object::new(self.enrolled_email()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
        document.authenticator_enrollments = Some(List::new(vec![self.enrolled(Kind::Email)]));
    }
}
