//! What an action does in a phase.
//!
//! [`Flow::decide`] is the table of the whole protocol: which action is expected in which phase, and which
//! function decides on it. A decision is a [`Step`]; only `perform` carries it out.

mod codes;
mod device;
mod ending;
mod factors;
mod identity_providers;
mod links;
mod passkeys;
mod perform;
mod phone;
mod push;
mod questions;
mod recovery;
mod regaining;
mod registration;
mod resume;
mod setup;
mod sign_in;
mod temporary_code;
mod tokens;
mod totp;
mod unlock;

use std::time::Duration;

use codes::Answered;
pub(crate) use identity_providers::{ReturnRefusal, Returned};
pub(crate) use push::AboutPush;
pub(crate) use questions::{OWN_QUESTION, QUESTIONS, SHORTEST_ANSWER};
pub(crate) use resume::Standing;

use super::action::{Action, Credentials};
use super::ending::Admitted;
use super::enrollment::Enrollment;
use super::messages::{Message, Problems};
use super::requirements::Requirements;
use super::transaction::{Challenge, InteractionRequest, Phase, Proof, Regaining, Setup, Transaction};
use crate::config::Policy;
use crate::failure::Failure;
use crate::limits::{Blocked, Purpose, Scope};
use crate::mail::Letter;
use crate::services::Services;
use crate::store::{Effect, User};

/// Who sent a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) address: String,
    /// The origin of the page, if a page sent it.
    pub(crate) origin: Option<String>,
    /// What the browser says it is.
    pub(crate) user_agent: String,
    /// The digest of the cookie that it is known by on the server's own pages.
    pub(crate) browser: Option<String>,
}

/// One action in one transaction.
pub(crate) struct Flow<'a> {
    services: &'a Services,
    transaction: &'a Transaction,
    caller: &'a Caller,
}

/// What is to happen.
pub(crate) enum Step {
    /// On to another phase, with what else changes by it, and perhaps a mail.
    Move { phase: Phase, letter: Option<Letter>, effects: Vec<Effect> },
    /// The same question again. `phase` is given if the refusal itself has to be remembered.
    Refuse { phase: Option<Phase>, refusal: Refusal },
    /// On, for another client than before.
    Serve { request: Box<InteractionRequest>, phase: Phase },
    /// Nothing has changed.
    Stay,
    /// The first page again, under a new handle.
    Restart,
    /// Over, without a sign-in.
    End(Message),
    /// Signed in.
    Finish(Box<Finish>),
}

/// Why the same question is asked again.
pub(crate) struct Refusal {
    status: u16,
    problems: Problems,
    retry_after: Option<Duration>,
}

/// How the transaction ends.
pub(crate) struct Finish {
    effects: Vec<Effect>,
    user: User,
    admitted: Admitted,
}

