//! The contract is checked in every story, on every answer (`pair/agreement.rs`). Here: that the stories leave nothing
//! out of it.

use std::collections::BTreeSet;

use latchkey_core::screen::ActionKind;

use crate::pair::{EMAIL, PASSCODE, Pair};

/// Every page of recovery and of registration with a password that may be skipped, each with a refusal.
fn tour() -> BTreeSet<String> {
    let mut pair = Pair::with_policy(
        "[policy]\nidentifier_first = false\n[policy.registration]\npassword = \"optional\"",
    );
    pair.presses(ActionKind::Recover);
    pair.types("identifier", EMAIL);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair.types(PASSCODE, "too short");
    pair.opens_a_new_tab();
    pair.presses(ActionKind::SignUp);
    pair.fills("userProfile.firstName", "Robin");
    pair.fills("userProfile.lastName", "New");
    pair.types("userProfile.email", "robin@example.com");
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair.picks("authenticator", "Password");
    pair.types(PASSCODE, "too short");
    let mut identifier_first = Pair::new();
    identifier_first.types("identifier", EMAIL);
    pair.met().union(identifier_first.met()).cloned().collect()
}

/// The names of the forms that the server can draw, read off its source.
fn drawn_by_the_server() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/server/src/idx/answer.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let names = |call: &str| -> Vec<String> {
        let calls = source.split(call).skip(1);
        calls.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
    };
    names(".form(\"").into_iter().chain(names(".link(\"")).collect()
}

#[test]
fn every_form_of_the_server_is_met_in_a_story() {
    // These are not remediations: they hang beside them.
    let beside = ["cancel", "recover", "resend"].map(str::to_owned).into_iter().collect();
    let drawn = drawn_by_the_server();
    assert!(
        drawn.contains("identify") && drawn.contains("cancel"),
        "the source is not read rightly: {drawn:?}"
    );
    let remediations: BTreeSet<String> = &drawn - &beside;
    assert_eq!(remediations, tour());
}
