//! The forms of a forgotten password.

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, Form, List, Object};
use crate::idx::transaction::{Goal, Regaining};

impl View<'_> {
    pub(super) fn identify_recovery(&self, document: &mut Document) {
        let form = self.form("identify-recovery", "identify", vec![self.identifier_field()]);
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
        document.recovery_authenticator = Some(Object::new(Authenticator::available(Kind::Password)));
    }

    pub(super) fn select_way(&self, document: &mut Document, goal: Goal) {
        let choice = self.way_choice(document);
        document.remediation = Some(List::new(choice.into_iter().collect()));
        document.recovery_authenticator = recovery_authenticator(goal);
    }

    pub(super) fn regain(&self, document: &mut Document, regaining: &Regaining) {
        let form = self.proof_form(document, &regaining.proof);
        // The question comes on top of what was proved: nothing can take its place.
        let choice = if regaining.given.is_none() { self.way_choice(document) } else { None };
        document.remediation = Some(List::new(form.into_iter().chain(choice).collect()));
        document.recovery_authenticator = recovery_authenticator(regaining.goal);
    }

    /// The list of ways, if there is more than one; what it relates to is put into the document in any case.
    fn way_choice(&self, document: &mut Document) -> Option<Form> {
        let ways = &self.policy().recovery.authenticators;
        let options = (0..)
            .zip(ways)
            .map(|(index, kind)| kind.choice(format!("$.authenticatorEnrollments.value[{index}]")));
        let fields = vec![Field::choice("authenticator", options.collect())];
        let available = ways.iter().map(|kind| Authenticator::available(*kind));
        document.authenticators = Some(List::new(available.collect()));
        let enrolled = ways.iter().map(|kind| self.enrolled(*kind));
        document.authenticator_enrollments = Some(List::new(enrolled.collect()));
        let is_choice = ways.len() > 1;
        is_choice.then(|| self.form("select-authenticator-authenticate", "challenge", fields))
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

/// What is recovered, where it is the password.
fn recovery_authenticator(goal: Goal) -> Option<Object<Authenticator>> {
    match goal {
        Goal::NewPassword => Some(Object::new(Authenticator::available(Kind::Password))),
        Goal::Unlock => None,
    }
}