impl Flow<'_> {
    fn client_id(&self) -> &str {
        &self.transaction.request.client_id
    }

    fn policy(&self) -> &Policy {
        self.services.config.policy_of(self.client_id())
    }

    fn requirements(&self) -> Requirements<'_> {
        self.services.requirements(&self.transaction.request)
    }

    /// Counts a try, and says if it must not be made.
    async fn admit(&self, purpose: Purpose, identifier: &str) -> Result<Option<Blocked>, Failure> {
        self.services.admit(&self.policy().attempts, purpose, identifier, &self.caller.address).await
    }

    /// Takes a try back that was right.
    async fn forgive(&self, purpose: Purpose, identifier: &str) -> Result<(), Failure> {
        self.services.forgive(purpose, identifier, &self.caller.address).await
    }

    async fn enrollments(&self, user_id: &str) -> Result<Vec<Enrollment>, Failure> {
        self.services.enrollments(user_id, self.requirements()).await
    }

    async fn decide(&self, action: Action) -> Result<Step, Failure> {
        match (&self.transaction.phase, action) {
            (_, Action::Cancel) => Ok(Step::Restart),
            (phase, Action::Poll) => self.poll(phase).await,
            (phase, Action::Resend) => self.resend(phase).await,
            (Phase::Identify { .. }, Action::Identify { identifier, passcode, .. }) => {
                self.identify(&identifier, &passcode).await
            }
            (Phase::Identify { passkey: Some(challenge), .. }, Action::AnswerWithPasskey(assertion)) => {
                self.identify_by_passkey(challenge, &assertion).await
            }
            (Phase::Identify { .. }, Action::SelectEnrollProfile) => Ok(self.begin_registration()),
            (Phase::Identify { .. }, Action::Recover) => Ok(self.begin_recovery()),
            (Phase::Identify { .. }, Action::UnlockAccount) => Ok(self.begin_unlock()),
            (Phase::EnterUserCode { .. }, Action::EnterUserCode(typed)) => self.enter_user_code(&typed).await,
            (Phase::SelectUnlock, Action::SelectAuthenticator(selected)) => {
                self.select_unlock(&selected).await
            }
            (Phase::EnrollProfile, Action::SelectIdentify) => {
                Ok(Step::to(self.services.start(self.client_id())?))
            }
            (Phase::EnrollProfile, Action::EnrollProfile { profile }) => self.enroll_profile(profile).await,
            (Phase::IdentifyRecovery, Action::Identify { identifier, .. }) => {
                self.identify_recovery(&identifier).await
            }
            (Phase::Authenticate { account, .. }, Action::Recover) => self.recover(account).await,
            (
                Phase::SelectWay { account, goal }
                | Phase::Regain(Regaining { account, goal, given: None, .. }),
                Action::SelectAuthenticator(selected),
            ) => self.select_way(account, *goal, &selected).await,
            (Phase::Authenticate { account, .. }, Action::SelectAuthenticator(selected)) => {
                self.select_authenticator(account, &selected.id).await
            }
            (
                Phase::SelectFactor { person } | Phase::ProveAgain { person, .. },
                Action::SelectAuthenticator(selected),
            ) => self.select_factor(person, &selected).await,
            (
                Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant },
                Action::SelectEnrollment(selected),
            ) => Ok(self.select_enrollment(applicant, &selected.id)),
            (
                Phase::SelectSetup { person } | Phase::SetUp { person, .. },
                Action::SelectEnrollment(selected),
            ) => self.select_setup(person, &selected).await,
            (Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant }, Action::Skip) => {
                self.skip_password(applicant).await
            }
            (Phase::SelectSetup { person } | Phase::SetUp { person, .. }, Action::Skip) => {
                self.skip_setup(person).await
            }
            (Phase::KeepSignedIn { admitted }, Action::KeepSignedIn(answer)) => {
                self.keep_signed_in(admitted, answer).await
            }
            (Phase::Consent { admitted, scopes }, Action::Consent(answer)) => {
                self.consent(admitted, scopes, answer).await
            }
            (phase, Action::Answer(credentials)) => self.answer(phase, &credentials).await,
            // Everything else is an answer to a question that is not, or no longer, asked.
            (_, _) => Ok(Step::unexpected()),
        }
    }

    /// What was typed, or what a device has signed.
    async fn answer(&self, phase: &Phase, credentials: &Credentials) -> Result<Step, Failure> {
        match phase {
            Phase::EnrollPassword { applicant } => {
                self.enroll_password(applicant, &credentials.passcode).await
            }
            Phase::ResetPassword { account, amr } => {
                let (passcode, revoke_tokens) = (&credentials.passcode, credentials.revoke_sessions);
                self.reset_password((account, amr), passcode, revoke_tokens).await
            }
            Phase::Regain(regaining) => self.answer_to_regain(regaining, credentials).await,
            Phase::Activate { account } => self.activate(account, &credentials.passcode).await,
            Phase::ProveAgain { person, proof } => self.prove_again(person, proof, credentials).await,
            Phase::SetUp { person, setup } => self.set_up(person, setup, credentials).await,
            Phase::Authenticate { account, challenge: Challenge::Password } => {
                self.prove_by_password(account, &credentials.passcode).await
            }
            Phase::Authenticate { account, challenge: Challenge::TemporaryCode } => {
                self.prove_by_temporary_code(account, &credentials.passcode).await
            }
            _ => self.answer_code(phase, Answered::Typed(&credentials.passcode)).await,
        }
    }

    /// The code of a mail was typed, or it is asked whether the link beside it was followed.
    async fn answer_code(&self, phase: &Phase, answer: Answered<'_>) -> Result<Step, Failure> {
        match phase {
            Phase::Authenticate { account, challenge: Challenge::Email(code) } => {
                self.prove_by_code(account, code, answer).await
            }
            Phase::EnrollEmail { applicant, code } => self.confirm_email(applicant, code, answer).await,
            Phase::ProveAgain { person, proof: Proof::Email(code) } => {
                self.prove_again_by_code(person, code, answer).await
            }
            _ => Ok(Step::unexpected()),
        }
    }

    /// Whether there is an answer from elsewhere.
    async fn poll(&self, phase: &Phase) -> Result<Step, Failure> {
        match phase {
            Phase::ProveAgain { person, proof: Proof::Push { id, expires_at, .. } } => {
                self.poll_push(person, id, *expires_at).await
            }
            Phase::Regain(regaining) => self.poll_to_regain(regaining).await,
            Phase::SetUp { person, setup: Setup::Push { device } } => self.poll_device(person, device).await,
            _ => self.answer_code(phase, Answered::Elsewhere).await,
        }
    }

    /// Whatever was sent last, once more.
    async fn resend(&self, phase: &Phase) -> Result<Step, Failure> {
        match phase {
            Phase::Authenticate { account, challenge: Challenge::Email(_) } => {
                self.send_sign_in_code(account).await
            }
            Phase::EnrollEmail { applicant, .. } => self.send_registration_code(applicant).await,
            Phase::Regain(regaining) => self.resend_to_regain(regaining).await,
            Phase::ProveAgain { person, proof: Proof::Email(_) } => {
                self.send_second_code(person.clone(), Vec::new()).await
            }
            Phase::ProveAgain { person, proof: Proof::PhoneCode { method, .. } } => {
                self.ask_by_phone(person.clone(), *method, Vec::new()).await
            }
            Phase::SetUp { person, setup: Setup::PhoneCode { number, method, .. } } => {
                self.send_setup_code(person, *method, number.clone()).await
            }
            _ => Ok(Step::unexpected()),
        }
    }
}

