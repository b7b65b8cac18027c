//! Draws the current [`Screen`] and reports what the person did. Knows neither the flow nor the browser's network: what
//! it is given is a signal, what it gives back is an [`Input`].
//!
//! A screen is drawn once per [`ScreenId`](latchkey_core::screen::ScreenId); what changes while it stays (errors, busy,
//! ways on) is derived from the signal, so that nothing that was typed is ever drawn away.

mod actions;
mod alert;
mod controls;
mod element;
mod exhibits;
mod focus;
mod form;
mod header;
mod i18n;
mod intl;
mod screens;
mod shell;
mod speech;

use element::Place;
use latchkey_core::{
    Input,
    io::Timestamp,
    screen::{ActionId, Complaint, Shown},
};
use leptos::prelude::*;
pub(crate) use shell::shell;
pub(crate) use speech::speak;

/// What every part of one widget needs; a handle to be passed around.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ui {
    /// Written by the driver only.
    screen: RwSignal<Shown>,
    /// What was wrong with the form before it was sent, by field name.
    complaints: RwSignal<Vec<(String, Complaint)>>,
    /// Counts how often the words have changed.
    speech: RwSignal<u32>,
    outside: StoredValue<Outside, LocalStorage>,
}

/// The way to the driver.
pub(crate) struct Outward {
    /// Takes what the person did.
    pub(crate) send: Box<dyn Fn(Input)>,
    /// The clock that waiting times are told by.
    pub(crate) now: fn() -> Timestamp,
}

/// What is not state: the way to the driver, and where the card is.
struct Outside {
    outward: Outward,
    card: Place,
    /// The host's id, which tells the ids of several widgets on one page apart; each may be an instance of its own.
    prefix: String,
}

impl Ui {
    /// Must be called under the owner that outlives the tree.
    pub(crate) fn new(screen: RwSignal<Shown>, prefix: String, outward: Outward) -> Self {
        Self {
            screen,
            complaints: RwSignal::new(Vec::new()),
            speech: RwSignal::new(0),
            outside: StoredValue::new_local(Outside { outward, card: Place::default(), prefix }),
        }
    }

    /// Draws the present screen in the words that are spoken now.
    pub(crate) fn say_again(self) {
        self.speech.update(|times| *times += 1);
    }

    fn send(self, input: Input) {
        let _ = self.outside.try_with_value(|outside| (outside.outward.send)(input));
    }

    /// How many seconds are left until then.
    fn seconds_until(self, then: Timestamp) -> i64 {
        let left = |outside: &Outside| then.0 - (outside.outward.now)().0;
        self.outside.try_with_value(left).unwrap_or_default().max(0)
    }

    /// The card around every screen; found again after it was drawn.
    fn card(self) -> Place {
        self.outside.try_with_value(|outside| outside.card.clone()).unwrap_or_default()
    }

    fn press(self, action: ActionId) {
        let screen = self.screen.with_untracked(|screen| screen.id);
        self.send(Input::Pressed { screen, action });
    }

    /// An id in the document, the same at every drawing.
    fn id(self, part: &str) -> String {
        self.outside.try_with_value(|outside| format!("{}-{part}", outside.prefix)).unwrap_or_default()
    }

    fn is_prompting(self) -> bool {
        self.screen.try_with(|screen| screen.is_prompting).unwrap_or(false)
    }

    fn is_busy(self) -> bool {
        self.screen.try_with(|screen| screen.is_busy || screen.is_prompting).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests;
