//! Somebody who has an account signs in.

use latchkey_core::screen::{ActionKind, Layout, Purpose};

use crate::pair::{EMAIL, Network, PASSCODE, PASSWORD, Pair};

const BOTH_AT_ONCE: &str = "[policy]\nidentifier_first = false";

#[test]
fn the_identifier_first_and_the_password_on_the_next_page() {
    let mut pair = Pair::new();
    assert_eq!(pair.layout(), Layout::Identify);
    assert_eq!(pair.screen().application.as_deref(), Some("Demo app"));
    pair.types("identifier", EMAIL);
    assert_eq!((pair.layout(), pair.screen().person.as_deref()), (Layout::Password, Some(EMAIL)));
    pair.types(PASSCODE, PASSWORD);
    assert_eq!((pair.layout(), pair.claim("email").as_str()), (Layout::Done, Some(EMAIL)));
    assert_eq!(pair.claim("name"), "Pat Example");
}

#[test]
fn identifier_and_password_on_one_page() {
    let mut pair = Pair::with_policy(BOTH_AT_ONCE);
    let purposes: Vec<_> = pair.screen().fields().iter().map(|field| field.purpose).collect();
    assert_eq!(purposes, [Purpose::Username, Purpose::CurrentPassword]);
    pair.fills("identifier", EMAIL);
    pair.types(PASSCODE, PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn a_code_by_mail_instead_of_the_password() {
    let mut pair = Pair::new();
    pair.types("identifier", EMAIL);
    pair.presses(ActionKind::VerifyOtherwise);
    pair.picks("authenticator", "Email");
    assert_eq!(pair.layout(), Layout::Code);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    assert_eq!(pair.claim("amr"), &serde_json::json!(["otp"]));
}

#[test]
fn an_address_is_the_same_in_capitals_and_between_spaces() {
    let mut pair = Pair::new();
    pair.signs_in("  Pat@Example.COM ", PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn the_access_token_opens_userinfo() {
    let mut pair = Pair::new();
    pair.signs_in(EMAIL, PASSWORD);
    let token = pair.tokens().access_token.expose().clone();
    assert_eq!(pair.world.userinfo(&token)["name"], "Pat Example");
}

#[test]
fn once_it_is_over_nothing_is_kept() {
    let mut pair = Pair::new();
    assert_eq!(pair.storage.len(), 1);
    pair.signs_in(EMAIL, PASSWORD);
    assert!(pair.storage.is_empty(), "{:?}", pair.storage);
}

mod given_a_person_in_a_hurry {
    use super::*;

    #[test]
    fn sending_twice_is_one_request() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Slow;
        pair.types(PASSCODE, PASSWORD);
        assert!(pair.screen().is_busy);
        pair.submits();
        pair.answers_arrive();
        assert_eq!(pair.claim("email"), EMAIL);
        let answers = pair.requests.iter().filter(|path| path.ends_with("/challenge/answer"));
        assert_eq!(answers.count(), 1);
    }

    #[test]
    fn a_link_that_is_pressed_while_the_form_is_under_way_does_nothing() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Slow;
        pair.types(PASSCODE, "Wrong-Horse-42");
        pair.presses(ActionKind::Recover);
        pair.answers_arrive();
        assert_eq!(pair.layout(), Layout::Password);
        assert!(pair.world.mails().is_empty());
    }
}

mod given_a_person_who_cancels {
    use super::*;

    #[test]
    fn it_begins_anew_and_works() {
        let mut pair = Pair::new();
        pair.types("identifier", "somebody.else@example.com");
        pair.presses(ActionKind::StartOver);
        assert!(pair.requests.contains(&"/idp/idx/cancel".to_owned()));
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, Vec::new()));
        pair.signs_in(EMAIL, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn the_answer_that_was_cancelled_is_worth_nothing() {
        let mut pair = Pair::new();
        let before = pair.storage.clone();
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::StartOver);
        // Somebody who kept the first handle gets to the first page and not to where the person has been.
        pair.storage = before;
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.screen().person.as_deref()), (Layout::Identify, None));
    }
}
