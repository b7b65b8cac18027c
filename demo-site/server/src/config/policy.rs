//! What people may do and for how long: the `[policy]` tables, and those of `[policies.NAME]`, which have the same keys.

use std::time::Duration;

use super::{Authenticators, ConfigError, Recovery, SecondFactor, SessionRules, section::Section};

/// Everything under `[policy]`.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// Ask who first, and for the password on the next page; otherwise both at once.
    pub(crate) identifier_first: bool,
    /// Whether a code by e-mail may be used instead of the password.
    pub(crate) email_code: bool,
    /// Whether mails with a code carry a link that does the same.
    pub(crate) email_link: bool,
    /// Whether the first page takes a passkey instead of a name.
    pub(crate) passkey_autofill: bool,
    pub(crate) second_factor: SecondFactor,
    /// Whether people may unlock their own accounts.
    pub(crate) unlock: bool,
    pub(crate) recovery: Recovery,
    pub(crate) authenticators: Authenticators,
    pub(crate) registration: Option<Registration>,
    pub(crate) password: PasswordRules,
    pub(crate) attempts: AttemptLimits,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) session: SessionRules,
}

/// How people may register.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub(crate) fields: Vec<ProfileField>,
    pub(crate) password: PasswordEnrollment,
    pub(crate) existing_account: ExistingAccount,
}

/// Whether a new account needs a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordEnrollment {
    Required,
    /// May be skipped: the person then signs in with codes by e-mail.
    Optional,
}

/// What registering an address that has an account already looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExistingAccount {
    /// Like registering a new one; only the mail tells, so that nobody can probe who has an account.
    Hidden,
    /// The form says so at once.
    Shown,
}

/// One attribute that registration asks for, beside the e-mail address.
#[derive(Clone, Debug)]
pub(crate) struct ProfileField {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) is_required: bool,
    pub(crate) max_length: u32,
}

/// What a password must be like.
#[derive(Clone, Debug)]
pub(crate) struct PasswordRules {
    pub(crate) min_length: u32,
    pub(crate) min_lower_case: u32,
    pub(crate) min_upper_case: u32,
    pub(crate) min_number: u32,
    pub(crate) min_symbol: u32,
    pub(crate) exclude_username: bool,
    pub(crate) exclude_first_name: bool,
    /// How many earlier passwords may not be used again, the present one among them.
    pub(crate) history: u32,
}

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptLimits {
    pub(crate) per_account: u32,
    pub(crate) per_address: u32,
    pub(crate) per_code: u32,
    pub(crate) mails_per_account: u32,
    pub(crate) transactions_per_address: u32,
    pub(crate) window: Duration,
}

/// How long things are good for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    pub(crate) transaction: Duration,
    pub(crate) interaction_code: Duration,
    pub(crate) email_code: Duration,
    pub(crate) push: Duration,
    pub(crate) device_code: Duration,
    pub(crate) activation_token: Duration,
    pub(crate) recovery_token: Duration,
    pub(crate) temporary_access_code: Duration,
    pub(crate) access_token: Duration,
    pub(crate) id_token: Duration,
    pub(crate) refresh_token: Duration,
}

impl Policy {
    pub(super) const KEYS: [&str; 13] = [
        "identifier_first",
        "email_code",
        "email_link",
        "passkey_autofill",
        "second_factor",
        "unlock",
        "recovery",
        "authenticators",
        "registration",
        "password",
        "attempts",
        "lifetimes",
        "session",
    ];

    pub(super) fn read(mut policy: Section) -> Result<Self, ConfigError> {
        let second_factors = [
            ("never", SecondFactor::Never),
            ("if_enrolled", SecondFactor::IfEnrolled),
            ("always", SecondFactor::Always),
        ];
        Ok(Self {
            identifier_first: policy.boolean("identifier_first", true)?,
            email_code: policy.boolean("email_code", true)?,
            email_link: policy.boolean("email_link", false)?,
            passkey_autofill: policy.boolean("passkey_autofill", false)?,
            second_factor: policy.choice("second_factor", &second_factors, SecondFactor::Never)?,
            unlock: policy.boolean("unlock", false)?,
            recovery: Recovery::read(&mut policy)?,
            authenticators: Authenticators::read(&mut policy)?,
            registration: Registration::read(&mut policy)?,
            password: PasswordRules::read(&mut policy)?,
            attempts: AttemptLimits::read(&mut policy)?,
            lifetimes: Lifetimes::read(&mut policy)?,
            session: SessionRules::read(&mut policy)?,
        })
    }
}

