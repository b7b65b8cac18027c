//! What somebody has set up to prove themselves with.

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::Passkey;

use super::amr::Method;
use super::authenticators::Kind;
use crate::clock::Timestamp;
use crate::failure::Failure;
use crate::passkeys;
use crate::phone::PhoneNumber;
use crate::store::StoredEnrollment;

/// An enrolment, read.
#[derive(Clone, Debug)]
pub(crate) struct Enrollment {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) credential: Credential,
    lookup: Option<String>,
    revision: i64,
    created_at: Timestamp,
}

/// What is needed to check a proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Credential {
    Passkey {
        key: Box<Passkey>,
        transports: Vec<String>,
    },
    /// The secret, as `seals` keeps it, and the time step up to which codes are used up.
    Totp {
        secret: String,
        last_step: i64,
    },
    SecurityQuestion {
        question_key: String,
        question: String,
        answer_hash: String,
    },
    Phone {
        number: PhoneNumber,
    },
    Push {
        device: String,
        device_name: String,
    },
    /// Who they are over there.
    IdentityProvider {
        issuer: String,
        subject: String,
    },
    /// An operator has made it.
    TemporaryCode {
        digest: String,
        expires_at: Timestamp,
        is_used: bool,
    },
}

impl Credential {
    /// What setting it up has proved; nothing where it was only chosen.
    pub(crate) fn proven(&self) -> Option<Method> {
        match self {
            Self::Passkey { key, .. } if passkeys::is_backup_eligible(key) => Some(Method::SoftwareKey),
            Self::Passkey { .. } => Some(Method::HardwareKey),
            Self::Totp { .. } => Some(Method::OneTimeCode),
            Self::SecurityQuestion { .. } | Self::TemporaryCode { .. } => None,
            Self::Phone { .. } => Some(Method::TextMessage),
            Self::Push { .. } => Some(Method::DeviceKey),
            Self::IdentityProvider { .. } => Some(Method::Federation),
        }
    }
}

impl Enrollment {
    pub(crate) fn new(
        id: String,
        user_id: &str,
        credential: Credential,
        lookup: Option<String>,
        created_at: Timestamp,
    ) -> Self {
        Self { id, user_id: user_id.to_owned(), credential, lookup, revision: 0, created_at }
    }

    pub(crate) fn restore(stored: StoredEnrollment) -> Result<Self, Failure> {
        Ok(Self {
            credential: serde_json::from_str(&stored.credential)?,
            id: stored.id,
            user_id: stored.user_id,
            lookup: stored.lookup,
            revision: stored.revision,
            created_at: stored.created_at,
        })
    }

    pub(crate) fn to_stored(&self) -> Result<StoredEnrollment, Failure> {
        Ok(StoredEnrollment {
            id: self.id.clone(),
            user_id: self.user_id.clone(),
            credential: serde_json::to_string(&self.credential)?,
            lookup: self.lookup.clone(),
            revision: self.revision,
            created_at: self.created_at,
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        match &self.credential {
            Credential::Passkey { .. } => Kind::Passkey,
            Credential::Totp { .. } => Kind::Totp,
            Credential::SecurityQuestion { .. } => Kind::SecurityQuestion,
            Credential::Phone { .. } => Kind::Phone,
            Credential::Push { .. } => Kind::Push,
            Credential::IdentityProvider { .. } => Kind::IdentityProvider,
            Credential::TemporaryCode { .. } => Kind::Tac,
        }
    }

    /// Whether it can still prove something.
    pub(crate) fn is_good(&self, now: Timestamp) -> bool {
        match &self.credential {
            Credential::TemporaryCode { is_used, expires_at, .. } => !is_used && *expires_at > now,
            Credential::Passkey { .. }
            | Credential::Totp { .. }
            | Credential::SecurityQuestion { .. }
            | Credential::Phone { .. }
            | Credential::Push { .. }
            | Credential::IdentityProvider { .. } => true,
        }
    }
}
