//! What people see: plain HTML, in which everything that came from outside is text. `maud` sees to that.

mod claims;
mod home;
mod levels;

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use crate::person::{Person, Visitor};
use crate::problem::Problem;
use crate::provider::SIGNED_OUT;
use crate::return_to::ReturnTo;

pub(crate) use claims::claims;
pub(crate) use home::home;
pub(crate) use levels::{orders, reserve, shop, stands, tools, workshop};

/// A page with the ways in and out on top. `place` is the one that a sign-in from there leads back to.
fn page(title: &str, person: Option<&Person>, place: &ReturnTo, main: &Markup) -> Markup {
    let account = html! {
        nav.account aria-label="Your account" {
            @match person {
                Some(person) => {
                    a href="/claims" { (person.name()) }
                    form method="post" action="/sign-out" { button.button type="submit" { "Sign out" } }
                }
                None => a.button href=(place.sign_in()) { "Sign in" },
            }
        }
    };
    frame(title, &account, main)
}

fn frame(title: &str, account: &Markup, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Towpath Bicycle Co-op" }
                meta name="color-scheme" content="light dark";
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/site.css";
                link rel="stylesheet" href="/web-app.css";
            }
            body {
                header.masthead.bar {
                    a.masthead__name href="/" {
                        img src="/favicon.svg" alt="" width="28" height="28";
                        "Towpath Bicycle Co-op"
                    }
                    (account)
                }
                main.page { (main) }
            }
        }
    }
}

/// What went wrong, with the code to quote and the ways on.
pub(crate) fn problem(problem: &Problem, return_to: &ReturnTo) -> Markup {
    let main = html! {
        div.member {
            h1.member__title { "You are not signed in" }
            section.panel {
                p { (problem) }
                p {
                    "Code: " code { (problem.code()) }
                    @if let Some(error) = problem.oauth_error() { " (" code { (error) } ")" }
                }
                p.bar {
                    a.button href=(return_to.sign_in()) { "Try again" }
                    a href="/" { "Home" }
                }
            }
        }
    };
    frame("Not signed in", &html! {}, &main)
}

/// What the identity server sends back when it was asked to sign somebody out.
#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    state: Option<String>,
}

/// Whether the person is signed out there is for the identity server to ask them, and it does not tell.
pub(crate) async fn signed_out(Visitor(person): Visitor, Query(back): Query<Back>) -> Markup {
    let main = html! {
        div.member {
            @match &person {
                Some(person) => {
                    h1.member__title { "You are signed in" }
                    p { "As " strong { (person.name()) } "." }
                }
                None => {
                    h1.member__title { "You are signed out" }
                    @if back.state.as_deref() == Some(SIGNED_OUT) {
                        p { "Here. The identity server was asked to sign you out, too." }
                    } @else {
                        p { "Here. You may still be signed in at the identity server." }
                    }
                }
            }
            p { a href="/" { "Home" } }
        }
    };
    let title = if person.is_some() { "Signed in" } else { "Signed out" };
    page(title, person.as_ref(), &ReturnTo::home(), &main)
}

pub(crate) async fn not_found() -> impl IntoResponse {
    let main = html! {
        div.member {
            h1.member__title { "There is no such page" }
            p { a href="/" { "Home" } }
        }
    };
    (StatusCode::NOT_FOUND, frame("Not found", &html! {}, &main))
}

/// Style and pictures: those of the co-op's other pages, and a little more.
pub(crate) fn files<State: Clone + Send + Sync + 'static>() -> Router<State> {
    let file = |kind: &'static str, text: &'static str| get(async move || ([(CONTENT_TYPE, kind)], text));
    Router::new()
        .route("/site.css", file("text/css; charset=utf-8", include_str!("../../public/site.css")))
        .route("/web-app.css", file("text/css; charset=utf-8", include_str!("web-app.css")))
        .route("/favicon.svg", file("image/svg+xml", include_str!("../../public/favicon.svg")))
}
