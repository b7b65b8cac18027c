//! Registration: profile, proof of the address, password.

use axum::http::StatusCode;
use serde_json::json;

use crate::sign_in::other_than;
use crate::support::{EMAIL, NEW_PASSWORD, TestServer, claims};

const NEW: &str = "robin@example.com";

mod given_the_default_policy {
    use super::*;

    #[tokio::test]
    async fn the_form_asks_for_the_profile_and_leads_back() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        let answer = page.follow("enroll").await;
        assert_eq!(answer.remediations(), ["enroll-profile", "select-identify"]);
        assert_eq!(
            answer.field("userProfile")["form"]["value"],
            json!([
                { "name": "firstName", "label": "First name", "required": true, "minLength": 1, "maxLength": 50 },
                { "name": "lastName", "label": "Last name", "required": true, "minLength": 1, "maxLength": 50 },
                { "name": "email", "label": "Email", "required": true },
            ])
        );
        assert_eq!(answer.field("userProfile").get("type"), None);
        assert_eq!(page.follow("identify/select").await.remediations()[0], "identify");
    }

    #[tokio::test]
    async fn profile_code_and_password_make_an_account_and_sign_in() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        let answer = page.register(NEW).await;
        assert_eq!(answer.remediations(), ["enroll-authenticator"]);
        let email = answer.json()["currentAuthenticator"]["value"].clone();
        assert_eq!((&email["key"], &email["resend"]["name"]), (&json!("okta_email"), &json!("resend")));

        let code = server.code(NEW).await;
        let answer = page.answer(&code).await;
        assert_eq!(answer.remediations(), ["enroll-authenticator"]);
        let password = answer.json()["currentAuthenticator"]["value"].clone();
        assert_eq!(password["key"], "okta_password");
        assert_eq!(
            password["settings"],
            json!({
                "complexity": {
                    "minLength": 10, "minLowerCase": 1, "minUpperCase": 1, "minNumber": 1, "minSymbol": 0,
                    "excludeUsername": true, "excludeAttributes": ["firstName"],
                    "maxConsecutiveRepeatingCharacters": 0,
                },
                "age": { "minAgeMinutes": 0, "historyCount": 4 },
            })
        );

        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
        let tokens = client.redeem(&page.interaction_code()).await.json();
        let id_token = claims(&tokens["id_token"]);
        assert_eq!(id_token["email"], NEW);
        assert_eq!(id_token["email_verified"], true);
        assert_eq!(id_token["name"], "Robin New");
        assert_eq!(id_token["amr"], json!(["pwd", "otp"]));

        let mut page = client.begin().await;
        page.identify(NEW).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn what_is_missing_or_wrong_is_said_in_its_field() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.follow("enroll").await;
        let profile = json!({ "firstName": "", "lastName": "x".repeat(51), "email": "robin" });
        let answer = page.post("enroll/new", json!({ "userProfile": profile })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.messages_in("userProfile.firstName"), ["model.validation.field.blank"]);
        assert_eq!(answer.messages_in("userProfile.lastName"), ["model.validation.field.string.maxLength"]);
        assert_eq!(answer.messages_in("userProfile.email"), ["registration.error.invalidLoginEmail"]);
        assert_eq!(answer.remediations(), ["enroll-profile", "select-identify"]);

        let answer = page.post("enroll/new", json!({})).await;
        assert_eq!(answer.messages_in("userProfile.email"), ["model.validation.field.blank"]);
        assert_eq!(server.mails(NEW).await.len(), 0);
    }

    #[tokio::test]
    async fn attributes_that_were_not_asked_for_are_ignored() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin().await;
        page.follow("enroll").await;
        let profile =
            json!({ "firstName": "Robin", "lastName": "New", "email": NEW, "sub": "00u", "admin": true });
        page.post("enroll/new", json!({ "userProfile": profile })).await;
        let code = server.code(NEW).await;
        page.answer(&code).await;
        let answer = page.answer(NEW_PASSWORD).await;
        assert_eq!(
            answer.json()["user"]["value"]["profile"],
            json!({ "firstName": "Robin", "lastName": "New" })
        );
    }

    #[tokio::test]
    async fn a_wrong_code_asks_again_and_resending_sends_another() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.register(NEW).await;
        let first = server.code(NEW).await;
        let answer = page.answer(&other_than(&first)).await;
        assert_eq!(answer.messages_in("credentials.passcode"), ["api.authn.error.PASSCODE_INVALID"]);
        assert_eq!(page.follow("challenge/resend").await.status, StatusCode::OK);
        let second = server.code(NEW).await;
        assert_ne!(first, second);
        page.answer(&second).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_password_that_breaks_a_rule_is_refused_with_all_of_them() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.register(NEW).await;
        let code = server.code(NEW).await;
        page.answer(&code).await;
        for password in ["Short-42", "battery-staple-77", "My-robin-Pass-77"] {
            let answer = page.answer(password).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert_eq!(
                answer.messages_in("credentials.passcode"),
                ["password.passwordRequirementsNotMet"],
                "{password}"
            );
            let field = answer.field("credentials.passcode");
            let params = &field["messages"]["value"][0]["i18n"]["params"];
            assert!(params[0].as_str().unwrap().starts_with("Password requirements: at least 10 characters"));
        }
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_password_cannot_be_skipped() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.register(NEW).await;
        let code = server.code(NEW).await;
        page.answer(&code).await;
        assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
    }

    #[tokio::test]
    async fn an_address_that_somebody_registered_meanwhile_is_taken() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut slow = client.begin().await;
        slow.register(NEW).await;
        let slow_code = server.code(NEW).await;
        slow.answer(&slow_code).await;
        let mut quick = client.begin().await;
        quick.register(NEW).await;
        let quick_code = server.code(NEW).await;
        quick.answer(&quick_code).await;
        assert!(quick.answer(NEW_PASSWORD).await.is_signed_in());

        let answer = slow.answer("Other-Staple-88").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.remediations()[0], "enroll-profile");
        assert_eq!(answer.messages_in("userProfile.email"), ["registration.error.notUniqueWithinOrg"]);
        let mut page = client.begin().await;
        page.identify(NEW).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn an_address_with_an_account_gets_a_letter_instead_of_a_code() {
        let server = TestServer::start().await;
        let mut page = server.client().begin().await;
        page.register(EMAIL).await;
        let mails = server.mails(EMAIL).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0]["subject"], "You already have an account for Demo app");
        assert!(mails[0]["code"].is_null());
        for guess in ["000000", ""] {
            assert_ne!(page.answer(guess).await.status, StatusCode::OK);
        }
    }
}

