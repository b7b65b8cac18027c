//! Nothing to do here but wait: the other device or tab has its turn.

use latchkey_core::Screen;
use leptos::prelude::*;

use super::{Actions, Alert, Ui, exhibits, header};
use crate::ui::i18n::{Key, text};

pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    view! {
        {header::draw(ui, screen, text(Key::WaitingTitle).to_owned(), true)}
        <Alert ui/>
        <div class="latchkey-waiting">
            <span class={"latchkey-spinner"} aria-hidden={"true"}></span>
            <p class="latchkey-waiting__text">{text(Key::WaitingText)}</p>
            {exhibits::draw(&screen.exhibits)}
        </div>
        <Actions ui/>
    }
    .into_any()
}
