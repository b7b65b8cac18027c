//! The card around every screen: which screen is drawn, whether the server is being asked, and what a screen reader is
//! told about it.

use latchkey_core::screen::Layout;
use leptos::prelude::*;

use super::{
    Ui, alert,
    element::{El, el},
    focus,
    i18n::{Key, text},
    screens,
};

/// The whole widget.
pub(crate) fn shell(ui: Ui) -> El {
    let is_loading = move || ui.screen.with(|screen| screen.layout == Layout::Loading);
    focus::follow(ui, alert::has_problems);
    let card = el("section")
        .class("latchkey-card")
        .live_class("latchkey-skeleton", is_loading)
        .live_flag("aria-busy", "true", is_loading)
        .live_attr("aria-labelledby", move || (!is_loading()).then(|| ui.id("title")))
        .child(progress(ui, is_loading))
        .live_children(
            // Another provider's page would not survive it: there the next screen is the first in other words.
            move || {
                let (id, has_frame) = ui.screen.with(|screen| (screen.id, screen.has_frame));
                (id, is_loading(), if has_frame { 0 } else { ui.speech.get() })
            },
            move |_| {
                ui.complaints.set(Vec::new());
                screens::draw(ui, &ui.screen.get_untracked())
            },
        )
        .child(status(ui, is_loading));
    ui.card().mark(&card);
    card
}

fn progress(ui: Ui, is_loading: impl Fn() -> bool + 'static) -> El {
    let is_idle = move || is_loading() || !ui.is_busy();
    el("div").class("latchkey-progress").attr("aria-hidden", "true").live_flag("hidden", "", is_idle)
}

fn status(ui: Ui, is_loading: impl Fn() -> bool + 'static) -> El {
    el("p").class("latchkey-visually-hidden").attr("role", "status").live_text(move || {
        ui.speech.track();
        let told = match (is_loading(), ui.is_busy()) {
            (true, _) => text(Key::CommonLoading),
            (false, true) if ui.is_prompting() => text(Key::CommonPrompting),
            (false, true) => text(Key::CommonBusy),
            (false, false) => "",
        };
        told.to_owned()
    })
}
