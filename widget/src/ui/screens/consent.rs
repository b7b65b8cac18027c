//! An application asks for access, or somebody asks whether an e-mail was opened by the right person.

use latchkey_core::{Screen, screen::Asking};

use super::{Key, Page, fill, text};

pub(super) fn page(screen: &Screen, asking: Asking) -> Page {
    let (title, intro) = match asking {
        Asking::Application => (Key::ConsentTitle, Key::ConsentIntro),
        Asking::Administrator => (Key::ConsentTitleAdmin, Key::ConsentIntro),
        Asking::Scopes => (Key::ConsentTitle, Key::ConsentIntroScopes),
        Asking::SignIn => (Key::ConsentTitleSignIn, Key::ConsentIntroSignIn),
    };
    let application = screen.application.as_deref().filter(|_| title == Key::ConsentTitle);
    let title = application.map_or_else(|| text(title).to_owned(), |name| fill(Key::ConsentTitleNamed, name));
    Page { title, ..Page::new(Key::ConsentTitle, Key::CommonContinue).with_intro(intro) }
}
