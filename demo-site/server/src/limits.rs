//! How often something may be tried, for each account and for each network address.
//!
//! A try is counted before it is made, so that many at once cannot slip through, and taken back when it turns
//! out to be right. Accounts that do not exist are counted like those that do: being locked tells nothing.

use std::time::Duration;

use crate::config::AttemptLimits;
use crate::digest;
use crate::failure::Failure;
use crate::services::Services;

/// What is being tried. Each has its own count: a password that somebody else keeps guessing at must not keep
/// its owner from recovering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Password,
    Code,
    Mail,
}

/// Whose limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Account,
    Address,
}

/// The limit is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocked {
    pub(crate) scope: Scope,
    pub(crate) retry_after: Duration,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Mail => "mail",
        }
    }
}

impl Services {
    /// Counts a try, and says if it must not be made. Counts belong to accounts and addresses, limits to the policy of
    /// the client: who has been refused at one client does not begin anew at another.
    pub(crate) async fn admit(
        &self,
        limits: &AttemptLimits,
        purpose: Purpose,
        identifier: &str,
        address: &str,
    ) -> Result<Option<Blocked>, Failure> {
        let per_account = match purpose {
            Purpose::Password | Purpose::Code => limits.per_account,
            Purpose::Mail => limits.mails_per_account,
        };
        let counts = [
            (Scope::Address, self.address_subject(address), limits.per_address),
            (Scope::Account, self.account_subject(purpose, identifier), per_account),
        ];
        for (scope, subject, limit) in counts {
            let now = self.clock.now();
            let (tries, ends) = self.store.count_try(&subject, now, now.plus(limits.window)).await?;
            if tries > limit {
                return Ok(Some(Blocked { scope, retry_after: now.until(ends) }));
            }
        }
        Ok(None)
    }

    /// Counts the begin of a transaction, and says how long to wait if there have been too many.
    pub(crate) async fn admit_transaction(
        &self,
        limits: &AttemptLimits,
        address: &str,
    ) -> Result<Option<Duration>, Failure> {
        let subject = digest::keyed(&self.reference_key, &format!("transaction {address}"));
        let now = self.clock.now();
        let (tries, ends) = self.store.count_try(&subject, now, now.plus(limits.window)).await?;
        Ok((tries > limits.transactions_per_address).then(|| now.until(ends)))
    }

    /// Takes a try back that was right, and with it all wrong ones for this account.
    pub(crate) async fn forgive(
        &self,
        purpose: Purpose,
        identifier: &str,
        address: &str,
    ) -> Result<(), Failure> {
        let account = self.account_subject(purpose, identifier);
        Ok(self.store.forgive_tries(&account, &self.address_subject(address)).await?)
    }

    /// Forgets all wrong tries for this account.
    pub(crate) async fn unlock(&self, purpose: Purpose, identifier: &str) -> Result<(), Failure> {
        Ok(self.store.forget_tries(&self.account_subject(purpose, identifier)).await?)
    }

    /// Hashed with a key of the server: the table of tries is no list of who tried to sign in.
    fn account_subject(&self, purpose: Purpose, identifier: &str) -> String {
        digest::keyed(&self.reference_key, &format!("{} {identifier}", purpose.name()))
    }

    fn address_subject(&self, address: &str) -> String {
        digest::keyed(&self.reference_key, &format!("address {address}"))
    }
}
