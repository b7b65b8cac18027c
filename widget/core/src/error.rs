//! What can go wrong, sorted by who must act: the server, the network, the integrator, or us.
//!
//! Each leaf has a stable [`Error::code`] that integrators may match on; what each means and the way out stand in
//! `widget/js/error-codes.mjs`. The `Display` text is for developers; what the
//! person reads comes from the catalogue of the UI. What a server *says* (a wrong password) is not an error.

use std::fmt;

use crate::oidc::TokenError;

/// One failure, by who must act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The server broke the protocol.
    Server(ServerError),
    /// Nothing came back; trying again may help.
    Network(NetworkError),
    /// The integrator's configuration has to change.
    Setup(SetupError),
}

/// The server's answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerError {
    /// The body is not what the protocol allows here.
    Unreadable {
        /// HTTP status of the answer.
        status: u16,
    },
    /// A member that is needed was missing or of another type.
    MissingMember {
        /// JSON path of the member, such as `$.remediation.value[0].href`.
        path: String,
    },
    /// A form wanted to be sent to another origin than the issuer's.
    ForeignHref {
        /// JSON path of the form.
        path: String,
    },
    /// A redirect pointed to an address that is neither http(s) nor a declared app scheme.
    ForbiddenRedirect,
    /// The token endpoint refused the code (RFC 6749 section 5.2).
    TokenRefused {
        /// The `error` member.
        error: String,
        /// The `error_description` member, empty where there was none.
        description: String,
    },
    /// An ID token failed one of the checks of OIDC Core 3.1.3.7.
    IdToken(TokenError),
}

/// No answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkError {
    /// Offline, blocked, refused by CORS or by the page's policy; a browser does not say which.
    Unreachable,
    /// No answer within the time that a request may take.
    TimedOut,
}

/// The integrator's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetupError {
    /// The `interact` endpoint refused this client (RFC 6749 section 5.2 body).
    InteractRefused {
        /// The `error` member.
        error: String,
        /// The `error_description` member, empty where there was none.
        description: String,
    },
    /// An option cannot be used as it is.
    InvalidOption {
        /// Its name in the JavaScript API.
        name: &'static str,
    },
    /// The page is not a secure context, so the browser offers no SubtleCrypto to check signatures with.
    InsecureContext,
    /// This device's clock is so wrong that tokens would not pass the checks; the server's time was used. Nothing failed.
    ClockSkewed,
    /// The page's origin is not where the server's passkeys belong (WebAuthn Level 3, section 5.1.3: `rp.id`).
    PasskeyPlace,
}

impl Error {
    /// The stable name of this failure; texts may change, codes do not.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Server(ServerError::Unreadable { .. }) => "server.unreadable",
            Self::Server(ServerError::MissingMember { .. }) => "server.missing_member",
            Self::Server(ServerError::ForeignHref { .. }) => "server.foreign_href",
            Self::Server(ServerError::ForbiddenRedirect) => "server.forbidden_redirect",
            Self::Server(ServerError::TokenRefused { .. }) => "server.token_refused",
            Self::Server(ServerError::IdToken(error)) => error.code(),
            Self::Network(NetworkError::Unreachable) => "network.unreachable",
            Self::Network(NetworkError::TimedOut) => "network.timed_out",
            Self::Setup(SetupError::InteractRefused { .. }) => "setup.interact_refused",
            Self::Setup(SetupError::InvalidOption { .. }) => "options.value",
            Self::Setup(SetupError::InsecureContext) => "setup.insecure_context",
            Self::Setup(SetupError::ClockSkewed) => "clock.skewed",
            Self::Setup(SetupError::PasskeyPlace) => "setup.passkey_place",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Network(NetworkError::Unreachable) => f.write_str(
                "no answer from the issuer: offline, blocked, or the page's origin is not registered there (CORS)",
            ),
            Self::Network(NetworkError::TimedOut) => f.write_str("no answer from the issuer in time"),
            Self::Setup(SetupError::InteractRefused { error, description }) => {
                write!(f, "the issuer refused to start for `clientId`: `{error}` {description}")
            }
            Self::Setup(SetupError::InvalidOption { name }) => write!(f, "option `{name}` cannot be used as it is"),
            Self::Setup(SetupError::InsecureContext) => {
                f.write_str("serve the page over https or from localhost: signatures cannot be checked here")
            }
            Self::Setup(SetupError::ClockSkewed) => {
                f.write_str("this device's clock is wrong by more than five minutes; the server's was used")
            }
            Self::Setup(SetupError::PasskeyPlace) => {
                f.write_str("the server's passkeys belong to another domain: its `rpId` must be this page's, or a parent of it")
            }
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { status } => {
                write!(f, "the answer with status {status} is not an IDX or OAuth body")
            }
            Self::MissingMember { path } => write!(f, "the answer has no usable `{path}`"),
            Self::ForeignHref { path } => write!(f, "`{path}` points to another origin than the issuer's"),
            Self::ForbiddenRedirect => {
                f.write_str("a redirect has neither an http(s) address nor a declared app scheme")
            }
            Self::TokenRefused { error, description } => {
                write!(f, "the token endpoint refused: `{error}` {description}")
            }
            Self::IdToken(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
