//! The password of a person whom the server knows by now.

use latchkey_core::Screen;
use leptos::prelude::*;

use super::{Page, Ui};
use crate::ui::i18n::Key;

pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    Page::new(Key::PasswordTitle, Key::PasswordSubmit).draw(ui, screen)
}
