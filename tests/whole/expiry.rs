//! Time runs out.

use latchkey_core::screen::{ActionKind, Layout};

use crate::pair::{EMAIL, Network, PASSCODE, PASSWORD, Pair};

const MINUTE: i64 = 60;

mod given_an_expired_transaction {
    use super::*;

    /// On the password page, an hour too late.
    fn answered_too_late() -> Pair {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.advance(60 * MINUTE);
        pair.types(PASSCODE, PASSWORD);
        pair
    }

    #[test]
    fn answering_starts_over_says_why_and_keeps_the_identifier() {
        let pair = answered_too_late();
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, vec!["StartedOver".to_owned()]));
        assert_eq!(pair.field("identifier").value.as_deref(), Some(EMAIL));
    }

    #[test]
    fn from_there_it_goes_on_as_ever() {
        let mut pair = answered_too_late();
        pair.submits();
        assert_eq!((pair.layout(), pair.says()), (Layout::Password, Vec::new()));
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn a_second_before_it_still_works() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.advance(60 * MINUTE - 1);
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn a_page_that_is_loaded_again_begins_anew_and_says_why() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.advance(60 * MINUTE);
        pair.loads_the_page();
        assert_eq!((pair.layout(), pair.says()), (Layout::Identify, vec!["StartedOver".to_owned()]));
        pair.signs_in(EMAIL, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }
}

mod given_an_expired_code {
    use super::*;

    #[test]
    fn it_says_so_and_another_works() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::Recover);
        let code = pair.code_from_mail();
        pair.advance(10 * MINUTE);
        pair.types(PASSCODE, &code);
        assert_eq!(pair.says_at(PASSCODE), ["This code cannot be used any more. Ask for a new one."]);
        pair.presses(ActionKind::Resend);
        assert_eq!(pair.says_at(PASSCODE), Vec::<String>::new());
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        assert!(matches!(pair.layout(), Layout::NewPassword(_)));
    }

    #[test]
    fn an_interaction_code_that_took_too_long_is_refused_and_one_can_begin_anew() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        pair.network = Network::Slow;
        pair.types(PASSCODE, PASSWORD);
        pair.advance(MINUTE);
        pair.answers_arrive();
        assert_eq!(
            (pair.reports(), pair.says()),
            (vec!["server.token_refused"], vec!["NotAccepted".to_owned()])
        );
        pair.presses(ActionKind::StartOver);
        pair.signs_in(EMAIL, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }
}
