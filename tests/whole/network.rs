//! The network fails, or somebody stands in it.

use latchkey_core::{
    Config,
    screen::{ActionKind, Layout, NewPassword},
};

use crate::pair::{EMAIL, Network, PASSCODE, PASSWORD, Pair, options};

const RETRY_FORM: ActionKind = ActionKind::TryAgain { with_form: true };
const RETRY: ActionKind = ActionKind::TryAgain { with_form: false };

mod given_a_network_that_is_down {
    use super::*;

    #[test]
    fn the_form_keeps_what_was_typed_and_sends_it_again() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        let screen = pair.screen().id;
        pair.network = Network::Down;
        pair.types(PASSCODE, PASSWORD);
        assert_eq!((pair.screen().id, pair.says()), (screen, vec!["Unreachable".to_owned()]));
        assert_eq!(pair.reports(), ["network.unreachable"]);
        pair.network = Network::Up;
        pair.presses(RETRY_FORM);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn failing_again_says_it_again() {
        let mut pair = Pair::new();
        pair.network = Network::Down;
        pair.types("identifier", EMAIL);
        pair.presses(RETRY_FORM);
        assert_eq!(pair.says(), ["Unreachable"]);
        assert_eq!(pair.reports(), ["network.unreachable"; 2]);
    }

    #[test]
    fn a_link_is_pressed_again_as_it_was() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Down;
        pair.presses(ActionKind::Recover);
        pair.network = Network::Up;
        pair.presses(RETRY);
        assert_eq!((pair.layout(), pair.world.mails().len()), (Layout::Code, 1));
        assert_eq!(pair.reports(), ["network.unreachable"]);
    }

    #[test]
    fn failing_before_the_tokens_one_begins_anew() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Slow;
        pair.types(PASSCODE, PASSWORD);
        pair.answers_arrive_and_then(Network::Down);
        assert_eq!((pair.says(), pair.outcome().is_none()), (vec!["Unreachable".to_owned()], true));
        assert_eq!(pair.reports(), ["network.unreachable"]);
        pair.network = Network::Up;
        // The code was for this page only, and it is not kept.
        pair.presses(RETRY);
        pair.signs_in(EMAIL, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn a_page_that_never_reached_the_server_can_try_again() {
        let mut pair = Pair::not_loaded(options(), "");
        pair.network = Network::Down;
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.says()), (Layout::Message, vec!["Unreachable".to_owned()]));
        pair.network = Network::Up;
        pair.presses(RETRY);
        assert_eq!((pair.layout(), pair.reports()), (Layout::Identify, vec!["network.unreachable"]));
    }

    #[test]
    fn a_reload_loses_nothing() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Down;
        pair.loads_the_page();
        assert_eq!(pair.reports(), ["network.unreachable"]);
        pair.network = Network::Up;
        pair.presses(RETRY);
        assert_eq!(pair.layout(), Layout::Password);
    }
}

mod given_an_answer_that_is_lost {
    use super::*;

    #[test]
    fn trying_again_after_the_last_step_starts_over_and_says_why() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::LosingAnswers;
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.reports(), ["network.timed_out"]);
        pair.network = Network::Up;
        // The transaction has ended with a code that nobody has heard of.
        pair.presses(RETRY_FORM);
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, vec!["StartedOver".to_owned()]));
        assert_eq!(pair.field("identifier").value.as_deref(), Some(EMAIL));
        pair.submits();
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn trying_again_in_the_middle_gets_to_where_the_server_is() {
        let mut pair = Pair::new();
        pair.network = Network::LosingAnswers;
        pair.types("identifier", EMAIL);
        assert_eq!(pair.reports(), ["network.timed_out"]);
        pair.network = Network::Up;
        pair.presses(RETRY_FORM);
        assert_eq!((pair.layout(), pair.says()), (Layout::Password, vec![MOVED_ON.to_owned()]));
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    /// A code that the server took, but whose answer was lost, was once read as the answer to the next question: with lax
    /// rules it became the new password.
    #[test]
    fn a_code_that_is_sent_again_is_not_taken_for_the_new_password() {
        let rules = "[policy.password]\nmin_length = 6\nmin_lower_case = 0\nmin_upper_case = 0";
        let mut pair = Pair::with_policy(rules);
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::Recover);
        let code = pair.code_from_mail();
        pair.network = Network::LosingAnswers;
        pair.types(PASSCODE, &code);
        assert_eq!(pair.reports(), ["network.timed_out"]);
        pair.network = Network::Up;
        pair.presses(RETRY_FORM);
        assert!(pair.outcome().is_none());
        assert_eq!(pair.layout(), Layout::NewPassword(NewPassword::Reset));
        assert_eq!((pair.says(), pair.says_at(PASSCODE)), (vec![MOVED_ON.to_owned()], Vec::new()));
    }
}

const MOVED_ON: &str = "This page has moved on in the meantime.";

mod given_a_page_of_somebody_else {
    use super::*;

    #[test]
    fn it_gets_nothing_and_the_server_does_nothing() {
        let mut pair = Pair::not_loaded(options(), "");
        pair.is_embedded_at("http://evil.example");
        pair.loads_the_page();
        assert_eq!(
            (pair.says(), pair.reports()),
            (vec!["Unreachable".to_owned()], vec!["network.unreachable"])
        );
        assert!(pair.storage.is_empty());
    }

    #[test]
    fn a_handle_that_it_has_stolen_is_of_no_use() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.is_embedded_at("http://evil.example");
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.screen().person.is_none()), (Layout::Message, true));
        assert_eq!(pair.reports(), ["network.unreachable"]);
    }
}

mod given_a_page_that_is_not_set_up {
    use super::*;

    fn refused(config: Config) {
        let mut pair = Pair::with(config, "");
        assert_eq!((pair.layout(), pair.says()), (Layout::Message, vec!["NotSetUp".to_owned()]));
        assert_eq!(pair.reports(), ["setup.interact_refused"]);
    }

    #[test]
    fn an_unknown_client_is_refused() {
        refused(Config { client_id: "nobody".into(), ..options() });
    }

    #[test]
    fn an_address_that_is_not_registered_is_refused() {
        refused(Config { redirect_uri: "http://localhost:4400/elsewhere".into(), ..options() });
    }

    #[test]
    fn an_unknown_scope_is_refused() {
        refused(Config { scopes: vec!["openid".into(), "everything".into()], ..options() });
    }
}

mod given_somebody_who_changes_answers {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_password_leaves_for_another_origin() {
        let mut pair = Pair::new();
        pair.interferes(|path, answer| {
            if path.ends_with("/identify") {
                answer["remediation"]["value"][0]["href"] =
                    json!("http://evil.example/idp/idx/challenge/answer");
            }
        });
        pair.types("identifier", EMAIL);
        assert_eq!((pair.layout(), pair.says()), (Layout::Message, vec!["Refused".to_owned()]));
        assert_eq!(pair.reports(), ["server.foreign_href"]);
    }
}
