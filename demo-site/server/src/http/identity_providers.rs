//! The way to another identity provider and back, on the wire.
//!
//! `/sso/idps/{id}` is where a `redirect-idp` leads, by a navigation that the person sees; `/oauth2/v1/authorize/callback`
//! is where providers send the browser back to. In between the browser carries a cookie without which nobody comes
//! back, and that works once. What cannot be brought back to a client is told on a page.

mod confirmation;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use self::confirmation::Leaver;
use super::error::retry_after;
use super::page::{escaped, page};
use crate::config::{IdentityProvider, Issuer};
use crate::failure::Failure;
use crate::identity_providers::{AuthorizationResponse, Journey, Purpose, ROUND_TRIP, RoundTrip};
use crate::idx::handle::Presented;
use crate::idx::{Caller, Hosted, Phase, Proof, ReturnRefusal, Returned, Setup, Transaction};
use crate::oauth::Params;
use crate::services::Services;
use crate::store::StoredRoundTrip;

/// Where `redirect-idp` leads.
pub(super) const LEAVE: &str = "/sso/idps/{id}";

/// Where providers send the browser back to; each of them has to know it.
pub(super) const COME_BACK: &str = "/oauth2/v1/authorize/callback";

/// Sends the browser to a provider.
pub(super) async fn leave(
    State(services): State<Arc<Services>>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Ok(params) = Params::parse(query.unwrap_or_default().as_bytes()) else { return Ok(incomplete()) };
    let presented = params.find("stateToken").and_then(Presented::state);
    let Some(presented) = presented else { return Ok(incomplete()) };
    let found = services.find(&presented).await?;
    let is_here = |it: &Transaction| it.request.ending.is_of_browser(caller.browser.as_deref());
    let Some(transaction) = found.filter(is_here) else { return Ok(over()) };
    let Some((provider, purpose)) = services.destination(&transaction, &id) else { return Ok(no_such_way()) };
    let leaver = Leaver { caller: &caller, headers: &headers, params: &params };
    if let Some(page) = services.ask_first(&transaction, provider, &leaver)? {
        return Ok(page);
    }
    if !transaction.handle.asks(transaction.phase.question()) {
        return Ok(services.back(&transaction, provider, &Returned::MoreToDo));
    }
    let limits = services.config.policy_of(&transaction.request.client_id).attempts;
    if let Some(wait) = services.admit_transaction(&limits, &caller.address).await? {
        return Ok(([(RETRY_AFTER, retry_after(wait))], too_many()).into_response());
    }
    services.send_to(provider, purpose, &transaction).await
}

/// Takes the browser back, and sends it on to the client.
pub(super) async fn come_back(
    State(services): State<Arc<Services>>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    // RFC 6749 section 3.1: a parameter that comes twice is nothing to act on.
    let Ok(params) = Params::parse(query.unwrap_or_default().as_bytes()) else { return Ok(incomplete()) };
    let Some(state) = params.find("state") else { return Ok(incomplete()) };
    let cookie = TripCookie::of(state, &services.config.issuer);
    let carried = cookie.read(&headers).and_then(|value| RoundTrip::returned(state, &value));
    let Some((trip, handle)) = carried else { return Ok(another_browser()) };
    let now = services.clock.now();
    let ended = services.store.end_round_trip(&trip.id(), &trip.browser(), now).await?;
    let Some(provider_id) = ended else { return Ok(another_browser()) };
    let found = match Presented::state(&handle) {
        Some(presented) => services.find(&presented).await?,
        None => None,
    };
    let Some(transaction) = found else { return Ok(cookie.cleared(over())) };
    let Some((provider, purpose)) = services.destination(&transaction, &provider_id) else {
        return Ok(cookie.cleared(no_such_way()));
    };
    let returned = if transaction.handle.asks(transaction.phase.question()) {
        let journey = Journey { provider, purpose, trip: &trip, redirect_uri: &services.callback_url(), now };
        services.receive(&transaction, &journey, &authorization_response(&params), &caller).await?
    } else {
        Returned::MoreToDo
    };
    Ok(cookie.cleared(services.back(&transaction, provider, &returned)))
}

impl Services {
    /// The provider of this id, if that is where a transaction can lead now.
    fn destination(&self, transaction: &Transaction, id: &str) -> Option<(&IdentityProvider, Purpose)> {
        let provider = self.config.identity_providers.iter().find(|provider| provider.id == id)?;
        let purpose = match &transaction.phase {
            Phase::Identify { .. } if provider.is_for_sign_in => Purpose::SignIn,
            Phase::ProveAgain { proof: Proof::IdentityProvider { .. }, .. }
            | Phase::SetUp { setup: Setup::IdentityProvider { .. }, .. }
                if provider.is_factor =>
            {
                Purpose::Factor
            }
            _ => return None,
        };
        provider.serves(&transaction.request.client_id).then_some((provider, purpose))
    }

    async fn send_to(
        &self,
        provider: &IdentityProvider,
        purpose: Purpose,
        transaction: &Transaction,
    ) -> Result<Response, Failure> {
        let Some(providers) = &self.identity_providers else { return Ok(no_such_way()) };
        let trip = RoundTrip::new(&*self.entropy)?;
        let (now, redirect_uri) = (self.clock.now(), self.callback_url());
        let journey = Journey { provider, purpose, trip: &trip, redirect_uri: &redirect_uri, now };
        let address = match providers.authorization_url(&journey).await {
            Ok(address) => address,
            Err(error) => {
                tracing::warn!(provider = provider.id, %error, "an identity provider cannot be asked");
                let refusal = Returned::Refused(ReturnRefusal::of(&error));
                return Ok(self.back(transaction, provider, &refusal));
            }
        };
        let expires_at = now.plus(ROUND_TRIP);
        let (state, browser) = (trip.id(), trip.browser());
        let stored = StoredRoundTrip { state, browser, provider: provider.id.clone(), expires_at };
        self.store.add_round_trip(&stored).await?;
        let cookie = TripCookie::of(&trip.state, &self.config.issuer);
        Ok(cookie.set(redirect(&address), &trip.cookie(&transaction.revealed_handle())))
    }

