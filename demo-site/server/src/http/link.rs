//! The page behind the link in a mail.
//!
//! Opening it changes nothing: programs that scan mail open every link. What changes something is the button.

use std::sync::Arc;

use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{escaped, form_page, page, parameter};
use super::{Rejection, body};
use crate::failure::Failure;
use crate::idx::Transaction;
use crate::links::{AboutSignIn, Link, PATH};
use crate::services::Services;
use crate::store::Settled;

pub(super) async fn show(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let secret = parameter(query.unwrap_or_default().as_bytes(), "token").unwrap_or_default();
    let link = Link::of_secret(&secret);
    Ok(match services.standing(&link).await? {
        Standing::Open(about) => ask(&about, &link.code(), &secret),
        Standing::Expired => told(StatusCode::GONE, "This link has expired", GO_BACK),
        Standing::Stale => told(StatusCode::GONE, "This link is no longer good", STALE),
    })
}

pub(super) async fn answer(
    State(services): State<Arc<Services>>,
    request: Request,
) -> Result<Response, Rejection> {
    let form = body::form(request).await?;
    let link = Link::of_secret(&parameter(&form, "token").unwrap_or_default());
    let is_yes = parameter(&form, "answer").as_deref() == Some(YES);
    match services.standing(&link).await? {
        Standing::Open(_) => {}
        Standing::Expired => return Ok(told(StatusCode::GONE, "This link has expired", GO_BACK)),
        Standing::Stale => return Ok(told(StatusCode::GONE, "This link is no longer good", STALE)),
    }
    let state = if is_yes { Settled::Approved } else { Settled::Denied };
    Ok(
        match (
            services.store.settle(&link.id(), state, services.clock.now()).await.map_err(Failure::from)?,
            is_yes,
        ) {
            (false, _) => told(StatusCode::GONE, "This link is no longer good", STALE),
            (true, true) => {
                told(StatusCode::OK, "Thank you", "Return to the page where you began. It goes on by itself.")
            }
            (true, false) => told(
                StatusCode::OK,
                "It was stopped",
                "Nobody gets in with this mail. You need not do anything else.",
            ),
        },
    )
}

/// What a link is still worth.
enum Standing {
    Open(AboutSignIn),
    Expired,
    /// It was answered, a newer one was sent, or the sign-in is over.
    Stale,
}

impl Services {
    async fn standing(&self, link: &Link) -> Result<Standing, Failure> {
        let Some(asked) = self.store.confirmation(&link.id()).await? else { return Ok(Standing::Stale) };
        if asked.state != Settled::Waiting {
            return Ok(Standing::Stale);
        }
        if asked.expires_at <= self.clock.now() {
            return Ok(Standing::Expired);
        }
        let waits = match self.store.transaction(&asked.owner).await? {
            Some(stored) if stored.expires_at > self.clock.now() => {
                Transaction::waits_for_link(&stored, &asked.id)?
            }
            Some(_) | None => false,
        };
        if waits { Ok(Standing::Open(serde_json::from_str(&asked.about)?)) } else { Ok(Standing::Stale) }
    }
}

fn ask(about: &AboutSignIn, code: &str, secret: &str) -> Response {
    let facts: String = [
        ("Account", &about.identifier),
        ("Application", &about.application),
        ("Browser", &about.browser),
        ("Network address", &about.place),
    ]
    .into_iter()
    .map(|(term, value)| format!("<dt>{term}</dt><dd>{}</dd>\n", escaped(value)))
    .collect();
    let (code, secret) = (escaped(code), escaped(secret));
    let main = format!(
        "<h1>Was it you?</h1>\n<p class=\"lead\">Somebody asked for this mail on the page of an application.</p>\n\
         <dl class=\"facts\">\n{facts}</dl>\n\
         <p class=\"code\"><span class=\"code-label\">Code</span> <strong>{code}</strong></p>\n\
         <p>Enter the code there, or let the page go on by itself:</p>\n\
         <form action=\"{PATH}\" method=\"post\" class=\"answers\">\n\
         <input type=\"hidden\" name=\"token\" value=\"{secret}\">\n\
         <button type=\"submit\" name=\"answer\" value=\"{YES}\">Yes, it’s me</button>\n\
         <button type=\"submit\" class=\"quiet\" name=\"answer\" value=\"no\">No, it’s not me</button>\n</form>"
    );
    form_page("Was it you?", &main)
}

fn told(status: StatusCode, title: &str, text: &str) -> Response {
    page(status, title, &format!("<h1>{title}</h1>\n<p class=\"lead\">{text}</p>"))
}

const YES: &str = "yes";
const GO_BACK: &str = "Go back to the page where you began, and have a new mail sent.";
const STALE: &str = "It was used already, or a newer mail was sent. Go back to the page where you began.";
