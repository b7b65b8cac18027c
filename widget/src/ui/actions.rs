//! Every way on beside the form: identity providers as buttons, the rest as quiet links. Where there is no form, the
//! first of them is the button.

use latchkey_core::{
    Screen,
    screen::{Action, ActionId, ActionKind},
};
use leptos::prelude::*;

use super::{
    Ui,
    i18n::{self, Key, fill, text},
};

/// The ways on of the current screen.
#[component]
pub(super) fn Actions(
    /// The widget's handle.
    ui: Ui,
) -> impl IntoView {
    let shown = Memo::new(move |_| ui.screen.with(shown));
    move || {
        let Shown { has_form, providers, mut others } = shown.get();
        let first = if has_form || !providers.is_empty() || others.is_empty() {
            None
        } else {
            Some(others.remove(0))
        };
        let has_divider = has_form && !providers.is_empty();
        view! {
            {first.map(|way| button(ui, way, "latchkey-button latchkey-button--primary"))}
            {has_divider.then(divider)}
            {(!providers.is_empty()).then(|| provider_list(ui, providers))}
            {(!others.is_empty()).then(|| link_list(ui, others))}
        }
    }
}

/// An action and its position in the screen.
type Way = (ActionId, Action);

#[derive(Clone, PartialEq)]
struct Shown {
    has_form: bool,
    providers: Vec<Way>,
    others: Vec<Way>,
}

fn shown(screen: &Screen) -> Shown {
    let ways = screen.actions.iter().cloned().enumerate().map(|(index, action)| (ActionId(index), action));
    // The alert draws the retry.
    let ways = ways.filter(|(_, action)| !matches!(action.kind, ActionKind::TryAgain { .. }));
    let (providers, others) =
        ways.partition(|(_, action)| matches!(action.kind, ActionKind::Provider { .. }));
    Shown { has_form: screen.form.is_some(), providers, others }
}

fn divider() -> impl IntoView {
    view! { <p class="latchkey-divider"><span class="latchkey-divider__label">{text(Key::CommonOr)}</span></p> }
}

fn provider_list(ui: Ui, providers: Vec<Way>) -> impl IntoView {
    let item = move |way| {
        view! { <li class="latchkey-providers__item">{button(ui, way, "latchkey-button latchkey-button--secondary")}</li> }
    };
    view! { <ul class="latchkey-providers">{providers.into_iter().map(item).collect_view()}</ul> }
}

fn link_list(ui: Ui, others: Vec<Way>) -> impl IntoView {
    let item =
        move |way| view! { <li class="latchkey-actions__item">{button(ui, way, "latchkey-link")}</li> };
    view! { <ul class="latchkey-actions">{others.into_iter().map(item).collect_view()}</ul> }
}

/// A link where it leads out of the page, else a button.
fn button(ui: Ui, (id, action): Way, class: &'static str) -> AnyView {
    let label = label(&action);
    match action.href {
        Some(href) => view! { <a class=class href=href>{label}</a> }.into_any(),
        None => view! { <button type="button" class=class on:click=move |_| ui.press(id)>{label}</button> }
            .into_any(),
    }
}

fn label(action: &Action) -> String {
    if let Some(label) = &action.label {
        return label.clone();
    }
    let key = match &action.kind {
        ActionKind::Provider { name, .. } => return fill(Key::ActionProvider, "name", name),
        ActionKind::Other(name) => return i18n::humanized(name),
        ActionKind::Recover => Key::ActionRecover,
        ActionKind::SignUp => Key::ActionSignUp,
        ActionKind::SignIn => Key::ActionSignIn,
        ActionKind::Unlock => Key::ActionUnlock,
        ActionKind::VerifyOtherwise => Key::ActionVerifyOtherwise,
        ActionKind::EnrollOtherwise => Key::ActionEnrollOtherwise,
        ActionKind::OtherChannel => Key::ActionOtherChannel,
        ActionKind::Skip => Key::ActionSkip,
        ActionKind::Resend => Key::ActionResend,
        ActionKind::Send => Key::ActionSend,
        ActionKind::StartOver => Key::ActionStartOver,
        ActionKind::TryAgain { .. } => Key::ActionTryAgain,
        ActionKind::Back => Key::ActionBack,
    };
    text(key).to_owned()
}
