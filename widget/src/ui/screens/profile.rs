//! Registration and progressive profiling: whatever attributes the server's schema has.

use latchkey_core::Screen;

use super::{Key, Page};

/// Who is known by now has an account, and is asked for more.
pub(super) fn page(screen: &Screen) -> Page {
    if screen.person.is_some() {
        Page::new(Key::ProfileTitleUpdate, Key::ProfileSubmitUpdate)
    } else {
        Page::new(Key::ProfileTitle, Key::ProfileSubmit)
    }
}
