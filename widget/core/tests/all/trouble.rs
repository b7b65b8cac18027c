//! What goes wrong without anybody meaning it: time runs out, the network fails, answers come late.

use latchkey_core::{
    Input,
    io::{Answers, SignatureVerdict},
    screen::{ActionKind, Layout, Level, Matter},
};
use serde_json::{Value, json};

use super::dialogue::*;

fn expired() -> Value {
    json!({"version": "1.0.0", "messages": messages("idx.session.expired", "You have been logged out due to inactivity.", "ERROR")})
}

mod given_an_expired_transaction {
    use super::*;

    #[test]
    fn answering_starts_over_says_why_and_keeps_the_identifier() {
        let mut dialogue = Dialogue::at(&identify());
        dialogue.types("identifier", "pat@example.test");
        dialogue.says(401, &expired());
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
        dialogue.says(200, &json!({"interaction_handle": "ih-2"}));
        dialogue.says(200, &identify());
        assert_eq!(dialogue.says_first(), "StartedOver");
        assert_eq!(dialogue.screen().field("identifier").unwrap().value.as_deref(), Some("pat@example.test"));
    }

    #[test]
    fn a_second_expiry_in_a_row_is_shown_and_not_repeated() {
        let mut dialogue = Dialogue::with(config(), None);
        for _ in 0..2 {
            dialogue.says(200, &json!({"interaction_handle": "ih"}));
            dialogue.says(401, &expired());
        }
        assert_eq!((dialogue.screen().layout, dialogue.requests.len()), (Layout::Message, 4));
        assert_eq!(dialogue.says_first(), "You have been logged out due to inactivity.");
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    }

    #[test]
    fn the_new_transaction_has_secrets_of_its_own() {
        let mut dialogue = Dialogue::at(&identify());
        let first = dialogue.saved.clone().unwrap();
        dialogue.types("identifier", "pat");
        dialogue.says(401, &expired());
        dialogue.says(200, &json!({"interaction_handle": "ih-2"}));
        assert_ne!(dialogue.saved.unwrap(), first);
    }
}

mod given_a_reload_in_the_middle {
    use super::*;

    #[test]
    fn the_transaction_goes_on_from_what_was_saved() {
        let before = Dialogue::at(&password());
        let mut after = Dialogue::with(config(), before.saved);
        assert_eq!(after.sent().1, "/idp/idx/introspect");
        assert_eq!(after.sent().2, json!({"interactionHandle": "ih-1"}));
        after.says(200, &password());
        assert_eq!(after.screen().layout, Layout::Password);
    }

    #[test]
    fn only_verifier_state_nonce_and_handle_are_saved() {
        let mut dialogue = Dialogue::at(&password());
        dialogue.types("credentials.passcode", "s3cret");
        let saved: Value = serde_json::from_str(dialogue.saved.as_deref().unwrap()).unwrap();
        let members: Vec<_> = saved.as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["codeVerifier", "interactionHandle", "nonce", "state"]);
    }

    #[test]
    fn it_is_forgotten_when_the_code_has_come() {
        let mut dialogue = Dialogue::at(&password());
        dialogue.says(200, &success());
        assert!(dialogue.saved.is_some(), "nobody waits for this answer");
        dialogue.types("credentials.passcode", "s3cret");
        dialogue.says(200, &success());
        assert_eq!(dialogue.saved, None);
    }

    #[test]
    fn an_unreachable_server_does_not_lose_it() {
        let before = Dialogue::at(&password());
        let mut after = Dialogue::with(config(), before.saved);
        after.fails();
        assert!(after.saved.is_some());
        after.presses(&ActionKind::TryAgain { with_form: false });
        assert_eq!(after.sent().1, "/idp/idx/introspect");
    }
}

mod given_a_failing_network {
    use super::*;

    #[test]
    fn the_form_stays_as_it_is_and_offers_to_try_again() {
        let mut dialogue = Dialogue::at(&password());
        let screen = dialogue.screen().id;
        dialogue.types("credentials.passcode", "s3cret");
        dialogue.fails();
        assert_eq!((dialogue.screen().id, dialogue.says_first().as_str()), (screen, "Unreachable"));
        assert!(!dialogue.screen().is_busy);
        assert!(
            dialogue
                .screen()
                .actions
                .iter()
                .any(|action| action.kind == ActionKind::TryAgain { with_form: true })
        );
        assert_eq!(dialogue.reports, ["network.unreachable"]);
        dialogue.types("credentials.passcode", "s3cret");
        assert!(dialogue.screen().is_busy);
    }

    #[test]
    fn an_action_that_failed_is_asked_again_as_it_was() {
        let mut dialogue = Dialogue::at(&password());
        dialogue.presses(&ActionKind::Recover);
        dialogue.fails();
        dialogue.presses(&ActionKind::TryAgain { with_form: false });
        assert_eq!(dialogue.sent().1, "/idp/idx/recover");
    }

