//! Carries decisions out, in this order: the database first, where of two answers at the same time one loses, and
//! only then mail. And begins, finds, describes and ends transactions.

use super::{Caller, Finish, Flow, Refusal, Step};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::acr::Acr;
use crate::idx::action::Action;
use crate::idx::answer::{Answer, View, WhoIsThere};
use crate::idx::ending::Ending;
use crate::idx::enrollment::Enrollment;
use crate::idx::handle::{Presented, StateHandle};
use crate::idx::messages::{Message, Problems};
use crate::idx::requirements::Requirements;
use crate::idx::transaction::{InteractionRequest, Phase, Transaction};
use crate::oauth::Authentication;
use crate::services::Services;
use crate::store::{Applied, CodeKind, Completion, Effect};

impl Services {
    /// Begins a transaction and says its interaction handle.
    pub(crate) async fn begin(&self, request: InteractionRequest) -> Result<String, Failure> {
        let phase = self.start(&request.client_id)?;
        self.begin_at(phase, request).await
    }

    /// Begins a transaction at another page than the first.
    pub(super) async fn begin_at(
        &self,
        phase: Phase,
        request: InteractionRequest,
    ) -> Result<String, Failure> {
        let interaction_handle = entropy::opaque(&*self.entropy)?;
        let generation = entropy::unique(&*self.entropy)?;
        let lifetimes = self.config.policy_of(&request.client_id).lifetimes;
        let transaction = Transaction {
            handle: StateHandle::of_interaction(&interaction_handle, &generation),
            generation,
            phase,
            request,
            revision: 0,
            expires_at: self.clock.now().plus(lifetimes.transaction),
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
        match Transaction::restore(handle.with_generation(&stored.generation), &stored) {
            // Of a version of the server that asked other questions: the person begins anew.
            Err(Failure::Json(_)) => Ok(None),
            // So they do if the key was given up that their app's secret was sealed with when they saw it.
            Ok(transaction) if self.shared_secret(&transaction.phase).is_err() => Ok(None),
            restored => restored.map(Some),
        }
    }

    /// Asks what is being asked already.
    pub(crate) async fn describe(&self, transaction: &Transaction) -> Result<Answer, Failure> {
        self.draw(transaction, &Problems::default()).await.map(Answer::ok)
    }

    /// Decides on an action, carries the decision out, and asks for the next.
    pub(crate) async fn perform(
        &self,
        mut transaction: Transaction,
        action: Action,
        caller: &Caller,
    ) -> Result<Answer, Failure> {
        // Sent again because its answer was lost, or late: what it answered is no longer asked.
        let is_current = transaction.handle.asks(transaction.phase.question());
        if !is_current && !matches!(action, Action::Cancel) {
            return self.superseded(&transaction).await;
        }
        if !self.is_still_known(&transaction).await? {
            return self.restart(transaction).await;
        }
        if let Action::Identify { is_to_be_remembered: Some(remember), .. } = &action {
            transaction.request.ending.remember(*remember);
        }
        let flow = Flow { services: self, transaction: &transaction, caller };
        let step = flow.decide(action).await?;
        self.carry_out(transaction, step).await
    }

    /// Whether the session is in force that the person is known by, if they are. It was good when it spared them the sign-in,
    /// and signing out since then is not undone by who is left at the browser.
    async fn is_still_known(&self, transaction: &Transaction) -> Result<bool, Failure> {
        let Some(person) = transaction.phase.person() else { return Ok(true) };
        let Some(known_by) = &person.known_by else { return Ok(true) };
        let rules = &self.config.policy_of(&transaction.request.client_id).session;
        let session = self.session_of_id(&known_by.session, rules).await?;
        Ok(session.is_some_and(|session| session.user.id == person.user_id))
    }

    pub(super) async fn carry_out(&self, transaction: Transaction, step: Step) -> Result<Answer, Failure> {
        match step {
            Step::Move { phase, letter, effects } => {
                let answer = self.advance(transaction.clone(), phase, &effects).await?;
                if let (200, Some(letter)) = (answer.status, letter) {
                    self.post(letter, &transaction.request.client_id).await?;
                }
                Ok(answer)
            }
            Step::Refuse { phase, refusal } => self.refuse(transaction, phase, refusal).await,
            Step::Serve { request, phase } => {
                self.advance(Transaction { request: *request, ..transaction }, phase, &[]).await
            }
            Step::Stay => self.describe(&transaction).await,
            Step::Restart => self.restart(transaction).await,
            Step::End(message) => self.end(transaction, &message).await,
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
        // Whoever turns away from what a session offers may want to be somebody else.
        transaction.request.ending.forget_session();
        transaction.phase = match &transaction.request.ending {
            Ending::Device(_) => Phase::EnterUserCode { user_code: None },
            Ending::InteractionCode | Ending::Hosted(_) => self.start(&transaction.request.client_id)?,
        };
        if self.store.advance(&transaction.to_stored()?, &[]).await? != Applied::Done {
            return self.superseded(&transaction).await;
        }
        transaction.handle = transaction.handle.with_generation(&transaction.generation);
        self.describe(&transaction).await
    }

    async fn end(&self, transaction: Transaction, message: &Message) -> Result<Answer, Failure> {
        if !self.store.end(&transaction.handle.transaction_id(), transaction.revision).await? {
            return self.superseded(&transaction).await;
        }
        let is_good = matches!(message, Message::Unlocked | Message::DeviceActivated | Message::DeviceDenied);
        let status = if is_good { 200 } else { 400 };
        Ok(Answer::terminal(status, &transaction.revealed_handle(), self.clock.now(), message))
    }

    async fn finish(&self, transaction: Transaction, finish: Finish) -> Result<Answer, Failure> {
        let user = finish.user.clone();
        match self.complete(&transaction, finish).await? {
            (Applied::Done, _) if transaction.request.ending.device().is_some() => {
                let (handle, now) = (transaction.revealed_handle(), self.clock.now());
                Ok(Answer::terminal(200, &handle, now, &Message::DeviceActivated))
            }
            (Applied::Done, code) => {
                let problems = Problems::default();
                let view = self.view(&transaction, &problems).await?;
                view.draw_success(&user, &code).map(Answer::ok)
            }
            (Applied::Stale, _) => self.superseded(&transaction).await,
            (Applied::EmailTaken, _) => self.refuse_address(transaction).await,
        }
    }

    /// Ends a transaction with the sign-in; the interaction code is good if that is done.
    pub(super) async fn complete(
        &self,
        transaction: &Transaction,
        finish: Finish,
    ) -> Result<(Applied, String), Failure> {
        let Finish { mut effects, user, admitted } = finish;
        let person = &admitted.person;
        let amr = person.amr.claim();
        let acr = Acr::reached(transaction.request.acr, &person.amr);
        let authentication = Authentication {
            user_id: &user.id,
            amr: &amr,
            acr: Some(acr.name()),
            identity_provider: person.identity_provider.as_deref(),
            auth_time: admitted.auth_time,
            session: None,
        };
        let grant = self.new_grant(&transaction.request, &authentication)?;
        let (code, kept) = self.new_code(CodeKind::Interaction, &transaction.request, &grant)?;
        let device = transaction.request.ending.device();
        let kept = if let Some(id) = device {
            let (id, grant_id, session) = (id.to_owned(), grant.id.clone(), admitted.session.clone());
            effects.push(Effect::ApproveDevice { id, grant_id, session, now: self.clock.now() });
            None
        } else {
            Some(kept)
        };
        let completion = Completion {
            transaction_id: transaction.handle.transaction_id(),
            revision: transaction.revision,
            effects,
            grant,
            code: kept,
        };
        Ok((self.store.complete(&completion).await?, code))
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
        let requirements = self.requirements(&transaction.request);
        let who = match transaction.phase.proven_user() {
            Some(user_id) => self.who_is_there(user_id, requirements).await?,
            None => None,
        };
        let shared_secret = self.shared_secret(&transaction.phase)?;
        let (config, passkeys) = (&self.config, &self.passkeys);
        Ok(View { config, passkeys, requirements, transaction, problems, reference, who, shared_secret })
    }

    async fn who_is_there(
        &self,
        user_id: &str,
        requirements: Requirements<'_>,
    ) -> Result<Option<WhoIsThere>, Failure> {
        let Some(user) = self.store.user(user_id).await? else { return Ok(None) };
        let enrollments = self.enrollments(user_id, requirements).await?;
        Ok(Some(WhoIsThere { user, enrollments }))
    }

    /// What somebody has set up, of what people of this client may be asked for.
    pub(super) async fn enrollments(
        &self,
        user_id: &str,
        requirements: Requirements<'_>,
    ) -> Result<Vec<Enrollment>, Failure> {
        if !requirements.know_any() {
            return Ok(Vec::new());
        }
        let stored = self.store.enrollments(user_id).await?;
        let mut enrollments: Vec<_> =
            stored.into_iter().map(Enrollment::restore).collect::<Result<_, _>>()?;
        enrollments.retain(|it| requirements.knows(it.kind()) && it.is_good(self.clock.now()));
        Ok(enrollments)
    }

    pub(super) fn requirements(&self, request: &InteractionRequest) -> Requirements<'_> {
        let of_client = self.requirements_of(&request.client_id);
        // From there nobody comes back to the page that lets devices in.
        let has_factor_provider = of_client.has_factor_provider && request.ending.device().is_none();
        Requirements { acr: request.acr, has_factor_provider, ..of_client }
    }

    /// What the policy of a client asks for, whatever the client itself asks for.
    pub(crate) fn requirements_of(&self, client_id: &str) -> Requirements<'_> {
        Requirements {
            policy: self.config.policy_of(client_id),
            has_passkeys: self.passkeys.serves(client_id),
            has_factor_provider: self.config.factor_provider(client_id).is_some(),
            acr: None,
        }
    }

    /// The first page, for people of this client.
    pub(super) fn start(&self, client_id: &str) -> Result<Phase, Failure> {
        self.start_with(client_id, None)
    }

    /// The first page, with a name in it already.
    pub(crate) fn start_with(&self, client_id: &str, identifier: Option<String>) -> Result<Phase, Failure> {
        let has_autofill = self.config.policy_of(client_id).passkey_autofill;
        let passkey = if has_autofill { self.passkeys.challenge(client_id)? } else { None };
        Ok(Phase::Identify { identifier, passkey })
    }

    pub(super) fn client_name(&self, transaction: &Transaction) -> &str {
        self.config.client(&transaction.request.client_id).map_or("", |client| &client.name)
    }
}
