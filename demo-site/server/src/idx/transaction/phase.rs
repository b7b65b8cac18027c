//! How far a transaction has come: what the server waits for, and what it knows by then.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::idx::amr::{Amr, Method};
use crate::idx::authenticators::Kind;
use crate::idx::ending::Admitted;
use crate::idx::grace::GracePeriod;
use crate::passkeys::{AssertionChallenge, CreationChallenge};
use crate::phone::{PhoneMethod, PhoneNumber};
use crate::store::Profile;

/// What the server waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Who it is; and the password, if the policy asks for both at once. Or a passkey, which says both.
    Identify { identifier: Option<String>, passkey: Option<AssertionChallenge> },
    /// Proof that it is them.
    Authenticate { account: Account, challenge: Challenge },
    /// The profile of somebody new.
    EnrollProfile,
    /// Proof that the address is theirs.
    EnrollEmail { applicant: Applicant, code: EmailCode },
    /// Whether they want a password.
    SelectEnrollment { applicant: Applicant },
    /// Their first password.
    EnrollPassword { applicant: Applicant },
    /// Whose password was forgotten.
    IdentifyRecovery,
    /// How they want to prove that it is them, other than by the password.
    SelectWay { account: Account, goal: Goal },
    /// Proof that it is them.
    Regain(Regaining),
    /// The password that replaces the forgotten one.
    ResetPassword { account: Account, amr: Amr },
    /// The first password of an account that somebody else has made.
    Activate { account: Account },
    /// The code that a device shows. What was in the address of the page is typed already.
    EnterUserCode { user_code: Option<String> },
    /// Whose account is locked, and how they want to prove it.
    SelectUnlock,
    /// Which second proof they want to give.
    SelectFactor { person: Person },
    /// A second proof that it is them.
    ProveAgain { person: Person, proof: Proof },
    /// Which authenticator they want to set up.
    SelectSetup { person: Person },
    /// An authenticator that is being set up.
    SetUp { person: Person, setup: Setup },
    /// Whether they want to stay signed in.
    KeepSignedIn { admitted: Box<Admitted> },
    /// Whether the client may have these scopes.
    Consent { admitted: Box<Admitted>, scopes: Vec<String> },
    /// Over, but for the browser being sent on.
    Done { admitted: Box<Admitted>, is_refused: bool },
}

/// Somebody who has proved who they are at least once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) identifier: String,
    pub(crate) user_id: String,
    pub(crate) amr: Amr,
    /// The session that they were known by when this sign-in began, if they were.
    #[serde(default)]
    pub(crate) known_by: Option<KnownBy>,
    /// Who has said who it is, if it was not this server: the first proof was given there.
    #[serde(default)]
    pub(crate) identity_provider: Option<String>,
    /// Whether they have given a second proof, or one that counts as two.
    pub(crate) has_second: bool,
    /// What they have given and cannot give again.
    #[serde(default)]
    pub(crate) spent: Vec<Kind>,
    /// Whether they want to set nothing up now.
    pub(crate) has_skipped: bool,
    /// What they have to set up and may put off.
    #[serde(default)]
    pub(crate) graces: Vec<GracePeriod>,
    /// What they have set up since this sign-in began.
    pub(crate) set_up: Vec<Kind>,
}

/// A session, and what was proved when it began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KnownBy {
    pub(crate) session: String,
    pub(crate) auth_time: Timestamp,
    pub(crate) amr: Amr,
}

/// Somebody who wants to get back in without the password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Regaining {
    pub(crate) account: Account,
    pub(crate) goal: Goal,
    /// What is asked for.
    pub(crate) proof: Proof,
    /// How they have proved it, when something is asked for on top of it.
    pub(crate) given: Option<Method>,
}

/// What somebody wants who cannot get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Goal {
    /// They have forgotten their password.
    NewPassword,
    /// Their account is locked.
    Unlock,
}

