//! One-time codes from an app: as a second proof, and setting one up.

use super::{Flow, PASSCODE, Step};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::amr::Method;
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::messages::Message;
use crate::idx::transaction::{Person, Phase, Setup};
use crate::limits::Purpose;
use crate::services::Services;
use crate::store::Effect;
use crate::totp;

impl Flow<'_> {
    pub(super) async fn prove_again_by_totp(&self, person: &Person, typed: &str) -> Result<Step, Failure> {
        let typed = digits_of(typed);
        if let Some(refusal) = self.refuse_try(&person.identifier, &typed).await? {
            return Ok(Step::refuse(refusal));
        }
        for mut enrollment in self.enrollments(&person.user_id).await? {
            let Credential::Totp { secret, last_step } = &mut enrollment.credential else { continue };
            let opened = self.services.open_totp(&person.user_id, secret)?;
            let Some(step) = totp::step_of(&opened, &typed, self.services.clock.now()) else { continue };
            if step <= *last_step {
                return Ok(Step::refuse_field(PASSCODE, Message::UsedTotp));
            }
            *last_step = step;
            self.forgive(Purpose::Code, &person.identifier).await?;
            let effects = vec![Effect::Use(enrollment.to_stored()?)];
            return self.proceed_twice(person, Method::OneTimeCode, effects).await;
        }
        Ok(Step::refuse_field(PASSCODE, Message::InvalidTotp))
    }

    pub(super) fn totp_setup(&self, person: &Person) -> Result<Setup, Failure> {
        let secret = totp::base32(entropy::array(&*self.services.entropy)?);
        Ok(Setup::Totp { secret: self.services.seal_totp(&person.user_id, &secret)? })
    }

    pub(super) async fn set_up_totp(
        &self,
        person: &Person,
        secret: &str,
        typed: &str,
    ) -> Result<Step, Failure> {
        let typed = digits_of(typed);
        if let Some(refusal) = self.refuse_try(&person.identifier, &typed).await? {
            return Ok(Step::refuse(refusal));
        }
        let opened = self.services.open_totp(&person.user_id, secret)?;
        let Some(step) = totp::step_of(&opened, &typed, self.services.clock.now()) else {
            return Ok(Step::refuse_field(PASSCODE, Message::InvalidTotp));
        };
        self.forgive(Purpose::Code, &person.identifier).await?;
        // Sealed anew: since it was shown the server may have another key, and the next start may be without the old one.
        let secret = self.services.seal_totp(&person.user_id, &opened)?;
        // The code that set it up is used: it does not sign in as well.
        let credential = Credential::Totp { secret, last_step: step };
        self.enrolled(person, credential, None).await
    }
}

impl Services {
    fn seal_totp(&self, user_id: &str, secret: &str) -> Result<String, Failure> {
        Ok(self.seals.seal(&*self.entropy, &format!("totp {user_id}"), secret)?)
    }

    /// The secret, in Base32.
    fn open_totp(&self, user_id: &str, kept: &str) -> Result<String, Failure> {
        Ok(self.seals.open(&format!("totp {user_id}"), kept)?)
    }

    /// The secret that is shown in this phase, if there is one.
    pub(super) fn shared_secret(&self, phase: &Phase) -> Result<Option<String>, Failure> {
        let Phase::SetUp { person, setup: Setup::Totp { secret } } = phase else { return Ok(None) };
        self.open_totp(&person.user_id, secret).map(Some)
    }

    /// Seals every secret that is not sealed with the present key: those from before there was one, and those of a key
    /// that is to be given up.
    pub(crate) async fn seal_all(&self) -> Result<(), Failure> {
        // How the credentials begin that have such a secret.
        for stored in self.store.enrollments_beginning("{\"Totp\":").await? {
            let mut enrollment = Enrollment::restore(stored)?;
            let Credential::Totp { secret, .. } = &mut enrollment.credential else { continue };
            let opened = self.open_totp(&enrollment.user_id, secret)?;
            if !self.seals.is_current(secret) {
                *secret = self.seal_totp(&enrollment.user_id, &opened)?;
                // Whoever has used it meanwhile has another revision: that one is sealed at the next start.
                self.store.rewrite_enrollment(&enrollment.to_stored()?).await?;
            }
        }
        Ok(())
    }
}

/// Apps show codes in groups.
fn digits_of(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).collect()
}
