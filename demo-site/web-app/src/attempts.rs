//! Sign-ins that this browser has begun and not come back from. Each is in a cookie of its own, named by its `state`: tabs do
//! not disturb each other, and nobody takes up room on the server before they have signed in. Only this process can make
//! such a cookie or read it, so that one ends with the process, like the sessions.
//!
//! Beside them, when the application itself sent the browser away. A page that comes back signed out and sends it away
//! again would do so for ever.
//!
//! Not here: that an answer is good once. The cookie is taken away with the first, and whoever has made a copy of it still
//! needs a code that the identity server has not redeemed yet (RFC 6749 section 4.1.2).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::PrivateCookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::time::Duration;
use tower_sessions::session;

use crate::app;
use crate::problem::Problem;
use crate::return_to::ReturnTo;
use crate::sessions;

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

/// What one browser has begun, as it came with the request and as it goes with the answer. Moments are in seconds.
pub(crate) struct Attempts {
    jar: PrivateCookieJar,
    is_https: bool,
}

/// An attempt in its cookie. The browser's clock is not asked how old it is.
#[derive(Serialize, Deserialize)]
struct Kept {
    begun: i64,
    attempt: Attempt,
}

impl FromRequestParts<app::State> for Attempts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &app::State) -> Result<Self, Infallible> {
        let jar = PrivateCookieJar::from_headers(&parts.headers, app.key.clone());
        Ok(Self { jar, is_https: app.config.is_https() })
    }
}

impl IntoResponseParts for Attempts {
    type Error = Infallible;

    fn into_response_parts(self, answer: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.jar.into_response_parts(answer)
    }
}

impl Attempts {
    /// Keeps a sign-in until the browser is back. The oldest of too many is forgotten.
    pub(crate) fn remember(self, attempt: Attempt, now: i64) -> Result<Self, Problem> {
        let mut earlier = self.all();
        earlier.sort_unstable();
        let surplus = (earlier.len() + 1).saturating_sub(MOST_ATTEMPTS);
        let room = earlier.into_iter().take(surplus).fold(self, |left, (_begun, name)| left.without(name));
        let name = room.name(attempt.state.secret());
        room.with(name, &Kept { begun: now, attempt }, ATTEMPT)
    }

    /// The sign-in with this state, and what is left without it: it can be taken once.
    pub(crate) fn take(self, state: &str, now: i64) -> (Self, Option<Attempt>) {
        let name = self.name(state);
        let Some(Kept { begun, attempt }) = self.read(&name) else { return (self, None) };
        (self.without(name), (now - begun < ATTEMPT).then_some(attempt))
    }

    /// Fails if the browser has been sent away too often just now.
    pub(crate) fn count_redirect(self, cause: Cause, now: i64) -> Result<Self, Problem> {
        if cause == Cause::Pressed {
            return Ok(self);
        }
        let name = format!("{}-redirects", sessions::cookie_name(self.is_https));
        let earlier = self.read(&name).unwrap_or_default();
        let recent = with_one_more(earlier, now).ok_or(Problem::RedirectLoop)?;
        self.with(name, &recent, WINDOW)
    }

    /// When each was begun, and the name of its cookie.
    fn all(&self) -> Vec<(i64, String)> {
        let start = self.name("");
        let names = self.jar.iter().map(|cookie| cookie.name().to_owned());
        let ours = names.filter(|name| name.starts_with(&start));
        ours.filter_map(|name| Some((self.read::<Kept>(&name)?.begun, name))).collect()
    }

    fn name(&self, state: &str) -> String {
        format!("{}-attempt-{state}", sessions::cookie_name(self.is_https))
    }

    fn read<Value: for<'a> Deserialize<'a>>(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.jar.get(name)?.value()).ok()
    }

    fn with(mut self, name: String, value: &impl Serialize, lifetime: i64) -> Result<Self, Problem> {
        let value = serde_json::to_string(value).map_err(session::Error::from)?;
        let cookie = self.cookie(name, value, lifetime);
        self.jar = self.jar.add(cookie);
        Ok(self)
    }

    fn without(mut self, name: String) -> Self {
        let cookie = self.cookie(name, String::new(), 0);
        self.jar = self.jar.remove(cookie);
        self
    }

    /// Like that of a session: for this host alone, out of reach of scripts, and there after a navigation from another site.
    fn cookie(&self, name: String, value: String, lifetime: i64) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .secure(self.is_https)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(lifetime))
            .build()
    }
}

