//! One of several authenticators, methods or answers, each a button that sends the form by itself.

use latchkey_core::screen::{Field, Pick, Purpose};
use leptos::prelude::*;

use super::Wiring;
use crate::ui::i18n::{Key, text};

pub(super) fn draw(wiring: &Wiring, field: &Field, picks: &[Pick]) -> AnyView {
    if matches!(field.purpose, Purpose::Consent | Purpose::StaySignedIn) {
        return draw_question(field);
    }
    let items = picks.iter().enumerate().map(|(index, pick)| item(field, index, pick)).collect_view();
    let error = wiring.error_text();
    view! {
        <ul class="latchkey-options">{items}</ul>
        {error}
    }
    .into_any()
}

fn item(field: &Field, index: usize, pick: &Pick) -> impl IntoView + use<> {
    let key = pick.authenticator.as_ref().map(|known| known.key.clone()).unwrap_or_default();
    let detail = pick.authenticator.as_ref().and_then(|known| known.detail.clone());
    view! {
        <li class="latchkey-options__item">
            <button
                type="submit"
                class="latchkey-option"
                name=field.name.clone()
                value=index.to_string()
                data-authenticator=key
            >
                <span class="latchkey-option__label">{pick.label.clone()}</span>
                {detail.map(|detail| view! { <span class="latchkey-option__detail">{detail}</span> })}
            </button>
        </li>
    }
}

/// Yes and no as two buttons; the first position stands for yes.
fn draw_question(field: &Field) -> AnyView {
    let (yes, no) = match field.purpose {
        Purpose::StaySignedIn => (Key::FieldStay, Key::FieldDoNotStay),
        _ => (Key::FieldAllow, Key::FieldDeny),
    };
    let button = |kind: &str, value: &'static str, key: Key| {
        let class = format!("latchkey-button latchkey-button--{kind}");
        view! { <button type="submit" class=class name=field.name.clone() value=value>{text(key)}</button> }
    };
    view! {
        {button("primary", "0", yes)}
        {button("secondary", "1", no)}
    }
    .into_any()
}
