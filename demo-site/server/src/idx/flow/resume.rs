//! What a session is worth: whether it is enough for what a client asks for, and how to go on from it if it is not.

use super::{Caller, Flow};
use crate::failure::Failure;
use crate::idx::ending::Admitted;
use crate::idx::enrollment::Enrollment;
use crate::idx::transaction::{InteractionRequest, KnownBy, Person, Transaction};
use crate::services::Services;
use crate::sessions::Session;

/// What keeps somebody who has a session from being let in at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing.
    Enough,
    /// The policy of the client asks for more than they have proved, or for something to be set up.
    Proof,
    /// They have not said yet that the client may have these scopes.
    Consent(Vec<String>),
}

impl Services {
    pub(crate) async fn session_standing(
        &self,
        request: &InteractionRequest,
        session: &Session,
        must_consent: bool,
    ) -> Result<Standing, Failure> {
        let (person, user) = (&session.person, &session.user);
        let requirements = self.requirements(request);
        let enrollments = self.enrollments(&user.id, requirements).await?;
        let kinds: Vec<_> = enrollments.iter().map(Enrollment::kind).collect();
        let factors = requirements.second_factors(person, &kinds, user.password_hash.is_some());
        let (_, may_skip) = requirements.offers(person, &kinds);
        if !factors.is_empty() || !may_skip {
            return Ok(Standing::Proof);
        }
        let scopes = self.scopes_to_consent(request, &user.id, must_consent).await?;
        Ok(if scopes.is_empty() { Standing::Enough } else { Standing::Consent(scopes) })
    }

    /// Asks somebody who has a session for what is missing.
    pub(crate) async fn step_up(
        &self,
        transaction: Transaction,
        session: &Session,
        caller: &Caller,
    ) -> Result<(), Failure> {
        let flow = Flow { services: self, transaction: &transaction, caller };
        let step = flow.proceed(session.known_person(), session.user.clone(), Vec::new()).await?;
        self.carry_out(transaction.clone(), step).await.map(drop)
    }

    /// The scopes that somebody has to say yes to before a client gets them.
    pub(crate) async fn scopes_to_consent(
        &self,
        request: &InteractionRequest,
        user_id: &str,
        must_consent: bool,
    ) -> Result<Vec<String>, Failure> {
        let client = self.config.client(&request.client_id);
        let server = self.config.authorization_server(&request.authorization_server);
        let (Some(client), Some(server)) = (client, server) else { return Ok(Vec::new()) };
        let asked = request.scope.split(' ');
        if must_consent {
            return Ok(asked.map(str::to_owned).collect());
        }
        if !client.is_consent_required {
            return Ok(Vec::new());
        }
        let given = self.store.consented(user_id, &client.client_id, &server.id).await?;
        let is_required =
            |name: &&str| server.scopes.iter().any(|scope| scope.name == *name && scope.is_consent_required);
        let is_new = |name: &&str| !given.iter().any(|given| given == name);
        Ok(asked.filter(is_required).filter(is_new).map(str::to_owned).collect())
    }
}

impl Session {
    /// Who has it, as somebody who is known by it.
    fn known_person(&self) -> Person {
        let known_by =
            KnownBy { session: self.id.clone(), auth_time: self.auth_time, amr: self.person.amr.clone() };
        Person { known_by: Some(known_by), ..self.person.clone() }
    }

    /// Who has it, as somebody who has proved all there is to prove.
    pub(crate) fn admitted(&self) -> Admitted {
        Admitted {
            person: self.known_person(),
            auth_time: self.auth_time,
            session: Some(self.id.clone()),
            is_to_be_remembered: None,
            consented: None,
        }
    }
}
