//! The card around every screen: which screen is drawn, whether the server is being asked, and what a screen reader is
//! told about it.

use latchkey_core::screen::Layout;
use leptos::prelude::*;

use super::{
    Ui, focus,
    i18n::{Key, text},
    screens,
};

/// The whole widget.
#[component]
pub(crate) fn Shell(
    /// The widget's handle.
    ui: Ui,
) -> impl IntoView {
    let place = Memo::new(move |_| ui.screen.with(|screen| screen.id));
    let is_loading = Memo::new(move |_| ui.screen.with(|screen| screen.layout == Layout::Loading));
    let is_busy = Memo::new(move |_| ui.is_busy());
    focus::follow(ui);
    view! {
        <section
            class={"latchkey-card"}
            class:latchkey-skeleton=move || is_loading.get()
            aria-busy=move || is_loading.get().then_some("true")
            aria-labelledby=move || (!is_loading.get()).then(|| ui.id("title"))
        >
            {move || {
                (is_busy.get() && !is_loading.get())
                    .then(|| view! { <div class={"latchkey-progress"} aria-hidden={"true"}></div> })
            }}
            {move || {
                place.track();
                ui.complaints.set(Vec::new());
                screens::draw(ui, &ui.screen.get_untracked())
            }}
            <p class={"latchkey-visually-hidden"} role={"status"}>
                {move || match (is_loading.get(), is_busy.get()) {
                    (true, _) => text(Key::CommonLoading),
                    (false, true) => text(Key::CommonBusy),
                    (false, false) => "",
                }}
            </p>
        </section>
    }
}
