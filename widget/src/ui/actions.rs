//! Every way on beside the form: identity providers as buttons, the rest as quiet links. Where there is no form, the
//! first of them is the button.

use std::time::Duration;

use latchkey_core::{
    Screen,
    io::Timestamp,
    screen::{Action, ActionId, ActionKind, Layout},
};
use leptos::prelude::*;

use super::{
    Ui,
    element::{El, el, keep, text_el},
    i18n::{self, Key, fill, text},
    screens,
};

/// The ways on of the current screen, drawn anew only when there are others.
pub(super) fn draw(ui: Ui) -> El {
    let shown = move || ui.screen.with(|screen| shown(screen));
    el("div").class("latchkey-ways").live_children(shown, move |shown| draw_shown(ui, shown))
}

fn draw_shown(ui: Ui, shown: &Shown) -> Vec<El> {
    let Shown { has_form, is_waiting, providers, others } = shown;
    // Where there is nothing to fill in, the first way on is the button, unless it leads away from what is waited for.
    let main = others
        .first()
        .filter(|(_, action)| !has_form && providers.is_empty() && !is_aside(&action.kind, *is_waiting));
    let others = if main.is_some() { others.get(1..).unwrap_or_default() } else { others };
    let divider = (*has_form && !providers.is_empty()).then(divider);
    let main = main.map(|way| button(ui, way, "latchkey-button latchkey-button--primary"));
    let only = if !has_form && providers.len() == 1 { "primary" } else { "secondary" };
    let providers =
        list(ui, providers, "latchkey-providers", &format!("latchkey-button latchkey-button--{only}"));
    let others = list(ui, others, "latchkey-actions", "latchkey-link");
    [main, divider, providers, others].into_iter().flatten().collect()
}

/// An action and its position in the screen.
type Way = (ActionId, Action);

#[derive(PartialEq)]
struct Shown {
    has_form: bool,
    is_waiting: bool,
    providers: Vec<Way>,
    others: Vec<Way>,
}

fn shown(screen: &Screen) -> Shown {
    let ways = screen.actions.iter().cloned().enumerate().map(|(index, action)| (ActionId(index), action));
    // The alert draws the retry.
    let ways = ways.filter(|(_, action)| !matches!(action.kind, ActionKind::TryAgain { .. }));
    let (providers, others) = ways.partition(|(_, action)| is_sign_in(&action.kind));
    let is_waiting = matches!(screen.layout, Layout::Waiting(_));
    Shown { has_form: screen.form.is_some(), is_waiting, providers, others }
}

/// Another way than the one that is under way.
const fn is_aside(kind: &ActionKind, is_waiting: bool) -> bool {
    match kind {
        ActionKind::VerifyOtherwise | ActionKind::EnrollOtherwise | ActionKind::OtherChannel => true,
        ActionKind::StartOver | ActionKind::Resend => is_waiting,
        _ => false,
    }
}

/// Another way to sign in, as good as the form above it.
const fn is_sign_in(kind: &ActionKind) -> bool {
    matches!(
        kind,
        ActionKind::Provider { .. }
            | ActionKind::PasskeySignIn
            | ActionKind::DeviceSignIn
            | ActionKind::CardSignIn
            | ActionKind::SmartCard
    )
}

fn divider() -> El {
    el("p").class("latchkey-divider").child(text_el("span", "latchkey-divider__label", text(Key::CommonOr)))
}

fn list(ui: Ui, ways: &[Way], class: &str, button_class: &str) -> Option<El> {
    let item = |way| el("li").class(&format!("{class}__item")).child(button(ui, way, button_class));
    let items: Vec<El> = ways.iter().map(item).collect();
    (!items.is_empty()).then(|| el("ul").class(class).children(items))
}

/// A link where it leads out of the page, else a button.
fn button(ui: Ui, (id, action): &Way, class: &str) -> El {
    let id = *id;
    let label = ui.screen.with_untracked(|screen| label(screen, action));
    if let Some(href) = &action.href {
        let link = text_el("a", class, &label).attr("href", href);
        return link.attr_if(action.opens_tab, "target", "_blank");
    }
    let button = el("button").class(class).attr("type", "button").on("click", move |_| ui.press(id));
    let back = back(&action.kind);
    let button = button.attr_if(!back.is_empty(), "data-back", back);
    match action.ready_at {
        Some(ready_at) => counting_down(ui, button, ready_at, label),
        None => button.text(&label),
    }
}

