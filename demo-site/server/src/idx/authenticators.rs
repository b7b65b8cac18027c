//! The authenticators of this server, password and e-mail, as answers describe them.
//!
//! Before somebody has proved who they are, the description depends on the policy and on what they typed, and
//! never on whether there is such an account.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::ion::{Choice, Field, Form};
use crate::config::PasswordRules;

/// Which authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    Email,
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
    display_name: &'static str,
    methods: [Method; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contextual_data: Option<Value>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Method {
    r#type: &'static str,
}

impl Kind {
    /// The kind with this id, which is the same for everybody.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        [Self::Password, Self::Email].into_iter().find(|kind| kind.id() == id)
    }

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Password => "autpassword",
            Self::Email => "autemail",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Password => "okta_password",
            Self::Email => "okta_email",
        }
    }

    fn method(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Email => "email",
        }
    }

    pub(crate) fn display_name(self) -> &'static str {
        match self {
            Self::Password => "Password",
            Self::Email => "Email",
        }
    }

    /// The choice of this authenticator in a list; `relates_to` is where its description stands.
    pub(crate) fn choice(self, relates_to: String) -> Choice {
        let fields =
            vec![Field::fixed("id", self.id(), true), Field::fixed("methodType", self.method(), false)];
        Choice::new(self.display_name(), fields, relates_to)
    }
}

impl Authenticator {
    /// The authenticator itself.
    pub(crate) fn available(kind: Kind) -> Self {
        Self {
            actions: BTreeMap::new(),
            r#type: kind.method(),
            key: kind.key(),
            id: kind.id().to_owned(),
            display_name: kind.display_name(),
            methods: [Method { r#type: kind.method() }],
            authenticator_id: None,
            profile: None,
            settings: None,
            contextual_data: None,
        }
    }

    /// The enrolment of whoever `reference` stands for.
    pub(crate) fn enrolled(kind: Kind, reference: &str, identifier: &str) -> Self {
        let (prefix, profile) = match kind {
            Kind::Password => ("lae", None),
            Kind::Email => ("eae", Some(json!({ "email": masked(identifier) }))),
        };
        Self {
            id: format!("{prefix}{reference}"),
            authenticator_id: Some(kind.id()),
            profile,
            ..Self::available(kind)
        }
    }

    pub(crate) fn with_action(mut self, action: Form) -> Self {
        self.actions.insert(action.name, action);
        self
    }

    /// Says that the mail holds a code to type, and no link.
    pub(crate) fn with_code_only(mut self) -> Self {
        self.contextual_data = Some(json!({ "useEmailMagicLink": false }));
        self
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
