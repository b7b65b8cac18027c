//! What an action does in a phase.
//!
//! [`Flow::decide`] is the table of the whole protocol: which action is expected in which phase, and which
//! function decides on it. A decision is a [`Step`]; only `perform` carries it out, in this order: the
//! database first, where of two answers at the same time one loses, and only then mail.

mod codes;
mod recovery;
mod registration;
mod sign_in;

use std::time::Duration;

use super::action::Action;
use super::answer::{Answer, View};
use super::handle::{Presented, StateHandle};
use super::messages::{Message, Problems};
use super::transaction::{InteractionRequest, Phase, Transaction};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::limits::{Blocked, Scope};
use crate::mail::Letter;
use crate::services::Services;
use crate::store::{Completed, Completion, Effect, Grant, InteractionCode, User};

/// Who sent a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) address: String,
    /// The origin of the page, if a page sent it.
    pub(crate) origin: Option<String>,
}

/// One action in one transaction.
pub(crate) struct Flow<'a> {
    services: &'a Services,
    transaction: &'a Transaction,
    caller: &'a Caller,
}

/// What is to happen.
pub(crate) enum Step {
    /// On to another phase, and perhaps a mail.
    Move { phase: Phase, letter: Option<Letter> },
    /// The same question again. `phase` is given if the refusal itself has to be remembered.
    Refuse { phase: Option<Phase>, refusal: Refusal },
    /// The first page again, under a new handle.
    Restart,
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
    effect: Effect,
    user: User,
    amr: &'static str,
}

impl Services {
    /// Begins a transaction and says its interaction handle.
    pub(crate) async fn begin(&self, request: InteractionRequest) -> Result<String, Failure> {
        let interaction_handle = entropy::opaque(&*self.entropy)?;
        let generation = entropy::unique(&*self.entropy)?;
        let transaction = Transaction {
            handle: StateHandle::of_interaction(&interaction_handle, &generation),
            generation,
            request,
            phase: Phase::start(),
            revision: 0,
            expires_at: self.clock.now().plus(self.config.policy.lifetimes.transaction),
        };
        self.store.add_transaction(&transaction.to_stored()?).await?;
        Ok(interaction_handle)
    }

    /// The transaction that a handle names, if there is one and it has not expired.
    pub(crate) async fn find(&self, presented: &Presented) -> Result<Option<Transaction>, Failure> {
        let handle = presented.handle();
        let Some(stored) = self.store.transaction(&handle.transaction_id()).await? else { return Ok(None) };
        if stored.expires_at <= self.clock.now() || !presented.allows_generation(&stored.generation) {
            return Ok(None);
        }
        Transaction::restore(handle.with_generation(&stored.generation), &stored).map(Some)
    }

    /// Asks what is being asked already.
    pub(crate) fn describe(&self, transaction: &Transaction) -> Result<Answer, Failure> {
        self.draw(transaction, &Problems::default()).map(Answer::ok)
    }

    /// Decides on an action, carries the decision out, and asks for the next.
    pub(crate) async fn perform(
        &self,
        transaction: Transaction,
        action: Action,
        caller: &Caller,
    ) -> Result<Answer, Failure> {
        // Sent again because its answer was lost, or late: what it answered is no longer asked.
        let is_current = transaction.handle.asks(transaction.phase.question());
        if !is_current && !matches!(action, Action::Cancel) {
            return self.superseded(&transaction).await;
        }
        let flow = Flow { services: self, transaction: &transaction, caller };
        match flow.decide(action).await? {
            Step::Move { phase, letter } => {
                let answer = self.advance(transaction.clone(), Some(phase), None).await?;
                if let (200, Some(letter)) = (answer.status, letter) {
                    self.post(letter, self.client_name(&transaction)).await?;
                }
                Ok(answer)
            }
            Step::Refuse { phase, refusal } => self.advance(transaction, phase, Some(refusal)).await,
            Step::Restart => self.restart(transaction).await,
            Step::Finish(finish) => self.finish(transaction, *finish).await,
        }
    }

    async fn advance(
        &self,
        mut transaction: Transaction,
        phase: Option<Phase>,
        refusal: Option<Refusal>,
    ) -> Result<Answer, Failure> {
        if let Some(phase) = phase {
            transaction.phase = phase;
            if !self.store.advance(&transaction.to_stored()?).await? {
                return self.superseded(&transaction).await;
            }
        }
        let Some(refusal) = refusal else { return self.describe(&transaction) };
        let body = self.draw(&transaction, &refusal.problems)?;
        Ok(Answer { status: refusal.status, retry_after: refusal.retry_after, body })
    }

    async fn restart(&self, mut transaction: Transaction) -> Result<Answer, Failure> {
        transaction.generation = entropy::unique(&*self.entropy)?;
        transaction.phase = Phase::start();
        if !self.store.advance(&transaction.to_stored()?).await? {
            return self.superseded(&transaction).await;
        }
        transaction.handle = transaction.handle.with_generation(&transaction.generation);
        self.describe(&transaction)
    }

    async fn finish(&self, transaction: Transaction, finish: Finish) -> Result<Answer, Failure> {
        let code = entropy::opaque(&*self.entropy)?;
        let completion = self.completion(&transaction, finish.effect, &finish.user, (finish.amr, &code))?;
        match self.store.complete(&completion).await? {
            Completed::Done => {
                let problems = Problems::default();
                let view = self.view(&transaction, &problems);
                view.draw_success(&finish.user, &code).map(Answer::ok)
            }
            Completed::Stale => self.superseded(&transaction).await,
            Completed::EmailTaken => {
                let problems = Problems::field("userProfile.email", Message::EmailTaken);
                let refusal = Refusal::because(problems);
                self.advance(transaction, Some(Phase::EnrollProfile), Some(refusal)).await
            }
        }
    }