impl Registration {
    fn read(policy: &mut Section) -> Result<Option<Self>, ConfigError> {
        let mut section =
            policy.section("registration", &["enabled", "password", "existing_account", "fields"])?;
        let is_enabled = section.boolean("enabled", true)?;
        let fields = section.sections("fields", &["name", "label", "required", "max_length"])?;
        let registration = Self {
            password: section.choice(
                "password",
                &[("required", PasswordEnrollment::Required), ("optional", PasswordEnrollment::Optional)],
                PasswordEnrollment::Required,
            )?,
            existing_account: section.choice(
                "existing_account",
                &[("hidden", ExistingAccount::Hidden), ("shown", ExistingAccount::Shown)],
                ExistingAccount::Hidden,
            )?,
            fields: if fields.is_empty() {
                ProfileField::defaults()
            } else {
                fields.into_iter().map(ProfileField::read).collect::<Result<_, _>>()?
            },
        };
        Ok(is_enabled.then_some(registration))
    }
}

impl ProfileField {
    fn read(mut section: Section) -> Result<Self, ConfigError> {
        let name = section.required_text("name")?;
        if name == "email" || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(section
                .invalid("name", "must be letters and digits, and not \"email\", which is always asked"));
        }
        Ok(Self {
            label: section.text("label")?.unwrap_or_else(|| name.clone()),
            is_required: section.boolean("required", false)?,
            max_length: section.number("max_length", 50, 1..=1000)?,
            name,
        })
    }

    fn defaults() -> Vec<Self> {
        [("firstName", "First name"), ("lastName", "Last name")]
            .map(|(name, label)| Self {
                name: name.to_owned(),
                label: label.to_owned(),
                is_required: true,
                max_length: 50,
            })
            .into()
    }
}

impl PasswordRules {
    fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        let mut section = policy.section(
            "password",
            &[
                "min_length",
                "min_lower_case",
                "min_upper_case",
                "min_number",
                "min_symbol",
                "exclude_username",
                "exclude_first_name",
                "history",
            ],
        )?;
        Ok(Self {
            min_length: section.number("min_length", 10, 1..=128)?,
            min_lower_case: section.number("min_lower_case", 1, 0..=16)?,
            min_upper_case: section.number("min_upper_case", 1, 0..=16)?,
            min_number: section.number("min_number", 1, 0..=16)?,
            min_symbol: section.number("min_symbol", 0, 0..=16)?,
            exclude_username: section.boolean("exclude_username", true)?,
            exclude_first_name: section.boolean("exclude_first_name", true)?,
            history: section.number("history", 4, 0..=24)?,
        })
    }
}

impl AttemptLimits {
    fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        let mut section = policy.section(
            "attempts",
            &[
                "per_account",
                "per_address",
                "per_code",
                "mails_per_account",
                "transactions_per_address",
                "window",
            ],
        )?;
        Ok(Self {
            per_account: section.number("per_account", 10, 1..=1000)?,
            per_address: section.number("per_address", 100, 1..=1_000_000)?,
            per_code: section.number("per_code", 5, 1..=100)?,
            mails_per_account: section.number("mails_per_account", 5, 1..=100)?,
            transactions_per_address: section.number("transactions_per_address", 10_000, 1..=100_000_000)?,
            window: section.duration("window", minutes(15))?,
        })
    }
}

impl Lifetimes {
    fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        let mut section = policy.section(
            "lifetimes",
            &[
                "transaction",
                "interaction_code",
                "email_code",
                "push",
                "device_code",
                "activation_token",
                "recovery_token",
                "temporary_access_code",
                "access_token",
                "id_token",
                "refresh_token",
            ],
        )?;
        Ok(Self {
            transaction: section.duration("transaction", minutes(60))?,
            interaction_code: section.duration("interaction_code", Duration::from_secs(60))?,
            email_code: section.duration("email_code", minutes(10))?,
            push: section.duration("push", minutes(5))?,
            device_code: section.duration("device_code", minutes(10))?,
            activation_token: section.duration("activation_token", minutes(60 * 24 * 7))?,
            recovery_token: section.duration("recovery_token", minutes(60))?,
            temporary_access_code: section.duration("temporary_access_code", minutes(60))?,
            access_token: section.duration("access_token", minutes(60))?,
            id_token: section.duration("id_token", minutes(60))?,
            refresh_token: section.duration("refresh_token", minutes(60 * 24 * 30))?,
        })
    }
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}
