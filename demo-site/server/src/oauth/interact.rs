//! `interact`: the begin of an embedded sign-in.

use super::{ClientCredentials, OAuthError, Params, Rejection, dpop};
use crate::config::{AuthorizationServer, Client, GrantType};
use crate::idx::acr::Acr;
use crate::idx::requirements::Requirements;
use crate::idx::{Ending, InteractionRequest};
use crate::services::Services;
use crate::store::TokenPurpose;

impl Services {
    /// Begins an embedded sign-in and says its interaction handle. `browser` is the digest of the browser's cookie.
    pub(crate) async fn interact(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
        browser: &str,
    ) -> Result<String, Rejection> {
        let client = self.client(server, credentials, params).await?;
        client.require_grant_type(GrantType::InteractionCode)?;
        let request = InteractionRequest::read(self, server, client, params)?;
        let request = InteractionRequest { browser: Some(browser.to_owned()), ..request };
        match opening_token(params) {
            None => Ok(self.begin(request).await?),
            Some((purpose, token, invalid)) => {
                Ok(self.begin_with_token(request, purpose, token).await?.ok_or(invalid)?)
            }
        }
    }
}

impl InteractionRequest {
    /// What the parameters of `interact` ask for. Parameters that are not named here are ignored.
    fn read(
        services: &Services,
        server: &AuthorizationServer,
        client: &Client,
        params: &Params,
    ) -> Result<Self, OAuthError> {
        let redirect_uri = params.require("redirect_uri")?;
        if !client.has_redirect_uri(redirect_uri) {
            return Err(OAuthError::invalid_request(
                "The 'redirect_uri' parameter must be a redirect URI that is registered for the client.",
            ));
        }
        Ok(Self {
            authorization_server: server.id.clone(),
            client_id: client.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scope: read_scope(server, params)?,
            nonce: params.find("nonce").map(str::to_owned),
            state: params.find("state").map(str::to_owned),
            acr: read_acr(services.requirements_of(&client.client_id), params)?,
            max_age: read_max_age(params)?,
            code_challenge: Some(read_code_challenge(params)?),
            dpop_jkt: read_dpop_jkt(params)?,
            ending: Ending::InteractionCode,
            browser: None,
        })
    }
}

/// The token that begins another sign-in than the usual, if there is one, and what is said if it is no good.
fn opening_token(params: &Params) -> Option<(TokenPurpose, &str, OAuthError)> {
    let invalid = |name: &str| OAuthError::invalid_request(&format!("The {name} token is invalid"));
    let recovery = params.find("recovery_token");
    recovery.map(|token| (TokenPurpose::Recovery, token, invalid("recovery"))).or_else(|| {
        let activation = params.find("activation_token");
        activation.map(|token| (TokenPurpose::Activation, token, invalid("activation")))
    })
}

/// The scopes that are asked for, if this server has them all.
pub(super) fn read_scope(server: &AuthorizationServer, params: &Params) -> Result<String, OAuthError> {
    let scope = params.find("scope").ok_or_else(OAuthError::missing_scope)?;
    if scope.split(' ').all(|name| server.has_scope(name)) {
        return Ok(scope.to_owned());
    }
    Err(OAuthError::invalid_scope(
        "One or more scopes are not configured for the authorization server resource.",
    ))
}

/// The first class of `acr_values` that people of the client have a way to reach.
pub(crate) fn read_acr(requirements: Requirements<'_>, params: &Params) -> Result<Option<Acr>, OAuthError> {
    let Some(acr_values) = params.find("acr_values") else { return Ok(None) };
    let known = Acr::parse(acr_values);
    if known.is_empty() {
        let supported: Vec<_> = Acr::supported().collect();
        return Err(OAuthError::invalid_request(&format!(
            "The 'acr_values' parameter must be one of: {}.",
            supported.join(", ")
        )));
    }
    // RFC 9470 section 5, after OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
    known.into_iter().find(|acr| requirements.can_reach(*acr)).map(Some).ok_or_else(|| {
        let description =
            "The policy of the client has no authenticator that meets the 'acr_values' parameter.";
        OAuthError::new(400, "unmet_authentication_requirements", description)
    })
}

/// OIDC Core section 3.1.2.1: seconds, as digits.
pub(crate) fn read_max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let read = |text: &str| if text.starts_with('+') { None } else { text.parse().ok() };
    params.find("max_age").map_or(Ok(None), |text| {
        read(text).map(Some).ok_or_else(|| {
            OAuthError::invalid_request("The 'max_age' parameter must be a number of seconds.")
        })
    })
}

/// RFC 9449 section 10: the key that will be proved when the code is exchanged.
pub(super) fn read_dpop_jkt(params: &Params) -> Result<Option<String>, OAuthError> {
    match params.find("dpop_jkt") {
        Some(jkt) if !dpop::is_thumbprint(jkt) => Err(OAuthError::invalid_request(
            "The 'dpop_jkt' parameter must be the SHA-256 thumbprint of a key in base64url.",
        )),
        jkt => Ok(jkt.map(str::to_owned)),
    }
}

pub(super) fn read_code_challenge(params: &Params) -> Result<String, OAuthError> {
    // RFC 7636 section 4.2: only S256, and a SHA-256 in base64url has 43 characters.
    if params.require("code_challenge_method")? != "S256" {
        return Err(OAuthError::invalid_request("The 'code_challenge_method' parameter must be 'S256'."));
    }
    let challenge = params.require("code_challenge")?;
    let is_base64url = challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if challenge.len() != 43 || !is_base64url {
        return Err(OAuthError::invalid_request(
            "The 'code_challenge' parameter must be a SHA-256 digest in base64url.",
        ));
    }
    Ok(challenge.to_owned())
}
