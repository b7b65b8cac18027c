//! The forms of a registration.

use super::{Document, View};
use crate::config::PasswordEnrollment;
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, Form, List, Object};

impl View<'_> {
    pub(super) fn enroll_profile(&self, document: &mut Document) {
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

    pub(super) fn enroll_email(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.code_field()])];
        let form = self
            .form("enroll-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticator");
        document.remediation = Some(List::new(vec![form]));
        let email = self.awaiting_code(Authenticator::available(Kind::Email));
        document.current_authenticator = Some(Object::new(email));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
    }

    pub(super) fn select_enrollment(&self, document: &mut Document) {
        document.remediation = Some(List::new(self.enrollment_choice()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Password)]));
    }

    pub(super) fn enroll_password(&self, document: &mut Document) {
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

    /// The first password of an account that somebody else has made.
    pub(super) fn activate(&self, document: &mut Document) {
        let fields = vec![self.credentials(vec![self.passcode("Enter password").secret()])];
        let form = self
            .form("enroll-authenticator", "challenge/answer", fields)
            .relating_to("$.currentAuthenticator");
        document.remediation = Some(List::new(vec![form]));
        document.current_authenticator = Some(Object::new(self.password_with_rules()));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Password)]));
    }

    /// The list of what may still be enrolled, and the way past it.
    fn enrollment_choice(&self) -> Vec<Form> {
        let options = vec![Kind::Password.choice("$.authenticators.value[0]".to_owned())];
        let fields = vec![Field::choice("authenticator", options)];
        let select = self.form("select-authenticator-enroll", "credential/enroll", fields);
        vec![select, self.link("skip", "skip")]
    }
}
