//! One IDX answer, read whole: what can be done next, what there is to say, and whether it is over.

use std::rc::Rc;

use serde_json::Value;

use super::ion::{self, AuthenticatorData, Message, Remediation};
use crate::{secret::Secret, web_address};

/// An answer that is one, whatever its status.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Ways on, in the server's order; the first is what the screen shows.
    pub(crate) remediations: Vec<Rc<Remediation>>,
    /// `cancel`, and what hangs at the current authenticator: `recover`, `resend`, `send`, `poll`.
    pub(crate) actions: Vec<Rc<Remediation>>,
    pub(crate) messages: Vec<Message>,
    /// The authenticator that the step is about, with what its enrollment adds.
    pub(crate) current: Option<AuthenticatorData>,
    pub(crate) person: Option<String>,
    /// Given and family name, for password rules.
    pub(crate) names: (String, String),
    pub(crate) application: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) submit_label: Option<String>,
    pub(crate) terminal: Option<Terminal>,
    /// Where a success leads that an app on this device has brought about (idx.md section 18).
    pub(crate) prior_success: Option<String>,
    /// Settings of the password, wherever the answer keeps them.
    pub(crate) password_settings: Value,
    /// The whole answer, for what only few steps have.
    pub(crate) root: Value,
}

/// Ends of a transaction.
#[derive(Debug)]
pub(crate) enum Terminal {
    /// The code that the token endpoint takes.
    InteractionCode(Secret<String>),
    /// The browser is to go there.
    Redirect { href: String, is_failure: bool },
}

/// The key of the one message that means "this transaction is gone".
const EXPIRED: &str = "idx.session.expired";

impl Answer {
    /// `None` where the body is no IDX answer (idx.md section 17: it has a version, a remediation or messages).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let root: Value = serde_json::from_str(text).ok()?;
        let is_idx =
            ["version", "stateHandle", "remediation", "messages"].iter().any(|name| root.get(name).is_some());
        is_idx.then(|| Self::from_root(root))
    }

    fn from_root(source: Value) -> Self {
        let root = &source;
        let remediations: Vec<Rc<Remediation>> = ion::elements(root.get("remediation"))
            .enumerate()
            .filter_map(|(i, value)| Remediation::read(value, root, format!("$.remediation.value[{i}].href")))
            .map(Rc::new)
            .collect();
        let current = current_authenticator(root);
        let user = ion::wrapped(root, "user").unwrap_or(&Value::Null);
        let profile = user.get("profile").unwrap_or(&Value::Null);
        let display = ion::wrapped(root, "uiDisplay").unwrap_or(&Value::Null);
        let prior_success = root.get("success").filter(|success| success.get("priorVerification").is_some());
        let prior_success = prior_success.and_then(|success| ion::exact(success, "href"));
        Self {
            terminal: terminal(root, &remediations).filter(|_| prior_success.is_none()),
            prior_success: prior_success.filter(|href| web_address::is_navigable(href)),
            password_settings: password_settings(root, current.as_ref()),
            remediations,
            actions: actions(root),
            messages: ion::messages(root.get("messages")),
            current,
            person: ion::text(user, "identifier"),
            names: (
                ion::text(profile, "firstName").unwrap_or_default(),
                ion::text(profile, "lastName").unwrap_or_default(),
            ),
            application: ion::wrapped(root, "app").and_then(|app| ion::text(app, "label")),
            title: ion::text(display, "label"),
            submit_label: ion::text(display, "buttonLabel"),
            root: source,
        }
    }

    /// The key of the authenticator that the step is about; empty where there is none.
    pub(crate) fn key(&self) -> &str {
        self.current.as_ref().map_or("", |current| current.key.as_str())
    }

    /// A member of what the current authenticator brings along.
    pub(crate) fn context(&self, name: &str) -> Option<&Value> {
        self.current.as_ref()?.contextual_data.get(name)
    }

    /// True where the server has forgotten the transaction and only a new one helps.
    pub(crate) fn is_expired(&self) -> bool {
        self.remediations.is_empty()
            && self.messages.iter().any(|message| message.key.as_deref() == Some(EXPIRED))
    }

    /// The form that sends itself, and after how many milliseconds.
    pub(crate) fn poll(&self) -> Option<(&Rc<Remediation>, u32)> {
        const USUAL: u32 = 4_000;
        let first = self.remediations.first().filter(|first| is_poll(&first.name));
        // A challenge that may be answered elsewhere (a magic link) carries the poll beside its own form.
        let beside = || self.actions.iter().find(|action| action.name == "poll");
        let is_choosing = self.remediations.first().is_some_and(|first| first.name.starts_with("select-"));
        let poll = first.or_else(|| if is_choosing { None } else { beside() })?;
        Some((poll, poll.refresh.unwrap_or(USUAL).max(500)))
    }
}

pub(crate) fn is_poll(name: &str) -> bool {
    name == "poll" || name.ends_with("-poll")
}

const CURRENT: [&str; 2] = ["currentAuthenticatorEnrollment", "currentAuthenticator"];

