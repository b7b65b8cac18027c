//! What a field is for, read off its name, the step and the authenticator.

use super::ion::IonField;
use crate::screen::{NewPassword, Purpose};

/// Authenticators whose codes are digits, so that a numeric keyboard is right.
const DIGITS: [&str; 5] = ["okta_email", "phone_number", "google_otp", "okta_verify", "symantec_vip"];
const PASSWORD: &str = "okta_password";

/// Where a field stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Name of the remediation.
    pub(super) step: &'a str,
    /// Key of the authenticator, empty where there is none.
    pub(super) authenticator: &'a str,
}

pub(super) fn of(field: &IonField, name: &str, place: Place<'_>) -> Purpose {
    let last = field.name.as_str();
    match last {
        "identifier" => Purpose::Username,
        "userCode" => Purpose::DeviceCode,
        "phoneNumber" => Purpose::Telephone,
        "answer" => Purpose::Answer,
        "methodType" => Purpose::Method,
        "rememberMe" => Purpose::RememberMe,
        "revokeSessions" => Purpose::RevokeSessions,
        "consent" if field.is_boolean => Purpose::Consent,
        "keepMeSignedIn" if field.is_boolean => Purpose::StaySignedIn,
        "passcode" if field.is_secret => secret(place),
        "passcode" | "totp" => code(field, place),
        _ if name.starts_with("userProfile.") => profile(last),
        _ => Purpose::Other,
    }
}

/// Why a password is set in this step, if one is.
pub(super) fn new_password(place: Place<'_>) -> Option<NewPassword> {
    if place.authenticator != PASSWORD {
        return None;
    }
    match place.step {
        "enroll-authenticator" => Some(NewPassword::First),
        "reset-authenticator" => Some(NewPassword::Reset),
        "reenroll-authenticator" => Some(NewPassword::Expired),
        "reenroll-authenticator-warning" => Some(NewPassword::Expiring),
        _ => None,
    }
}

fn secret(place: Place<'_>) -> Purpose {
    if place.step == "enroll-profile" || new_password(place).is_some() {
        Purpose::NewPassword
    } else if place.authenticator == PASSWORD || place.authenticator.is_empty() {
        Purpose::CurrentPassword
    } else {
        Purpose::Other
    }
}

fn code(field: &IonField, place: Place<'_>) -> Purpose {
    if DIGITS.contains(&place.authenticator) && !field.is_alphanumeric {
        Purpose::OneTimeCode
    } else {
        Purpose::AlphanumericCode
    }
}

fn profile(attribute: &str) -> Purpose {
    match attribute {
        "firstName" => Purpose::GivenName,
        "lastName" => Purpose::FamilyName,
        "email" | "secondEmail" => Purpose::Email,
        "login" => Purpose::Username,
        "mobilePhone" | "primaryPhone" => Purpose::Telephone,
        "streetAddress" | "postalAddress" => Purpose::StreetAddress,
        "city" => Purpose::City,
        "state" => Purpose::Region,
        "zipCode" | "postalCode" => Purpose::PostalCode,
        "countryCode" | "country" => Purpose::Country,
        "organization" => Purpose::Organization,
        "title" => Purpose::JobTitle,
        "profileUrl" => Purpose::WebAddress,
        _ => Purpose::Other,
    }
}
