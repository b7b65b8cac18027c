//! Signing in, by password and by code.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{EMAIL, PASSWORD, TestServer};

mod given_a_policy_that_asks_for_the_name_first {
    use super::*;

    #[tokio::test]
    async fn the_first_page_asks_who_it_is_and_offers_to_register() {
        let server = TestServer::start().await;
        let page = server.client().begin().await;
        assert_eq!(page.answer.remediations(), ["identify", "select-enroll-profile"]);
        assert_eq!(
            page.answer.field("identifier"),
            json!({ "name": "identifier", "label": "Username", "required": true })
        );
        assert_eq!(
            page.answer.json()["app"]["value"],
            json!({ "name": "oidc_client", "label": "Demo app", "id": "demo-spa" })
        );
        assert_eq!(page.answer.json()["expiresAt"], "2026-03-14T16:09:26.535Z");
    }

    #[tokio::test]
    async fn the_second_page_asks_for_the_password_and_offers_the_ways_around_it() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        let answer = page.identify(EMAIL).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.remediations(), ["challenge-authenticator", "select-authenticator-authenticate"]);
        assert_eq!(answer.field("credentials.passcode")["secret"], true);
        let document = answer.json();
        let enrollment = &document["currentAuthenticatorEnrollment"]["value"];
        assert_eq!(enrollment["key"], "okta_password");
        assert_eq!(enrollment["recover"]["href"], "http://localhost:4401/idp/idx/recover");
        assert_eq!(document["user"]["value"]["identifier"], EMAIL);
        let options = document["remediation"]["value"][1]["value"][0].clone();
        assert_eq!((&options["name"], &options["type"]), (&json!("authenticator"), &json!("object")));
        assert_eq!(options["options"][1]["label"], "Email");
        assert_eq!(options["options"][1]["relatesTo"], "$.authenticatorEnrollments.value[1]");
        assert_eq!(
            document["authenticatorEnrollments"]["value"][1]["profile"],
            json!({ "email": "p***t@example.com" })
        );
    }

    #[tokio::test]
    async fn the_right_password_ends_in_a_code_for_this_client() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        let answer = page.answer(PASSWORD).await;
        assert!(answer.is_signed_in());
        let document = answer.json();
        let issue = &document["successWithInteractionCode"];
        assert_eq!(issue["href"], "http://localhost:4401/oauth2/default/v1/token");
        assert_eq!(issue["accepts"], "application/x-www-form-urlencoded");
        let names: Vec<_> = issue["value"].as_array().unwrap().iter().map(|field| &field["name"]).collect();
        assert_eq!(names, ["grant_type", "interaction_code", "client_id", "code_verifier"]);
        assert_eq!(
            document["user"]["value"]["profile"],
            json!({ "firstName": "Pat", "lastName": "Example" })
        );
    }

    #[tokio::test]
    async fn a_wrong_password_asks_again_with_the_reason_in_the_field() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        let asked = page.identify(EMAIL).await.remediations();
        let handle = page.state_handle.clone();
        let answer = page.answer("Wrong-Horse-42").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.messages_in("credentials.passcode"), ["incorrectPassword"]);
        assert_eq!(answer.remediations(), asked);
        assert_eq!(page.state_handle, handle);
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn nothing_typed_is_said_in_the_field_and_is_no_attempt() {
        let server = TestServer::with_policy("[policy.attempts]\nper_account = 1").await;
        let mut page = server.client().begin().await;
        let answer = page.identify("  ").await;
        assert_eq!(answer.messages_in("identifier"), ["model.validation.field.blank"]);
        page.identify(EMAIL).await;
        for _ in 0..3 {
            let answer = page.answer("").await;
            assert_eq!(answer.messages_in("credentials.passcode"), ["model.validation.field.blank"]);
        }
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_name_longer_than_any_address_is_refused() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        let answer = page.identify(&"a".repeat(255)).await;
        assert_eq!(answer.messages_in("identifier"), ["model.validation.field.string.maxLength"]);
    }

    #[tokio::test]
    async fn the_case_of_the_address_and_blanks_around_it_do_not_matter() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(" Pat@Example.COM ").await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn an_answer_to_a_question_that_is_not_asked_changes_nothing() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        for endpoint in
            ["enroll", "enroll/new", "skip", "credential/enroll", "identify/select", "challenge/resend"]
        {
            let answer = page.follow(endpoint).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{endpoint}");
            assert_eq!(answer.messages(), ["E0000020"], "{endpoint}");
            assert_eq!(answer.remediations()[0], "challenge-authenticator", "{endpoint}");
        }
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn asking_where_it_stands_changes_nothing() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        let expected = page.identify(EMAIL).await.json();
        for body in [
            json!({ "interactionHandle": page.interaction_handle }),
            json!({ "stateToken": page.state_handle }),
            json!({ "stateHandle": page.state_handle }),
        ] {
            assert_eq!(client.introspect(&body).await.json(), expected);
        }
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn cancelling_goes_back_to_the_first_page_under_a_new_handle() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        let old = page.state_handle.clone();
        let answer = page.follow("cancel").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.remediations()[0], "identify");
        assert_ne!(page.state_handle, old);
        assert!(client.introspect(&json!({ "stateToken": old })).await.is_session_expired());
        // A page that is loaded again still has its interaction handle, and goes on from there.
        let body = json!({ "interactionHandle": page.interaction_handle });
        assert_eq!(client.introspect(&body).await.json()["stateHandle"], page.state_handle);
    }
}

