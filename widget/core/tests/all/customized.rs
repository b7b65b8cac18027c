//! Answers that a page has changed on their way: ways on with labels of their own, links out of the page, and the same answer
//! given again. To the core they are answers like any other.

use latchkey_core::{
    Config, Input, StartAt,
    io::{Answers, Method},
    screen::{ActionKind, Layout},
};
use serde_json::{Value, json};

use super::dialogue::{Dialogue, config, email_code, form, identify, idx, messages, success};

fn with_ways(ways: &[Value]) -> Value {
    let mut answer = identify();
    answer["remediation"]["value"].as_array_mut().unwrap().extend(ways.iter().cloned());
    answer
}

fn link(name: &str, href: &str) -> Value {
    json!({"name": name, "method": "GET", "href": href, "label": "A label", "target": "_blank"})
}

mod given_links_of_the_page {
    use super::*;

    #[test]
    fn they_are_ways_on_with_their_label_and_their_tab() {
        let dialogue = Dialogue::at(&with_ways(&[link("custom-link-0", "https://help.example.test/")]));
        let action = dialogue.screen().actions.last().unwrap();
        assert_eq!(action.label.as_deref(), Some("A label"));
        assert_eq!(action.href.as_deref(), Some("https://help.example.test/"));
        assert!(action.opens_tab);
    }

    #[test]
    fn known_names_have_the_words_of_the_widget() {
        let ways = ["recover", "unlock-account", "help"].map(|name| link(name, "https://help.example.test/"));
        let dialogue = Dialogue::at(&with_ways(&ways));
        let kinds: Vec<_> = dialogue.screen().actions.iter().map(|action| &action.kind).collect();
        assert!(
            kinds.ends_with(&[&ActionKind::Recover, &ActionKind::Unlock, &ActionKind::Help]),
            "{kinds:?}"
        );
    }

    #[test]
    fn a_link_may_lead_to_a_mailbox_and_never_to_a_program() {
        let ways = [link("help", "mailto:help@example.test"), link("custom-link-0", "javascript:alert(1)")];
        let dialogue = Dialogue::at(&with_ways(&ways));
        let hrefs: Vec<_> =
            dialogue.screen().actions.iter().filter_map(|action| action.href.as_deref()).collect();
        assert_eq!(hrefs, ["mailto:help@example.test"]);
        assert_eq!(dialogue.reports, ["server.forbidden_redirect"]);
    }
}

#[test]
fn a_button_of_the_page_is_a_way_to_sign_in_and_the_same_answer_leaves_the_screen() {
    let button = json!({"name": "custom-button-0", "method": "POST", "href": "/.latchkey-page/button/0", "value": [],
        "type": "custom", "label": "Card"});
    let answer = with_ways(&[button]);
    let mut dialogue = Dialogue::at(&answer);
    let before = dialogue.screen().id;
    let kind = ActionKind::Provider { name: "custom".into(), provider_type: "custom".into() };
    dialogue.presses(&kind);
    assert_eq!(dialogue.sent(), (Method::Post, "/.latchkey-page/button/0", json!({})));
    dialogue.says(200, &answer);
    assert_eq!((dialogue.screen().id, dialogue.screen().is_busy), (before, false));
}

mod given_answers_that_read_differently_now {
    use super::*;

    #[test]
    fn the_same_step_is_fetched_again_and_the_form_stays() {
        let mut dialogue = Dialogue::at(&identify());
        let before = dialogue.screen().id;
        dialogue.input(Input::Refreshed);
        assert_eq!(
            dialogue.sent(),
            (Method::Post, "/idp/idx/introspect", json!({"interactionHandle": "ih-1"}))
        );
        dialogue.says(200, &with_ways(&[link("help", "https://help.example.test/")]));
        assert_eq!(dialogue.screen().id, before);
        assert!(dialogue.screen().actions.iter().any(|action| action.kind == ActionKind::Help));
    }

    #[test]
    fn an_end_is_left_alone() {
        let end = json!({"version": "1.0.0", "messages": messages("k", "The end", "INFO")});
        for last in [end, success()] {
            let mut dialogue = Dialogue::at(&identify());
            dialogue.types("identifier", "pat");
            dialogue.says(200, &last);
            let before = dialogue.requests.len();
            dialogue.input(Input::Refreshed);
            assert_eq!(dialogue.requests.len(), before);
        }
    }
}

#[test]
fn unlocking_begins_where_the_page_asks_for_it() {
    let mut dialogue = Dialogue::with(Config { start_at: StartAt::UnlockAccount, ..config() }, None);
    dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
    dialogue.says(200, &with_ways(&[form("unlock-account", "unlock-account", json!([]))]));
    assert_eq!(dialogue.sent().1, "/idp/idx/unlock-account");
    let unlock =
        form("unlock-account", "unlock-account", json!([{"name": "identifier", "label": "Username"}]));
    dialogue.says(200, &idx(&[unlock], json!({})));
    assert!(matches!(dialogue.screen().layout, Layout::Choice(_)));
}

mod given_the_state_of_a_mailed_link {
    use super::*;

    fn resumed(state: &str) -> Dialogue {
        let mut first = Dialogue::with(Config { state: Some("st-1".into()), ..config() }, None);
        first.says(200, &json!({"interaction_handle": "ih-1"}));
        first.says(200, &email_code());
        Dialogue::with(Config { state: Some(state.to_owned()), ..config() }, first.saved)
    }

    #[test]
    fn the_sign_in_that_has_it_goes_on() {
        assert_eq!(resumed("st-1").sent().1, "/idp/idx/introspect");
    }

    #[test]
    fn no_other_does() {
        assert_eq!(resumed("st-2").sent().1, "/oauth2/default/v1/interact");
    }
}

#[test]
fn a_form_that_was_opened_stays_open_when_its_answer_comes_first() {
    let mut unlock = form("unlock-account", "unlock", json!([{"name": "identifier", "label": "Username"}]));
    let mut dialogue = Dialogue::at(&with_ways(&[unlock.clone()]));
    dialogue.presses(&ActionKind::Unlock);
    let before = dialogue.screen().id;
    dialogue.does(Answers::new().with_text("identifier", "pat"));
    unlock["value"][0]["messages"] = messages("k", "Not you", "ERROR");
    let mut again = with_ways(&[]);
    again["remediation"]["value"].as_array_mut().unwrap().insert(0, unlock);
    dialogue.says(400, &again);
    assert_eq!(dialogue.screen().id, before, "what was typed stays");
    assert_eq!(dialogue.screen().field("identifier").unwrap().notices.len(), 1);
}
