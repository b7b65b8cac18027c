//! Tokens and codes that operators make: activation, recovery, temporary access codes.

use std::time::Duration;

use axum::http::StatusCode;
use latchkey_server::{TokenError, TokenKind};
use serde_json::json;

use crate::support::{Answer, Client, EMAIL, NEW_PASSWORD, PASSWORD, TestServer, interact_params};
use crate::totp;

const NEW: &str = "robin@example.com";
/// An account that waits to be activated.
const STAGED: &str = "[[users]]\nemail = \"robin@example.com\"\nfirst_name = \"Robin\"\nlast_name = \"New\"";
const TAC: &str = "[policy.authenticators]\ntemporary_access_code = true";

async fn token(server: &TestServer, kind: TokenKind, email: &str) -> String {
    server.token(kind, email).await.unwrap().token
}

/// Begins with a token that is no good.
async fn refused(client: &Client, parameter: &str, token: &str) -> String {
    let mut params = interact_params("openid").to_vec();
    params.push((parameter, token));
    let answer: Answer = client.form("interact", &params).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_request");
    answer.json()["error_description"].as_str().unwrap().to_owned()
}

mod given_an_activation_token {
    use super::*;

    #[tokio::test]
    async fn somebody_without_a_password_chooses_one_and_is_signed_in() {
        let server = TestServer::with_policy(STAGED).await;
        let client = server.client();
        let token = token(&server, TokenKind::Activation, NEW).await;
        let mut page = client.begin_with(&[("activation_token", &token)]).await;
        assert_eq!(page.answer.remediations(), ["enroll-authenticator"]);
        let document = page.answer.json();
        assert_eq!(document["currentAuthenticator"]["value"]["key"], "okta_password");
        assert_eq!(document["currentAuthenticator"]["value"]["settings"]["complexity"]["minLength"], 10);
        assert_eq!(document["user"]["value"]["identifier"], NEW);
        assert_eq!(
            page.answer("Robin-12345").await.messages_in("credentials.passcode"),
            ["password.passwordRequirementsNotMet"]
        );
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
        assert_eq!(client.amr(&page).await, json!(["pwd", "otp"]));
        let mut page = client.begin().await;
        page.identify(NEW).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn what_is_required_is_set_up_on_the_way() {
        let policy = format!("{STAGED}\n[policy.authenticators]\ntotp = \"required\"");
        let server = TestServer::with_policy(&policy).await;
        let token = token(&server, TokenKind::Activation, NEW).await;
        let mut page = server.client().begin_with(&[("activation_token", &token)]).await;
        page.answer(NEW_PASSWORD).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
        let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
        assert!(page.answer(&totp::app(&secret, server.now_in_seconds())).await.is_signed_in());
    }

    #[tokio::test]
    async fn it_is_good_once_for_a_while_and_for_nothing_else() {
        let server = TestServer::with_policy(STAGED).await;
        let client = server.client();
        let invalid = "The activation token is invalid";
        let first = token(&server, TokenKind::Activation, NEW).await;
        assert_eq!(refused(&client, "recovery_token", &first).await, "The recovery token is invalid");
        client.begin_with(&[("activation_token", &first)]).await;
        assert_eq!(refused(&client, "activation_token", &first).await, invalid);
        // A later one takes the place of an earlier one.
        let earlier = token(&server, TokenKind::Activation, NEW).await;
        let later = token(&server, TokenKind::Activation, NEW).await;
        assert_eq!(refused(&client, "activation_token", &earlier).await, invalid);
        server.pass(Duration::from_secs(7 * 24 * 3600));
        assert_eq!(refused(&client, "activation_token", &later).await, invalid);
    }

    #[tokio::test]
    async fn it_ends_when_a_password_was_chosen_in_another_way() {
        let server = TestServer::with_policy(STAGED).await;
        let client = server.client();
        let token = token(&server, TokenKind::Activation, NEW).await;
        let mut page = client.begin().await;
        page.follow("recover").await;
        page.identify(NEW).await;
        page.answer(&server.code(NEW).await).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
        assert_eq!(refused(&client, "activation_token", &token).await, "The activation token is invalid");
        assert!(matches!(server.token(TokenKind::Activation, NEW).await, Err(TokenError::AlreadyActive(_))));
    }

    #[tokio::test]
    async fn two_who_use_it_at_once_choose_one_password() {
        let server = TestServer::with_policy(STAGED).await;
        let client = server.client();
        let token = token(&server, TokenKind::Activation, NEW).await;
        let mut params = interact_params("openid").to_vec();
        params.push(("activation_token", &token));
        let (one, two) = tokio::join!(client.form("interact", &params), client.form("interact", &params));
        let good = [one, two].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(good, 1);
    }

    #[tokio::test]
    async fn leaving_leads_to_the_first_page() {
        let server = TestServer::with_policy(STAGED).await;
        let token = token(&server, TokenKind::Activation, NEW).await;
        let mut page = server.client().begin_with(&[("activation_token", &token)]).await;
        assert_eq!(page.follow("cancel").await.remediations()[0], "identify");
    }
}

mod given_a_recovery_token {
    use super::*;

    #[tokio::test]
    async fn another_password_is_chosen_at_once() {
        let server = TestServer::start().await;
        let client = server.client();
        let token = token(&server, TokenKind::Recovery, EMAIL).await;
        let mut page = client.begin_with(&[("recovery_token", &token)]).await;
        assert_eq!(page.answer.remediations(), ["reset-authenticator"]);
        assert_eq!(page.answer(PASSWORD).await.messages_in("credentials.passcode"), ["errors.E0000035"]);
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
        assert_eq!(refused(&client, "recovery_token", &token).await, "The recovery token is invalid");
    }

