//! One of several authenticators or methods.

use latchkey_core::screen::Choosing;

use super::{Key, Page};

pub(super) fn page(purpose: Choosing) -> Page {
    let title = match purpose {
        Choosing::ToVerify => Key::ChoiceTitleVerify,
        Choosing::ToEnroll => Key::ChoiceTitleEnroll,
        Choosing::ToUnlock => Key::ChoiceTitleUnlock,
        Choosing::Method => Key::ChoiceTitleMethod,
    };
    Page::new(title, Key::CommonContinue)
}
