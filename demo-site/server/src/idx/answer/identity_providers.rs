//! The ways to other identity providers, and what an account there is called.

use super::{Document, View};
use crate::config::IdentityProvider;
use crate::idx::authenticators::Kind;
use crate::idx::ion::{Choice, Form};
use crate::idx::messages::Message;
use crate::idx::transaction::{Phase, Proof, Setup};

impl View<'_> {
    /// Those that people of this client may sign in through.
    pub(super) fn sign_in_providers(&self) -> impl Iterator<Item = Form> {
        let request = &self.transaction.request;
        // Coming back leads to a client's page, and a device has none.
        let can_come_back = request.ending.device().is_none();
        let client_id = &request.client_id;
        let providers = self.config.identity_providers.iter();
        providers
            .filter(move |provider| can_come_back && provider.is_for_sign_in && provider.serves(client_id))
            .map(|provider| self.redirect_to(provider))
    }

    /// The one that is a second proof.
    pub(super) fn factor_provider(&self) -> Option<&IdentityProvider> {
        self.config.factor_provider(&self.transaction.request.client_id)
    }

    pub(super) fn redirect_to(&self, provider: &IdentityProvider) -> Form {
        let (origin, id) = (self.config.issuer.origin(), &provider.id);
        // Both are of letters that need no encoding (RFC 3986 section 2.3).
        let href = format!("{origin}/sso/idps/{id}?stateToken={}", self.transaction.revealed_handle());
        Form::redirect_to_provider(provider, href)
    }

    /// The choice of an authenticator; an account at a provider goes by the name of the provider.
    pub(super) fn choice(&self, kind: Kind, relates_to: String) -> Choice {
        let choice = kind.choice(relates_to);
        match self.factor_provider() {
            Some(provider) if kind == Kind::IdentityProvider => choice.labelled(&provider.name),
            Some(_) | None => choice,
        }
    }

    /// Calls accounts at a provider by its name, wherever the document has one.
    pub(super) fn name_provider(&self, document: &mut Document) {
        let Some(provider) = self.factor_provider() else { return };
        let lists = [&mut document.authenticators, &mut document.authenticator_enrollments];
        let current = [&mut document.current_authenticator, &mut document.current_authenticator_enrollment];
        let listed = lists.into_iter().flatten().flat_map(|list| &mut list.value);
        let all = listed.chain(current.into_iter().flatten().map(|object| &mut object.value));
        all.for_each(|authenticator| authenticator.at_provider(&provider.name));
    }

    /// What went wrong over there, if the phase remembers it: the answer to it was a redirect, which can say nothing.
    pub(super) fn trouble_at_provider(&self) -> Option<Message> {
        match &self.transaction.phase {
            Phase::ProveAgain { proof: Proof::IdentityProvider { has_failed: true }, .. } => {
                Some(Message::ProviderNotVerified)
            }
            Phase::SetUp { setup: Setup::IdentityProvider { has_failed: true }, .. } => {
                Some(Message::ProviderNotEnrolled)
            }
            _ => None,
        }
    }
}
