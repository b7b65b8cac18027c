//! What mails say. Plain text: it reads everywhere, and nothing in it can be mistaken for a link.

use std::time::Duration;

/// A mail that is to be sent.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) recipient: String,
    pub(crate) occasion: Occasion,
    pub(crate) code: Option<String>,
}

/// Why it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    SignIn,
    Registration,
    /// Somebody registers an address that has an account; only its owner is told.
    AccountExists,
    Recovery,
}

impl Letter {
    pub(crate) fn subject(&self, client_name: &str) -> String {
        match self.occasion {
            Occasion::SignIn => format!("Your code to sign in to {client_name}"),
            Occasion::Registration => format!("Confirm your address for {client_name}"),
            Occasion::AccountExists => format!("You already have an account for {client_name}"),
            Occasion::Recovery => format!("Reset your password for {client_name}"),
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
        };
        let code = self.code.as_deref().unwrap_or_default();
        let minutes = lifetime.as_secs().div_ceil(60);
        format!(
            "{what}\n\n    {code}\n\nIt is good for {minutes} minutes and works once. Never tell it to anybody.\n\n\
             If it was not you who asked for it, you need not do anything.\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(occasion: Occasion, code: Option<&str>) -> Letter {
        Letter { recipient: "pat@example.com".into(), occasion, code: code.map(Into::into) }
    }

    #[test]
    fn a_code_stands_in_the_text_and_not_in_the_subject() {
        for occasion in [Occasion::SignIn, Occasion::Registration, Occasion::Recovery] {
            let letter = letter(occasion, Some("012345"));
            assert!(letter.body("Demo", Duration::from_secs(600)).contains("\n    012345\n"));
            assert!(!letter.subject("Demo").contains("012345"));
        }
    }

    #[test]
    fn the_owner_of_an_account_is_told_and_gets_no_code() {
        let letter = letter(Occasion::AccountExists, None);
        assert!(
            letter.body("Demo", Duration::from_secs(600)).contains("There is an account with it already")
        );
    }
}
