//! A security question: answered, chosen from a list, or made up.

use latchkey_core::Screen;

use super::{Key, Page};

pub(super) fn page(screen: &Screen) -> Page {
    if screen.is_setup {
        Page::new(Key::QuestionTitleSetup, Key::QuestionSubmitSetup).with_intro(Key::QuestionIntroSetup)
    } else {
        Page::new(Key::QuestionTitle, Key::QuestionSubmit)
    }
}
