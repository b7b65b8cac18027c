//! What time does: codes that may be sent again, polls, sessions that end. The clock is the test's.

use latchkey_core::screen::{ActionKind, Matter};
use serde_json::json;

use super::dialogue::*;

fn resend_at(dialogue: &Dialogue) -> Option<i64> {
    let action = dialogue.screen().actions.iter().find(|action| action.kind == ActionKind::Resend);
    action.and_then(|action| action.ready_at).map(|ready_at| ready_at.0 - NOW.0)
}

#[test]
fn a_code_can_be_sent_again_after_half_a_minute() {
    let mut dialogue = Dialogue::at(&email_code());
    assert_eq!(resend_at(&dialogue), Some(30));
    let requests = dialogue.requests.len();
    dialogue.now.0 += 29;
    dialogue.presses(&ActionKind::Resend);
    assert_eq!(dialogue.requests.len(), requests, "too early");
    dialogue.now.0 += 1;
    dialogue.presses(&ActionKind::Resend);
    assert_eq!(dialogue.sent().1, "/idp/idx/challenge/resend");
    dialogue.says(200, &email_code());
    assert_eq!(dialogue.screen().notices[0].matter, Matter::SentAgain);
    assert_eq!(resend_at(&dialogue), Some(60), "and then again after half a minute");
}

#[test]
fn a_poll_neither_restarts_the_wait_nor_wipes_the_notice_away() {
    let mut dialogue = Dialogue::at(&email_code());
    dialogue.now.0 += 31;
    dialogue.presses(&ActionKind::Resend);
    dialogue.says(200, &email_code());
    dialogue.now.0 += 10;
    dialogue.timer_fires();
    dialogue.says(200, &email_code());
    assert_eq!(resend_at(&dialogue), Some(61));
    assert_eq!(dialogue.screen().notices[0].matter, Matter::SentAgain);
}

#[test]
fn a_refused_resend_says_why_and_nothing_else() {
    let mut dialogue = Dialogue::at(&email_code());
    dialogue.now.0 += 31;
    dialogue.presses(&ActionKind::Resend);
    let mut refused = email_code();
    refused["messages"] = messages("tooManyRequests", "Too many requests", "ERROR");
    dialogue.says(400, &refused);
    assert_eq!((dialogue.says_first().as_str(), dialogue.screen().notices.len()), ("Too many requests", 1));
}

#[test]
fn a_rejected_push_can_be_sent_again_at_once() {
    let mut rejected = idx(
        &[form("resend", "challenge", json!([]))],
        json!({"currentAuthenticator": {"value": {"key": "okta_verify"}}}),
    );
    rejected["messages"] =
        messages("api.authn.poll.error.push_rejected", "You have chosen to reject this login.", "ERROR");
    let mut dialogue = Dialogue::at(&rejected);
    assert!(dialogue.screen().form.is_some());
    dialogue.does(latchkey_core::io::Answers::new());
    assert_eq!(dialogue.sent().1, "/idp/idx/challenge");
}

#[test]
fn the_interval_of_each_answer_counts() {
    let mut dialogue = Dialogue::at(&email_code());
    assert_eq!(dialogue.timers.last().map(|(_, after)| *after), Some(4000));
    dialogue.timer_fires();
    let mut later = email_code();
    later["currentAuthenticatorEnrollment"]["value"]["poll"]["refresh"] = json!(9000);
    dialogue.says(200, &later);
    assert_eq!(dialogue.timers.last().map(|(_, after)| *after), Some(9000));
}

#[test]
fn a_session_that_ends_while_nobody_does_anything_begins_anew_and_says_so() {
    let mut dialogue = Dialogue::at(&email_code());
    dialogue.timer_fires();
    let expired = json!({"version": "1.0.0", "messages": messages("idx.session.expired", "Gone", "ERROR")});
    dialogue.says(401, &expired);
    assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    dialogue.says(200, &json!({"interaction_handle": "ih-2"}));
    dialogue.says(200, &identify());
    assert_eq!(dialogue.screen().notices[0].matter, Matter::StartedOver);
}
