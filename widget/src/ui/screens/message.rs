//! Only something to read: the end of a transaction, good or bad, and a way on where there is one.

use latchkey_core::{
    Screen,
    screen::{ActionKind, Level, Notice},
};

use super::{El, Key, Ui, actions, alert, exhibits, header, text, text_el};
use crate::ui::i18n;

pub(super) fn draw(ui: Ui, screen: &Screen) -> Vec<El> {
    let is_bad = |notice: &Notice| notice.level == Level::Error;
    let title =
        if screen.notices.iter().any(is_bad) { Key::MessageTitleError } else { Key::MessageTitleInfo };
    let goes_on = screen.actions.iter().any(|action| action.kind == ActionKind::Continue);
    let title = if goes_on { Key::DoneTitle } else { title };
    let ending = screen.notices.iter().find_map(|notice| i18n::ending(&notice.matter));
    let title = ending.unwrap_or_else(|| text(title));
    let is_silent = screen.notices.is_empty() && screen.exhibits.is_empty() && !goes_on;
    let mut drawn = vec![header::draw(ui, screen, title, true), alert::draw(ui)];
    drawn.extend(is_silent.then(|| text_el("p", "latchkey-text", text(Key::MessageTextEmpty))));
    drawn.extend(exhibits::draw(ui, &screen.exhibits));
    drawn.push(actions::draw(ui));
    drawn
}

/// The page takes over from here.
pub(super) fn draw_done(ui: Ui, screen: &Screen) -> Vec<El> {
    vec![
        header::draw(ui, screen, text(Key::DoneTitle), true),
        text_el("p", "latchkey-text", text(Key::DoneText)),
    ]
}
