//! The page that edits the template of the sign-in page, for demonstrations.
//!
//! It needs no script: the preview is a form that is sent into a frame, where the real widget runs under the policy of the
//! real page. The frame may not leave the page or open others. It has to keep its origin, because the widget is loaded
//! from there; what a template could do with it is kept off by the policy, which runs no script but ours.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};

use super::authorize::{Arrival, redirect, with_policy};
use super::error::ApiError;
use super::hosted::{DEFAULT_TEMPLATE, Filling, nothing_to_show, policy, widget_place};
use super::logout::is_own_page;
use super::page::{escaped, form_page, page, parameter};
use super::{Rejection, body};
use crate::entropy;
use crate::failure::Failure;
use crate::idx::Caller;
use crate::services::Services;
use crate::template::{Mistake, Place, Template};

pub(super) async fn show(State(services): State<Arc<Services>>, RawQuery(query): RawQuery) -> Response {
    let saved = query.as_deref().and_then(|query| parameter(query.as_bytes(), "saved"));
    let file = services.config.brand.template.as_deref();
    let text = file.and_then(|file| std::fs::read_to_string(file).ok());
    let news =
        saved.map_or("", |_| "<p role=\"status\"><strong>Saved.</strong> The next sign-in shows it.</p>");
    let editor = Editor { text: text.as_deref().unwrap_or(DEFAULT_TEMPLATE), file, news };
    editor.draw(StatusCode::OK)
}

/// Saves the template, or hands it over as a file.
pub(super) async fn answer(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Rejection> {
    let form = own_form(&services, &headers, request).await?;
    let text = template_of(&form);
    let file = services.config.brand.template.as_deref();
    if let Err(mistakes) = Template::parse(&text) {
        let news = list_of(&mistakes);
        return Ok(Editor { text: &text, file, news: &news }.draw(StatusCode::UNPROCESSABLE_ENTITY));
    }
    if parameter(&form, "do").as_deref() == Some("download") {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"sign-in.html\""),
        ];
        return Ok((headers, text).into_response());
    }
    let Some(file) = file else {
        let news = "<p role=\"alert\">There is no file to save to: set <code>template</code> in \
                    <code>[brand]</code>, or download it.</p>";
        return Ok(Editor { text: &text, file, news }.draw(StatusCode::CONFLICT));
    };
    write(file, &text).map_err(|error| Failure::Configuration(format!("`brand.template`: {error}")))?;
    // A page of its own, so that loading it again saves nothing.
    Ok(redirect("/template?saved=yes"))
}

/// The sign-in page with a template that is not saved yet.
pub(super) async fn preview(
    State(services): State<Arc<Services>>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Rejection> {
    let form = own_form(&services, &headers, request).await?;
    let text = template_of(&form);
    let template = match Template::parse(&text) {
        Ok(template) => template,
        Err(mistakes) => {
            let main = format!("<h1>Not yet</h1>\n{}", list_of(&mistakes));
            return Ok(in_frame(page(StatusCode::UNPROCESSABLE_ENTITY, "Not yet", &main)));
        }
    };
    let (Some(assets), Some(client)) = (&services.branding.assets, services.config.clients.first()) else {
        return Ok(in_frame(nothing_to_show()));
    };
    let arrival = Arrival::read(&services, &headers)?;
    let state_token = services.preview(client, arrival.visit(&caller)).await?;
    let nonce = entropy::unique(&*services.entropy).map_err(Failure::from)?;
    let widget =
        widget_place(&services, assets, services.config.issuer.as_str(), &client.client_id, &state_token);
    let filling = Filling { services: &services, assets, widget, client_name: &client.name, nonce: &nonce };
    let response = Html(filling.fill(&template)).into_response();
    Ok(arrival.known(&services, with_policy(response, &policy(&nonce, "'self'"))))
}

async fn own_form(
    services: &Services,
    headers: &HeaderMap,
    request: Request,
) -> Result<axum::body::Bytes, Rejection> {
    if !is_own_page(services, headers) {
        return Err(ApiError::FOREIGN_ORIGIN.into());
    }
    Ok(body::form(request).await?)
}

/// As it was typed, but for the line ends, which forms write in their own way.
fn template_of(form: &[u8]) -> String {
    let found = form_urlencoded::parse(form).find(|(name, _)| name == "template");
    found.map(|(_, text)| text.replace("\r\n", "\n")).unwrap_or_default()
}

/// In one step, so that nobody is shown half a page.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut new = std::fs::File::create(&beside)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    std::fs::rename(beside, file)
}

fn list_of(mistakes: &[Mistake]) -> String {
    let items: String =
        mistakes.iter().map(|mistake| format!("<li>{}</li>\n", escaped(&mistake.to_string()))).collect();
    format!("<div role=\"alert\"><p>This template cannot be used:</p>\n<ul>\n{items}</ul></div>")
}

fn in_frame(response: Response) -> Response {
    with_policy(
        response,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    )
}

/// The page, with what is being written.
struct Editor<'a> {
    text: &'a str,
    file: Option<&'a Path>,
    /// HTML.
    news: &'a str,
}

impl Editor<'_> {
    fn draw(&self, status: StatusCode) -> Response {
        let places: String = Place::ALL
            .iter()
            .map(|place| {
                let meaning = escaped(place.meaning());
                format!("<dt><code>{{{{{}}}}}</code></dt><dd>{meaning}</dd>\n", place.name())
            })
            .collect();
        let (save, target) = match self.file {
            Some(file) => (
                "<button type=\"submit\" name=\"do\" value=\"save\">Save</button>\n",
                format!("Saved to <code>{}</code>.", escaped(&file.display().to_string())),
            ),
            None => ("", "No file is configured, so that it can only be downloaded.".to_owned()),
        };
        let (news, text) = (self.news, escaped(self.text));
        let main = format!(
            "<h1>Template of the sign-in page</h1>\n<p class=\"lead\">{target}</p>\n{news}\n\
             <form action=\"/template\" method=\"post\" class=\"template\">\n\
             <label for=\"template\">HTML</label>\n\
             <textarea id=\"template\" name=\"template\" rows=\"24\" spellcheck=\"false\">\n{text}</textarea>\n\
             <p class=\"answers\">\n\
             <button type=\"submit\" class=\"quiet\" formaction=\"/template/preview\" formtarget=\"preview\">Preview</button>\n{save}\
             <button type=\"submit\" class=\"quiet\" name=\"do\" value=\"download\">Download</button>\n</p>\n</form>\n\
             <h2>Preview</h2>\n<p>What is above, with the widget in it, once you ask for it.</p>\n\
             <iframe name=\"preview\" title=\"Preview\" sandbox=\"allow-scripts allow-same-origin allow-forms\"></iframe>\n\
             <h2>What may stand in it</h2>\n<dl class=\"facts\">\n{places}</dl>"
        );
        let mut response = form_page("Template of the sign-in page", &main);
        *response.status_mut() = status;
        with_policy(
            response,
            "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        )
    }
}
