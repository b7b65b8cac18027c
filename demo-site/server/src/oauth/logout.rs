//! Signing out of the browser because a client asks for it (OpenID Connect RP-Initiated Logout 1.0).
//!
//! An ID token that was given to the client shows that it is the client who asks. Without one, or with one whose key is gone,
//! anybody could have sent the browser here, so the person is asked first.

use serde::Deserialize;

use super::Params;
use super::claims::ID_TOKEN;
use crate::config::{AuthorizationServer, Client};
use crate::failure::Failure;
use crate::keys::Checked;
use crate::services::Services;
use crate::sessions::Session;

/// What becomes of a request to sign out.
#[derive(Debug)]
pub(crate) enum Logout {
    /// It is the client who asks: the session ends, and the browser goes there, or nowhere.
    Now { destination: Option<String> },
    /// It is not known who asks.
    Ask { destination: Option<String> },
    /// What is asked for must not be done.
    Refused(&'static str),
}

/// An ID token that was shown.
struct Hint {
    claims: Claims,
    /// Whether it is certain that this server has given it to the client. Sessions outlive the keys that ID tokens are signed
    /// with: of one that was signed with a key from before, all that it says is taken for what anybody may say.
    is_proved: bool,
}

/// What an ID token says about whom it is for.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    jti: String,
}

impl Services {
    /// Decides on a request to sign out; `session` is the one of the browser.
    pub(crate) async fn logout(
        &self,
        server: &AuthorizationServer,
        params: &Params,
        session: Option<&Session>,
    ) -> Result<Logout, Failure> {
        let hint = match params.find("id_token_hint") {
            None => None,
            Some(token) => match self.hint(server, token).await? {
                None => {
                    return Ok(Logout::Refused(
                        "The ID token that came with it is not one of this server's.",
                    ));
                }
                hint => hint,
            },
        };
        let hinted = hint.as_ref().map(|hint| hint.claims.aud.as_str());
        let named = params.find("client_id");
        // Section 2: the two must be the same if both are there.
        if hinted.zip(named).is_some_and(|(hinted, named)| hinted != named) {
            return Ok(Logout::Refused("The ID token that came with it was given to another application."));
        }
        let client = hinted.or(named).and_then(|client_id| self.config.client(client_id));
        let destination = match params.find("post_logout_redirect_uri") {
            None => None,
            Some(uri) if client.is_some_and(|client| client.has_post_logout_redirect_uri(uri)) => {
                Some(with_state(uri, params.find("state")))
            }
            Some(_) => {
                return Ok(Logout::Refused("It would return to an address that is not registered for it."));
            }
        };
        // Section 2: somebody else may have signed in since, who has not asked for anything.
        let is_theirs = hint.is_some_and(|hint| {
            hint.is_proved && session.is_none_or(|session| session.user.id == hint.claims.sub)
        });
        Ok(if is_theirs || session.is_none() {
            Logout::Now { destination }
        } else {
            Logout::Ask { destination }
        })
    }

    /// Who an ID token of this server is about, if it was given to this client. It may have expired (OIDC Core section
    /// 3.1.2.1), and its key may be gone: whoever is meant, a hint lets in nobody who is not signed in.
    pub(crate) async fn subject_of(
        &self,
        server: &AuthorizationServer,
        token: &str,
        client_id: &str,
    ) -> Result<Option<String>, Failure> {
        let hint = self.hint(server, token).await?;
        Ok(hint.filter(|hint| hint.claims.aud == client_id).map(|hint| hint.claims.sub))
    }

    async fn hint(&self, server: &AuthorizationServer, token: &str) -> Result<Option<Hint>, Failure> {
        let (claims, is_proved) = match self.keys.check::<Claims>(&server.id, self.clock.now(), token).await?
        {
            Checked::Signed(claims) => (claims, true),
            Checked::UnknownKey(claims) if claims.iss == server.issuer.as_str() => (claims, false),
            Checked::UnknownKey(_) | Checked::Bad => return Ok(None),
        };
        // Access tokens are signed with the same key.
        Ok(claims.jti.starts_with(ID_TOKEN).then_some(Hint { claims, is_proved }))
    }
}

impl Client {
    fn has_post_logout_redirect_uri(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|known| known == uri)
    }
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let separator = if uri.contains('?') { '&' } else { '?' };
    let state: String = form_urlencoded::byte_serialize(state.as_bytes()).collect();
    format!("{uri}{separator}state={state}")
}
