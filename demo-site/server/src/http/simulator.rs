//! The page of the simulated device, and the same as JSON.

use std::sync::Arc;

use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::page::{escaped, form_page, page, parameter};
use super::{Rejection, body};
use crate::failure::Failure;
use crate::services::Services;
use crate::simulator::{APPROVE, Asks, DENY, PATH, Waiting};

pub(super) async fn show(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let device = device(query.as_deref());
    let waiting = services.waiting(device.as_deref()).await?;
    let list: String = if waiting.is_empty() {
        "<p class=\"empty\">Nothing waits for an answer. Load this page again after the next push.</p>"
            .to_owned()
    } else {
        waiting.iter().map(|waiting| draw(waiting, device.as_deref())).collect()
    };
    let main = format!(
        "<h1>Device simulator</h1>\n<p class=\"lead\">This server sends no pushes. What would appear on a \
         device is shown here.</p>\n{list}"
    );
    Ok(form_page("Device simulator", &main))
}

pub(super) async fn json(
    State(services): State<Arc<Services>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let waiting = services.waiting(device(query.as_deref()).as_deref()).await?;
    let waiting: Vec<Value> = waiting.iter().map(describe).collect();
    let body = json!({ "waiting": waiting }).to_string();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}

pub(super) async fn answer(
    State(services): State<Arc<Services>>,
    request: Request,
) -> Result<Response, Rejection> {
    let form = body::form(request).await?;
    let text = |name: &str| parameter(&form, name).unwrap_or_default();
    if !services.answer_device(&text("id"), &text("answer")).await? {
        let main = "<h1>Too late</h1>\n<p>This was answered already, or has expired.</p>";
        return Ok(page(StatusCode::GONE, "Too late", main));
    }
    let device = text("device");
    let query = if device.is_empty() { String::new() } else { format!("?device={device}") };
    // RFC 9110 section 15.4.4: the answer is a page of its own, so that loading it again answers nothing.
    let location = HeaderValue::from_str(&format!("{PATH}{query}"));
    let location = location.unwrap_or(HeaderValue::from_static(PATH));
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

fn device(query: Option<&str>) -> Option<String> {
    parameter(query?.as_bytes(), "device").filter(|device| !device.is_empty())
}

fn describe(waiting: &Waiting) -> Value {
    let (asks, choices) = match &waiting.asks {
        Asks::SetUp => ("set-up", &[][..]),
        Asks::Approve { choices } => ("approve", choices.as_slice()),
    };
    json!({
        "id": waiting.id,
        "device": waiting.device,
        "asks": asks,
        "choices": choices,
        "identifier": waiting.sign_in.identifier,
        "application": waiting.sign_in.application,
    })
}

fn draw(waiting: &Waiting, device: Option<&str>) -> String {
    let sign_in = &waiting.sign_in;
    let application = escaped(&sign_in.application);
    let (heading, buttons) = match &waiting.asks {
        Asks::SetUp => {
            (format!("Set up for {application}"), vec![(APPROVE, "Set up this device"), (DENY, "Refuse")])
        }
        Asks::Approve { choices } if choices.is_empty() => (
            format!("Did you just try to sign in to {application}?"),
            vec![(APPROVE, "Yes, it’s me"), (DENY, "No, it’s not me")],
        ),
        Asks::Approve { choices } => {
            let numbers = choices.iter().map(|number| (number.as_str(), number.as_str()));
            (
                format!("Which number does {application} show?"),
                numbers.chain([(DENY, "No, it’s not me")]).collect(),
            )
        }
    };
    let buttons: String = buttons
        .iter()
        .map(|(answer, label)| {
            let class = if *answer == DENY { " class=\"quiet\"" } else { "" };
            let (answer, label) = (escaped(answer), escaped(label));
            format!("<button type=\"submit\"{class} name=\"answer\" value=\"{answer}\">{label}</button>\n")
        })
        .collect();
    let (identifier, browser) = (escaped(&sign_in.identifier), escaped(&sign_in.browser));
    let (place, id) = (escaped(&sign_in.place), escaped(&waiting.id));
    let device = device.map(escaped).unwrap_or_default();
    format!(
        "<article class=\"mail\">\n<h2>{heading}</h2>\n<p class=\"facts\">{identifier}, {browser}, from {place}</p>\n\
         <form action=\"{PATH}\" method=\"post\" class=\"answers\">\n\
         <input type=\"hidden\" name=\"id\" value=\"{id}\">\n\
         <input type=\"hidden\" name=\"device\" value=\"{device}\">\n{buttons}</form>\n</article>\n"
    )
}
