//! The identity server, as `openidconnect` sees it: any OpenID provider that publishes a discovery document.
//!
//! What it says about itself is asked once, when the first person signs in, and again when a token is signed with a key that
//! is not known yet (OIDC Core 10.1.1).

mod causes;
mod claims;
mod types;

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClaimsVerificationError, CsrfToken, LogoutRequest,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PostLogoutRedirectUrl, RedirectUrl, Scope,
    SignatureVerificationError, SubjectIdentifier, TokenResponse as _, UserInfoError,
};
use serde_json::{Map, Value};
use tokio::sync::RwLock;

use crate::attempts::Attempt;
use crate::config::Config;
use crate::person::Person;
use crate::problem::Problem;
use crate::return_to::ReturnTo;
use types::{Client, Metadata, UserInfo};

pub(crate) use types::RawIdToken;

/// See the head of the file.
#[derive(Debug)]
pub(crate) struct Provider {
    config: Config,
    http: reqwest::Client,
    known: RwLock<Option<Arc<Known>>>,
}

/// What the discovery document and the key set said.
#[derive(Debug)]
struct Known {
    client: Client,
    metadata: Metadata,
}

impl Provider {
    pub(crate) fn new(config: Config) -> Result<Self, reqwest::Error> {
        // The other crate of this name in the program may have been first; it is the same one.
        let _unless_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = reqwest::Client::builder()
            // A redirect could lead a request with our secret anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { config, http, known: RwLock::default() })
    }

    /// Where the browser has to go, and what has to be known when it is back.
    pub(crate) async fn begin(&self, return_to: ReturnTo) -> Result<(Url, Attempt), Problem> {
        let known = self.known().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = known.client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        let scopes = SCOPES.iter().map(|scope| Scope::new((*scope).to_owned()));
        let (url, state, nonce) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok((url, Attempt { state, nonce, verifier, return_to }))
    }

    /// Whether an answer is from this provider. RFC 9207 section 2.4: a name that is there must be right, and it must be
    /// there if the provider has announced it.
    pub(crate) async fn check_sender(&self, issuer: Option<&str>) -> Result<(), Problem> {
        let announced =
            self.known().await?.metadata.additional_metadata().authorization_response_iss_parameter_supported;
        let is_right = issuer.map_or(!announced, |issuer| issuer == self.config.issuer.as_str());
        if is_right { Ok(()) } else { Err(Problem::IssuerMismatch) }
    }

    /// Redeems the code, and checks who the ID token speaks of.
    pub(crate) async fn exchange(&self, code: String, attempt: Attempt) -> Result<Person, Problem> {
        let known = self.known().await?;
        let request = known
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Problem::Unreadable { cause: error.to_string() })?;
        let answer = request.set_pkce_verifier(attempt.verifier).request_async(&self.http).await;
        let tokens = answer.map_err(causes::of_exchange)?;
        let missing = Problem::IdToken { fault: "missing", cause: None };
        let (id_token, access_token) = (tokens.id_token().ok_or(missing)?, tokens.access_token());
        let claims = match known.check(id_token, access_token, &attempt.nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => self.discover().await?.check(id_token, access_token, &attempt.nonce),
            checked => checked,
        };
        let claims = claims.map_err(|error| causes::of_id_token(&error))?;
        Ok(Person { claims, id_token: id_token.clone(), access_token: access_token.clone() })
    }

    /// What the provider says about somebody now (OIDC Core 5.3). Absent when it has nothing to say: the access token has
    /// ended, or there is no such endpoint.
    pub(crate) async fn userinfo(&self, person: &Person) -> Result<Option<Map<String, Value>>, Problem> {
        let known = self.known().await?;
        let subject = SubjectIdentifier::new(person.subject().unwrap_or_default().to_owned());
        let Ok(request) = known.client.user_info(person.access_token.clone(), Some(subject)) else {
            return Ok(None);
        };
        let answer: Result<UserInfo, _> = request.request_async(&self.http).await;
        match answer {
            Ok(claims) => Ok(Some(claims::shown(&claims))),
            Err(UserInfoError::Response(status, ..)) if status.is_client_error() => Ok(None),
            Err(error) => Err(causes::of_userinfo(&error)),
        }
    }

    /// Where the browser goes to be signed out there too (OpenID Connect RP-Initiated Logout 1.0), if there is such a place. It
    /// is back from there with the state [`SIGNED_OUT`].
    pub(crate) async fn sign_out(&self, person: &Person) -> Result<Option<Url>, Problem> {
        let known = self.known().await?;
        let Some(endpoint) = known.metadata.additional_metadata().end_session_endpoint.clone() else {
            return Ok(None);
        };
        let back = PostLogoutRedirectUrl::new(self.config.place("/signed-out"))
            .map_err(|error| Problem::Unreadable { cause: error.to_string() })?;
        let request = LogoutRequest::from(endpoint).set_id_token_hint(&person.id_token);
        Ok(Some(
            request
                .set_client_id(self.config.client_id.clone())
                .set_post_logout_redirect_uri(back)
                .set_state(CsrfToken::new(SIGNED_OUT.to_owned()))
                .http_get_url(),
        ))
    }

    /// The origin that forms may lead to besides our own, for browsers hold redirects after a form to the same rule: signing
    /// out leads there. Whoever is signed in has been there, so by then it is known.
    pub(crate) async fn form_target(&self) -> Option<String> {
        let known = self.known.read().await.clone()?;
        let logout = known.metadata.additional_metadata().end_session_endpoint.as_ref()?;
        Some(logout.url().origin().ascii_serialization())
    }

    async fn known(&self) -> Result<Arc<Known>, Problem> {
        let known = self.known.read().await.clone();
        match known {
            Some(known) => Ok(known),
            None => self.discover().await,
        }
    }

    async fn discover(&self) -> Result<Arc<Known>, Problem> {
        let metadata = Metadata::discover_async(self.config.issuer.clone(), &self.http).await;
        let metadata = metadata.map_err(|error| causes::of_discovery(&error))?;
        let Config { client_id, client_secret, .. } = self.config.clone();
        let redirect = RedirectUrl::new(self.config.place("/callback"))
            .map_err(|error| Problem::Unreadable { cause: error.to_string() })?;
        let client = Client::from_provider_metadata(metadata.clone(), client_id, client_secret)
            .set_redirect_uri(redirect);
        let known = Arc::new(Known { client, metadata });
        *self.known.write().await = Some(Arc::clone(&known));
        Ok(known)
    }
}

impl Known {
    /// OIDC Core 3.1.3.7 and 3.1.3.8.
    fn check(
        &self,
        id_token: &RawIdToken,
        access_token: &AccessToken,
        nonce: &Nonce,
    ) -> Result<Map<String, Value>, ClaimsVerificationError> {
        let verifier = self.client.id_token_verifier();
        let claims = id_token.claims(&verifier, nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
            let key =
                id_token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
            let hash = AccessTokenHash::from_token(access_token, algorithm, key);
            if !hash.is_ok_and(|hash| hash == *expected) {
                return Err(ClaimsVerificationError::Other("`at_hash` is another token's".to_owned()));
            }
        }
        Ok(claims::shown(claims))
    }
}

/// Says that a browser comes from signing out at the identity server.
pub(crate) const SIGNED_OUT: &str = "signed-out";
const PATIENCE: Duration = Duration::from_secs(10);
/// Beside `openid`, which `openidconnect` adds.
const SCOPES: [&str; 2] = ["profile", "email"];
