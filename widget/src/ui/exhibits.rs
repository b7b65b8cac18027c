//! Things to look at: a number to pick, a code to type elsewhere, a question, a picture to scan.

use latchkey_core::screen::Exhibit;
use leptos::prelude::*;

use super::i18n::{Key, text};

pub(super) fn draw(exhibits: &[Exhibit]) -> impl IntoView + use<> {
    exhibits.iter().map(exhibit).collect_view()
}

fn exhibit(exhibit: &Exhibit) -> AnyView {
    match exhibit {
        Exhibit::Number(number) => with_value(Key::ExhibitNumber, "latchkey-waiting__number", number),
        Exhibit::Code(code) => with_value(Key::ExhibitCode, "latchkey-code", code),
        Exhibit::Question(question) => with_value(Key::ExhibitQuestion, "latchkey-text", question),
        Exhibit::SharedSecret(secret) => {
            with_value(Key::ExhibitSharedSecret, "latchkey-code latchkey-code--long", secret)
        }
        Exhibit::QrCode(href) => {
            view! { <img class="latchkey-qr" alt=text(Key::ExhibitQrAlt) src=href.clone()/> }.into_any()
        }
    }
}

fn with_value(label: Key, class: &'static str, value: &str) -> AnyView {
    view! {
        <p class="latchkey-text">{text(label)}</p>
        <p class=class>{value.to_owned()}</p>
    }
    .into_any()
}
