//! When a new key takes over.
//!
//! The next key is published a while before it signs, so that whoever keeps a copy of the key set has it in time;
//! the one before stays published until the last token that it signed is over. All of it is in the database: of
//! several processes that find a key to be due, one makes it, and all change over at the same moment.

use std::time::Duration;

use super::{KeyError, Keyring, SigningKey, generate, name_of};
use crate::clock::Timestamp;
use crate::config::Config;
use crate::store::{Store, StoredKey};

/// The moments in the life of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// From one key to the next; never if there is none.
    interval: Option<Duration>,
    /// How long tokens live at most.
    overlap: Duration,
}

impl Schedule {
    pub(crate) fn of(config: &Config) -> Self {
        let lifetimes = config.lifetimes().flat_map(|it| [it.access_token, it.id_token]);
        // The machines that check tokens have clocks of their own.
        let overlap = lifetimes.max().unwrap_or_default() + Duration::from_secs(300);
        Self { interval: config.signing_key_rotation, overlap }
    }

    /// When the key that follows one that signs from `signs_from` is made, and when it takes over.
    fn next(&self, signs_from: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let interval = self.interval?;
        let lead = LEAD.min(interval / 2);
        Some((signs_from.plus(interval.saturating_sub(lead)), signs_from.plus(interval)))
    }
}

impl Keyring {
    /// Makes the next key of a server if it is due.
    pub(crate) async fn rotate_if_due(
        &self,
        server: &str,
        schedule: &Schedule,
        now: Timestamp,
    ) -> Result<(), KeyError> {
        let keys = self.store.signing_keys(server, now).await?;
        // Withdrawn by somebody whose configuration does not have this server.
        let Some(newest) = keys.last() else { return make_first(&self.store, server, now).await };
        let Some((due, takes_over)) = schedule.next(newest.signs_from) else { return Ok(()) };
        if due > now {
            return Ok(());
        }
        // A server that slept through the moment still publishes first.
        let lead = schedule.interval.map_or(LEAD, |interval| LEAD.min(interval / 2));
        let signs_from = takes_over.max(now.plus(lead));
        self.rotate(server, newest.generation, now, (signs_from, schedule.overlap)).await
    }

    /// Makes the next key of a server now, to take over as soon as it is known everywhere. Says its name and when it
    /// takes over.
    pub(crate) async fn force_rotation(
        &self,
        server: &str,
        schedule: &Schedule,
        now: Timestamp,
    ) -> Result<(String, Timestamp), KeyError> {
        let keys = self.store.signing_keys(server, now).await?;
        let newest = keys.last().ok_or(KeyError::Missing)?;
        let signs_from = now.plus(CACHED * 2);
        self.rotate(server, newest.generation, now, (signs_from, schedule.overlap)).await?;
        let keys = self.store.signing_keys(server, now).await?;
        let newest = keys.last().ok_or(KeyError::Missing)?;
        Ok((newest.kid.clone(), newest.signs_from))
    }

    /// Makes another key for each of these servers, which signs from now on, and withdraws all that there are, also those of
    /// servers that are in no configuration any more: what they have signed is worth nothing. Says the names of the new ones.
    pub(crate) async fn replace_all<'s>(
        &self,
        servers: impl Iterator<Item = &'s str>,
        now: Timestamp,
    ) -> Result<Vec<String>, KeyError> {
        let mut made = Vec::new();
        for server in servers {
            let keys = self.store.signing_keys(server, now).await?;
            let generation = keys.last().map_or(0, |newest| newest.generation);
            made.push((server, make(generation.saturating_add(1), now, now).await?));
        }
        self.store.replace_signing_keys(&made).await?;
        Ok(made.into_iter().map(|(_, key)| key.kid).collect())
    }

    async fn rotate(
        &self,
        server: &str,
        generation: i64,
        now: Timestamp,
        (signs_from, overlap): (Timestamp, Duration),
    ) -> Result<(), KeyError> {
        let key = make(generation.saturating_add(1), now, signs_from).await?;
        Ok(self.store.add_signing_key(server, &key, signs_from.plus(overlap)).await?)
    }
}

/// Makes the first key of a server, unless another process does.
pub(super) async fn make_first(store: &Store, server: &str, now: Timestamp) -> Result<(), KeyError> {
    let key = make(1, now, now).await?;
    Ok(store.add_signing_key(server, &key, now).await?)
}

async fn make(generation: i64, now: Timestamp, signs_from: Timestamp) -> Result<StoredKey, KeyError> {
    // A moment of pure computing, which must not hold up the requests of others.
    let private_key = tokio::task::spawn_blocking(generate).await.map_err(|_| KeyError::Generation)??;
    let kid = name_of(&SigningKey::read(String::new(), &private_key)?);
    Ok(StoredKey { kid, generation, private_key, created_at: now, signs_from })
}

/// How long before it signs a key is published: longer than clients keep a copy of the key set, which is a day for
/// those that ask for nothing.
const LEAD: Duration = Duration::from_secs(24 * 3600);

/// How long a copy of the key set may be kept (RFC 9111 section 5.2.2.1).
pub(crate) const CACHED: Duration = Duration::from_secs(300);
