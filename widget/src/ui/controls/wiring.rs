//! What ties an input to its label, hint and error, for the eye and for assistive technology alike.

use latchkey_core::screen::Field;
use leptos::prelude::*;

use super::Ui;
use crate::ui::alert;

/// Ids and the error of one field.
pub(super) struct Wiring {
    pub(super) ui: Ui,
    pub(super) id: String,
    pub(super) error: Memo<Option<String>>,
    /// Further elements that describe the input, such as the rules of a password.
    pub(super) described_by: Vec<String>,
}

impl Wiring {
    pub(super) fn new(ui: Ui, field: &Field, index: usize) -> Self {
        let (id, name) = (ui.field_id(index), field.name.clone());
        let error = Memo::new(move |_| ui.screen.with(|screen| alert::field_problem(ui, screen, &name)));
        let described_by = field.hint.iter().map(|_| format!("{id}-hint")).collect();
        Self { ui, id, error, described_by }
    }

    /// The value of `aria-describedby`.
    pub(super) fn description(&self) -> impl Fn() -> Option<String> + use<> {
        let (always, error_id, error) = (self.described_by.join(" "), self.error_id(), self.error);
        move || {
            let described = match error.with(Option::is_some) {
                true => format!("{always} {error_id}"),
                false => always.clone(),
            };
            Some(described.trim().to_owned()).filter(|ids| !ids.is_empty())
        }
    }

    /// The value of `aria-invalid`.
    pub(super) fn invalid(&self) -> impl Fn() -> Option<&'static str> + use<> {
        let error = self.error;
        move || error.with(Option::is_some).then_some("true")
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    pub(super) fn hint(&self, field: &Field) -> Option<impl IntoView + use<>> {
        let (id, hint) = (format!("{}-hint", self.id), field.hint.clone()?);
        Some(view! { <p class="latchkey-field__hint" id=id>{hint}</p> })
    }

    pub(super) fn error_text(&self) -> impl IntoView + use<> {
        let (id, error) = (self.error_id(), self.error);
        move || error.get().map(|error| view! { <p class="latchkey-field__error" id=id.clone()>{error}</p> })
    }
}
