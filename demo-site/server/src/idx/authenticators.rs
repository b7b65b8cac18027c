//! The authenticators of this server, as answers describe them.
//!
//! Before somebody has proved who they are, the description depends on the policy and on what they typed, and
//! never on whether there is such an account.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::enrollment::{Credential, Enrollment};
use super::grace::GracePeriod;
use super::ion::{Choice, Field, Form};
pub(crate) use crate::config::Kind;
use crate::config::PasswordRules;
use crate::passkeys;
use crate::phone::PhoneNumber;

/// How a kind is written.
struct Words {
    /// The same for everybody.
    id: &'static str,
    key: &'static str,
    r#type: &'static str,
    /// Each with its label.
    methods: &'static [(&'static str, &'static str)],
    display_name: &'static str,
}

/// An authenticator, or somebody's enrolment of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Authenticator {
    #[serde(flatten)]
    actions: BTreeMap<&'static str, Form>,
    r#type: &'static str,
    key: &'static str,
    id: String,
    display_name: Cow<'static, str>,
    methods: Vec<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contextual_data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_period: Option<Value>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Method {
    r#type: &'static str,
}

impl Kind {
    /// The kind with this id.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::all().find(|kind| kind.id() == id)
    }

    pub(crate) fn id(self) -> &'static str {
        self.words().id
    }

    pub(crate) fn display_name(self) -> &'static str {
        self.words().display_name
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Password => &PASSWORD,
            Self::Email => &EMAIL,
            Self::Passkey => &PASSKEY,
            Self::Totp => &TOTP,
            Self::SecurityQuestion => &SECURITY_QUESTION,
            Self::Phone => &PHONE,
            Self::Push => &PUSH,
            Self::IdentityProvider => &IDENTITY_PROVIDER,
            Self::Tac => &TAC,
        }
    }

    /// The methods to choose from, each with its label.
    pub(crate) fn methods(self) -> &'static [(&'static str, &'static str)] {
        self.words().methods
    }

    /// The choice of this authenticator in a list; `relates_to` is where its description stands.
    pub(crate) fn choice(self, relates_to: String) -> Choice {
        let method = match self.words().methods {
            [(_, method)] => Field::fixed("methodType", method, false),
            methods => Field::selection("methodType", methods),
        };
        Choice::new(self.display_name(), vec![Field::fixed("id", self.id(), true), method], relates_to)
    }
}

