//! What a flow needs to know before it starts, and what follows from it alone.

use sha2::{Digest, Sha256};

use crate::{
    base64url,
    error::{Error, SetupError},
    text::{contains, joined},
    web_address,
};

/// The integrator's options, as far as the protocol is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Issuer identifier, exactly as tokens name it.
    pub issuer: String,
    /// OAuth client id.
    pub client_id: String,
    /// Registered redirect URI, absolute.
    pub redirect_uri: String,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// The page's own `state`; random if absent.
    pub state: Option<String>,
    /// The page's own `nonce`; random if absent.
    pub nonce: Option<String>,
    /// S256 challenge of the page's backend: the flow then ends with the interaction code (RFC 7636 section 4.2).
    pub code_challenge: Option<String>,
    /// Goes into the user name field to begin with.
    pub username: Option<String>,
    /// Authentication contexts to ask for, space separated (OIDC Core 3.1.2.1).
    pub acr_values: Option<String>,
    /// Greatest age of the authentication in seconds (OIDC Core 3.1.2.1).
    pub max_age: Option<u64>,
    /// From an activation e-mail.
    pub activation_token: Option<String>,
    /// From a recovery e-mail.
    pub recovery_token: Option<String>,
    /// A transaction that the server began before it sent this page. It ends with a redirect instead of tokens.
    pub state_token: Option<String>,
    /// Where to begin.
    pub start_at: StartAt,
}

/// The screen to begin with, if the server offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StartAt {
    /// Sign-in.
    #[default]
    Login,
    /// Registration.
    Signup,
    /// Recovery of a forgotten password.
    ResetPassword,
    /// An account that is locked.
    UnlockAccount,
}

impl Config {
    /// Refuses what would fail later in a way that nobody understands.
    pub(super) fn checked(self) -> Result<Self, Error> {
        let invalid = |name| Err(Error::Setup(SetupError::InvalidOption { name }));
        if web_address::origin(&self.issuer).is_none() {
            return invalid("issuer");
        }
        if self.client_id.is_empty() {
            return invalid("clientId");
        }
        if self.redirect_uri.is_empty() {
            return invalid("redirectUri");
        }
        Ok(self)
    }

    pub(super) fn origin(&self) -> &str {
        web_address::origin(&self.issuer).unwrap_or_default()
    }

    /// Endpoints of the org's own server are below `/oauth2` though its issuer is not (oauth-oidc.md section 1). A slash at
    /// the end is part of the issuer's name, and not of the addresses below it (OpenID Connect Discovery 4.1).
    pub(super) fn endpoint(&self, name: &str) -> String {
        let base = if contains(&self.issuer, "/oauth2") { "" } else { "/oauth2" };
        format!("{}{base}/v1/{name}", self.issuer.trim_end_matches('/'))
    }

    /// Where the saved transaction lives. It goes on only with the very options it was begun with.
    pub(super) fn storage_key(&self) -> String {
        let max_age = self.max_age.map(|seconds| seconds.to_string());
        let start_at = match self.start_at {
            StartAt::Login => "login",
            StartAt::Signup => "signup",
            StartAt::ResetPassword => "resetPassword",
            StartAt::UnlockAccount => "unlockAccount",
        };
        let scopes = joined(&self.scopes, " ");
        let given = [&self.issuer, &self.client_id, &self.redirect_uri, &scopes, start_at];
        let optional = [
            &self.nonce,
            &self.code_challenge,
            &self.acr_values,
            &max_age,
            &self.activation_token,
            &self.recovery_token,
        ];
        let mut digest = Sha256::new();
        // A byte that no option holds keeps `ab` + `c` and `a` + `bc` apart.
        for option in
            given.into_iter().chain(optional.iter().map(|option| option.as_deref().unwrap_or_default()))
        {
            digest.update(option.as_bytes());
            digest.update([0]);
        }
        format!("latchkey.{}", base64url::encode(&digest.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(issuer: &str) -> Config {
        Config {
            issuer: issuer.into(),
            client_id: "0oa1".into(),
            redirect_uri: "https://app.test/cb".into(),
            ..Config::default()
        }
    }

    #[test]
    fn endpoints_hang_off_the_issuer_or_below_oauth2() {
        let custom = config("https://id.test/oauth2/default/").checked().unwrap();
        assert_eq!(custom.endpoint("token"), "https://id.test/oauth2/default/v1/token");
        for issuer in ["https://id.test", "https://id.test/"] {
            let org = config(issuer).checked().unwrap();
            assert_eq!(org.endpoint("interact"), "https://id.test/oauth2/v1/interact");
            // Tokens are compared with it letter by letter.
            assert_eq!(org.issuer, issuer);
        }
    }

    #[test]
    fn the_option_that_is_wrong_is_named() {
        assert_eq!(
            config("id.test").checked().unwrap_err().to_string(),
            "option `issuer` cannot be used as it is"
        );
        let nobody = Config { client_id: String::new(), ..config("https://id.test") };
        assert!(nobody.checked().unwrap_err().to_string().contains("`clientId`"));
    }

    #[test]
    fn other_options_have_another_place_to_be_saved() {
        let (one, other) = (config("https://a.test"), config("https://b.test"));
        assert_eq!(one.storage_key(), config("https://a.test").storage_key());
        assert_ne!(one.storage_key(), other.storage_key());
    }
}