    #[tokio::test]
    async fn a_second_proof_is_still_asked_for() {
        let policy =
            "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"";
        let server = TestServer::with_policy(policy).await;
        let client = server.client();
        totp::enroll(&server, &client).await;
        let token = token(&server, TokenKind::Recovery, EMAIL).await;
        let mut page = client.begin_with(&[("recovery_token", &token)]).await;
        page.answer(NEW_PASSWORD).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "google_otp");
    }

    #[tokio::test]
    async fn its_lifetime_is_in_the_policy_and_it_is_not_kept_as_it_is() {
        let server = TestServer::with_policy("[policy.lifetimes]\nrecovery_token = \"5m\"").await;
        let issued = server.token(TokenKind::Recovery, EMAIL).await.unwrap();
        assert_eq!(issued.expires_at.as_seconds() - server.now_in_seconds(), 300);
        server.close().await;
        let database = std::fs::read(server.folder.path().join("server.sqlite")).unwrap();
        assert!(!database.windows(issued.token.len()).any(|part| part == issued.token.as_bytes()));
        let server = server.restart().await;
        server.pass(Duration::from_secs(300));
        refused(&server.client(), "recovery_token", &issued.token).await;
    }
}

mod given_a_temporary_access_code {
    use super::*;

    #[tokio::test]
    async fn it_is_typed_instead_of_the_password_once() {
        let server = TestServer::with_policy(TAC).await;
        let client = server.client();
        let code = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("auttac").await;
        assert_eq!(page.answer.remediations()[0], "challenge-authenticator");
        let current = page.answer.json()["currentAuthenticatorEnrollment"]["value"].clone();
        assert_eq!((&current["key"], &current["type"]), (&json!("tac"), &json!("tac")));
        assert_eq!(page.answer.field("credentials.passcode")["secret"], true);
        assert_eq!(
            page.answer("AAAA-AAAA-AAAA").await.messages_in("credentials.passcode"),
            ["api.authn.error.PASSCODE_INVALID"]
        );
        assert!(page.answer(&code.to_lowercase().replace('-', "")).await.is_signed_in());
        assert_eq!(client.amr(&page).await, json!(["otp"]));
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("auttac").await;
        assert_eq!(
            page.answer(&code).await.messages_in("credentials.passcode"),
            ["api.authn.error.PASSCODE_INVALID"]
        );
    }

    #[tokio::test]
    async fn it_stands_in_for_a_second_proof_that_was_lost() {
        let policy = "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"\n\
                      temporary_access_code = true";
        let server = TestServer::with_policy(policy).await;
        let client = server.client();
        let _ = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        // On its own it asks for nothing: whoever knows the password gets in with it.
        assert_eq!(client.after_password().await.answer.remediations()[1], "skip");
        totp::enroll(&server, &client).await;
        let code = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let mut page = client.after_password().await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-authenticate"]);
        page.select("auttac").await;
        assert!(page.answer(&code).await.is_signed_in());
        assert_eq!(client.amr(&page).await, json!(["pwd", "otp", "mfa"]));
        let page = client.after_password().await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "google_otp");
    }

    #[tokio::test]
    async fn it_is_not_both_proofs() {
        let policy = "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"\n\
                      temporary_access_code = true";
        let server = TestServer::with_policy(policy).await;
        let client = server.client();
        totp::enroll(&server, &client).await;
        let code = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("auttac").await;
        page.answer(&code).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "google_otp");
        assert_eq!(page.select("auttac").await.messages(), ["E0000020"]);
    }

    #[tokio::test]
    async fn it_ends_with_its_time_and_with_the_next_one() {
        let server = TestServer::with_policy(TAC).await;
        let client = server.client();
        let first = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let second = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("auttac").await;
        assert!(!page.answer(&first).await.is_signed_in());
        server.pass(Duration::from_secs(3599));
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.select("auttac").await;
        server.pass(Duration::from_secs(1));
        assert!(!page.answer(&second).await.is_signed_in());
    }

    #[tokio::test]
    async fn guesses_are_counted_and_nobody_learns_who_has_an_account() {
        let server = TestServer::with_policy(&format!("{TAC}\n[policy.attempts]\nper_account = 2")).await;
        let client = server.client();
        let code = token(&server, TokenKind::TemporaryAccessCode, EMAIL).await;
        let mut seen = Vec::new();
        for identifier in [EMAIL, "nobody@example.com"] {
            let mut page = client.begin().await;
            page.identify(identifier).await;
            page.select("auttac").await;
            let mut answers = Vec::new();
            for typed in ["AAAA-AAAA-AAAA", "AAAA-AAAA-AAAB", code.as_str()] {
                let answer = page.answer(typed).await;
                answers.push((answer.status, answer.messages(), answer.remediations()));
            }
            seen.push(answers);
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0][2].0, StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn a_policy_without_them_neither_offers_nor_makes_one() {
        let server = TestServer::start().await;
        assert!(matches!(
            server.token(TokenKind::TemporaryAccessCode, EMAIL).await,
            Err(TokenError::NotInPolicy)
        ));
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        assert_eq!(page.select("auttac").await.messages(), ["E0000020"]);
    }
}

#[tokio::test]
async fn for_nobody_there_is_no_token() {
    let server = TestServer::start().await;
    let error = server.token(TokenKind::Recovery, "nobody@example.com").await.err().unwrap();
    assert_eq!(error.to_string(), "there is no account with the address nobody@example.com");
}