mod given_a_policy_that_asks_for_both_at_once {
    use super::*;

    const POLICY: &str = "[policy]\nidentifier_first = false";

    #[tokio::test]
    async fn the_page_has_both_fields_and_the_way_to_a_forgotten_password() {
        let server = TestServer::with_policy(POLICY).await;
        let page = server.client().begin().await;
        assert_eq!(page.answer.remediations(), ["identify", "select-enroll-profile"]);
        assert_eq!(page.answer.field("credentials.passcode")["secret"], true);
        let authenticator = &page.answer.json()["currentAuthenticator"]["value"];
        assert_eq!(authenticator["recover"]["name"], "recover");
    }

    #[tokio::test]
    async fn the_right_pair_signs_in() {
        let server = TestServer::with_policy(POLICY).await;
        let mut page = server.client().begin().await;
        assert!(page.identify_with_password(EMAIL, PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_wrong_pair_is_said_about_the_whole_and_the_name_is_kept() {
        let server = TestServer::with_policy(POLICY).await;
        let mut page = server.client().begin().await;
        let answer = page.identify_with_password(EMAIL, "Wrong-Horse-42").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.messages(), ["errors.E0000004"]);
        assert_eq!(answer.field("identifier")["value"], EMAIL);
        assert_eq!(answer.messages_in("credentials.passcode"), Vec::<String>::new());
    }

    #[tokio::test]
    async fn each_empty_field_is_named() {
        let server = TestServer::with_policy(POLICY).await;
        let mut page = server.client().begin().await;
        let answer = page.identify_with_password("", "").await;
        assert_eq!(answer.messages_in("identifier"), ["model.validation.field.blank"]);
        assert_eq!(answer.messages_in("credentials.passcode"), ["model.validation.field.blank"]);
    }
}

mod given_that_a_code_may_replace_the_password {
    use super::*;

    #[tokio::test]
    async fn choosing_mail_sends_a_code_that_signs_in() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        let answer = page.select("autemail").await;
        assert_eq!(answer.remediations()[0], "challenge-authenticator");
        let enrollment = &answer.json()["currentAuthenticatorEnrollment"]["value"];
        assert_eq!(enrollment["key"], "okta_email");
        assert_eq!(enrollment["contextualData"], json!({ "useEmailMagicLink": false }));
        assert_eq!(enrollment["resend"]["href"], "http://localhost:4401/idp/idx/challenge/resend");
        let code = server.code(EMAIL).await;
        assert!(page.answer(&code).await.is_signed_in());
    }

    #[tokio::test]
    async fn blanks_around_a_pasted_code_do_not_matter() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let code = server.code(EMAIL).await;
        assert!(page.answer(&format!(" {code}\n")).await.is_signed_in());
    }

