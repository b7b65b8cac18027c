//! What the person sees, in the field's words and without any backend's.
//!
//! A [`Screen`] holds data only: labels that the server sent, what each field is for, which ways lead on. Words of our
//! own, markup and focus belong to the UI, which finds them by the enums below. Not here: how a screen comes about
//! (a backend adapter) and what an answer to it does ([`Flow`](crate::Flow)).

mod exhibit;
mod field;
mod notice;
mod way_on;

use std::{ops::Deref, sync::Arc};

pub use exhibit::{Exhibit, Fact, LinkKind, Scope};
pub use field::{Alternative, Choice, Complaint, Control, Field, Form, Grace, Pick, Purpose};
pub use notice::{Level, Link, Matter, Notice, PasskeyTrouble};
pub use way_on::{Action, ActionKind};

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
