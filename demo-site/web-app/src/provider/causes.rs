//! Why something did not work, as the operator is told. Never what was in an answer with a token or with somebody's claims:
//! of such, only where it stopped making sense.

use std::error::Error;

use openidconnect::{ClaimsVerificationError, DiscoveryError, RequestTokenError, UserInfoError};

use super::claims::fault;
use super::types::TokenError;
use crate::problem::Problem;

/// The discovery document and the key set are public, and may be quoted.
pub(super) fn of_discovery<Cause: Error + 'static>(error: &DiscoveryError<Cause>) -> Problem {
    let cause = chain(error);
    match error {
        DiscoveryError::Request(_) => Problem::Unreachable { cause },
        DiscoveryError::Response(status, ..) if status.is_server_error() => Problem::Unreachable { cause },
        _ => Problem::Unreadable { cause },
    }
}

pub(super) fn of_exchange<Cause: Error + 'static>(error: RequestTokenError<Cause, TokenError>) -> Problem {
    match error {
        RequestTokenError::ServerResponse(answer) => Problem::TokenRefused {
            error: answer.error().as_ref().to_owned(),
            description: answer.error_description().cloned(),
        },
        RequestTokenError::Request(error) => Problem::Unreachable { cause: chain(&error) },
        RequestTokenError::Parse(error, _answer) => {
            Problem::Unreadable { cause: unreadable("token_endpoint", error.path()) }
        }
        RequestTokenError::Other(cause) => Problem::Unreadable { cause },
    }
}

pub(super) fn of_userinfo<Cause: Error + 'static>(error: &UserInfoError<Cause>) -> Problem {
    match error {
        UserInfoError::Request(error) => Problem::Unreachable { cause: chain(error) },
        UserInfoError::Parse(error) => {
            Problem::Unreadable { cause: unreadable("userinfo_endpoint", error.path()) }
        }
        UserInfoError::ClaimsVerification(error) => {
            Problem::Unreadable { cause: format!("`userinfo_endpoint`: {}", fault(error)) }
        }
        UserInfoError::Response(status, _answer, cause) => {
            Problem::Unreadable { cause: format!("`userinfo_endpoint`: {cause} ({status})") }
        }
        _ => Problem::Unreadable { cause: "`userinfo_endpoint`: unknown".to_owned() },
    }
}

/// What the check that failed had expected, where that says nothing about the person.
pub(super) fn of_id_token(error: &ClaimsVerificationError) -> Problem {
    let cause = match error {
        ClaimsVerificationError::Expired(_)
        | ClaimsVerificationError::InvalidAudience(_)
        | ClaimsVerificationError::InvalidIssuer(_)
        | ClaimsVerificationError::SignatureVerification(_) => Some(chain(error)),
        _ => None,
    };
    Problem::IdToken { fault: fault(error), cause }
}

fn unreadable(endpoint: &str, path: &impl ToString) -> String {
    format!("`{endpoint}`: the answer is not what it has to be at `{}`", path.to_string())
}

/// An error with those that it came from.
fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
