//! A password: hidden by default, shown on request, hidden again when it is sent or when the page comes back from the
//! history; for a new one the policy's rules, ticked off while typing. The text itself stays in the input.

use latchkey_core::{
    password::{Person, Rule},
    screen::{Field, Purpose},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::{El, Wiring, el, labelled, text_el};
use crate::ui::{
    element::{Listener, keep},
    i18n::{self, Key, fill, text},
    intl,
};

/// Whether passwords of a form are readable.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Revealed(RwSignal<Option<bool>>);

impl Revealed {
    pub(in crate::ui) fn new() -> Self {
        let revealed = Self(RwSignal::new(None));
        // Back from the history, perhaps with somebody else before the screen.
        if let Some(window) = web_sys::window() {
            keep(Box::new(Listener::new(window.into(), "pageshow", Box::new(move |_| revealed.hide()))));
        }
        revealed
    }

    pub(in crate::ui) fn hide(self) {
        let was_pressed = self.0.try_get_untracked().flatten().is_some();
        let _ = self.0.try_set(was_pressed.then_some(false));
    }

    fn is_shown(self) -> bool {
        self.0.get() == Some(true)
    }

    fn toggle(self) {
        self.0.update(|shown| *shown = Some(*shown != Some(true)));
    }
}

pub(super) fn draw(mut wiring: Wiring, field: &Field, person: Person, revealed: Revealed) -> Vec<El> {
    let rules_id = format!("{}-rules", wiring.id);
    if !field.rules.is_empty() {
        wiring.described_by.push(rules_id.clone());
    }
    let autocomplete = match field.purpose {
        Purpose::CurrentPassword => "current-password",
        Purpose::NewPassword => "new-password",
        _ => "off",
    };
    let typed = Kept::new(field.rules.clone(), person);
    let input = el("input")
        .class("latchkey-input")
        .attr("id", &wiring.id)
        .attr("name", &field.name)
        .live_attr("type", move || Some(if revealed.is_shown() { "text" } else { "password" }.to_owned()))
        .attr("autocomplete", autocomplete)
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false");
    let rules = (!field.rules.is_empty()).then(|| rule_list(&rules_id, &field.rules, &typed));
    let input = wiring.wired(input, field).on("input", move |event| typed.judge(&event));
    let mut control = vec![input];
    control.extend(toggle(&wiring.id, &i18n::label(field), revealed));
    let mut drawn = vec![labelled(&wiring, field, control)];
    drawn.extend(rules);
    drawn
}

/// Which rules the typed text keeps; the text is not in here.
struct Kept {
    rules: Vec<Rule>,
    person: Person,
    /// One bit a rule.
    met: RwSignal<usize>,
}

impl Kept {
    fn new(rules: Vec<Rule>, person: Person) -> Self {
        Self { rules, person, met: RwSignal::new(0) }
    }

    fn judge(&self, event: &Event) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let password = input.map(|input| input.value()).unwrap_or_default();
        let mut met = 0;
        for (index, rule) in self.rules.iter().enumerate() {
            // Nothing typed keeps no rule, not even the ones that forbid something.
            let is_met =
                !password.is_empty() && rule.is_met(&password, &self.person, intl::case_of) == Some(true);
            met |= usize::from(is_met) << index;
        }
        self.met.set(met);
    }
}

/// The button between hidden and shown; its name says what it will do, the status what it has done.
fn toggle(input: &str, label: &str, revealed: Revealed) -> [El; 2] {
    let inside = i18n::inside(label);
    let name = move || {
        let key = if revealed.is_shown() { Key::FieldHideName } else { Key::FieldShowName };
        Some(fill(key, &inside))
    };
    let status = el("span").class("latchkey-visually-hidden").attr("role", "status").live_text(move || {
        let told = match revealed.0.get() {
            None => "",
            Some(true) => text(Key::FieldShown),
            Some(false) => text(Key::FieldHidden),
        };
        told.to_owned()
    });
    let button = el("button")
        .class("latchkey-reveal")
        .attr("type", "button")
        .attr("aria-controls", input)
        .live_attr("aria-label", name)
        .live_text(move || text(if revealed.is_shown() { Key::FieldHide } else { Key::FieldShow }).to_owned())
        .on("click", move |_| revealed.toggle());
    [status, button]
}

fn rule_list(id: &str, rules: &[Rule], kept: &Kept) -> El {
    let met = kept.met;
    let item = |(index, rule): (usize, &Rule)| {
        let is_met = move || met.get() >> index & 1 == 1;
        // What only the server can tell is neither met nor unmet here.
        let is_known = rule.is_met("", &Person::default(), intl::case_of).is_some();
        let told = move || match is_met() {
            true => format!(", {}", text(Key::RulesMet)),
            false if is_known => format!(", {}", text(Key::RulesUnmet)),
            false => String::new(),
        };
        text_el("li", "latchkey-rules__item", &i18n::rule(rule))
            .live_class("latchkey-rules__item--met", is_met)
            .child(el("span").class("latchkey-visually-hidden").live_text(told))
    };
    let list = el("ul").class("latchkey-rules").attr("id", id).attr("aria-label", text(Key::RulesTitle));
    list.children(rules.iter().enumerate().map(item).collect())
}
