//! One of several values: radio buttons where they are few, a list to open where they are many, and radio buttons that
//! bring fields of their own.

use latchkey_core::screen::{Alternative, Choice, Field};
use leptos::prelude::*;

use super::{Wiring, labelled};
use crate::ui::i18n::{self, Key, text};

/// Draws the fields of one alternative.
pub(super) type FieldSet = Box<dyn Fn() -> AnyView + Send>;

pub(super) fn draw_radios(wiring: &Wiring, field: &Field, choices: &[Choice]) -> AnyView {
    let is_only = choices.len() == 1;
    let radio = |(index, choice): (usize, &Choice)| {
        let is_chosen = is_only || field.value.as_deref() == Some(choice.value.as_str());
        let (label, value) = (choice.label.clone(), choice.value.clone());
        radio(wiring, field, Radio { index, label, value, is_chosen, chosen: None })
    };
    group(wiring, field, choices.iter().enumerate().map(radio).collect_view())
}

pub(super) fn draw_alternatives(
    wiring: &Wiring,
    field: &Field,
    alternatives: &[Alternative],
    sets: Vec<FieldSet>,
) -> AnyView {
    let chosen: RwSignal<usize> = RwSignal::new(0);
    let radio = |(index, alternative): (usize, &Alternative)| {
        let label = alternative.label.clone();
        let value = index.to_string();
        radio(wiring, field, Radio { index, label, value, is_chosen: index == 0, chosen: Some(chosen) })
    };
    let radios = group(wiring, field, alternatives.iter().enumerate().map(radio).collect_view());
    view! {
        {radios}
        {move || sets.get(chosen.get()).map(|draw| draw())}
    }
    .into_any()
}

pub(super) fn draw_select(wiring: &Wiring, field: &Field, choices: &[Choice]) -> AnyView {
    let has_value = choices.iter().any(|choice| field.value.as_deref() == Some(choice.value.as_str()));
    let option = |choice: &Choice| {
        let is_chosen = field.value.as_deref() == Some(choice.value.as_str());
        view! { <option value=choice.value.clone() selected=is_chosen>{choice.label.clone()}</option> }
    };
    let options = choices.iter().map(option).collect_view();
    let select = view! {
        <select
            class="latchkey-input latchkey-input--select"
            id=wiring.id.clone()
            name=field.name.clone()
            aria-required=field.is_required.then_some("true")
            aria-invalid=wiring.invalid()
            aria-describedby=wiring.description()
        >
            {(!has_value).then(|| view! { <option value={""}>{text(Key::CommonChoose)}</option> })}
            {options}
        </select>
    };
    labelled(wiring, field, select.into_any())
}

struct Radio {
    index: usize,
    label: String,
    value: String,
    is_chosen: bool,
    /// Told the position when it is chosen.
    chosen: Option<RwSignal<usize>>,
}

fn radio(wiring: &Wiring, field: &Field, radio: Radio) -> impl IntoView + use<> {
    // The first one has the field's own id, so that a link to the field finds it.
    let id = if radio.index == 0 { wiring.id.clone() } else { format!("{}-{}", wiring.id, radio.index) };
    let choose = move |_| {
        if let Some(chosen) = radio.chosen {
            chosen.set(radio.index);
        }
    };
    view! {
        <div class="latchkey-check">
            <input
                class="latchkey-check__box"
                type="radio"
                id=id.clone()
                name=field.name.clone()
                value=radio.value
                checked=radio.is_chosen
                on:change=choose
            />
            <label class="latchkey-check__label" for=id>{radio.label}</label>
        </div>
    }
}

fn group(wiring: &Wiring, field: &Field, radios: impl IntoView + 'static) -> AnyView {
    let error = wiring.error;
    view! {
        <div class="latchkey-field" class:latchkey-field--invalid=move || error.with(Option::is_some)>
            <fieldset class="latchkey-group" aria-describedby=wiring.description()>
                <legend class="latchkey-group__legend">{i18n::label(field)}</legend>
                {wiring.hint(field)}
                {radios}
            </fieldset>
            {wiring.error_text()}
        </div>
    }
    .into_any()
}
