//! Who are you? The first screen of a sign-in, with the password where the policy wants both at once, and the first of
//! a recovery.

use latchkey_core::{Screen, screen::Purpose};

use super::{Key, Page, text};

pub(super) fn page(screen: &Screen) -> Page {
    let has_password = screen.fields().iter().any(|field| field.purpose == Purpose::CurrentPassword);
    let submit = if has_password { Key::IdentifySubmitWithPassword } else { Key::IdentifySubmit };
    Page { is_person_known: false, ..Page::new(Key::IdentifyTitle, submit) }
}

pub(super) fn recovery_page() -> Page {
    let page = Page::new(Key::RecoverTitle, Key::RecoverSubmit);
    Page { intro: Some(text(Key::RecoverIntro).to_owned()), is_person_known: false, ..page }
}
