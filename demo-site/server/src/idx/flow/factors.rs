//! What comes after the first proof: a second one, something to set up, or the end.
//!
//! By then it is known who it is, so that what they have set up may be shown. Each kind of proof has its own
//! file; here is which of them is asked for.

use super::codes::{Answered, NewCode};
use super::{Flow, PASSCODE, Refusal, Step};
use crate::failure::Failure;
use crate::idx::action::{Credentials, Selected};
use crate::idx::amr::Method;
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::Enrollment;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Account, EmailCode, Person, Phase, Proof};
use crate::mail::Occasion;
use crate::phone::PhoneMethod;
use crate::store::{Effect, User};

impl Flow<'_> {
    /// On with somebody who has proved who they are. `effects` happen together with whatever comes next.
    pub(super) async fn proceed(
        &self,
        person: Person,
        user: User,
        mut effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let kinds = self.set_up_kinds(&person).await?;
        let has_password = user.password_hash.is_some();
        match self.requirements().second_factors(&person, &kinds, has_password).as_slice() {
            [] => {}
            [only] => return self.ask_again(person, *only, None, effects).await,
            _ => {
                let phase = Phase::SelectFactor { person };
                return Ok(Step::Move { phase, letter: None, effects });
            }
        }
        let (person, begun) = self.with_graces(person, &kinds).await?;
        effects.extend(begun);
        let (left, may_skip) = self.requirements().offers(&person, &kinds);
        if left.is_empty() && !may_skip {
            // More is wanted than there is: nobody gets in by having nothing.
            let message = match self.transaction.request.acr {
                Some(_) => {
                    Message::AssuranceUnsatisfiable(self.services.client_name(self.transaction).to_owned())
                }
                None => Message::AccessDenied,
            };
            return Ok(Step::refuse(Refusal::because(Problems::general(message))));
        }
        if !left.is_empty() && (!may_skip || !person.has_skipped) {
            return Ok(Step::Move { phase: Phase::SelectSetup { person }, letter: None, effects });
        }
        self.let_in(person, user, effects).await
    }

    pub(super) async fn select_factor(&self, person: &Person, selected: &Selected) -> Result<Step, Failure> {
        let kinds = self.set_up_kinds(person).await?;
        let has_password = self.user(person).await?.password_hash.is_some();
        let factors = self.requirements().second_factors(person, &kinds, has_password);
        // Clients that do not send back what cannot be changed mean what is at hand.
        let at_hand = match &self.transaction.phase {
            Phase::ProveAgain { proof, .. } if selected.id.is_empty() => Some(proof.kind()),
            _ => Kind::of_id(&selected.id),
        };
        match at_hand.filter(|kind| factors.contains(kind)) {
            Some(kind) => {
                // Who was asked how and does not say gets a text message.
                let is_asked =
                    matches!(self.transaction.phase, Phase::ProveAgain { proof: Proof::PhoneMethod, .. });
                let method = selected.method.or_else(|| is_asked.then_some(PhoneMethod::Sms));
                self.ask_again(person.clone(), kind, method, Vec::new()).await
            }
            None => Ok(Step::unexpected()),
        }
    }

    /// Asks for this second proof.
    pub(super) async fn ask_again(
        &self,
        person: Person,
        kind: Kind,
        method: Option<PhoneMethod>,
        effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let proof = match kind {
            Kind::Password => Proof::Password,
            Kind::Email => return self.send_second_code(person, effects).await,
            Kind::Passkey => match self.passkey_proof()? {
                Some(proof) => proof,
                None => return Ok(Step::unexpected()),
            },
            Kind::Totp => Proof::Totp,
            Kind::SecurityQuestion => Proof::SecurityQuestion,
            Kind::Tac => Proof::TemporaryCode,
            Kind::Phone => match method {
                Some(method) => return self.ask_by_phone(person, method, effects).await,
                None => Proof::PhoneMethod,
            },
            Kind::Push => return self.ask_by_push(person, effects).await,
            Kind::IdentityProvider => Proof::IdentityProvider { has_failed: false },
        };
        Ok(Step::Move { phase: Phase::ProveAgain { person, proof }, letter: None, effects })
    }

    pub(super) async fn prove_again(
        &self,
        person: &Person,
        proof: &Proof,
        credentials: &Credentials,
    ) -> Result<Step, Failure> {
        match proof {
            Proof::Password => self.prove_again_by_password(person, &credentials.passcode).await,
            Proof::Email(code) => {
                self.prove_again_by_code(person, code, Answered::Typed(&credentials.passcode)).await
            }
            Proof::Totp => self.prove_again_by_totp(person, &credentials.passcode).await,
            Proof::SecurityQuestion => self.prove_again_by_answer(person, &credentials.answer).await,
            Proof::TemporaryCode => self.prove_again_by_temporary_code(person, &credentials.passcode).await,
            Proof::PhoneCode { method, code } => {
                self.prove_again_by_phone(person, (*method, code), &credentials.passcode).await
            }
            Proof::PhoneMethod | Proof::Push { .. } | Proof::PushEnded | Proof::IdentityProvider { .. } => {
                Ok(Step::unexpected())
            }
            Proof::Passkey(challenge) => {
                self.prove_again_by_passkey(person, challenge, &credentials.assertion).await
            }
        }
    }

    /// On with somebody who has given a second proof.
    pub(super) async fn proceed_twice(
        &self,
        person: &Person,
        method: Method,
        effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        let user = self.user(person).await?;
        let person = Person { amr: person.amr.clone().and(method), has_second: true, ..person.clone() };
        self.proceed(person, user, effects).await
    }

    pub(super) async fn user(&self, person: &Person) -> Result<User, Failure> {
        self.services.store.user(&person.user_id).await?.ok_or(Failure::MissingUser)
    }

    pub(super) async fn set_up_kinds(&self, person: &Person) -> Result<Vec<Kind>, Failure> {
        let enrollments = self.enrollments(&person.user_id).await?;
        Ok(enrollments.iter().map(Enrollment::kind).collect())
    }

    async fn prove_again_by_password(&self, person: &Person, passcode: &str) -> Result<Step, Failure> {
        if passcode.is_empty() {
            return Ok(Step::refuse_field(PASSCODE, Message::RequiredField));
        }
        match self.check_password(&account_of(person), passcode, Message::IncorrectPassword).await? {
            Ok(_) => self.proceed_twice(person, Method::Password, Vec::new()).await,
            Err(refusal) => Ok(Step::refuse(refusal)),
        }
    }

    pub(super) async fn prove_again_by_code(
        &self,
        person: &Person,
        code: &EmailCode,
        answer: Answered<'_>,
    ) -> Result<Step, Failure> {
        let again = |code| Phase::ProveAgain { person: person.clone(), proof: Proof::Email(code) };
        match self.refuse_code(&person.identifier, code, answer, again).await? {
            Some(step) => Ok(step),
            None => self.proceed_twice(person, Method::OneTimeCode, Vec::new()).await,
        }
    }

    pub(super) async fn send_second_code(
        &self,
        person: Person,
        mut effects: Vec<Effect>,
    ) -> Result<Step, Failure> {
        Ok(match self.new_code(&person.identifier, Occasion::SignIn, true).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(NewCode { code, letter, effects: more }) => {
                effects.extend(more);
                let phase = Phase::ProveAgain { person, proof: Proof::Email(code) };
                Step::Move { phase, letter, effects }
            }
        })
    }
}

pub(super) fn account_of(person: &Person) -> Account {
    Account { identifier: person.identifier.clone(), user_id: Some(person.user_id.clone()) }
}
