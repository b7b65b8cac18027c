//! The forms for setting an authenticator up.

use serde_json::json;

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::enrollment::Enrollment;
use crate::idx::ion::{Field, Form, List, Object};
use crate::idx::transaction::{Person, Setup};

impl View<'_> {
    pub(super) fn select_setup(&self, document: &mut Document, person: &Person) {
        let forms = self.setup_choice(document, person);
        document.remediation = Some(List::new(forms));
    }

    pub(super) fn set_up(&self, document: &mut Document, person: &Person, setup: &Setup) {
        let (fields, authenticator) = match setup {
            Setup::Passkey(challenge) => {
                let context = json!({ "activationData": challenge.activation_data() });
                (attestation_fields(), Authenticator::available(Kind::Passkey).with_context(context))
            }
        };
        let form = self
            .form("enroll-authenticator", "challenge/answer", vec![self.credentials(fields)])
            .relating_to("$.currentAuthenticator");
        document.current_authenticator = Some(Object::new(authenticator));
        let choice = self.setup_choice(document, person);
        document.remediation = Some(List::new([vec![form], choice].concat()));
    }

    /// The list of what is left to set up, and the way past it.
    fn setup_choice(&self, document: &mut Document, person: &Person) -> Vec<Form> {
        let enrollments = self.who.as_ref().map_or(&[][..], |who| &who.enrollments);
        let set_up: Vec<_> = enrollments.iter().map(Enrollment::kind).collect();
        let (mut kinds, may_skip) = self.requirements.offers(person, &set_up);
        // One more passkey, for another device, as long as there is a list at all.
        if set_up.contains(&Kind::Passkey) && !kinds.contains(&Kind::Passkey) {
            kinds.push(Kind::Passkey);
        }
        let options = (0..)
            .zip(&kinds)
            .map(|(index, kind)| kind.choice(format!("$.authenticators.value[{index}]")))
            .collect();
        let fields = vec![Field::choice("authenticator", options).required()];
        let mut forms = vec![self.form("select-authenticator-enroll", "credential/enroll", fields)];
        if may_skip {
            forms.push(self.link("skip", "skip"));
        }
        let available = kinds.into_iter().map(Authenticator::available);
        document.authenticators = Some(List::new(available.collect()));
        // Clients make the list of passkeys that must not be made again from these.
        document.authenticator_enrollments =
            List::unless_empty(enrollments.iter().map(Authenticator::of).collect());
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
