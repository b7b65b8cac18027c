//! Our own words. The catalogue is made from `locales/en.json` by the build script; what is said instead of it in another
//! language is in [`speech`].

use latchkey_core::{
    password::Rule,
    screen::{Complaint, Control, Field, Grace, Matter, PasskeyTrouble, Purpose},
    text::filled,
};

use super::{intl, speech};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// A text as it stands in the catalogue.
pub(crate) fn text(key: Key) -> &'static str {
    let place = key as usize;
    speech::word(place).or_else(|| EN.get(place).copied()).unwrap_or_default()
}

/// What a server said in English, in the words of this language if it is a usual thing to say.
pub(crate) fn translated(said: &str) -> &str {
    speech::translated(EN.len(), said).unwrap_or(said)
}

/// A text with its one `{placeholder}` filled in.
pub(crate) fn fill(key: Key, value: &str) -> String {
    filled(text(key), &[value])
}

pub(crate) fn count(key: Key, n: u32) -> String {
    filled(form(text(key), n), &[&intl::number(n)])
}

pub(crate) fn one_or_other(n: u32, one: Key, other: Key) -> String {
    if n == 1 { text(one).to_owned() } else { count(other, n) }
}

/// Some languages have more than two forms: `{n} znaków|few={n} znaki`, by the categories of CLDR, the most usual first.
fn form(text: &'static str, n: u32) -> &'static str {
    let Some((usual, forms)) = text.split_once('|') else { return text };
    let category = intl::plural(n);
    let of_category = |form: &'static str| form.strip_prefix(category.as_str())?.strip_prefix('=');
    forms.split('|').find_map(of_category).unwrap_or(usual)
}

/// The words for what the core has to say.
pub(crate) fn matter(matter: &Matter) -> String {
    let key = match matter {
        Matter::Server { key, text } => return server_text(key.as_deref(), text),
        Matter::PasswordExpires { days: 0 } => Key::AlertExpiresToday,
        Matter::PasswordExpires { days } => {
            return one_or_other(*days, Key::AlertExpiresOne, Key::AlertExpiresOther);
        }
        Matter::TooMany { seconds: Some(seconds) } if *seconds > 120 => {
            return count(Key::AlertTooManyMinutes, seconds.div_ceil(60));
        }
        Matter::TooMany { seconds: Some(seconds) } => return count(Key::AlertTooManySeconds, *seconds),
        Matter::TooMany { seconds: None } => Key::AlertTooMany,
        Matter::StartedOver => Key::AlertStartedOver,
        Matter::Unreachable => Key::AlertUnreachable,
        Matter::ServerFailed => Key::AlertServerFailed,
        Matter::Refused => Key::AlertRefused,
        Matter::NotSetUp => Key::AlertNotSetUp,
        Matter::NotSupported => Key::AlertNotSupported,
        Matter::NotAccepted => Key::AlertNotAccepted,
        Matter::PromptFailed => Key::AlertPromptFailed,
        Matter::LinkUnusable => Key::AlertLinkUnusable,
        Matter::SentAgain => Key::AlertSentAgain,
        Matter::Passkey(trouble) => match trouble {
            PasskeyTrouble::Cancelled => Key::AlertPasskeyCancelled,
            PasskeyTrouble::AlreadyThere => Key::AlertPasskeyAlreadyThere,
            PasskeyTrouble::WrongPlace => Key::AlertPasskeyWrongPlace,
            PasskeyTrouble::Unsupported => Key::AlertPasskeyUnsupported,
            PasskeyTrouble::Nameless => Key::AlertPasskeyNameless,
            PasskeyTrouble::Failed => Key::AlertPasskeyFailed,
        },
    };
    text(key).to_owned()
}

/// Better words than the server's where the catalogue has some, else the server's.
fn server_text(key: Option<&str>, fallback: &str) -> String {
    let by_key = || speech::translated(EN.len(), key?);
    known(SERVER, key).or_else(by_key).unwrap_or_else(|| translated(fallback)).to_owned()
}

/// The title of an ending, by the key of what the server says there.
pub(crate) fn ending(matter: &Matter) -> Option<&'static str> {
    match matter {
        Matter::Server { key, .. } => known(ENDINGS, key.as_deref()),
        _ => None,
    }
}

fn known(texts: &[(&str, Key)], key: Option<&str>) -> Option<&'static str> {
    let key = key?;
    texts.iter().find(|(known, _)| *known == key).map(|(_, own)| text(*own))
}

/// The visible label of a field: the server's, or ours by purpose.
pub(crate) fn label(field: &Field) -> String {
    let key = match field.purpose {
        _ if matches!(field.control, Control::Alternatives(_)) => Key::FieldQuestion,
        Purpose::Method => Key::ChoicePhoneMethod,
        _ if field.label.is_some() => {
            return field.label.as_deref().map(translated).unwrap_or_default().to_owned();
        }
        Purpose::Username => Key::FieldUsername,
        Purpose::CurrentPassword => Key::FieldPassword,
        Purpose::NewPassword => Key::FieldNewPassword,
        Purpose::OneTimeCode | Purpose::AlphanumericCode => Key::FieldCode,
        Purpose::DeviceCode => Key::FieldDeviceCode,
        Purpose::Telephone => Key::FieldPhone,
        Purpose::Answer => Key::FieldAnswer,
        Purpose::RememberMe => Key::FieldRememberMe,
        Purpose::RevokeSessions => Key::FieldRevokeSessions,
        _ => return humanized(field.name.rsplit('.').next().unwrap_or_default()),
    };
    text(key).to_owned()
}

