//! Everything the server says to people inside an answer.
//!
//! The key is the contract: clients translate by it, and the English text is for those that do not know it.
//! Keys that begin with `latchkey.` have no counterpart in other servers.

use serde::Serialize;
use serde_json::{Value, json};

use super::flow::SHORTEST_ANSWER;

/// One message, with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The name or the password is wrong; which of them is not said.
    AuthenticationFailed,
    IncorrectPassword,
    InvalidCode,
    /// The code has expired or was guessed at too often.
    SpentCode,
    /// Too many wrong answers for this account.
    SuspendedFactor,
    TooManyRequests,
    SessionExpired,
    /// The page belongs to another client.
    AccessDenied,
    /// The client wants to be surer than this person can make it.
    AssuranceUnsatisfiable(String),
    /// Another answer for the same form was there first.
    Superseded,
    /// The form that was answered is not the one that was asked.
    UnexpectedAnswer,
    RequiredField,
    TooLong(u32),
    InvalidEmail,
    EmailTaken,
    /// The requirements, as a sentence.
    PasswordRequirements(String),
    PasswordUsedBefore,
    RegistrationUnavailable,
    /// A passkey that does not answer the challenge, or that nobody here has.
    PasskeyNotAccepted,
    /// A new passkey that does not answer the challenge.
    PasskeyNotMade,
    /// It was set up already, by this person or another.
    PasskeyExists,
    InvalidTotp,
    UsedTotp,
    WrongAnswer,
    AnswerTooShort,
    InvalidPhone,
    /// The policy lets nobody choose another password by themselves.
    ResetNotAllowed,
    /// "No" was said on the device.
    PushRejected,
    PushExpired,
    /// Another provider has not said that it is them.
    ProviderNotVerified,
    /// The same, when it was to be set up.
    ProviderNotEnrolled,
    /// "No" was said on the page behind the link.
    CancelledElsewhere,
    Unlocked,
    /// No device shows this code, or it does not wait any more.
    InvalidUserCode,
    DeviceActivated,
    DeviceDenied,
}

