//! The page is loaded again in the middle, or the server is started again.

use latchkey_core::{
    Config, StartAt,
    screen::{ActionKind, Layout},
};
use serde_json::Value;

use crate::pair::{EMAIL, Network, PASSCODE, PASSWORD, Pair, options};

mod given_a_page_that_is_loaded_again {
    use super::*;

    #[test]
    fn it_goes_on_with_the_password() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.screen().person.as_deref()), (Layout::Password, Some(EMAIL)));
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn the_code_that_was_mailed_is_still_the_right_one() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::Recover);
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.world.mails().len()), (Layout::Code, 1));
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        pair.loads_the_page();
        pair.types(PASSCODE, "Battery-Staple-77");
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn it_goes_on_where_the_server_is_and_not_where_the_page_was() {
        let mut pair = Pair::new();
        pair.network = Network::Slow;
        pair.types("identifier", EMAIL);
        pair.network = Network::Up;
        pair.loads_the_page();
        assert_eq!(pair.layout(), Layout::Password);
    }

    #[test]
    fn after_the_end_it_begins_anew() {
        let mut pair = Pair::new();
        pair.signs_in(EMAIL, PASSWORD);
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, Vec::new()));
    }

    #[test]
    fn a_code_that_was_on_its_way_is_lost_and_it_begins_anew() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Slow;
        pair.types(PASSCODE, PASSWORD);
        pair.network = Network::Up;
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, vec!["StartedOver".to_owned()]));
    }

    #[test]
    fn another_page_of_the_site_does_not_take_it_over() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.goes_to_a_page_with(Config { start_at: StartAt::Signup, ..options() });
        assert_eq!(pair.layout(), Layout::Profile);
        pair.goes_to_a_page_with(options());
        assert_eq!(pair.layout(), Layout::Password);
    }

    #[test]
    fn what_somebody_else_left_in_the_storage_is_passed_over() {
        let mut pair = Pair::new();
        pair.storage.values_mut().for_each(|saved| *saved = r#"{"interactionHandle":7}"#.to_owned());
        pair.loads_the_page();
        assert_eq!(pair.layout(), Layout::Identify);
        pair.signs_in(EMAIL, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn only_verifier_state_nonce_and_handle_are_kept() {
        let mut pair = Pair::new();
        pair.signs_in(EMAIL, "Wrong-Horse-42");
        let saved: Value = serde_json::from_str(pair.storage.values().next().unwrap()).unwrap();
        let members: Vec<_> = saved.as_object().unwrap().keys().collect();
        assert_eq!(members, ["codeVerifier", "interactionHandle", "nonce", "state"]);
        assert!(!saved.to_string().contains(EMAIL));
    }
}

mod given_a_server_that_is_started_again {
    use super::*;

    #[test]
    fn the_page_goes_on_as_if_nothing_had_been() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.world.restart();
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn codes_are_still_right_and_new_passwords_still_hold() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::Recover);
        pair.world.restart();
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        pair.world.restart();
        pair.types(PASSCODE, "Battery-Staple-77");
        pair.world.restart();
        pair.opens_a_new_tab();
        pair.signs_in(EMAIL, "Battery-Staple-77");
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn wrong_attempts_are_not_forgotten() {
        let mut pair = Pair::with_policy("[policy.attempts]\nper_account = 1");
        pair.signs_in(EMAIL, "Wrong-Horse-42");
        pair.world.restart();
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.says(), ["TooMany { seconds: Some(900) }"]);
    }

    #[test]
    fn a_token_of_before_is_still_good() {
        let mut pair = Pair::new();
        pair.signs_in(EMAIL, PASSWORD);
        pair.world.restart();
        let token = pair.tokens().access_token.expose().clone();
        assert_eq!(pair.world.userinfo(&token)["email"], EMAIL);
    }
}
