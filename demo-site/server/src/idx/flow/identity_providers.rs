//! Somebody comes back from another identity provider: whose account that is, and how the sign-in goes on.
//!
//! What the provider has said was checked in `identity_providers`. It counts as a first proof like a password: a second
//! one, something to set up, or the end may follow. Whatever becomes of it, the browser goes back to the client, which
//! is told one of three things: here is the code, go on with what you have, or no.

use super::{Caller, Flow, Step};
use crate::config::{IdentityProvider, Linking, Provisioning};
use crate::entropy;
use crate::failure::Failure;
use crate::identity_providers::{ExternalIdentity, ProviderError};
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::Credential;
use crate::idx::transaction::{Person, Phase, Proof, Setup, Transaction};
use crate::services::Services;
use crate::store::{Applied, Effect, IdentityLink, Profile, User};

/// What the client is told when the browser comes back to it.
#[derive(Debug)]
pub(crate) enum Returned {
    /// It is over, with this interaction code.
    SignedIn(String),
    /// The transaction goes on: there is something left to do, or it went on elsewhere in the meantime.
    MoreToDo,
    Refused(ReturnRefusal),
}

/// Why somebody is not signed in with what the provider has said. The transaction stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnRefusal {
    /// The person, or the provider, said no over there.
    DeniedThere,
    /// The provider cannot be reached.
    Unreachable,
    /// What it said cannot be accepted.
    Unsound,
    /// There is no account, and none is made.
    NoAccount,
    /// An account would need an address that the provider has made sure of.
    AddressNotVerified,
    /// The address has an account, which is not linked to what comes from there.
    NotLinked,
    /// The policy of this server does not let them in.
    NotAllowed,
}

impl Services {
    /// Goes on with the transaction of somebody who came back.
    pub(crate) async fn return_from_provider(
        &self,
        transaction: &Transaction,
        provider: &IdentityProvider,
        said: Result<ExternalIdentity, ProviderError>,
        caller: &Caller,
    ) -> Result<Returned, Failure> {
        let said = said.map_err(|error| {
            tracing::warn!(provider = provider.id, %error, "an identity provider did not say who it is");
            ReturnRefusal::of(&error)
        });
        let flow = Flow { services: self, transaction, caller };
        let step = match &transaction.phase {
            Phase::Identify { .. } => {
                let step = match said {
                    Ok(identity) => flow.sign_in_through(provider, &identity).await?,
                    Err(refusal) => Err(refusal),
                };
                match step {
                    Ok(step) => step,
                    Err(refusal) => return Ok(Returned::Refused(refusal)),
                }
            }
            Phase::ProveAgain { person, proof: Proof::IdentityProvider { .. } } => {
                flow.prove_again_by_provider(person, said.ok()).await?
            }
            Phase::SetUp { person, setup: Setup::IdentityProvider { .. } } => {
                flow.set_up_provider(person, said.ok()).await?
            }
            _ => return Ok(Returned::MoreToDo),
        };
        self.go_on_after_return(transaction, step).await
    }

    async fn go_on_after_return(&self, transaction: &Transaction, step: Step) -> Result<Returned, Failure> {
        match step {
            Step::Move { phase, letter, effects } => {
                let moved = Transaction { phase, ..transaction.clone() };
                let applied = self.store.advance(&moved.to_stored()?, &effects).await?;
                if let (Applied::Done, Some(letter)) = (applied, letter) {
                    self.post(letter, &transaction.request.client_id).await?;
                }
                Ok(Returned::of(applied, Returned::MoreToDo))
            }
            Step::Finish(finish) => {
                let (applied, code) = self.complete(transaction, *finish).await?;
                Ok(Returned::of(applied, Returned::SignedIn(code)))
            }
            Step::Refuse { .. } | Step::End(_) => Ok(Returned::Refused(ReturnRefusal::NotAllowed)),
            Step::Stay | Step::Restart | Step::Serve { .. } => Ok(Returned::MoreToDo),
        }
    }
}

