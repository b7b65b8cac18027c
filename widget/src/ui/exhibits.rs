//! Things to look at: a number to pick, a code to type elsewhere, a question, a picture to scan.

use latchkey_core::screen::Exhibit;

use super::{
    element::{El, el, text_el},
    i18n::{Key, text},
};

pub(super) fn draw(exhibits: &[Exhibit]) -> Vec<El> {
    exhibits.iter().flat_map(exhibit).collect()
}

fn exhibit(exhibit: &Exhibit) -> Vec<El> {
    let (label, class, value) = match exhibit {
        Exhibit::Number(number) => (Key::ExhibitNumber, "latchkey-waiting__number", number),
        Exhibit::Code(code) => (Key::ExhibitCode, "latchkey-code", code),
        Exhibit::Question(question) => (Key::ExhibitQuestion, "latchkey-text", question),
        Exhibit::SharedSecret(secret) => {
            (Key::ExhibitSharedSecret, "latchkey-code latchkey-code--long", secret)
        }
        Exhibit::QrCode(href) => {
            return vec![
                el("img").class("latchkey-qr").attr("alt", text(Key::ExhibitQrAlt)).attr("src", href),
            ];
        }
    };
    vec![text_el("p", "latchkey-text", text(label)), text_el("p", class, value)]
}
