//! Getting back in without the password: which ways the policy has, and proof by one of them.
//!
//! The ways are those of the policy and not those of the person: a list of what somebody has set up would tell that
//! there is an account. Whoever has no such thing, or no account, gets as far as everybody else; only nothing is
//! sent. What comes of the proof is in `recovery.rs` and `unlock.rs`.

use super::codes::{Answered, NewCode};
use super::{Flow, Refusal, Step};
use crate::failure::Failure;
use crate::idx::action::{Credentials, Selected};
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{Account, Goal, Phase, Proof, Regaining};
use crate::limits::Purpose;
use crate::mail::{Letter, Occasion};
use crate::phone::PhoneMethod;

impl Flow<'_> {
    /// Asks for the one way that there is, or which of several.
    pub(super) async fn begin_regaining(&self, account: Account, goal: Goal) -> Result<Step, Failure> {
        match self.policy().recovery.authenticators.as_slice() {
            [] => Ok(Step::refuse(Refusal::because(Problems::general(Message::ResetNotAllowed)))),
            [only] => self.ask_to_regain(account, goal, (*only, None)).await,
            _ => Ok(Step::to(Phase::SelectWay { account, goal })),
        }
    }

    pub(super) async fn select_way(
        &self,
        account: &Account,
        goal: Goal,
        selected: &Selected,
    ) -> Result<Step, Failure> {
        let (at_hand, is_asked) = match &self.transaction.phase {
            Phase::Regain(regaining) => {
                (Some(regaining.proof.kind()), matches!(regaining.proof, Proof::PhoneMethod))
            }
            _ => (None, false),
        };
        // Clients that do not send back what cannot be changed mean what is at hand.
        let kind = if selected.id.is_empty() { at_hand } else { Kind::of_id(&selected.id) };
        match kind.filter(|kind| self.policy().recovery.authenticators.contains(kind)) {
            Some(kind) => {
                let method = selected.method.or_else(|| is_asked.then_some(PhoneMethod::Sms));
                self.ask_to_regain(account.clone(), goal, (kind, method)).await
            }
            None => Ok(Step::unexpected()),
        }
    }

    /// Sends what was sent last once more.
    pub(super) async fn resend_to_regain(&self, regaining: &Regaining) -> Result<Step, Failure> {
        let way = match &regaining.proof {
            Proof::Email(_) => (Kind::Email, None),
            Proof::PhoneCode { method, .. } => (Kind::Phone, Some(*method)),
            _ => return Ok(Step::unexpected()),
        };
        self.ask_to_regain(regaining.account.clone(), regaining.goal, way).await
    }

    async fn ask_to_regain(
        &self,
        account: Account,
        goal: Goal,
        (kind, method): (Kind, Option<PhoneMethod>),
    ) -> Result<Step, Failure> {
        match (kind, method) {
            (Kind::Email, _) => self.mail_to_regain(account, goal).await,
            (Kind::Phone, Some(method)) => self.phone_to_regain(account, goal, method).await,
            (Kind::Phone, None) => Ok(Step::to(Phase::Regain(Regaining {
                account,
                goal,
                proof: Proof::PhoneMethod,
                given: None,
            }))),
            (Kind::Push, _) => self.push_to_regain(account, goal).await,
            _ => Ok(Step::unexpected()),
        }
    }

    async fn mail_to_regain(&self, account: Account, goal: Goal) -> Result<Step, Failure> {
        let occasion = match goal {
            Goal::NewPassword => Occasion::Recovery,
            Goal::Unlock => Occasion::Unlock,
        };
        Ok(match self.new_code(&account.identifier, occasion, account.user_id.is_some()).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(new) => new.ask(|code| {
                Phase::Regain(Regaining { account, goal, proof: Proof::Email(code), given: None })
            }),
        })
    }

    async fn phone_to_regain(
        &self,
        account: Account,
        goal: Goal,
        method: PhoneMethod,
    ) -> Result<Step, Failure> {
        let number = self.credential_of(&account, |credential| match credential {
            Credential::Phone { number } => Some(number),
            _ => None,
        });
        let number = number.await?;
        let occasion = Occasion::Phone(method);
        Ok(match self.new_code(&account.identifier, occasion, number.is_some()).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(NewCode { code, letter, effects }) => {
                let letter =
                    letter.zip(number).map(|(letter, number): (Letter, _)| letter.for_phone(&number));
                let proof = Proof::PhoneCode { method, code };
                let phase = Phase::Regain(Regaining { account, goal, proof, given: None });
                Step::Move { phase, letter, effects }
            }
        })
    }

    async fn push_to_regain(&self, account: Account, goal: Goal) -> Result<Step, Failure> {
        // Counted like mails: nobody is to be asked without end by somebody who knows their name.
        if let Some(blocked) = self.admit(Purpose::Mail, &account.identifier).await? {
            return Ok(Step::refuse(Refusal::too_often(blocked, Message::TooManyRequests)));
        }
        let device = self.credential_of(&account, |credential| match credential {
            Credential::Push { device, .. } => Some(device),
            _ => None,
        });
        let device = device.await?;
        let (proof, effects) = self.new_push(&account.identifier, device)?;
        let phase = Phase::Regain(Regaining { account, goal, proof, given: None });
        Ok(Step::Move { phase, letter: None, effects })
    }

    pub(super) async fn answer_to_regain(
        &self,
        regaining: &Regaining,
        credentials: &Credentials,
    ) -> Result<Step, Failure> {
        let Regaining { account, goal, given, .. } = regaining;
        match (&regaining.proof, given) {
            (Proof::SecurityQuestion, Some(given)) => {
                match self.refuse_answer(account, &credentials.answer).await? {
                    Some(step) => Ok(step),
                    None => {
                        self.regained(account, *goal, Amr::of(*given).and(Method::SecurityQuestion)).await
                    }
                }
            }
            _ => self.code_to_regain(regaining, Answered::Typed(&credentials.passcode)).await,
        }
    }

    /// A code was typed, or it is asked whether there is an answer from elsewhere.
    pub(super) async fn code_to_regain(
        &self,
        regaining: &Regaining,
        answer: Answered<'_>,
    ) -> Result<Step, Failure> {
        let again = |proof: Proof| Phase::Regain(Regaining { proof, ..regaining.clone() });
        let identifier = &regaining.account.identifier;
        let (refused, method) = match &regaining.proof {
            Proof::Email(code) => {
                let refused = self.refuse_code(identifier, code, answer, |code| again(Proof::Email(code)));
                (refused.await?, Method::OneTimeCode)
            }
            Proof::PhoneCode { method, code } => {
                let again = |code| again(Proof::PhoneCode { method: *method, code });
                (self.refuse_code(identifier, code, answer, again).await?, Method::by_phone(*method))
            }
            _ => return Ok(Step::unexpected()),
        };
        match refused {
            Some(step) => Ok(step),
            None => self.way_proven(regaining, method).await,
        }
    }

    pub(super) async fn poll_to_regain(&self, regaining: &Regaining) -> Result<Step, Failure> {
        let Proof::Push { id, expires_at, .. } = &regaining.proof else {
            return self.code_to_regain(regaining, Answered::Elsewhere).await;
        };
        match self.push_answer(id, *expires_at).await? {
            None => Ok(Step::Stay),
            Some(Ok(())) => self.way_proven(regaining, Method::DeviceKey).await,
            Some(Err(message)) => {
                let phase = Phase::Regain(Regaining { proof: Proof::PushEnded, ..regaining.clone() });
                Ok(Step::Refuse { phase: Some(phase), refusal: Refusal::ended(message) })
            }
        }
    }

    /// On with somebody who has proved it in one of the ways: the question that comes on top, or what they came for.
    async fn way_proven(&self, regaining: &Regaining, method: Method) -> Result<Step, Failure> {
        let has_question = self.policy().recovery.security_question
            && self
                .credential_of(&regaining.account, |credential| match credential {
                    Credential::SecurityQuestion { .. } => Some(()),
                    _ => None,
                })
                .await?
                .is_some();
        if has_question {
            let (proof, given) = (Proof::SecurityQuestion, Some(method));
            return Ok(Step::to(Phase::Regain(Regaining { proof, given, ..regaining.clone() })));
        }
        self.regained(&regaining.account, regaining.goal, Amr::of(method)).await
    }

    async fn regained(&self, account: &Account, goal: Goal, amr: Amr) -> Result<Step, Failure> {
        match goal {
            Goal::NewPassword => Ok(Step::to(Phase::ResetPassword { account: account.clone(), amr })),
            Goal::Unlock => {
                self.services.unlock(Purpose::Password, &account.identifier).await?;
                Ok(Step::End(Message::Unlocked))
            }
        }
    }

    /// Of what the owner of an account has set up, the first that is wanted.
    async fn credential_of<T>(
        &self,
        account: &Account,
        wanted: impl Fn(Credential) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let enrollments: Vec<Enrollment> = match &account.user_id {
            Some(user_id) => self.enrollments(user_id).await?,
            None => Vec::new(),
        };
        Ok(enrollments.into_iter().find_map(|enrollment| wanted(enrollment.credential)))
    }
}
