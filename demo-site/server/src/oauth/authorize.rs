//! `/authorize`: what a client asks for when it sends the browser here.
//!
//! This reads and checks the parameters (RFC 6749 section 4.1.1, OIDC Core section 3.1.2.1). Whether somebody is signed in,
//! and what they still have to do, is decided in `hosted.rs`.

use std::collections::BTreeSet;

use super::callback::{AuthorizationError, Callback, ResponseMode, ReturnAddress, origin_of};
use super::{OAuthError, Params, interact};
use crate::config::{AuthorizationServer, Client, Config, GrantType, ResponseType};
use crate::idx::{Ending, InteractionRequest};
use crate::services::Services;

/// A request that may be answered.
#[derive(Debug)]
pub(crate) struct AuthorizationRequest {
    /// What the transaction will know. How it ends is filled in when it begins.
    pub(crate) request: InteractionRequest,
    pub(crate) response_type: ResponseType,
    pub(crate) mode: ResponseMode,
    pub(crate) prompts: Prompts,
    pub(crate) login_hint: Option<String>,
    /// A token that stands for a sign-in elsewhere.
    pub(crate) session_token: Option<String>,
    /// An ID token that names who is to be signed in.
    pub(crate) id_token_hint: Option<String>,
    /// Who that is, once the token has been looked at.
    pub(crate) subject: Option<String>,
}

/// What `prompt` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prompts {
    /// Nothing may be shown.
    pub(crate) none: bool,
    /// The person proves again who they are.
    pub(crate) login: bool,
    pub(crate) consent: bool,
    /// Somebody registers (Initiating User Registration via OpenID Connect 1.0).
    pub(crate) create: bool,
}

/// A request that is not answered with a sign-in.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is not known where it comes from, or it would be sent where the client has no page: RFC 6749 section 4.1.2.1
    /// has this said to the person, and the browser stays.
    Here(&'static str),
    /// The client is told.
    There(Callback),
}

impl AuthorizationRequest {
    /// What the query or the form of a request asks for.
    pub(crate) fn read(
        services: &Services,
        server: &AuthorizationServer,
        encoded: &[u8],
    ) -> Result<Self, Refused> {
        let (params, repeated) = parse(encoded);
        let (client, redirect_uri) = who_asks(&services.config, &params, &repeated).map_err(Refused::Here)?;
        let response_type = params.find("response_type").and_then(ResponseType::parse);
        let mode = params.find("response_mode").and_then(ResponseMode::parse);
        let default_mode = ResponseMode::default_for(response_type.unwrap_or_default());
        let refused_mode = mode.and_then(|mode| problem_of_mode(mode, response_type, client, redirect_uri));
        let address = ReturnAddress {
            server,
            client_id: &client.client_id,
            redirect_uri,
            mode: mode.filter(|_| refused_mode.is_none()).unwrap_or(default_mode),
            state: params.find("state").filter(|_| !repeated.contains("state")),
        };
        let refuse = |error| Refused::There(address.with_error(error));
        if let Some(name) = repeated.first() {
            let description = format!("The '{name}' parameter must not be included more than once.");
            return Err(refuse(AuthorizationError::invalid_request(&description)));
        }
        if let Some(description) = refused_mode {
            return Err(refuse(AuthorizationError::invalid_request(description)));
        }
        let asked = Asked { services, server, client, params: &params, response_type };
        asked.read(&address).map_err(refuse)
    }

    /// Where the answer goes.
    pub(crate) fn return_address<'a>(&'a self, server: &'a AuthorizationServer) -> ReturnAddress<'a> {
        ReturnAddress {
            server,
            client_id: &self.request.client_id,
            redirect_uri: &self.request.redirect_uri,
            mode: self.mode,
            state: self.request.state.as_deref(),
        }
    }
}

/// A request of a known client, with an address that is known to be the client's.
struct Asked<'a> {
    services: &'a Services,
    server: &'a AuthorizationServer,
    client: &'a Client,
    params: &'a Params,
    response_type: Option<ResponseType>,
}

