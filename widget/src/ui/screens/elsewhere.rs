//! The next step is on another page: an identity provider's, a prover of identities', the one where passwords change.

use latchkey_core::{Screen, screen::ActionKind};

use super::{Key, Page, fill, named_title, text};

pub(super) fn provider_page(screen: &Screen) -> Page {
    let page = Page::new(Key::ProviderTitle, Key::CommonContinue);
    let prover = screen.actions.iter().find_map(|action| match &action.kind {
        ActionKind::ProveIdentity(name) => Some(name),
        _ => None,
    });
    if let Some(name) = prover {
        let intro = Some(fill(Key::ProviderIntroIdentity, name));
        return Page { title: text(Key::ProviderTitleIdentity).to_owned(), intro, ..page };
    }
    if screen.authenticator.is_none() {
        // Nothing but providers to sign in with: this is the first page.
        return Page { is_person_known: false, ..Page::new(Key::IdentifyTitle, Key::CommonContinue) };
    }
    let named = if screen.is_setup { Key::ProviderTitleSetup } else { Key::MethodTitleNamed };
    Page { title: named_title(screen, named, Key::ProviderTitle), ..page.with_intro(Key::ProviderIntro) }
}

pub(super) fn password_page(is_expired: bool) -> Page {
    let title = if is_expired { Key::NewPasswordTitleExpired } else { Key::NewPasswordTitleExpiring };
    Page::new(title, Key::CommonContinue).with_intro(Key::ElsewhereIntro)
}
