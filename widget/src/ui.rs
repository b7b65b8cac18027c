//! Draws the current [`Screen`] and reports what the person did. Knows neither the flow nor the browser's network: what
//! it is given is a signal, what it gives back is an [`Input`].
//!
//! A screen is drawn once per [`ScreenId`](latchkey_core::screen::ScreenId); what changes while it stays (errors, busy,
//! ways on) is derived from the signal, so that nothing that was typed is ever drawn away.

mod actions;
mod alert;
mod controls;
mod exhibits;
mod focus;
mod form;
mod header;
mod i18n;
mod screens;
mod shell;

use latchkey_core::{
    Input, Screen,
    screen::{ActionId, Complaint},
};
use leptos::{html, prelude::*};
pub(crate) use shell::Shell;

/// What every part of one widget needs; a handle to be passed around.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    /// Written by the driver only.
    screen: RwSignal<Screen>,
    /// What was wrong with the form before it was sent, by field name.
    complaints: RwSignal<Vec<(String, Complaint)>>,
    title: NodeRef<html::H2>,
    alert: NodeRef<html::Div>,
    send: StoredValue<Box<dyn Fn(Input)>, LocalStorage>,
    /// Tells the ids of several widgets on one page apart.
    instance: u32,
}

impl Ui {
    /// Must be called under the owner that outlives the tree.
    pub(crate) fn new(screen: RwSignal<Screen>, send: impl Fn(Input) + 'static) -> Self {
        Self {
            screen,
            complaints: RwSignal::new(Vec::new()),
            title: NodeRef::new(),
            alert: NodeRef::new(),
            send: StoredValue::new_local(Box::new(send)),
            instance: next_instance(),
        }
    }

    fn send(self, input: Input) {
        let _ = self.send.try_with_value(|send| send(input));
    }

    fn press(self, action: ActionId) {
        let screen = self.screen.with_untracked(|screen| screen.id);
        self.send(Input::Pressed { screen, action });
    }

    /// An id in the document, the same at every drawing.
    fn id(self, part: &str) -> String {
        format!("latchkey{}-{part}", self.instance)
    }

    fn is_busy(self) -> bool {
        self.screen.try_with(|screen| screen.is_busy).unwrap_or(false)
    }
}

fn next_instance() -> u32 {
    use std::cell::Cell;
    thread_local!(static LAST: Cell<u32> = const { Cell::new(0) });
    LAST.set(LAST.get() + 1);
    LAST.get()
}