    #[tokio::test]
    async fn one_can_go_back_to_the_password() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let answer = page.select("autpassword").await;
        assert_eq!(answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "okta_password");
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_wrong_code_asks_again_with_the_reason_in_the_field() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        let asked = page.select("autemail").await.remediations();
        let code = server.code(EMAIL).await;
        let answer = page.answer(&other_than(&code)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.messages_in("credentials.passcode"), ["api.authn.error.PASSCODE_INVALID"]);
        assert_eq!(answer.remediations(), asked);
        assert!(page.answer(&code).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_code_that_was_guessed_at_too_often_is_spent_and_a_new_one_is_not() {
        let server = TestServer::with_policy("[policy.attempts]\nper_code = 2").await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let code = server.code(EMAIL).await;
        let wrong = other_than(&code);
        assert_eq!(
            page.answer(&wrong).await.messages_in("credentials.passcode"),
            ["api.authn.error.PASSCODE_INVALID"]
        );
        for guess in [&wrong, &code] {
            let answer = page.answer(guess).await;
            assert_eq!(answer.messages_in("credentials.passcode"), ["latchkey.email.code.spent"]);
        }
        page.follow("challenge/resend").await;
        let again = server.code(EMAIL).await;
        assert!(page.answer(&again).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_code_that_is_too_old_is_spent() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let code = server.code(EMAIL).await;
        server.pass(Duration::from_secs(600));
        let answer = page.answer(&code).await;
        assert_eq!(answer.messages_in("credentials.passcode"), ["latchkey.email.code.spent"]);
    }

    #[tokio::test]
    async fn only_the_newest_code_counts() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let first = server.code(EMAIL).await;
        page.follow("challenge/resend").await;
        let [newest, ..] = &server.codes(EMAIL).await[..] else { panic!("no mail") };
        assert_ne!(&first, newest);
        let answer = page.answer(&first).await;
        assert_eq!(answer.messages_in("credentials.passcode"), ["api.authn.error.PASSCODE_INVALID"]);
        assert!(page.answer(newest).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_code_is_good_in_its_own_transaction_only() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut mine = client.begin().await;
        mine.identify(EMAIL).await;
        mine.select("autemail").await;
        let code = server.code(EMAIL).await;
        let mut theirs = client.begin().await;
        theirs.identify(EMAIL).await;
        theirs.select("autemail").await;
        assert_ne!(code, server.code(EMAIL).await);
        assert!(!theirs.answer(&code).await.is_signed_in());
        assert!(mine.answer(&code).await.is_signed_in());
    }

    #[tokio::test]
    async fn of_two_right_answers_at_once_one_signs_in() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let code = server.code(EMAIL).await;
        let body = json!({ "credentials": { "passcode": code }, "stateHandle": page.state_handle });
        let answers = tokio::join!(
            client.json("/idp/idx/challenge/answer", &body),
            client.json("/idp/idx/challenge/answer", &body),
        );
        let signed_in = [&answers.0, &answers.1].map(|answer| answer.is_signed_in());
        assert_eq!(signed_in.iter().filter(|is_signed_in| **is_signed_in).count(), 1);
        let loser = if signed_in[0] { &answers.1 } else { &answers.0 };
        assert!(loser.is_session_expired(), "{}", loser.text());
    }
}

mod given_a_policy_without_codes {
    use super::*;

    #[tokio::test]
    async fn there_is_nothing_to_choose_and_no_mail_is_sent() {
        let server = TestServer::with_policy("[policy]\nemail_code = false").await;
        let mut page = server.client().begin().await;
        let answer = page.identify(EMAIL).await;
        assert_eq!(answer.remediations(), ["challenge-authenticator"]);
        let answer = page.select("autemail").await;
        assert_eq!(answer.messages(), ["E0000020"]);
        assert_eq!(server.mails(EMAIL).await.len(), 0);
    }
}

mod given_a_transaction_that_is_over {
    use super::*;

    #[tokio::test]
    async fn an_expired_handle_gets_the_documented_answer_from_every_endpoint() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        server.pass(Duration::from_secs(3600));
        let answer = page.answer(PASSWORD).await;
        assert!(answer.is_session_expired());
        assert_eq!(
            answer.json()["messages"]["value"][0]["message"],
            "You have been logged out due to inactivity. Refresh or return to the sign in screen."
        );
        assert_eq!(answer.json().get("remediation"), None);
        assert_eq!(answer.json().get("cancel"), None);
        let answer = client.introspect(&json!({ "stateToken": page.state_handle })).await;
        assert!(answer.is_session_expired());
        assert_eq!(answer.header("content-type"), "application/json");
        let body = json!({ "interactionHandle": page.interaction_handle });
        assert!(client.introspect(&body).await.is_session_expired());
    }

    #[tokio::test]
    async fn up_to_its_last_moment_a_handle_is_good() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        server.pass(Duration::from_millis(3_599_999));
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_finished_handle_is_worth_nothing() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
        assert!(page.answer(PASSWORD).await.is_session_expired());
        let body = json!({ "interactionHandle": page.interaction_handle });
        assert!(client.introspect(&body).await.is_session_expired());
    }

    #[tokio::test]
    async fn handles_that_never_were_are_like_expired_ones() {
        let server = TestServer::start().await;
        let client = server.client();
        for handle in ["", "forgotten", "02.forgotten~generation", "\u{1f511}"] {
            let body = json!({ "stateHandle": handle, "identifier": EMAIL });
            assert!(client.json("/idp/idx/identify", &body).await.is_session_expired(), "{handle}");
            assert!(
                client.introspect(&json!({ "stateToken": handle })).await.is_session_expired(),
                "{handle}"
            );
        }
    }
}

/// Six digits, but not these.
pub(crate) fn other_than(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
