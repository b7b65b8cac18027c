//! The relying party: this server as a client of other OpenID Providers, through whom its people may sign in.
//!
//! Authorization code flow with PKCE, `state`, `nonce` and RFC 9207's `iss`; endpoints and keys by discovery. Here it is
//! found out who somebody is over there. Whose account that is, and what comes next, is decided in
//! `idx/flow/identity_providers.rs`; pages, cookies and redirects are in `http/identity_providers.rs`.

mod http_client;
mod id_token;
mod metadata;
mod round_trip;
mod token;

use std::time::Duration;

use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::config::IdentityProvider;
use http_client::HttpClient;
use id_token::{Expected, IdClaims, UnverifiedIdToken};
use metadata::{Metadata, Published};
pub(crate) use round_trip::RoundTrip;

/// Asks providers.
#[derive(Debug)]
pub(crate) struct IdentityProviders {
    http: HttpClient,
    published: Published,
}

/// What somebody is sent to a provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    /// As a second proof: they have to prove themselves anew over there.
    Factor,
}

/// One way there and back, and what is known on both ends of it.
pub(crate) struct Journey<'j> {
    pub(crate) provider: &'j IdentityProvider,
    pub(crate) purpose: Purpose,
    pub(crate) trip: &'j RoundTrip,
    /// Where the provider sends the browser back to.
    pub(crate) redirect_uri: &'j str,
    pub(crate) now: Timestamp,
}

/// What the provider has said in the address that it sent the browser to (RFC 6749 section 4.1.2, RFC 9207).
#[derive(Debug, Default)]
pub(crate) struct AuthorizationResponse {
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) iss: Option<String>,
}

/// Who somebody is, as a provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExternalIdentity {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    /// Whether the provider has made sure that the address is theirs.
    pub(crate) is_email_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

/// Why a provider has not said who it is. The text is for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    #[error("not reached: {0}")]
    Unreachable(String),
    #[error("not accepted: {0}")]
    Unsound(String),
    /// The `error` that it sent the browser back with.
    #[error("the provider said `{0}`")]
    Denied(String),
}

impl IdentityProviders {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self { http: HttpClient::new()?, published: Published::default() })
    }

    /// Where the browser is to go (OIDC Core 3.1.2.1).
    pub(crate) async fn authorization_url(&self, journey: &Journey<'_>) -> Result<String, ProviderError> {
        let provider = journey.provider;
        let metadata = self.published.metadata(&self.http, provider, journey.now).await?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("client_id", &provider.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", journey.redirect_uri)
            .append_pair("scope", &provider.scopes.join(" "))
            .append_pair("state", &journey.trip.state)
            .append_pair("nonce", &journey.trip.nonce())
            .append_pair("code_challenge", &journey.trip.code_challenge())
            .append_pair("code_challenge_method", "S256");
        if journey.purpose == Purpose::Factor {
            // With `max_age` the ID token has to say when it was (OIDC Core 2), so that it can be checked.
            let max_age = ROUND_TRIP.as_secs().to_string();
            query.append_pair("prompt", "login").append_pair("max_age", &max_age);
        }
        // RFC 6749 section 3.1: the endpoint may have a query of its own, which stays.
        let separator = if metadata.authorization_endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{}{separator}{}", metadata.authorization_endpoint, query.finish()))
    }

    /// Who came back.
    pub(crate) async fn identity(
        &self,
        journey: &Journey<'_>,
        response: &AuthorizationResponse,
    ) -> Result<ExternalIdentity, ProviderError> {
        let provider = journey.provider;
        let metadata = self.published.metadata(&self.http, provider, journey.now).await?;
        let code = checked_code(provider, &metadata, response)?;
        let tokens = self.exchange(journey, &metadata, code).await?;
        let id_token = UnverifiedIdToken::read(&tokens.id_token)?;
        let fetched = (&metadata, &id_token.wanted, journey.now);
        let key = self.published.key(&self.http, provider, fetched).await?;
        let since = journey.now.minus(ROUND_TRIP);
        let claims = id_token.verify(
            &key,
            &Expected {
                issuer: &provider.issuer,
                client_id: &provider.client_id,
                nonce: &journey.trip.nonce(),
                access_token: &tokens.access_token,
                authenticated_since: (journey.purpose == Purpose::Factor).then_some(since),
                now: journey.now,
            },
        )?;
        let IdClaims { sub: subject, mut about, .. } = claims;
        if journey.purpose == Purpose::SignIn && !about.contains_key("email") {
            // OIDC Core 5.4: a provider may tell what the scopes ask for here only.
            about = self.userinfo(journey, (&metadata, &tokens), &subject).await?.unwrap_or(about);
        }
        Ok(ExternalIdentity::read(provider, subject, &about))
    }
}

impl ExternalIdentity {
    fn read(provider: &IdentityProvider, subject: String, about: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            let text = about.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        // Some say it as a word, against OIDC Core 5.1. Whatever else is said means no.
        let is_email_verified = match about.get("email_verified") {
            Some(Value::Bool(is_verified)) => *is_verified,
            Some(Value::String(word)) => word == "true",
            Some(_) | None => false,
        };
        Self {
            issuer: provider.issuer.clone(),
            subject,
            email: text("email"),
            is_email_verified,
            first_name: text("given_name"),
            last_name: text("family_name"),
        }
    }
}

/// The code, if it comes from this provider and is one at all.
fn checked_code<'r>(
    provider: &IdentityProvider,
    metadata: &Metadata,
    response: &'r AuthorizationResponse,
) -> Result<&'r str, ProviderError> {
    // RFC 9207 section 2.4, before anything else: an answer of another provider must not be acted on, also not an
    // error of it.
    let is_from_there = match &response.iss {
        Some(iss) => *iss == provider.issuer,
        None => !metadata.authorization_response_iss_parameter_supported,
    };
    if !is_from_there {
        return Err(ProviderError::Unsound(
            "the answer is another provider's: its `iss` is not right".to_owned(),
        ));
    }
    if let Some(error) = &response.error {
        return Err(match error.as_str() {
            "temporarily_unavailable" | "server_error" => {
                ProviderError::Unreachable(format!("it said `{error}`"))
            }
            _ => ProviderError::Denied(error.clone()),
        });
    }
    response
        .code
        .as_deref()
        .ok_or_else(|| ProviderError::Unsound("neither a code nor an error came back".to_owned()))
}

/// How long somebody may take over there.
pub(crate) const ROUND_TRIP: Duration = Duration::from_secs(15 * 60);
