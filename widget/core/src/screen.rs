//! What the person sees, in the field's words and without any backend's.
//!
//! A [`Screen`] holds data only: labels that the server sent, what each field is for, which ways lead on. Words of our
//! own, markup and focus belong to the UI, which finds them by the enums below. Not here: how a screen comes about
//! (a backend adapter) and what an answer to it does ([`Flow`](crate::Flow)).

use std::{ops::Deref, sync::Arc};

use crate::io::Timestamp;

/// Names one screen of one flow. A refused form keeps the id, so what was typed into it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScreenId(pub u32);

/// Position of an action within its screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionId(pub usize);

/// One page of the widget.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Screen {
    /// Changes when the person is somewhere else; equal ids are the same form, updated.
    pub id: ScreenId,
    /// The server's name for the step, for the `screen` event: `identify`, `challenge-authenticator`, `terminal`.
    pub step: String,
    /// Which of the drawn screens this is.
    pub layout: Layout,
    /// The authenticator that the step is about.
    pub authenticator: Option<Authenticator>,
    /// Who is signing in, once the server knows: an e-mail address or user name.
    pub person: Option<String>,
    /// Whom a new password is for, as far as the server tells.
    pub whom: crate::password::Person,
    /// The name of the application that the person signs in to.
    pub application: Option<String>,
    /// Title that the server wants, over ours.
    pub title: Option<String>,
    /// What there is to tell, most important first.
    pub notices: Vec<Notice>,
    /// What can be filled in and sent.
    pub form: Option<Form>,
    /// Every other way on.
    pub actions: Vec<Action>,
    /// Things to look at: a number to compare, a code to type elsewhere.
    pub exhibits: Vec<Exhibit>,
    /// Something is being set up rather than proved: a new passkey, a new app, a new number.
    pub is_setup: bool,
    /// A page of another provider may appear in it.
    pub has_frame: bool,
}

/// A screen, and what is going on while it is shown. Cheap to copy: the screen itself is shared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    /// The page.
    pub screen: Arc<Screen>,
    /// The server has been asked and has not answered yet.
    pub is_busy: bool,
    /// The browser, or another page inside this one, is asking the person something.
    pub is_prompting: bool,
}

impl From<Screen> for Shown {
    fn from(screen: Screen) -> Self {
        Self { screen: Arc::new(screen), ..Self::default() }
    }
}

impl Deref for Shown {
    type Target = Screen;

    fn deref(&self) -> &Screen {
        &self.screen
    }
}

/// The drawn screens. A step that is not known here is [`Layout::Generic`] and works all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Nothing is known yet.
    #[default]
    Loading,
    /// Who are you? Perhaps with the password at once.
    Identify,
    /// Whose access is to be recovered?
    Recover,
    /// The password of a known person.
    Password,
    /// A one-time code.
    Code,
    /// A password is to be set.
    NewPassword(NewPassword),
    /// A registration or profile form of the server's making.
    Profile,
    /// One of several authenticators is to be chosen.
    Choice(Choosing),
    /// A telephone number is to be given.
    PhoneNumber,
    /// A passkey or security key; the browser asks for it.
    Passkey,
    /// A prompt of another provider, in a frame of its own.
    Prompt,
    /// A security question, to be answered or to be chosen.
    Question,
    /// An application asks for access, or somebody asks whether it was the person.
    Consent(Asking),
    /// Stay signed in on this device?
    StaySignedIn,
    /// The code that another device shows.
    DeviceCode,
    /// A new activation e-mail can be asked for.
    Activation,
    /// It goes on at another provider, or with a proof of identity.
    Provider,
    /// The password is changed elsewhere.
    PasswordElsewhere {
        /// It has run out already.
        is_expired: bool,
    },
    /// A warning to be read before going on.
    Warning,
    /// A notification was not approved and can be sent again.
    Resend,
    /// The app on this device can sign the person in.
    DeviceSignIn,
    /// This device has to be set up elsewhere first.
    DeviceSetUp {
        /// By the organisation's management of devices, rather than by an app.
        is_managed: bool,
    },
    /// Nothing to do but wait; another device or tab has its turn.
    Waiting(Awaiting),
    /// Only something to read, and perhaps a way on.
    Message,
    /// The tokens have been handed over.
    Done,
    /// Built from the server's form alone.
    Generic,
}

/// Why a password is to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPassword {
    /// It is the first one.
    First,
    /// The old one was forgotten.
    Reset,
    /// The old one has expired.
    Expired,
    /// The old one expires soon.
    Expiring,
}

