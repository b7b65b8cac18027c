//! Title, application and person at the top of a screen.

use latchkey_core::Screen;

use super::{
    Ui,
    element::{El, el, text_el},
    i18n::{Key, fill, text},
};

/// The heading takes the focus when a screen appears, so that it is the first thing that is read.
pub(super) fn draw(ui: Ui, screen: &Screen, title: &str, is_person_known: bool) -> El {
    let title = screen.title.as_deref().unwrap_or(title);
    let application = screen.application.as_deref().filter(|_| !is_person_known);
    let person = screen.person.as_deref().filter(|_| is_person_known);
    el("header")
        .class("latchkey-header")
        .child(text_el("h2", "latchkey-title", title).attr("id", &ui.id("title")).attr("tabindex", "-1"))
        .maybe(
            application.map(|name| text_el("p", "latchkey-subtitle", &fill(Key::CommonToApplication, name))),
        )
        .maybe(person.map(identity))
}

fn identity(person: &str) -> El {
    let told = format!("{} ", text(Key::CommonSignedInAs));
    el("p").class("latchkey-identity").child(text_el("span", "latchkey-visually-hidden", &told)).text(person)
}