mod given_a_policy_that_shows_existing_accounts {
    use super::*;

    #[tokio::test]
    async fn the_form_says_that_the_address_is_taken() {
        let server = TestServer::with_policy("[policy.registration]\nexisting_account = \"shown\"").await;
        let mut page = server.client().begin().await;
        let answer = page.register(EMAIL).await;
        assert_eq!(answer.messages_in("userProfile.email"), ["registration.error.notUniqueWithinOrg"]);
        assert_eq!(server.mails(EMAIL).await.len(), 0);
    }
}

mod given_a_policy_with_fields_of_its_own {
    use super::*;

    #[tokio::test]
    async fn they_are_asked_in_their_order() {
        let policy = r#"
            [[policy.registration.fields]]
            name = "nickName"
            label = "What shall we call you?"
            max_length = 20
        "#;
        let server = TestServer::with_policy(policy).await;
        let mut page = server.client().begin().await;
        let answer = page.follow("enroll").await;
        assert_eq!(
            answer.field("userProfile.nickName"),
            json!({
                "name": "nickName", "label": "What shall we call you?",
                "required": false, "minLength": 0, "maxLength": 20,
            })
        );
        let profile = json!({ "email": NEW });
        page.post("enroll/new", json!({ "userProfile": profile })).await;
        let code = server.code(NEW).await;
        page.answer(&code).await;
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }
}

mod given_a_policy_where_a_password_is_optional {
    use super::*;

    const POLICY: &str = "[policy.registration]\npassword = \"optional\"";

    #[tokio::test]
    async fn it_can_be_skipped_and_codes_sign_in_from_then_on() {
        let server = TestServer::with_policy(POLICY).await;
        let client = server.client();
        let mut page = client.begin().await;
        page.register(NEW).await;
        let code = server.code(NEW).await;
        let answer = page.answer(&code).await;
        assert_eq!(answer.remediations(), ["select-authenticator-enroll", "skip"]);
        let options = answer.field("authenticator")["options"].clone();
        assert_eq!(options[0]["relatesTo"], "$.authenticators.value[0]");
        assert!(page.follow("skip").await.is_signed_in());

        let mut page = client.begin().await;
        page.identify(NEW).await;
        assert!(!page.answer(NEW_PASSWORD).await.is_signed_in());
        page.select("autemail").await;
        let code = server.code(NEW).await;
        assert!(page.answer(&code).await.is_signed_in());
    }

    #[tokio::test]
    async fn it_can_be_chosen() {
        let server = TestServer::with_policy(POLICY).await;
        let mut page = server.client().begin().await;
        page.register(NEW).await;
        let code = server.code(NEW).await;
        page.answer(&code).await;
        let answer =
            page.post("credential/enroll", json!({ "authenticator": { "id": "autpassword" } })).await;
        assert_eq!(answer.remediations(), ["enroll-authenticator", "select-authenticator-enroll", "skip"]);
        assert!(page.answer(NEW_PASSWORD).await.is_signed_in());
    }
}

mod given_a_policy_without_registration {
    use super::*;

    #[tokio::test]
    async fn it_is_not_offered_and_not_possible() {
        let server = TestServer::with_policy("[policy.registration]\nenabled = false").await;
        let mut page = server.client().begin().await;
        assert_eq!(page.answer.remediations(), ["identify"]);
        let answer = page.follow("enroll").await;
        assert_eq!(answer.messages(), ["idx.error.registration.unavailable"]);
        assert_eq!(answer.remediations(), ["identify"]);
    }
}
