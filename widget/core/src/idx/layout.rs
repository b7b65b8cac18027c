//! Which of the drawn screens a step is. A step that is not in the table is drawn from its form alone, and works.

use serde_json::Value;

use super::{
    answer::{Answer, is_poll},
    device,
    ion::Remediation,
    passkey,
    purpose::{self, Place},
};
use crate::screen::{Asking, Choosing, Control, Form, Layout, Purpose};

/// Steps that a script takes, not a person.
const SILENT: [&str; 5] = [
    "device-apple-sso-extension",
    "cancel-transaction",
    "challenge-webauthn-autofillui-authenticator",
    "success-redirect",
    "failure-redirect",
];

/// True where there is nothing for a person to do.
pub(super) fn is_silent(name: &str) -> bool {
    is_poll(name) || SILENT.contains(&name)
}

/// The screens that are known without looking at the form.
pub(super) fn before_form(answer: &Answer, step: &Remediation) -> Option<Layout> {
    let name = step.name.as_str();
    Some(match name {
        _ if is_end_with_skip(answer, step) => Layout::Message,
        _ if is_silent(name) => Layout::Waiting(device::awaiting(answer, name)),
        "reenroll-custom-password-expiry" => Layout::PasswordElsewhere { is_expired: true },
        "reenroll-custom-password-expiry-warning" => Layout::PasswordElsewhere { is_expired: false },
        "challenge-authenticator" | "enroll-authenticator" | "enroll-authenticator-promotion"
            if answer.key() == passkey::KEY =>
        {
            Layout::Passkey
        }
        "challenge-authenticator" | "enroll-authenticator" if answer.key() == DUO => Layout::Prompt,
        _ if step.is_get => Layout::Provider,
        _ => return None,
    })
}

pub(super) const DUO: &str = "duo";

/// The screen of a form.
pub(super) fn of_form(place: Place<'_>, form: &Form) -> Layout {
    let asks_for = |purpose: Purpose| form.fields.iter().any(|field| field.purpose == purpose);
    let asks_for_code = || asks_for(Purpose::OneTimeCode) || asks_for(Purpose::AlphanumericCode);
    let is_telephone = |control: &Control| matches!(control, Control::Telephone { .. });
    if let Some(reason) = purpose::new_password(place) {
        return Layout::NewPassword(reason);
    }
    match place.step {
        "identify" => Layout::Identify,
        "identify-recovery" => Layout::Recover,
        "enroll-profile" | "profile-update" => Layout::Profile,
        "select-authenticator-authenticate" => Layout::Choice(Choosing::ToVerify),
        "select-authenticator-enroll" => Layout::Choice(Choosing::ToEnroll),
        "select-authenticator-unlock-account" | "unlock-account" => Layout::Choice(Choosing::ToUnlock),
        "authenticator-enrollment-data" if form.fields.iter().any(|field| is_telephone(&field.control)) => {
            Layout::PhoneNumber
        }
        "authenticator-verification-data" | "authenticator-enrollment-data" | "select-enrollment-channel" => {
            Layout::Choice(Choosing::Method)
        }
        "enrollment-channel-data" => Layout::Choice(Choosing::Method),
        "consent" => Layout::Consent(Asking::Application),
        "admin-consent" => Layout::Consent(Asking::Administrator),
        "granular-consent" => Layout::Consent(Asking::Scopes),
        "email-challenge-consent" => Layout::Consent(Asking::SignIn),
        "keep-me-signed-in" => Layout::StaySignedIn,
        "user-code" => Layout::DeviceCode,
        "request-activation-email" => Layout::Activation,
        "device-assurance-grace-period" => Layout::Warning,
        "resend" => Layout::Resend,
        "launch-authenticator" => Layout::DeviceSignIn,
        "challenge-authenticator" if asks_for(Purpose::CurrentPassword) => Layout::Password,
        _ if place.authenticator == "security_question" => Layout::Question,
        "challenge-authenticator" | "enroll-authenticator" | "reset-authenticator"
            if asks_for_code() || place.authenticator == "nfc_pin" =>
        {
            Layout::Code
        }
        _ => Layout::Generic,
    }
}

/// A refusal with nothing but `skip` beside it is an ending with a way on (idx.md section 7).
fn is_end_with_skip(answer: &Answer, primary: &Remediation) -> bool {
    primary.name == "skip" && answer.remediations.len() == 1 && !answer.messages.is_empty()
}

/// True where the step sets something up.
pub(super) fn is_setup(step: &str) -> bool {
    step.starts_with("enroll")
        || matches!(
            step,
            "authenticator-enrollment-data" | "select-enrollment-channel" | "reset-authenticator"
        )
}

/// What a Duo prompt needs, unchanged.
pub(super) fn duo_argument(answer: &Answer) -> Option<&Value> {
    let data = &answer.current.as_ref()?.contextual_data;
    data.get("signedToken").map(|_| data)
}
