//! Who is signed in: kept in the session at the callback, and read on every page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tower_sessions::Session;

use crate::problem::{Problem, ProblemPage};
use crate::provider::RawIdToken;

/// Somebody who has signed in. The tokens stay on this side until the person signs out (see `id_token`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    /// The checked claims of the ID token.
    pub(crate) claims: Map<String, Value>,
    /// For the identity server, when it is asked to sign the person out: the browser takes it there, in an address.
    pub(crate) id_token: RawIdToken,
    /// For userinfo, and for APIs if there were any.
    pub(crate) access_token: openidconnect::AccessToken,
}

impl Person {
    /// What the person is called on a page.
    pub(crate) fn name(&self) -> &str {
        ["name", "email", "sub"]
            .iter()
            .find_map(|claim| self.claims.get(*claim)?.as_str())
            .unwrap_or("member")
    }

    /// Lasts as long as the session. Its id is a new one: whoever knew the old one, before the sign-in, knows nothing now. What
    /// somebody else has left in it is gone.
    pub(crate) async fn keep(&self, session: &Session) -> Result<(), Problem> {
        let earlier = Self::of(session).await?;
        if earlier.is_none_or(|earlier| earlier.subject() != self.subject()) {
            session.clear().await;
        }
        session.cycle_id().await?;
        Ok(session.insert(PERSON, self).await?)
    }

    /// There is one identity server, so this says who it is (OIDC Core 5.7).
    pub(crate) fn subject(&self) -> Option<&str> {
        self.claims.get("sub")?.as_str()
    }

    pub(crate) async fn of(session: &Session) -> Result<Option<Self>, Problem> {
        Ok(session.get(PERSON).await?)
    }
}

/// Whoever asks for a page, signed in or not.
pub(crate) struct Visitor(pub(crate) Option<Person>);

impl<State: Send + Sync> FromRequestParts<State> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let session =
            Session::from_request_parts(parts, state).await.map_err(|no_layer| no_layer.into_response())?;
        let person = Person::of(&session).await;
        Ok(Self(person.map_err(|problem| ProblemPage::from(problem).into_response())?))
    }
}

const PERSON: &str = "person";
