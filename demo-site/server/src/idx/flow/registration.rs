//! Registration: profile, proof of the address, password.
//!
//! The account is made at the very end, when all of it is there. Until then an address that has an account
//! already looks like one that has none, unless the policy says otherwise.

use super::codes::Answered;
use super::sign_in::normalised;
use super::{Flow, PASSCODE, Refusal, Step};
use crate::config::{ExistingAccount, PasswordEnrollment, Registration};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Applicant, EmailCode, Person, Phase};
use crate::mail::Occasion;
use crate::password::{self, broken_rules, describe};
use crate::store::{Effect, Profile, User};

impl Flow<'_> {
    pub(super) fn begin_registration(&self) -> Step {
        match self.registration() {
            Some(_) => Step::to(Phase::EnrollProfile),
            None => Step::refuse(Refusal::because(Problems::general(Message::RegistrationUnavailable))),
        }
    }

    pub(super) async fn enroll_profile(&self, profile: Profile) -> Result<Step, Failure> {
        let Some(registration) = self.registration() else { return Ok(Step::unexpected()) };
        let applicant = match read_applicant(registration, profile) {
            Ok(applicant) => applicant,
            Err(problems) => return Ok(Step::refuse(Refusal::because(problems))),
        };
        let is_shown = registration.existing_account == ExistingAccount::Shown;
        if is_shown && self.services.store.user_by_email(&applicant.email).await?.is_some() {
            return Ok(Step::refuse_field("userProfile.email", Message::EmailTaken));
        }
        self.send_registration_code(&applicant).await
    }

    pub(super) async fn send_registration_code(&self, applicant: &Applicant) -> Result<Step, Failure> {
        let existing = self.services.store.user_by_email(&applicant.email).await?;
        let occasion = if existing.is_some() { Occasion::AccountExists } else { Occasion::Registration };
        Ok(match self.new_code(&applicant.email, occasion, true).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(new) => new.ask(|code| Phase::EnrollEmail { applicant: applicant.clone(), code }),
        })
    }

    pub(super) async fn confirm_email(
        &self,
        applicant: &Applicant,
        code: &EmailCode,
        answer: Answered<'_>,
    ) -> Result<Step, Failure> {
        let again = |code| Phase::EnrollEmail { applicant: applicant.clone(), code };
        if let Some(step) = self.refuse_code(&applicant.email, code, answer, again).await? {
            return Ok(step);
        }
        if !self.requirements().has_passwords() {
            return self.register(applicant, None).await;
        }
        let applicant = applicant.clone();
        Ok(Step::to(if self.is_password_optional() {
            Phase::SelectEnrollment { applicant }
        } else {
            Phase::EnrollPassword { applicant }
        }))
    }

    pub(super) fn select_enrollment(&self, applicant: &Applicant, id: &str) -> Step {
        match Kind::of_id(id) {
            Some(Kind::Password) => Step::to(Phase::EnrollPassword { applicant: applicant.clone() }),
            Some(_) | None => Step::unexpected(),
        }
    }

    pub(super) async fn skip_password(&self, applicant: &Applicant) -> Result<Step, Failure> {
        if self.is_password_optional() {
            self.register(applicant, None).await
        } else {
            Ok(Step::unexpected())
        }
    }

    pub(super) async fn enroll_password(
        &self,
        applicant: &Applicant,
        passcode: &str,
    ) -> Result<Step, Failure> {
        let first_name = applicant.profile.get("firstName").map_or("", String::as_str);
        let person = password::Person { email: &applicant.email, first_name };
        if let Err(refusal) = self.check_rules(passcode, person) {
            return Ok(Step::refuse(refusal));
        }
        let hash = self.services.passwords.hash(&*self.services.entropy, passcode).await?;
        self.register(applicant, Some(hash)).await
    }

    /// Refuses a new password that is empty or breaks a rule.
    pub(super) fn check_rules(&self, passcode: &str, person: password::Person<'_>) -> Result<(), Refusal> {
        let rules = &self.policy().password;
        if passcode.is_empty() {
            return Err(Refusal::of_field(PASSCODE, Message::RequiredField));
        }
        if broken_rules(rules, passcode, person).is_empty() {
            return Ok(());
        }
        Err(Refusal::of_field(PASSCODE, Message::PasswordRequirements(describe(rules))))
    }

    async fn register(&self, applicant: &Applicant, password_hash: Option<String>) -> Result<Step, Failure> {
        let now = self.services.clock.now();
        let amr = match password_hash {
            Some(_) => Amr::of(Method::Password).with(Method::OneTimeCode),
            None => Amr::of(Method::OneTimeCode),
        };
        let user = User {
            id: format!("00u{}", entropy::unique(&*self.services.entropy)?),
            email: applicant.email.clone(),
            email_verified: true,
            profile: applicant.profile.clone(),
            password_hash,
            updated_at: now,
        };
        let person = Person::new(&user.email, &user.id, amr);
        self.proceed(person, user.clone(), vec![Effect::Register(user)]).await
    }

    fn registration(&self) -> Option<&Registration> {
        self.policy().registration.as_ref()
    }

    fn is_password_optional(&self) -> bool {
        self.registration().is_some_and(|registration| registration.password == PasswordEnrollment::Optional)
    }
}

/// The applicant that a form describes, or what is wrong in which field.
fn read_applicant(registration: &Registration, mut sent: Profile) -> Result<Applicant, Problems> {
    let mut problems = Problems::default();
    let email = normalised(&sent.remove("email").unwrap_or_default());
    if email.is_empty() {
        problems.add_field("userProfile.email".to_owned(), Message::RequiredField);
    } else if email.parse::<lettre::Address>().is_err() {
        problems.add_field("userProfile.email".to_owned(), Message::InvalidEmail);
    }
    let mut profile = Profile::new();
    for field in &registration.fields {
        let value = sent.remove(&field.name).unwrap_or_default();
        let path = format!("userProfile.{}", field.name);
        if value.is_empty() {
            if field.is_required {
                problems.add_field(path, Message::RequiredField);
            }
        } else if value.chars().count() > usize::try_from(field.max_length).unwrap_or(usize::MAX) {
            problems.add_field(path, Message::TooLong(field.max_length));
        } else {
            profile.insert(field.name.clone(), value);
        }
    }
    if problems.is_empty() { Ok(Applicant { email, profile }) } else { Err(problems) }
}