impl Authenticator {
    /// The authenticator itself.
    pub(crate) fn available(kind: Kind) -> Self {
        let words = kind.words();
        Self {
            actions: BTreeMap::new(),
            r#type: words.r#type,
            key: words.key,
            id: words.id.to_owned(),
            display_name: words.display_name.into(),
            methods: words.methods.iter().map(|(_, name)| Method { r#type: name }).collect(),
            authenticator_id: None,
            credential_id: None,
            transports: Vec::new(),
            profile: None,
            settings: None,
            contextual_data: None,
            grace_period: None,
        }
    }

    /// What whoever `reference` stands for has without setting it up: the password or the address.
    pub(crate) fn enrolled(kind: Kind, reference: &str, identifier: &str) -> Self {
        let (prefix, profile) = match kind {
            Kind::Email => ("eae", Some(json!({ "email": masked(identifier) }))),
            _ => ("lae", None),
        };
        Self {
            id: format!("{prefix}{reference}"),
            authenticator_id: Some(kind.id()),
            profile,
            ..Self::available(kind)
        }
    }

    /// What somebody has set up.
    pub(crate) fn of(enrollment: &Enrollment) -> Self {
        let kind = enrollment.kind();
        let enrolled =
            Self { id: enrollment.id.clone(), authenticator_id: Some(kind.id()), ..Self::available(kind) };
        match &enrollment.credential {
            Credential::Passkey { key, transports } => Self {
                credential_id: Some(passkeys::credential_id(key)),
                transports: transports.clone(),
                profile: Some(json!({ "transports": transports })),
                ..enrolled
            },
            Credential::Totp { .. }
            | Credential::TemporaryCode { .. }
            | Credential::IdentityProvider { .. } => enrolled,
            Credential::SecurityQuestion { question_key, question, .. } => {
                let profile = json!({ "questionKey": question_key, "question": question });
                let context = json!({ "enrolledQuestion": profile });
                Self { profile: Some(profile), contextual_data: Some(context), ..enrolled }
            }
            Credential::Phone { number } => enrolled.with_number(number),
            Credential::Push { device_name, .. } => {
                Self { profile: Some(json!({ "deviceName": device_name })), ..enrolled }
            }
        }
    }

    /// Calls an account at another identity provider by the name of the provider; any other stays as it is.
    pub(crate) fn at_provider(&mut self, name: &str) {
        if self.key == IDENTITY_PROVIDER.key {
            name.clone_into(self.display_name.to_mut());
            let is_enrolled = self.authenticator_id.is_some();
            self.profile = is_enrolled.then(|| json!({ "provider": name }));
        }
    }

    pub(crate) fn with_context(mut self, contextual_data: Value) -> Self {
        self.contextual_data = Some(contextual_data);
        self
    }

    /// Says for how long it may be put off.
    pub(crate) fn with_grace(self, period: Option<&GracePeriod>) -> Self {
        Self { grace_period: period.map(GracePeriod::description), ..self }
    }

    pub(crate) fn with_number(self, number: &PhoneNumber) -> Self {
        Self { profile: Some(json!({ "phoneNumber": number.masked() })), ..self }
    }

    pub(crate) fn with_action(mut self, action: Form) -> Self {
        self.actions.insert(action.name, action);
        self
    }

    /// Says whether the mail holds a link beside the code.
    pub(crate) fn with_link(self, has_link: bool) -> Self {
        self.with_context(json!({ "useEmailMagicLink": has_link }))
    }

    /// Says what a new password must be like.
    pub(crate) fn with_rules(mut self, rules: &PasswordRules) -> Self {
        let excluded: &[&str] = if rules.exclude_first_name { &["firstName"] } else { &[] };
        self.settings = Some(json!({
            "complexity": {
                "minLength": rules.min_length,
                "minLowerCase": rules.min_lower_case,
                "minUpperCase": rules.min_upper_case,
                "minNumber": rules.min_number,
                "minSymbol": rules.min_symbol,
                "excludeUsername": rules.exclude_username,
                "excludeAttributes": excluded,
                "maxConsecutiveRepeatingCharacters": 0,
            },
            "age": { "minAgeMinutes": 0, "historyCount": rules.history },
        }));
        self
    }
}

const PASSWORD: Words = Words {
    id: "autpassword",
    key: "okta_password",
    r#type: "password",
    methods: &[("Password", "password")],
    display_name: "Password",
};
const EMAIL: Words = Words {
    id: "autemail",
    key: "okta_email",
    r#type: "email",
    methods: &[("Email", "email")],
    display_name: "Email",
};
const PASSKEY: Words = Words {
    id: "autpasskey",
    key: "webauthn",
    r#type: "security_key",
    methods: &[("Passkey", "webauthn")],
    display_name: "Passkeys",
};

const TOTP: Words = Words {
    id: "auttotp",
    key: "google_otp",
    r#type: "app",
    methods: &[("Code", "otp")],
    display_name: "Google Authenticator",
};
const SECURITY_QUESTION: Words = Words {
    id: "autquestion",
    key: "security_question",
    r#type: "security_question",
    methods: &[("Security question", "security_question")],
    display_name: "Security Question",
};
const PHONE: Words = Words {
    id: "autphone",
    key: "phone_number",
    r#type: "phone",
    methods: &[("SMS", "sms"), ("Voice call", "voice")],
    display_name: "Phone",
};
const PUSH: Words = Words {
    id: "autpush",
    key: "okta_verify",
    r#type: "app",
    methods: &[("Push notification", "push")],
    display_name: "Okta Verify",
};

const TAC: Words = Words {
    id: "auttac",
    key: "tac",
    r#type: "tac",
    methods: &[("Temporary access code", "tac")],
    display_name: "Temporary Access Code",
};

const IDENTITY_PROVIDER: Words = Words {
    id: "autprovider",
    key: "external_idp",
    r#type: "federated",
    methods: &[("Identity provider", "idp")],
    display_name: "Identity provider",
};

/// An address with most of its name hidden: `pat@example.com` becomes `p***t@example.com`.
pub(crate) fn masked(address: &str) -> String {
    let (name, domain) = match address.rsplit_once('@') {
        Some((name, domain)) => (name, format!("@{domain}")),
        None => (address, String::new()),
    };
    let first: String = name.chars().take(1).collect();
    let last: String = name.chars().skip(1).last().into_iter().collect();
    format!("{first}***{last}{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_shows_the_ends_of_the_name() {
        assert_eq!(masked("pat@example.com"), "p***t@example.com");
        assert_eq!(masked("p@example.com"), "p***@example.com");
        assert_eq!(masked("no address"), "n***s");
        assert_eq!(masked(""), "***");
    }

    #[test]
    fn an_enrolment_names_its_authenticator() {
        let email =
            serde_json::to_value(Authenticator::enrolled(Kind::Email, "abc", "pat@example.com")).unwrap();
        assert_eq!(
            email,
            json!({
                "type": "email", "key": "okta_email", "id": "eaeabc", "displayName": "Email",
                "methods": [{ "type": "email" }], "authenticatorId": "autemail",
                "profile": { "email": "p***t@example.com" },
            })
        );
    }
}
