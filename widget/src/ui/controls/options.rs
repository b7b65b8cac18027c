//! One of several values: radio buttons where they are few, a list to open where they are many, and radio buttons that
//! bring fields of their own.

use latchkey_core::screen::{Alternative, Choice, Field, Purpose};
use leptos::prelude::*;

use super::{El, Wiring, el, labelled, text_el};
use crate::ui::i18n::{self, Key, text};

/// Draws the fields of one alternative.
pub(super) type FieldSet = Box<dyn Fn() -> Vec<El>>;

pub(super) fn draw_radios(wiring: &Wiring, field: &Field, choices: &[Choice]) -> El {
    // One is no choice, and of ways to be reached the first is as good as any.
    let is_first_chosen = choices.len() == 1 || (field.purpose == Purpose::Method && field.value.is_none());
    let radio = |(index, choice): (usize, &Choice)| {
        let is_chosen =
            (is_first_chosen && index == 0) || field.value.as_deref() == Some(choice.value.as_str());
        check(wiring, field, &Radio { index, label: &choice.label, value: &choice.value, is_chosen })
    };
    group(wiring, field, choices.iter().enumerate().map(radio).collect())
}

pub(super) fn draw_alternatives(
    wiring: &Wiring,
    field: &Field,
    alternatives: &[Alternative],
    sets: Vec<FieldSet>,
) -> Vec<El> {
    let chosen: RwSignal<usize> = RwSignal::new(0);
    let radio = |(index, alternative): (usize, &Alternative)| {
        let value = index.to_string();
        let radio = Radio { index, label: &alternative.label, value: &value, is_chosen: index == 0 };
        check(wiring, field, &radio).on("change", move |_| chosen.set(index))
    };
    let group = group(wiring, field, alternatives.iter().enumerate().map(radio).collect());
    let set = el("div").class("latchkey-set");
    let set = set.live_children(
        move || chosen.get(),
        move |chosen| sets.get(*chosen).map(|draw| draw()).unwrap_or_default(),
    );
    vec![group, set]
}

pub(super) fn draw_select(wiring: &Wiring, field: &Field, choices: &[Choice]) -> El {
    let is_chosen = |choice: &Choice| field.value.as_deref() == Some(choice.value.as_str());
    let option = |choice: &Choice| {
        let option = el("option").attr("value", &choice.value).text(i18n::translated(&choice.label));
        option.attr_if(is_chosen(choice), "selected", "")
    };
    let none = (!choices.iter().any(is_chosen))
        .then(|| el("option").attr("value", "").text(text(Key::CommonChoose)));
    let select = el("select")
        .class("latchkey-input latchkey-input--select")
        .attr("id", &wiring.id)
        .attr("name", &field.name)
        .maybe(none)
        .children(choices.iter().map(option).collect());
    labelled(wiring, field, vec![wiring.wired(select, field)])
}

struct Radio<'a> {
    index: usize,
    label: &'a str,
    value: &'a str,
    is_chosen: bool,
}

/// A radio button with its label, in one box.
fn check(wiring: &Wiring, field: &Field, radio: &Radio<'_>) -> El {
    // The first one has the field's own id, so that a link to the field finds it.
    let id = if radio.index == 0 { wiring.id.clone() } else { format!("{}-{}", wiring.id, radio.index) };
    let input = el("input")
        .class("latchkey-check__box")
        .attr("type", "radio")
        .attr("id", &id)
        .attr("name", &field.name)
        .attr("value", radio.value)
        .attr_if(radio.is_chosen, "checked", "");
    let label = text_el("label", "latchkey-check__label", i18n::translated(radio.label)).attr("for", &id);
    el("div").class("latchkey-check").child(input).child(label)
}

fn group(wiring: &Wiring, field: &Field, radios: Vec<El>) -> El {
    let legend = text_el("legend", "latchkey-group__legend", &i18n::label(field));
    let group = wiring.wired(el("fieldset").class("latchkey-group").attr("role", "radiogroup"), field);
    let group = group.child(legend).maybe(wiring.hint(field)).children(radios);
    wiring.frame().child(group).child(wiring.error_text())
}
