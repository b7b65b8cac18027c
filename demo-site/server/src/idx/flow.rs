//! What an action does in a phase.
//!
//! [`Flow::decide`] is the table of the whole protocol: which action is expected in which phase, and which
//! function decides on it. A decision is a [`Step`]; only `perform` carries it out, in this order: the
//! database first, where of two answers at the same time one loses, and only then mail.

mod codes;
mod factors;
mod passkeys;
mod recovery;
mod registration;
mod setup;
mod sign_in;

use std::time::Duration;

use super::action::Action;
use super::answer::{Answer, View, WhoIsThere};
use super::authenticators::Kind;
use super::enrollment::Enrollment;
use super::handle::{Presented, StateHandle};
use super::messages::{Message, Problems};
use super::requirements::Requirements;
use super::transaction::{InteractionRequest, Phase, Proof, Transaction};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::limits::{Blocked, Scope};
use crate::mail::Letter;
use crate::services::Services;
use crate::store::{Applied, Completion, Effect, Grant, InteractionCode, User};

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
    /// On to another phase, with what else changes by it, and perhaps a mail.
    Move { phase: Phase, letter: Option<Letter>, effects: Vec<Effect> },
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
    effects: Vec<Effect>,
    user: User,
    amr: String,
}

impl Services {
    /// Begins a transaction and says its interaction handle.
    pub(crate) async fn begin(&self, request: InteractionRequest) -> Result<String, Failure> {
        let interaction_handle = entropy::opaque(&*self.entropy)?;
        let generation = entropy::unique(&*self.entropy)?;
        let transaction = Transaction {
            handle: StateHandle::of_interaction(&interaction_handle, &generation),
            generation,
            phase: self.start(&request.client_id)?,
            request,
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
    pub(crate) async fn describe(&self, transaction: &Transaction) -> Result<Answer, Failure> {
        self.draw(transaction, &Problems::default()).await.map(Answer::ok)
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
            Step::Move { phase, letter, effects } => {
                let answer = self.advance(transaction.clone(), phase, &effects).await?;
                if let (200, Some(letter)) = (answer.status, letter) {
                    self.post(letter, self.client_name(&transaction)).await?;
                }
                Ok(answer)
            }
            Step::Refuse { phase, refusal } => self.refuse(transaction, phase, refusal).await,
            Step::Restart => self.restart(transaction).await,
            Step::Finish(finish) => self.finish(transaction, *finish).await,
        }
    }

    async fn advance(
        &self,
        mut transaction: Transaction,
        phase: Phase,
        effects: &[Effect],
    ) -> Result<Answer, Failure> {
        transaction.phase = phase;
        match self.store.advance(&transaction.to_stored()?, effects).await? {
            Applied::Done => self.describe(&transaction).await,
            Applied::Stale => self.superseded(&transaction).await,
            Applied::EmailTaken => self.refuse_address(transaction).await,
        }
    }

    async fn refuse(
        &self,
        mut transaction: Transaction,
        phase: Option<Phase>,
        refusal: Refusal,
    ) -> Result<Answer, Failure> {
        if let Some(phase) = phase {
            transaction.phase = phase;
            if self.store.advance(&transaction.to_stored()?, &[]).await? != Applied::Done {
                return self.superseded(&transaction).await;
            }
        }
        let body = self.draw(&transaction, &refusal.problems).await?;
        Ok(Answer { status: refusal.status, retry_after: refusal.retry_after, body })
    }

    /// Somebody registered the address while this person was about to.
    async fn refuse_address(&self, transaction: Transaction) -> Result<Answer, Failure> {
        let refusal = Refusal::of_field("userProfile.email", Message::EmailTaken);
        self.refuse(transaction, Some(Phase::EnrollProfile), refusal).await
    }

    async fn restart(&self, mut transaction: Transaction) -> Result<Answer, Failure> {
        transaction.generation = entropy::unique(&*self.entropy)?;
        transaction.phase = self.start(&transaction.request.client_id)?;
        if self.store.advance(&transaction.to_stored()?, &[]).await? != Applied::Done {
            return self.superseded(&transaction).await;
        }
        transaction.handle = transaction.handle.with_generation(&transaction.generation);
        self.describe(&transaction).await
    }

    async fn finish(&self, transaction: Transaction, finish: Finish) -> Result<Answer, Failure> {
        let code = entropy::opaque(&*self.entropy)?;
        let Finish { effects, user, amr } = finish;
        let completion = self.completion(&transaction, effects, &user, (&amr, &code))?;
        match self.store.complete(&completion).await? {
            Applied::Done => {
                let problems = Problems::default();
                let view = self.view(&transaction, &problems).await?;
                view.draw_success(&user, &code).map(Answer::ok)
            }
            Applied::Stale => self.superseded(&transaction).await,
            Applied::EmailTaken => self.refuse_address(transaction).await,
        }
    }

    fn completion(
        &self,
        transaction: &Transaction,
        effects: Vec<Effect>,
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
        Ok(Completion { transaction_id, revision: transaction.revision, effects, grant, code })
    }

    /// Another answer to the same question was applied first: shows what it led to.
    async fn superseded(&self, transaction: &Transaction) -> Result<Answer, Failure> {
        let presented = Presented::State(transaction.handle.clone());
        let Some(current) = self.find(&presented).await? else {
            return Ok(Answer::session_expired(&transaction.revealed_handle(), self.clock.now()));
        };
        let body = self.draw(&current, &Problems::general(Message::Superseded)).await?;
        Ok(Answer { status: 409, retry_after: None, body })
    }

    async fn draw(&self, transaction: &Transaction, problems: &Problems) -> Result<String, Failure> {
        self.view(transaction, problems).await?.draw()
    }

    async fn view<'a>(
        &'a self,
        transaction: &'a Transaction,
        problems: &'a Problems,
    ) -> Result<View<'a>, Failure> {
        let reference = transaction.phase.identifier().map(|identifier| self.reference(identifier));
        let who = match transaction.phase.proven_user() {
            Some(user_id) => self.who_is_there(user_id, &transaction.request.client_id).await?,
            None => None,
        };
        let (config, passkeys) = (&self.config, self.passkeys.as_ref());
        let requirements = self.requirements(&transaction.request.client_id);
        Ok(View { config, passkeys, requirements, transaction, problems, reference, who })
    }

    async fn who_is_there(&self, user_id: &str, client_id: &str) -> Result<Option<WhoIsThere>, Failure> {
        let Some(user) = self.store.user(user_id).await? else { return Ok(None) };
        let enrollments = self.enrollments(user_id, client_id).await?;
        Ok(Some(WhoIsThere { user, enrollments }))
    }

    /// What somebody has set up, of what people of this client may be asked for.
    async fn enrollments(&self, user_id: &str, client_id: &str) -> Result<Vec<Enrollment>, Failure> {
        let stored = self.store.enrollments(user_id).await?;
        let mut enrollments: Vec<_> =
            stored.into_iter().map(Enrollment::restore).collect::<Result<_, _>>()?;
        enrollments.retain(|enrollment| self.requirements(client_id).knows(enrollment.kind()));
        Ok(enrollments)
    }

    fn requirements(&self, client_id: &str) -> Requirements<'_> {
        let has_passkeys = self.passkeys.as_ref().is_some_and(|passkeys| passkeys.serves(client_id));
        Requirements { policy: &self.config.policy, has_passkeys }
    }

    /// The first page, for people of this client.
    fn start(&self, client_id: &str) -> Result<Phase, Failure> {
        let passkeys = self.passkeys.as_ref().filter(|_| self.config.policy.passkey_autofill);
        let passkey = passkeys.map(|passkeys| passkeys.challenge(client_id)).transpose()?.flatten();
        Ok(Phase::Identify { identifier: None, passkey })
    }

    fn client_name(&self, transaction: &Transaction) -> &str {
        self.config.client(&transaction.request.client_id).map_or("", |client| &client.name)
    }
}

