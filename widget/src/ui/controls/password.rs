//! A password: hidden by default, shown on request, hidden again when it is sent or when the page comes back from the
//! history; for a new one the policy's rules, ticked off while typing. The text itself stays in the input.

use latchkey_core::{
    password::{Person, Rule},
    screen::{Field, Purpose},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{Wiring, labelled};
use crate::ui::i18n::{self, Key, fill, text};

/// Whether passwords of a form are readable.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Revealed(RwSignal<bool>);

impl Revealed {
    pub(in crate::ui) fn new() -> Self {
        let revealed = Self(RwSignal::new(false));
        // Back from the history, perhaps with somebody else before the screen.
        let listener =
            window_event_listener(ev::Custom::new("pageshow"), move |_: web_sys::Event| revealed.hide());
        on_cleanup(move || listener.remove());
        revealed
    }

    pub(in crate::ui) fn hide(self) {
        let _ = self.0.try_set(false);
    }
}

pub(super) fn draw(wiring: &Wiring, field: &Field, person: Person, revealed: Revealed) -> AnyView {
    let rules_id = format!("{}-rules", wiring.id);
    let mut described_by = wiring.described_by.clone();
    if !field.rules.is_empty() {
        described_by.push(rules_id.clone());
    }
    let described = Wiring { ui: wiring.ui, id: wiring.id.clone(), error: wiring.error, described_by };
    let rules = field.rules.clone();
    let kept = RwSignal::new(judged(&rules, "", &person));
    let on_input = {
        let rules = rules.clone();
        move |event: ev::Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                kept.set(judged(&rules, &input.value(), &person));
            }
        }
    };
    let autocomplete = match field.purpose {
        Purpose::CurrentPassword => "current-password",
        Purpose::NewPassword => "new-password",
        _ => "off",
    };
    let control = view! {
        <input
            class="latchkey-input"
            id=described.id.clone()
            name=field.name.clone()
            type=move || if revealed.0.get() { "text" } else { "password" }
            autocomplete=autocomplete
            autocapitalize="none"
            spellcheck="false"
            aria-required=field.is_required.then_some("true")
            aria-invalid=described.invalid()
            aria-describedby=described.description()
            on:input=on_input
        />
        {toggle(described.id.clone(), i18n::label(field), revealed)}
    };
    view! {
        {labelled(&described, field, control.into_any())}
        {(!rules.is_empty()).then(|| rule_list(rules_id, &rules, kept))}
    }
    .into_any()
}

fn judged(rules: &[Rule], password: &str, person: &Person) -> Vec<Option<bool>> {
    // Nothing typed keeps no rule, not even the ones that forbid something.
    let judge = |rule: &Rule| rule.is_met(password, person).map(|is_met| is_met && !password.is_empty());
    rules.iter().map(judge).collect()
}

/// The button between hidden and shown; its name says what it will do, the status what it has done.
fn toggle(input: String, label: String, revealed: Revealed) -> impl IntoView {
    let inside = label.to_lowercase();
    let name = move || {
        let key = if revealed.0.get() { Key::FieldHideName } else { Key::FieldShowName };
        fill(key, "name", &inside)
    };
    let was_pressed = RwSignal::new(false);
    let press = move |_| {
        was_pressed.set(true);
        revealed.0.update(|is_shown| *is_shown = !*is_shown);
    };
    view! {
        <span class={"latchkey-visually-hidden"} role={"status"}>
            {move || match (was_pressed.get(), revealed.0.get()) {
                (false, _) => "",
                (true, true) => text(Key::FieldShown),
                (true, false) => text(Key::FieldHidden),
            }}
        </span>
        <button type="button" class="latchkey-reveal" aria-controls=input aria-label=name on:click=press>
            {move || text(if revealed.0.get() { Key::FieldHide } else { Key::FieldShow })}
        </button>
    }
}

fn rule_list(id: String, rules: &[Rule], kept: RwSignal<Vec<Option<bool>>>) -> impl IntoView + use<> {
    let item = |(index, rule): (usize, &Rule)| {
        let is_met = Memo::new(move |_| kept.with(|kept| kept.get(index).copied().flatten()));
        let told = move || match is_met.get() {
            Some(true) => format!(", {}", text(Key::RulesMet)),
            Some(false) => format!(", {}", text(Key::RulesUnmet)),
            None => String::new(),
        };
        view! {
            <li
                class="latchkey-rules__item"
                class:latchkey-rules__item--met=move || is_met.get() == Some(true)
            >
                {i18n::rule(rule)}
                <span class="latchkey-visually-hidden">{told}</span>
            </li>
        }
    };
    let items = rules.iter().enumerate().map(item).collect_view();
    view! { <ul class="latchkey-rules" id=id aria-label=text(Key::RulesTitle)>{items}</ul> }
}
