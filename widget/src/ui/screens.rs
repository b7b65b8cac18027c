//! The table of screens: one row a layout, one file each. A screen has its words and its order; fields, alert and ways
//! on are the same everywhere.

mod choice;
mod code;
mod consent;
mod elsewhere;
mod identify;
mod loading;
mod message;
mod new_password;
mod passkey;
mod password;
mod phone_number;
mod profile;
mod question;
mod short;
mod waiting;

use latchkey_core::{Screen, screen::Layout};

use super::{
    Ui, actions, alert,
    element::{El, text_el},
    exhibits, form, header,
    i18n::{Key, fill, text, translated},
};

/// Draws a screen once; see [`super`] for what keeps it up to date.
pub(super) fn draw(ui: Ui, screen: &Screen) -> Vec<El> {
    let page = match screen.layout {
        Layout::Loading => return loading::draw(),
        Layout::Waiting(awaiting) => return waiting::draw(ui, screen, awaiting),
        Layout::Message => return message::draw(ui, screen),
        Layout::Done => return message::draw_done(ui, screen),
        Layout::Identify => identify::page(screen),
        Layout::Recover => identify::recovery_page(),
        Layout::Password => password::page(),
        Layout::Code => code::page(screen),
        Layout::NewPassword(reason) => new_password::page(reason),
        Layout::Profile => profile::page(screen),
        Layout::Choice(purpose) => choice::page(screen, purpose),
        Layout::PhoneNumber => phone_number::page(),
        Layout::Passkey => passkey::page(screen),
        Layout::Prompt => passkey::prompt_page(screen),
        Layout::Question => question::page(screen),
        Layout::Consent(asking) => consent::page(screen, asking),
        Layout::Provider => elsewhere::provider_page(screen),
        Layout::PasswordElsewhere { is_expired } => elsewhere::password_page(is_expired),
        Layout::StaySignedIn => short::stay_page(),
        Layout::DeviceCode => short::device_code_page(),
        Layout::Activation => short::activation_page(),
        Layout::Warning => short::warning_page(),
        Layout::Resend => short::resend_page(),
        Layout::DeviceSignIn => short::device_sign_in_page(),
        Layout::DeviceSetUp { is_managed } => short::device_set_up_page(is_managed),
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

    /// The same with a text below the title.
    fn with_intro(self, intro: Key) -> Self {
        Self { intro: Some(text(intro).to_owned()), ..self }
    }

    fn draw(self, ui: Ui, screen: &Screen) -> Vec<El> {
        let mut drawn = vec![header::draw(ui, screen, &self.title, self.is_person_known), alert::draw(ui)];
        drawn.extend(self.intro.map(|intro| text_el("p", "latchkey-text", &intro)));
        drawn.extend(exhibits::draw(ui, &screen.exhibits));
        drawn.extend(screen.form.as_ref().map(|form| form::draw(ui, screen, form, text(self.submit))));
        if screen.has_frame && screen.form.is_none() {
            drawn.push(form::frame_slot());
        }
        drawn.push(actions::draw(ui));
        drawn
    }
}

/// True for keys that go by a name of their own, and not as passkeys.
pub(super) fn is_named_key(screen: &Screen) -> bool {
    passkey::name(screen).is_some()
}

/// What to call the authenticator of the step.
fn name_of(screen: &Screen) -> Option<&str> {
    screen.authenticator.as_ref()?.display_name.as_deref().map(translated)
}

/// A title with the authenticator's name in it, where there is a name.
fn named_title(screen: &Screen, named: Key, otherwise: Key) -> String {
    name_of(screen).map_or_else(|| text(otherwise).to_owned(), |name| fill(named, name))
}

/// A step that nobody has drawn yet: named after its authenticator, if it has one.
fn generic_page(screen: &Screen) -> Page {
    let page = Page::new(Key::GenericTitle, Key::CommonContinue);
    let named = if screen.is_setup { Key::CodeTitleSetup } else { Key::MethodTitleNamed };
    Page { title: named_title(screen, named, Key::GenericTitle), ..page }
}
