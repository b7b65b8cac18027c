//! What a client can do: the endpoints and their bodies, read into one [`Action`].
//!
//! Unknown members are ignored and missing ones are noticed by the flow, which knows how to say so in the
//! field concerned.

use serde_json::Value;

use crate::passkeys::Assertion;
use crate::phone::PhoneMethod;
use crate::store::Profile;

/// One answer of the person, or one link they followed.
pub(crate) enum Action {
    Identify {
        identifier: String,
        passcode: String,
        /// Whether the box to stay signed in was ticked, where there is one.
        is_to_be_remembered: Option<bool>,
    },
    SelectIdentify,
    SelectEnrollProfile,
    EnrollProfile {
        profile: Profile,
    },
    SelectAuthenticator(Selected),
    SelectEnrollment(Selected),
    UnlockAccount,
    /// Asks whether it was answered elsewhere.
    Poll,
    Answer(Credentials),
    /// A passkey instead of a name.
    AnswerWithPasskey(Assertion),
    Resend,
    Recover,
    Skip,
    /// Whether to stay signed in.
    KeepSignedIn(Option<bool>),
    /// Whether the client may have what it asks for.
    Consent(Option<bool>),
    /// The code that a device shows.
    EnterUserCode(String),
    Cancel,
}

/// What a person answers a challenge with; which members there are depends on the challenge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) passcode: String,
    pub(crate) revoke_sessions: bool,
    pub(crate) assertion: Assertion,
    pub(crate) attestation: String,
    /// A JSON string, as browsers report it.
    pub(crate) transports: String,
    pub(crate) question_key: String,
    pub(crate) question: String,
    pub(crate) answer: String,
}

/// One of a list of authenticators.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub(crate) id: String,
    /// Only telephones have several; nothing if it is left open.
    pub(crate) method: Option<PhoneMethod>,
    pub(crate) phone_number: String,
    /// Only there when an account is unlocked.
    pub(crate) identifier: String,
}

impl Action {
    /// Every endpoint below `/idp/idx/` that acts on a transaction.
    pub(crate) const ENDPOINTS: [&str; 18] = [
        "identify",
        "identify/select",
        "enroll",
        "enroll/new",
        "challenge",
        "challenge/answer",
        "challenge/answer/webauthn-autofillui",
        "challenge/poll",
        "challenge/resend",
        "authenticators/poll",
        "unlock-account",
        "credential/enroll",
        "recover",
        "skip",
        "keep-me-signed-in",
        "consent",
        "device/activate",
        "cancel",
    ];

    /// Reads the body that was posted to an endpoint; nothing for an endpoint that is not one of ours.
    pub(crate) fn read(endpoint: &str, body: &Value) -> Option<Self> {
        Some(match endpoint {
            "identify" => Self::Identify {
                identifier: text(body, "/identifier").trim().to_owned(),
                passcode: text(body, "/credentials/passcode"),
                is_to_be_remembered: answer(body, "/rememberMe"),
            },
            "identify/select" => Self::SelectIdentify,
            "enroll" => Self::SelectEnrollProfile,
            "enroll/new" => Self::EnrollProfile { profile: profile(body) },
            "challenge" => Self::SelectAuthenticator(Selected::read(body)),
            "challenge/poll" | "authenticators/poll" => Self::Poll,
            "unlock-account" => Self::UnlockAccount,
            "challenge/answer" => Self::Answer(Credentials::read(body)),
            "challenge/answer/webauthn-autofillui" => Self::AnswerWithPasskey(assertion(body)),
            "challenge/resend" => Self::Resend,
            "credential/enroll" => Self::SelectEnrollment(Selected::read(body)),
            "recover" => Self::Recover,
            "skip" => Self::Skip,
            "keep-me-signed-in" => Self::KeepSignedIn(answer(body, "/keepMeSignedIn")),
            "consent" => Self::Consent(answer(body, "/consent")),
            "device/activate" => Self::EnterUserCode(text(body, "/userCode")),
            "cancel" => Self::Cancel,
            _ => return None,
        })
    }
}

impl Selected {
    fn read(body: &Value) -> Self {
        Self {
            id: text(body, "/authenticator/id"),
            method: PhoneMethod::of_name(&text(body, "/authenticator/methodType")),
            phone_number: text(body, "/authenticator/phoneNumber").trim().to_owned(),
            identifier: text(body, "/identifier"),
        }
    }
}

impl Credentials {
    fn read(body: &Value) -> Self {
        Self {
            passcode: text(body, "/credentials/passcode"),
            revoke_sessions: flag(body, "/credentials/revokeSessions"),
            assertion: assertion(body),
            attestation: text(body, "/credentials/attestation"),
            transports: text(body, "/credentials/transports"),
            question_key: text(body, "/credentials/questionKey"),
            question: text(body, "/credentials/question"),
            answer: text(body, "/credentials/answer"),
        }
    }
}

fn assertion(body: &Value) -> Assertion {
    Assertion {
        client_data: text(body, "/credentials/clientData"),
        authenticator_data: text(body, "/credentials/authenticatorData"),
        signature_data: text(body, "/credentials/signatureData"),
        user_handle: text(body, "/credentials/userHandle"),
    }
}

fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn flag(body: &Value, pointer: &str) -> bool {
    answer(body, pointer).unwrap_or_default()
}

/// Yes, no, or nothing.
fn answer(body: &Value, pointer: &str) -> Option<bool> {
    body.pointer(pointer).and_then(Value::as_bool)
}

fn profile(body: &Value) -> Profile {
    let members = body.pointer("/userProfile").and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.trim().to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_endpoint_has_an_action() {
        for endpoint in Action::ENDPOINTS {
            assert!(Action::read(endpoint, &json!({})).is_some(), "{endpoint}");
        }
        assert!(Action::read("challenge/send", &json!({})).is_none());
    }

    #[test]
    fn members_of_the_wrong_type_are_as_good_as_absent() {
        let body = json!({ "identifier": ["pat"], "credentials": "secret" });
        let Some(Action::Identify { identifier, passcode, .. }) = Action::read("identify", &body) else {
            panic!("not an identification");
        };
        assert_eq!((identifier.as_str(), passcode.as_str()), ("", ""));
    }

    #[test]
    fn blanks_around_an_identifier_do_not_count_but_those_of_a_password_do() {
        let body = json!({ "identifier": " pat ", "credentials": { "passcode": " secret " } });
        let Some(Action::Identify { identifier, passcode, .. }) = Action::read("identify", &body) else {
            panic!("not an identification");
        };
        assert_eq!((identifier.as_str(), passcode.as_str()), ("pat", " secret "));
    }
}
