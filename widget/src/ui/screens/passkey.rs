//! A passkey or security key, which the browser asks for; and the prompt of another provider, in a frame.

use latchkey_core::Screen;

use super::{Key, Page, fill, name_of, named_title, text, translated};

/// The name under which the server means passkeys in general, and not a kind of key of its own (idx.md section 9).
const PASSKEYS: &str = "Passkeys";

pub(super) fn page(screen: &Screen) -> Page {
    let (title, named, intro) = if screen.is_setup {
        (Key::PasskeyTitleSetup, Key::PasskeyTitleSetupNamed, Key::PasskeyIntroSetup)
    } else {
        (Key::PasskeyTitle, Key::PasskeyTitleNamed, Key::PasskeyIntro)
    };
    let name = name(screen);
    let intro = if name.is_some() { Key::PasskeyIntroNamed } else { intro };
    let title = name.map_or_else(|| text(title).to_owned(), |name| fill(named, name));
    Page { title, ..Page::new(Key::PasskeyTitle, Key::CommonContinue).with_intro(intro) }
}

/// The name of a kind of key that is not just any passkey.
pub(super) fn name(screen: &Screen) -> Option<&str> {
    let name = screen.authenticator.as_ref()?.display_name.as_deref()?;
    (name != PASSKEYS).then(|| translated(name))
}

pub(super) fn prompt_page(screen: &Screen) -> Page {
    let title = if screen.is_setup { Key::PromptTitleSetup } else { Key::PromptTitle };
    let intro = name_of(screen).map(|name| fill(Key::PromptIntro, name));
    Page {
        title: named_title(screen, title, Key::GenericTitle),
        intro,
        ..Page::new(title, Key::CommonContinue)
    }
}