    async fn receive(
        &self,
        transaction: &Transaction,
        journey: &Journey<'_>,
        response: &AuthorizationResponse,
        caller: &Caller,
    ) -> Result<Returned, Failure> {
        let Some(providers) = &self.identity_providers else { return Ok(Returned::MoreToDo) };
        let said = providers.identity(journey, response).await;
        self.return_from_provider(transaction, journey.provider, said, caller).await
    }

    fn callback_url(&self) -> String {
        format!("{}{COME_BACK}", self.config.issuer.origin())
    }

    /// Sends the browser back to the client.
    fn back(&self, transaction: &Transaction, provider: &IdentityProvider, returned: &Returned) -> Response {
        let request = &transaction.request;
        if let Some(hosted) = request.ending.hosted() {
            return back_to_own_page(hosted, provider, returned);
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        match returned {
            Returned::SignedIn(code) => {
                query.append_pair("interaction_code", code);
            }
            Returned::MoreToDo => {
                query
                    .append_pair("error", "interaction_required")
                    .append_pair("error_description", "Your client is configured to use the interaction code flow and user interaction is required to complete the request.");
            }
            Returned::Refused(refusal) => {
                query
                    .append_pair("error", refusal.error())
                    .append_pair("error_description", &refusal.description(&provider.name));
            }
        }
        if let Some(state) = &request.state {
            query.append_pair("state", state);
        }
        // RFC 9207 section 2: the client sees who answers.
        let server = self.config.authorization_server(&request.authorization_server);
        let issuer = server.map_or(&self.config.issuer, |server| &server.issuer);
        query.append_pair("iss", issuer.as_str());
        let separator = if request.redirect_uri.contains('?') { '&' } else { '?' };
        redirect(&format!("{}{separator}{}", request.redirect_uri, query.finish()))
    }
}

/// A sign-in on the server's own page goes on there: the client hears of its end, and of nothing before.
fn back_to_own_page(hosted: &Hosted, provider: &IdentityProvider, returned: &Returned) -> Response {
    let Returned::Refused(refusal) = returned else { return redirect(&hosted.address) };
    let main = format!(
        "<h1>You are not signed in</h1>\n<p class=\"lead\">{}</p>\n<p><a href=\"{}\">Back to sign in</a></p>",
        escaped(&refusal.description(&provider.name)),
        escaped(&hosted.address)
    );
    page(StatusCode::OK, "You are not signed in", &main)
}

/// The cookie of one round trip; several may be under way in different tabs.
struct TripCookie {
    name: String,
    /// What follows the value.
    attributes: &'static str,
}

impl TripCookie {
    fn of(state: &str, issuer: &Issuer) -> Self {
        // RFC 6265bis section 4.1.3.2: no other host of the domain can set one of these, and so nobody can be brought
        // back into somebody else's sign-in.
        let is_https = issuer.origin().starts_with("https://");
        let (prefix, attributes) = if is_https {
            ("__Host-", "Path=/; HttpOnly; Secure; SameSite=Lax")
        } else {
            ("", "Path=/; HttpOnly; SameSite=Lax")
        };
        // As long a name as it takes to tell them apart: `state` itself is not to be seen where it need not be.
        let name: String = crate::digest::sha256(state).chars().take(16).collect();
        Self { name: format!("{prefix}latchkey-idp-{name}"), attributes }
    }

    fn read(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.name).map(|(_, value)| value.to_owned())
    }

    fn set(&self, response: Response, value: &str) -> Response {
        self.with(response, &format!("{value}; Max-Age={}", ROUND_TRIP.as_secs()))
    }

    fn cleared(&self, response: Response) -> Response {
        self.with(response, "; Max-Age=0")
    }

    fn with(&self, mut response: Response, value: &str) -> Response {
        let header = HeaderValue::from_str(&format!("{}={value}; {}", self.name, self.attributes));
        if let Ok(header) = header {
            response.headers_mut().append(SET_COOKIE, header);
        }
        response
    }
}

fn authorization_response(params: &Params) -> AuthorizationResponse {
    let text = |name: &str| params.find(name).map(str::to_owned);
    AuthorizationResponse { code: text("code"), error: text("error"), iss: text("iss") }
}

/// RFC 9110 section 15.4.4: the browser fetches the next page, whatever it did here.
fn redirect(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => no_such_way(),
    }
}

fn incomplete() -> Response {
    told(StatusCode::BAD_REQUEST, "This address is not complete", GO_BACK)
}

fn over() -> Response {
    told(StatusCode::GONE, "This sign-in is over", GO_BACK)
}

fn no_such_way() -> Response {
    told(StatusCode::NOT_FOUND, "You cannot sign in this way", GO_BACK)
}

fn too_many() -> Response {
    told(StatusCode::TOO_MANY_REQUESTS, "Too many sign-ins", "Wait a while, and try again.")
}

fn another_browser() -> Response {
    let text = "It was begun in another browser, took too long, or has come to its end already. Go back to the \
                application that you want to sign in to, and begin again.";
    told(StatusCode::BAD_REQUEST, "This sign-in cannot go on here", text)
}

fn told(status: StatusCode, title: &str, text: &str) -> Response {
    let main = format!("<h1>{}</h1>\n<p class=\"lead\">{}</p>", escaped(title), escaped(text));
    page(status, title, &main)
}

const GO_BACK: &str = "Go back to the application that you want to sign in to, and begin again.";
