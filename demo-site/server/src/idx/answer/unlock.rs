//! The form of a locked account; the proof is asked for as in a recovery.

use super::{Document, View};
use crate::idx::authenticators::{Authenticator, Kind};
use crate::idx::ion::{Field, List};

impl View<'_> {
    pub(super) fn select_unlock(&self, document: &mut Document) {
        let options = vec![Kind::Email.choice("$.authenticators.value[0]".to_owned())];
        let fields = vec![self.identifier_field(), Field::choice("authenticator", options)];
        let form = self.form("select-authenticator-unlock-account", "challenge", fields);
        document.remediation = Some(List::new(vec![form]));
        document.authenticators = Some(List::new(vec![Authenticator::available(Kind::Email)]));
    }
}