    fn completion(
        &self,
        transaction: &Transaction,
        effect: Effect,
        user: &User,
        (amr, code): (&str, &str),
    ) -> Result<Completion, Failure> {
        let now = self.clock.now();
        let lifetimes = self.config.policy.lifetimes;
        let request = &transaction.request;
        let grant = Grant {
            id: entropy::unique(&*self.entropy)?,
            user_id: user.id.clone(),
            client_id: request.client_id.clone(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            amr: amr.to_owned(),
            auth_time: now,
            is_revoked: false,
            expires_at: now.plus(lifetimes.refresh_token.max(lifetimes.access_token)),
        };
        let code = InteractionCode {
            hash: digest::sha256(code),
            grant_id: grant.id.clone(),
            client_id: request.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            expires_at: now.plus(lifetimes.interaction_code),
        };
        let transaction_id = transaction.handle.transaction_id();
        Ok(Completion { transaction_id, revision: transaction.revision, effect, grant, code })
    }

    /// Another answer to the same question was applied first: shows what it led to.
    async fn superseded(&self, transaction: &Transaction) -> Result<Answer, Failure> {
        let presented = Presented::State(transaction.handle.clone());
        let Some(current) = self.find(&presented).await? else {
            return Ok(Answer::session_expired(&transaction.revealed_handle(), self.clock.now()));
        };
        let body = self.draw(&current, &Problems::general(Message::Superseded))?;
        Ok(Answer { status: 409, retry_after: None, body })
    }

    fn draw(&self, transaction: &Transaction, problems: &Problems) -> Result<String, Failure> {
        self.view(transaction, problems).draw()
    }

    fn view<'a>(&'a self, transaction: &'a Transaction, problems: &'a Problems) -> View<'a> {
        let reference = transaction.phase.identifier().map(|identifier| self.reference(identifier));
        View { config: &self.config, transaction, problems, reference }
    }

    fn client_name(&self, transaction: &Transaction) -> &str {
        self.config.client(&transaction.request.client_id).map_or("", |client| &client.name)
    }
}

impl Flow<'_> {
    async fn decide(&self, action: Action) -> Result<Step, Failure> {
        match (&self.transaction.phase, action) {
            (_, Action::Cancel) => Ok(Step::Restart),
            (Phase::Identify { .. }, Action::Identify { identifier, passcode }) => {
                self.identify(&identifier, &passcode).await
            }
            (Phase::Authenticate { account, .. }, Action::SelectAuthenticator { id }) => {
                self.select_authenticator(account, &id).await
            }
            (Phase::Authenticate { account, challenge }, Action::Answer { passcode, .. }) => {
                self.prove(account, challenge, &passcode).await
            }
            (Phase::Authenticate { account, challenge }, Action::Resend) => {
                self.resend_sign_in_code(account, challenge).await
            }
            (Phase::Identify { .. }, Action::SelectEnrollProfile) => Ok(self.begin_registration()),
            (Phase::EnrollProfile, Action::SelectIdentify) => Ok(Step::to(Phase::start())),
            (Phase::EnrollProfile, Action::EnrollProfile { profile }) => self.enroll_profile(profile).await,
            (Phase::EnrollEmail { applicant, code }, Action::Answer { passcode, .. }) => {
                self.confirm_email(applicant, code, &passcode).await
            }
            (Phase::EnrollEmail { applicant, .. }, Action::Resend) => {
                self.send_registration_code(applicant).await
            }
            (
                Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant },
                Action::SelectEnrollment { id },
            ) => Ok(self.select_enrollment(applicant, &id)),
            (Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant }, Action::Skip) => {
                self.skip_password(applicant)
            }
            (Phase::EnrollPassword { applicant }, Action::Answer { passcode, .. }) => {
                self.enroll_password(applicant, &passcode).await
            }
            (Phase::Identify { .. }, Action::Recover) => Ok(Step::to(Phase::IdentifyRecovery)),
            (
                Phase::Authenticate { account, .. } | Phase::RecoverByEmail { account, .. },
                Action::Recover,
            )
            | (Phase::RecoverByEmail { account, .. }, Action::Resend) => {
                self.send_recovery_code(account.clone()).await
            }
            (Phase::IdentifyRecovery, Action::Identify { identifier, .. }) => {
                self.identify_recovery(&identifier).await
            }
            (Phase::RecoverByEmail { account, code }, Action::Answer { passcode, .. }) => {
                self.confirm_recovery(account, code, &passcode).await
            }
            (Phase::ResetPassword { account }, Action::Answer { passcode, revoke_sessions }) => {
                self.reset_password(account, &passcode, revoke_sessions).await
            }
            // Everything else is an answer to a question that is not, or no longer, asked.
            (_, _) => Ok(Step::unexpected()),
        }
    }
}

impl Step {
    fn to(phase: Phase) -> Self {
        Self::Move { phase, letter: None }
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

    fn finish(effect: Effect, user: User, amr: &'static str) -> Self {
        Self::Finish(Box::new(Finish { effect, user, amr }))
    }
}

impl Refusal {
    fn because(problems: Problems) -> Self {
        Self { status: 400, problems, retry_after: None }
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
