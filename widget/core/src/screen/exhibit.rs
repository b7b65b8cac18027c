//! What there is to look at.

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exhibit {
    /// The number to pick on the other device.
    Number(String),
    /// The code to type in the original tab.
    Code(String),
    /// The question that the person once chose.
    Question(String),
    /// A picture to scan, as a `data:image/` address.
    QrCode(String),
    /// A secret to type into an app, where the picture cannot be scanned.
    SharedSecret(String),
    /// What an application asks for.
    Scopes(Vec<Scope>),
    /// Something to know about the other side: a browser, a place.
    Fact(Fact, String),
    /// A page that belongs to the step; the address has been checked.
    Link(LinkKind, String),
}

/// One thing that an application asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub label: String,
    /// What it allows.
    pub description: Option<String>,
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The application.
    Application,
    /// The browser.
    Browser,
    /// Where it is, as far as the server knows.
    Place,
    /// Where something was sent.
    SentTo,
    /// The address that an app is to be given.
    ServerAddress,
    /// A device that is set up already.
    Device,
    /// Who manages devices.
    Vendor,
    /// Anything else, under the server's label.
    Other(String),
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Get the app.
    Download,
    /// Set the app up.
    SetUp,
    /// Enroll the device.
    Enrollment,
    /// Terms of use.
    Terms,
    /// What happens to the data.
    Privacy,
    /// Help.
    Help,
}
