//! The protocol of the Latchkey sign-in widget, as a pure value.
//!
//! [`Flow::handle`] turns one [`Input`] (an answer of the server, something the person did, a timer) into a list of
//! [`Output`]s (a request to send, a [`Screen`] to draw, tokens to hand over). A driver performs the outputs and feeds
//! the results back. There is no browser here, no I/O, no clock, no dice and no async: time comes in with every call,
//! randomness once as [`Entropy`], so every sign-in is a pure function of its inputs and can be replayed.
//!
//! The server owns the flow. Nothing here knows which step follows which: an answer says what can be done next, and a
//! step that nobody has seen before becomes a screen like any other.
//!
//! Modules in reading order: [`io`] is the border, [`screen`] is what the person sees, [`flow`] is the state machine,
//! `idx` is the one backend there is today, [`oidc`] makes and checks the tokens.

pub mod io;
pub mod screen;

pub mod flow;
mod idx;
pub mod oidc;
pub mod password;
pub mod telephone;

pub mod base64url;
pub mod entropy;
pub mod error;
pub mod secret;
pub mod text;
mod web_address;

pub use entropy::Entropy;
pub use error::Error;
pub use flow::{Config, Flow, StartAt};
pub use io::{Input, Output};
pub use screen::Screen;
pub use secret::Secret;

/// An object with these members. `json!` would bring along what turns every other type into a value.
pub fn json_object(members: Vec<(&str, serde_json::Value)>) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    object.into()
}

/// The compact text of a JSON value. `Value`'s `Display` would bring two further printers along.
pub fn json_text(value: &serde_json::Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
