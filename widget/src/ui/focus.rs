//! Where the keyboard is. A new screen moves the focus to its heading, a refusal to the alert; the first screen moves
//! nothing, since the page around it may be read from the top.

use std::time::Duration;

use latchkey_core::screen::{Layout, ScreenId};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Ui, alert};

/// What decides where the focus goes.
#[derive(Clone, Copy, PartialEq)]
struct Seen {
    screen: ScreenId,
    is_loading: bool,
    is_busy: bool,
}

/// Follows the screen for as long as the widget is there.
pub(super) fn follow(ui: Ui) {
    Effect::new(move |before: Option<Seen>| {
        let now = ui.screen.with(|screen| Seen {
            screen: screen.id,
            is_loading: screen.layout == Layout::Loading,
            is_busy: screen.is_busy,
        });
        if let Some(before) = before.filter(|before| !before.is_loading) {
            if before.screen != now.screen {
                after_drawing(move || focus_title(ui));
            } else if before.is_busy && !now.is_busy && alert::has_problems(ui) {
                after_drawing(move || focus_alert(ui));
            }
        }
        now
    });
}

/// The effects that draw run in the same turn; the focus can only go to what is there.
pub(super) fn after_drawing(run: impl FnOnce() + 'static) {
    set_timeout(run, Duration::ZERO);
}

fn focus_title(ui: Ui) {
    if let Some(title) = ui.title.try_get_untracked().flatten() {
        let _ = title.focus();
    }
}

pub(super) fn focus_alert(ui: Ui) {
    if let Some(alert) = ui.alert.try_get_untracked().flatten() {
        let _ = alert.focus();
    }
}

/// Focuses a field of this widget and brings its label into view, not only the input below it.
pub(super) fn focus_field(ui: Ui, id: &str) {
    let card = ui.alert.get_untracked().and_then(|alert| alert.closest(".latchkey-card").ok().flatten());
    let Some(card) = card else { return };
    let found = |selector: String| card.query_selector(&selector).ok().flatten();
    if let Some(label) = found(format!("label[for='{id}']")) {
        label.scroll_into_view();
    }
    if let Some(input) = found(format!("#{id}")).and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        let _ = input.focus();
    }
}
