//! A telephone number that is to be verified.

use super::{Key, Page};

pub(super) fn page() -> Page {
    Page::new(Key::PhoneTitle, Key::PhoneSubmit).with_intro(Key::PhoneIntro)
}
