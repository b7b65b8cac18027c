//! Signing in: who it is, and proof of it.

use super::codes::Answered;
use super::{Flow, PASSCODE, Refusal, Step};
use crate::failure::Failure;
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Account, Challenge, EmailCode, Person, Phase};
use crate::limits::Purpose;
use crate::mail::Occasion;
use crate::store::User;

impl Flow<'_> {
    pub(super) async fn identify(&self, identifier: &str, passcode: &str) -> Result<Step, Failure> {
        let is_password_asked = !self.policy().identifier_first;
        let mut problems = Problems::default();
        if let Some(message) = identifier_problem(identifier) {
            problems.add_field("identifier".to_owned(), message);
        }
        if is_password_asked && passcode.is_empty() {
            problems.add_field(PASSCODE.to_owned(), Message::RequiredField);
        }
        if !problems.is_empty() {
            return Ok(self.refuse_identifier(identifier, Refusal::because(problems)));
        }
        let account = self.account(identifier).await?;
        if !is_password_asked {
            return self.ask_first(account).await;
        }
        match self.check_password(&account, passcode, Message::AuthenticationFailed).await? {
            Ok(user) => self.admit_person(user, Amr::of(Method::Password)).await,
            Err(refusal) => Ok(self.refuse_identifier(identifier, refusal)),
        }
    }

    /// Asks for the first of the first proofs.
    async fn ask_first(&self, account: Account) -> Result<Step, Failure> {
        let factors = self.requirements().first_factors();
        let other = factors.iter().find(|kind| **kind != Kind::Email);
        if factors.first() == Some(&Kind::Email) {
            let asked = self.send_sign_in_code(&account).await?;
            // Who was sent too many mails, by whomever, gets in with something else if there is anything.
            if other.is_none() || !matches!(asked, Step::Refuse { .. }) {
                return Ok(asked);
            }
        }
        let challenge =
            if other == Some(&Kind::Tac) { Challenge::TemporaryCode } else { Challenge::Password };
        Ok(Step::to(Phase::Authenticate { account, challenge }))
    }

    /// The account that somebody means, whether it exists or not.
    pub(super) async fn account(&self, identifier: &str) -> Result<Account, Failure> {
        let identifier = normalised(identifier);
        let user = self.services.store.user_by_email(&identifier).await?;
        Ok(Account { identifier, user_id: user.map(|user| user.id) })
    }

    pub(super) async fn select_authenticator(&self, account: &Account, id: &str) -> Result<Step, Failure> {
        let kind = Kind::of_id(id).filter(|kind| self.requirements().first_factors().contains(kind));
        match kind {
            Some(Kind::Password) => {
                let challenge = Challenge::Password;
                Ok(Step::to(Phase::Authenticate { account: account.clone(), challenge }))
            }
            Some(Kind::Tac) => {
                let challenge = Challenge::TemporaryCode;
                Ok(Step::to(Phase::Authenticate { account: account.clone(), challenge }))
            }
            Some(Kind::Email) => self.send_sign_in_code(account).await,
            Some(_) | None => Ok(Step::unexpected()),
        }
    }

    pub(super) async fn prove_by_password(&self, account: &Account, passcode: &str) -> Result<Step, Failure> {
        if passcode.is_empty() {
            return Ok(Step::refuse_field(PASSCODE, Message::RequiredField));
        }
        match self.check_password(account, passcode, Message::IncorrectPassword).await? {
            Ok(user) => self.admit_person(user, Amr::of(Method::Password)).await,
            Err(refusal) => Ok(Step::refuse(refusal)),
        }
    }

    pub(super) async fn prove_by_code(
        &self,
        account: &Account,
        code: &EmailCode,
        answer: Answered<'_>,
    ) -> Result<Step, Failure> {
        let again = |code| {
            let challenge = Challenge::Email(code);
            Phase::Authenticate { account: account.clone(), challenge }
        };
        if let Some(step) = self.refuse_code(&account.identifier, code, answer, again).await? {
            return Ok(step);
        }
        let user = self.user_of(account).await?.ok_or(Failure::MissingUser)?;
        self.admit_person(user, Amr::of(Method::OneTimeCode)).await
    }

    /// On with somebody who has proved who they are once.
    async fn admit_person(&self, user: User, amr: Amr) -> Result<Step, Failure> {
        let person = Person::new(&user.email, &user.id, amr);
        self.proceed(person, user, Vec::new()).await
    }

    pub(super) async fn check_password(
        &self,
        account: &Account,
        passcode: &str,
        wrong: Message,
    ) -> Result<Result<User, Refusal>, Failure> {
        let services = self.services;
        if let Some(blocked) = self.admit(Purpose::Password, &account.identifier).await? {
            return Ok(Err(Refusal::too_often(blocked, Message::SuspendedFactor)));
        }
        let user = self.user_of(account).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let is_right = services.passwords.verify(passcode, hash).await?;
        let Some(user) = user.filter(|_| is_right) else {
            // About the whole on the page that asks for both, because the name may be what is wrong.
            let problems = match wrong {
                Message::AuthenticationFailed => Problems::general(wrong),
                field_message => Problems::field(PASSCODE, field_message),
            };
            return Ok(Err(Refusal::because(problems)));
        };
        self.forgive(Purpose::Password, &account.identifier).await?;
        Ok(Ok(user))
    }

    pub(super) async fn user_of(&self, account: &Account) -> Result<Option<User>, Failure> {
        match &account.user_id {
            Some(user_id) => Ok(self.services.store.user(user_id).await?),
            None => Ok(None),
        }
    }

    /// Repeats the first page with what was typed still in it.
    fn refuse_identifier(&self, identifier: &str, refusal: Refusal) -> Step {
        let passkey = match &self.transaction.phase {
            Phase::Identify { passkey, .. } => passkey.clone(),
            _ => None,
        };
        let phase = Phase::Identify { identifier: Some(identifier.to_owned()), passkey };
        Step::Refuse { phase: Some(phase), refusal }
    }

    pub(super) async fn send_sign_in_code(&self, account: &Account) -> Result<Step, Failure> {
        let has_account = account.user_id.is_some();
        Ok(match self.new_code(&account.identifier, Occasion::SignIn, has_account).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(new) => new.ask(|code| Phase::Authenticate {
                account: account.clone(),
                challenge: Challenge::Email(code),
            }),
        })
    }
}

/// Addresses are compared without regard to case, as nearly every mail server does.
pub(super) fn normalised(identifier: &str) -> String {
    identifier.trim().to_lowercase()
}

/// What is wrong with an identifier, whoever it may belong to.
pub(super) fn identifier_problem(identifier: &str) -> Option<Message> {
    // RFC 5321 section 4.5.3.1: no address is longer.
    const LONGEST: u32 = 254;
    match identifier.chars().count() {
        0 => Some(Message::RequiredField),
        count if u32::try_from(count).is_ok_and(|count| count <= LONGEST) => None,
        _ => Some(Message::TooLong(LONGEST)),
    }
}
