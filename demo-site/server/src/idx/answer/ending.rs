//! The forms between the last proof and the end, and the end of a hosted sign-in.

use serde_json::json;

use super::{Document, View};
use crate::idx::ion::{Field, List, ScopeAsked};

impl View<'_> {
    pub(super) fn keep_signed_in(&self, document: &mut Document) {
        let field = Field::yes_or_no("keepMeSignedIn", "Stay signed in", "Don't stay signed in");
        let field = field.with_messages(self.problems.of_field("keepMeSignedIn"));
        document.remediation =
            Some(List::new(vec![self.form("keep-me-signed-in", "keep-me-signed-in", vec![field])]));
    }

    pub(super) fn consent(&self, document: &mut Document, scopes: &[String]) {
        let server = self.config.authorization_server(&self.transaction.request.authorization_server);
        let asked = scopes.iter().map(|scope| {
            let known = server.and_then(|server| server.scopes.iter().find(|known| known.name == *scope));
            let label = known.map_or_else(|| scope.clone(), |known| known.description.clone());
            ScopeAsked { name: scope.clone(), label, value: scope.clone() }
        });
        let field = Field::yes_or_no("consent", "Allow", "Don't allow");
        let field = field.with_messages(self.problems.of_field("consent"));
        let form = self.form("consent", "consent", vec![field]).with_scopes(asked.collect());
        document.intent = "CONSENT";
        document.remediation = Some(List::new(vec![form]));
    }

    /// The browser is to go where the session is made and the way back to the client is known.
    pub(super) fn done(&self, document: &mut Document) {
        let (origin, handle) = (self.config.issuer.origin(), self.transaction.revealed_handle());
        let href = format!("{origin}{FINISH}?stateToken={handle}");
        document.cancel = None;
        document.success = Some(json!({ "name": "success-redirect", "href": href }));
    }
}

/// Where hosted sign-ins end.
pub(crate) const FINISH: &str = "/login/token/redirect";
