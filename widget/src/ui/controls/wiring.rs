//! What ties an input to its label, hint and error, for the eye and for assistive technology alike.

use latchkey_core::{screen::Field, text::joined};
use leptos::prelude::*;

use super::{El, Ui, el, text_el};
use crate::ui::alert;

/// Ids and the error of one field.
pub(super) struct Wiring {
    pub(super) ui: Ui,
    pub(super) id: String,
    name: String,
    /// Further elements that describe the input, such as the rules of a password.
    pub(super) described_by: Vec<String>,
}

impl Wiring {
    pub(super) fn new(ui: Ui, field: &Field, index: usize) -> Self {
        let id = ui.field_id(index);
        let described_by = field.hint.iter().map(|_| format!("{id}-hint")).collect();
        Self { ui, id, name: field.name.clone(), described_by }
    }

    /// What is wrong with the field now.
    fn problem(&self) -> impl Fn() -> Option<String> + Clone + use<> {
        let (ui, name) = (self.ui, self.name.clone());
        move || ui.screen.with(|screen| alert::field_problem(ui, screen, &name))
    }

    /// The box around a field, marked while something is wrong with it.
    pub(super) fn frame(&self) -> El {
        let problem = self.problem();
        el("div").class("latchkey-field").live_class("latchkey-field--invalid", move || problem().is_some())
    }

    /// An input or group with its ARIA attributes.
    pub(super) fn wired(&self, control: El, field: &Field) -> El {
        let (invalid, problem) = (self.problem(), self.problem());
        let (always, error) = (joined(&self.described_by, " "), self.error_id());
        let described_by = move || {
            let described = if problem().is_some() { format!("{always} {error}") } else { always.clone() };
            Some(described.trim().to_owned()).filter(|ids| !ids.is_empty())
        };
        control
            .attr_if(field.is_required, "aria-required", "true")
            .live_flag("aria-invalid", "true", move || invalid().is_some())
            .live_attr("aria-describedby", described_by)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    pub(super) fn hint(&self, field: &Field) -> Option<El> {
        let hint = field.hint.as_deref()?;
        Some(text_el("p", "latchkey-field__hint", hint).attr("id", &format!("{}-hint", self.id)))
    }

    pub(super) fn error_text(&self) -> El {
        let (shown, problem) = (self.problem(), self.problem());
        el("p")
            .class("latchkey-field__error")
            .attr("id", &self.error_id())
            .live_flag("hidden", "", move || shown().is_none())
            .live_text(move || problem().unwrap_or_default())
    }
}
