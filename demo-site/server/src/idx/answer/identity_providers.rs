//! The ways to other identity providers.

use super::View;
use crate::config::IdentityProvider;
use crate::idx::ion::Form;

impl View<'_> {
    /// Those that people of this client may sign in through.
    pub(super) fn sign_in_providers(&self) -> impl Iterator<Item = Form> {
        let client_id = &self.transaction.request.client_id;
        let providers = self.config.identity_providers.iter();
        providers
            .filter(move |provider| provider.is_for_sign_in && provider.serves(client_id))
            .map(|provider| self.redirect_to(provider))
    }

    fn redirect_to(&self, provider: &IdentityProvider) -> Form {
        let (origin, id) = (self.config.issuer.origin(), &provider.id);
        // Both are of letters that need no encoding (RFC 3986 section 2.3).
        let href = format!("{origin}/sso/idps/{id}?stateToken={}", self.transaction.revealed_handle());
        Form::redirect_to_provider(provider, href)
    }
}