/// Which second proof is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Proof {
    Password,
    Email(EmailCode),
    Passkey(AssertionChallenge),
    Totp,
    SecurityQuestion,
    TemporaryCode,
    /// How the code is to get there.
    PhoneMethod,
    PhoneCode {
        method: PhoneMethod,
        code: EmailCode,
    },
    /// On the device, which may ask for the number that is shown.
    Push {
        id: String,
        correct_answer: Option<String>,
        expires_at: Timestamp,
    },
    /// The device said no, or nothing.
    PushEnded,
    /// At another identity provider, perhaps for the second time.
    IdentityProvider {
        has_failed: bool,
    },
}

/// What is being set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Setup {
    Passkey(CreationChallenge),
    /// The secret, as `seals` keeps it.
    Totp {
        secret: String,
    },
    SecurityQuestion,
    /// Which number.
    PhoneNumber,
    PhoneCode {
        number: PhoneNumber,
        method: PhoneMethod,
        code: EmailCode,
    },
    Push {
        device: String,
    },
    /// At another identity provider, perhaps for the second time.
    IdentityProvider {
        has_failed: bool,
    },
}

/// Which proof is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Challenge {
    Password,
    Email(EmailCode),
    TemporaryCode,
}

/// The account that a person named. Whether it exists is not to be seen from outside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) identifier: String,
    pub(crate) user_id: Option<String>,
}

/// Somebody who is about to get an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Applicant {
    pub(crate) email: String,
    pub(crate) profile: Profile,
}

/// A code that was sent, or that would have been sent if there were anybody to send it to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EmailCode {
    /// Keyed with the handle, which is not in the database.
    pub(crate) digest: String,
    pub(crate) failures: u32,
    pub(crate) expires_at: Timestamp,
    /// The name of the link beside it, if there is one.
    #[serde(default)]
    pub(crate) link: Option<String>,
}

impl Person {
    /// Somebody who has given this proof.
    pub(crate) fn new(identifier: &str, user_id: &str, amr: Amr) -> Self {
        let (identifier, user_id) = (identifier.to_owned(), user_id.to_owned());
        Self {
            identifier,
            user_id,
            amr,
            known_by: None,
            identity_provider: None,
            has_second: false,
            spent: Vec::new(),
            graces: Vec::new(),
            has_skipped: false,
            set_up: Vec::new(),
        }
    }

    /// When they have proved who they are (OIDC Core section 2): now, unless all of it was proved when a session began.
    pub(crate) fn auth_time(&self, now: Timestamp) -> Timestamp {
        self.known_by.as_ref().filter(|known_by| known_by.amr == self.amr).map_or(now, |it| it.auth_time)
    }
}

impl Proof {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Password => Kind::Password,
            Self::Email(_) => Kind::Email,
            Self::Passkey(_) => Kind::Passkey,
            Self::Totp => Kind::Totp,
            Self::SecurityQuestion => Kind::SecurityQuestion,
            Self::TemporaryCode => Kind::Tac,
            Self::PhoneMethod | Self::PhoneCode { .. } => Kind::Phone,
            Self::Push { .. } | Self::PushEnded => Kind::Push,
            Self::IdentityProvider { .. } => Kind::IdentityProvider,
        }
    }

    fn question(&self) -> &'static str {
        match self {
            Self::Password => "second-password",
            Self::Email(_) => "second-code",
            Self::Passkey(_) => "passkey",
            Self::Totp => "totp",
            Self::SecurityQuestion => "question",
            Self::TemporaryCode => "second-temporary-code",
            Self::PhoneMethod => "phone-method",
            Self::PhoneCode { .. } => "phone-code",
            Self::Push { .. } => "push",
            Self::PushEnded => "push-ended",
            Self::IdentityProvider { .. } => "provider",
        }
    }
}

impl Regaining {
    fn question(&self) -> &'static str {
        match (&self.proof, self.goal) {
            (Proof::Email(_), Goal::NewPassword) => "recovery-code",
            (Proof::Email(_), Goal::Unlock) => "unlock-code",
            (proof, _) => proof.question(),
        }
    }
}

