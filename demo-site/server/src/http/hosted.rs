//! The server's own sign-in page, and the files that it is made of.
//!
//! The page is plain HTML around a place for the widget. Its policy allows the scripts of this server and no others, none
//! in the page itself, and no HTML made from strings: what the widget is to do stands in the page as data.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::json;

use super::authorize::{embedded, with_policy};
use super::error::ApiError;
use super::page::{escaped, page};
use crate::assets::Assets;
use crate::config::{AuthorizationServer, media_type_of_image};
use crate::entropy;
use crate::failure::Failure;
use crate::services::Services;
use crate::template::{Place, Template};

/// The page on which the widget goes through the transaction.
pub(super) fn sign_in_page(
    services: &Services,
    server: &AuthorizationServer,
    client_id: &str,
    state_token: &str,
) -> Result<Response, Failure> {
    let Some(assets) = &services.branding.assets else { return Ok(nothing_to_show()) };
    let client_name = services.config.client(client_id).map_or("", |client| &client.name);
    let nonce = entropy::unique(&*services.entropy)?;
    let widget = widget_place(services, assets, server.issuer.as_str(), client_id, state_token);
    let page = Filling { services, assets, widget, client_name, nonce: &nonce };
    Ok(with_policy(Html(page.fill(&services.template())).into_response(), &policy(&nonce, "'none'")))
}

/// What stands in the place of the widget.
pub(super) fn widget_place(
    services: &Services,
    assets: &Assets,
    issuer: &str,
    client_id: &str,
    state_token: &str,
) -> String {
    let origin = services.config.issuer.origin();
    let settings = json!({
        "script": assets.script(),
        "options": {
            "issuer": issuer,
            "clientId": client_id,
            // The server knows where the browser goes from here; nothing on the page needs to.
            "redirectUri": format!("{origin}/"),
            "stateToken": state_token,
        },
    });
    format!(
        "<div id=\"latchkey-sign-in\"></div>\n\
         <noscript><p>Signing in needs JavaScript.</p></noscript>\n\
         <script type=\"application/json\" id=\"latchkey-settings\">{}</script>\n\
         <script type=\"module\" src=\"/hosted/sign-in.js\"></script>",
        embedded(&settings)
    )
}

/// What is put into the places of a template.
pub(super) struct Filling<'a> {
    pub(super) services: &'a Services,
    pub(super) assets: &'a Assets,
    pub(super) widget: String,
    pub(super) client_name: &'a str,
    pub(super) nonce: &'a str,
}

impl Filling<'_> {
    pub(super) fn fill(&self, template: &Template) -> String {
        let brand = &self.services.config.brand;
        let sheets = [self.assets.style(), "/hosted/page.css".to_owned(), "/hosted/brand.css".to_owned()];
        let style_links =
            sheets.map(|sheet| format!("<link rel=\"stylesheet\" href=\"{sheet}\">")).join("\n");
        let logo = brand.logo.as_ref().map_or("", |_| LOGO);
        let values = [
            (Place::Widget, self.widget.clone()),
            (Place::StyleLinks, style_links),
            (Place::Title, escaped(&format!("{} – {}", self.client_name, brand.name))),
            (Place::BrandName, escaped(&brand.name)),
            (Place::LogoUrl, logo.to_owned()),
            (Place::ClientName, escaped(self.client_name)),
            (Place::Nonce, self.nonce.to_owned()),
        ];
        template.fill(&values.into())
    }
}

/// Where a template of the operator's needs a style of its own, it names the nonce.
pub(super) fn policy(nonce: &str, ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         connect-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {ancestors}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// One of the widget's files.
pub(super) async fn widget(
    State(services): State<Arc<Services>>,
    Path((version, name)): Path<(String, String)>,
) -> Response {
    let Some(asset) = services.branding.assets.as_ref().and_then(|assets| assets.find(&version, &name))
    else {
        return ApiError::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, asset.media_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        // The frame that vendors' checks run in has a policy of its own in its head.
        (CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    ];
    (headers, asset.bytes.clone()).into_response()
}

/// The style of the page where no template has another.
pub(super) async fn page_style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("hosted/hosted.css")).into_response()
}

/// The brand's colours.
pub(super) async fn brand_style(State(services): State<Arc<Services>>) -> Response {
    let properties = &services.config.brand.properties;
    let lines: String = properties.iter().map(|(name, value)| format!("  {name}: {value};\n")).collect();
    let css = format!("/* From [brand.colors]. */\n:root {{\n{lines}}}\n");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

pub(super) async fn logo(State(services): State<Arc<Services>>) -> Response {
    let (Some(path), Some(bytes)) = (&services.config.brand.logo, &services.branding.logo) else {
        return ApiError::NOT_FOUND.into_response();
    };
    let media_type = media_type_of_image(&path.to_string_lossy()).unwrap_or("application/octet-stream");
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "public, max-age=300")], bytes.clone()).into_response()
}

pub(super) fn nothing_to_show() -> Response {
    let main = "<h1>There is no sign-in page yet</h1>\n\
                <p class=\"lead\">The configuration does not say where the widget is.</p>\n\
                <p>Set <code>widget</code> in <code>[hosted]</code> to the folder with the files of its package, such \
                as <code>\"dist\"</code>, and start the server again.</p>";
    page(StatusCode::SERVICE_UNAVAILABLE, "There is no sign-in page yet", main)
}

const LOGO: &str = "/hosted/logo";

/// What is shown where the operator has no template of their own.
pub(crate) const DEFAULT_TEMPLATE: &str = include_str!("hosted/template.html");
