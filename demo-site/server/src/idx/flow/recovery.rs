//! A forgotten password: whose it is, and a new one. The proof between them is in `regaining.rs`.

use super::sign_in::identifier_problem;
use super::{Flow, PASSCODE, Refusal, Step};
use crate::failure::Failure;
use crate::idx::amr::Amr;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Account, Goal, Person, Phase};
use crate::limits::Purpose;
use crate::password;
use crate::store::{Effect, User};

impl Flow<'_> {
    pub(super) fn begin_recovery(&self) -> Step {
        if !self.requirements().has_recovery() {
            return Step::refuse(Refusal::because(Problems::general(Message::ResetNotAllowed)));
        }
        Step::to(Phase::IdentifyRecovery)
    }

    /// For somebody who has said who they are.
    pub(super) async fn recover(&self, account: &Account) -> Result<Step, Failure> {
        match self.begin_recovery() {
            Step::Move { .. } => self.begin_regaining(account.clone(), Goal::NewPassword).await,
            refused => Ok(refused),
        }
    }

    pub(super) async fn identify_recovery(&self, identifier: &str) -> Result<Step, Failure> {
        if let Some(message) = identifier_problem(identifier) {
            return Ok(Step::refuse_field("identifier", message));
        }
        let account = self.account(identifier).await?;
        self.begin_regaining(account, Goal::NewPassword).await
    }

    pub(super) async fn reset_password(
        &self,
        (account, amr): (&Account, &Amr),
        passcode: &str,
        revoke_tokens: bool,
    ) -> Result<Step, Failure> {
        let (user, effect) = match self.choose_password(account, passcode, revoke_tokens).await? {
            Ok(chosen) => chosen,
            Err(refusal) => return Ok(Step::refuse(refusal)),
        };
        let person = Person::new(&user.email, &user.id, amr.clone());
        self.proceed(person, user, vec![effect]).await
    }

    /// A new password for somebody, or what is wrong with it.
    pub(super) async fn choose_password(
        &self,
        account: &Account,
        passcode: &str,
        revoke_tokens: bool,
    ) -> Result<Result<(User, Effect), Refusal>, Failure> {
        let user = self.user_of(account).await?.ok_or(Failure::MissingUser)?;
        let first_name = user.profile.get("firstName").map_or("", String::as_str);
        if let Err(refusal) = self.check_rules(passcode, password::Person { email: &user.email, first_name })
        {
            return Ok(Err(refusal));
        }
        if self.was_used_before(&user, passcode).await? {
            return Ok(Err(Refusal::of_field(PASSCODE, Message::PasswordUsedBefore)));
        }
        let services = self.services;
        let password_hash = services.passwords.hash(&*services.entropy, passcode).await?;
        // Whoever was locked out by wrong guesses may sign in with the new password at once.
        services.unlock(Purpose::Password, &account.identifier).await?;
        let (user_id, now) = (user.id.clone(), services.clock.now());
        let effect = Effect::ResetPassword { user_id, password_hash, revoke_tokens, now };
        Ok(Ok((user, effect)))
    }

    async fn was_used_before(&self, user: &User, passcode: &str) -> Result<bool, Failure> {
        let count = self.policy().password.history;
        for hash in self.services.store.recent_passwords(user, count).await? {
            if self.services.passwords.verify(passcode, Some(&hash)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
