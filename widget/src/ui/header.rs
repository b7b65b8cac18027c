//! Title, application and person at the top of a screen.

use latchkey_core::Screen;
use leptos::prelude::*;

use super::{
    Ui,
    i18n::{Key, fill, text},
};

/// The heading takes the focus when a screen appears, so that it is the first thing that is read.
pub(super) fn draw(ui: Ui, screen: &Screen, title: String, is_person_known: bool) -> impl IntoView + use<> {
    let application = (!is_person_known).then(|| screen.application.clone()).flatten();
    let person = is_person_known.then(|| screen.person.clone()).flatten();
    view! {
        <header class="latchkey-header">
            <h2 class="latchkey-title" id=ui.id("title") tabindex="-1" node_ref=ui.title>
                {screen.title.clone().unwrap_or(title)}
            </h2>
            {application
                .map(|name| view! { <p class="latchkey-subtitle">{fill(Key::CommonToApplication, "name", &name)}</p> })}
            {person
                .map(|person| {
                    view! {
                        <p class="latchkey-identity">
                            <span class="latchkey-visually-hidden">{text(Key::CommonSignedInAs)} " "</span>
                            {person}
                        </p>
                    }
                })}
        </header>
    }
}
