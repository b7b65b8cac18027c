//! The application's places, and who may see them. Three levels of protection stand side by side:
//!
//! - `/workshop`: everything below it is for members; one line guards the whole router.
//! - `/shop`: open, with one place that is for members; one line guards that route.
//! - `/stands`: open, and whoever wants to do something there is asked to sign in then.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum_extra::extract::cookie::Key;

use crate::config::Config;
use crate::protection::require_sign_in;
use crate::provider::Provider;
use crate::{headers, pages, sessions, sign_in};

/// The application, ready to be served.
#[derive(Debug)]
pub struct App {
    state: State,
}

/// What every handler shares.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) provider: Arc<Provider>,
    /// Of the cookies that only this process can read.
    pub(crate) key: Key,
}

impl App {
    /// Nothing is asked of the identity server yet: it may be started later.
    ///
    /// # Errors
    /// When there can be no HTTP client, for the system's certificates cannot be read.
    pub fn new(config: Config) -> Result<Self, reqwest::Error> {
        let provider = Arc::new(Provider::new(config.clone())?);
        Ok(Self { state: State { config: Arc::new(config), provider, key: Key::generate() } })
    }

    /// All places, with sessions and the headers that every answer has.
    pub fn router(self) -> Router {
        let Self { state } = self;
        let sessions = sessions::layer(state.config.is_https());
        Router::new()
            .route("/", get(pages::home))
            .merge(workshop(&state))
            .merge(shop(&state))
            .merge(stands())
            .merge(account(&state))
            .layer(from_fn_with_state(state.clone(), headers::refuse_foreign_forms))
            .layer(sessions)
            .merge(pages::files())
            .fallback(pages::not_found)
            .layer(from_fn_with_state(state.clone(), headers::add_policy))
            .with_state(state)
    }
}

/// All places are for members.
fn workshop(state: &State) -> Router<State> {
    Router::new()
        .route("/workshop", get(pages::workshop))
        .route("/workshop/tools", get(pages::tools))
        .route_layer(from_fn_with_state(state.clone(), require_sign_in))
}

/// Some are: the one that is added before the line that guards, and not the one after it.
fn shop(state: &State) -> Router<State> {
    Router::new()
        .route("/shop/orders", get(pages::orders))
        .route_layer(from_fn_with_state(state.clone(), require_sign_in))
        .route("/shop", get(pages::shop))
}

/// None is; whoever wants to reserve one is led to sign in first.
fn stands() -> Router<State> {
    Router::new().route("/stands", get(pages::stands).post(pages::reserve))
}

/// The way in and out, and what is known about whoever is in.
fn account(state: &State) -> Router<State> {
    Router::new()
        .route("/claims", get(pages::claims))
        .route_layer(from_fn_with_state(state.clone(), require_sign_in))
        .route("/sign-in", get(sign_in::sign_in))
        .route("/callback", get(sign_in::callback))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/signed-out", get(pages::signed_out))
}