/// What to call something of which only the technical name is known: `postalCode` becomes `Postal code`.
pub(crate) fn humanized(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' => words.push(' '),
            upper if upper.is_ascii_uppercase() && !words.is_empty() => {
                words.extend([' ', upper.to_ascii_lowercase()])
            }
            other if words.is_empty() => words.push(other.to_ascii_uppercase()),
            other => words.push(other),
        }
    }
    if words.is_empty() { text(Key::FieldUnnamed).to_owned() } else { words }
}

/// How long something may still be put off; dates as the reader writes them.
pub(crate) fn grace(grace: &Grace) -> String {
    match grace {
        Grace::Until(time) => fill(Key::ChoiceUntil, &intl::day(time)),
        Grace::SignIns(n) => one_or_other(*n, Key::ChoiceSignInOne, Key::ChoiceSignInOther),
    }
}

/// What is wrong with a field, in a sentence that says what to do.
pub(crate) fn complaint(field: &Field, complaint: Complaint) -> String {
    let label = label(field);
    match complaint {
        Complaint::Missing => match field.control {
            Control::Checkbox => fill(Key::ComplaintMissingCheck, &label),
            Control::Radio(_)
            | Control::Select(_)
            | Control::Country
            | Control::Pick(_)
            | Control::Alternatives(_) => fill(Key::ComplaintMissingChoice, &inside(&label)),
            Control::Text | Control::Secret if field.purpose == Purpose::Answer => {
                text(Key::ComplaintMissingAnswer).to_owned()
            }
            Control::Text | Control::Secret | Control::Telephone { .. } => {
                fill(Key::ComplaintMissing, &inside(without_verb(&label)))
            }
        },
        Complaint::TooShort(least) => filled(text(Key::ComplaintTooShort), &[&label, &intl::number(least)]),
        Complaint::TooLong(most) => filled(text(Key::ComplaintTooLong), &[&label, &intl::number(most)]),
    }
}

/// "Enter your username": the label moves into the sentence. In English that is; others keep their capitals, or have none.
pub(crate) fn inside(label: &str) -> String {
    let mut label = label.to_owned();
    if let Some(first) = label.get_mut(..1).filter(|_| speech::language().starts_with("en")) {
        first.make_ascii_lowercase();
    }
    label
}

/// Servers label fields "Enter code"; "Enter your enter code" is nobody's language.
fn without_verb(label: &str) -> &str {
    label.strip_prefix("Enter ").unwrap_or(label)
}

/// One rule of a password policy.
pub(crate) fn rule(rule: &Rule) -> String {
    let key = match rule {
        Rule::MinLength(n) => return count(Key::RulesMinLength, *n),
        Rule::MinLowerCase(n) => {
            return one_or_other(*n, Key::RulesMinLowerCaseOne, Key::RulesMinLowerCaseOther);
        }
        Rule::MinUpperCase(n) => {
            return one_or_other(*n, Key::RulesMinUpperCaseOne, Key::RulesMinUpperCaseOther);
        }
        Rule::MinNumber(n) => return one_or_other(*n, Key::RulesMinNumberOne, Key::RulesMinNumberOther),
        Rule::MinSymbol(n) => return one_or_other(*n, Key::RulesMinSymbolOne, Key::RulesMinSymbolOther),
        Rule::MaxRepeated(n) => return count(Key::RulesMaxRepeated, *n),
        Rule::History(n) => return one_or_other(*n, Key::RulesHistoryOne, Key::RulesHistoryOther),
        Rule::MinAgeMinutes(n) if *n >= 2 * 24 * 60 => {
            return count(Key::RulesMinAgeDays, n.div_ceil(24 * 60));
        }
        Rule::MinAgeMinutes(n) if *n >= 2 * 60 => return count(Key::RulesMinAgeHours, n.div_ceil(60)),
        Rule::MinAgeMinutes(n) => return one_or_other(*n, Key::RulesMinAgeOne, Key::RulesMinAgeOther),
        Rule::ThreeOfFourClasses => Key::RulesThreeOfFourClasses,
        Rule::ExcludesUsername => Key::RulesExcludesUsername,
        Rule::ExcludesFirstName => Key::RulesExcludesFirstName,
        Rule::ExcludesLastName => Key::RulesExcludesLastName,
    };
    text(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technical_names_become_words() {
        assert_eq!(humanized("postalCode"), "Postal code");
        assert_eq!(humanized("launch-authenticator"), "Launch authenticator");
        assert_eq!(humanized(""), "Your answer");
    }

    #[test]
    fn one_is_not_said_as_many() {
        assert_eq!(rule(&Rule::MinNumber(1)), "A number");
        assert_eq!(rule(&Rule::MinNumber(2)), "At least 2 numbers");
    }

    #[test]
    fn waiting_times_are_said_in_a_unit_that_people_use() {
        assert!(matter(&Matter::TooMany { seconds: Some(30) }).contains("30 seconds"));
        assert!(matter(&Matter::TooMany { seconds: Some(601) }).contains("11 minutes"));
    }
}
