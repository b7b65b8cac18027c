//! Every way on beside the form.

use crate::io::Timestamp;

/// A way on beside the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// Text that the server wants, over ours.
    pub label: Option<String>,
    /// Where it leads, if it is a plain link out of the page; already checked.
    pub href: Option<String>,
    /// The link opens a tab of its own.
    pub opens_tab: bool,
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
    /// Help with signing in.
    Help,
    /// Anything else; holds the server's name for it.
    Other(String),
}
