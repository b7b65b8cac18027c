//! HTTP: which path leads where, and what every answer has in common.
//!
//! Layers, from the outside: `observe` gives each request an id, logs one line about it, adds the security
//! headers and writes the bodies of errors; `cors` lets pages of registered origins in and no others. The
//! handlers turn bytes into values of `idx` and `oauth`, and back.

mod activate;
mod authorize;
mod body;
mod caller;
mod cookies;
mod cors;
mod error;
mod hosted;
mod identity_providers;
mod idx;
mod inbox;
mod link;
mod logout;
mod oauth;
mod observe;
mod page;
mod sessions;
mod simulator;
mod template;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::config::AuthorizationServer;
use crate::idx::{Action, FINISH};
use crate::links::PATH as LINK;
use crate::mail::Mailer;
use crate::oauth::ACTIVATE;
use crate::services::Services;
use crate::simulator::PATH as SIMULATOR;
use error::ApiError;
pub(crate) use hosted::DEFAULT_TEMPLATE;
use idx::Rejection;

/// Everything the server answers to.
pub(crate) fn router(services: Arc<Services>) -> Router {
    let mut router = Router::new()
        .merge(oauth_routes(&services))
        .route(ACTIVATE, get(activate::show))
        .route("/idp/idx/introspect", post(idx::introspect))
        .route(LINK, get(link::show).post(link::answer))
        .route("/pages.css", get(page::style))
        .route(identity_providers::LEAVE, get(identity_providers::leave))
        .route(identity_providers::COME_BACK, get(identity_providers::come_back))
        .merge(hosted_routes());
    for endpoint in Action::ENDPOINTS {
        let handler = move |state, caller, request| idx::act(state, caller, endpoint, request);
        router = router.route(&format!("/idp/idx/{endpoint}"), post(handler));
    }
    if matches!(services.mailer, Mailer::Inbox) {
        router = router
            .route("/inbox", get(inbox::page))
            .route("/inbox.json", get(inbox::json))
            .route(SIMULATOR, get(simulator::show).post(simulator::answer))
            .route(&format!("{SIMULATOR}.json"), get(simulator::json));
    }
    if services.config.hosted.editor {
        router = router
            .route("/template", get(template::show).post(template::answer))
            .route("/template/preview", post(template::preview));
    }
    router
        .fallback(|| async { ApiError::NOT_FOUND })
        .method_not_allowed_fallback(|| async {
            let summary = "The endpoint does not support the provided HTTP method";
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "E0000022", summary)
        })
        .layer(from_fn_with_state(Arc::clone(&services), cors::layer))
        .layer(from_fn_with_state(Arc::clone(&services), observe::layer))
        .with_state(services)
}

/// The server's own pages, around the sign-in and after it.
fn hosted_routes() -> Router<Arc<Services>> {
    Router::new()
        .route(FINISH, get(authorize::finish))
        .route("/hosted/widget/{version}/{*name}", get(hosted::widget))
        .route("/hosted/page.css", get(hosted::page_style))
        .route("/hosted/brand.css", get(hosted::brand_style))
        .route("/hosted/logo", get(hosted::logo))
        .route("/hosted/{script}", get(authorize::script))
        .route("/sessions", get(sessions::show).post(sessions::end))
        .route("/api/v1/sessions/me", get(logout::me).delete(logout::end_me))
}

/// The endpoints of each authorization server.
fn oauth_routes(services: &Services) -> Router<Arc<Services>> {
    let servers = services.config.authorization_servers().iter();
    servers.fold(Router::new(), |router, server| router.merge(server_routes(server)))
}

fn server_routes(server: &Arc<AuthorizationServer>) -> Router<Arc<Services>> {
    let issuer = &server.issuer;
    let endpoint = |name: &str| format!("{}/v1/{name}", issuer.oauth_path());
    let well_known = |name: &str| format!("{}/.well-known/{name}", issuer.discovery_path());
    // RFC 8414 section 3.1 puts it in front of the path, Okta behind it.
    let metadata = format!("/.well-known/oauth-authorization-server{}", issuer.discovery_path());
    let mut router = Router::new().route(&metadata, get(oauth::discovery));
    if !issuer.discovery_path().is_empty() {
        router = router.route(&well_known("oauth-authorization-server"), get(oauth::discovery));
    }
    router
        .route(&endpoint("authorize"), get(authorize::authorize).post(authorize::authorize_by_form))
        .route(&endpoint("logout"), get(logout::logout).post(logout::logout_by_form))
        .route(&endpoint("interact"), post(oauth::interact))
        .route(&endpoint("token"), post(oauth::token))
        .route(&endpoint("revoke"), post(oauth::revoke))
        .route(&endpoint("device/authorize"), post(oauth::authorize_device))
        .route(&endpoint("introspect"), post(oauth::introspect))
        .route(&endpoint("userinfo"), get(oauth::userinfo).post(oauth::userinfo))
        .route(&endpoint("keys"), get(oauth::keys))
        .route(&well_known("openid-configuration"), get(oauth::discovery))
        .layer(Extension(Arc::clone(server)))
}
