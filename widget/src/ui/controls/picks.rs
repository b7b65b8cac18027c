//! One of several authenticators, methods or answers, each a button that sends the form by itself.

use latchkey_core::screen::{Field, Pick, Purpose};

use super::{El, Wiring, el, text_el};
use crate::ui::i18n::{self, Key, text};

pub(super) fn draw(wiring: &Wiring, field: &Field, picks: &[Pick]) -> Vec<El> {
    if matches!(field.purpose, Purpose::Consent | Purpose::StaySignedIn) {
        return draw_question(field);
    }
    let items = picks.iter().enumerate().map(|(index, pick)| item(field, index, pick)).collect();
    vec![el("ul").class("latchkey-options").children(items), wiring.error_text()]
}

fn item(field: &Field, index: usize, pick: &Pick) -> El {
    let key = pick.authenticator.as_ref().map_or("", |known| known.key.as_str());
    let detail = pick.authenticator.as_ref().and_then(|known| known.detail.as_deref());
    let button = el("button")
        .class("latchkey-option")
        .attr("type", "submit")
        .attr("name", &field.name)
        .attr("value", &index.to_string())
        .attr("data-authenticator", key)
        .child(text_el("span", "latchkey-option__label", i18n::translated(&pick.label)))
        .maybe(detail.map(part))
        .maybe(pick.grace.as_ref().map(|grace| part(&i18n::grace(grace))));
    el("li").class("latchkey-options__item").child(button)
}

/// A line below the name.
fn part(text: &str) -> El {
    text_el("span", "latchkey-option__detail", &format!(" {text}"))
}

/// Yes and no as two buttons; the first position stands for yes.
fn draw_question(field: &Field) -> Vec<El> {
    let (yes, no) = match field.purpose {
        Purpose::StaySignedIn => (Key::FieldStay, Key::FieldDoNotStay),
        _ => (Key::FieldAllow, Key::FieldDeny),
    };
    let button = |class: &str, value: &str, key: Key| {
        text_el("button", class, text(key))
            .attr("type", "submit")
            .attr("name", &field.name)
            .attr("value", value)
    };
    vec![
        button("latchkey-button latchkey-button--primary", "0", yes),
        button("latchkey-button latchkey-button--secondary", "1", no),
    ]
}
