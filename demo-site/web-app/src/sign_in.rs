//! To the identity server and back, and out again: RFC 6749 section 4.1 with PKCE, OIDC Core 3.1, RFC 9207, and OpenID Connect
//! RP-Initiated Logout 1.0. What is remembered in between is in `attempts.rs`, the messages are in `provider.rs`.

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;
use tower_sessions::cookie::time::OffsetDateTime;

use crate::app;
use crate::attempts::{Attempt, Attempts, Cause};
use crate::person::{Person, Visitor};
use crate::problem::{Problem, ProblemPage};
use crate::return_to::ReturnTo;

/// Where the person wants to be afterwards.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    return_to: String,
}

/// What the identity server sends back (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207 section 2).
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// The person has pressed "Sign in".
pub(crate) async fn sign_in(
    State(app): State<app::State>,
    attempts: Attempts,
    Query(wanted): Query<Wanted>,
) -> Result<Response, ProblemPage> {
    let return_to = ReturnTo::read(&wanted.return_to, app.config.url());
    leave(&app, attempts, return_to, Cause::Pressed).await
}

/// Sends the browser to the identity server.
pub(crate) async fn leave(
    app: &app::State,
    attempts: Attempts,
    return_to: ReturnTo,
    cause: Cause,
) -> Result<Response, ProblemPage> {
    let begun = async {
        let attempts = attempts.count_redirect(cause, now())?;
        let (url, attempt) = app.provider.begin(return_to.clone()).await?;
        Ok((attempts.remember(attempt, now())?, Redirect::to(url.as_str())))
    };
    let begun = begun.await.map_err(|problem: Problem| problem.on_the_way_to(return_to.clone()))?;
    Ok(begun.into_response())
}

/// The browser is back. Whatever comes of it, the attempt is used up.
pub(crate) async fn callback(
    State(app): State<app::State>,
    attempts: Attempts,
    session: Session,
    Query(answer): Query<Answer>,
) -> (Attempts, Result<Redirect, ProblemPage>) {
    let (attempts, attempt) = attempts.take(&answer.state, now());
    (attempts, arrive(&app, &session, answer, attempt).await)
}

async fn arrive(
    app: &app::State,
    session: &Session,
    answer: Answer,
    attempt: Option<Attempt>,
) -> Result<Redirect, ProblemPage> {
    let attempt = attempt.ok_or(Problem::UnknownState)?;
    let return_to = attempt.return_to.clone();
    let finished = finish(app, answer, attempt).await;
    let person = finished.map_err(|problem| problem.on_the_way_to(return_to.clone()))?;
    person.keep(session).await?;
    // To another address, so that neither a reload nor the history has the code again.
    Ok(Redirect::to(return_to.as_str()))
}

/// The state has been found; now the sender, the answer, and what the code is worth.
async fn finish(app: &app::State, answer: Answer, attempt: Attempt) -> Result<Person, Problem> {
    app.provider.check_sender(answer.iss.as_deref()).await?;
    match (answer.error, answer.code) {
        (None, Some(code)) => app.provider.exchange(code, attempt).await,
        (error, _) => Err(Problem::Refused {
            error: error.unwrap_or_else(|| "invalid_request".to_owned()),
            description: answer.error_description,
        }),
    }
}

/// Ends the session here, and then there.
pub(crate) async fn sign_out(
    State(app): State<app::State>,
    session: Session,
    Visitor(person): Visitor,
) -> Result<Redirect, ProblemPage> {
    session.flush().await?;
    let Some(person) = person else { return Ok(Redirect::to("/signed-out")) };
    let there = app.provider.sign_out(&person).await?;
    Ok(Redirect::to(there.as_ref().map_or("/signed-out", |url| url.as_str())))
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
