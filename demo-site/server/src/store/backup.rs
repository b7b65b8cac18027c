//! A copy of the database while a server may be writing to it.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{OpenStoreError, make_private_file};

/// Copies what is committed at this moment into a new file that only its owner can read.
///
/// The tables stay as they are: whoever copies before a new version brings them up to date needs the old ones.
pub(crate) async fn back_up(database: &Path, to: &Path) -> Result<(), OpenStoreError> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(5));
    let mut connection: SqliteConnection = options.connect().await?;
    // SQLite writes into an empty file, and into nothing else: an older copy is never overwritten.
    let name = to.to_str().ok_or_else(|| std::io::Error::other("its name is not UTF-8"))?;
    make_private_file(to, true)?;
    sqlx::query("VACUUM INTO $1").bind(name).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
