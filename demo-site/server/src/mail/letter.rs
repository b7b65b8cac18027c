//! What mails say, and what stands for text messages and calls. Plain text: it reads everywhere, and the one link
//! in it is the one that was asked for.

use std::time::Duration;

use crate::phone::{PhoneMethod, PhoneNumber};

/// A mail that is to be sent.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) recipient: String,
    pub(crate) occasion: Occasion,
    pub(crate) code: Option<String>,
    /// Does the same as the code.
    pub(crate) link: Option<String>,
}

/// Why it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    SignIn,
    Registration,
    /// Somebody registers an address that has an account; only its owner is told.
    AccountExists,
    Recovery,
    Unlock,
    /// A code for a telephone.
    Phone(PhoneMethod),
}

impl Letter {
    pub(crate) fn subject(&self, client_name: &str) -> String {
        match self.occasion {
            Occasion::SignIn => format!("Your code to sign in to {client_name}"),
            Occasion::Registration => format!("Confirm your address for {client_name}"),
            Occasion::AccountExists => format!("You already have an account for {client_name}"),
            Occasion::Recovery => format!("Reset your password for {client_name}"),
            Occasion::Unlock => format!("Unlock your account for {client_name}"),
            Occasion::Phone(PhoneMethod::Sms) => "Text message".to_owned(),
            Occasion::Phone(PhoneMethod::Voice) => "Voice call".to_owned(),
        }
    }

    pub(crate) fn body(&self, client_name: &str, lifetime: Duration) -> String {
        let what = match self.occasion {
            Occasion::SignIn => format!("Enter this code to sign in to {client_name}:"),
            Occasion::Registration => {
                format!("Enter this code to confirm your address for {client_name}:")
            }
            Occasion::AccountExists => {
                return format!(
                    "Somebody, probably you, tried to register this address for {client_name}.\n\n\
                     There is an account with it already, so no new one was made. Go back and sign in, or \
                     choose \"Forgot password?\" there.\n\n\
                     If it was not you, you need not do anything.\n"
                );
            }
            Occasion::Recovery => {
                format!("Enter this code to choose a new password for {client_name}:")
            }
            Occasion::Unlock => format!("Enter this code to unlock your account for {client_name}:"),
            Occasion::Phone(_) => return self.message(client_name),
        };
        let code = self.code.as_deref().unwrap_or_default();
        let minutes = lifetime.as_secs().div_ceil(60);
        let link = self.link.as_ref().map_or_else(String::new, |link| {
            format!("Or open this page, also on another device:\n\n    {link}\n\n")
        });
        format!(
            "{what}\n\n    {code}\n\n{link}It is good for {minutes} minutes and works once. Never tell it to anybody.\n\n\
             If it was not you who asked for it, you need not do anything.\n"
        )
    }

    /// What a text message says, or a voice.
    fn message(&self, client_name: &str) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        format!("{client_name}: your code is {code}. Never tell it to anybody.")
    }

    /// The same, to a telephone.
    pub(crate) fn for_phone(mut self, number: &PhoneNumber) -> Self {
        number.number().clone_into(&mut self.recipient);
        if let Some(extension) = number.extension() {
            self.recipient.push('x');
            self.recipient.push_str(extension);
        }
        self
    }
}

impl Occasion {
    pub(crate) fn has_code(self) -> bool {
        self != Self::AccountExists
    }

    pub(crate) fn is_by_phone(self) -> bool {
        matches!(self, Self::Phone(_))
    }

    /// How it travels.
    pub(crate) fn channel(self) -> &'static str {
        match self {
            Self::Phone(method) => method.name(),
            Self::SignIn | Self::Registration | Self::AccountExists | Self::Recovery | Self::Unlock => {
                "email"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(occasion: Occasion, code: Option<&str>) -> Letter {
        Letter { recipient: "pat@example.com".into(), occasion, code: code.map(Into::into), link: None }
    }

    #[test]
    fn a_code_stands_in_the_text_and_not_in_the_subject() {
        for occasion in [Occasion::SignIn, Occasion::Registration, Occasion::Recovery, Occasion::Unlock] {
            let letter = letter(occasion, Some("012345"));
            assert!(letter.body("Demo", Duration::from_secs(600)).contains("\n    012345\n"));
            assert!(!letter.subject("Demo").contains("012345"));
        }
    }

    #[test]
    fn a_link_stands_beside_the_code_and_only_where_there_is_one() {
        let plain = letter(Occasion::SignIn, Some("012345"));
        let lifetime = Duration::from_secs(600);
        assert!(!plain.body("Demo", lifetime).contains("open this page"));
        let link = "https://id.example.com/email/verify?token=abc";
        let with_link = Letter { link: Some(link.into()), ..plain };
        assert!(with_link.body("Demo", lifetime).contains(&format!("\n    {link}\n")));
    }

    #[test]
    fn a_message_to_a_telephone_is_one_sentence_and_a_warning() {
        let letter = letter(Occasion::Phone(PhoneMethod::Sms), Some("012345"));
        let number = PhoneNumber::parse("+15555550142x77").unwrap();
        assert_eq!(
            letter.body("Demo", Duration::from_secs(600)),
            "Demo: your code is 012345. Never tell it to anybody."
        );
        assert_eq!(letter.for_phone(&number).recipient, "+15555550142x77");
    }

    #[test]
    fn the_owner_of_an_account_is_told_and_gets_no_code() {
        let letter = letter(Occasion::AccountExists, None);
        assert!(
            letter.body("Demo", Duration::from_secs(600)).contains("There is an account with it already")
        );
    }
}