fn with_one_more(mut redirects: Vec<i64>, now: i64) -> Option<Vec<i64>> {
    redirects.retain(|time| *time > now - WINDOW && *time <= now);
    if redirects.len() >= MOST_REDIRECTS {
        return None;
    }
    redirects.push(now);
    Some(redirects)
}

/// Each may be 1.5 kB long (see `return_to.rs`), and proxies take headers of 8 kB.
const MOST_ATTEMPTS: usize = 5;
/// So long one may look for one's password.
const ATTEMPT: i64 = 10 * 60;
/// So often within so many seconds: the same as in the browser's half of the model, `latchkey/tokens`.
const MOST_REDIRECTS: usize = 5;
const WINDOW: i64 = 30;

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::{COOKIE, SET_COOKIE};
    use axum::response::IntoResponse as _;
    use axum_extra::extract::cookie::Key;

    use super::*;

    fn none() -> Attempts {
        Attempts { jar: PrivateCookieJar::new(Key::generate()), is_https: false }
    }

    fn attempt(state: &str) -> Attempt {
        Attempt {
            state: CsrfToken::new(state.to_owned()),
            nonce: Nonce::new("nonce".to_owned()),
            verifier: PkceCodeVerifier::new("verifier".to_owned()),
            return_to: ReturnTo::home(),
        }
    }

    /// The one cookie, as the browser sends it back.
    fn sent(attempts: Attempts) -> String {
        let answer = (attempts, ()).into_response();
        answer.headers()[SET_COOKIE].to_str().unwrap().split("; ").next().unwrap().to_owned()
    }

    fn state(taken: &(Attempts, Option<Attempt>)) -> Option<&str> {
        taken.1.as_ref().map(|attempt| attempt.state.secret().as_str())
    }

    #[test]
    fn an_attempt_is_taken_once() {
        let taken = none().remember(attempt("a"), 0).unwrap().take("a", 599);
        assert_eq!(state(&taken), Some("a"));
        assert_eq!(state(&taken.0.take("a", 599)), None);
    }

    #[test]
    fn an_attempt_of_ten_minutes_ago_is_forgotten_even_if_the_browser_still_has_it() {
        assert_eq!(state(&none().remember(attempt("a"), 0).unwrap().take("a", 600)), None);
    }

    #[test]
    fn an_attempt_is_good_under_its_own_name_only() {
        let key = Key::generate();
        let attempts = Attempts { jar: PrivateCookieJar::new(key.clone()), is_https: false };
        let cookie = sent(attempts.remember(attempt("a"), 0).unwrap());
        for (name, is_there) in [("a", true), ("b", false)] {
            let cookie = cookie.replace("attempt-a", &format!("attempt-{name}"));
            let headers = HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]);
            let jar = PrivateCookieJar::from_headers(&headers, key.clone());
            assert_eq!(Attempts { jar, is_https: false }.take(name, 1).1.is_some(), is_there, "{name}");
        }
    }

    #[test]
    fn the_oldest_of_too_many_makes_room() {
        let begin = |attempts: Attempts, (state, begun)| attempts.remember(attempt(state), begun).unwrap();
        let begun = [("a", 3), ("b", 1), ("c", 4), ("d", 2), ("e", 5), ("f", 6)];
        let mut attempts = begun.into_iter().fold(none(), begin);
        for (name, is_there) in
            [("a", true), ("b", false), ("c", true), ("d", true), ("e", true), ("f", true)]
        {
            let taken = attempts.take(name, 7);
            assert_eq!(taken.1.is_some(), is_there, "{name}");
            attempts = taken.0;
        }
    }

    #[test]
    fn the_longest_place_leaves_five_attempts_within_one_header() {
        let address = "https://app.example.com".parse().unwrap();
        let place = format!("/shop?{}", "x".repeat(ReturnTo::LONGEST - 6));
        let long = Attempt { return_to: ReturnTo::read(&place, &address), ..attempt(&"s".repeat(22)) };
        let long = Attempt {
            verifier: PkceCodeVerifier::new("v".repeat(43)),
            nonce: Nonce::new("n".repeat(22)),
            ..long
        };
        assert_eq!(long.return_to.as_str(), place);
        let attempts = Attempts { is_https: true, ..none() }.remember(long, 1_700_000_000).unwrap();
        let cookie = sent(attempts);
        assert!(cookie.len() < 8192 / MOST_ATTEMPTS, "{}", cookie.len());
    }

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
