//! How a transaction ends, and who it ends for.
//!
//! An embedded sign-in ends with a code for the page that it is in. A hosted one, on the server's own page, ends with
//! the browser being sent on; only that makes a session. What is sent is in `oauth/response.rs`.

use serde::{Deserialize, Serialize};

use super::transaction::Person;
use crate::clock::Timestamp;
use crate::config::ResponseType;
use crate::oauth::ResponseMode;

/// How a transaction ends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) enum Ending {
    /// With a code for the page that embeds it. Neither makes nor uses a session.
    #[default]
    InteractionCode,
    /// With the browser being sent on.
    Hosted(Box<Hosted>),
    /// With a device being let in, on the server's own page. It makes no session, and uses one if there is one.
    Device(Device),
}

/// The device that is let in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Device {
    /// The digest of the cookie of the browser that began it.
    pub(crate) browser: String,
    /// The digest of its device code; none as long as its user code has not been typed.
    pub(crate) id: Option<String>,
    /// The session of the browser when it began, if there was one.
    #[serde(default)]
    pub(crate) session: Option<String>,
}

/// What is particular to a transaction on the server's own page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hosted {
    /// The digest of the cookie of the browser that began it. No other browser may go on with it: otherwise somebody
    /// could be led to the end of a stranger's sign-in (RFC 9700 section 4.7).
    pub(crate) browser: String,
    /// The path and query of the page, where the person goes on after a visit elsewhere.
    pub(crate) address: String,
    /// Whether the box on the first page was ticked, where there is one.
    pub(crate) is_to_be_remembered: Option<bool>,
    /// What for.
    pub(crate) purpose: Purpose,
}

/// What a transaction on the server's own page is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// The client gets what it has asked `/authorize` for.
    Authorize {
        response_type: ResponseType,
        mode: ResponseMode,
        /// Whether the person is asked what the client may have, although they have said so before.
        must_consent: bool,
        /// Who it has to be, if the client has said so by an ID token (OIDC Core section 3.1.2.1).
        #[serde(default)]
        subject: Option<String>,
    },
}

/// Somebody who has proved all that the policy asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Admitted {
    pub(crate) person: Person,
    pub(crate) auth_time: Timestamp,
    /// The session that says so, if it was not proved now.
    pub(crate) session: Option<String>,
    /// Whether they want to stay signed in, once they have said so.
    pub(crate) is_to_be_remembered: Option<bool>,
    /// What they have let the client have, once they were asked.
    pub(crate) consented: Option<Vec<String>>,
}

impl Ending {
    pub(crate) fn hosted(&self) -> Option<&Hosted> {
        match self {
            Self::InteractionCode | Self::Device(_) => None,
            Self::Hosted(hosted) => Some(hosted),
        }
    }

    /// Whether it is on the server's own page, which pages of clients have nothing to do with.
    pub(crate) fn is_at_home(&self) -> bool {
        !matches!(self, Self::InteractionCode)
    }

    /// The device code that is to be approved, by its digest.
    pub(crate) fn device(&self) -> Option<&str> {
        match self {
            Self::Device(device) => device.id.as_deref(),
            Self::InteractionCode | Self::Hosted(_) => None,
        }
    }

    /// From now on nobody is known by a session.
    pub(crate) fn forget_session(&mut self) {
        if let Self::Device(device) = self {
            device.session = None;
        }
    }

    /// Notes what the box on the first page said.
    pub(crate) fn remember(&mut self, is_to_be_remembered: bool) {
        if let Self::Hosted(hosted) = self {
            hosted.is_to_be_remembered = Some(is_to_be_remembered);
        }
    }

    /// Whether the person is asked what the client may have, although they have said so before.
    pub(crate) fn must_consent(&self) -> bool {
        self.hosted().is_some_and(|hosted| {
            let Purpose::Authorize { must_consent, .. } = hosted.purpose;
            must_consent
        })
    }

    /// Whether this browser may go on with the transaction.
    pub(crate) fn is_of_browser(&self, browser: Option<&str>) -> bool {
        match self {
            Self::InteractionCode => true,
            Self::Hosted(hosted) => browser == Some(hosted.browser.as_str()),
            Self::Device(device) => browser == Some(device.browser.as_str()),
        }
    }
}

impl Admitted {
    /// Somebody who has just given the last proof.
    pub(crate) fn new(person: Person, ending: &Ending, now: Timestamp) -> Self {
        let is_to_be_remembered = ending.hosted().and_then(|hosted| hosted.is_to_be_remembered);
        let auth_time = person.auth_time(now);
        Self { person, auth_time, session: None, is_to_be_remembered, consented: None }
    }
}
