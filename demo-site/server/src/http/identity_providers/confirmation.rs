//! The page before a provider, for browsers that are not known to have begun the sign-in.
//!
//! An embedded sign-in belongs to whoever holds its handle. Somebody could begin one, send the link to a provider to
//! somebody else, and go on as that person once they are back (RFC 9700 section 4.7). So only the browser that called
//! `interact` leaves at once. In any other the person is told who asks, and goes on by a link that works nowhere else.
//! Sign-ins on the server's own pages do not come here: in other browsers they do not exist.

use std::time::Duration;

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::config::IdentityProvider;
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::http::cookies::Cookie;
use crate::http::page::{escaped, page};
use crate::idx::{Caller, Transaction};
use crate::oauth::Params;
use crate::services::Services;

/// How long the link works.
const LINK: Duration = Duration::from_secs(10 * 60);

/// The parameter that the link has on top.
const PARAMETER: &str = "confirmation";

/// A browser that is about to leave.
pub(super) struct Leaver<'a> {
    pub(super) caller: &'a Caller,
    pub(super) headers: &'a HeaderMap,
    pub(super) params: &'a Params,
}

impl Services {
    /// The page that asks whether to go on, unless the browser has begun the sign-in or comes from that page.
    pub(super) fn ask_first(
        &self,
        transaction: &Transaction,
        provider: &IdentityProvider,
        leaver: &Leaver<'_>,
    ) -> Result<Option<Response>, Failure> {
        let request = &transaction.request;
        let has_begun = request.browser.is_some() && request.browser == leaver.caller.browser;
        if request.ending.is_at_home() || has_begun || self.has_confirmed(transaction, provider, leaver) {
            return Ok(None);
        }
        let issuer = &self.config.issuer;
        let secret = entropy::opaque(&*self.entropy)?;
        let confirmation = self.confirmation(transaction, provider, &secret);
        let mut response = self.question(transaction, provider, &confirmation);
        let now = self.clock.now();
        let cookie = Cookie::Confirmation.set(issuer, &secret, now, Some(now.plus(LINK)));
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(Some(response))
    }

    fn has_confirmed(
        &self,
        transaction: &Transaction,
        provider: &IdentityProvider,
        leaver: &Leaver<'_>,
    ) -> bool {
        let secret = Cookie::Confirmation.read(leaver.headers, &self.config.issuer);
        let (Some(secret), Some(given)) = (secret, leaver.params.find(PARAMETER)) else { return false };
        digest::equal(given, &self.confirmation(transaction, provider, &secret))
    }

    /// What only this server can make, for one browser, one sign-in and one provider.
    fn confirmation(&self, transaction: &Transaction, provider: &IdentityProvider, secret: &str) -> String {
        let (id, provider) = (transaction.handle.transaction_id(), &provider.id);
        digest::keyed(&self.reference_key, &format!("confirmation {id} {provider} {secret}"))
    }

    fn question(
        &self,
        transaction: &Transaction,
        provider: &IdentityProvider,
        confirmation: &str,
    ) -> Response {
        let client_id = &transaction.request.client_id;
        let application = self.config.client(client_id).map_or(client_id.as_str(), |client| &client.name);
        let (application, name) = (escaped(application), escaped(&provider.name));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("stateToken", &transaction.revealed_handle())
            .append_pair(PARAMETER, confirmation)
            .finish();
        // A link and not a form: `form-action` would be held against the redirect to the provider.
        let main = format!(
            "<h1>Sign in with {name}?</h1>\n\
             <p class=\"lead\">{application} asks you to sign in with {name}.</p>\n\
             <p>Go on only if you have just chosen {name} in {application} yourself. If somebody has sent you here, close \
             this page: they could get into your account.</p>\n\
             <p><a href=\"?{}\">Go on to {name}</a></p>",
            escaped(&query)
        );
        page(StatusCode::OK, &format!("Sign in with {}?", provider.name), &main)
    }
}
