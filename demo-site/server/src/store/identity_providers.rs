//! Whose account somebody at another provider is, and who is on their way there and back.

use sqlx::SqliteConnection;

use super::{Store, StoreResult, User};
use crate::clock::Timestamp;

/// An account, and who its owner is at another provider.
#[derive(Clone, Debug)]
pub(crate) struct IdentityLink {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) user_id: String,
    pub(crate) created_at: Timestamp,
}

/// A browser on its way to a provider and back. Digests only.
#[derive(Clone, Debug)]
pub(crate) struct StoredRoundTrip {
    pub(crate) state: String,
    /// Of the secret in the browser's cookie.
    pub(crate) browser: String,
    /// The id of the provider.
    pub(crate) provider: String,
    pub(crate) expires_at: Timestamp,
}

impl Store {
    /// The owner of the account that this subject of this issuer is linked to.
    pub(crate) async fn linked_user(&self, issuer: &str, subject: &str) -> StoreResult<Option<User>> {
        let user_id: Option<String> =
            sqlx::query_scalar("SELECT user_id FROM identity_links WHERE issuer = $1 AND subject = $2")
                .bind(issuer)
                .bind(subject)
                .fetch_optional(&mut *self.connections.get().await?)
                .await?;
        match user_id {
            Some(user_id) => self.user(&user_id).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn add_round_trip(&self, trip: &StoredRoundTrip) -> StoreResult<()> {
        sqlx::query(
            "INSERT INTO identity_provider_round_trips (state, browser, provider, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(&trip.state)
        .bind(&trip.browser)
        .bind(&trip.provider)
        .bind(trip.expires_at.as_millis())
        .execute(&mut *self.connections.get().await?)
        .await
        .map(drop)
    }

    /// Ends a round trip, once, in the browser that began it; says at which provider it was.
    pub(crate) async fn end_round_trip(
        &self,
        state: &str,
        browser: &str,
        now: Timestamp,
    ) -> StoreResult<Option<String>> {
        sqlx::query_scalar(
            "DELETE FROM identity_provider_round_trips WHERE state = $1 AND browser = $2 AND expires_at > $3
             RETURNING provider",
        )
        .bind(state)
        .bind(browser)
        .bind(now.as_millis())
        .fetch_optional(&mut *self.connections.get().await?)
        .await
    }
}

/// False if the subject is somebody's already.
pub(super) async fn insert_link(connection: &mut SqliteConnection, link: &IdentityLink) -> StoreResult<bool> {
    let result = sqlx::query(
        "INSERT INTO identity_links (issuer, subject, user_id, created_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT (issuer, subject) DO NOTHING",
    )
    .bind(&link.issuer)
    .bind(&link.subject)
    .bind(&link.user_id)
    .bind(link.created_at.as_millis())
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    async fn store_with_a_trip(folder: &tempfile::TempDir) -> Store {
        let store = Store::open(&folder.path().join("trips.sqlite")).await.unwrap();
        let trip = StoredRoundTrip {
            state: "state".to_owned(),
            browser: "browser".to_owned(),
            provider: "canal".to_owned(),
            expires_at: Timestamp::from_millis(2_000),
        };
        store.add_round_trip(&trip).await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_round_trip_ends_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_a_trip(&folder).await;
        let end = || store.end_round_trip("state", "browser", NOW);
        let (one, other) = tokio::join!(end(), end());
        let ended = [one.unwrap(), other.unwrap()];
        assert_eq!(ended.iter().flatten().collect::<Vec<_>>(), ["canal"]);
    }

    #[tokio::test]
    async fn another_browser_does_not_end_it_and_does_not_keep_it_from_ending() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_a_trip(&folder).await;
        assert_eq!(store.end_round_trip("state", "another", NOW).await.unwrap(), None);
        assert_eq!(store.end_round_trip("state", "browser", NOW).await.unwrap().as_deref(), Some("canal"));
    }

    #[tokio::test]
    async fn one_that_took_too_long_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_with_a_trip(&folder).await;
        let late = Timestamp::from_millis(2_000);
        assert_eq!(store.end_round_trip("state", "browser", late).await.unwrap(), None);
    }
}
