//! Passwords go through to the letter, and the page judges new ones as the server does.

use latchkey_core::{password::Case, screen::ActionKind};

use crate::pair::{EMAIL, PASSCODE, PASSWORD, Pair};

/// As the browser tells it.
fn case_of(c: char) -> Case {
    match (c.is_lowercase(), c.is_uppercase()) {
        (true, _) => Case::Lower,
        (_, true) => Case::Upper,
        _ => Case::Neither,
    }
}

/// On the page that asks for a new password.
fn choosing_a_password() -> Pair {
    let mut pair = Pair::new();
    pair.types("identifier", EMAIL);
    pair.presses(ActionKind::Recover);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair
}

/// Sets a password, and signs in with it; and not with what looks like it.
fn check(password: &str, lookalikes: &[&str]) {
    let mut pair = choosing_a_password();
    pair.types(PASSCODE, password);
    assert_eq!(pair.claim("email"), EMAIL);
    pair.opens_a_new_tab();
    pair.types("identifier", EMAIL);
    for lookalike in lookalikes {
        pair.types(PASSCODE, lookalike);
        assert_eq!(pair.says_at(PASSCODE), ["Password is incorrect"], "{lookalike:?} is not {password:?}");
    }
    pair.types(PASSCODE, password);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn spaces_at_either_end_belong_to_it() {
    check("  Battery Staple 77 ", &["Battery Staple 77", " Battery Staple 77 ", "  Battery Staple 77"]);
}

#[test]
fn two_hundred_characters_are_not_cut_off() {
    let long = format!("Aa1{}z", "x".repeat(196));
    check(&long, &[&long[..199], &long[..72]]);
}

#[test]
fn letters_of_all_scripts_come_through() {
    check("Пароль-密码-🔑-Ñandú-9", &["Пароль-密码-?-Ñandú-9", "Пароль-密码-🔑-Nandu-9"]);
}

#[test]
fn composed_and_decomposed_letters_stay_what_was_typed() {
    check("Caf\u{e9}-Staple-77", &["Cafe\u{301}-Staple-77"]);
}

#[test]
fn quotes_backslashes_and_markup_are_characters() {
    check(r#"<b>"Staple"\77&amp;%00</b>"#, &[r#"<b>"Staple"77&amp;%00</b>"#, r#"<b>"Staple"\77&%00</b>"#]);
}

#[test]
fn hyphens_and_spaces_that_a_code_would_lose_stay() {
    check("Bat-tery Staple-77", &["BatteryStaple77"]);
}

mod given_the_rules_on_the_page {
    use super::*;

    /// A policy with every rule, and a person who is new.
    const POLICY: &str = "[policy.password]\nmin_length = 8\nmin_symbol = 1\nexclude_first_name = true";

    fn registering(first_name: &str) -> Pair {
        let mut pair = Pair::with_policy(POLICY);
        pair.presses(ActionKind::SignUp);
        pair.fills("userProfile.firstName", first_name);
        pair.fills("userProfile.lastName", "New");
        pair.types("userProfile.email", "robin.newcomer@example.com");
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        pair
    }

    /// Whether the page ticks off every rule that it can judge, and whether the server takes the password.
    fn judged(first_name: &str, password: &str) -> (bool, bool) {
        let mut pair = registering(first_name);
        let whom = &pair.screen().whom;
        let rules = &pair.field(PASSCODE).rules;
        let is_ticked = rules.iter().all(|rule| rule.is_met(password, whom, case_of) != Some(false));
        pair.types(PASSCODE, password);
        (is_ticked, pair.outcome().is_some())
    }

    #[test]
    fn the_first_name_is_no_part_of_it() {
        assert_eq!(judged("Cordelia", "Cordelia-Staple-77"), (false, false));
    }

    #[test]
    fn what_it_ticks_off_is_taken() {
        for password in ["Staple-7", "Ñandú-größe-7", "Пароль-секрет-7", " Aa1!    ", "Aa1\u{1f511}-xyz"]
        {
            assert_eq!(judged("Robin", password), (true, true), "{password:?}");
        }
    }

    #[test]
    fn what_it_leaves_open_is_refused() {
        let open =
            ["Stap-77", "staple-77", "STAPLE-77", "Staple-xx", "Staples77", "Newcomer-77", "My-EXAMPLE-77"];
        for password in open {
            assert_eq!(judged("Robin", password), (false, false), "{password:?}");
        }
    }

    #[test]
    fn the_history_is_the_servers_to_judge() {
        let mut pair = choosing_a_password();
        let whom = pair.screen().whom.clone();
        assert!(
            pair.field(PASSCODE).rules.iter().any(|rule| rule.is_met(PASSWORD, &whom, case_of).is_none())
        );
        pair.types(PASSCODE, PASSWORD);
        assert_eq!(pair.says_at(PASSCODE), ["Password has been used too recently"]);
    }
}
