//! The contract is checked in every story, on every answer (`pair/agreement.rs`). Here: that the stories leave nothing
//! out of it.

use std::collections::BTreeSet;

use latchkey_core::screen::ActionKind;

use crate::pair::{EMAIL, PASSCODE, PASSWORD, Pair};

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

/// Unlocking an account, a second proof to choose, and something more to set up.
fn detour() -> BTreeSet<String> {
    let mut pair = Pair::with_policy(
        "[policy]\nunlock = true\nsecond_factor = \"always\"\n[policy.authenticators]\ntotp = \"optional\"",
    );
    pair.presses(ActionKind::Unlock);
    pair.fills("identifier", EMAIL);
    pair.picks("authenticator", "Email");
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair.opens_a_new_tab();
    pair.signs_in(EMAIL, PASSWORD);
    let code = pair.code_from_mail();
    pair.types(PASSCODE, &code);
    pair.picks("authenticator", "Google Authenticator");
    pair.types(PASSCODE, "000000");
    pair.met().clone()
}

/// The names of the forms that the server can draw, read off its source.
fn drawn_by_the_server() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/server/src/idx/answer");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.chain([std::path::PathBuf::from(format!("{folder}.rs"))]);
    let source: String = files.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let names = |call: &str| -> Vec<String> {
        let calls = source.split(call).skip(1);
        calls.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect()
    };
    names(".form(\"").into_iter().chain(names(".link(\"")).collect()
}

#[test]
fn every_form_of_the_server_is_met_in_a_story() {
    // These are not remediations: they hang beside them.
    let beside = ["cancel", "poll", "recover", "resend"].map(str::to_owned).into_iter().collect();
    // These wait for a device, ask for a telephone number, or belong to the server's own page, which browsers alone can
    // be on: they are told in the browser, and by the server's own tests.
    let elsewhere = [
        "authenticator-enrollment-data",
        "authenticator-verification-data",
        "challenge-poll",
        "consent",
        "enroll-poll",
        "keep-me-signed-in",
        "user-code",
    ];
    let elsewhere: BTreeSet<String> = elsewhere.map(str::to_owned).into_iter().collect();
    let drawn = drawn_by_the_server();
    assert!(
        drawn.contains("identify") && drawn.contains("cancel"),
        "the source is not read rightly: {drawn:?}"
    );
    let remediations: BTreeSet<String> = &drawn - &beside;
    assert!(elsewhere.is_subset(&remediations), "{elsewhere:?}");
    assert_eq!(&remediations - &elsewhere, tour().union(&detour()).cloned().collect());
}
