//! Who are you? The first screen of a sign-in, with the password where the policy wants both at once, and the first of
//! a recovery.

use latchkey_core::{Screen, screen::Purpose};
use leptos::prelude::*;

use super::{Page, Ui};
use crate::ui::i18n::{Key, text};

pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    let has_password = screen.fields().any(|field| field.purpose == Purpose::CurrentPassword);
    let submit = if has_password { Key::IdentifySubmitWithPassword } else { Key::IdentifySubmit };
    Page { is_person_known: false, ..Page::new(Key::IdentifyTitle, submit) }.draw(ui, screen)
}

pub(super) fn draw_recovery(ui: Ui, screen: &Screen) -> AnyView {
    let page = Page::new(Key::RecoverTitle, Key::RecoverSubmit);
    Page { intro: Some(text(Key::RecoverIntro).to_owned()), is_person_known: false, ..page }.draw(ui, screen)
}
