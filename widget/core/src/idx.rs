//! The Identity Engine's embedded protocol (IDX over Ion) as a backend: from an answer to what can be done next, from
//! there to a screen, and from what the person did to the next request's body.
//!
//! Everything is read from `serde_json::Value` by the readers in [`ion`]: unknown members are passed over, members of a
//! wrong type count as absent, and only what cannot be done without makes an answer unusable. Nothing outside this
//! folder knows a remediation's name.

mod answer;
mod compose;
mod device;
mod draw;
mod exhibits;
mod fields;
mod ion;
mod layout;
mod passkey;
mod purpose;
mod refusal;

pub(crate) use answer::{Answer, Terminal};
pub(crate) use compose::body;
pub(crate) use draw::{Automatic, Press, Sendable, Setting, View, sendable};
pub(crate) use passkey::{Job, answers as passkey_answers};
pub(crate) use refusal::Refusal;

/// Content type of the protocol; version 1.0.0 is the only one there is.
pub(crate) const ION: &str = "application/ion+json; okta-version=1.0.0";
