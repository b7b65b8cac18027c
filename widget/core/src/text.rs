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

/// A text with its `{placeholders}` filled in, in the order in which they stand there. What is put into a text that runs from right
/// to left is isolated from it (Unicode Standard Annex 9, FSI and PDI): a telephone number would be written backwards.
pub fn filled(template: &str, values: &[&str]) -> String {
    let (first, last) = if is_right_to_left(template) { ("\u{2068}", "\u{2069}") } else { ("", "") };
    let (mut rest, mut all) = (template, String::new());
    for value in values {
        let Some((before, (_, after))) =
            rest.split_once('{').and_then(|(before, named)| Some((before, named.split_once('}')?)))
        else {
            break;
        };
        all.push_str(before);
        all.push_str(first);
        all.push_str(value);
        all.push_str(last);
        rest = after;
    }
    all.push_str(rest);
    all
}

/// Whether there are letters of Hebrew or Arabic in it, whose UTF-8 begins with one of these bytes.
fn is_right_to_left(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xd7..=0xdb))
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
    fn what_is_put_into_a_text_from_right_to_left_keeps_its_own_direction() {
        assert_eq!(filled("إلى {number}.", &["+44 123"]), "إلى \u{2068}+44 123\u{2069}.");
        assert_eq!(filled("שלום {name}", &["Pat"]), "שלום \u{2068}Pat\u{2069}");
        assert_eq!(
            filled("Հայերեն, ελληνικά, ру́сский, ไทย {n}", &["1"]),
            "Հայերեն, ελληνικά, ру́сский, ไทย 1"
        );
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
