//! Telephone numbers, as the international plan writes them (ITU-T E.164).

use serde::{Deserialize, Serialize};

/// A number that was checked, and perhaps the extension behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PhoneNumber {
    number: String,
    extension: Option<String>,
}

/// How a code gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PhoneMethod {
    Sms,
    Voice,
}

impl PhoneNumber {
    /// Reads `+15555550142` or, with an extension, `+15555550142x77`. Blanks, hyphens, dots and brackets between
    /// the digits are for the eye.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        let (number, extension) = match text.split_once('x') {
            Some((number, extension)) => (number, Some(extension)),
            None => (text.as_str(), None),
        };
        let digits = number.strip_prefix('+')?;
        // E.164 section 6.1: at most 15 digits, of which the country code begins with none but 1 to 9.
        let is_number = are_digits(digits) && (8..=15).contains(&digits.len()) && !digits.starts_with('0');
        let is_extension = extension.is_none_or(|it| are_digits(it) && (1..=7).contains(&it.len()));
        (is_number && is_extension)
            .then(|| Self { number: number.to_owned(), extension: extension.map(str::to_owned) })
    }

    pub(crate) fn has_extension(&self) -> bool {
        self.extension.is_some()
    }

    /// The number alone, as messages are addressed.
    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    pub(crate) fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// Enough to recognise it: the country code and the last four digits. How many are hidden is not told.
    pub(crate) fn masked(&self) -> String {
        let shown = self.number.len().saturating_sub(4);
        let (hidden, last) = self.number.split_at_checked(shown).unwrap_or(("", &self.number));
        let group = "X".repeat(3);
        let country = hidden.get(..=country_code_length(hidden)).unwrap_or(hidden);
        format!("{country} {group}-{group}-{last}")
    }
}

impl PhoneMethod {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        [Self::Sms, Self::Voice].into_iter().find(|method| method.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
        }
    }
}

/// How many digits the country code has: one in zones 1 and 7, and otherwise two or three (ITU-T E.164, list of
/// assigned country codes).
fn country_code_length(number: &str) -> usize {
    const TWO: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let digits = number.trim_start_matches('+');
    if digits.starts_with(['1', '7']) {
        1
    } else if TWO.iter().any(|code| digits.starts_with(code)) {
        2
    } else {
        3
    }
}

fn are_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let number = PhoneNumber::parse("+1 (555) 555-0142").unwrap();
        assert_eq!((number.number(), number.extension()), ("+15555550142", None));
        let masked = number.masked();
        assert!(masked.starts_with("+1 ") && masked.ends_with("-0142") && !masked.contains('5'), "{masked}");
        let number = PhoneNumber::parse("+15555550142x77").unwrap();
        assert_eq!((number.number(), number.extension()), ("+15555550142", Some("77")));
    }

    #[test]
    fn a_masked_number_shows_its_country_and_its_end() {
        for (number, masked) in [
            ("+15555550142", "+1 XXX-XXX-0142"),
            ("+447700900123", "+44 XXX-XXX-0123"),
            ("+420601123456", "+420 XXX-XXX-3456"),
            ("+79161234567", "+7 XXX-XXX-4567"),
            ("+37060012345", "+370 XXX-XXX-2345"),
        ] {
            assert_eq!(PhoneNumber::parse(number).unwrap().masked(), masked);
        }
    }

    #[test]
    fn what_cannot_be_dialled_from_everywhere_is_refused() {
        for text in
            ["", "+", "5555550142", "+0555550142", "+1555", "+1234567890123456", "+1555555x", "+1555555014a"]
        {
            assert_eq!(PhoneNumber::parse(text), None, "{text}");
        }
    }
}
