//! Sign-ins that begin with a token from an operator: the first password of somebody who has none, or another one
//! instead of a forgotten one.

use super::{Flow, Step};
use crate::digest;
use crate::failure::Failure;
use crate::idx::amr::{Amr, Method};
use crate::idx::transaction::{Account, InteractionRequest, Person, Phase};
use crate::services::Services;
use crate::store::TokenPurpose;

impl Services {
    /// Begins a transaction that a token opens, and says its interaction handle; nothing if the token is no good. It is
    /// used up in any case.
    pub(crate) async fn begin_with_token(
        &self,
        request: InteractionRequest,
        purpose: TokenPurpose,
        token: &str,
    ) -> Result<Option<String>, Failure> {
        let hash = digest::sha256(token);
        let user_id = self.store.redeem_one_time_token(&hash, purpose, self.clock.now()).await?;
        let Some(user_id) = user_id else { return Ok(None) };
        let user = self.store.user(&user_id).await?.ok_or(Failure::MissingUser)?;
        let account = Account { identifier: user.email, user_id: Some(user.id) };
        let phase = match purpose {
            TokenPurpose::Recovery => Phase::ResetPassword { account, amr: Amr::of(Method::OneTimeCode) },
            // Whoever has found another way in meanwhile does not need it any more.
            TokenPurpose::Activation if user.password_hash.is_some() => return Ok(None),
            TokenPurpose::Activation => Phase::Activate { account },
            // It is for `/authorize`, where it makes a session.
            TokenPurpose::Session => return Ok(None),
        };
        self.begin_at(phase, request).await.map(Some)
    }
}

impl Flow<'_> {
    /// The first password of an account.
    pub(super) async fn activate(&self, account: &Account, passcode: &str) -> Result<Step, Failure> {
        let (user, effect) = match self.choose_password(account, passcode, false).await? {
            Ok(chosen) => chosen,
            Err(refusal) => return Ok(Step::refuse(refusal)),
        };
        let amr = Amr::of(Method::Password).with(Method::OneTimeCode);
        self.proceed(Person::new(&user.email, &user.id, amr), user, vec![effect]).await
    }
}
