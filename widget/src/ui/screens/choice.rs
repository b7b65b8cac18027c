//! One of several authenticators or methods.

use latchkey_core::{Screen, screen::Choosing};
use leptos::prelude::*;

use super::{Page, Ui};
use crate::ui::i18n::Key;

pub(super) fn draw(ui: Ui, screen: &Screen, purpose: Choosing) -> AnyView {
    let title = match purpose {
        Choosing::ToVerify => Key::ChoiceTitleVerify,
        Choosing::ToEnroll => Key::ChoiceTitleEnroll,
        Choosing::ToUnlock => Key::ChoiceTitleUnlock,
        Choosing::Method => Key::ChoiceTitleMethod,
    };
    Page::new(title, Key::CommonContinue).draw(ui, screen)
}
