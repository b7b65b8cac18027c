//! Where the sessions of people who are signed in are kept: in memory, for one process. `tower-sessions` has a memory store of its own, which never forgets
//! a session that nobody came back for; this one drops what has ended, and holds a bounded number.
//!
//! An application of several processes uses one of the stores with a database behind them instead.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::cookie::{SameSite, time::Duration};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Result;
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

/// Sessions and their cookie: for this host alone, out of reach of scripts, and not sent along by other sites' forms.
pub(crate) fn layer(is_https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::default())
        .with_name(cookie_name(is_https))
        .with_secure(is_https)
        .with_http_only(true)
        // Not `Strict`: the callback is a navigation from another site.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(LIFETIME))
}

/// RFC 6265bis section 4.1.3.2: no other host of the domain can set a cookie whose name begins like this.
pub(crate) fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-towpath" } else { "towpath" }
}

/// A working day, from the last change.
const LIFETIME: Duration = Duration::hours(8);
const MOST: usize = 10_000;

/// See the head of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<Id, Record>>>);

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let mut sessions = self.0.lock().await;
        make_room(&mut sessions, OffsetDateTime::now_utc(), MOST);
        while sessions.contains_key(&record.id) {
            record.id = Id::default();
        }
        sessions.insert(record.id, record.clone());
        Ok(())
    }

    /// Not if it is gone: a request that was under way when the session ended must not bring it back.
    async fn save(&self, record: &Record) -> Result<()> {
        if let Some(kept) = self.0.lock().await.get_mut(&record.id) {
            kept.clone_from(record);
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = OffsetDateTime::now_utc();
        Ok(self.0.lock().await.get(id).filter(|record| record.expiry_date > now).cloned())
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.lock().await.remove(id);
        Ok(())
    }
}

/// So that there is one place at least; only a full store is looked through.
fn make_room(sessions: &mut HashMap<Id, Record>, now: OffsetDateTime, most: usize) {
    if sessions.len() < most {
        return;
    }
    sessions.retain(|_id, record| record.expiry_date > now);
    let soonest = sessions.values().min_by_key(|record| record.expiry_date).map(|record| record.id);
    if let Some(id) = soonest.filter(|_| sessions.len() >= most) {
        sessions.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::SET_COOKIE;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_sessions::Session;

    use super::*;

    async fn cookie(is_https: bool) -> String {
        let keep = get(async |session: Session| session.insert("kept", true).await.unwrap());
        let app = Router::new().route("/", keep).layer(layer(is_https));
        let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
        answer.headers()[SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn over_https_the_cookie_is_for_this_host_alone() {
        let cookie = cookie(true).await;
        assert!(cookie.starts_with("__Host-towpath="), "{cookie}");
        for wanted in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.split("; ").any(|part| part == wanted), "{wanted}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }

    #[tokio::test]
    async fn on_this_machine_it_needs_no_https() {
        let cookie = cookie(false).await;
        assert!(cookie.starts_with("towpath=") && !cookie.contains("Secure"), "{cookie}");
    }

    #[tokio::test]
    async fn a_session_that_has_ended_is_not_brought_back_by_a_request_that_was_under_way() {
        let sessions = Sessions::default();
        let mut record = Record {
            id: Id::default(),
            data: HashMap::default(),
            expiry_date: OffsetDateTime::now_utc() + LIFETIME,
        };
        sessions.create(&mut record).await.unwrap();
        sessions.save(&record).await.unwrap();
        assert_eq!(sessions.load(&record.id).await.unwrap().as_ref(), Some(&record));
        sessions.delete(&record.id).await.unwrap();
        sessions.save(&record).await.unwrap();
        assert_eq!(sessions.load(&record.id).await.unwrap(), None);
    }

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn given(ends: &[i64]) -> HashMap<Id, Record> {
        let record = |(index, seconds): (usize, &i64)| {
            let id = Id(index as i128);
            (id, Record { id, data: HashMap::default(), expiry_date: NOW + Duration::seconds(*seconds) })
        };
        ends.iter().enumerate().map(record).collect()
    }

    fn left(ends: &[i64], most: usize) -> Vec<i128> {
        let mut sessions = given(ends);
        make_room(&mut sessions, NOW, most);
        let mut left: Vec<_> = sessions.keys().map(|id| id.0).collect();
        left.sort_unstable();
        left
    }

    #[test]
    fn those_that_have_ended_make_room() {
        assert_eq!(left(&[-1, 5, 0], 3), [1]);
    }

    #[test]
    fn the_one_that_ends_soonest_makes_room_when_all_are_alive() {
        assert_eq!(left(&[9, 3, 7], 3), [0, 2]);
    }

    #[test]
    fn nobody_has_to_go_while_there_is_room() {
        assert_eq!(left(&[-1, 5], 3), [0, 1]);
    }
}
