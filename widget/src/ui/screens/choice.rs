//! One of several authenticators, or of several ways to reach one.

use latchkey_core::{
    Screen,
    screen::{ActionKind, Choosing, Purpose},
};

use super::{Key, Page, fill, name_of, named_title};

pub(super) fn page(screen: &Screen, purpose: Choosing) -> Page {
    match purpose {
        Choosing::ToVerify => Page::new(Key::ChoiceTitleVerify, Key::CommonContinue),
        Choosing::ToRecover => Page::new(Key::ChoiceTitleRecover, Key::CommonContinue),
        Choosing::ToEnroll => enrollment_page(screen),
        Choosing::ToUnlock => {
            let knows_person = !screen.fields().iter().any(|field| field.purpose == Purpose::Username);
            Page { is_person_known: knows_person, ..Page::new(Key::ChoiceTitleUnlock, Key::UnlockSubmit) }
        }
        Choosing::Method => method_page(screen),
    }
}

fn enrollment_page(screen: &Screen) -> Page {
    let page = Page::new(Key::ChoiceTitleEnroll, Key::CommonContinue);
    let is_optional = screen.actions.iter().any(|action| action.kind == ActionKind::Skip);
    if is_optional { page.with_intro(Key::ChoiceIntroOptional) } else { page }
}

/// A method is chosen, or the only one is about to be used: the title says of what, the text where to.
fn method_page(screen: &Screen) -> Page {
    let key = screen.authenticator.as_ref().map_or("", |known| known.key.as_str());
    let (title, intro) = match key {
        "okta_email" => (Key::MethodTitleEmail, Some(Key::MethodIntroEmail)),
        "phone_number" => (Key::MethodTitlePhone, Some(Key::MethodIntroPhone)),
        _ => (Key::ChoiceTitleMethod, None),
    };
    let detail = screen.authenticator.as_ref().and_then(|known| known.detail.as_deref());
    let intro = intro.zip(detail).map(|(intro, detail)| fill(intro, detail));
    let is_named = title == Key::ChoiceTitleMethod && name_of(screen).is_some();
    let submit = match key {
        "okta_verify" if screen.is_setup => Key::MethodSubmitLink,
        "okta_verify" | "custom_app" => Key::MethodSubmitPush,
        _ => Key::MethodSubmit,
    };
    let page = Page::new(title, submit);
    let named = if screen.is_setup { Key::MethodTitleChannel } else { Key::MethodTitleNamed };
    let title = if is_named { named_title(screen, named, title) } else { page.title };
    Page { title, intro, ..page }
}
