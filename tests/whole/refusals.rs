//! What was typed is not right.

use latchkey_core::screen::{ActionKind, Layout, Level, Screen};

use crate::pair::{EMAIL, PASSCODE, PASSWORD, Pair};

const WRONG: &str = "Wrong-Horse-42";
const NEW_PASSWORD: &str = "Battery-Staple-77";

/// Another code than this one.
fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

/// On the page that asks for the code of recovery.
fn waiting_for_a_code(pair: &mut Pair) -> String {
    pair.types("identifier", EMAIL);
    pair.presses(ActionKind::Recover);
    pair.code_from_mail()
}

mod given_a_wrong_password {
    use super::*;

    #[test]
    fn it_is_said_on_the_same_screen_and_the_right_one_works() {
        let mut pair = Pair::new();
        pair.types("identifier", EMAIL);
        let screen = pair.screen().id;
        pair.types(PASSCODE, WRONG);
        assert_eq!(pair.screen().id, screen, "what was typed would be lost");
        assert_eq!(pair.says_at(PASSCODE), ["Password is incorrect"]);
        assert_eq!(pair.field(PASSCODE).notices[0].level, Level::Error);
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn on_one_page_it_is_said_about_both_and_the_identifier_stays() {
        let mut pair = Pair::with_policy("[policy]\nidentifier_first = false");
        let screen = pair.screen().id;
        pair.fills("identifier", EMAIL);
        pair.types(PASSCODE, WRONG);
        assert_eq!((pair.screen().id, pair.says()), (screen, vec!["Authentication failed".to_owned()]));
        assert_eq!(pair.field("identifier").value.as_deref(), Some(EMAIL));
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn an_unknown_person_sees_the_same() {
        let refused = |identifier: &str| {
            let mut pair = Pair::new();
            pair.signs_in(identifier, WRONG);
            let mut screen = Screen::clone(&pair.screen().screen);
            assert_eq!(screen.person.as_deref(), Some(identifier));
            (screen.person, screen.whom.username) = (None, String::new());
            screen
        };
        assert_eq!(refused(EMAIL), refused("nobody@example.com"));
    }
}

mod given_too_many_attempts {
    use super::*;

    const POLICY: &str = "[policy.attempts]\nper_account = 3\nwindow = \"10m\"";

    fn locked_out(identifier: &str) -> Pair {
        let mut pair = Pair::with_policy(POLICY);
        pair.types("identifier", identifier);
        for _ in 0..3 {
            pair.types(PASSCODE, WRONG);
            assert_eq!(pair.says_at(PASSCODE), ["Password is incorrect"]);
        }
        pair.advance(60);
        pair.types(PASSCODE, PASSWORD);
        pair
    }

    #[test]
    fn even_the_right_password_is_refused_and_it_says_how_long() {
        let pair = locked_out(EMAIL);
        assert_eq!(pair.says(), ["TooMany { seconds: Some(540) }"]);
        assert_eq!((pair.layout(), pair.outcome().is_none()), (Layout::Password, true));
    }

    #[test]
    fn after_that_time_the_right_password_works() {
        let mut pair = locked_out(EMAIL);
        pair.advance(539);
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.says(), ["TooMany { seconds: Some(1) }"]);
        pair.advance(1);
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn an_unknown_person_is_locked_out_alike() {
        assert_eq!(locked_out("nobody@example.com").says(), locked_out(EMAIL).says());
    }

    #[test]
    fn whoever_recovers_the_password_need_not_wait() {
        let mut pair = locked_out(EMAIL);
        pair.presses(ActionKind::Recover);
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        pair.types(PASSCODE, NEW_PASSWORD);
        pair.opens_a_new_tab();
        pair.signs_in(EMAIL, NEW_PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn a_code_that_was_guessed_at_is_spent_and_another_works() {
        let mut pair = Pair::with_policy("[policy.attempts]\nper_code = 2");
        let code = waiting_for_a_code(&mut pair);
        pair.types(PASSCODE, &wrong(&code));
        assert_eq!(pair.says_at(PASSCODE), ["Invalid code. Try again."]);
        pair.types(PASSCODE, &wrong(&code));
        pair.types(PASSCODE, &code);
        assert_eq!(pair.says_at(PASSCODE), ["This code cannot be used any more. Ask for a new one."]);
        pair.presses(ActionKind::Resend);
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        assert!(matches!(pair.layout(), Layout::NewPassword(_)));
    }

    #[test]
    fn too_many_mails_are_refused_with_the_time_to_wait() {
        let mut pair = Pair::with_policy("[policy.attempts]\nmails_per_account = 2");
        waiting_for_a_code(&mut pair);
        pair.presses(ActionKind::Resend);
        pair.presses(ActionKind::Resend);
        assert_eq!(
            (pair.says(), pair.layout()),
            // A minute has passed until the second time one may ask again.
            (vec!["TooMany { seconds: Some(840) }".into()], Layout::Code)
        );
        assert_eq!(pair.world.mails().len(), 2);
    }

    #[test]
    fn too_many_sign_ins_from_one_address_say_how_long() {
        let mut pair = Pair::with_policy("[policy.attempts]\ntransactions_per_address = 1");
        pair.opens_a_new_tab();
        assert_eq!(
            (pair.layout(), pair.says()),
            (Layout::Message, vec!["TooMany { seconds: Some(900) }".into()])
        );
        assert_eq!(pair.reports(), ["server.unreadable"]);
        pair.advance(900);
        pair.presses(ActionKind::TryAgain { with_form: false });
        assert_eq!(pair.layout(), Layout::Identify);
    }
}

mod given_a_code {
    use super::*;

    #[test]
    fn it_may_be_typed_with_spaces_or_hyphens() {
        for separator in [" ", "-", "\u{a0}", " - "] {
            let mut pair = Pair::new();
            let code = waiting_for_a_code(&mut pair);
            pair.types(PASSCODE, &format!(" {}{separator}{} ", &code[..3], &code[3..]));
            assert!(matches!(pair.layout(), Layout::NewPassword(_)), "{separator:?}: {:?}", pair.screen());
        }
    }

    #[test]
    fn a_wrong_one_is_said_on_the_same_screen() {
        let mut pair = Pair::new();
        let code = waiting_for_a_code(&mut pair);
        let screen = pair.screen().id;
        pair.types(PASSCODE, &wrong(&code));
        assert_eq!(
            (pair.screen().id, pair.says_at(PASSCODE)),
            (screen, vec!["Invalid code. Try again.".into()])
        );
        pair.types(PASSCODE, &code);
        assert!(matches!(pair.layout(), Layout::NewPassword(_)));
    }

    #[test]
    fn a_newer_one_replaces_it() {
        let mut pair = Pair::new();
        let first = waiting_for_a_code(&mut pair);
        pair.presses(ActionKind::Resend);
        let second = pair.code_from_mail();
        assert_ne!(first, second);
        pair.types(PASSCODE, &first);
        assert_eq!(pair.says_at(PASSCODE), ["Invalid code. Try again."]);
        pair.types(PASSCODE, &second);
        assert!(matches!(pair.layout(), Layout::NewPassword(_)));
    }
}
