//! The table of screens: one row a layout, one file each. A screen has its words and its order; fields, alert and ways
//! on are the same everywhere.

mod choice;
mod code;
mod identify;
mod loading;
mod message;
mod new_password;
mod password;
mod profile;
mod waiting;

use latchkey_core::{Screen, screen::Layout};
use leptos::prelude::*;

use super::{
    Ui,
    actions::Actions,
    alert::Alert,
    exhibits, form, header,
    i18n::{self, Key, text},
};

/// Draws a screen once; see [`super`] for what keeps it up to date.
pub(super) fn draw(ui: Ui, screen: &Screen) -> AnyView {
    match screen.layout {
        Layout::Loading => loading::draw(),
        Layout::Identify => identify::draw(ui, screen),
        Layout::Recover => identify::draw_recovery(ui, screen),
        Layout::Password => password::draw(ui, screen),
        Layout::Code => code::draw(ui, screen),
        Layout::NewPassword(reason) => new_password::draw(ui, screen, reason),
        Layout::Profile => profile::draw(ui, screen),
        Layout::Choice(purpose) => choice::draw(ui, screen, purpose),
        Layout::Waiting => waiting::draw(ui, screen),
        Layout::Message => message::draw(ui, screen),
        Layout::Done => message::draw_done(ui, screen),
        Layout::Generic => draw_generic(ui, screen),
    }
}

/// The words of a screen that consists of a form.
struct Page {
    title: String,
    intro: Option<String>,
    submit: Key,
    /// The header says who is signing in.
    is_person_known: bool,
}

impl Page {
    fn new(title: Key, submit: Key) -> Self {
        Self { title: text(title).to_owned(), intro: None, submit, is_person_known: true }
    }

    fn draw(self, ui: Ui, screen: &Screen) -> AnyView {
        let submit = text(self.submit);
        view! {
            {header::draw(ui, screen, self.title, self.is_person_known)}
            <Alert ui/>
            {self.intro.map(|intro| view! { <p class="latchkey-text">{intro}</p> })}
            {exhibits::draw(&screen.exhibits)}
            {screen.form.as_ref().map(|form| form::draw(ui, screen, form, submit))}
            <Actions ui/>
        }
        .into_any()
    }
}

/// A step that nobody has drawn yet: named after its authenticator, else after the step.
fn draw_generic(ui: Ui, screen: &Screen) -> AnyView {
    let authenticator = screen.authenticator.as_ref().and_then(|known| known.display_name.clone());
    let has_words = screen.form.as_ref().is_some_and(|form| !form.fields.is_empty());
    let step = || if has_words { text(Key::GenericTitle).to_owned() } else { i18n::humanized(&screen.step) };
    Page { title: authenticator.unwrap_or_else(step), ..Page::new(Key::GenericTitle, Key::CommonContinue) }
        .draw(ui, screen)
}
