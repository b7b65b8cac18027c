//! A real `<form>`: draws the fields, checks what the server would refuse for sure, and reads the values off the inputs
//! once, when it is sent. Secrets are never in a signal.

use latchkey_core::{
    Input, Secret,
    io::{Answer, Answers},
    screen::{Complaint, Control, Field, Form, Purpose, Screen},
    telephone::e164,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FormData, HtmlFormElement, SubmitEvent};

use super::{
    Ui,
    controls::{self, Revealed, telephone},
    element::{El, el, text_el},
    focus,
};

/// The form of a screen.
pub(super) fn draw(ui: Ui, screen: &Screen, form: &Form, submit: &str) -> El {
    let revealed = Revealed::new();
    let on_submit = move |event: Event| {
        event.prevent_default();
        revealed.hide();
        if let Ok(event) = event.dyn_into() {
            send(ui, &event);
        }
    };
    let mut index = 0;
    let drawn = form
        .fields
        .iter()
        .flat_map(|field| controls::draw(ui, screen, field, &mut index, revealed))
        .collect();
    let has_button = !form.fields.iter().any(|field| matches!(field.control, Control::Pick(_)));
    let label = form.submit_label.as_deref().unwrap_or(submit);
    el("form")
        .class("latchkey-form")
        .attr("id", &ui.id("form"))
        .attr("novalidate", "")
        .on("submit", on_submit)
        .maybe(known_person(screen, form))
        .children(drawn)
        .maybe(screen.has_frame.then(frame_slot))
        .maybe(has_button.then(|| button(ui, label)))
}

/// Where a page of another provider appears; the second script fills it.
pub(super) fn frame_slot() -> El {
    el("div").class("latchkey-frame-slot")
}

/// Stays where it is while the server is asked, so that the focus does too.
fn button(ui: Ui, label: &str) -> El {
    let button = text_el("button", "latchkey-button latchkey-button--primary", label).attr("type", "submit");
    button.live_flag("aria-disabled", "true", move || ui.is_busy())
}

/// Password managers need to see whose password it is; people see it in the header.
fn known_person(screen: &Screen, form: &Form) -> Option<El> {
    let is_password =
        |field: &Field| matches!(field.purpose, Purpose::CurrentPassword | Purpose::NewPassword);
    let has_username = form.fields.iter().any(|field| field.purpose == Purpose::Username);
    let is_needed = form.fields.iter().any(is_password) && !has_username;
    let person = screen.person.as_deref().filter(|_| is_needed)?;
    let input = el("input").attr("type", "text").attr("autocomplete", "username").attr("value", person);
    Some(input.attr("readonly", "").attr("hidden", ""))
}

/// Sends the form, or says what is missing.
fn send(ui: Ui, event: &SubmitEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(data) = form.and_then(|form| FormData::new_with_form(&form).ok()) else { return };
    let mut reading =
        Reading { data, picked: picked(event), answers: Answers::new(), complaints: Vec::new() };
    // The form stays the same for as long as it is drawn; what it says may have changed.
    let shown = ui.screen.get_untracked();
    reading.read(shown.form.as_ref().map_or(&[], |form| &form.fields));
    let is_complete = reading.complaints.is_empty();
    ui.complaints.set(reading.complaints);
    if is_complete {
        ui.send(Input::Answered { screen: shown.id, answers: reading.answers });
    } else {
        focus::focus_alert(ui);
    }
}

/// Name and position of the button that was pressed, where it is one of several.
fn picked(event: &SubmitEvent) -> Option<(String, usize)> {
    let button = event.submitter()?;
    let position = button.get_attribute("value")?.parse().ok()?;
    Some((button.get_attribute("name")?, position))
}

/// What is in the inputs, on its way to the core.
struct Reading {
    data: FormData,
    picked: Option<(String, usize)>,
    answers: Answers,
    complaints: Vec<(String, Complaint)>,
}

impl Reading {
    fn read(&mut self, fields: &[Field]) {
        for field in fields {
            match &field.control {
                Control::Checkbox => self.read_flag(field),
                Control::Pick(_) => self.read_pick(field),
                Control::Alternatives(alternatives) => {
                    let chosen = self.text(field).and_then(|index| index.parse::<usize>().ok());
                    match chosen.and_then(|index| Some((index, alternatives.get(index)?))) {
                        Some((index, alternative)) => {
                            self.answers.put(&field.name, Answer::Choice(index));
                            self.read(&alternative.fields);
                        }
                        None => self.complaints.push((field.name.clone(), Complaint::Missing)),
                    }
                }
                Control::Telephone { .. } => self.read_telephone(field),
                Control::Text
                | Control::Secret
                | Control::Country
                | Control::Radio(_)
                | Control::Select(_) => {
                    self.put_text(field, self.text(field).unwrap_or_default());
                }
            }
        }
    }

    fn text(&self, field: &Field) -> Option<String> {
        self.data.get(&field.name).as_string()
    }

    fn read_flag(&mut self, field: &Field) {
        if field.is_fixed {
            return;
        }
        let is_ticked = self.data.has(&field.name);
        if field.is_required && !is_ticked {
            self.complaints.push((field.name.clone(), Complaint::Missing));
        }
        self.answers.put(&field.name, Answer::Flag(is_ticked));
    }

    fn read_pick(&mut self, field: &Field) {
        if let Some((_, position)) = self.picked.as_ref().filter(|(name, _)| *name == field.name) {
            self.answers.put(&field.name, Answer::Choice(*position));
        }
    }

    fn read_telephone(&mut self, field: &Field) {
        let part =
            |part: &str| self.data.get(&format!("{}{part}", field.name)).as_string().unwrap_or_default();
        let number = e164(&part(telephone::COUNTRY), &part(""), &part(telephone::EXTENSION));
        self.put_text(field, number);
    }

    fn put_text(&mut self, field: &Field, value: String) {
        let value = field.normalized(value);
        if let Some(complaint) = field.complaint(&value) {
            self.complaints.push((field.name.clone(), complaint));
        }
        self.answers.put(&field.name, Answer::Text(Secret::new(value)));
    }
}
