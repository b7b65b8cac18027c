//! A box to tick.

use latchkey_core::screen::Field;

use super::{El, Wiring, el, text_el};
use crate::ui::i18n;

pub(super) fn draw(wiring: &Wiring, field: &Field) -> El {
    let input = el("input")
        .class("latchkey-check__box")
        .attr("type", "checkbox")
        .attr("id", &wiring.id)
        .attr("name", &field.name)
        .attr("value", "true")
        .attr_if(field.value.as_deref() == Some("true"), "checked", "")
        .attr_if(field.is_fixed, "disabled", "");
    let label = text_el("label", "latchkey-check__label", &i18n::label(field)).attr("for", &wiring.id);
    let check = el("div").class("latchkey-check").child(wiring.wired(input, field)).child(label);
    wiring.frame().child(check).maybe(wiring.hint(field)).child(wiring.error_text())
}
