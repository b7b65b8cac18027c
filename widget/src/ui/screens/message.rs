//! Only something to read: the end of a transaction, good or bad, and a way on where there is one.

use latchkey_core::{
    Screen,
    screen::{Level, Notice},
};
use leptos::prelude::*;

use super::{Actions, Alert, Ui, exhibits, header};
use crate::ui::i18n::{Key, text};

pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    let is_bad = |notice: &Notice| notice.level == Level::Error;
    let title =
        if screen.notices.iter().any(is_bad) { Key::MessageTitleError } else { Key::MessageTitleInfo };
    let is_silent = screen.notices.is_empty() && screen.exhibits.is_empty();
    view! {
        {header::draw(ui, screen, text(title).to_owned(), true)}
        <Alert ui/>
        {is_silent.then(|| view! { <p class="latchkey-text">{text(Key::MessageTextEmpty)}</p> })}
        {exhibits::draw(&screen.exhibits)}
        <Actions ui/>
    }
    .into_any()
}

/// The page takes over from here.
pub(super) fn draw_done(ui: Ui, screen: &Screen) -> AnyView {
    view! {
        {header::draw(ui, screen, text(Key::DoneTitle).to_owned(), true)}
        <p class="latchkey-text">{text(Key::DoneText)}</p>
    }
    .into_any()
}
