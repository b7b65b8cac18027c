//! The password of a person whom the server knows by now.

use super::{Key, Page};

pub(super) fn page() -> Page {
    Page::new(Key::PasswordTitle, Key::PasswordSubmit)
}
