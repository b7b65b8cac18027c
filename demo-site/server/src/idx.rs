//! The IDX protocol: one sign-in, registration or recovery as a conversation.
//!
//! Each request names its transaction by a handle and carries one [`Action`]; the transaction is in one
//! [`transaction::Phase`]. `flow` decides what the action does in that phase, `answer` draws the phase that results as an
//! Ion document. A refused action leaves the phase as it was, so that the same forms come back with messages.
//! Nothing here knows about HTTP beyond a status number, or writes SQL.

pub(crate) mod acr;
pub(crate) mod action;
pub(crate) mod amr;
pub(crate) mod answer;
pub(crate) mod authenticators;
pub(crate) mod ending;
pub(crate) mod enrollment;
pub(crate) mod flow;
pub(crate) mod grace;
pub(crate) mod handle;
pub(crate) mod ion;
pub(crate) mod messages;
pub(crate) mod requirements;
pub(crate) mod temporary_code;
pub(crate) mod transaction;

pub(crate) use action::Action;
pub(crate) use answer::{Answer, FINISH};
pub(crate) use ending::{Admitted, Ending, Hosted, Purpose};
pub(crate) use flow::{Caller, ReturnRefusal, Returned, Standing};
pub(crate) use transaction::{InteractionRequest, Person, Phase, Proof, Setup, Transaction};
