//! What can go wrong on the way to a sign-in and back, each with a stable code, a text for the person and a way out.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use thiserror::Error;
use tower_sessions::session;

use crate::pages;
use crate::return_to::ReturnTo;

/// The texts are for people.
#[derive(Debug, Error)]
pub(crate) enum Problem {
    #[error("This sign-in was begun in another browser, or too long ago, or has been used already.")]
    UnknownState,
    #[error("The answer did not come from the identity server that you were sent to.")]
    IssuerMismatch,
    /// RFC 6749 section 4.1.2.1.
    #[error("{}", .description.as_deref().unwrap_or("The identity server did not sign you in."))]
    Refused { error: String, description: Option<String> },
    #[error("You were sent to sign in again and again, and always came back signed out.")]
    RedirectLoop,
    #[error("What the identity server says about you did not pass the checks.")]
    IdToken { fault: &'static str, cause: Option<String> },
    #[error(
        "The identity server did not take the answer that it had given. It is good for a moment, and once."
    )]
    TokenRefused { error: String, description: Option<String> },
    #[error("The identity server cannot be reached just now.")]
    Unreachable { cause: String },
    #[error("The identity server’s answer cannot be read.")]
    Unreadable { cause: String },
    #[error("The form came from a page of somebody else.")]
    ForeignForm,
    #[error("Your session cannot be read or kept just now.")]
    Session(#[from] session::Error),
}

impl Problem {
    /// Stable, unlike the texts.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::UnknownState => "callback.unknown_state".to_owned(),
            Self::IssuerMismatch => "callback.issuer_mismatch".to_owned(),
            Self::Refused { .. } => "callback.refused".to_owned(),
            Self::RedirectLoop => "redirect.loop".to_owned(),
            Self::IdToken { fault, .. } => format!("id_token.{fault}"),
            Self::TokenRefused { .. } => "server.token_refused".to_owned(),
            Self::Unreachable { .. } => "network.unreachable".to_owned(),
            Self::Unreadable { .. } => "server.unreadable".to_owned(),
            Self::ForeignForm => "form.foreign".to_owned(),
            Self::Session(_) => "session.unavailable".to_owned(),
        }
    }

    /// The identity server's own code, where it gave one.
    pub(crate) fn oauth_error(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } | Self::TokenRefused { error, .. } => Some(error),
            Self::UnknownState
            | Self::IssuerMismatch
            | Self::RedirectLoop
            | Self::IdToken { .. }
            | Self::Unreachable { .. }
            | Self::Unreadable { .. }
            | Self::ForeignForm
            | Self::Session(_) => None,
        }
    }

    /// What an operator has to know about it, if there is something to mend. It is on no page, and says neither tokens nor who
    /// somebody is.
    fn cause(&self) -> Option<String> {
        match self {
            Self::Unreachable { cause } | Self::Unreadable { cause } => Some(cause.clone()),
            Self::IdToken { cause, .. } => Some(cause.clone().unwrap_or_default()),
            Self::TokenRefused { description, .. } => Some(description.clone().unwrap_or_default()),
            Self::Session(session::Error::Store(error)) => Some(error.to_string()),
            // The error would quote what is kept about somebody.
            Self::Session(session::Error::SerdeJson(_)) => Some("unreadable".to_owned()),
            Self::UnknownState
            | Self::IssuerMismatch
            | Self::Refused { .. }
            | Self::RedirectLoop
            | Self::ForeignForm => None,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownState | Self::IssuerMismatch => StatusCode::BAD_REQUEST,
            Self::Refused { .. } | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::RedirectLoop => StatusCode::LOOP_DETECTED,
            Self::IdToken { .. }
            | Self::TokenRefused { .. }
            | Self::Unreachable { .. }
            | Self::Unreadable { .. } => StatusCode::BAD_GATEWAY,
            Self::Session(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page about it, from which one can go on to where one wanted to go.
    pub(crate) fn on_the_way_to(self, return_to: ReturnTo) -> ProblemPage {
        ProblemPage { problem: self, return_to }
    }
}

/// A problem as a page.
#[derive(Debug)]
pub(crate) struct ProblemPage {
    problem: Problem,
    return_to: ReturnTo,
}

impl From<Problem> for ProblemPage {
    fn from(problem: Problem) -> Self {
        problem.on_the_way_to(ReturnTo::home())
    }
}

impl From<session::Error> for ProblemPage {
    fn from(error: session::Error) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for ProblemPage {
    fn into_response(self) -> Response {
        if let Some(cause) = self.problem.cause() {
            let (code, oauth_error) = (self.problem.code(), self.problem.oauth_error());
            tracing::error!(code, oauth_error, cause, "somebody could not go on");
        }
        (self.problem.status(), pages::problem(&self.problem, &self.return_to)).into_response()
    }
}
