//! The form of a locked account; the proof is asked for as in a recovery.

use super::{Document, View};
use crate::idx::authenticators::Authenticator;
use crate::idx::ion::{Field, List};

impl View<'_> {
    pub(super) fn select_unlock(&self, document: &mut Document) {
        let ways = &self.policy().recovery.authenticators;
        let options =
            (0..).zip(ways).map(|(index, kind)| kind.choice(format!("$.authenticators.value[{index}]")));
        let fields = vec![self.identifier_field(), Field::choice("authenticator", options.collect())];
        let form = self.form("select-authenticator-unlock-account", "challenge", fields);
        document.remediation = Some(List::new(vec![form]));
        let available = ways.iter().map(|kind| Authenticator::available(*kind));
        document.authenticators = Some(List::new(available.collect()));
    }
}
