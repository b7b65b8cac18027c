//! Nothing to do here but wait: the other device or tab has its turn.

use latchkey_core::Screen;

use super::{El, Key, Ui, actions, alert, exhibits, header, text, text_el};
use crate::ui::element::el;

pub(super) fn draw(ui: Ui, screen: &Screen) -> Vec<El> {
    let waiting = el("div")
        .class("latchkey-waiting")
        .child(el("span").class("latchkey-spinner").attr("aria-hidden", "true"))
        .child(text_el("p", "latchkey-waiting__text", text(Key::WaitingText)))
        .children(exhibits::draw(&screen.exhibits));
    vec![header::draw(ui, screen, text(Key::WaitingTitle), true), alert::draw(ui), waiting, actions::draw(ui)]
}
