//! The database: all SQL of the server is in this module, a file for each subject.
//!
//! SQLite in one file is the default because it needs no setting up. Statements keep to what Postgres takes
//! too (`$1` parameters, `ON CONFLICT`, `RETURNING`, `BOOLEAN`), so that a second store is a matter of a pool
//! and its migrations. What a value means, and whether it may be used, is decided by the callers; this module
//! only makes sure that what can happen once happens once, also when two requests arrive together.

mod attempts;
mod backup;
mod confirmations;
mod connections;
mod device_codes;
mod enrollments;
mod grace;
mod grants;
mod identity_providers;
mod keys;
mod mails;
mod one_time_tokens;
mod one_time_values;
mod sessions;
mod transactions;
mod users;

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

pub(crate) use backup::back_up;
pub(crate) use confirmations::{Confirmation, Settled, Subject};
pub(crate) use device_codes::{DeviceCode, DeviceState};
pub(crate) use enrollments::StoredEnrollment;
pub(crate) use grace::StoredGrace;
pub(crate) use grants::{Code, CodeKind, Grant, RedeemedRefreshToken, Redemption};
pub(crate) use identity_providers::{IdentityLink, StoredRoundTrip};
pub(crate) use keys::StoredKey;
pub(crate) use mails::StoredMail;
pub(crate) use one_time_tokens::{OneTimeToken, TokenPurpose};
pub(crate) use sessions::{Conclusion, StoredConsent, StoredSession};
pub(crate) use transactions::{Applied, Completion, Effect, StoredTransaction};
pub(crate) use users::{Profile, User};

use connections::Connections;

use crate::clock::Timestamp;

/// A database error, as the caller sees it: nothing to decide, the request fails.
pub(crate) type StoreResult<T> = Result<T, sqlx::Error>;

/// The database of one server.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    connections: Connections,
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings its tables up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self, OpenStoreError> {
        prepare_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            // Write-ahead logging survives a killed process; `Normal` syncs at checkpoints only, so that a
            // power cut may lose the last moments but never the file.
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5));
        let connections = Connections::new(options)?;
        migrations().run(&mut *connections.get().await?).await?;
        Ok(Self { connections })
    }

    /// Writes everything to the file and lets go of it.
    pub(crate) async fn close(&self) {
        self.connections.close().await;
    }

    /// Forgets what nobody can use any more.
    pub(crate) async fn purge(&self, now: Timestamp) -> StoreResult<()> {
        for statement in [
            "DELETE FROM transactions WHERE expires_at <= $1",
            "DELETE FROM grants WHERE expires_at <= $1",
            "DELETE FROM sessions WHERE expires_at <= $1",
            "DELETE FROM refresh_tokens WHERE expires_at <= $1",
            "DELETE FROM revoked_access_tokens WHERE expires_at <= $1",
            "DELETE FROM confirmations WHERE expires_at <= $1",
            "DELETE FROM identity_provider_round_trips WHERE expires_at <= $1",
            "DELETE FROM one_time_values WHERE expires_at <= $1",
            // An hour longer than they are good for: a device that asks late is told why.
            "DELETE FROM device_codes WHERE expires_at + 3600000 <= $1",
            "DELETE FROM signing_keys WHERE expires_at <= $1",
            "DELETE FROM one_time_tokens WHERE expires_at <= $1",
            "DELETE FROM attempts WHERE window_ends <= $1",
        ] {
            sqlx::query(statement).bind(now.as_millis()).execute(&mut *self.connections.get().await?).await?;
        }
        Ok(())
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenStoreError {
    #[error("the file cannot be made: {0}")]
    File(#[from] std::io::Error),
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    #[error("its tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// Makes the file readable by its owner alone before anything is in it: it holds the signing key.
fn prepare_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    make_private_file(path, false)
}

/// `is_new`: whether it is a mistake if there is such a file already.
fn make_private_file(path: &Path, is_new: bool) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).create_new(is_new).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn migrations() -> Migrator {
    let migration = |version, name, sql: &'static str| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "initial", include_str!("../migrations/0001_initial.sql")),
        migration(2, "enrollments", include_str!("../migrations/0002_enrollments.sql")),
        migration(3, "confirmations", include_str!("../migrations/0003_confirmations.sql")),
        migration(10, "acr", include_str!("../migrations/0010_acr.sql")),
        migration(11, "one-time tokens", include_str!("../migrations/0011_one_time_tokens.sql")),
        migration(12, "enrollment grace", include_str!("../migrations/0012_enrollment_grace.sql")),
        migration(20, "authorization servers", include_str!("../migrations/0020_authorization_servers.sql")),
        migration(21, "one-time values", include_str!("../migrations/0021_one_time_values.sql")),
        migration(22, "device codes", include_str!("../migrations/0022_device_codes.sql")),
        migration(30, "sessions", include_str!("../migrations/0030_sessions.sql")),
        migration(50, "identity providers", include_str!("../migrations/0050_identity_providers.sql")),
        migration(60, "dpop", include_str!("../migrations/0060_dpop.sql")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn count(store: &Store) -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM transactions")
            .fetch_one(&mut *store.connections.get().await.unwrap())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn purging_forgets_what_has_expired_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("purge.sqlite")).await.unwrap();
        for (id, expires_at) in [("old", 1_000), ("new", 1_001)] {
            let transaction = StoredTransaction::blank(id, Timestamp::from_millis(expires_at));
            store.add_transaction(&transaction).await.unwrap();
        }
        assert_eq!(count(&store).await, 2);
        store.purge(Timestamp::from_millis(1_000)).await.unwrap();
        assert_eq!(count(&store).await, 1);
        assert!(store.transaction("new").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_change_that_was_made_from_an_older_revision_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("revision.sqlite")).await.unwrap();
        let transaction = StoredTransaction::blank("one", Timestamp::from_millis(1));
        store.add_transaction(&transaction).await.unwrap();
        let (left, right) = (
            StoredTransaction { phase: "left".to_owned(), ..transaction.clone() },
            StoredTransaction { phase: "right".to_owned(), ..transaction },
        );
        assert_eq!(store.advance(&left, &[]).await.unwrap(), Applied::Done);
        assert_eq!(store.advance(&right, &[]).await.unwrap(), Applied::Stale);
        assert_eq!(store.transaction("one").await.unwrap().unwrap().phase, "left");
    }

    #[tokio::test]
    async fn a_secret_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("secret.sqlite")).await.unwrap();
        assert_eq!(store.secret("reference", b"first").await.unwrap(), b"first");
        assert_eq!(store.secret("reference", b"second").await.unwrap(), b"first");
    }
}
