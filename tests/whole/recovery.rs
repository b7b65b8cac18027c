//! Somebody has forgotten the password.

use latchkey_core::{
    Config, StartAt,
    screen::{ActionKind, Layout, NewPassword},
};

use crate::pair::{EMAIL, PASSCODE, PASSWORD, Pair, options};

const NEW_PASSWORD: &str = "Battery-Staple-77";

/// On the page that asks for the new password.
fn choosing_a_password() -> Pair {
    let mut pair = Pair::new();
    pair.types("identifier", EMAIL);
    pair.presses(ActionKind::Recover);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair
}

#[test]
fn a_code_and_a_new_password_lead_to_tokens() {
    let mut pair = Pair::new();
    pair.types("identifier", EMAIL);
    pair.presses(ActionKind::Recover);
    assert_eq!(pair.layout(), Layout::Code);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    assert_eq!(pair.layout(), Layout::NewPassword(NewPassword::Reset));
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn the_old_password_is_refused_and_the_new_one_works() {
    let mut pair = choosing_a_password();
    pair.types(PASSCODE, NEW_PASSWORD);
    pair.opens_a_new_tab();
    pair.signs_in(EMAIL, PASSWORD);
    assert_eq!(pair.says_at(PASSCODE), ["Password is incorrect"]);
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn the_old_password_works_until_there_is_a_new_one() {
    let mut pair = choosing_a_password();
    pair.opens_a_new_tab();
    pair.signs_in(EMAIL, PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn where_the_password_is_asked_at_once_it_asks_whose_it_is() {
    let mut pair = Pair::with_policy("[policy]\nidentifier_first = false");
    pair.presses(ActionKind::Recover);
    assert_eq!(pair.layout(), Layout::Recover);
    pair.types("identifier", EMAIL);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn a_page_can_begin_with_it() {
    let config = Config { start_at: StartAt::ResetPassword, ..options() };
    let pair = Pair::with(config, "[policy]\nidentifier_first = false");
    assert_eq!(pair.layout(), Layout::Recover);
}

#[test]
fn the_password_that_was_forgotten_is_no_new_one() {
    let mut pair = choosing_a_password();
    pair.types(PASSCODE, PASSWORD);
    assert_eq!(pair.says_at(PASSCODE), ["Password has been used too recently"]);
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn whoever_has_no_account_sees_the_same_and_gets_no_mail() {
    let code_page = |identifier: &str| {
        let mut pair = Pair::new();
        pair.types("identifier", identifier);
        pair.presses(ActionKind::Recover);
        pair
    };
    let (member, stranger) = (code_page(EMAIL), code_page("nobody@example.com"));
    assert_eq!((member.layout(), member.says()), (stranger.layout(), stranger.says()));
    assert_eq!((member.world.mails().len(), stranger.world.mails().len()), (1, 0));
}

mod given_a_sign_in_on_another_device {
    use super::*;

    /// Signed in for long, with a refresh token.
    fn elsewhere() -> (Pair, String) {
        let mut config = options();
        config.scopes.push("offline_access".to_owned());
        let mut pair = Pair::with(config, "");
        pair.signs_in(EMAIL, PASSWORD);
        let token = pair.tokens().refresh_token.as_ref().unwrap().expose().clone();
        (pair, token)
    }

    fn refreshes(pair: &Pair, token: &str) -> u16 {
        let grant = [("grant_type", "refresh_token"), ("client_id", "demo-spa"), ("refresh_token", token)];
        pair.world.oauth("token", &grant).0
    }

    fn resets(pair: &mut Pair, is_ticked: bool) {
        pair.opens_a_new_tab();
        pair.types("identifier", EMAIL);
        pair.presses(ActionKind::Recover);
        let code = pair.code_from_mail();
        pair.types(PASSCODE, &code);
        if is_ticked {
            pair.ticks("credentials.revokeSessions");
        }
        pair.types(PASSCODE, NEW_PASSWORD);
        assert_eq!(pair.claim("email"), EMAIL);
    }

    #[test]
    fn the_box_ends_it() {
        let (mut pair, token) = elsewhere();
        resets(&mut pair, true);
        assert_eq!(refreshes(&pair, &token), 400);
    }

    #[test]
    fn without_the_box_it_goes_on() {
        let (mut pair, token) = elsewhere();
        resets(&mut pair, false);
        assert_eq!(refreshes(&pair, &token), 200);
    }
}
