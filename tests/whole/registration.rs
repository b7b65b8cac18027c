//! Somebody who has no account makes one.

use latchkey_core::{
    Config, StartAt,
    screen::{ActionKind, Layout, NewPassword},
};

use crate::pair::{EMAIL, PASSCODE, PASSWORD, Pair, options};

const NEW_EMAIL: &str = "robin@example.com";
const NEW_PASSWORD: &str = "Battery-Staple-77";

/// On the page that asks for the code, with the profile sent.
fn waiting_for_the_code(pair: &mut Pair, email: &str) {
    pair.presses(ActionKind::SignUp);
    pair.fills("userProfile.firstName", "Robin");
    pair.fills("userProfile.lastName", "New");
    pair.types("userProfile.email", email);
}

/// On the page that asks for the password.
fn choosing_a_password(pair: &mut Pair) {
    waiting_for_the_code(pair, NEW_EMAIL);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
}

#[test]
fn profile_code_and_password_lead_to_tokens() {
    let mut pair = Pair::new();
    waiting_for_the_code(&mut pair, NEW_EMAIL);
    assert_eq!(pair.layout(), Layout::Code);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    assert_eq!(pair.layout(), Layout::NewPassword(NewPassword::First));
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("name"), "Robin New");
    assert_eq!((pair.claim("email"), pair.claim("email_verified")), (&NEW_EMAIL.into(), &true.into()));
}

#[test]
fn afterwards_one_signs_in_with_the_new_password() {
    let mut pair = Pair::new();
    choosing_a_password(&mut pair);
    pair.types(PASSCODE, NEW_PASSWORD);
    let subject = pair.claim("sub").clone();
    pair.opens_a_new_tab();
    pair.signs_in(NEW_EMAIL, NEW_PASSWORD);
    assert_eq!(pair.claim("sub"), &subject);
}

#[test]
fn a_page_can_begin_with_it() {
    let pair = Pair::with(Config { start_at: StartAt::Signup, ..options() }, "");
    assert_eq!(pair.layout(), Layout::Profile);
    assert!(pair.can_press(ActionKind::SignIn));
}

#[test]
fn the_way_back_leads_to_sign_in() {
    let mut pair = Pair::new();
    pair.presses(ActionKind::SignUp);
    pair.presses(ActionKind::SignIn);
    assert_eq!(pair.layout(), Layout::Identify);
    pair.signs_in(EMAIL, PASSWORD);
    assert_eq!(pair.claim("email"), EMAIL);
}

#[test]
fn a_password_may_be_left_out_where_the_policy_lets_it() {
    let mut pair = Pair::with_policy("[policy.registration]\npassword = \"optional\"");
    choosing_a_password(&mut pair);
    assert!(pair.can_press(ActionKind::Skip));
    pair.presses(ActionKind::Skip);
    assert_eq!(pair.claim("email"), NEW_EMAIL);
}

#[test]
fn a_password_may_be_chosen_where_it_could_be_left_out() {
    let mut pair = Pair::with_policy("[policy.registration]\npassword = \"optional\"");
    choosing_a_password(&mut pair);
    pair.picks("authenticator", "Password");
    pair.types(PASSCODE, NEW_PASSWORD);
    assert_eq!(pair.claim("amr"), &serde_json::json!(["pwd", "otp"]));
}

#[test]
fn whoever_has_an_account_sees_the_same_and_gets_a_mail_without_a_code() {
    let mut newcomer = Pair::new();
    waiting_for_the_code(&mut newcomer, NEW_EMAIL);
    let mut member = Pair::new();
    waiting_for_the_code(&mut member, EMAIL);
    assert_eq!((member.layout(), member.says()), (newcomer.layout(), newcomer.says()));
    let mails = member.world.mails();
    assert_eq!((mails.len(), &mails[0]["to"], &mails[0]["code"]), (1, &EMAIL.into(), &().into()));
}

#[test]
fn what_is_wrong_with_the_profile_is_said_at_its_field() {
    let mut pair = Pair::new();
    waiting_for_the_code(&mut pair, "not an address");
    assert_eq!(pair.layout(), Layout::Profile);
    assert_eq!(pair.says_at("userProfile.email"), ["'Email' must be in the form of an email address"]);
    pair.types("userProfile.email", NEW_EMAIL);
    assert_eq!(pair.layout(), Layout::Code);
}

#[test]
fn leaving_before_the_end_leaves_no_account() {
    let mut pair = Pair::new();
    choosing_a_password(&mut pair);
    pair.opens_a_new_tab();
    pair.signs_in(NEW_EMAIL, NEW_PASSWORD);
    assert_eq!(pair.says_at(PASSCODE), ["Password is incorrect"]);
}
