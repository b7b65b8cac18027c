//! What a new password must be like, told to people in advance and enforced afterwards.
//!
//! The classes of characters are those that sign-in widgets count while the person types; counting otherwise
//! here would refuse what the page has ticked off.

use crate::config::PasswordRules;

/// Whom a password is for: what it must not contain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Person<'a> {
    pub(crate) email: &'a str,
    pub(crate) first_name: &'a str,
}

/// The requirements that `password` does not meet, in the order in which they are described.
pub(crate) fn broken_rules(rules: &PasswordRules, password: &str, person: Person<'_>) -> Vec<String> {
    requirements(rules)
        .into_iter()
        .filter(|requirement| !requirement.is_met(password, person))
        .map(|requirement| requirement.to_string())
        .collect()
}

/// All requirements in one sentence.
pub(crate) fn describe(rules: &PasswordRules) -> String {
    let list: Vec<_> = requirements(rules).iter().map(ToString::to_string).collect();
    let mut text = format!("Password requirements: {}.", list.join(", "));
    match rules.history {
        0 => {}
        1 => text.push_str(" Your password cannot be your last password."),
        count => text.push_str(&format!(" Your password cannot be any of your last {count} passwords.")),
    }
    text
}

#[derive(Clone, Copy, Debug)]
enum Requirement {
    Length(u32),
    LowerCase(u32),
    UpperCase(u32),
    Number(u32),
    Symbol(u32),
    NoUsername,
    NoFirstName,
}

fn requirements(rules: &PasswordRules) -> Vec<Requirement> {
    let counted = [
        (rules.min_length, Requirement::Length(rules.min_length)),
        (rules.min_lower_case, Requirement::LowerCase(rules.min_lower_case)),
        (rules.min_upper_case, Requirement::UpperCase(rules.min_upper_case)),
        (rules.min_number, Requirement::Number(rules.min_number)),
        (rules.min_symbol, Requirement::Symbol(rules.min_symbol)),
        (u32::from(rules.exclude_username), Requirement::NoUsername),
        (u32::from(rules.exclude_first_name), Requirement::NoFirstName),
    ];
    counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, requirement)| requirement).collect()
}

impl Requirement {
    fn is_met(self, password: &str, person: Person<'_>) -> bool {
        match self {
            Self::Length(least) => has(password, |_| true, least),
            Self::LowerCase(least) => has(password, char::is_lowercase, least),
            Self::UpperCase(least) => has(password, char::is_uppercase, least),
            Self::Number(least) => has(password, char::is_numeric, least),
            Self::Symbol(least) => has(password, |c| SYMBOLS.contains(c), least),
            Self::NoUsername => !contains_part(password, person.email),
            Self::NoFirstName => !contains(password, person.first_name),
        }
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length(1) => f.write_str("at least 1 character"),
            Self::Length(least) => write!(f, "at least {least} characters"),
            Self::LowerCase(1) => f.write_str("a lowercase letter"),
            Self::LowerCase(least) => write!(f, "{least} lowercase letters"),
            Self::UpperCase(1) => f.write_str("an uppercase letter"),
            Self::UpperCase(least) => write!(f, "{least} uppercase letters"),
            Self::Number(1) => f.write_str("a number"),
            Self::Number(least) => write!(f, "{least} numbers"),
            Self::Symbol(1) => f.write_str("a symbol"),
            Self::Symbol(least) => write!(f, "{least} symbols"),
            Self::NoUsername => f.write_str("no parts of your username"),
            Self::NoFirstName => f.write_str("does not include your first name"),
        }
    }
}

fn has(password: &str, class: impl Fn(char) -> bool, least: u32) -> bool {
    let count = password.chars().filter(|c| class(*c)).count();
    u32::try_from(count).is_ok_and(|count| count >= least)
}

/// Whether a part of the username that is long enough to matter occurs in the password.
fn contains_part(password: &str, username: &str) -> bool {
    username
        .split([',', '.', '-', '_', '#', '@'])
        .filter(|part| part.chars().count() >= 4)
        .any(|part| contains(password, part))
}

fn contains(password: &str, word: &str) -> bool {
    !word.is_empty() && password.to_lowercase().contains(&word.to_lowercase())
}

const SYMBOLS: &str = "!\"#$%&'()*+,-./\\:;<=>?@[]^_`{|}~";

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> PasswordRules {
        PasswordRules {
            min_length: 10,
            min_lower_case: 1,
            min_upper_case: 1,
            min_number: 1,
            min_symbol: 1,
            exclude_username: true,
            exclude_first_name: true,
            history: 4,
        }
    }

    fn broken(password: &str) -> Vec<String> {
        broken_rules(&rules(), password, Person { email: "pat.example@example.com", first_name: "Pat" })
    }

    #[test]
    fn a_password_that_meets_every_rule() {
        assert_eq!(broken("Correct-Horse-42"), Vec::<String>::new());
    }

    #[test]
    fn each_rule_is_named_when_it_is_broken() {
        assert_eq!(broken("Horse-42"), ["at least 10 characters"]);
        assert_eq!(broken("CORRECT-HORSE-42"), ["a lowercase letter"]);
        assert_eq!(broken("correct-horse-42"), ["an uppercase letter"]);
        assert_eq!(broken("Correct-Horse-xx"), ["a number"]);
        assert_eq!(broken("CorrectHorse42"), ["a symbol"]);
        assert_eq!(broken("My-EXAMPLE-42-ok"), ["no parts of your username"]);
        assert_eq!(broken("Spatula-Horse-42"), ["does not include your first name"]);
    }

    #[test]
    fn letters_of_other_scripts_count() {
        assert_eq!(broken("Ñandú-größe-٤٢"), Vec::<String>::new());
    }

    #[test]
    fn a_space_is_a_character_but_not_a_symbol() {
        assert_eq!(broken("Correct Horse 42"), ["a symbol"]);
    }

    #[test]
    fn short_parts_of_the_username_do_not_matter() {
        let person = Person { email: "a.b@c.io", first_name: "" };
        assert_eq!(broken_rules(&rules(), "Abcio-Horse-42", person), Vec::<String>::new());
    }

    #[test]
    fn the_description_names_every_rule_and_the_history() {
        assert_eq!(
            describe(&rules()),
            "Password requirements: at least 10 characters, a lowercase letter, an uppercase letter, a number, \
             a symbol, no parts of your username, does not include your first name. Your password cannot be any \
             of your last 4 passwords."
        );
    }
}