fn current_authenticator(root: &Value) -> Option<AuthenticatorData> {
    let first = ion::elements(root.get("remediation")).next();
    let related = first
        .and_then(|first| Remediation::related(first, root))
        .filter(|related| related.get("key").is_some());
    let mut holders = related.into_iter().chain(CURRENT.iter().filter_map(|name| ion::wrapped(root, name)));
    let first = AuthenticatorData::read(holders.next()?);
    Some(holders.fold(first, |merged, holder| merged.merged(Some(AuthenticatorData::read(holder)))))
}

/// Settings are at the current authenticator, or in some expiry and recovery flows beside it (idx.md section 16).
fn password_settings(root: &Value, current: Option<&AuthenticatorData>) -> Value {
    let own = current
        .map(|current| current.settings.clone())
        .filter(|settings| settings.get("complexity").is_some());
    let beside = |name: &str| ion::wrapped(root, name)?.get("settings").cloned();
    own.or_else(|| beside("recoveryAuthenticator"))
        .or_else(|| beside("enrollmentAuthenticator"))
        .unwrap_or_default()
}

/// `cancel` at the top, and forms one level deep inside the current authenticator (idx.md section 7).
fn actions(root: &Value) -> Vec<Rc<Remediation>> {
    let nested = CURRENT.iter().filter_map(|name| Some((*name, ion::wrapped(root, name)?.as_object()?)));
    let nested = nested.flat_map(|(holder, members)| {
        let forms = members.iter().filter(|(_, value)| value.get("href").is_some());
        forms.filter_map(move |(name, value)| {
            Remediation::read(value, root, format!("$.{holder}.value.{name}.href"))
        })
    });
    let cancel =
        root.get("cancel").and_then(|value| Remediation::read(value, root, "$.cancel.href".to_owned()));
    let mut found: Vec<Rc<Remediation>> = Vec::new();
    for action in nested.chain(cancel) {
        if !found.iter().any(|known| known.name == action.name && known.href == action.href) {
            found.push(Rc::new(action));
        }
    }
    found
}

fn terminal(root: &Value, remediations: &[Rc<Remediation>]) -> Option<Terminal> {
    let issue = root.get("successWithInteractionCode");
    let code = ion::elements(issue.and_then(|issue| issue.get("value")))
        .find(|field| field.get("name").and_then(Value::as_str) == Some("interaction_code"))
        .and_then(|field| ion::exact(field, "value"));
    if let Some(code) = code {
        return Some(Terminal::InteractionCode(Secret::new(code)));
    }
    let redirect = |href: String, is_failure| Terminal::Redirect { href, is_failure };
    let named = |name: &str| {
        remediations.iter().find(|remediation| remediation.name == name).map(|found| found.href.clone())
    };
    let top = |name: &str| {
        root.get(name).and_then(|value| ion::exact(value, "href")).filter(|_| remediations.is_empty())
    };
    named("success-redirect")
        .or_else(|| top("success"))
        .map(|href| redirect(href, false))
        .or_else(|| named("failure-redirect").or_else(|| top("failure")).map(|href| redirect(href, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_idx_answer_is_none() {
        for text in ["", "<html>", "[]", "7", r#"{"error":"Forbidden"}"#, r#"{"errorCode":"E0000047"}"#] {
            assert!(Answer::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn members_of_wrong_types_count_as_absent() {
        let odd = r#"{"version":1,"remediation":{"value":[7,{"name":3},{"name":"identify","value":"x"}]},"user":[],
            "currentAuthenticator":"x","cancel":true,"messages":{"value":"no"},"success":7,"app":{"value":{"label":{}}}}"#;
        let answer = Answer::read(odd).unwrap();
        assert_eq!(answer.remediations.len(), 1);
        assert!(answer.actions.is_empty() && answer.current.is_none() && answer.terminal.is_none());
    }

    #[test]
    fn an_enrollment_and_its_authenticator_are_read_as_one() {
        let both = r#"{"version":"1.0.0","currentAuthenticator":{"value":{"key":"okta_verify","displayName":"Verify",
            "contextualData":{"correctAnswer":"42"}}},
            "currentAuthenticatorEnrollment":{"value":{"key":"okta_verify","profile":{"deviceName":"Phone"}}}}"#;
        let current = Answer::read(both).unwrap().current.unwrap();
        assert_eq!(
            (current.display_name.as_deref(), current.detail.as_deref()),
            (Some("Verify"), Some("Phone"))
        );
        assert_eq!(ion::text(&current.contextual_data, "correctAnswer").as_deref(), Some("42"));
    }

    #[test]
    fn a_poll_beside_a_code_form_keeps_its_interval() {
        let email = r#"{"version":"1.0.0","remediation":{"value":[{"name":"challenge-authenticator","href":"/a"}]},
            "currentAuthenticator":{"value":{"poll":{"name":"poll","href":"/p","refresh":1000}}}}"#;
        let answer = Answer::read(email).unwrap();
        assert_eq!(answer.poll().map(|(form, after)| (form.href.as_str(), after)), Some(("/p", 1_000)));
    }

    #[test]
    fn an_expired_transaction_is_known_by_its_key() {
        let expired = r#"{"messages":{"value":[{"message":"Gone","i18n":{"key":"idx.session.expired"}}]}}"#;
        assert!(Answer::read(expired).unwrap().is_expired());
    }
}
