//! What went wrong and what there is to know, at the top of the screen. Problems of fields are listed with links to them.

use latchkey_core::{
    Screen,
    screen::{ActionId, ActionKind, Level, Notice},
};
use leptos::prelude::*;
use web_sys::MouseEvent;

use super::{
    Ui, focus,
    i18n::{self, Key, text},
};

/// A problem with one field, for the list.
#[derive(Clone, PartialEq)]
struct FieldProblem {
    id: String,
    text: String,
}

/// True where something keeps the person from going on.
pub(super) fn has_problems(ui: Ui) -> bool {
    let is_grave = |notice: &Notice| matches!(notice.level, Level::Error | Level::Warning);
    ui.screen.with_untracked(|screen| screen.notices.iter().any(is_grave)) || !field_problems(ui).is_empty()
}

/// What is wrong with a field now: our complaint if there is one, else what the server said.
pub(super) fn field_problem(ui: Ui, screen: &Screen, name: &str) -> Option<String> {
    let field = screen.field(name)?;
    let ours = ui.complaints.with(|complaints| {
        complaints
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, complaint)| i18n::complaint(field, *complaint))
    });
    ours.or_else(|| field.notices.first().map(|notice| i18n::matter(&notice.matter)))
}

fn field_problems(ui: Ui) -> Vec<FieldProblem> {
    ui.screen.with(|screen| {
        let problem = |(index, field): (usize, &latchkey_core::screen::Field)| {
            let text = field_problem(ui, screen, &field.name)?;
            Some(FieldProblem { id: ui.field_id(index), text })
        };
        screen.fields().enumerate().filter_map(problem).collect()
    })
}

/// The alerts of the current screen.
#[component]
pub(super) fn Alert(
    /// The widget's handle.
    ui: Ui,
) -> impl IntoView {
    let notices = Memo::new(move |_| {
        // What was said about the last attempt is no longer true of a form that was not even sent.
        let has_complaints = ui.complaints.with(|complaints| !complaints.is_empty());
        if has_complaints { Vec::new() } else { ui.screen.with(|screen| screen.notices.clone()) }
    });
    let problems = Memo::new(move |_| field_problems(ui));
    move || {
        let (notices, problems) = (notices.get(), problems.get());
        if notices.is_empty() && problems.is_empty() {
            return None;
        }
        let level = notices.iter().map(|notice| notice.level).min_by_key(|level| gravity(*level));
        let level = if problems.is_empty() { level.unwrap_or(Level::Info) } else { Level::Error };
        let is_grave = gravity(level) < gravity(Level::Success);
        let class = format!("latchkey-alert latchkey-alert--{}", level_name(level));
        Some(view! {
            <div class=class role=if is_grave { "alert" } else { "note" } tabindex="-1" node_ref=ui.alert>
                {notices.is_empty().then(|| view! { <p class="latchkey-alert__text">{text(Key::AlertProblem)}</p> })}
                {notices.iter().map(notice_view).collect_view()}
                {problem_list(ui, problems)}
                {retry(ui)}
            </div>
        })
    }
}

const fn gravity(level: Level) -> u8 {
    match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Success => 2,
        Level::Info => 3,
    }
}

const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Success => "success",
        Level::Info => "info",
    }
}

/// One message with its links.
pub(super) fn notice_view(notice: &Notice) -> impl IntoView + use<> {
    let links = notice.links.iter().map(|link| {
        view! { <li><a class="latchkey-link" href=link.href.clone() rel="noopener noreferrer">{link.label.clone()}</a></li> }
    });
    let links = links.collect_view();
    view! {
        <p class="latchkey-alert__text">{i18n::matter(&notice.matter)}</p>
        {(!links.is_empty()).then(|| view! { <ul class="latchkey-alert__list">{links}</ul> })}
    }
}

fn problem_list(ui: Ui, problems: Vec<FieldProblem>) -> Option<impl IntoView> {
    if problems.is_empty() {
        return None;
    }
    let item = move |problem: FieldProblem| {
        let id = problem.id.clone();
        let go = move |event: MouseEvent| {
            event.prevent_default();
            focus::focus_field(ui, &id);
        };
        view! { <li><a class="latchkey-link" href=format!("#{}", problem.id) on:click=go>{problem.text}</a></li> }
    };
    Some(view! { <ul class="latchkey-alert__list">{problems.into_iter().map(item).collect_view()}</ul> })
}

/// The button that asks again after the network has failed. Inside a form's screen it sends the form as it is now.
fn retry(ui: Ui) -> Option<impl IntoView> {
    let action = ui.screen.with_untracked(|screen| {
        let retries = screen.actions.iter().enumerate().rev();
        retries.into_iter().find_map(|(index, action)| match action.kind {
            ActionKind::TryAgain { with_form } => Some((ActionId(index), with_form)),
            _ => None,
        })
    });
    let (action, with_form) = action?;
    let form_id = ui.id("form");
    Some(if with_form {
        view! {
            <button type="submit" form=form_id class="latchkey-button latchkey-button--secondary latchkey-alert__action">
                {text(Key::ActionTryAgain)}
            </button>
        }
        .into_any()
    } else {
        view! {
            <button
                type="button"
                class="latchkey-button latchkey-button--secondary latchkey-alert__action"
                on:click=move |_| ui.press(action)
            >
                {text(Key::ActionTryAgain)}
            </button>
        }
        .into_any()
    })
}
