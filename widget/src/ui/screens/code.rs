//! A one-time code, from wherever it comes: the title says where to look for it.

use latchkey_core::{
    Screen,
    screen::{ActionKind, Authenticator, Exhibit},
};

use super::{Key, Page, fill, name_of, named_title, text, translated};

pub(super) fn page(screen: &Screen) -> Page {
    let authenticator = screen.authenticator.as_ref();
    let is_app = screen
        .exhibits
        .iter()
        .any(|exhibit| matches!(exhibit, Exhibit::SharedSecret(_) | Exhibit::QrCode(_)));
    let title = match authenticator.map(|known| known.key.as_str()) {
        Some("nfc_pin") if screen.is_setup => text(Key::CodeTitlePinSetup).to_owned(),
        Some("nfc_pin") => text(Key::CodeTitlePin).to_owned(),
        Some("okta_email") => text(Key::CodeTitleEmail).to_owned(),
        Some("phone_number") => text(Key::CodeTitlePhone).to_owned(),
        _ if screen.is_setup => named_title(screen, Key::CodeTitleSetup, Key::CodeTitle),
        _ => text(Key::CodeTitle).to_owned(),
    };
    let is_unsent = screen.actions.iter().any(|action| action.kind == ActionKind::Send);
    let intro = match name_of(screen) {
        Some(name) if is_app => Some(fill(Key::CodeIntroScan, name)),
        _ => authenticator.and_then(|known| intro(known, is_unsent)),
    };
    Page { title, intro, ..Page::new(Key::CodeTitle, Key::CodeSubmit) }
}

fn intro(authenticator: &Authenticator, is_unsent: bool) -> Option<String> {
    let sent = |key| {
        let plain = || (!is_unsent).then(|| text(Key::CodeIntroSentPlain).to_owned());
        authenticator.detail.as_deref().map(|address| fill(key, address)).or_else(plain)
    };
    match authenticator.key.as_str() {
        "okta_email" if is_unsent => sent(Key::CodeIntroSend),
        "okta_email" if authenticator.sends_link => sent(Key::CodeIntroLink),
        "phone_number" if authenticator.calls => sent(Key::CodeIntroCalled),
        "okta_email" | "phone_number" => sent(Key::CodeIntroSent),
        "nfc_pin" => None,
        "yubikey_token" => Some(text(Key::CodeIntroTouch).to_owned()),
        "tac" => Some(text(Key::CodeIntroTemporary).to_owned()),
        _ => authenticator.display_name.as_deref().map(|name| fill(Key::CodeIntroApp, translated(name))),
    }
}
