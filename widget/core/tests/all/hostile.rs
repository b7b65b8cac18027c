//! A server, or somebody in its place, that means harm: nothing panics, no screen is empty, no password leaves.

use latchkey_core::screen::{ActionKind, Matter};
use serde_json::{Value, json};

use super::dialogue::*;

const PASSWORD: &str = "correct horse battery staple";

/// Every way in which one member of an answer can be wrong.
fn wrong_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("<img src=x onerror=alert(1)>"),
        json!("javascript:alert(1)"),
        json!("https://evil.test/idp/idx/x"),
        json!([]),
        json!([[[[]]]]),
        json!({}),
        json!({"value": {"value": {"form": 7}}}),
        json!("x".repeat(20_000)),
    ]
}

/// Paths of all members and elements, outermost first.
fn paths(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, inner)| {
            let path = format!("{at}/{name}");
            out.push(path.clone());
            paths(inner, &path, out);
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(i, inner)| {
            let path = format!("{at}/{i}");
            out.push(path.clone());
            paths(inner, &path, out);
        }),
        _ => {}
    }
}

/// A person can always do something, and nothing goes to another origin.
fn assert_usable(dialogue: &mut Dialogue, what: &str) {
    let screen = dialogue.screen().clone();
    let has_way_on = screen.form.is_some() || !screen.actions.is_empty() || !dialogue.timers.is_empty();
    let is_over = dialogue.outcome.is_some() || screen.is_busy;
    assert!(has_way_on || is_over, "nothing to do on {what}: {screen:?}");
    dialogue.types("credentials.passcode", PASSWORD);
    for request in dialogue.requests.iter().chain(&dialogue.notified) {
        assert!(request.url.starts_with("https://id.example.test/"), "{what}: sent to {}", request.url);
    }
    for href in screen.actions.iter().filter_map(|action| action.href.as_ref()).chain(&dialogue.navigated) {
        assert!(href.starts_with("http"), "{what}: leads to {href}");
    }
    for link in screen.notices.iter().flat_map(|notice| &notice.links) {
        assert!(
            link.href.starts_with("http") || link.href.starts_with("mailto:"),
            "{what}: links to {}",
            link.href
        );
    }
}

#[test]
fn each_member_of_each_answer_may_be_anything_or_missing() {
    for answer in [identify(), password(), email_code(), success()] {
        let mut all = Vec::new();
        paths(&answer, "", &mut all);
        for path in all {
            for wrong in wrong_values() {
                let mut hostile = answer.clone();
                *hostile.pointer_mut(&path).unwrap() = wrong.clone();
                let what = format!("{path} = {}", wrong.to_string().chars().take(40).collect::<String>());
                assert_usable(&mut Dialogue::at(&hostile), &what);
            }
            let mut without = answer.clone();
            let (parent, name) = path.rsplit_once('/').unwrap();
            if let Some(members) = without.pointer_mut(parent).and_then(Value::as_object_mut) {
                members.remove(name);
                assert_usable(&mut Dialogue::at(&without), &format!("without {path}"));
            }
        }
    }
}

#[test]
fn a_form_for_another_origin_is_refused_and_said_so() {
    for href in [
        "https://evil.test/x",
        "//evil.test/x",
        "https://id.example.test@evil.test/x",
        "javascript:alert(1)",
        "http://id.example.test/x",
    ] {
        let mut hostile = password();
        hostile["remediation"]["value"][0]["href"] = json!(href);
        let mut dialogue = Dialogue::at(&hostile);
        assert_eq!(
            (dialogue.says_first().as_str(), dialogue.reports.as_slice()),
            ("Refused", &["server.foreign_href"][..])
        );
        assert!(dialogue.screen().form.is_none());
        dialogue.types("credentials.passcode", PASSWORD);
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    }
}

#[test]
fn an_action_for_another_origin_is_left_out_and_reported() {
    let mut hostile = password();
    hostile["currentAuthenticatorEnrollment"]["value"]["recover"]["href"] =
        json!("https://evil.test/recover");
    let dialogue = Dialogue::at(&hostile);
    assert!(!dialogue.screen().actions.iter().any(|action| action.kind == ActionKind::Recover));
    assert_eq!(dialogue.reports, ["server.foreign_href"]);
}

#[test]
fn a_redirect_leads_to_the_web_and_nowhere_else() {
    let redirect = |href: &str| json!({"version": "1.0.0", "success": {"href": href}});
    let lands = |href: &str| {
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
        dialogue.says(200, &redirect(href));
        dialogue
    };
    for href in ["javascript:alert(1)", "data:text/html,x", "java\tscript:alert(1)", "other.app:/x"] {
        let dialogue = lands(href);
        assert_eq!(
            (dialogue.navigated.len(), dialogue.reports.as_slice()),
            (0, &["server.forbidden_redirect"][..]),
            "{href}"
        );
    }
    assert_eq!(lands("https://app.example.test/done").navigated, ["https://app.example.test/done"]);
}

#[test]
fn links_in_messages_are_only_those_that_may_be() {
    let mut hostile = identify();
    hostile["messages"] = json!({"value": [{"message": "Read this", "class": "ERROR", "links": [
        {"label": "bad", "url": "javascript:alert(1)"}, {"label": "good", "url": "https://help.example.test/"}]}]});
    let dialogue = Dialogue::at(&hostile);
    let links: Vec<_> = dialogue.screen().notices[0].links.iter().map(|link| link.label.as_str()).collect();
    assert_eq!(links, ["good"]);
}

#[test]
fn bodies_that_are_no_json_or_far_too_deep_are_survived() {
    let deep = "[".repeat(100_000);
    for body in ["", "null", "[]", "\u{0}", "{\"version\":", deep.as_str(), "<html></html>"] {
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.says_text(200, body);
        assert_usable(&mut dialogue, "interact");
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
        dialogue.says_text(200, body);
        assert_usable(&mut dialogue, "introspect");
        assert!(matches!(dialogue.screen().notices[0].matter, Matter::ServerFailed), "{body:.20}");
    }
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let mut dialogue = Dialogue::at(&password());
    dialogue.types("credentials.passcode", PASSWORD);
    let printed = format!("{:?} {:?} {:?}", dialogue.flow, dialogue.requests, dialogue.screen());
    assert!(!printed.contains(PASSWORD));
    let verifier =
        serde_json::from_str::<Value>(dialogue.saved.as_deref().unwrap()).unwrap()["codeVerifier"].clone();
    assert!(!printed.contains(verifier.as_str().unwrap()));
}
