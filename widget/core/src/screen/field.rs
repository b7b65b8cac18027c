//! What there is to fill in, and what can be said about a value before it is sent.

use super::{Authenticator, Notice};

/// Fields and the button that sends them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// In the server's order.
    pub fields: Vec<Field>,
    /// Text of the button that the server wants, over ours.
    pub submit_label: Option<String>,
}

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The dotted path in the server's form, which is also the input's `name`.
    pub name: String,
    /// The server's label.
    pub label: Option<String>,
    /// What the field is for.
    pub purpose: Purpose,
    /// How it is filled in.
    pub control: Control,
    /// The server wants it filled in.
    pub is_required: bool,
    /// Fewest characters.
    pub min_length: Option<u32>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// What it holds to begin with; never a secret.
    pub value: Option<String>,
    /// Help that the server sent.
    pub hint: Option<String>,
    /// What the server says is wrong with it.
    pub notices: Vec<Notice>,
    /// Rules that a new password has to keep.
    pub rules: Vec<crate::password::Rule>,
    /// The browser may offer passkeys in it, beside what it remembers.
    pub accepts_passkey: bool,
    /// It is shown and cannot be changed.
    pub is_fixed: bool,
}

/// What a field is for: decides our own label, the `autocomplete` token and the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Who is signing in.
    Username,
    /// The password that the person has.
    CurrentPassword,
    /// The password that the person is to have.
    NewPassword,
    /// A code of digits.
    OneTimeCode,
    /// A code that may hold letters.
    AlphanumericCode,
    /// Stay signed in on this device.
    RememberMe,
    /// End the sessions on other devices.
    RevokeSessions,
    /// Allow or deny what an application asks for.
    Consent,
    /// Stay signed in, as a question of its own.
    StaySignedIn,
    /// Eight characters that another device shows.
    DeviceCode,
    /// The answer to a security question.
    Answer,
    /// How to be reached.
    Method,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// E-mail address.
    Email,
    /// Telephone number.
    Telephone,
    /// Street and house number.
    StreetAddress,
    /// Town.
    City,
    /// State, province or canton.
    Region,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// Organisation.
    Organization,
    /// Job title.
    JobTitle,
    /// A web address.
    WebAddress,
    /// Anything else.
    Other,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Control {
    /// One line of text.
    Text,
    /// One line that is not shown.
    Secret,
    /// A telephone number with its country; sent in E.164, with an extension after `x` where there may be one.
    Telephone {
        /// Calls can be put through to an extension.
        has_extension: bool,
    },
    /// A country, by its ISO 3166-1 code.
    Country,
    /// A box to tick.
    Checkbox,
    /// One of a few, all in view.
    Radio(Vec<Choice>),
    /// One of many.
    Select(Vec<Choice>),
    /// One of several ways on, each of which sends the form by itself.
    Pick(Vec<Pick>),
    /// One of several sets of fields.
    Alternatives(Vec<Alternative>),
}

/// One value to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its text.
    pub label: String,
    /// What is sent.
    pub value: String,
}

/// One authenticator or method to pick; picking it sends the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Its text.
    pub label: String,
    /// The authenticator behind it.
    pub authenticator: Option<Authenticator>,
    /// How long it may still be put off.
    pub grace: Option<Grace>,
}

/// How long setting something up may be put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grace {
    /// Until then; a date and time in ISO 8601.
    Until(String),
    /// For so many further sign-ins.
    SignIns(u32),
}

/// One set of fields of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// Its text.
    pub label: String,
    /// What is to be filled in when it is chosen.
    pub fields: Vec<Field>,
}

/// What is wrong with a value before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Nothing was filled in.
    Missing,
    /// Fewer characters than the server takes.
    TooShort(u32),
    /// More characters than the server takes.
    TooLong(u32),
}

impl Field {
    /// What the server would refuse for sure; everything else is left to it.
    pub fn complaint(&self, value: &str) -> Option<Complaint> {
        let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        if length == 0 {
            return self.is_required.then_some(Complaint::Missing);
        }
        let too_short = self.min_length.filter(|least| length < *least).map(Complaint::TooShort);
        too_short.or_else(|| self.max_length.filter(|most| length > *most).map(Complaint::TooLong))
    }

    /// The value as it is sent: a code may be typed with spaces or hyphens between its digits, a password is never touched.
    pub fn normalized(&self, value: String) -> String {
        match self.purpose {
            Purpose::OneTimeCode => value.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
            Purpose::Username | Purpose::Email | Purpose::AlphanumericCode => value.trim().to_owned(),
            Purpose::DeviceCode => device_code(value.trim()),
            _ => value,
        }
    }
}

/// RFC 8628 section 6.1: people leave hyphens out; the server shows eight characters with one in the middle.
fn device_code(typed: &str) -> String {
    match typed.split_at_checked(4) {
        Some((first, second)) if typed.len() == 8 && !typed.contains('-') => format!("{first}-{second}"),
        _ => typed.to_owned(),
    }
}
