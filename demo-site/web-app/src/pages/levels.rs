//! The pages behind the doors. Which of them are guarded is not said here but in `app.rs`.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Redirect;
use maud::{Markup, html};
use tower_sessions::Session;

use super::page;
use crate::app;
use crate::person::{Person, Visitor};
use crate::problem::ProblemPage;
use crate::return_to::ReturnTo;

pub(crate) async fn workshop(visitor: Visitor, here: Uri, state: State<app::State>) -> Markup {
    inside(
        "The workshop",
        "Six stands, a wall of tools, and the kettle. For members only, like all that is below it.",
        visitor,
        here,
        &state,
    )
}

pub(crate) async fn tools(visitor: Visitor, here: Uri, state: State<app::State>) -> Markup {
    inside("Tools", "The one that you are looking for is where you left it.", visitor, here, &state)
}

pub(crate) async fn orders(visitor: Visitor, here: Uri, state: State<app::State>) -> Markup {
    inside(
        "Your orders",
        "One inner tube, 28 inches. The rest of the shop is open to everybody.",
        visitor,
        here,
        &state,
    )
}

pub(crate) async fn shop(visitor: Visitor, here: Uri, state: State<app::State>) -> Markup {
    inside("The shop", "Tubes, cables, brake pads. Everybody may look.", visitor, here, &state)
}

/// A page that says where one is, and to whom it speaks.
fn inside(title: &str, text: &str, Visitor(person): Visitor, here: Uri, state: &app::State) -> Markup {
    let place = here.path_and_query().map_or("/", |place| place.as_str());
    let main = html! {
        div.member {
            h1.member__title { (title) }
            section.panel {
                p { (text) }
                p { "This is " code { (place) } ". " (greeting(person.as_ref())) }
            }
            p { a href="/" { "Back to the three doors" } }
        }
    };
    page(title, person.as_ref(), &ReturnTo::read(place, state.config.url()), &main)
}

fn greeting(person: Option<&Person>) -> String {
    person.map_or_else(
        || "You are looking at it as a visitor.".to_owned(),
        |person| format!("Hello, {}.", person.name()),
    )
}

/// Open to everybody; what is one's own is in the session.
pub(crate) async fn stands(
    State(app): State<app::State>,
    session: Session,
    Visitor(person): Visitor,
) -> Result<Markup, ProblemPage> {
    let place = ReturnTo::read("/stands", app.config.url());
    let is_reserved = session.get(STAND).await?.unwrap_or(false);
    let main = html! {
        div.member {
            h1.member__title { "The stands" }
            section.panel {
                p role="status" {
                    @if is_reserved { "Stand 4 is yours until we close." } @else { "Stand 4 is free." }
                    " " (greeting(person.as_ref()))
                }
                @if person.is_some() {
                    form method="post" action="/stands" {
                        button.button type="submit" { @if is_reserved { "Give it back" } @else { "Reserve stand 4" } }
                    }
                } @else {
                    // A link and no form: the page's policy says where forms may lead, and people sign in wherever they do.
                    a.button href=(place.sign_in()) { "Sign in to reserve stand 4" }
                }
            }
            p { a href="/" { "Back to the three doors" } }
        }
    };
    Ok(page("The stands", person.as_ref(), &place, &main))
}

/// What a sign-in is wanted for. Back from it the person presses themselves: what is done stays their own doing. Whoever has been
/// signed out since the page was made finds there what they need.
pub(crate) async fn reserve(session: Session, Visitor(person): Visitor) -> Result<Redirect, ProblemPage> {
    if person.is_some() {
        let is_reserved = session.get(STAND).await?.unwrap_or(false);
        session.insert(STAND, !is_reserved).await?;
    }
    Ok(Redirect::to("/stands"))
}

const STAND: &str = "stand";
