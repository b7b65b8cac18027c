//! Things to look at: a number to pick, a code to type elsewhere, a picture to scan, what an application asks for.

use latchkey_core::{
    Input,
    screen::{Exhibit, Fact, LinkKind, Scope},
};
use leptos::prelude::*;

use super::{
    Ui,
    element::{El, el, text_el},
    i18n::{Key, text},
};

pub(super) fn draw(ui: Ui, exhibits: &[Exhibit]) -> Vec<El> {
    let mut drawn = Vec::new();
    let mut facts = Vec::new();
    for exhibit in exhibits {
        match exhibit {
            Exhibit::Number(number) => {
                drawn.extend(labelled(Key::ExhibitNumber, "latchkey-waiting__number", number))
            }
            Exhibit::Code(code) => drawn.push(text_el("p", "latchkey-code", code)),
            Exhibit::Question(question) => {
                drawn.extend(labelled(Key::ExhibitQuestion, "latchkey-question", question))
            }
            Exhibit::SharedSecret(secret) => drawn.extend(shared_secret(ui, secret)),
            Exhibit::QrCode(href) => {
                drawn.push(
                    el("img").class("latchkey-qr").attr("alt", text(Key::ExhibitQrAlt)).attr("src", href),
                );
            }
            Exhibit::Scopes(scopes) => drawn.extend(scope_list(scopes)),
            Exhibit::Link(kind, href) => drawn.push(link(*kind, href)),
            Exhibit::Fact(fact, value) => facts.extend(fact_row(fact, value)),
        }
    }
    if !facts.is_empty() {
        drawn.push(el("dl").class("latchkey-facts").children(facts));
    }
    drawn
}

fn labelled(label: Key, class: &str, value: &str) -> [El; 2] {
    [text_el("p", "latchkey-text", text(label)), text_el("p", class, value)]
}

/// The key with a button that copies it; what the button says tells that it has.
fn shared_secret(ui: Ui, secret: &str) -> Vec<El> {
    let is_copied = RwSignal::new(false);
    let copied = secret.to_owned();
    let copy = move |_| {
        ui.send(Input::Copied { text: copied.clone() });
        is_copied.set(true);
    };
    let label = move || text(if is_copied.get() { Key::CommonCopied } else { Key::CommonCopy }).to_owned();
    let button = el("button")
        .class("latchkey-button latchkey-button--secondary")
        .attr("type", "button")
        .attr("aria-live", "polite")
        .live_text(label)
        .on("click", copy);
    let [told, shown] =
        labelled(Key::ExhibitSharedSecret, "latchkey-code latchkey-code--long", &grouped(secret));
    vec![told, shown, button]
}

/// In groups of four, which can be typed without losing one's place.
fn grouped(secret: &str) -> String {
    let mut text = String::new();
    for (index, c) in secret.chars().filter(|c| !c.is_whitespace()).enumerate() {
        if index > 0 && index.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

fn scope_list(scopes: &[Scope]) -> [El; 2] {
    let item = |scope: &Scope| {
        let description =
            scope.description.as_deref().map(|text| text_el("span", "latchkey-scopes__detail", text));
        text_el("li", "latchkey-scopes__item", &scope.label).maybe(description)
    };
    let list = el("ul").class("latchkey-scopes").children(scopes.iter().map(item).collect());
    [text_el("p", "latchkey-text", text(Key::ExhibitScopes)), list]
}

fn link(kind: LinkKind, href: &str) -> El {
    let label = match kind {
        LinkKind::Download => Key::ExhibitDownload,
        LinkKind::SetUp => Key::ExhibitSetUp,
        LinkKind::Enrollment => Key::ExhibitEnrollment,
        LinkKind::Terms => Key::ExhibitTerms,
        LinkKind::Privacy => Key::ExhibitPrivacy,
        LinkKind::Help => Key::ExhibitHelp,
    };
    let anchor =
        text_el("a", "latchkey-link", text(label)).attr("href", href).attr("rel", "noopener noreferrer");
    el("p").class("latchkey-text").child(anchor.attr("target", "_blank"))
}

fn fact_row(fact: &Fact, value: &str) -> [El; 2] {
    let term = match fact {
        Fact::Application => text(Key::ExhibitApplication),
        Fact::Browser => text(Key::ExhibitBrowser),
        Fact::Place => text(Key::ExhibitPlace),
        Fact::SentTo => text(Key::ExhibitSentTo),
        Fact::ServerAddress => text(Key::ExhibitServerAddress),
        Fact::Device => text(Key::ExhibitDevice),
        Fact::Vendor => text(Key::ExhibitVendor),
        Fact::Other(label) => label,
    };
    [text_el("dt", "latchkey-facts__term", term), text_el("dd", "latchkey-facts__value", value)]
}
