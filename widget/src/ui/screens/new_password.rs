//! A password is to be set: the first one, or another one. The policy's rules are at the field.

use latchkey_core::{Screen, screen::NewPassword};
use leptos::prelude::*;

use super::{Page, Ui};
use crate::ui::i18n::Key;

pub(super) fn draw(ui: Ui, screen: &Screen, reason: NewPassword) -> AnyView {
    let title = match reason {
        NewPassword::First => Key::NewPasswordTitleFirst,
        NewPassword::Reset => Key::NewPasswordTitleReset,
        NewPassword::Expired => Key::NewPasswordTitleExpired,
        NewPassword::Expiring => Key::NewPasswordTitleExpiring,
    };
    Page::new(title, Key::NewPasswordSubmit).draw(ui, screen)
}
