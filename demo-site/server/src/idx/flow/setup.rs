//! Setting an authenticator up after a sign-in: choosing one, and the way past the choice.
//!
//! How each is set up is in the file of its kind.

use super::{Flow, Step};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::action::{Credentials, Selected};
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::transaction::{Person, Phase, Setup};
use crate::phone::PhoneMethod;
use crate::store::Effect;

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
            Kind::Totp => Some(self.totp_setup()?),
            Kind::SecurityQuestion => Some(Setup::SecurityQuestion),
            Kind::Phone => {
                let method = selected.method.unwrap_or(PhoneMethod::Sms);
                return self.set_up_number(person, method, &selected.phone_number).await;
            }
            Kind::Push => return self.set_up_device(person),
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
            Setup::PhoneNumber | Setup::Push { .. } => Ok(Step::unexpected()),
        }
    }

    pub(super) async fn skip_setup(&self, person: &Person) -> Result<Step, Failure> {
        let kinds = self.set_up_kinds(person).await?;
        let (_, may_skip) = self.requirements().offers(person, &kinds);
        if !may_skip {
            return Ok(Step::unexpected());
        }
        let person = Person { has_skipped: true, ..person.clone() };
        let user = self.user(&person).await?;
        self.proceed(person, user, Vec::new()).await
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
