//! A telephone number: its country from a list, the number as people write it, and an extension where calls are made.

use latchkey_core::screen::Field;

use super::{El, Wiring, el, labelled, text_el};
use crate::ui::{
    i18n::{Key, text},
    intl,
};

/// What the inputs beside the number are called, after the field's own name.
pub(in crate::ui) const COUNTRY: &str = ".country";
/// See [`COUNTRY`].
pub(in crate::ui) const EXTENSION: &str = ".extension";

pub(super) fn draw(wiring: &Wiring, field: &Field, has_extension: bool) -> Vec<El> {
    let number = el("input")
        .class("latchkey-input")
        .attr("id", &wiring.id)
        .attr("name", &field.name)
        .attr("type", "tel")
        .attr("autocomplete", "tel-national");
    let mut drawn = vec![country(wiring, field), labelled(wiring, field, vec![wiring.wired(number, field)])];
    if has_extension {
        let extension =
            el("input").class("latchkey-input").attr("type", "tel").attr("autocomplete", "tel-extension");
        let extension = beside(wiring, field, (EXTENSION, text(Key::PhoneExtension)), extension);
        drawn.push(extension.class("latchkey-field latchkey-field--extension"));
    }
    drawn
}

fn country(wiring: &Wiring, field: &Field) -> El {
    let likely = intl::likely_country();
    let option = |country: &intl::Country| {
        let label = format!("{} (+{})", country.name, country.calling_code);
        let option = el("option").attr("value", country.calling_code).text(&label);
        option.attr_if(likely.as_deref() == Some(country.code), "selected", "")
    };
    let select = el("select")
        .class("latchkey-input latchkey-input--select")
        .attr("autocomplete", "tel-country-code")
        .children(intl::countries().iter().map(option).collect());
    beside(wiring, field, (COUNTRY, text(Key::PhoneCountry)), select)
}

/// An input beside the number, with a label of its own.
fn beside(wiring: &Wiring, field: &Field, (part, label): (&str, &str), control: El) -> El {
    let id = format!("{}-{}", wiring.id, part.trim_start_matches('.'));
    let control = control.attr("id", &id).attr("name", &format!("{}{part}", field.name));
    let is_optional = part == EXTENSION;
    let optional = format!(" {}", text(Key::CommonOptional));
    el("div")
        .class("latchkey-field")
        .child(
            text_el("label", "latchkey-field__label", label)
                .attr("for", &id)
                .maybe(is_optional.then(|| text_el("span", "latchkey-field__optional", &optional))),
        )
        .child(el("div").class("latchkey-field__control").child(control))
}