impl Setup {
    fn question(&self) -> &'static str {
        match self {
            Self::Passkey(_) => "new-passkey",
            Self::Totp { .. } => "new-totp",
            Self::SecurityQuestion => "new-question",
            Self::PhoneNumber => "new-number",
            Self::PhoneCode { .. } => "new-number-code",
            Self::Push { .. } => "new-device",
            Self::IdentityProvider { .. } => "new-provider",
        }
    }
}

impl Phase {
    /// Who somebody is known to be, in the phases in which that is known.
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Self::SelectFactor { person }
            | Self::ProveAgain { person, .. }
            | Self::SelectSetup { person }
            | Self::SetUp { person, .. } => Some(person),
            Self::KeepSignedIn { admitted }
            | Self::Consent { admitted, .. }
            | Self::Done { admitted, .. } => Some(&admitted.person),
            Self::Identify { .. }
            | Self::Authenticate { .. }
            | Self::EnrollProfile
            | Self::EnrollEmail { .. }
            | Self::SelectEnrollment { .. }
            | Self::EnrollPassword { .. }
            | Self::IdentifyRecovery
            | Self::SelectUnlock
            | Self::EnterUserCode { .. }
            | Self::SelectWay { .. }
            | Self::Regain(_)
            | Self::ResetPassword { .. }
            | Self::Activate { .. } => None,
        }
    }

    /// A word for what is asked. A refusal asks the same again, so the word stays and with it the handle.
    pub(crate) fn question(&self) -> &'static str {
        match self {
            Self::Identify { .. } => "identify",
            Self::Authenticate { challenge: Challenge::Password, .. } => "password",
            Self::Authenticate { challenge: Challenge::Email(_), .. } => "code",
            Self::Authenticate { challenge: Challenge::TemporaryCode, .. } => "temporary-code",
            Self::EnrollProfile => "profile",
            Self::EnrollEmail { .. } => "address",
            Self::SelectEnrollment { .. } => "choice",
            Self::EnrollPassword { .. } => "first-password",
            Self::IdentifyRecovery => "whose",
            Self::SelectWay { .. } => "way",
            Self::Regain(regaining) => regaining.question(),
            Self::ResetPassword { .. } => "new-password",
            Self::Activate { .. } => "activation",
            Self::EnterUserCode { .. } => "user-code",
            Self::SelectUnlock => "whose-lock",
            Self::SelectFactor { .. } => "factor",
            Self::ProveAgain { proof, .. } => proof.question(),
            Self::SelectSetup { .. } => "setup",
            Self::SetUp { setup, .. } => setup.question(),
            Self::KeepSignedIn { .. } => "stay",
            Self::Consent { .. } => "consent",
            Self::Done { .. } => "done",
        }
    }

    /// Who the person says they are, once they have said so.
    pub(crate) fn identifier(&self) -> Option<&str> {
        match self {
            Self::Authenticate { account, .. }
            | Self::SelectWay { account, .. }
            | Self::Regain(Regaining { account, .. })
            | Self::Activate { account }
            | Self::ResetPassword { account, .. } => Some(&account.identifier),
            Self::EnrollEmail { applicant, .. }
            | Self::SelectEnrollment { applicant }
            | Self::EnrollPassword { applicant } => Some(&applicant.email),
            phase => phase.person().map(|person| person.identifier.as_str()),
        }
    }

    /// The code that is asked for, if it came by mail.
    pub(crate) fn mailed_code(&self) -> Option<&EmailCode> {
        match self {
            Self::Authenticate { challenge: Challenge::Email(code), .. }
            | Self::EnrollEmail { code, .. }
            | Self::Regain(Regaining { proof: Proof::Email(code), .. })
            | Self::ProveAgain { proof: Proof::Email(code), .. } => Some(code),
            _ => None,
        }
    }

    /// Whose name and enrolments may be shown: they have proved who they are.
    pub(crate) fn proven_user(&self) -> Option<&str> {
        match self {
            Self::ResetPassword { account, .. } | Self::Activate { account } => account.user_id.as_deref(),
            Self::Regain(Regaining { account, given: Some(_), .. }) => account.user_id.as_deref(),
            phase => phase.person().map(|person| person.user_id.as_str()),
        }
    }
}
