//! Fields as native inputs, each with a visible label, its hint and its error wired to it. One file a control.

mod checkbox;
mod options;
mod password;
mod picks;
pub(super) mod telephone;
mod text_input;
mod wiring;

use latchkey_core::{
    Screen,
    screen::{Choice, Control, Field},
};
use leptos::prelude::*;
pub(super) use password::Revealed;
use wiring::Wiring;

use super::{
    Ui,
    element::{El, el, text_el},
    i18n, intl,
};

impl Ui {
    /// The id of the input of a field, by its position among the screen's fields.
    pub(super) fn field_id(self, index: usize) -> String {
        self.id(&format!("field{index}"))
    }
}

/// Draws one field; `index` counts the fields of the screen in the order of [`Screen::fields`].
pub(super) fn draw(ui: Ui, screen: &Screen, field: &Field, index: &mut usize, revealed: Revealed) -> Vec<El> {
    let wiring = Wiring::new(ui, field, *index);
    *index += 1;
    match &field.control {
        Control::Text => vec![text_input::draw(&wiring, field)],
        Control::Secret => password::draw(wiring, field, screen.whom.clone(), revealed),
        Control::Country => {
            let named =
                |country: intl::Country| Choice { label: country.name, value: country.code.to_owned() };
            let choices: Vec<Choice> = intl::countries().into_iter().map(named).collect();
            vec![options::draw_select(&wiring, field, &choices)]
        }
        Control::Telephone { has_extension } => telephone::draw(&wiring, field, *has_extension),
        Control::Checkbox => vec![checkbox::draw(&wiring, field)],
        Control::Radio(choices) => vec![options::draw_radios(&wiring, field, choices)],
        Control::Select(choices) => vec![options::draw_select(&wiring, field, choices)],
        Control::Pick(picks) => picks::draw(&wiring, field, picks),
        Control::Alternatives(alternatives) => {
            let sets = alternatives.iter().enumerate().map(|(position, alternative)| {
                let first = *index;
                *index += alternative.fields.len();
                draw_set(ui, (field.name.clone(), position), first, revealed)
            });
            let sets = sets.collect();
            options::draw_alternatives(&wiring, field, alternatives, sets)
        }
    }
}

/// The fields of one alternative, drawn when it is chosen: the one at this position of the field of this name.
fn draw_set(
    ui: Ui,
    (name, position): (String, usize),
    first: usize,
    revealed: Revealed,
) -> options::FieldSet {
    Box::new(move || {
        let shown = ui.screen.get_untracked();
        let control = shown.field(&name).map(|field| &field.control);
        let Some(Control::Alternatives(alternatives)) = control else { return Vec::new() };
        let (mut index, mut drawn) = (first, Vec::new());
        for field in alternatives.get(position).iter().flat_map(|alternative| &alternative.fields) {
            drawn.extend(draw(ui, &shown, field, &mut index, revealed));
        }
        drawn
    })
}

/// A field with its label above it, and hint and error where there are any.
fn labelled(wiring: &Wiring, field: &Field, control: Vec<El>) -> El {
    let optional = (!field.is_required).then(|| {
        text_el("span", "latchkey-field__optional", &format!(" {}", i18n::text(i18n::Key::CommonOptional)))
    });
    let label = text_el("label", "latchkey-field__label", &i18n::label(field))
        .attr("for", &wiring.id)
        .maybe(optional);
    wiring
        .frame()
        .child(label)
        .maybe(wiring.hint(field))
        .child(el("div").class("latchkey-field__control").children(control))
        .child(wiring.error_text())
}
