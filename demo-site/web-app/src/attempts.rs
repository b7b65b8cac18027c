//! Sign-ins that this browser has begun and not come back from, in its session: several, because people open several tabs.
//!
//! Beside them, when the application itself sent the browser away. A page that comes back signed out and sends it away
//! again would do so for ever.

use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::problem::Problem;
use crate::return_to::ReturnTo;

/// What has to be known again when the browser is back.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
    pub(crate) return_to: ReturnTo,
}

/// Why the browser is sent to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The person has pressed something.
    Pressed,
    /// The page wants somebody to be signed in.
    Guarded,
}

/// Keeps a sign-in until the browser is back. The oldest of too many is forgotten.
pub(crate) async fn remember(session: &Session, attempt: Attempt) -> Result<(), Problem> {
    let mut attempts: Vec<Attempt> = session.get(ATTEMPTS).await?.unwrap_or_default();
    attempts.push(attempt);
    let surplus = attempts.len().saturating_sub(MOST_ATTEMPTS);
    attempts.drain(..surplus);
    Ok(session.insert(ATTEMPTS, attempts).await?)
}

/// The sign-in with this state. It can be taken once.
pub(crate) async fn take(session: &Session, state: &str) -> Result<Attempt, Problem> {
    let mut attempts: Vec<Attempt> = session.get(ATTEMPTS).await?.unwrap_or_default();
    let found = attempts.iter().position(|attempt| attempt.state.secret() == state);
    let attempt = found.map(|index| attempts.remove(index)).ok_or(Problem::UnknownState)?;
    session.insert(ATTEMPTS, attempts).await?;
    Ok(attempt)
}

/// Fails if the browser has been sent away too often just now. `now` counts seconds.
pub(crate) async fn count_redirect(session: &Session, cause: Cause, now: i64) -> Result<(), Problem> {
    if cause == Cause::Pressed {
        return Ok(());
    }
    let earlier: Vec<i64> = session.get(REDIRECTS).await?.unwrap_or_default();
    let recent = with_one_more(earlier, now).ok_or(Problem::RedirectLoop)?;
    Ok(session.insert(REDIRECTS, recent).await?)
}

fn with_one_more(mut redirects: Vec<i64>, now: i64) -> Option<Vec<i64>> {
    redirects.retain(|time| *time > now - WINDOW && *time <= now);
    if redirects.len() >= MOST_REDIRECTS {
        return None;
    }
    redirects.push(now);
    Some(redirects)
}

const ATTEMPTS: &str = "attempts";
const REDIRECTS: &str = "redirects";
const MOST_ATTEMPTS: usize = 5;
/// So often within so many seconds: the same as in the browser's half of the model, `latchkey/tokens`.
const MOST_REDIRECTS: usize = 5;
const WINDOW: i64 = 30;

#[cfg(test)]
mod tests {
    use super::with_one_more;

    #[test]
    fn the_sixth_redirect_within_half_a_minute_is_one_too_many() {
        let five = (0..5).try_fold(Vec::new(), with_one_more).unwrap();
        assert_eq!(five.len(), 5);
        assert_eq!(with_one_more(five.clone(), 29), None);
        assert_eq!(with_one_more(five, 30), Some(vec![1, 2, 3, 4, 30]));
    }

    #[test]
    fn a_clock_that_was_put_back_locks_nobody_out() {
        assert_eq!(with_one_more(vec![900, 901, 902, 903, 904], 100), Some(vec![100]));
    }
}