impl Asked<'_> {
    fn read(&self, address: &ReturnAddress<'_>) -> Result<AuthorizationRequest, AuthorizationError> {
        let text = |name: &str| self.params.find(name).map(str::to_owned);
        self.refuse_what_is_not_there()?;
        let response_type = self.response_type()?;
        let nonce = text("nonce");
        // OIDC Core section 3.2.2.1: without it an ID token from here could be replayed.
        if response_type.has_id_token && nonce.is_none() {
            return Err(AuthorizationError::invalid_request(
                "The 'nonce' parameter is required for this 'response_type'.",
            ));
        }
        let scope = interact::read_scope(self.server, self.params).map_err(returned)?;
        if response_type.has_id_token && !scope.split(' ').any(|name| name == "openid") {
            return Err(AuthorizationError::new("invalid_scope", "An ID token needs the 'openid' scope."));
        }
        let requirements = self.services.requirements_of(&self.client.client_id);
        Ok(AuthorizationRequest {
            request: InteractionRequest {
                authorization_server: self.server.id.clone(),
                client_id: self.client.client_id.clone(),
                redirect_uri: address.redirect_uri.to_owned(),
                scope,
                nonce,
                state: text("state"),
                code_challenge: self.code_challenge(response_type)?,
                dpop_jkt: interact::read_dpop_jkt(self.params).map_err(returned)?,
                acr: interact::read_acr(requirements, self.params).map_err(returned)?,
                max_age: interact::read_max_age(self.params).map_err(returned)?,
                ending: Ending::default(),
                browser: None,
            },
            response_type,
            mode: address.mode,
            prompts: Prompts::read(self.params.find("prompt"))?,
            login_hint: text("login_hint"),
            session_token: text("sessionToken"),
            id_token_hint: text("id_token_hint"),
            subject: None,
        })
    }

    /// OIDC Core section 6: what would say something that is then not done must not be ignored.
    fn refuse_what_is_not_there(&self) -> Result<(), AuthorizationError> {
        for (name, error) in [
            ("request", "request_not_supported"),
            ("request_uri", "request_uri_not_supported"),
            ("registration", "registration_not_supported"),
        ] {
            if self.params.find(name).is_some() {
                return Err(AuthorizationError::new(error, &format!("'{name}' is not supported.")));
            }
        }
        match self.params.find("response_mode") {
            Some(mode) if ResponseMode::parse(mode).is_none() => {
                let description = "The response mode is not supported by the authorization server.";
                Err(AuthorizationError::new("unsupported_response_mode", description))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn response_type(&self) -> Result<ResponseType, AuthorizationError> {
        if self.params.find("response_type").is_none() {
            return Err(AuthorizationError::invalid_request("The 'response_type' parameter is missing."));
        }
        let description = "The response type is not supported by the authorization server.";
        let response_type = self
            .response_type
            .ok_or_else(|| AuthorizationError::new("unsupported_response_type", description))?;
        let unauthorized = |description| AuthorizationError::new("unauthorized_client", description);
        if !self.client.may_use(self.server) {
            return Err(unauthorized("The client is not authorized to use this authorization server."));
        }
        if !self.client.has_response_type(response_type) {
            return Err(unauthorized("The client is not authorized to use the provided response type."));
        }
        let needs = [
            (response_type.has_code, GrantType::AuthorizationCode),
            (response_type.is_implicit(), GrantType::Implicit),
        ];
        if needs.into_iter().any(|(is_needed, grant)| is_needed && !self.client.has_grant_type(grant)) {
            return Err(unauthorized("The client is not authorized to use the provided grant type."));
        }
        Ok(response_type)
    }

    /// RFC 9700 section 2.1.1: public clients must, confidential ones may; only S256.
    fn code_challenge(&self, response_type: ResponseType) -> Result<Option<String>, AuthorizationError> {
        let is_given =
            ["code_challenge", "code_challenge_method"].iter().any(|name| self.params.find(name).is_some());
        if !is_given && (!response_type.has_code || !self.client.is_public()) {
            return Ok(None);
        }
        if !is_given {
            return Err(AuthorizationError::invalid_request(
                "PKCE code challenge is required when the token endpoint authentication method is 'NONE'.",
            ));
        }
        interact::read_code_challenge(self.params).map(Some).map_err(returned)
    }
}

impl Prompts {
    fn read(prompt: Option<&str>) -> Result<Self, AuthorizationError> {
        let mut prompts = Self::default();
        for word in prompt.unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
            match word {
                "none" => prompts.none = true,
                // There is one account in a session: choosing another is signing in with it.
                "login" | "select_account" => prompts.login = true,
                "consent" => prompts.consent = true,
                "create" => prompts.create = true,
                _ => {
                    return Err(AuthorizationError::invalid_request(
                        "The 'prompt' parameter must be made of none, login, consent, select_account and create.",
                    ));
                }
            }
        }
        // OIDC Core section 3.1.2.1.
        if prompts.none && (prompts.login || prompts.consent || prompts.create) {
            return Err(AuthorizationError::invalid_request("'prompt' must not have none beside others."));
        }
        Ok(prompts)
    }
}

/// The parameters, and the names of those that are there twice. RFC 6749 section 3.1: empty ones count as absent.
fn parse(encoded: &[u8]) -> (Params, BTreeSet<String>) {
    let mut repeated = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(encoded) {
        if seen.insert(name.clone().into_owned()) {
            kept.append_pair(&name, &value);
        } else {
            repeated.insert(name.into_owned());
        }
    }
    (Params::parse(kept.finish().as_bytes()).unwrap_or_default(), repeated)
}

/// The client, and an address of its own that it wants the answer at.
fn who_asks<'a>(
    config: &'a Config,
    params: &'a Params,
    repeated: &BTreeSet<String>,
) -> Result<(&'a Client, &'a str), &'static str> {
    if ["client_id", "redirect_uri"].iter().any(|name| repeated.contains(*name)) {
        return Err("It names the application, or where to return to, more than once.");
    }
    let client = params.find("client_id").and_then(|client_id| config.client(client_id));
    let client = client.ok_or("It names no application that is known here ('client_id').")?;
    let redirect_uri =
        params.find("redirect_uri").ok_or("It does not say where to return to ('redirect_uri').")?;
    if client.has_redirect_uri(redirect_uri) {
        Ok((client, redirect_uri))
    } else {
        Err("It would return to an address that is not registered for the application ('redirect_uri').")
    }
}

fn problem_of_mode(
    mode: ResponseMode,
    response_type: Option<ResponseType>,
    client: &Client,
    redirect_uri: &str,
) -> Option<&'static str> {
    match mode {
        ResponseMode::Query if response_type.is_some_and(ResponseType::is_implicit) => {
            Some("Tokens must not be returned in a query.")
        }
        // The message goes to a page, which has to be one of the client's.
        ResponseMode::PostMessage if !client.has_origin(origin_of(redirect_uri)) => {
            Some("The origin of the 'redirect_uri' is not registered for 'okta_post_message'.")
        }
        ResponseMode::Query | ResponseMode::Fragment | ResponseMode::FormPost | ResponseMode::PostMessage => {
            None
        }
    }
}

fn returned(error: OAuthError) -> AuthorizationError {
    AuthorizationError { error: error.error, description: error.description }
}
