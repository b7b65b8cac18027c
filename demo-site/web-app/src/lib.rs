//! A customer's server-rendered application in the redirect model: people sign in on the identity server's own page, and
//! come back with a code that only this server can redeem. No script and no access token ever reaches the browser. An ID token
//! does, once: at sign-out the browser takes it back to the identity server, in an address (`id_token_hint`).
//!
//! Not here: anything of Latchkey. To this application the identity server is one OpenID provider like any other, and
//! `openidconnect` does what the protocol wants.
//!
//! Start reading at `app.rs`: it has the routes, and with them the three levels of protection.

mod app;
mod attempts;
mod config;
mod headers;
mod pages;
mod person;
mod problem;
mod protection;
mod provider;
mod return_to;
mod sessions;
mod sign_in;

pub use app::App;
pub use config::{Config, ConfigError};
