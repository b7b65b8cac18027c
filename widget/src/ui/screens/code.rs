//! A one-time code, from wherever it comes: the title says where to look for it.

use latchkey_core::{
    Screen,
    screen::{Authenticator, Exhibit},
};

use super::{Key, Page, fill, named_title, text};

pub(super) fn page(screen: &Screen) -> Page {
    let authenticator = screen.authenticator.as_ref();
    let is_app = screen
        .exhibits
        .iter()
        .any(|exhibit| matches!(exhibit, Exhibit::SharedSecret(_) | Exhibit::QrCode(_)));
    let title = match authenticator.map(|known| known.key.as_str()) {
        Some("okta_email") => text(Key::CodeTitleEmail).to_owned(),
        Some("phone_number") => text(Key::CodeTitlePhone).to_owned(),
        _ if screen.is_setup => named_title(screen, Key::CodeTitleSetup, Key::CodeTitle),
        _ => text(Key::CodeTitle).to_owned(),
    };
    let intro = authenticator.filter(|_| !is_app).and_then(intro);
    Page { title, intro, ..Page::new(Key::CodeTitle, Key::CodeSubmit) }
}

fn intro(authenticator: &Authenticator) -> Option<String> {
    let sent = |key| authenticator.detail.as_deref().map(|address| fill(key, address));
    match authenticator.key.as_str() {
        "okta_email" if authenticator.sends_link => sent(Key::CodeIntroLink),
        "phone_number" if authenticator.calls => sent(Key::CodeIntroCalled),
        "okta_email" | "phone_number" => sent(Key::CodeIntroSent),
        "yubikey_token" => Some(text(Key::CodeIntroKey).to_owned()),
        "tac" => Some(text(Key::CodeIntroTemporary).to_owned()),
        _ => authenticator.display_name.as_deref().map(|name| fill(Key::CodeIntroApp, name)),
    }
}
