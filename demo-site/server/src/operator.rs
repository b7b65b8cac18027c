//! What operators do for people who cannot get in by themselves: tokens that activate or recover an account, and codes
//! that stand in for a password or a lost device for a while.
//!
//! It is a command of the program and no endpoint: whoever may read the database may do it, and nobody else. What is
//! made is shown once; the database has digests.

use crate::clock::Timestamp;
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::authenticators::Kind;
use crate::idx::enrollment::{Credential, Enrollment};
use crate::idx::temporary_code;
use crate::server::Server;
use crate::services::Services;
use crate::store::{OneTimeToken, TokenPurpose, User};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Somebody without a password chooses their first one.
    Activation,
    /// Somebody who has forgotten their password chooses another.
    Recovery,
    /// Somebody who has proved who they are elsewhere is signed in at their browser.
    Session,
    /// Somebody types it instead of their password or their second proof, once.
    TemporaryAccessCode,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// What the person is to be given, by a way that nobody else reads.
    pub token: String,
    /// When it stops being good.
    pub expires_at: Timestamp,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Nobody has this address.
    #[error("there is no account with the address {0}")]
    UnknownUser(String),
    /// No client has this name.
    #[error("there is no client `{0}` in the configuration")]
    UnknownClient(String),
    /// There is nothing to activate.
    #[error("{0} has a password already: make a token of the kind `recovery`")]
    AlreadyActive(String),
    /// The policy would not take it.
    #[error(
        "the policy does not take temporary access codes: set `temporary_access_code` in its `authenticators`"
    )]
    NotInPolicy,
    /// The server could not do its part.
    #[error("{0}")]
    Failed(String),
}

impl TokenKind {
    const NAMES: [(&str, Self); 4] = [
        ("activation", Self::Activation),
        ("recovery", Self::Recovery),
        ("session", Self::Session),
        ("temporary-access-code", Self::TemporaryAccessCode),
    ];

    /// The kind that a command line calls so.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The parameter by which a page hands it to `interact`; nothing for what is typed.
    #[must_use]
    pub fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Activation => Some("activation_token"),
            Self::Recovery => Some("recovery_token"),
            Self::Session => Some("sessionToken"),
            Self::TemporaryAccessCode => None,
        }
    }
}

impl Server {
    /// Makes a token for the person with this address. `client_id` says whose policy decides how long it is good; left
    /// out, it is `[policy]`.
    ///
    /// # Errors
    /// When there is nobody to make it for, or nothing that would take it.
    pub async fn make_token(
        &self,
        kind: TokenKind,
        email: &str,
        client_id: Option<&str>,
    ) -> Result<IssuedToken, TokenError> {
        let services = self.services();
        if let Some(unknown) = client_id.filter(|client_id| services.config.client(client_id).is_none()) {
            return Err(TokenError::UnknownClient(unknown.to_owned()));
        }
        let user = services.store.user_by_email(&email.trim().to_lowercase()).await.map_err(Failure::from)?;
        let user = user.ok_or_else(|| TokenError::UnknownUser(email.to_owned()))?;
        let client_id = client_id.unwrap_or_default();
        match kind {
            TokenKind::Activation if user.password_hash.is_some() => {
                Err(TokenError::AlreadyActive(email.to_owned()))
            }
            TokenKind::Activation => {
                Ok(services.make_one_time_token(TokenPurpose::Activation, &user, client_id).await?)
            }
            TokenKind::Recovery => {
                Ok(services.make_one_time_token(TokenPurpose::Recovery, &user, client_id).await?)
            }
            TokenKind::Session => {
                Ok(services.make_one_time_token(TokenPurpose::Session, &user, client_id).await?)
            }
            TokenKind::TemporaryAccessCode if !services.requirements_of(client_id).knows(Kind::Tac) => {
                Err(TokenError::NotInPolicy)
            }
            TokenKind::TemporaryAccessCode => Ok(services.make_temporary_code(&user, client_id).await?),
        }
    }
}

impl Services {
    async fn make_one_time_token(
        &self,
        purpose: TokenPurpose,
        user: &User,
        client_id: &str,
    ) -> Result<IssuedToken, Failure> {
        let policy = self.config.policy_of(client_id);
        let lifetimes = policy.lifetimes;
        let lifetime = match purpose {
            TokenPurpose::Activation => lifetimes.activation_token,
            TokenPurpose::Recovery => lifetimes.recovery_token,
            TokenPurpose::Session => policy.session.token,
        };
        let token = entropy::opaque(&*self.entropy)?;
        let expires_at = self.clock.now().plus(lifetime);
        let hash = digest::sha256(&token);
        let stored = OneTimeToken { hash, purpose, user_id: user.id.clone(), expires_at };
        self.store.add_one_time_token(&stored).await?;
        Ok(IssuedToken { token, expires_at })
    }

    /// It is an enrolment, so that it is asked for and used up like any other second proof.
    async fn make_temporary_code(&self, user: &User, client_id: &str) -> Result<IssuedToken, Failure> {
        let token = temporary_code::new(&*self.entropy)?;
        let now = self.clock.now();
        let expires_at = now.plus(self.config.policy_of(client_id).lifetimes.temporary_access_code);
        let digest = temporary_code::digest(&token);
        let credential = Credential::TemporaryCode { digest, expires_at, is_used: false };
        let (id, lookup) = (entropy::unique(&*self.entropy)?, Some(format!("tac {}", user.id)));
        let enrollment = Enrollment::new(format!("enr{id}"), &user.id, credential, lookup, now);
        self.store.replace_enrollment(&enrollment.to_stored()?).await?;
        Ok(IssuedToken { token, expires_at })
    }
}

impl From<Failure> for TokenError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.to_string())
    }
}
