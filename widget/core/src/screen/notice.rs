//! What there is to tell: the server's own words, or what the UI finds words for.

/// Something to tell the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How grave it is.
    pub level: Level,
    /// What it is about.
    pub matter: Matter,
    /// Links that belong to it; their addresses have been checked.
    pub links: Vec<Link>,
}

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something was refused or failed.
    Error,
    /// Something needs care.
    Warning,
    /// Something to know.
    Info,
    /// Something went well.
    Success,
}

/// What a notice is about. Server texts are data; the rest is worded by the UI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// The server's own words, with the key under which better ones may be known.
    Server {
        /// The message's i18n key.
        key: Option<String>,
        /// The text to fall back on; never empty.
        text: String,
    },
    /// The transaction had run out; a new one has begun.
    StartedOver,
    /// The server could not be reached.
    Unreachable,
    /// The server failed or answered something that cannot be used.
    ServerFailed,
    /// The server's answer led to a place that it must not lead to.
    Refused,
    /// Too many attempts.
    TooMany {
        /// Seconds until the next one may succeed, where the server says so.
        seconds: Option<u32>,
    },
    /// The page is not set up for this issuer; the person can do nothing about it.
    NotSetUp,
    /// The server asks for something that this version of the widget cannot do.
    NotSupported,
    /// Everything went well up to the end, but the tokens could not be accepted.
    NotAccepted,
    /// A passkey could not be used or made.
    Passkey(PasskeyTrouble),
    /// What the page needed for this step could not be loaded, or did not work.
    PromptFailed,
    /// The link that led here can't be used any more.
    LinkUnusable,
    /// The code or notification has been sent again.
    SentAgain,
    /// The password expires in so many days; zero is today.
    PasswordExpires {
        /// Whole days.
        days: u32,
    },
}

/// Why a passkey could not be used or made, as far as the browser tells (WebAuthn Level 3, sections 5.1.3 and 5.1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyTrouble {
    /// Cancelled, timed out, or nothing that fits: browsers do not say which.
    Cancelled,
    /// This device holds one already.
    AlreadyThere,
    /// The page is not where the passkey belongs.
    WrongPlace,
    /// This browser or device cannot.
    Unsupported,
    /// The passkey does not say whose it is.
    Nameless,
    /// Anything else.
    Failed,
}

/// A link inside a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its text.
    pub label: String,
    /// http(s), mailto or a declared app scheme.
    pub href: String,
}

impl Notice {
    /// A notice in our own words, without links.
    pub const fn own(level: Level, matter: Matter) -> Self {
        Self { level, matter, links: Vec::new() }
    }
}
