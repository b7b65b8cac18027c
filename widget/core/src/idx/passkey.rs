//! Passkeys and security keys: from an answer to what `navigator.credentials` takes, and from its result to the members
//! of the form (idx.md section 12; WebAuthn Level 3, section 5.1).

use serde_json::Value;

use super::{answer::Answer, draw::Sendable, ion};
use crate::{
    io::{Answer as Typed, Answers, TaskKind},
    json_object, json_text,
    secret::Secret,
};

pub(super) const KEY: &str = "webauthn";

/// A task with the form that takes its result.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) kind: TaskKind,
    /// JSON text.
    pub(crate) argument: String,
    /// Where the result goes.
    pub(crate) form: Option<Sendable>,
}

/// What the browser is asked for to make a passkey. Whoever has keys already is not asked for the same ones again, unless
/// the key has to hold the account itself, which replaces an older one.
pub(super) fn creation(answer: &Answer, form: Sendable) -> Option<Job> {
    let mut options = answer.context("activationData")?.clone();
    canonicalize(options.get_mut("challenge")?);
    canonicalize(options.get_mut("user")?.get_mut("id")?);
    let is_resident =
        options.pointer("/authenticatorSelection/requireResidentKey").and_then(Value::as_bool) == Some(true);
    let known = if is_resident { Vec::new() } else { credentials(answer) };
    ion::set(&mut options, "excludeCredentials", known.into());
    Some(Job { kind: TaskKind::CreatePasskey, argument: json_text(&options), form: Some(form) })
}

/// What the browser is asked for to use a passkey that the server knows.
pub(super) fn assertion(answer: &Answer, form: Sendable) -> Option<Job> {
    let mut options = answer.context("challengeData")?.clone();
    canonicalize(options.get_mut("challenge")?);
    ion::set(&mut options, "allowCredentials", credentials(answer).into());
    Some(Job { kind: TaskKind::UsePasskey, argument: json_text(&options), form: Some(form) })
}

/// Any passkey of this site, before anybody has said who they are.
pub(super) fn discovery(answer: &Answer, form: Sendable, kind: TaskKind) -> Option<Job> {
    let challenge = ion::wrapped(&answer.root, "webauthnAutofillUIChallenge")?;
    let mut options = challenge.get("challengeData")?.clone();
    canonicalize(options.get_mut("challenge")?);
    Some(Job { kind, argument: json_text(&options), form: Some(form) })
}

/// The person's keys, wherever the answer lists them.
fn credentials(answer: &Answer) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let current = ion::wrapped(&answer.root, "currentAuthenticatorEnrollment");
    for enrollment in ion::elements(answer.root.get("authenticatorEnrollments")).chain(current) {
        let id = enrollment.get("credentialId").cloned();
        let is_key = enrollment.get("key").and_then(Value::as_str) == Some(KEY);
        if let (Some(mut id), true) = (id, is_key) {
            canonicalize(&mut id);
            let is_known = |known: &Value| known.get("id").and_then(Value::as_str) == id.as_str();
            if !found.iter().any(is_known) {
                let transports = transports(enrollment).into();
                found.push(json_object(vec![
                    ("type", "public-key".into()),
                    ("id", id),
                    ("transports", transports),
                ]));
            }
        }
    }
    found
}

/// An array, or a text with commas.
fn transports(enrollment: &Value) -> Vec<Value> {
    let transports = enrollment.get("transports").or_else(|| enrollment.pointer("/profile/transports"));
    match transports {
        Some(Value::String(text)) => text.split(',').map(|one| one.trim().into()).collect(),
        other => ion::elements(other).cloned().collect(),
    }
}

/// Base64 of either alphabet as base64url without padding, which is what browsers read.
fn canonicalize(text: &mut Value) {
    if let Value::String(text) = text {
        *text = swapped(text.trim_end_matches('='), ['+', '/'], ['-', '_']);
    }
}

fn swapped(text: &str, from: [char; 2], to: [char; 2]) -> String {
    let swap = |c| match from.iter().position(|known| *known == c) {
        Some(index) => to.get(index).copied().unwrap_or(c),
        None => c,
    };
    text.chars().map(swap).collect()
}

