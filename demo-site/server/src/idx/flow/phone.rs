//! The telephone: codes by text message or call, as a second proof, and setting a number up.

use super::codes::{Answered, NewCode};
use super::{Flow, Refusal, Step};
use crate::failure::Failure;
use crate::idx::amr::Method;
use crate::idx::enrollment::Credential;
use crate::idx::messages::Message;
use crate::idx::transaction::{EmailCode, Person, Phase, Proof, Setup};
use crate::mail::{Letter, Occasion};
use crate::phone::{PhoneMethod, PhoneNumber};
use crate::store::Effect;

impl Flow<'_> {
    /// Sends a code to the number that was set up.
    pub(super) async fn ask_by_phone(
        &self,
        person: Person,
        method: PhoneMethod,
        effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let enrollments = self.enrollments(&person.user_id).await?;
        let number = enrollments.into_iter().find_map(|enrollment| match enrollment.credential {
            Credential::Phone { number } => Some(number),
            _ => None,
        });
        let Some(number) = number else { return Ok(Step::unexpected()) };
        Ok(match self.new_phone_code(&person, &number, method).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok((code, letter)) => {
                let proof = Proof::PhoneCode { method, code };
                Step::Move { phase: Phase::ProveAgain { person, proof }, letter, effects }
            }
        })
    }

    pub(super) async fn prove_again_by_phone(
        &self,
        person: &Person,
        (method, code): (PhoneMethod, &EmailCode),
        typed: &str,
    ) -> Result<Step, Failure> {
        let again = |code| {
            let proof = Proof::PhoneCode { method, code };
            Phase::ProveAgain { person: person.clone(), proof }
        };
        match self.refuse_code(&person.identifier, code, Answered::Typed(typed), again).await? {
            Some(step) => Ok(step),
            None => self.proceed_twice(person, Method::by_phone(method), Vec::new()).await,
        }
    }

    /// A number was given, or is still to be given.
    pub(super) async fn set_up_number(
        &self,
        person: &Person,
        method: PhoneMethod,
        number: &str,
    ) -> Result<Step, Failure> {
        let is_asked = matches!(self.transaction.phase, Phase::SetUp { setup: Setup::PhoneNumber, .. });
        if number.is_empty() && is_asked {
            return Ok(Step::refuse_field(NUMBER, Message::RequiredField));
        }
        if number.is_empty() {
            return Ok(Step::to(Phase::SetUp { person: person.clone(), setup: Setup::PhoneNumber }));
        }
        let parsed = PhoneNumber::parse(number);
        // Nobody types an extension for a text message.
        let parsed = parsed.filter(|number| method == PhoneMethod::Voice || !number.has_extension());
        let Some(number) = parsed else {
            let refusal = Refusal::of_field(NUMBER, Message::InvalidPhone);
            let phase = Phase::SetUp { person: person.clone(), setup: Setup::PhoneNumber };
            return Ok(Step::Refuse { phase: Some(phase), refusal });
        };
        self.send_setup_code(person, method, number).await
    }

    pub(super) async fn send_setup_code(
        &self,
        person: &Person,
        method: PhoneMethod,
        number: PhoneNumber,
    ) -> Result<Step, Failure> {
        Ok(match self.new_phone_code(person, &number, method).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok((code, letter)) => {
                let setup = Setup::PhoneCode { number, method, code };
                let phase = Phase::SetUp { person: person.clone(), setup };
                Step::Move { phase, letter, effects: Vec::new() }
            }
        })
    }

    pub(super) async fn confirm_number(
        &self,
        person: &Person,
        (number, method, code): (&PhoneNumber, PhoneMethod, &EmailCode),
        typed: &str,
    ) -> Result<Step, Failure> {
        let again = |code| {
            let setup = Setup::PhoneCode { number: number.clone(), method, code };
            Phase::SetUp { person: person.clone(), setup }
        };
        match self.refuse_code(&person.identifier, code, Answered::Typed(typed), again).await? {
            Some(step) => Ok(step),
            None => self.enrolled(person, Credential::Phone { number: number.clone() }, None).await,
        }
    }

    /// Counted like mails: what is limited is how often somebody is written to.
    async fn new_phone_code(
        &self,
        person: &Person,
        number: &PhoneNumber,
        method: PhoneMethod,
    ) -> Result<Result<(EmailCode, Option<Letter>), Refusal>, Failure> {
        let occasion = Occasion::Phone(method);
        Ok(self
            .new_code(&person.identifier, occasion, true)
            .await?
            .map(|NewCode { code, letter, .. }| (code, letter.map(|letter| letter.for_phone(number)))))
    }
}

const NUMBER: &str = "authenticator.phoneNumber";
