//! Answers that are no IDX: an API error object, an OAuth error, a proxy's page, nothing at all (idx.md section 17).

use serde_json::Value;

use super::ion;
use crate::{
    io::Response,
    screen::{Level, Matter, Notice},
};

/// What can be told about such an answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) notice: Notice,
}

/// The API's code for "too many requests".
const RATE_LIMITED: &str = "E0000047";

impl Refusal {
    pub(crate) fn read(response: &Response) -> Self {
        let json: Value = serde_json::from_str(response.body.expose()).unwrap_or(Value::Null);
        let code = ion::text(&json, "errorCode");
        let matter = if response.status == 429 || code.as_deref() == Some(RATE_LIMITED) {
            Matter::TooMany { seconds: response.retry_after }
        } else if let Some(text) = ion::text(&json, "errorSummary").filter(|_| response.status < 500) {
            Matter::Server { key: code.map(|code| format!("errors.{code}")), text }
        } else {
            Matter::ServerFailed
        };
        Self { notice: Notice::own(Level::Error, matter) }
    }
}
