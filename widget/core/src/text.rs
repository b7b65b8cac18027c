//! What the standard library does with text, in the few forms that are needed here. Its searching and joining work for
//! every pattern and every size, and weigh as much as a screen.

/// The parts with a separator between them.
pub fn joined(parts: &[String], separator: &str) -> String {
    let mut all = String::new();
    for part in parts {
        if !all.is_empty() {
            all.push_str(separator);
        }
        all.push_str(part);
    }
    all
}

/// True where one text occurs in another, however often.
pub fn contains(text: &str, part: &str) -> bool {
    let mut rest = text;
    while !rest.starts_with(part) {
        let mut chars = rest.chars();
        if chars.next().is_none() {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// A text with its `{placeholders}` filled in, in the order in which they stand there.
pub fn filled(template: &str, values: &[&str]) -> String {
    let (mut rest, mut all) = (template, String::new());
    for value in values {
        let Some((before, (_, after))) =
            rest.split_once('{').and_then(|(before, named)| Some((before, named.split_once('}')?)))
        else {
            break;
        };
        all.push_str(before);
        all.push_str(value);
        rest = after;
    }
    all.push_str(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_their_order_and_values_are_left_alone() {
        assert_eq!(filled("{name} needs {n}.", &["Pat {n}", "7"]), "Pat {n} needs 7.");
        assert_eq!(filled("Nothing to fill", &["x"]), "Nothing to fill");
        assert_eq!(filled("Broken {name", &["x"]), "Broken {name");
    }

    #[test]
    fn a_part_is_found_anywhere() {
        for (text, part, expected) in [
            ("abc", "c", true),
            ("abc", "", true),
            ("", "", true),
            ("", "a", false),
            ("äöü", "öü", true),
            ("ab", "abc", false),
        ] {
            assert_eq!(contains(text, part), expected, "{text} {part}");
        }
    }

    #[test]
    fn parts_are_joined() {
        assert_eq!(joined(&["a".into(), "b".into()], ", "), "a, b");
    }
}
