//! The link beside a code: remembering what its page is about, and which question it answers.

use super::Flow;
use crate::clock::Timestamp;
use crate::failure::Failure;
use crate::links::{AboutSignIn, Link, browser_of};
use crate::store::{Confirmation, Effect, Settled, Subject};

impl Flow<'_> {
    pub(super) fn link_effect(
        &self,
        link: &Link,
        identifier: &str,
        expires_at: Timestamp,
    ) -> Result<Effect, Failure> {
        let about = AboutSignIn { identifier: identifier.to_owned(), ..self.about_sign_in() };
        Ok(Effect::Ask(Confirmation {
            id: link.id(),
            subject: Subject::Link,
            owner: self.transaction.handle.transaction_id(),
            about: serde_json::to_string(&about)?,
            state: Settled::Waiting,
            created_at: self.services.clock.now(),
            expires_at,
        }))
    }

    /// What a page elsewhere may tell about this sign-in.
    pub(super) fn about_sign_in(&self) -> AboutSignIn {
        AboutSignIn {
            identifier: self.transaction.phase.identifier().unwrap_or_default().to_owned(),
            application: self.services.client_name(self.transaction).to_owned(),
            browser: browser_of(&self.caller.user_agent),
            place: self.caller.address.clone(),
        }
    }
}
