//! Connections to the database file, lent for a statement or for a transaction.
//!
//! sqlx has a pool of its own, which asks every connection that comes back whether it still answers. To a file that is as dear
//! as the statement was: each is a trip to the thread of the connection and back. What can go wrong with such a connection goes
//! wrong with a transaction, so that only one that has had a transaction is asked here, and whether it has come out of it:
//! where the disk is full, SQLite undoes the transaction, and sqlx takes it to be open for good.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolConfig, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, SqliteConnection, Transaction};

use super::StoreResult;

/// See the head of the file.
#[derive(Clone)]
pub(super) struct Connections(Pool<Opener, Lent>);

/// A connection for whoever has it, until it is dropped.
pub(super) struct Lent(Object<Opener>);

/// Opens the file.
pub(super) struct Opener(SqliteConnectOptions);

pub(super) struct Opened {
    sqlite: SqliteConnection,
    /// Whether there was a transaction since it was last asked.
    had_transaction: bool,
}

/// As many as can do something at a time: one that writes, and a few that read beside it.
const AT_MOST: usize = 4;

/// How long a request waits until one is free.
const PATIENCE: Duration = Duration::from_secs(30);

impl Connections {
    pub(super) fn new(options: SqliteConnectOptions) -> StoreResult<Self> {
        let config = PoolConfig {
            max_size: AT_MOST,
            timeouts: Timeouts { wait: Some(PATIENCE), ..Timeouts::default() },
            // The one that came back last has what it read in its cache, and its thread on a processor.
            queue_mode: QueueMode::Lifo,
        };
        let pool = Pool::builder(Opener(options)).config(config).runtime(Runtime::Tokio1).build();
        pool.map(Self).map_err(|error| sqlx::Error::Configuration(error.into()))
    }

    pub(super) async fn get(&self) -> StoreResult<Lent> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                sqlx::Error::PoolClosed
            }
        })
    }

    /// Closes those that nobody has, and lends no more.
    pub(super) async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for opened in idle {
            if let Err(error) = opened.sqlite.close().await {
                tracing::warn!("a connection to the database could not be closed: {error}");
            }
        }
    }
}

impl Manager for Opener {
    type Type = Opened;
    type Error = sqlx::Error;

    async fn create(&self) -> StoreResult<Opened> {
        Ok(Opened { sqlite: self.0.connect().await?, had_transaction: false })
    }

    async fn recycle(&self, opened: &mut Opened, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if opened.had_transaction {
            // An undoing that is under way comes first.
            opened.sqlite.ping().await?;
            if opened.sqlite.is_in_transaction() {
                return Err(RecycleError::message("a transaction was left open"));
            }
            opened.had_transaction = false;
        }
        Ok(())
    }
}

impl Lent {
    /// Begins a transaction, which is undone if it is dropped before it is committed. Immediate, because a lock taken only at the
    /// first write could not be waited for.
    pub(super) async fn begin(&mut self) -> StoreResult<Transaction<'_, Sqlite>> {
        self.0.had_transaction = true;
        self.0.sqlite.begin_with("BEGIN IMMEDIATE").await
    }
}

impl From<Object<Opener>> for Lent {
    fn from(object: Object<Opener>) -> Self {
        Self(object)
    }
}

impl Deref for Lent {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0.sqlite
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0.sqlite
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Connections").field(&self.0.status()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(folder: &tempfile::TempDir) -> Connections {
        let file = folder.path().join("connections.sqlite");
        Connections::new(SqliteConnectOptions::new().filename(file).create_if_missing(true)).unwrap()
    }

    async fn write(connection: &mut SqliteConnection) {
        sqlx::query("CREATE TABLE IF NOT EXISTS notes (text TEXT)").execute(&mut *connection).await.unwrap();
        sqlx::query("INSERT INTO notes (text) VALUES ('a note')").execute(connection).await.unwrap();
    }

    async fn notes(connection: &mut SqliteConnection) -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM notes").fetch_one(connection).await.unwrap()
    }

    #[tokio::test]
    async fn a_transaction_that_is_left_is_undone_before_anybody_else_writes() {
        let folder = tempfile::tempdir().unwrap();
        let connections = connections(&folder);
        write(&mut connections.get().await.unwrap()).await;
        {
            let mut lent = connections.get().await.unwrap();
            let mut transaction = lent.begin().await.unwrap();
            write(&mut transaction).await;
            assert_eq!(notes(&mut transaction).await, 2);
        }
        // Two of them, so that one is not the connection that the transaction was on.
        let (mut one, mut other) = (connections.get().await.unwrap(), connections.get().await.unwrap());
        assert_eq!((notes(&mut one).await, notes(&mut other).await), (1, 1));
        let mut transaction = other.begin().await.unwrap();
        write(&mut transaction).await;
        transaction.commit().await.unwrap();
        assert_eq!(notes(&mut one).await, 2);
    }

    #[tokio::test]
    async fn a_disk_that_was_full_is_forgotten_when_there_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let connections = connections(&folder);
        let mut lent = connections.get().await.unwrap();
        write(&mut lent).await;
        sqlx::query("PRAGMA max_page_count = 3").execute(&mut *lent).await.unwrap();
        let mut transaction = lent.begin().await.unwrap();
        let long = sqlx::query("INSERT INTO notes (text) VALUES (zeroblob(100000))");
        let error = long.execute(&mut *transaction).await.unwrap_err();
        assert!(error.to_string().contains("full"), "{error}");
        drop(transaction);
        drop(lent);
        let mut lent = connections.get().await.unwrap();
        let mut transaction = lent.begin().await.unwrap();
        write(&mut transaction).await;
        transaction.commit().await.unwrap();
        assert_eq!(connections.0.status().size, 1);
    }

    #[tokio::test]
    async fn whoever_comes_when_all_are_lent_gets_the_first_that_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let connections = connections(&folder);
        let mut lent = Vec::new();
        for _ in 0..AT_MOST {
            lent.push(connections.get().await.unwrap());
        }
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { write(&mut connections.get().await.unwrap()).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        lent.pop();
        waiting.await.unwrap();
    }

    #[tokio::test]
    async fn none_is_lent_after_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let connections = connections(&folder);
        write(&mut connections.get().await.unwrap()).await;
        connections.close().await;
        let error = connections.get().await.err().unwrap();
        assert!(matches!(error, sqlx::Error::PoolClosed), "{error}");
    }
}