    #[test]
    fn failing_twice_offers_one_retry_and_not_two() {
        let mut dialogue = Dialogue::at(&password());
        for _ in 0..2 {
            dialogue.types("credentials.passcode", "s3cret");
            dialogue.fails();
        }
        let retries = dialogue
            .screen()
            .actions
            .iter()
            .filter(|action| matches!(action.kind, ActionKind::TryAgain { .. }));
        assert_eq!(retries.count(), 1);
    }

    #[test]
    fn nothing_reached_at_all_offers_to_try_again() {
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.fails();
        assert_eq!(
            (dialogue.screen().layout, dialogue.says_first().as_str()),
            (Layout::Message, "Unreachable")
        );
        dialogue.presses(&ActionKind::TryAgain { with_form: false });
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    }
}

mod given_a_server_that_refuses {
    use super::*;

    #[test]
    fn a_wrong_password_is_said_on_the_same_screen() {
        let mut dialogue = Dialogue::at(&password());
        let screen = dialogue.screen().id;
        dialogue.types("credentials.passcode", "wrong");
        let mut refusal = password();
        refusal["messages"] = messages("errors.E0000004", "Authentication failed", "ERROR");
        dialogue.says(400, &refusal);
        assert_eq!((dialogue.screen().id, dialogue.says_first().as_str()), (screen, "Authentication failed"));
        assert_eq!(dialogue.screen().notices[0].level, Level::Error);
    }