impl Flow<'_> {
    /// On with whoever this is, if they have an account or may have one.
    async fn sign_in_through(
        &self,
        provider: &IdentityProvider,
        identity: &ExternalIdentity,
    ) -> Result<Result<Step, ReturnRefusal>, Failure> {
        let (user, effects) = match self.owner_of(provider, identity).await? {
            Ok(owner) => owner,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = Person::new(&user.email, &user.id, Amr::of(Method::Federation));
        let mut person = Person { identity_provider: Some(provider.id.clone()), ..person };
        if provider.is_factor {
            // The same account over there is no second proof, and not worth setting up as one.
            person.spent.push(Kind::IdentityProvider);
            person.set_up.push(Kind::IdentityProvider);
        }
        self.proceed(person, user, effects).await.map(Ok)
    }

    /// The second proof is that it is who they were when they set it up.
    async fn prove_again_by_provider(
        &self,
        person: &Person,
        identity: Option<ExternalIdentity>,
    ) -> Result<Step, Failure> {
        let enrollments = self.enrollments(&person.user_id).await?;
        let is_theirs = |identity: &ExternalIdentity| {
            enrollments.iter().any(|enrollment| match &enrollment.credential {
                Credential::IdentityProvider { issuer, subject } => {
                    (issuer, subject) == (&identity.issuer, &identity.subject)
                }
                _ => false,
            })
        };
        if identity.as_ref().is_some_and(is_theirs) {
            return self.proceed_twice(person, Method::Federation, Vec::new()).await;
        }
        let proof = Proof::IdentityProvider { has_failed: true };
        Ok(Step::to(Phase::ProveAgain { person: person.clone(), proof }))
    }

    async fn set_up_provider(
        &self,
        person: &Person,
        identity: Option<ExternalIdentity>,
    ) -> Result<Step, Failure> {
        if let Some(ExternalIdentity { issuer, subject, .. }) = identity {
            // An account over there proves one person here and nobody else.
            let lookup = format!("provider {issuer} {subject}");
            if !self.services.store.is_enrolled(&lookup).await? {
                let credential = Credential::IdentityProvider { issuer, subject };
                return self.enrolled(person, credential, Some(lookup)).await;
            }
        }
        let setup = Setup::IdentityProvider { has_failed: true };
        Ok(Step::to(Phase::SetUp { person: person.clone(), setup }))
    }

    /// Whose account it is, and what has to happen for it to be theirs.
    async fn owner_of(
        &self,
        provider: &IdentityProvider,
        identity: &ExternalIdentity,
    ) -> Result<Result<(User, Vec<Effect>), ReturnRefusal>, Failure> {
        let store = &self.services.store;
        if let Some(user) = store.linked_user(&identity.issuer, &identity.subject).await? {
            return Ok(Ok((user, Vec::new())));
        }
        // An address that the provider has not made sure of is worth nothing: not to find an account, which would be
        // somebody else's, and not to make one, which its rightful owner would later share with a stranger.
        let Some(email) = verified_address(identity) else {
            return Ok(Err(ReturnRefusal::AddressNotVerified));
        };
        let (user, registration) = match store.user_by_email(&email).await? {
            Some(user) if provider.linking == Linking::IfVerifiedEmail && user.email_verified => (user, None),
            Some(_) => return Ok(Err(ReturnRefusal::NotLinked)),
            None if provider.provisioning == Provisioning::JustInTime => {
                let user = self.provisioned(identity, email)?;
                (user.clone(), Some(Effect::Register(user)))
            }
            None => return Ok(Err(ReturnRefusal::NoAccount)),
        };
        let link = Effect::Link(IdentityLink {
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            user_id: user.id.clone(),
            created_at: self.services.clock.now(),
        });
        Ok(Ok((user, registration.into_iter().chain([link]).collect())))
    }

    /// The account of somebody who has none yet, with what the provider tells about them.
    fn provisioned(&self, identity: &ExternalIdentity, email: String) -> Result<User, Failure> {
        let names = [("firstName", &identity.first_name), ("lastName", &identity.last_name)];
        let named = |(name, value): (&str, &Option<String>)| {
            // As long as a form here would take them, when it does not say otherwise.
            Some((name.to_owned(), value.as_ref()?.chars().take(50).collect()))
        };
        Ok(User {
            id: format!("00u{}", entropy::unique(&*self.services.entropy)?),
            email,
            email_verified: true,
            profile: names.into_iter().filter_map(named).collect::<Profile>(),
            password_hash: None,
            updated_at: self.services.clock.now(),
        })
    }
}

impl Returned {
    fn of(applied: Applied, done: Self) -> Self {
        match applied {
            Applied::Done => done,
            // Another answer was there first: the page shows what it led to.
            Applied::Stale => Self::MoreToDo,
            // Somebody registered the address in the meantime. Once more, and it is found.
            Applied::EmailTaken => Self::Refused(ReturnRefusal::NotLinked),
        }
    }
}

impl ReturnRefusal {
    pub(crate) fn of(error: &ProviderError) -> Self {
        match error {
            ProviderError::Denied(_) => Self::DeniedThere,
            ProviderError::Unreachable(_) => Self::Unreachable,
            ProviderError::Unsound(_) => Self::Unsound,
        }
    }

    /// The `error` that the client is told (RFC 6749 section 4.1.2.1).
    pub(crate) fn error(self) -> &'static str {
        match self {
            Self::DeniedThere
            | Self::NoAccount
            | Self::AddressNotVerified
            | Self::NotLinked
            | Self::NotAllowed => "access_denied",
            Self::Unreachable => "temporarily_unavailable",
            Self::Unsound => "server_error",
        }
    }

    /// What a client may show to the person.
    pub(crate) fn description(self, provider: &str) -> String {
        match self {
            Self::DeniedThere => format!("You were not signed in at {provider}."),
            Self::Unreachable => format!("{provider} cannot be reached at the moment. Try again later."),
            Self::Unsound => format!("The answer of {provider} could not be accepted. Try again."),
            Self::NoAccount => format!("There is no account here for you at {provider}."),
            Self::AddressNotVerified => format!("{provider} has not verified your email address."),
            Self::NotLinked => {
                format!(
                    "Your email address has an account here that is not linked to {provider}. Sign in to it another way."
                )
            }
            Self::NotAllowed => "You do not have permission to perform the requested action.".to_owned(),
        }
    }
}

/// The address, as accounts here have it, if it is one and the provider has made sure of it.
fn verified_address(identity: &ExternalIdentity) -> Option<String> {
    let email = super::sign_in::normalised(identity.email.as_deref()?);
    (identity.is_email_verified && email.parse::<lettre::Address>().is_ok()).then_some(email)
}
