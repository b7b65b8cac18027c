//! A password is to be set: the first one, or another one. The policy's rules are at the field.

use latchkey_core::screen::NewPassword;

use super::{Key, Page};

pub(super) fn page(reason: NewPassword) -> Page {
    let title = match reason {
        NewPassword::First => Key::NewPasswordTitleFirst,
        NewPassword::Reset => Key::NewPasswordTitleReset,
        NewPassword::Expired => Key::NewPasswordTitleExpired,
        NewPassword::Expiring => Key::NewPasswordTitleExpiring,
    };
    Page::new(title, Key::NewPasswordSubmit)
}
