//! What comes between the last proof and the end: whether to stay signed in, and what the client may have.

use super::{Finish, Flow, Step};
use crate::config::RememberMe;
use crate::failure::Failure;
use crate::idx::ending::{Admitted, Ending};
use crate::idx::messages::Message;
use crate::idx::transaction::{Person, Phase};
use crate::store::{Effect, StoredConsent, User};

impl Flow<'_> {
    /// On with somebody who has just given the last proof.
    pub(super) async fn let_in(
        &self,
        person: Person,
        user: User,
        effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let now = self.services.clock.now();
        let admitted = Admitted::new(person, &self.transaction.request.ending, now);
        self.approach_end(admitted, user, effects).await
    }

    pub(super) async fn keep_signed_in(
        &self,
        admitted: &Admitted,
        answer: Option<bool>,
    ) -> Result<Step, Failure> {
        let Some(answer) = answer else {
            return Ok(Step::refuse_field("keepMeSignedIn", Message::RequiredField));
        };
        let admitted = Admitted { is_to_be_remembered: Some(answer), ..admitted.clone() };
        let user = self.user(&admitted.person).await?;
        self.approach_end(admitted, user, Vec::new()).await
    }

    pub(super) async fn consent(
        &self,
        admitted: &Admitted,
        scopes: &[String],
        answer: Option<bool>,
    ) -> Result<Step, Failure> {
        match (answer, &self.transaction.request.ending) {
            (None, _) => Ok(Step::refuse_field("consent", Message::RequiredField)),
            (Some(true), _) => {
                let admitted = Admitted { consented: Some(scopes.to_vec()), ..admitted.clone() };
                let user = self.user(&admitted.person).await?;
                self.approach_end(admitted, user, Vec::new()).await
            }
            (Some(false), Ending::InteractionCode) => Ok(Step::End(Message::AccessDenied)),
            (Some(false), Ending::Device(_)) => {
                if let Some(id) = self.transaction.request.ending.device() {
                    self.services.store.deny_device(id).await?;
                }
                Ok(Step::End(Message::DeviceDenied))
            }
            // The client learns of it: the browser is sent back with the refusal.
            (Some(false), Ending::Hosted(_)) => {
                Ok(Step::to(Phase::Done { admitted: Box::new(admitted.clone()), is_refused: true }))
            }
        }
    }

    async fn approach_end(
        &self,
        admitted: Admitted,
        user: User,
        effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let request = &self.transaction.request;
        let is_hosted = request.ending.hosted().is_some();
        let asks = self.policy().session.remember_me == RememberMe::Ask;
        let is_new = admitted.session.is_none();
        if is_hosted && asks && is_new && admitted.is_to_be_remembered.is_none() {
            let phase = Phase::KeepSignedIn { admitted: Box::new(admitted) };
            return Ok(Step::Move { phase, letter: None, effects });
        }
        if admitted.consented.is_none() {
            let must_consent = request.ending.must_consent();
            let scopes = self.services.scopes_to_consent(request, &user.id, must_consent).await?;
            if !scopes.is_empty() {
                let phase = Phase::Consent { admitted: Box::new(admitted), scopes };
                return Ok(Step::Move { phase, letter: None, effects });
            }
        }
        if is_hosted {
            let phase = Phase::Done { admitted: Box::new(admitted), is_refused: false };
            return Ok(Step::Move { phase, letter: None, effects });
        }
        let consent = admitted.consented.as_ref().map(|scopes| StoredConsent {
            user_id: user.id.clone(),
            client_id: request.client_id.clone(),
            issuer: request.authorization_server.clone(),
            scopes: scopes.clone(),
            granted_at: self.services.clock.now(),
        });
        let effects = effects.into_iter().chain(consent.map(Effect::Consent)).collect();
        Ok(Step::Finish(Box::new(Finish { effects, user, admitted })))
    }
}