/// Where a way back leads, for `js/customize/back.ts`, which lets the browser's Back button press it; empty if it is none.
const fn back(kind: &ActionKind) -> &'static str {
    match kind {
        ActionKind::Back => "form",
        ActionKind::VerifyOtherwise | ActionKind::EnrollOtherwise => "choice",
        ActionKind::StartOver => "start",
        _ => "",
    }
}

/// Says for how long it does nothing yet.
fn counting_down(ui: Ui, button: El, ready_at: Timestamp, label: String) -> El {
    let left = RwSignal::new(ui.seconds_until(ready_at));
    let tick = move || {
        let _ = left.try_set(ui.seconds_until(ready_at));
    };
    keep(Box::new(Ticking(set_interval_with_handle(tick, Duration::from_secs(1)).ok())));
    button.live_flag("aria-disabled", "true", move || left.get() > 0).live_text(move || match left.get() {
        0 => label.clone(),
        seconds => fill(Key::ActionResendIn, &seconds.to_string()),
    })
}

/// An interval that ends when it is dropped.
struct Ticking(Option<IntervalHandle>);

impl Drop for Ticking {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.clear();
        }
    }
}

fn label(screen: &Screen, action: &Action) -> String {
    if let Some(label) = &action.label {
        return label.clone();
    }
    let key = match &action.kind {
        ActionKind::Provider { name, .. } => return fill(Key::ActionProvider, name),
        ActionKind::Other(name) => return i18n::humanized(name),
        ActionKind::Recover if screen.authenticator.as_ref().is_some_and(|known| known.key == "nfc_pin") => {
            Key::ActionRecoverPin
        }
        ActionKind::Recover => Key::ActionRecover,
        ActionKind::SignUp => Key::ActionSignUp,
        ActionKind::SignIn => Key::ActionSignIn,
        ActionKind::Unlock => Key::ActionUnlock,
        ActionKind::VerifyOtherwise => Key::ActionVerifyOtherwise,
        ActionKind::EnrollOtherwise => Key::ActionEnrollOtherwise,
        ActionKind::OtherChannel => Key::ActionOtherChannel,
        ActionKind::Skip => match screen.layout {
            Layout::NewPassword(_) | Layout::PasswordElsewhere { .. } => Key::ActionSkipReminder,
            Layout::Profile => Key::ActionSkipNow,
            Layout::Message => Key::ActionSkipEnd,
            _ => Key::ActionSkip,
        },
        ActionKind::Continue => Key::ActionContinue,
        ActionKind::Resend => Key::ActionResend,
        ActionKind::Send => Key::ActionSend,
        ActionKind::PasskeySignIn => Key::ActionPasskeySignIn,
        ActionKind::UsePasskey | ActionKind::CreatePasskey if screens::is_named_key(screen) => {
            Key::CommonContinue
        }
        ActionKind::UsePasskey => Key::ActionUsePasskey,
        ActionKind::CreatePasskey => Key::ActionCreatePasskey,
        ActionKind::SetUpPasskey => Key::ActionSetUpPasskey,
        ActionKind::DeviceSignIn => Key::ActionDeviceSignIn,
        ActionKind::CardSignIn => Key::ActionCardSignIn,
        ActionKind::SmartCard => Key::ActionSmartCard,
        ActionKind::ProveIdentity(name) => return fill(Key::ActionProveIdentity, name),
        ActionKind::OpenApp => Key::ActionOpenApp,
        ActionKind::GetApp => Key::ActionGetApp,
        ActionKind::StartPrompt => Key::ActionStartPrompt,
        ActionKind::ChangePasswordAt(Some(name)) => return fill(Key::ActionChangePasswordAt, name),
        ActionKind::ChangePasswordAt(None) => Key::ActionChangePassword,
        ActionKind::StartOver => Key::ActionStartOver,
        ActionKind::TryAgain { .. } => Key::ActionTryAgain,
        ActionKind::Back => Key::ActionBack,
        ActionKind::Help => Key::ActionHelp,
    };
    text(key).to_owned()
}
