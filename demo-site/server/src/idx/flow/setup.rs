//! Setting an authenticator up after a sign-in: choosing one, and the way past the choice.
//!
//! How each is set up is in the file of its kind.

use super::{Flow, Step};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::action::{Credentials, Selected};
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::grace::GracePeriod;
use crate::idx::transaction::{Person, Phase, Setup};
use crate::phone::PhoneMethod;
use crate::store::{Effect, StoredGrace};

impl Flow<'_> {
    pub(super) async fn select_setup(&self, person: &Person, selected: &Selected) -> Result<Step, Failure> {
        let has = self.enrollments(&person.user_id).await?;
        // Clients that do not send back what cannot be changed mean the number that is asked for.
        let at_hand = match &self.transaction.phase {
            Phase::SetUp { setup: Setup::PhoneNumber, .. } if selected.id.is_empty() => Some(Kind::Phone),
            _ => Kind::of_id(&selected.id),
        };
        let kind = at_hand.filter(|kind| self.requirements().knows(*kind));
        // Of passkeys people may have several, one for each device.
        let kind = kind.filter(|kind| *kind == Kind::Passkey || !has.iter().any(|it| it.kind() == *kind));
        let Some(kind) = kind else { return Ok(Step::unexpected()) };
        let setup = match kind {
            Kind::Passkey => self.passkey_setup(person).await?,
            Kind::Totp => Some(self.totp_setup(person)?),
            Kind::SecurityQuestion => Some(Setup::SecurityQuestion),
            Kind::Phone => {
                let method = selected.method.unwrap_or(PhoneMethod::Sms);
                return self.set_up_number(person, method, &selected.phone_number).await;
            }
            Kind::Push => return self.set_up_device(person),
            Kind::IdentityProvider => Some(Setup::IdentityProvider { has_failed: false }),
            Kind::Password | Kind::Email | Kind::Tac => None,
        };
        let Some(setup) = setup else { return Ok(Step::unexpected()) };
        Ok(Step::to(Phase::SetUp { person: person.clone(), setup }))
    }

    pub(super) async fn set_up(
        &self,
        person: &Person,
        setup: &Setup,
        credentials: &Credentials,
    ) -> Result<Step, Failure> {
        match setup {
            Setup::Passkey(challenge) => self.set_up_passkey(person, challenge, credentials).await,
            Setup::Totp { secret } => self.set_up_totp(person, secret, &credentials.passcode).await,
            Setup::SecurityQuestion => self.set_up_question(person, credentials).await,
            Setup::PhoneCode { number, method, code } => {
                self.confirm_number(person, (number, *method, code), &credentials.passcode).await
            }
            Setup::PhoneNumber | Setup::Push { .. } | Setup::IdentityProvider { .. } => {
                Ok(Step::unexpected())
            }
        }
    }

    pub(super) async fn skip_setup(&self, person: &Person) -> Result<Step, Failure> {
        let kinds = self.set_up_kinds(person).await?;
        // A period may have ended while the page was open.
        let (person, _) = self.with_graces(person.clone(), &kinds).await?;
        let (_, may_skip) = self.requirements().offers(&person, &kinds);
        if !may_skip {
            return Ok(Step::unexpected());
        }
        let put_off = person.graces.iter().map(|period| self.grace_effect(&person, period.kind, 1)).collect();
        let person = Person { has_skipped: true, ..person };
        let user = self.user(&person).await?;
        self.proceed(person, user, put_off).await
    }

    /// The person with what they may put off of what they have to set up, and what begins a period for what they have
    /// not been asked for before.
    pub(super) async fn with_graces(
        &self,
        person: Person,
        set_up: &[Kind],
    ) -> Result<(Person, Vec<Effect>), Failure> {
        let requirements = self.requirements();
        let person = Person { graces: Vec::new(), ..person };
        let grace = self.policy().authenticators.grace.filter(|_| requirements.may_put_off(&person));
        let Some(grace) = grace else { return Ok((person, Vec::new())) };
        let (left, _) = requirements.offers(&person, set_up);
        let required: Vec<_> = left.into_iter().filter(|kind| requirements.is_required(*kind)).collect();
        let (stored, now) = (self.services.store.graces(&person.user_id).await?, self.services.clock.now());
        let known = |kind: Kind| stored.iter().find(|stored| stored.authenticator == kind.id());
        let graces = required.iter().filter_map(|kind| GracePeriod::running(*kind, grace, known(*kind), now));
        let person = Person { graces: graces.collect(), ..person };
        let new = required.into_iter().filter(|kind| known(*kind).is_none());
        let begun = new.map(|kind| self.grace_effect(&person, kind, 0)).collect();
        Ok((person, begun))
    }

    fn grace_effect(&self, person: &Person, kind: Kind, skips: u32) -> Effect {
        let (user_id, authenticator) = (person.user_id.clone(), kind.id().to_owned());
        Effect::Grace(StoredGrace { user_id, authenticator, began_at: self.services.clock.now(), skips })
    }

    /// Keeps what was set up, and goes on to what else there is to set up, or to the end.
    pub(super) async fn enrolled(
        &self,
        person: &Person,
        credential: Credential,
        lookup: Option<String>,
    ) -> Result<Step, Failure> {
        let (user, id) = (self.user(person).await?, entropy::unique(&*self.services.entropy)?);
        let now = self.services.clock.now();
        let enrollment = Enrollment::new(format!("enr{id}"), &user.id, credential, lookup, now);
        let mut person = person.clone();
        person.set_up.push(enrollment.kind());
        if let Some(method) = enrollment.credential.proven() {
            person.amr = person.amr.and(method);
        }
        // Setting it up took a proof with it.
        person.has_second = true;
        self.proceed(person, user, vec![Effect::Enroll(enrollment.to_stored()?)]).await
    }
}
