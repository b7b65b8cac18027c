//! Which words are spoken: the English ones of the build, or those of another language, or of the customer's own, that the
//! page has fetched. Which language that is, and where its words come from, is decided in TypeScript (`widget/js/speech.ts`);
//! what the words are for is in [`i18n`](super::i18n).

use std::cell::RefCell;

/// The words of one language.
#[derive(Clone, Copy)]
struct Speech {
    language: &'static str,
    /// As they came, to know them again.
    source: &'static str,
    words: &'static [&'static str],
}

thread_local! {
    /// All that were spoken, the present one last. An instance of this module is one widget, and its words are needed in more
    /// places than could be handed them; so they live as long as the instance does, each of them once.
    static SPOKEN: RefCell<Vec<Speech>> = const { RefCell::new(Vec::new()) };
}

/// What parts one word from the next where they come as one text.
const SEPARATOR: char = '\0';

/// Speaks `language` (BCP 47) from now on; false where it was spoken already. `words` are the texts of the catalogue in the
/// order of their names, and after them pairs: what servers say in English, or its key, and how it is said here. Without
/// any, the words are those of the build.
pub(crate) fn speak(language: &str, words: &str) -> bool {
    SPOKEN.with_borrow_mut(|spoken| {
        let place = spoken.iter().position(|known| known.language == language && known.source == words);
        if place.is_some_and(|place| place + 1 == spoken.len()) {
            return false;
        }
        let speech = place.map_or_else(|| Speech::learnt(language, words), |place| spoken.remove(place));
        spoken.push(speech);
        true
    })
}

impl Speech {
    fn learnt(language: &str, words: &str) -> Self {
        let source: &str = words.to_owned().leak();
        let words = if source.is_empty() { Vec::new() } else { source.split(SEPARATOR).collect() };
        Self { language: language.to_owned().leak(), source, words: words.leak() }
    }
}

fn present() -> Option<Speech> {
    SPOKEN.with_borrow(|spoken| spoken.last().copied())
}

/// The language's tag.
pub(super) fn language() -> &'static str {
    present().map_or("en", |speech| speech.language)
}

/// The word at this place of the catalogue, where it is not that of the build.
pub(super) fn word(place: usize) -> Option<&'static str> {
    present()?.words.get(place).copied()
}

/// How `said`, a server's English or its key, is said here; `first` is the place of the first of the pairs.
pub(super) fn translated(first: usize, said: &str) -> Option<&'static str> {
    let pairs = present()?.words.get(first..)?;
    pairs.chunks_exact(2).find_map(|pair| match pair {
        [known, word] if *known == said => Some(*word),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_place_and_pairs_by_what_was_said() {
        assert_eq!((language(), word(0), translated(2, "Email")), ("en", None, None));
        assert!(speak("de-AT", "Ja\0Nein\0Email\0E-Mail\0Phone\0Telefon"));
        assert_eq!((language(), word(1)), ("de-AT", Some("Nein")));
        assert_eq!((translated(2, "Phone"), translated(2, "Telefon")), (Some("Telefon"), None));
    }

    #[test]
    fn the_same_again_is_no_change_and_nothing_is_kept_twice() {
        assert!(speak("de", "Ja"));
        assert!(!speak("de", "Ja"));
        assert!(speak("en", ""));
        assert_eq!(word(0), None);
        assert!(speak("de", "Ja"));
        assert_eq!(SPOKEN.with_borrow(Vec::len), 2);
    }
}
