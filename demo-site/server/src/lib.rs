//! The reference identity server: somebody to sign in to.
//!
//! It speaks the embedded identity API (IDX) and OpenID Connect, well enough for clients that were written
//! against a hosted service, and keeps everything in one SQLite file. The widget's tests and its demonstration
//! run against it; it shares no code with the widget, so that a misreading cannot cancel itself out.
//!
//! # The model on one page
//!
//! ```text
//! http      bytes to values and back; origins, headers, one log line      (axum)
//!  ├─ idx     Action × Phase → Step → Answer: sign-in, registration, recovery
//!  └─ oauth   interact, token, userinfo, revoke, discovery
//!      └──── limits   password   passkeys   mail   keys   jws   digest    what both are made of
//!                └─ store     every SQL statement; makes "once" mean once (sqlx)
//! sessions  hosted    whose browser it is, and the sign-in page of our own (template, branding, assets)
//! identity_providers    other servers that people may be sent to, and what they say
//! links  phone  totp  qr  simulator    what second proofs are made of; pages of the server's own are in http
//! operator  tokens that operators make for people who cannot get in
//! config    what the operator wrote, checked before anything starts
//! seals   what has to be known, kept so that the database alone does not tell it
//! clock, entropy    time and randomness, as arguments
//! ```
//!
//! A client begins at `interact` with its `code_challenge` and gets an interaction handle; `introspect` turns
//! it into a state handle and the first form. Each form that is posted moves the transaction to its next
//! `Phase`, or repeats the form with messages. The last answer carries an interaction code, which `token`
//! exchanges once, against the `code_verifier`, for tokens.
//!
//! Rules that hold everywhere:
//! - secrets are kept as digests; only the signing key and the secrets of one-time codes cannot be, and the latter are sealed
//!   (`seals`) where the operator gives a key;
//! - whoever has no account gets the same answers, in the same time, as whoever has one;
//! - what can be used once is used up by one SQL statement, before it is looked at;
//! - time comes from [`Clock`] and randomness from [`Entropy`], both given to [`Server::open`].

mod assets;
mod branding;
mod clock;
mod config;
mod digest;
mod entropy;
mod failure;
mod hosted;
mod http;
mod identity_providers;
mod idx;
mod jws;
mod keys;
mod limits;
mod links;
mod mail;
mod oauth;
mod operator;
mod passkeys;
mod password;
mod phone;
mod qr;
mod seals;
mod server;
mod services;
mod sessions;
mod simulator;
mod store;
mod template;
mod totp;

pub use clock::{Clock, SystemClock, Timestamp};
pub use config::{Config, ConfigError};
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use operator::{IssuedToken, TokenError, TokenKind};
pub use server::{Server, StartError};
