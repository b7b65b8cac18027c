//! A temporary access code, instead of the password or as a second proof.

use super::{Flow, PASSCODE, Step};
use crate::digest;
use crate::failure::Failure;
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::Credential;
use crate::idx::messages::Message;
use crate::idx::temporary_code;
use crate::idx::transaction::{Account, Person};
use crate::limits::Purpose;
use crate::store::Effect;

impl Flow<'_> {
    pub(super) async fn prove_by_temporary_code(
        &self,
        account: &Account,
        typed: &str,
    ) -> Result<Step, Failure> {
        if let Some(refusal) = self.refuse_try(&account.identifier, typed).await? {
            return Ok(Step::refuse(refusal));
        }
        let Some(user) = self.user_of(account).await? else { return Ok(wrong()) };
        let Some(effect) = self.use_temporary_code(&user.id, typed).await? else { return Ok(wrong()) };
        self.forgive(Purpose::Code, &account.identifier).await?;
        let person = Person::new(&user.email, &user.id, Amr::of(Method::OneTimeCode));
        let person = Person { spent: vec![Kind::Tac], ..person };
        self.proceed(person, user, vec![effect]).await
    }

    pub(super) async fn prove_again_by_temporary_code(
        &self,
        person: &Person,
        typed: &str,
    ) -> Result<Step, Failure> {
        if let Some(refusal) = self.refuse_try(&person.identifier, typed).await? {
            return Ok(Step::refuse(refusal));
        }
        let Some(effect) = self.use_temporary_code(&person.user_id, typed).await? else { return Ok(wrong()) };
        self.forgive(Purpose::Code, &person.identifier).await?;
        let person = Person { spent: vec![Kind::Tac], ..person.clone() };
        self.proceed_twice(&person, Method::OneTimeCode, vec![effect]).await
    }

    /// What uses the code up; nothing if it is not the person's.
    async fn use_temporary_code(&self, user_id: &str, typed: &str) -> Result<Option<Effect>, Failure> {
        let typed = temporary_code::digest(typed);
        for mut enrollment in self.enrollments(user_id).await? {
            let Credential::TemporaryCode { digest, is_used, .. } = &mut enrollment.credential else {
                continue;
            };
            if digest::equal(digest, &typed) {
                *is_used = true;
                return Ok(Some(Effect::Use(enrollment.to_stored()?)));
            }
        }
        Ok(None)
    }
}

fn wrong() -> Step {
    Step::refuse_field(PASSCODE, Message::InvalidCode)
}
