//! What the server says about itself (OIDC Discovery 1.0, RFC 8414).

use serde_json::{Value, json};

use super::{ResponseMode, assertion, dpop};
use crate::config::{AuthorizationServer, GrantType, ResponseType};
use crate::idx::acr::Acr;

impl AuthorizationServer {
    /// The metadata document. Only what is there is named.
    pub(crate) fn discovery(&self) -> Value {
        let issuer = &self.issuer;
        let scopes: Vec<_> = self.scopes.iter().map(|scope| &scope.name).collect();
        json!({
            "issuer": issuer.as_str(),
            "authorization_endpoint": issuer.oauth_url("authorize"),
            "end_session_endpoint": issuer.oauth_url("logout"),
            "token_endpoint": issuer.oauth_url("token"),
            "userinfo_endpoint": issuer.oauth_url("userinfo"),
            "jwks_uri": issuer.oauth_url("keys"),
            "revocation_endpoint": issuer.oauth_url("revoke"),
            "introspection_endpoint": issuer.oauth_url("introspect"),
            "device_authorization_endpoint": issuer.oauth_url("device/authorize"),
            "interaction_endpoint": issuer.oauth_url("interact"),
            "response_types_supported": ResponseType::ALL,
            "response_modes_supported": ResponseMode::ALL.map(ResponseMode::name),
            "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
            "authorization_response_iss_parameter_supported": true,
            "grant_types_supported": [
                GrantType::InteractionCode.name(),
                GrantType::AuthorizationCode.name(),
                GrantType::Implicit.name(),
                GrantType::RefreshToken.name(),
                GrantType::Password.name(),
                GrantType::ClientCredentials.name(),
                GrantType::DeviceCode.name(),
            ],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": scopes,
            "token_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
            "revocation_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
            "introspection_endpoint_auth_methods_supported": AUTHENTICATION_METHODS,
            "token_endpoint_auth_signing_alg_values_supported": assertion::algorithm_names(),
            "revocation_endpoint_auth_signing_alg_values_supported": assertion::algorithm_names(),
            "introspection_endpoint_auth_signing_alg_values_supported": assertion::algorithm_names(),
            "dpop_signing_alg_values_supported": dpop::algorithm_names(),
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": [
                "sub", "iss", "aud", "iat", "exp", "jti", "ver", "amr", "acr", "auth_time", "at_hash", "nonce",
                "name", "given_name", "family_name", "preferred_username", "updated_at",
                "email", "email_verified",
            ],
            "acr_values_supported": Acr::supported().collect::<Vec<_>>(),
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
        })
    }
}

const AUTHENTICATION_METHODS: [&str; 4] =
    ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];
