//! What can break on our side while a request is answered.
//!
//! None of it is the client's doing and none of it is told to the client: the answer is 500 with an id that
//! the log also has. What a client did wrong is an ordinary answer, made where it is noticed.

use crate::entropy::EntropyError;
use crate::keys::KeyError;
use crate::password::PasswordError;
use crate::seals::SealError;

/// The server could not do its part.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("database: {0}")]
    Store(#[from] sqlx::Error),
    #[error("password: {0}")]
    Password(#[from] PasswordError),
    #[error("signing key: {0}")]
    Key(#[from] KeyError),
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error("{0}")]
    Seal(#[from] SealError),
    #[error("a stored transaction or an answer is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("mail: {0}")]
    Mail(String),
    #[error("passkeys: {0}")]
    Passkey(#[from] webauthn_rs::prelude::WebauthnError),
    #[error("the certificates that this machine trusts cannot be read: {0}")]
    Certificates(std::io::Error),
    #[error("a grant names a person who is not there")]
    MissingUser,
    #[error("{0}")]
    Configuration(String),
    #[error("a grant names an authorization server that is not in the configuration")]
    MissingServer,
}
