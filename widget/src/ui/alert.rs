//! What went wrong and what there is to know, at the top of the screen. Problems of fields are listed with links to them.

use latchkey_core::{
    Screen,
    screen::{ActionId, ActionKind, Level, Link, Notice},
};
use leptos::prelude::*;

use super::{
    Ui,
    element::{El, el, text_el},
    focus,
    i18n::{self, Key, text},
};

/// A problem with one field, for the list.
#[derive(PartialEq)]
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
        let mut problems: Vec<FieldProblem> = Vec::new();
        for (index, field) in screen.fields().into_iter().enumerate() {
            let Some(text) = field_problem(ui, screen, &field.name) else { continue };
            // Two alternatives may have a field of one name; it is one problem.
            if !problems.iter().any(|known| known.text == text) {
                problems.push(FieldProblem { id: ui.field_id(index), text });
            }
        }
        problems
    })
}

/// What the alert is drawn from.
#[derive(PartialEq)]
struct Content {
    notices: Vec<Notice>,
    problems: Vec<FieldProblem>,
    retry: Option<(ActionId, bool)>,
}

fn content(ui: Ui) -> Content {
    // What was said about the last attempt is no longer true of a form that was not even sent.
    let has_complaints = ui.complaints.with(|complaints| !complaints.is_empty());
    let notices = if has_complaints { Vec::new() } else { ui.screen.with(|screen| screen.notices.clone()) };
    Content { notices, problems: field_problems(ui), retry: ui.screen.with(|shown| retry_of(shown)) }
}

/// The alert of the current screen, drawn anew only when it has something else to say.
pub(super) fn draw(ui: Ui) -> El {
    el("div").live_children(
        move || content(ui),
        move |content| {
            if content.notices.is_empty() && content.problems.is_empty() {
                Vec::new()
            } else {
                vec![alert(ui, content)]
            }
        },
    )
}

fn alert(ui: Ui, content: &Content) -> El {
    let level = content.notices.iter().map(|notice| notice.level).min_by_key(|level| gravity(*level));
    let level = if content.problems.is_empty() { level.unwrap_or(Level::Info) } else { Level::Error };
    let is_grave = gravity(level) < gravity(Level::Success);
    let title =
        content.notices.is_empty().then(|| text_el("p", "latchkey-alert__text", text(Key::AlertProblem)));
    el("div")
        .class(&format!("latchkey-alert latchkey-alert--{}", level_name(level)))
        .attr("role", if is_grave { "alert" } else { "note" })
        .attr("tabindex", "-1")
        .maybe(title)
        .children(content.notices.iter().flat_map(notice).collect())
        .maybe(problem_list(ui, &content.problems))
        .maybe(content.retry.map(|retry| retry_button(ui, retry)))
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
fn notice(notice: &Notice) -> Vec<El> {
    let link = |link: &Link| {
        let anchor = text_el("a", "latchkey-link", &link.label).attr("href", &link.href);
        el("li").child(anchor.attr("rel", "noopener noreferrer"))
    };
    // An address alone is nothing to read: the sentence is the link.
    if let [only] = notice.links.as_slice()
        && only.label == only.href
    {
        let anchor = text_el("a", "latchkey-link", &i18n::matter(&notice.matter)).attr("href", &only.href);
        return vec![el("p").class("latchkey-alert__text").child(anchor.attr("rel", "noopener noreferrer"))];
    }
    let links: Vec<El> = notice.links.iter().map(link).collect();
    let mut drawn = vec![text_el("p", "latchkey-alert__text", &i18n::matter(&notice.matter))];
    if !links.is_empty() {
        drawn.push(el("ul").class("latchkey-alert__list").children(links));
    }
    drawn
}

fn problem_list(ui: Ui, problems: &[FieldProblem]) -> Option<El> {
    let item = |problem: &FieldProblem| {
        let (id, href) = (problem.id.clone(), format!("#{}", problem.id));
        let link =
            text_el("a", "latchkey-link", &problem.text).attr("href", &href).on("click", move |event| {
                event.prevent_default();
                focus::focus_field(ui, &id);
            });
        el("li").child(link)
    };
    let items: Vec<El> = problems.iter().map(item).collect();
    (!items.is_empty()).then(|| el("ul").class("latchkey-alert__list").children(items))
}

fn retry_of(screen: &Screen) -> Option<(ActionId, bool)> {
    screen.actions.iter().enumerate().rev().find_map(|(index, action)| match action.kind {
        ActionKind::TryAgain { with_form } => Some((ActionId(index), with_form)),
        _ => None,
    })
}

/// The button that asks again after the network has failed. Beside a form it sends the form as it is now.
fn retry_button(ui: Ui, (action, with_form): (ActionId, bool)) -> El {
    let class = "latchkey-button latchkey-button--secondary latchkey-alert__action";
    let button = text_el("button", class, text(Key::ActionTryAgain));
    if with_form {
        return button.attr("type", "submit").attr("form", &ui.id("form"));
    }
    button.attr("type", "button").on("click", move |_| ui.press(action))
}
