//! A box to tick.

use latchkey_core::screen::Field;
use leptos::prelude::*;

use super::Wiring;
use crate::ui::i18n;

pub(super) fn draw(wiring: &Wiring, field: &Field) -> AnyView {
    let is_ticked = field.value.as_deref() == Some("true");
    view! {
        <div class="latchkey-field">
            <div class="latchkey-check">
                <input
                    class="latchkey-check__box"
                    type="checkbox"
                    id=wiring.id.clone()
                    name=field.name.clone()
                    value="true"
                    checked=is_ticked
                    aria-required=field.is_required.then_some("true")
                    aria-invalid=wiring.invalid()
                    aria-describedby=wiring.description()
                />
                <label class="latchkey-check__label" for=wiring.id.clone()>{i18n::label(field)}</label>
            </div>
            {wiring.hint(field)}
            {wiring.error_text()}
        </div>
    }
    .into_any()
}
