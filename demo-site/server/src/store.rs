//! The database: all SQL of the server is in this module, a file for each subject.
//!
//! SQLite in one file is the default because it needs no setting up. Statements keep to what Postgres takes
//! too (`$1` parameters, `ON CONFLICT`, `RETURNING`, `BOOLEAN`), so that a second store is a matter of a pool
//! and its migrations. What a value means, and whether it may be used, is decided by the callers; this module
//! only makes sure that what can happen once happens once, also when two requests arrive together.

mod attempts;
mod grants;
mod keys;
mod mails;
mod transactions;
mod users;

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub(crate) use grants::{Grant, InteractionCode, RedeemedRefreshToken, Redemption};
pub(crate) use mails::StoredMail;
pub(crate) use transactions::{Completed, Completion, Effect, StoredTransaction};
pub(crate) use users::{Profile, User};

use crate::clock::Timestamp;

/// A database error, as the caller sees it: nothing to decide, the request fails.
pub(crate) type StoreResult<T> = Result<T, sqlx::Error>;

/// The database of one server.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
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
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        migrations().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Writes everything to the file and lets go of it.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Forgets what nobody can use any more.
    pub(crate) async fn purge(&self, now: Timestamp) -> StoreResult<()> {
        for statement in [
            "DELETE FROM transactions WHERE expires_at <= $1",
            "DELETE FROM grants WHERE expires_at <= $1",
            "DELETE FROM refresh_tokens WHERE expires_at <= $1",
            "DELETE FROM revoked_access_tokens WHERE expires_at <= $1",
            "DELETE FROM attempts WHERE window_ends <= $1",
        ] {
            sqlx::query(statement).bind(now.as_millis()).execute(&self.pool).await?;
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
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn migrations() -> Migrator {
    let initial = Migration::new(
        1,
        Cow::Borrowed("initial"),
        MigrationType::Simple,
        include_str!("../migrations/0001_initial.sql").into_sql_str(),
        false,
    );
    Migrator::with_migrations(vec![initial])
}