/// Who asks, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// An application wants access.
    Application,
    /// An application wants access for a whole organisation.
    Administrator,
    /// An application wants several things, each of which can be refused.
    Scopes,
    /// Somebody opened the link of an e-mail.
    SignIn,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaiting {
    /// A notification is to be answered on another device.
    Approval,
    /// An app is to be set up by scanning a code.
    Scan,
    /// A link to set up an app was sent by e-mail.
    MailedLink,
    /// A link to set up an app was sent as text message.
    TextedLink,
    /// An app is to be set up on this device.
    ThisDevice,
    /// An app is to be set up from a device that has it already.
    OtherDevice,
    /// A card is to be held against the reader.
    Card,
    /// This device is being looked at.
    Probe,
    /// An app on this device is to be opened.
    App,
    /// The server works in a restricted mode.
    Recovery,
    /// Something that needs no person.
    Nothing,
}

/// What an authenticator is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// To prove who one is.
    ToVerify,
    /// To prove who one is, so as to set a new password.
    ToRecover,
    /// To set up a new one.
    ToEnroll,
    /// To unlock an account.
    ToUnlock,
    /// How to be reached by the one that was chosen (text message, call).
    Method,
}

/// An authenticator, as far as the person should see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authenticator {
    /// The protocol's key: `okta_password`, `okta_email`, `phone_number` …
    pub key: String,
    /// The server's name for it.
    pub display_name: Option<String>,
    /// Masked address, number or device.
    pub detail: Option<String>,
    /// Its message holds a link beside the code.
    pub sends_link: bool,
    /// It calls and says the code.
    pub calls: bool,
}

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

/// A way on beside the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// Text that the server wants, over ours.
    pub label: Option<String>,
    /// Where it leads, if it is a plain link out of the page; already checked.
    pub href: Option<String>,
    /// Not to be pressed before.
    pub ready_at: Option<Timestamp>,
}

/// What an action does: decides its text and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind {
    /// Recover a forgotten password.
    Recover,
    /// Register.
    SignUp,
    /// From registration back to sign-in.
    SignIn,
    /// Unlock a locked account.
    Unlock,
    /// Choose another authenticator to verify with.
    VerifyOtherwise,
    /// Choose another authenticator to set up.
    EnrollOtherwise,
    /// Choose another channel for the same authenticator.
    OtherChannel,
    /// Not now.
    Skip,
    /// Send the code or notification again.
    Resend,
    /// Send the code for the first time.
    Send,
    /// Sign in with an external identity provider.
    Provider {
        /// Its name, as the server gives it.
        name: String,
        /// The server's type for it: `GOOGLE`, `OIDC` …
        provider_type: String,
    },
    /// Sign in with a passkey, whoever it belongs to.
    PasskeySignIn,
    /// Use a passkey or security key.
    UsePasskey,
    /// Make a passkey, or register a security key.
    CreatePasskey,
    /// Make a passkey instead of signing in otherwise.
    SetUpPasskey,
    /// Sign in with the app on this device.
    DeviceSignIn,
    /// Sign in with a card that is held against the reader.
    CardSignIn,
    /// Sign in with a smart card.
    SmartCard,
    /// Prove one's identity at the provider of this name.
    ProveIdentity(String),
    /// Go on where the server says.
    Continue,
    /// Open the app that was asked for.
    OpenApp,
    /// Get the app.
    GetApp,
    /// Start the prompt of another provider.
    StartPrompt,
    /// Change the password at the place that has this name.
    ChangePasswordAt(Option<String>),
    /// Leave this transaction and begin anew.
    StartOver,
    /// Ask the same thing again after a failure of the network; the UI draws it inside the notice.
    TryAgain {
        /// The form is to be sent again, with what is in it now, instead of pressing the action.
        with_form: bool,
    },
    /// Back to the form that the server put first.
    Back,
    /// Anything else; holds the server's name for it.
    Other(String),
}

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

impl Screen {
    /// All fields of the form, those of alternatives too.
    pub fn fields(&self) -> Vec<&Field> {
        let mut all = Vec::new();
        for field in self.form.iter().flat_map(|form| &form.fields) {
            all.push(field);
            if let Control::Alternatives(alternatives) = &field.control {
                for alternative in alternatives {
                    all.extend(&alternative.fields);
                }
            }
        }
        all
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().into_iter().find(|field| field.name == name)
    }
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

impl Notice {
    /// A notice in our own words, without links.
    pub const fn own(level: Level, matter: Matter) -> Self {
        Self { level, matter, links: Vec::new() }
    }
}
