//! Passkeys: instead of a name, as a second proof, and setting one up.

use super::{Flow, Refusal, Step};
use crate::failure::Failure;
use crate::idx::action::Credentials;
use crate::idx::amr::{Amr, Method};
use crate::idx::enrollment::Credential;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Person, Phase, Proof, Setup};
use crate::passkeys::{
    Assertion, AssertionChallenge, CreationChallenge, Passkeys, credential_id, transports,
};
use crate::store::Effect;

impl Flow<'_> {
    /// The first page was answered with a passkey, which says who it is and proves it.
    pub(super) async fn identify_by_passkey(
        &self,
        challenge: &AssertionChallenge,
        assertion: &Assertion,
    ) -> Result<Step, Failure> {
        let verified = match assertion.user_id() {
            Some(user_id) => self.verify_passkey(&user_id, challenge, assertion).await?,
            None => None,
        };
        let Some((user_id, method, effects)) = verified else { return self.refuse_passkey() };
        let Some(user) = self.services.store.user(&user_id).await? else { return self.refuse_passkey() };
        let amr = Amr::verified_key(method);
        let person = Person { has_second: true, ..Person::new(&user.email, &user.id, amr) };
        self.proceed(person, user, effects).await
    }

    pub(super) fn passkey_proof(&self) -> Result<Option<Proof>, Failure> {
        Ok(self.passkeys().challenge(self.client_id())?.map(Proof::Passkey))
    }

    pub(super) async fn prove_again_by_passkey(
        &self,
        person: &Person,
        challenge: &AssertionChallenge,
        assertion: &Assertion,
    ) -> Result<Step, Failure> {
        match self.verify_passkey(&person.user_id, challenge, assertion).await? {
            Some((_, method, effects)) => self.proceed_twice(person, method, effects).await,
            None => {
                // A challenge is for one answer, also for a wrong one.
                let phase =
                    self.passkey_proof()?.map(|proof| Phase::ProveAgain { person: person.clone(), proof });
                Ok(Step::Refuse { phase, refusal: not_accepted() })
            }
        }
    }

    pub(super) async fn passkey_setup(&self, person: &Person) -> Result<Option<Setup>, Failure> {
        let user = self.user(person).await?;
        let names: Vec<_> =
            ["firstName", "lastName"].iter().filter_map(|name| user.profile.get(*name)).collect();
        let display_name = match names.as_slice() {
            [] => user.email.clone(),
            [only] => (*only).clone(),
            [first, others @ ..] => others.iter().fold((*first).clone(), |all, name| format!("{all} {name}")),
        };
        let creation = self.passkeys().creation(self.client_id(), &user.id, &user.email, &display_name)?;
        Ok(creation.map(Setup::Passkey))
    }

    pub(super) async fn set_up_passkey(
        &self,
        person: &Person,
        challenge: &CreationChallenge,
        credentials: &Credentials,
    ) -> Result<Step, Failure> {
        let client_data = &credentials.assertion.client_data;
        let attestation = &credentials.attestation;
        let key = self.passkeys().register(self.client_id(), challenge, client_data, attestation);
        let Some(key) = key else { return self.refuse_setup(person, Message::PasskeyNotMade).await };
        let lookup = format!("passkey {}", credential_id(&key));
        // WebAuthn Level 3, 7.1 step 26: a credential belongs to one person.
        if self.services.store.is_enrolled(&lookup).await? {
            return self.refuse_setup(person, Message::PasskeyExists).await;
        }
        let transports = transports(&credentials.transports);
        let credential = Credential::Passkey { key: Box::new(key), transports };
        self.enrolled(person, credential, Some(lookup)).await
    }

    /// Whose key it was, what it is worth, and what using it changes; nothing if it does not fit.
    async fn verify_passkey(
        &self,
        user_id: &str,
        challenge: &AssertionChallenge,
        assertion: &Assertion,
    ) -> Result<Option<(String, Method, Vec<Effect>)>, Failure> {
        // WebAuthn Level 3, 7.2 step 6: what the authenticator says must not contradict what is known.
        if assertion.user_id().is_some_and(|claimed| claimed != user_id) {
            return Ok(None);
        }
        for mut enrollment in self.enrollments(user_id).await? {
            let Credential::Passkey { key, .. } = &mut enrollment.credential else { continue };
            let result = self.passkeys().verify(self.client_id(), challenge, assertion, key);
            let Some(result) = result else { continue };
            let method = if result.backup_eligible() { Method::SoftwareKey } else { Method::HardwareKey };
            key.update_credential(&result);
            // Written also if nothing has changed: of two that were made from the same state, one counts.
            let effects = vec![Effect::Use(enrollment.to_stored()?)];
            return Ok(Some((user_id.to_owned(), method, effects)));
        }
        Ok(None)
    }

    /// The first page again, with a new challenge: one is for one answer, also for a wrong one.
    fn refuse_passkey(&self) -> Result<Step, Failure> {
        let phase = self.services.start(self.client_id())?;
        Ok(Step::Refuse { phase: Some(phase), refusal: not_accepted() })
    }

    async fn refuse_setup(&self, person: &Person, message: Message) -> Result<Step, Failure> {
        let setup = self.passkey_setup(person).await?;
        let phase = setup.map(|setup| Phase::SetUp { person: person.clone(), setup });
        Ok(Step::Refuse { phase, refusal: Refusal::because(Problems::general(message)) })
    }

    fn passkeys(&self) -> &Passkeys {
        &self.services.passkeys
    }
}

fn not_accepted() -> Refusal {
    Refusal { status: 401, ..Refusal::because(Problems::general(Message::PasskeyNotAccepted)) }
}