impl Message {
    fn key(&self) -> &'static str {
        match self {
            Self::AuthenticationFailed => "errors.E0000004",
            Self::IncorrectPassword => "incorrectPassword",
            Self::InvalidCode => "api.authn.error.PASSCODE_INVALID",
            Self::SpentCode => "latchkey.email.code.spent",
            Self::SuspendedFactor => "authfactor.challenge.suspended_factor",
            Self::TooManyRequests => "tooManyRequests",
            Self::SessionExpired => "idx.session.expired",
            Self::AccessDenied => "security.access_denied",
            Self::AssuranceUnsatisfiable(_) => "oie.assurance.unsatisfiable",
            Self::Superseded => "latchkey.answer.superseded",
            Self::UnexpectedAnswer => "E0000020",
            Self::RequiredField => "model.validation.field.blank",
            Self::TooLong(_) => "model.validation.field.string.maxLength",
            Self::InvalidEmail => "registration.error.invalidLoginEmail",
            Self::EmailTaken => "registration.error.notUniqueWithinOrg",
            Self::PasswordRequirements(_) => "password.passwordRequirementsNotMet",
            Self::PasswordUsedBefore => "errors.E0000035",
            Self::RegistrationUnavailable => "idx.error.registration.unavailable",
            Self::PasskeyNotAccepted => "authfactor.webauthn.error.assertion_validation_failure",
            Self::PasskeyNotMade => "authfactor.webauthn.error.attestation_validation_failure",
            Self::PasskeyExists => "authfactor.webauthn.error.credential_exists",
            Self::InvalidTotp => "authfactor.challenge.soft_token.invalid_passcode",
            Self::UsedTotp => "authfactor.challenge.soft_token.used_passcode",
            Self::WrongAnswer => "errors.E0000068",
            Self::AnswerTooShort => "securityQuestion.answer.tooShort.arg",
            Self::InvalidPhone => "api.factors.error.sms.invalid_phone",
            Self::ResetNotAllowed => "oie.selfservice.reset.password.not.allowed",
            Self::PushRejected => "api.authn.poll.error.push_rejected",
            Self::PushExpired => "latchkey.push.expired",
            Self::ProviderNotVerified => "oie.authenticator.verify.error.fail",
            Self::ProviderNotEnrolled => "oie.authenticator.enroll.error.fail",
            Self::CancelledElsewhere => "idx.operation.cancelled.on.other.device",
            Self::InvalidUserCode => "idx.invalid.device.code",
            Self::DeviceActivated => "idx.device.activated",
            Self::DeviceDenied => "idx.device.not.activated.consent.denied",
            Self::Unlocked => "oie.selfservice.unlock_user.success.message",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::AuthenticationFailed => "Authentication failed".into(),
            Self::IncorrectPassword => "Password is incorrect".into(),
            Self::InvalidCode => "Invalid code. Try again.".into(),
            Self::SpentCode => "This code cannot be used any more. Ask for a new one.".into(),
            Self::SuspendedFactor => {
                "This factor is suspended for your account due to too many failed attempts".into()
            }
            Self::TooManyRequests => "Too many requests".into(),
            Self::SessionExpired => {
                "You have been logged out due to inactivity. Refresh or return to the sign in screen.".into()
            }
            Self::AccessDenied => "You do not have permission to perform the requested action.".into(),
            Self::AssuranceUnsatisfiable(application) => {
                format!(
                    "{application} asks for more proof than you have set up, and it cannot be set up here."
                )
            }
            Self::Superseded => "This page has moved on in the meantime.".into(),
            Self::UnexpectedAnswer => "Bad request. This is not what was asked for.".into(),
            Self::RequiredField => "This field cannot be left blank".into(),
            Self::TooLong(limit) => format!("This field can have at most {limit} characters"),
            Self::InvalidEmail => "'Email' must be in the form of an email address".into(),
            Self::EmailTaken => "A user with this Email already exists".into(),
            Self::PasswordRequirements(requirements) => {
                format!("Password requirements were not met. {requirements}")
            }
            Self::PasswordUsedBefore => "Password has been used too recently".into(),
            Self::RegistrationUnavailable => "Registration is not available".into(),
            Self::PasskeyNotAccepted => "This passkey could not be verified. Try again.".into(),
            Self::PasskeyNotMade => "The passkey could not be set up. Try again.".into(),
            Self::PasskeyExists => "This passkey is set up already.".into(),
            Self::InvalidTotp => "Your code doesn't match our records. Please try again.".into(),
            Self::UsedTotp => "Each code can only be used once. Please wait for a new code.".into(),
            Self::WrongAnswer => "This is not the answer that you set up. Try again.".into(),
            Self::AnswerTooShort => format!("The answer must have at least {SHORTEST_ANSWER} characters"),
            Self::InvalidPhone => {
                "This is not a telephone number with its country code. Check it and try again.".into()
            }
            Self::ResetNotAllowed => {
                "Reset password is not allowed at this time. Please contact support for assistance.".into()
            }
            Self::PushRejected => "You have chosen to reject this login.".into(),
            Self::ProviderNotVerified => "Unable to verify authenticator. Try again.".into(),
            Self::ProviderNotEnrolled => "Unable to enroll authenticator. Try again.".into(),
            Self::PushExpired => "Nobody has answered on your device in time.".into(),
            Self::CancelledElsewhere => "Operation cancelled on another device".into(),
            Self::InvalidUserCode => "Invalid code. Try again.".into(),
            Self::DeviceActivated => {
                "Device activated. Follow the instructions on your device for next steps.".into()
            }
            Self::DeviceDenied => "Device not activated: you did not allow access.".into(),
            Self::Unlocked => "Your account is unlocked. You can sign in with your password.".into(),
        }
    }

    fn params(&self) -> Option<Value> {
        match self {
            Self::PasswordRequirements(requirements) => Some(json!([requirements])),
            Self::InvalidEmail | Self::EmailTaken => Some(json!(["Email"])),
            Self::AssuranceUnsatisfiable(application) => Some(json!([application])),
            Self::TooLong(limit) => Some(json!([limit.to_string()])),
            Self::InvalidCode
            | Self::PushRejected
            | Self::ProviderNotVerified
            | Self::ProviderNotEnrolled => Some(json!([])),
            Self::AnswerTooShort => Some(json!([SHORTEST_ANSWER.to_string()])),
            Self::AuthenticationFailed
            | Self::IncorrectPassword
            | Self::SpentCode
            | Self::SuspendedFactor
            | Self::TooManyRequests
            | Self::SessionExpired
            | Self::AccessDenied
            | Self::Superseded
            | Self::UnexpectedAnswer
            | Self::RequiredField
            | Self::PasswordUsedBefore
            | Self::RegistrationUnavailable
            | Self::PasskeyNotAccepted
            | Self::PasskeyNotMade
            | Self::PasskeyExists
            | Self::InvalidTotp
            | Self::UsedTotp
            | Self::WrongAnswer
            | Self::InvalidPhone
            | Self::ResetNotAllowed
            | Self::PushExpired
            | Self::CancelledElsewhere
            | Self::InvalidUserCode
            | Self::DeviceActivated
            | Self::DeviceDenied
            | Self::Unlocked => None,
        }
    }

    fn class(&self) -> &'static str {
        if matches!(self, Self::Superseded | Self::Unlocked | Self::DeviceActivated | Self::DeviceDenied) {
            "INFO"
        } else {
            "ERROR"
        }
    }
}

impl Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut i18n = json!({ "key": self.key() });
        if let (Some(members), Some(params)) = (i18n.as_object_mut(), self.params()) {
            members.insert("params".into(), params);
        }
        json!({ "message": self.text(), "i18n": i18n, "class": self.class() }).serialize(serializer)
    }
}

/// What is to be said about an answer that was refused: about the whole, or about one field by its path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    general: Vec<Message>,
    fields: Vec<(String, Message)>,
}

impl Problems {
    pub(crate) fn general(message: Message) -> Self {
        Self { general: vec![message], fields: Vec::new() }
    }

    pub(crate) fn field(path: &str, message: Message) -> Self {
        Self { general: Vec::new(), fields: vec![(path.to_owned(), message)] }
    }

    pub(crate) fn add_field(&mut self, path: String, message: Message) {
        self.fields.push((path, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.general.is_empty() && self.fields.is_empty()
    }

    pub(crate) fn of_the_whole(&self) -> Vec<Message> {
        self.general.clone()
    }

    pub(crate) fn of_field(&self, path: &str) -> Vec<Message> {
        self.fields.iter().filter(|(at, _)| at == path).map(|(_, message)| message.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_documented_shape() {
        assert_eq!(
            serde_json::to_value(Message::InvalidCode).unwrap(),
            json!({
                "message": "Invalid code. Try again.",
                "i18n": { "key": "api.authn.error.PASSCODE_INVALID", "params": [] },
                "class": "ERROR",
            })
        );
    }

    #[test]
    fn problems_are_told_where_they_belong() {
        let mut problems = Problems::field("credentials.passcode", Message::IncorrectPassword);
        problems.add_field("identifier".into(), Message::RequiredField);
        assert!(problems.of_the_whole().is_empty());
        assert_eq!(problems.of_field("identifier"), [Message::RequiredField]);
        assert_eq!(problems.of_field("userProfile.email"), []);
    }
}
