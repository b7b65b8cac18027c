//! A one-time code, from wherever it comes: the title says where to look for it.

use latchkey_core::{Screen, screen::Authenticator};

use super::{Key, Page};
use crate::ui::i18n::fill;

pub(super) fn page(screen: &Screen) -> Page {
    let authenticator = screen.authenticator.as_ref();
    let title = match authenticator.map(|known| known.key.as_str()) {
        Some("okta_email") => Key::CodeTitleEmail,
        Some("phone_number") => Key::CodeTitlePhone,
        _ => Key::CodeTitle,
    };
    Page { intro: authenticator.and_then(intro), ..Page::new(title, Key::CodeSubmit) }
}

fn intro(authenticator: &Authenticator) -> Option<String> {
    let is_sent = matches!(authenticator.key.as_str(), "okta_email" | "phone_number");
    match (is_sent, &authenticator.detail, &authenticator.display_name) {
        (true, Some(address), _) => Some(fill(Key::CodeIntroSent, "address", address)),
        (false, _, Some(name)) => Some(fill(Key::CodeIntroApp, "name", name)),
        _ => None,
    }
}