    #[test]
    fn too_many_attempts_say_how_long() {
        for body in [
            r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}"#,
            "",
            &json!({"version": "1.0.0",
            "messages": messages("tooManyRequests", "Too many", "ERROR")})
            .to_string(),
        ] {
            let mut dialogue = Dialogue::at(&password());
            let screen = dialogue.screen().id;
            dialogue.types("credentials.passcode", "s3cret");
            dialogue.says_with(429, body, Some(30));
            assert_eq!(dialogue.screen().notices[0].matter, Matter::TooMany { seconds: Some(30) }, "{body}");
            assert_eq!(dialogue.screen().id, screen, "{body}");
        }
    }

    #[test]
    fn what_is_no_idx_answer_keeps_the_form() {
        for (status, body) in
            [(500, ""), (502, "<html>Bad gateway</html>"), (200, "{}"), (403, r#"{"error":"Forbidden"}"#)]
        {
            let mut dialogue = Dialogue::at(&password());
            let screen = dialogue.screen().id;
            dialogue.types("credentials.passcode", "s3cret");
            dialogue.says_text(status, body);
            assert_eq!(
                (dialogue.screen().id, dialogue.says_first().as_str()),
                (screen, "ServerFailed"),
                "{body}"
            );
            assert!(dialogue.screen().form.is_some() && !dialogue.screen().is_busy);
            assert_eq!(dialogue.reports, ["server.unreadable"]);
        }
    }

    #[test]
    fn a_client_that_is_not_registered_is_a_matter_of_set_up() {
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.says(400, &json!({"error": "unauthorized_client", "error_description": "…"}));
        assert_eq!(
            (dialogue.reports.as_slice(), dialogue.says_first().as_str()),
            (&["setup.interact_refused"][..], "NotSetUp")
        );
        assert_eq!(dialogue.screen().actions[0].kind, ActionKind::StartOver);
    }

    #[test]
    fn a_refused_code_is_told_and_starts_over_when_the_person_says_so() {
        let mut dialogue = Dialogue::at(&password());
        dialogue.types("credentials.passcode", "s3cret");
        dialogue.says(200, &success());
        dialogue
            .says(400, &json!({"error": "invalid_grant", "error_description": "PKCE verification failed."}));
        assert_eq!(
            (dialogue.reports.as_slice(), dialogue.says_first().as_str()),
            (&["server.token_refused"][..], "NotAccepted")
        );
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    }

    #[test]
    fn a_terminal_answer_shows_its_text_and_a_way_to_begin_anew() {
        let mut dialogue = Dialogue::at(&json!({"version": "1.0.0",
            "messages": messages("idx.email.verification.required", "Check your e-mail.", "INFO")}));
        assert_eq!(
            (dialogue.screen().layout, dialogue.screen().step.as_str()),
            (Layout::Message, "terminal")
        );
        assert_eq!((dialogue.says_first().as_str(), dialogue.saved.is_none()), ("Check your e-mail.", true));
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
    }
}

mod given_late_double_and_disordered_input {
    use super::*;

    #[test]
    fn a_double_click_is_one_request() {
        let mut dialogue = Dialogue::at(&password());
        let before = dialogue.requests.len();
        dialogue.types("credentials.passcode", "s3cret");
        dialogue.types("credentials.passcode", "s3cret");
        assert_eq!(dialogue.requests.len(), before + 1);
    }

    #[test]
    fn an_answer_to_an_older_screen_is_dropped() {
        let mut dialogue = Dialogue::at(&identify());
        let old = dialogue.screen().id;
        dialogue.types("identifier", "pat");
        dialogue.says(200, &password());
        let before = dialogue.requests.len();
        dialogue.input(Input::Answered { screen: old, answers: Answers::new() });
        assert_eq!(dialogue.requests.len(), before);
    }

    #[test]
    fn an_answer_to_an_older_request_is_dropped() {
        let mut dialogue = Dialogue::at(&email_code());
        dialogue.timer_fires();
        let poll = dialogue.last().id;
        dialogue.types("credentials.passcode", "123456");
        assert_eq!(dialogue.aborted, [poll], "the poll is no longer wanted");
        dialogue.answers(poll, 200, &identify().to_string(), None);
        assert!(dialogue.screen().is_busy, "the late poll changed nothing");
        dialogue.says(200, &password());
        assert_eq!(dialogue.screen().layout, Layout::Password);
    }

    #[test]
    fn the_same_answer_twice_counts_once() {
        let mut dialogue = Dialogue::at(&identify());
        dialogue.types("identifier", "pat");
        let request = dialogue.last().id;
        dialogue.says(200, &password());
        let shown = dialogue.shown;
        dialogue.answers(request, 200, &identify().to_string(), None);
        assert_eq!(dialogue.shown, shown);
    }

    #[test]
    fn nothing_moves_a_flow_that_has_not_started_or_has_ended() {
        let mut dialogue = Dialogue::with(config(), None);
        dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
        dialogue.says(200, &json!({"version": "1.0.0", "success": {"href": "https://app.example.test/"}}));
        let requests = dialogue.requests.len();
        dialogue.types("identifier", "pat");
        dialogue.fails();
        dialogue
            .input(Input::SignatureChecked { request: dialogue.last().id, verdict: SignatureVerdict::Valid });
        assert_eq!(dialogue.requests.len(), requests);
    }
}

mod given_a_poll {
    use super::*;

    #[test]
    fn it_asks_at_the_interval_and_keeps_the_screen() {
        let mut dialogue = Dialogue::at(&email_code());
        let screen = dialogue.screen().id;
        dialogue.timer_fires();
        assert_eq!(dialogue.sent().1, "/idp/idx/challenge/poll");
        assert!(!dialogue.screen().is_busy, "a poll is nothing that a person waits for");
        dialogue.says(200, &email_code());
        assert_eq!((dialogue.screen().id, dialogue.timers.len()), (screen, 2));
    }

    #[test]
    fn what_the_last_answer_refused_stays_in_view() {
        let mut dialogue = Dialogue::at(&email_code());
        dialogue.types("credentials.passcode", "000000");
        let mut wrong = email_code();
        wrong["remediation"]["value"][0]["value"][0]["form"]["value"][0]["messages"] =
            messages("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.", "ERROR");
        dialogue.says(401, &wrong);
        assert_eq!(dialogue.screen().field("credentials.passcode").unwrap().notices.len(), 1);
        dialogue.timer_fires();
        dialogue.says(200, &email_code());
        assert_eq!(dialogue.screen().field("credentials.passcode").unwrap().notices.len(), 1);
    }

    #[test]
    fn a_failed_one_is_repeated_later_each_time() {
        let mut dialogue = Dialogue::at(&email_code());
        for expected in [8_000, 16_000, 32_000, 32_000] {
            dialogue.timer_fires();
            dialogue.fails();
            assert_eq!(dialogue.timers.last().unwrap().1, expected);
        }
        dialogue.timer_fires();
        dialogue.says_text(502, "");
        assert_eq!((dialogue.timers.last().unwrap().1, dialogue.reports.len()), (32_000, 0));
    }

    #[test]
    fn too_many_of_them_pause() {
        let mut dialogue = Dialogue::at(&email_code());
        dialogue.timer_fires();
        dialogue.says_text(429, "");
        assert_eq!(dialogue.timers.last().unwrap().1, 60_000);
    }

    #[test]
    fn an_old_timer_does_nothing() {
        let mut dialogue = Dialogue::at(&email_code());
        let old = dialogue.timers[0].0;
        dialogue.timer_fires();
        dialogue.says(200, &email_code());
        let before = dialogue.requests.len();
        dialogue.input(Input::TimerFired { timer: old });
        assert_eq!(dialogue.requests.len(), before);
    }
}

mod given_a_person_who_leaves {
    use super::*;

    #[test]
    fn cancelling_tells_the_server_and_begins_anew() {
        let mut dialogue = Dialogue::at(&password());
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.notified[0].url, "https://id.example.test/idp/idx/cancel");
        assert_eq!(json_of(&dialogue.notified[0].body), json!({"stateHandle": "sh"}));
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/interact");
        dialogue.says(200, &json!({"interaction_handle": "ih-2"}));
        dialogue.says(200, &identify());
        assert_eq!(dialogue.says_first(), "nothing");
    }

    #[test]
    fn on_the_first_screen_there_is_nothing_to_go_back_to() {
        let dialogue = Dialogue::at(&identify());
        assert!(!dialogue.screen().actions.iter().any(|action| action.kind == ActionKind::StartOver));
    }
}
