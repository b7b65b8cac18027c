//! What every request handler needs, put together once at the start.

use std::sync::Arc;

use crate::branding::Branding;
use crate::clock::Clock;
use crate::config::Config;
use crate::digest;
use crate::entropy::Entropy;
use crate::identity_providers::IdentityProviders;
use crate::keys::Keyring;
use crate::mail::Mailer;
use crate::passkeys::Passkeys;
use crate::password::Passwords;
use crate::seals::Seals;
use crate::store::Store;

/// The parts of a running server.
pub(crate) struct Services {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) store: Store,
    pub(crate) passwords: Passwords,
    pub(crate) passkeys: Passkeys,
    pub(crate) keys: Keyring,
    pub(crate) mailer: Mailer,
    /// Absent where the configuration has none.
    pub(crate) identity_providers: Option<IdentityProviders>,
    /// What the sign-in page is made of.
    pub(crate) branding: Branding,
    /// What secrets in the database are sealed with.
    pub(crate) seals: Seals,
    /// A secret of this server, for names that must not be traced back to what they stand for.
    pub(crate) reference_key: Vec<u8>,
}

impl Services {
    /// Stands for whoever signs in as `identifier`, the same each time, whether there is such an account or not.
    pub(crate) fn reference(&self, identifier: &str) -> String {
        digest::keyed(&self.reference_key, &format!("reference {identifier}")).chars().take(22).collect()
    }
}
