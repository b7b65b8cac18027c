//! Who is signed in, twice: as the ID token said at the sign-in, and as userinfo says now.

use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use serde_json::{Map, Value};
use tower_sessions::cookie::time::OffsetDateTime;

use super::page;
use crate::app;
use crate::problem::ProblemPage;
use crate::protection::Member;
use crate::return_to::ReturnTo;

pub(crate) async fn claims(
    State(app): State<app::State>,
    Extension(Member(person)): Extension<Member>,
) -> Result<Markup, ProblemPage> {
    let place = ReturnTo::read("/claims", app.config.url());
    let userinfo =
        app.provider.userinfo(&person).await.map_err(|problem| problem.on_the_way_to(place.clone()))?;
    let main = html! {
        div.member {
            h1.member__title { "Good to see you, " (person.name()) }
            section.panel aria-labelledby="id-token" {
                h2.panel__title id="id-token" { "From the ID token" }
                (table(&person.claims))
            }
            section.panel aria-labelledby="userinfo-title" {
                h2.panel__title id="userinfo-title" { "From userinfo" }
                @match &userinfo {
                    Some(claims) => (table(claims)),
                    None => {
                        p { "The access token has ended, so the identity server says nothing more." }
                        p { a.button href=(place.sign_in()) { "Sign in again" } }
                    }
                }
            }
        }
    };
    Ok(page("Your claims", Some(&person), &place, &main))
}

fn table(claims: &Map<String, Value>) -> Markup {
    html! {
        table.claims {
            thead { tr { th scope="col" { "Claim" } th scope="col" { "Value" } } }
            tbody {
                @for (name, value) in claims { tr { th scope="row" { code { (name) } } td { (shown(name, value)) } } }
            }
        }
    }
}

fn shown(name: &str, value: &Value) -> String {
    let moment = value.as_i64().filter(|_| TIMES.contains(&name));
    match (moment.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()), value) {
        (Some(moment), _) => format!("{} {:02}:{:02} UTC", moment.date(), moment.hour(), moment.minute()),
        (None, Value::String(text)) => text.clone(),
        (None, other) => other.to_string(),
    }
}

/// Claims that count seconds since the epoch (OIDC Core 2 and 5.1).
const TIMES: [&str; 5] = ["auth_time", "exp", "iat", "nbf", "updated_at"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shown;

    #[test]
    fn claims_are_shown_as_people_read_them() {
        assert_eq!(shown("exp", &json!(1_700_000_000)), "2023-11-14 22:13 UTC");
        assert_eq!(shown("name", &json!("Pat")), "Pat");
        assert_eq!(shown("email_verified", &json!(true)), "true");
        assert_eq!(shown("amr", &json!(["pwd"])), r#"["pwd"]"#);
    }
}