/// Base64url as standard base64 with padding, which is what clients of this protocol send.
fn standard(text: &str) -> String {
    let mut text = swapped(text, ['-', '_'], ['+', '/']);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// What the form is to send; `None` where the browser has left out something that it cannot do without.
pub(crate) fn answers(kind: TaskKind, credential: &Value) -> Option<Answers> {
    let response = credential.get("response")?;
    let member = |name: &str| response.get(name).and_then(Value::as_str).map(standard);
    let text = |value: Option<&Value>| value.filter(|value| !value.is_null()).map(json_text);
    let members = match kind {
        TaskKind::CreatePasskey => [
            ("clientData", Some(member("clientDataJSON")?)),
            ("attestation", Some(member("attestationObject")?)),
            ("transports", text(response.get("transports"))),
            ("clientExtensions", text(credential.get("clientExtensionResults"))),
        ],
        _ => [
            ("clientData", Some(member("clientDataJSON")?)),
            ("authenticatorData", Some(member("authenticatorData")?)),
            ("signatureData", Some(member("signature")?)),
            ("userHandle", member("userHandle")),
        ],
    };
    let mut answers = Answers::new();
    for (name, value) in members {
        if let Some(value) = value {
            answers.put(format!("credentials.{name}"), Typed::Text(Secret::new(value)));
        }
    }
    Some(answers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(json: &Value) -> Answer {
        Answer::read(&json.to_string()).unwrap()
    }

    fn argument(job: Option<Job>) -> Value {
        serde_json::from_str(&job.unwrap().argument).unwrap()
    }

    #[test]
    fn keys_of_the_person_are_allowed_once_each_in_the_browsers_alphabet() {
        let key = json!({"key": "webauthn", "credentialId": "a+/b==", "profile": {"transports": "usb, nfc"}});
        let known = answer(&json!({"version": "1.0.0",
            "currentAuthenticatorEnrollment": {"value": {"key": "webauthn", "credentialId": "a+/b==",
                "profile": {"transports": "usb, nfc"}, "contextualData": {"challengeData":
                {"challenge": "c+/=", "userVerification": "required"}}}},
            "authenticatorEnrollments": {"value": [key, {"key": "okta_email"}]}}));
        assert_eq!(
            argument(assertion(&known, Sendable::default())),
            json!({"challenge": "c-_", "userVerification": "required",
                "allowCredentials": [{"type": "public-key", "id": "a-_b", "transports": ["usb", "nfc"]}]})
        );
    }

    #[test]
    fn a_key_that_holds_the_account_may_replace_an_older_one() {
        let enrolling = |is_resident: bool| {
            answer(
                &json!({"version": "1.0.0", "currentAuthenticator": {"value": {"key": "webauthn", "contextualData": {
                "activationData": {"challenge": "cc", "user": {"id": "uu"}, "hints": ["security-key"],
                    "authenticatorSelection": {"requireResidentKey": is_resident}}}}},
                "authenticatorEnrollments": {"value": [{"key": "webauthn", "credentialId": "id"}]}}),
            )
        };
        let excluded = |is_resident| {
            let options = argument(creation(&enrolling(is_resident), Sendable::default()));
            assert_eq!(options["hints"], json!(["security-key"]), "what is not known goes along");
            options["excludeCredentials"].as_array().unwrap().len()
        };
        assert_eq!((excluded(false), excluded(true)), (1, 0));
    }

    #[test]
    fn results_go_back_in_standard_base64() {
        let made = json!({"response": {"clientDataJSON": "a-_b", "attestationObject": "ab", "transports": ["usb"]},
            "clientExtensionResults": {"credProps": {"rk": true}}});
        let made = answers(TaskKind::CreatePasskey, &made).unwrap();
        assert_eq!(made.text("credentials.clientData"), Some("a+/b"));
        assert_eq!(made.text("credentials.attestation"), Some("ab=="));
        assert_eq!(made.text("credentials.transports"), Some(r#"["usb"]"#));
        assert_eq!(made.text("credentials.clientExtensions"), Some(r#"{"credProps":{"rk":true}}"#));
        assert!(answers(TaskKind::UsePasskey, &json!({"response": {"clientDataJSON": "a"}})).is_none());
    }

    #[test]
    fn without_a_challenge_there_is_nothing_to_ask() {
        let empty =
            answer(&json!({"version": "1.0.0", "currentAuthenticator": {"value": {"key": "webauthn"}}}));
        assert!(assertion(&empty, Sendable::default()).is_none());
        assert!(creation(&empty, Sendable::default()).is_none());
        assert!(discovery(&empty, Sendable::default(), TaskKind::UsePasskey).is_none());
    }
}