impl Step {
    fn to(phase: Phase) -> Self {
        Self::Move { phase, letter: None, effects: Vec::new() }
    }

    fn refuse(refusal: Refusal) -> Self {
        Self::Refuse { phase: None, refusal }
    }

    fn refuse_field(path: &str, message: Message) -> Self {
        Self::refuse(Refusal::of_field(path, message))
    }

    fn unexpected() -> Self {
        Self::refuse(Refusal::because(Problems::general(Message::UnexpectedAnswer)))
    }
}

impl Refusal {
    fn because(problems: Problems) -> Self {
        Self { status: 400, problems, retry_after: None }
    }

    /// Not an error of who asks: clients keep what they had when a request fails, and what they had is over.
    fn ended(message: Message) -> Self {
        Self { status: 200, ..Self::because(Problems::general(message)) }
    }

    fn of_field(path: &str, message: Message) -> Self {
        Self::because(Problems::field(path, message))
    }

    fn too_often(blocked: Blocked, account_message: Message) -> Self {
        let message = match blocked.scope {
            Scope::Account => account_message,
            Scope::Address => Message::TooManyRequests,
        };
        let problems = Problems::general(message);
        Self { status: 429, problems, retry_after: Some(blocked.retry_after) }
    }
}

/// Where the answer to a challenge stands in its form.
const PASSCODE: &str = "credentials.passcode";
