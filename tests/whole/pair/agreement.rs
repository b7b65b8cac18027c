//! The contract between the two sides, checked on every answer of every story: whatever the server says can be read,
//! nothing of it is lost on the way to the screen, and every form leads back to the server.

use std::collections::BTreeSet;

use latchkey_core::{
    Screen,
    screen::{ActionKind, Matter, Notice},
};
use serde_json::Value;

use super::world::SERVER_ORIGIN;

/// What both sides have agreed on so far.
#[derive(Default)]
pub(crate) struct Agreement {
    /// The names of the remediations that have come by.
    pub(crate) met: BTreeSet<String>,
}

impl Agreement {
    /// One answer, and the screen that the core made of it.
    pub(crate) fn check(&mut self, status: u16, answer: &Value, screen: &Screen) {
        assert!(matches!(status, 200 | 400 | 401 | 409 | 429), "{status}: {answer}");
        every_address_is_the_servers(answer);
        let remediations = elements(&answer["remediation"]);
        self.met.extend(remediations.iter().map(|remediation| text(remediation, "name").to_owned()));
        // The last answer has no remediation: it ends the transaction, and the screen is another's.
        let Some(primary) = remediations.first() else { return };
        assert_eq!(screen.step, text(primary, "name"));
        every_field_is_drawn(primary, screen);
        if status != 429 {
            every_message_is_told(answer, screen);
        }
        for other in remediations.iter().skip(1) {
            is_offered(text(other, "name"), screen);
        }
        for holder in ["currentAuthenticator", "currentAuthenticatorEnrollment"] {
            for action in ["recover", "resend"] {
                if answer[holder]["value"].get(action).is_some() {
                    is_offered(action, screen);
                }
            }
        }
    }
}

fn every_address_is_the_servers(value: &Value) {
    if let Some(href) = value.get("href") {
        let ours = [format!("{SERVER_ORIGIN}/"), "data:image/".to_owned()];
        let is_ours = href.as_str().is_some_and(|href| ours.iter().any(|start| href.starts_with(start)));
        assert!(is_ours, "{href} leads away from the issuer");
    }
    match value {
        Value::Object(members) => members.values().for_each(every_address_is_the_servers),
        Value::Array(elements) => elements.iter().for_each(every_address_is_the_servers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Each field that is to be seen is there under its path, with everything that the server said about it.
fn every_field_is_drawn(form: &Value, screen: &Screen) {
    each_leaf(&form["value"], "", &mut |path, said| {
        let field = screen.field(path).unwrap_or_else(|| panic!("`{path}` is not on {screen:?}"));
        assert_eq!(field.label.as_deref(), said["label"].as_str(), "label of `{path}`");
        assert_eq!(field.is_required, said["required"] == true, "`{path}` is required");
        assert_eq!(field.max_length.map(u64::from), said["maxLength"].as_u64(), "length of `{path}`");
        assert_eq!(field.min_length.map(u64::from), said["minLength"].as_u64(), "length of `{path}`");
        assert_eq!(texts(&field.notices), messages(said), "messages of `{path}`");
    });
}

/// Visits the fields that a person fills in, each with its dotted path.
fn each_leaf(fields: &Value, prefix: &str, visit: &mut dyn FnMut(&str, &Value)) {
    for field in fields.as_array().into_iter().flatten() {
        if field["visible"] == false || field["mutable"] == false {
            continue;
        }
        let path = format!("{prefix}{}", text(field, "name"));
        match field.get("form") {
            Some(form) => each_leaf(&form["value"], &format!("{path}."), visit),
            None => visit(&path, field),
        }
    }
}

fn every_message_is_told(answer: &Value, screen: &Screen) {
    let told = texts(&screen.notices);
    for message in messages(answer) {
        assert!(told.contains(&message), "{message:?} is not told by {:?}", screen.notices);
    }
}

/// Each way on is one that the person can take.
fn is_offered(name: &str, screen: &Screen) {
    let kind = match name {
        "select-enroll-profile" => ActionKind::SignUp,
        "select-identify" => ActionKind::SignIn,
        "select-authenticator-authenticate" => ActionKind::VerifyOtherwise,
        "select-authenticator-enroll" => ActionKind::EnrollOtherwise,
        "skip" => ActionKind::Skip,
        "unlock-account" => ActionKind::Unlock,
        "recover" => ActionKind::Recover,
        "resend" => ActionKind::Resend,
        unknown => panic!("`{unknown}` is new: say here how it is offered"),
    };
    assert!(screen.actions.iter().any(|action| action.kind == kind), "{kind:?} is not on {screen:?}");
}

fn elements(list: &Value) -> &[Value] {
    list["value"].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {value}"))
}

/// The server's messages about a whole answer or one field.
fn messages(holder: &Value) -> Vec<String> {
    elements(&holder["messages"]).iter().map(|message| text(message, "message").to_owned()).collect()
}

/// The server's words among notices.
fn texts(notices: &[Notice]) -> Vec<String> {
    let server = |notice: &Notice| match &notice.matter {
        Matter::Server { text, .. } => Some(text.clone()),
        _ => None,
    };
    notices.iter().filter_map(server).collect()
}

/// The rules above hold today, so each is shown to be one.
mod given_a_server_that_breaks_the_contract {
    use latchkey_core::screen::{Action, Form, Layout, Level};
    use serde_json::json;

    use super::*;

    fn screen() -> Screen {
        Screen {
            step: "identify".into(),
            layout: Layout::Identify,
            form: Some(Form::default()),
            actions: vec![Action {
                kind: ActionKind::SignUp,
                label: None,
                href: None,
                opens_tab: false,
                ready_at: None,
            }],
            ..Screen::default()
        }
    }

    fn check(answer: Value) {
        Agreement::default().check(200, &answer, &screen());
    }

    fn with_remediations(remediations: Value) -> Value {
        json!({ "remediation": { "value": remediations } })
    }

    #[test]
    fn what_is_agreed_on_passes() {
        check(with_remediations(json!([{ "name": "identify" }, { "name": "select-enroll-profile" }])));
    }

    #[test]
    #[should_panic(expected = "leads away from the issuer")]
    fn an_address_of_somebody_else_is_noticed_however_deep() {
        check(json!({ "user": [{ "any": { "href": "http://localhost:4401.evil.example/" } }] }));
    }

    #[test]
    #[should_panic(expected = "`identifier` is not on")]
    fn a_field_that_is_not_drawn_is_noticed() {
        check(with_remediations(json!([{ "name": "identify", "value": [{ "name": "identifier" }] }])));
    }

    #[test]
    #[should_panic(expected = "\"Careful\" is not told")]
    fn a_message_that_is_not_told_is_noticed() {
        let mut answer = with_remediations(json!([{ "name": "identify" }]));
        answer["messages"] = json!({ "value": [{ "message": "Careful" }] });
        check(answer);
    }

    #[test]
    #[should_panic(expected = "Recover is not on")]
    fn a_way_on_that_is_not_offered_is_noticed() {
        let mut answer = with_remediations(json!([{ "name": "identify" }]));
        answer["currentAuthenticator"] = json!({ "value": { "recover": {} } });
        check(answer);
    }

    #[test]
    fn our_own_words_are_not_taken_for_the_servers() {
        assert!(texts(&[Notice::own(Level::Error, Matter::Unreachable)]).is_empty());
    }
}
