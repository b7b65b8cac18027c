//! What a transaction remembers between two requests.

mod phase;

use serde::{Deserialize, Serialize};

pub(crate) use phase::{
    Account, Applicant, Challenge, EmailCode, Goal, KnownBy, Person, Phase, Proof, Regaining, Setup,
};

use super::acr::Acr;
use super::ending::Ending;
use super::handle::StateHandle;
use crate::clock::Timestamp;
use crate::failure::Failure;
use crate::store::StoredTransaction;

/// A sign-in under way, as the flow sees it.
#[derive(Clone)]
pub(crate) struct Transaction {
    pub(crate) handle: StateHandle,
    pub(crate) generation: String,
    pub(crate) request: InteractionRequest,
    pub(crate) phase: Phase,
    pub(crate) revision: i64,
    pub(crate) expires_at: Timestamp,
}

/// What the client asked for when it began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InteractionRequest {
    /// Whose tokens they are to be.
    pub(crate) authorization_server: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// Goes back to the client unread, when the browser does (RFC 6749 section 4.1.2).
    pub(crate) state: Option<String>,
    /// How sure it has to be who it is.
    #[serde(default)]
    pub(crate) acr: Option<Acr>,
    /// How many seconds ago the person may have proved it (OIDC Core section 3.1.2.1).
    #[serde(default)]
    pub(crate) max_age: Option<u32>,
    /// Only confidential clients at the authorization endpoint may do without.
    pub(crate) code_challenge: Option<String>,
    /// The key that the code is to be bound to (RFC 9449 section 10).
    #[serde(default)]
    pub(crate) dpop_jkt: Option<String>,
    #[serde(default)]
    pub(crate) ending: Ending,
    /// The digest of the cookie of the browser that began an embedded sign-in, as far as there was one: no other leaves
    /// for a provider unasked. Whom the other endings belong to they say themselves.
    #[serde(default)]
    pub(crate) browser: Option<String>,
}

impl Transaction {
    pub(crate) fn restore(handle: StateHandle, stored: &StoredTransaction) -> Result<Self, Failure> {
        Ok(Self {
            handle,
            generation: stored.generation.clone(),
            request: serde_json::from_str(&stored.request)?,
            phase: serde_json::from_str(&stored.phase)?,
            revision: stored.revision,
            expires_at: stored.expires_at,
        })
    }

    /// Whether this stored transaction still waits for an answer to this link.
    pub(crate) fn waits_for_link(stored: &StoredTransaction, link: &str) -> Result<bool, Failure> {
        let phase: Phase = serde_json::from_str(&stored.phase)?;
        Ok(phase.mailed_code().is_some_and(|code| code.link.as_deref() == Some(link)))
    }

    /// The handle that goes out with the question that is asked now.
    pub(crate) fn revealed_handle(&self) -> String {
        self.handle.reveal(self.phase.question())
    }

    pub(crate) fn to_stored(&self) -> Result<StoredTransaction, Failure> {
        Ok(StoredTransaction {
            id: self.handle.transaction_id(),
            generation: self.generation.clone(),
            request: serde_json::to_string(&self.request)?,
            phase: serde_json::to_string(&self.phase)?,
            revision: self.revision,
            expires_at: self.expires_at,
        })
    }
}