impl Flow<'_> {
    fn client_id(&self) -> &str {
        &self.transaction.request.client_id
    }

    fn requirements(&self) -> Requirements<'_> {
        self.services.requirements(self.client_id())
    }

    async fn enrollments(&self, user_id: &str) -> Result<Vec<Enrollment>, Failure> {
        self.services.enrollments(user_id, self.client_id()).await
    }

    async fn decide(&self, action: Action) -> Result<Step, Failure> {
        match (&self.transaction.phase, action) {
            (_, Action::Cancel) => Ok(Step::Restart),
            (Phase::Identify { .. }, Action::Identify { identifier, passcode }) => {
                self.identify(&identifier, &passcode).await
            }
            (Phase::Authenticate { account, .. }, Action::SelectAuthenticator { id }) => {
                self.select_authenticator(account, &id).await
            }
            (Phase::Identify { passkey: Some(challenge), .. }, Action::AnswerWithPasskey(assertion)) => {
                self.identify_by_passkey(challenge, &assertion).await
            }
            (Phase::Authenticate { account, challenge }, Action::Answer(credentials)) => {
                self.prove(account, challenge, &credentials.passcode).await
            }
            (Phase::Authenticate { account, challenge }, Action::Resend) => {
                self.resend_sign_in_code(account, challenge).await
            }
            (Phase::Identify { .. }, Action::SelectEnrollProfile) => Ok(self.begin_registration()),
            (Phase::EnrollProfile, Action::SelectIdentify) => {
                Ok(Step::to(self.services.start(self.client_id())?))
            }
            (Phase::EnrollProfile, Action::EnrollProfile { profile }) => self.enroll_profile(profile).await,
            (Phase::EnrollEmail { applicant, code }, Action::Answer(credentials)) => {
                self.confirm_email(applicant, code, &credentials.passcode).await
            }
            (Phase::EnrollEmail { applicant, .. }, Action::Resend) => {
                self.send_registration_code(applicant).await
            }
            (
                Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant },
                Action::SelectEnrollment { id },
            ) => Ok(self.select_enrollment(applicant, &id)),
            (Phase::SelectEnrollment { applicant } | Phase::EnrollPassword { applicant }, Action::Skip) => {
                self.skip_password(applicant).await
            }
            (Phase::EnrollPassword { applicant }, Action::Answer(credentials)) => {
                self.enroll_password(applicant, &credentials.passcode).await
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
            (Phase::RecoverByEmail { account, code }, Action::Answer(credentials)) => {
                self.confirm_recovery(account, code, &credentials.passcode).await
            }
            (Phase::ResetPassword { account }, Action::Answer(credentials)) => {
                self.reset_password(account, &credentials.passcode, credentials.revoke_sessions).await
            }
            (
                Phase::SelectFactor { person } | Phase::ProveAgain { person, .. },
                Action::SelectAuthenticator { id },
            ) => self.select_factor(person, &id).await,
            (Phase::ProveAgain { person, proof }, Action::Answer(credentials)) => {
                self.prove_again(person, proof, &credentials).await
            }
            (Phase::ProveAgain { person, proof: Proof::Email(_) }, Action::Resend) => {
                self.ask_again(person.clone(), Kind::Email, Vec::new()).await
            }
            (
                Phase::SelectSetup { person } | Phase::SetUp { person, .. },
                Action::SelectEnrollment { id },
            ) => self.select_setup(person, &id).await,
            (Phase::SetUp { person, setup }, Action::Answer(credentials)) => {
                self.set_up(person, setup, &credentials).await
            }
            (Phase::SelectSetup { person } | Phase::SetUp { person, .. }, Action::Skip) => {
                self.skip_setup(person).await
            }
            // Everything else is an answer to a question that is not, or no longer, asked.
            (_, _) => Ok(Step::unexpected()),
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

    fn finish(effects: Vec<Effect>, user: User, amr: String) -> Self {
        Self::Finish(Box::new(Finish { effects, user, amr }))
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
