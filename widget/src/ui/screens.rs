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

use super::{
    Ui, actions, alert,
    element::{El, text_el},
    exhibits, form, header,
    i18n::{Key, text},
};

/// Draws a screen once; see [`super`] for what keeps it up to date.
pub(super) fn draw(ui: Ui, screen: &Screen) -> Vec<El> {
    let page = match screen.layout {
        Layout::Loading => return loading::draw(),
        Layout::Waiting => return waiting::draw(ui, screen),
        Layout::Message => return message::draw(ui, screen),
        Layout::Done => return message::draw_done(ui, screen),
        Layout::Identify => identify::page(screen),
        Layout::Recover => identify::recovery_page(),
        Layout::Password => password::page(),
        Layout::Code => code::page(screen),
        Layout::NewPassword(reason) => new_password::page(reason),
        Layout::Profile => profile::page(screen),
        Layout::Choice(purpose) => choice::page(purpose),
        Layout::Generic => generic_page(screen),
    };
    page.draw(ui, screen)
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

    fn draw(self, ui: Ui, screen: &Screen) -> Vec<El> {
        let mut drawn = vec![header::draw(ui, screen, &self.title, self.is_person_known), alert::draw(ui)];
        drawn.extend(self.intro.map(|intro| text_el("p", "latchkey-text", &intro)));
        drawn.extend(exhibits::draw(&screen.exhibits));
        drawn.extend(screen.form.as_ref().map(|form| form::draw(ui, screen, form, text(self.submit))));
        drawn.push(actions::draw(ui));
        drawn
    }
}

/// A step that nobody has drawn yet: named after its authenticator, if it has one.
fn generic_page(screen: &Screen) -> Page {
    let authenticator = screen.authenticator.as_ref().and_then(|known| known.display_name.clone());
    let page = Page::new(Key::GenericTitle, Key::CommonContinue);
    Page { title: authenticator.unwrap_or_else(|| page.title.clone()), ..page }
}
