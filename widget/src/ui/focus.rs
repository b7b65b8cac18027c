//! Where the keyboard is. A new screen moves the focus to its heading, a refusal to the alert; the first screen moves
//! nothing, since the page around it may be read from the top.

use std::time::Duration;

use latchkey_core::screen::{Layout, ScreenId};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Ui;

/// What decides where the focus goes.
#[derive(Clone, Copy, PartialEq)]
struct Seen {
    screen: ScreenId,
    is_loading: bool,
    is_busy: bool,
}

/// Follows the screen for as long as the widget is there; `is_refused` says whether an alert wants the focus.
pub(super) fn follow(ui: Ui, is_refused: fn(Ui) -> bool) {
    Effect::new(move |before: Option<Seen>| {
        let now = ui.screen.with(|screen| Seen {
            screen: screen.id,
            is_loading: screen.layout == Layout::Loading,
            is_busy: screen.is_busy || screen.is_prompting,
        });
        if let Some(before) = before.filter(|before| !before.is_loading) {
            if before.screen != now.screen {
                after_drawing(move || focus(ui, ".latchkey-title"));
            } else if before.is_busy && !now.is_busy && is_refused(ui) {
                focus_alert(ui);
            }
        }
        now
    });
}

/// Moves the focus to what keeps the person from going on.
pub(super) fn focus_alert(ui: Ui) {
    after_drawing(move || focus(ui, ".latchkey-alert"));
}

/// The effects that draw run in the same turn; the focus can only go to what is there.
fn after_drawing(run: impl FnOnce() + 'static) {
    set_timeout(run, Duration::ZERO);
}

/// Focuses a field and brings its label into view, not only the input below it.
pub(super) fn focus_field(ui: Ui, id: &str) {
    if let Some(label) = ui.card().find(&format!("label[for='{id}']")) {
        label.scroll_into_view();
    }
    focus(ui, &format!("#{id}"));
}

fn focus(ui: Ui, selector: &str) {
    let found = ui.card().find(selector).and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        let _ = element.focus();
    }
}
