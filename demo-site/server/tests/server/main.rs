//! The server as its clients meet it: requests against the real router, with a real database file and a clock
//! that the test moves.
//!
//! Every IDX answer that a test receives is checked against the rules that hold for all of them, in
//! `document.rs`; a test then says what is particular.

// Helpers of tests are tests: `cfg(test)` says so to the lints, which let tests fail by panicking.
#[cfg(test)]
mod acr;
#[cfg(test)]
mod authenticator;
#[cfg(test)]
mod authorization_servers;
#[cfg(test)]
mod authorize;
#[cfg(test)]
mod brand;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod client_authentication;
#[cfg(test)]
mod config;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod device;
#[cfg(test)]
mod document;
#[cfg(test)]
mod dpop;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod email_link;
#[cfg(test)]
mod enumeration;
#[cfg(test)]
mod factors;
#[cfg(test)]
mod grace;
#[cfg(test)]
mod grant_types;
#[cfg(test)]
mod hosted;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_provider;
#[cfg(test)]
mod identity_providers;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod introspection;
#[cfg(test)]
mod key_rotation;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod logout;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod process;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod provider_as_factor;
#[cfg(test)]
mod push;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod regaining;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod seals;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod stepping_up;
#[cfg(test)]
mod storage;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod totp;
#[cfg(test)]
mod unlock;
