//! Who is signed in at which browser.
//!
//! A session is made at the end of a sign-in on the server's own page, and only there: the embedded sign-in neither makes
//! nor uses one, because the page around it belongs to somebody else. What the browser holds is a cookie with 256 random
//! bits, of which the database has the digest.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::config::SessionRules;
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::amr::{Amr, Method};
use crate::idx::{Admitted, Caller, Ending, Person};
use crate::services::Services;
use crate::store::{StoredSession, TokenPurpose, User};

/// A session that is in force.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user: User,
    /// What they have proved.
    pub(crate) person: Person,
    pub(crate) auth_time: Timestamp,
}

/// A session that is about to be kept, and the cookie for it.
pub(crate) struct NewSession {
    pub(crate) cookie: String,
    pub(crate) kept: StoredSession,
}

impl NewSession {
    /// What the browser is given, and until when it keeps it, if that is beyond its closing.
    pub(crate) fn into_cookie(self) -> (String, Option<Timestamp>) {
        let expires_at = self.kept.is_remembered.then_some(self.kept.expires_at);
        (self.cookie, expires_at)
    }
}

impl Services {
    /// The session that a cookie stands for, if it is in force by these rules.
    pub(crate) async fn session(
        &self,
        cookie: Option<&str>,
        rules: &SessionRules,
    ) -> Result<Option<Session>, Failure> {
        let Some(cookie) = cookie else { return Ok(None) };
        self.session_of_id(&digest::sha256(cookie), rules).await
    }

    /// The session that is kept under this name, if it is in force by these rules.
    pub(crate) async fn session_of_id(
        &self,
        id: &str,
        rules: &SessionRules,
    ) -> Result<Option<Session>, Failure> {
        let now = self.clock.now();
        let stored = self.store.session(id).await?;
        let Some(stored) = stored.filter(|stored| is_in_force(stored, rules, now)) else { return Ok(None) };
        let Some(user) = self.store.user(&stored.user_id).await? else { return Ok(None) };
        let person = serde_json::from_str(&stored.person)?;
        // What they sign in with may have changed since.
        let person = Person { identifier: user.email.clone(), ..person };
        Ok(Some(Session { id: stored.id, user, person, auth_time: stored.auth_time }))
    }

    /// A session for whom a one-time token was made; nothing if it is not, or no longer, good.
    pub(crate) async fn session_by_token(
        &self,
        token: &str,
        rules: &SessionRules,
        caller: &Caller,
    ) -> Result<Option<NewSession>, Failure> {
        let now = self.clock.now();
        let hash = digest::sha256(token);
        let user_id = self.store.redeem_one_time_token(&hash, TokenPurpose::Session, now).await?;
        let Some(user_id) = user_id else { return Ok(None) };
        let user = self.store.user(&user_id).await?.ok_or(Failure::MissingUser)?;
        let person = Person::new(&user.email, &user.id, Amr::of(Method::OneTimeCode));
        let new = self.new_session(&Admitted::new(person, &Ending::InteractionCode, now), rules, caller)?;
        self.store.add_session(&new.kept).await?;
        Ok(Some(new))
    }

    /// Notes that a session was used, which keeps it from being idle.
    pub(crate) async fn used(&self, session: &Session) -> Result<(), Failure> {
        Ok(self.store.touch_session(&session.id, self.clock.now()).await?)
    }

    /// All sessions of who has this one that are in force.
    pub(crate) async fn sessions_of(&self, session: &Session) -> Result<Vec<StoredSession>, Failure> {
        let (now, rules) = (self.clock.now(), self.config.laxest_session_rules());
        let mut sessions = self.store.sessions_of(&session.user.id, now).await?;
        sessions.retain(|stored| is_in_force(stored, &rules, now));
        Ok(sessions)
    }

    /// Ends a session of who has this one: the same, or one at another browser.
    pub(crate) async fn end_session(&self, session: &Session, id: &str) -> Result<(), Failure> {
        let revokes_tokens = self.config.policy.session.logout_revokes_tokens;
        Ok(self.store.end_session(id, &session.user.id, revokes_tokens).await.map(drop)?)
    }

    /// A session as `/api/v1/sessions/me` tells it.
    pub(crate) async fn describe_session(&self, session: &Session) -> Result<Value, Failure> {
        let stored = self.store.session(&session.id).await?.ok_or(Failure::MissingUser)?;
        let amr = session.person.amr.claim();
        Ok(json!({
            "id": stored.id,
            "userId": session.user.id,
            "login": session.user.email,
            "createdAt": stored.created_at.iso_8601(),
            "expiresAt": stored.expires_at.iso_8601(),
            "status": "ACTIVE",
            "lastPasswordVerification": session.auth_time.iso_8601(),
            "amr": amr.split(' ').collect::<Vec<_>>(),
        }))
    }

    /// A session for somebody who has just signed in.
    pub(crate) fn new_session(
        &self,
        admitted: &Admitted,
        rules: &SessionRules,
        caller: &Caller,
    ) -> Result<NewSession, Failure> {
        let now = self.clock.now();
        let cookie = entropy::opaque(&*self.entropy)?;
        let is_remembered = admitted.is_to_be_remembered.unwrap_or_default();
        let lifetime = if is_remembered { rules.remembered } else { rules.lifetime };
        // What was put off at this sign-in is not asked for at the next client.
        let person = Person { has_skipped: true, known_by: None, ..admitted.person.clone() };
        let kept = StoredSession {
            id: digest::sha256(&cookie),
            user_id: person.user_id.clone(),
            person: serde_json::to_string(&person)?,
            auth_time: admitted.auth_time,
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(lifetime),
            is_remembered,
            user_agent: caller.user_agent.clone(),
            address: caller.address.clone(),
        };
        Ok(NewSession { cookie, kept })
    }
}

fn is_in_force(session: &StoredSession, rules: &SessionRules, now: Timestamp) -> bool {
    // Who wanted to stay signed in may be away for a while.
    let is_idle = !session.is_remembered && session.last_used_at.plus(rules.idle) <= now;
    session.expires_at > now && !is_idle
}
