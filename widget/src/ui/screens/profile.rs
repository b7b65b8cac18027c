//! Registration and progressive profiling: whatever attributes the server's schema has.

use latchkey_core::Screen;
use leptos::prelude::*;

use super::{Page, Ui};
use crate::ui::i18n::Key;

pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    // Who is known by now has an account, and is asked for more.
    let page = if screen.person.is_some() {
        Page::new(Key::ProfileTitleUpdate, Key::ProfileSubmitUpdate)
    } else {
        Page::new(Key::ProfileTitle, Key::ProfileSubmit)
    };
    page.draw(ui, screen)
}
