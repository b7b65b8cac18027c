//! The rules of a new password, and which of them a text keeps (idx.md section "password policy").
//!
//! Case is folded in ASCII only, and what is a letter beyond ASCII the caller says: the tables for all of Unicode weigh a
//! hundred times more than this module, and every browser has them. Rules that a browser cannot check (history, age) are
//! shown all the same; only the server decides.

/// One rule, as the server's policy states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// At least so many characters.
    MinLength(u32),
    /// At least so many lower-case letters.
    MinLowerCase(u32),
    /// At least so many upper-case letters.
    MinUpperCase(u32),
    /// At least so many digits.
    MinNumber(u32),
    /// At least so many symbols.
    MinSymbol(u32),
    /// Three of the four classes (lower, upper, digit, symbol).
    ThreeOfFourClasses,
    /// No part of the user name.
    ExcludesUsername,
    /// Not the first name.
    ExcludesFirstName,
    /// Not the last name.
    ExcludesLastName,
    /// The same character at most so many times in a row.
    MaxRepeated(u32),
    /// None of the last so many passwords.
    History(u32),
    /// So many minutes must have passed since the last change.
    MinAgeMinutes(u32),
}

/// Whom the password is for, where a rule depends on it. Empty where unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// User name or e-mail address.
    pub username: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// What a character beyond ASCII is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// A lower-case letter.
    Lower,
    /// An upper-case letter.
    Upper,
    /// No letter, or one of a script without case.
    Neither,
}

/// Who knows about the characters beyond ASCII; is not asked about others.
pub type CaseOf = fn(char) -> Case;

const SYMBOLS: &str = "!\"#$%&'()*+,-./\\:;<=>?@[]^_`{|}~";
/// Parts of a user name shorter than this may occur.
const SHORTEST_PART: usize = 4;

impl Rule {
    /// Whether the text keeps the rule; `None` where only the server can tell.
    pub fn is_met(&self, password: &str, person: &Person, case_of: CaseOf) -> Option<bool> {
        let at_least = |count: usize, least: u32| Some(count >= least as usize);
        match self {
            Self::MinLength(least) => at_least(password.chars().count(), *least),
            Self::MinLowerCase(least) => at_least(count(password, |c| is_lower(c, case_of)), *least),
            Self::MinUpperCase(least) => at_least(count(password, |c| is_upper(c, case_of)), *least),
            Self::MinNumber(least) => at_least(count(password, |c| c.is_ascii_digit()), *least),
            Self::MinSymbol(least) => at_least(count(password, is_symbol), *least),
            Self::ThreeOfFourClasses => Some(classes(password, case_of) >= 3),
            Self::ExcludesUsername => Some(!contains_part(password, &person.username)),
            Self::ExcludesFirstName => Some(!contains(password, &person.first_name)),
            Self::ExcludesLastName => Some(!contains(password, &person.last_name)),
            Self::MaxRepeated(most) => Some(longest_run(password) <= *most as usize),
            Self::History(_) | Self::MinAgeMinutes(_) => None,
        }
    }
}

fn count(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.chars().filter(|c| is(*c)).count()
}

fn is_symbol(c: char) -> bool {
    SYMBOLS.contains(c)
}

fn is_lower(c: char, case_of: CaseOf) -> bool {
    if c.is_ascii() { c.is_ascii_lowercase() } else { case_of(c) == Case::Lower }
}

fn is_upper(c: char, case_of: CaseOf) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { case_of(c) == Case::Upper }
}

fn classes(password: &str, case_of: CaseOf) -> usize {
    let classes: [&dyn Fn(char) -> bool; 4] =
        [&|c| is_lower(c, case_of), &|c| is_upper(c, case_of), &|c| c.is_ascii_digit(), &is_symbol];
    classes.iter().filter(|is| password.chars().any(is)).count()
}

fn contains(password: &str, name: &str) -> bool {
    !name.is_empty() && crate::text::contains(&password.to_ascii_lowercase(), &name.to_ascii_lowercase())
}

fn contains_part(password: &str, username: &str) -> bool {
    username
        .split([',', '.', '-', '_', '#', '@'])
        .filter(|part| part.len() >= SHORTEST_PART)
        .any(|part| contains(password, part))
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run, mut before) = (0, 0, None);
    for c in text.chars() {
        run = if before == Some(c) { run + 1 } else { 1 };
        longest = longest.max(run);
        before = Some(c);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case_of(c: char) -> Case {
        match c {
            c if c.is_lowercase() => Case::Lower,
            c if c.is_uppercase() => Case::Upper,
            _ => Case::Neither,
        }
    }

    fn check(rule: &Rule, password: &str, expected: bool) {
        let pat = Person {
            username: "pat.example@shop.test".into(),
            first_name: "Pat".into(),
            last_name: "Example".into(),
        };
        assert_eq!(rule.is_met(password, &pat, case_of), Some(expected), "{rule:?} of {password:?}");
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        check(&Rule::MinLength(4), "ähm!", true);
        check(&Rule::MinLength(5), "ähm!", false);
    }

    #[test]
    fn classes_are_counted_in_any_script() {
        check(&Rule::MinLowerCase(2), "ßä1", true);
        check(&Rule::MinUpperCase(1), "straße", false);
        check(&Rule::MinUpperCase(2), "ÄÉ", true);
        check(&Rule::MinLowerCase(1), "東京", false);
        check(&Rule::MinNumber(2), "a1b2", true);
        check(&Rule::MinSymbol(1), "no symbol here", false);
        check(&Rule::MinSymbol(1), "under_score", true);
        check(&Rule::ThreeOfFourClasses, "abcDEF", false);
        check(&Rule::ThreeOfFourClasses, "abcDEF1", true);
    }

    #[test]
    fn parts_of_the_user_name_with_four_or_more_letters_are_excluded() {
        check(&Rule::ExcludesUsername, "my-EXAMPLE-1", false);
        check(&Rule::ExcludesUsername, "patpatpat", true);
        check(&Rule::ExcludesFirstName, "sPATula", false);
        check(&Rule::ExcludesLastName, "other", true);
    }

    #[test]
    fn an_unknown_person_excludes_nothing() {
        assert_eq!(Rule::ExcludesFirstName.is_met("anything", &Person::default(), case_of), Some(true));
    }

    #[test]
    fn runs_are_measured() {
        check(&Rule::MaxRepeated(2), "aabb", true);
        check(&Rule::MaxRepeated(2), "abbb", false);
    }

    #[test]
    fn what_only_the_server_knows_is_left_open() {
        assert_eq!(Rule::History(4).is_met("x", &Person::default(), case_of), None);
    }
}
