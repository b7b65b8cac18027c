//! The guard: whoever is not signed in is sent to sign in, and comes back to where they wanted to go.
//!
//! What it is put before is a matter of the router, in `app.rs`.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app;
use crate::attempts::{Attempts, Cause};
use crate::person::{Person, Visitor};
use crate::problem::ProblemPage;
use crate::return_to::ReturnTo;
use crate::sign_in::leave;

/// Somebody whom the guard has let through.
#[derive(Clone)]
pub(crate) struct Member(pub(crate) Person);

/// Lets members through, and says to the page who they are.
pub(crate) async fn require_sign_in(
    State(app): State<app::State>,
    attempts: Attempts,
    Visitor(person): Visitor,
    mut request: Request,
    next: Next,
) -> Result<Response, ProblemPage> {
    let Some(person) = person else {
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
        return leave(&app, attempts, ReturnTo::read(wanted, app.config.url()), Cause::Guarded).await;
    };
    request.extensions_mut().insert(Member(person));
    Ok(next.run(request).await)
}
