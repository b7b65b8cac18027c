//! Passkeys: setting one up, signing in with it alone, and as a second proof.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::authenticator::SoftwareAuthenticator;
use crate::support::{Client, Conversation, EMAIL, NEW_PASSWORD, PASSWORD, TestServer, claims};

const OPTIONAL: &str = "[policy]\npasskey_autofill = true\n[policy.authenticators]\npasskey = \"optional\"\n";
const SECOND: &str =
    "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\npasskey = \"optional\"\n";

/// Signs in with the password, as far as the page after it.
async fn signed_in(client: &Client) -> Conversation {
    let mut page = client.begin().await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    page
}

/// Chooses to set a passkey up, and makes it.
async fn make(page: &mut Conversation, key: &mut SoftwareAuthenticator) -> Value {
    let choice = json!({ "authenticator": { "id": "autpasskey" } });
    let answer = page.post("credential/enroll", choice).await;
    let context = answer.json()["currentAuthenticator"]["value"]["contextualData"].clone();
    key.create(&context["activationData"])
}

/// A server with this policy, and Pat's passkey.
async fn with_passkey(policy: &str) -> (TestServer, SoftwareAuthenticator) {
    let server = TestServer::with_policy(policy).await;
    let mut key = SoftwareAuthenticator::new(b"the first credential");
    let mut page = signed_in(&server.client()).await;
    let credentials = make(&mut page, &mut key).await;
    let answer = page.post("challenge/answer", json!({ "credentials": credentials })).await;
    assert!(answer.is_signed_in(), "{}", answer.text());
    (server, key)
}

fn autofill_challenge(page: &Conversation) -> Value {
    page.answer.json()["webauthnAutofillUIChallenge"]["value"]["challengeData"].clone()
}

async fn autofill(page: &mut Conversation, credentials: &Value) {
    page.post("challenge/answer/webauthn-autofillui", json!({ "credentials": credentials })).await;
}

async fn id_token(client: &Client, page: &Conversation) -> Value {
    let tokens = client.redeem(&page.interaction_code()).await.json();
    claims(&tokens["id_token"])
}

mod given_that_one_may_be_set_up {
    use super::*;

    #[tokio::test]
    async fn it_is_offered_after_the_password_and_may_be_skipped() {
        let server = TestServer::with_policy(OPTIONAL).await;
        let mut page = signed_in(&server.client()).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll", "skip"]);
        let document = page.answer.json();
        assert_eq!(document["authenticators"]["value"][0]["key"], "webauthn");
        assert_eq!(document["authenticators"]["value"][0]["displayName"], "Passkeys");
        assert!(page.follow("skip").await.is_signed_in());
    }

    #[tokio::test]
    async fn the_browser_is_told_to_make_one_that_can_be_found_without_a_name() {
        let server = TestServer::with_policy(OPTIONAL).await;
        let mut page = signed_in(&server.client()).await;
        let choice = json!({ "authenticator": { "id": "autpasskey", "methodType": "webauthn" } });
        let answer = page.post("credential/enroll", choice).await;
        assert_eq!(answer.remediations(), ["enroll-authenticator", "select-authenticator-enroll", "skip"]);
        let data = answer.json()["currentAuthenticator"]["value"]["contextualData"]["activationData"].clone();
        assert_eq!(data["rp"], json!({ "name": "Demo app", "id": "localhost" }));
        assert_eq!(
            (&data["user"]["name"], &data["user"]["displayName"]),
            (&json!(EMAIL), &json!("Pat Example"))
        );
        assert_eq!(data["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(data["authenticatorSelection"]["requireResidentKey"], false);
        assert_eq!(data["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(data.get("excludeCredentials"), None);
        assert_eq!(answer.field("credentials.clientData")["visible"], false);
    }

    #[tokio::test]
    async fn once_there_it_is_not_offered_again() {
        let (server, _) = with_passkey(OPTIONAL).await;
        assert!(signed_in(&server.client()).await.answer.is_signed_in());
    }

    #[tokio::test]
    async fn the_same_one_cannot_be_set_up_twice_not_even_by_somebody_else() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let client = server.client();
        let mut page = client.begin().await;
        page.register("robin@example.com").await;
        let code = server.code("robin@example.com").await;
        page.answer(&code).await;
        page.answer(NEW_PASSWORD).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll", "skip"]);
        let credentials = make(&mut page, &mut key).await;
        let answer = page.post("challenge/answer", json!({ "credentials": credentials })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.messages(), ["authfactor.webauthn.error.credential_exists"]);
        assert_eq!(answer.remediations()[0], "enroll-authenticator");
        assert!(page.follow("skip").await.is_signed_in());
    }

    #[tokio::test]
    async fn what_was_made_for_another_page_or_challenge_is_refused() {
        let server = TestServer::with_policy(OPTIONAL).await;
        let mut page = signed_in(&server.client()).await;
        let mut key = SoftwareAuthenticator::new(b"key");
        let good = make(&mut page, &mut key).await;
        key.origin = "https://evil.example.com".to_owned();
        let elsewhere = make(&mut page, &mut key).await;
        // `good` answers the challenge before this one.
        for credentials in [elsewhere, good, json!({}), json!({ "clientData": "!", "attestation": "!" })] {
            let answer = page.post("challenge/answer", json!({ "credentials": credentials })).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert_eq!(answer.messages(), ["authfactor.webauthn.error.attestation_validation_failure"]);
        }
    }

    #[tokio::test]
    async fn transports_and_extensions_need_not_be_sent() {
        let server = TestServer::with_policy(OPTIONAL).await;
        let mut page = signed_in(&server.client()).await;
        let credentials = make(&mut page, &mut SoftwareAuthenticator::new(b"key")).await;
        let least =
            json!({ "clientData": credentials["clientData"], "attestation": credentials["attestation"] });
        assert!(page.post("challenge/answer", json!({ "credentials": least })).await.is_signed_in());
    }
}

mod given_that_one_must_be_set_up {
    use super::*;

    #[tokio::test]
    async fn there_is_no_way_around_it() {
        let server = TestServer::with_policy("[policy.authenticators]\npasskey = \"required\"").await;
        let mut page = signed_in(&server.client()).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
        assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
        let credentials = make(&mut page, &mut SoftwareAuthenticator::new(b"key")).await;
        assert!(page.post("challenge/answer", json!({ "credentials": credentials })).await.is_signed_in());
    }
}

mod given_a_first_page_that_takes_one {
    use super::*;

    #[tokio::test]
    async fn the_page_asks_for_both_a_name_and_a_passkey() {
        let server = TestServer::with_policy(OPTIONAL).await;
        let page = server.client().begin().await;
        assert_eq!(
            page.answer.remediations(),
            [
                "identify",
                "challenge-webauthn-autofillui-authenticator",
                "launch-passkeys-authenticator",
                "select-enroll-profile"
            ]
        );
        let data = autofill_challenge(&page);
        assert_eq!((&data["rpId"], &data["userVerification"]), (&json!("localhost"), &json!("required")));
    }

    #[tokio::test]
    async fn it_signs_in_and_is_two_factors() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let client = server.client();
        let mut page = client.begin().await;
        let credentials = key.get(&autofill_challenge(&page));
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_signed_in(), "{}", page.answer.text());
        assert_eq!(page.answer.json()["user"]["value"]["identifier"], EMAIL);
        assert_eq!(id_token(&client, &page).await["amr"], json!(["hwk", "mfa"]));
    }

    #[tokio::test]
    async fn base64_may_be_url_safe_and_unpadded() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let mut page = server.client().begin().await;
        let mut credentials = key.get(&autofill_challenge(&page));
        for member in credentials.as_object_mut().unwrap().values_mut() {
            let bytes = STANDARD.decode(member.as_str().unwrap()).unwrap();
            *member = URL_SAFE_NO_PAD.encode(bytes).into();
        }
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_signed_in());
    }

    #[tokio::test]
    async fn every_wrong_answer_brings_the_page_back_with_a_new_challenge() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        type Spoil = fn(&mut SoftwareAuthenticator);
        let wrongs: [(&str, Spoil); 5] = [
            ("origin", |key| key.origin = "http://localhost:4500".to_owned()),
            ("relying party", |key| key.rp_id = "example.com".to_owned()),
            ("nobody verified", |key| key.is_user_verified = false),
            ("unknown person", |key| key.user_handle = URL_SAFE_NO_PAD.encode([7; 16])),
            ("no person", |key| key.user_handle = String::new()),
        ];
        for (what, spoil) in wrongs {
            let (origin, rp_id, handle) = (key.origin.clone(), key.rp_id.clone(), key.user_handle.clone());
            spoil(&mut key);
            let mut page = server.client().begin().await;
            let challenge = autofill_challenge(&page);
            let credentials = key.get(&challenge);
            autofill(&mut page, &credentials).await;
            assert_eq!(page.answer.status, StatusCode::UNAUTHORIZED, "{what}");
            assert_eq!(page.answer.remediations()[0], "identify", "{what}");
            assert_eq!(
                page.answer.messages(),
                ["authfactor.webauthn.error.assertion_validation_failure"],
                "{what}"
            );
            assert_ne!(autofill_challenge(&page), challenge, "{what}");
            (key.origin, key.rp_id, key.user_handle, key.is_user_verified) = (origin, rp_id, handle, true);
        }
        let mut page = server.client().begin().await;
        let credentials = key.get(&autofill_challenge(&page));
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_signed_in());
    }

    #[tokio::test]
    async fn a_challenge_of_another_sign_in_is_refused() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let other = server.client().begin().await;
        let credentials = key.get(&autofill_challenge(&other));
        let mut page = server.client().begin().await;
        autofill(&mut page, &credentials).await;
        assert_eq!(page.answer.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn an_answer_that_was_refused_once_stays_refused() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let mut page = server.client().begin().await;
        let good = key.get(&autofill_challenge(&page));
        autofill(&mut page, &json!({})).await;
        autofill(&mut page, &good).await;
        assert_eq!(page.answer.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn what_signed_in_cannot_be_sent_again() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let client = server.client();
        let mut page = client.begin().await;
        let mut other_tab = client.begin().await;
        let credentials = key.get(&autofill_challenge(&page));
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_signed_in());
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_session_expired());
        autofill(&mut other_tab, &credentials).await;
        assert_eq!(other_tab.answer.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn of_two_tabs_that_answer_at_once_one_signs_in() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let client = server.client();
        let page = client.begin().await;
        let challenge = autofill_challenge(&page);
        let (left, right) = (key.get(&challenge), key.get(&challenge));
        let body = |credentials| json!({ "credentials": credentials, "stateHandle": page.state_handle });
        let (left, right) = (body(left), body(right));
        let answers = tokio::join!(
            client.json("/idp/idx/challenge/answer/webauthn-autofillui", &left),
            client.json("/idp/idx/challenge/answer/webauthn-autofillui", &right),
        );
        let signed_in = [&answers.0, &answers.1].map(|answer| answer.is_signed_in());
        assert_eq!(signed_in.iter().filter(|is_signed_in| **is_signed_in).count(), 1);
    }

    #[tokio::test]
    async fn a_copied_key_is_noticed_by_its_counter() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        for (counter, is_good) in [(10, true), (3, false), (10, false), (20, true)] {
            key.counter = counter;
            let mut page = server.client().begin().await;
            let credentials = key.get(&autofill_challenge(&page));
            autofill(&mut page, &credentials).await;
            assert_eq!(page.answer.is_signed_in(), is_good, "{counter}");
        }
    }

    #[tokio::test]
    async fn a_name_that_was_refused_does_not_use_the_challenge_up() {
        let (server, mut key) = with_passkey(OPTIONAL).await;
        let mut page = server.client().begin().await;
        let challenge = autofill_challenge(&page);
        page.identify("").await;
        assert_eq!(autofill_challenge(&page), challenge);
        let credentials = key.get(&challenge);
        autofill(&mut page, &credentials).await;
        assert!(page.answer.is_signed_in());
    }
}

mod given_that_one_is_asked_for_after_the_password {
    use super::*;

    fn challenge(page: &Conversation) -> Value {
        page.answer.json()["currentAuthenticator"]["value"]["contextualData"]["challengeData"].clone()
    }

    #[tokio::test]
    async fn who_has_none_is_offered_one_and_not_asked() {
        let server = TestServer::with_policy(SECOND).await;
        let mut page = signed_in(&server.client()).await;
        assert!(page.follow("skip").await.is_signed_in());
    }

    /// okta-signin-widget makes its first passkey only if it finds the list of those that must not be made again.
    #[tokio::test]
    async fn who_has_none_finds_an_empty_list_of_them() {
        let server = TestServer::with_policy(SECOND).await;
        let page = signed_in(&server.client()).await;
        assert_eq!(page.answer.json()["authenticatorEnrollments"], json!({ "type": "array", "value": [] }));
    }

    #[tokio::test]
    async fn the_only_one_is_asked_for_at_once_and_its_credential_is_named() {
        let (server, mut key) = with_passkey(SECOND).await;
        let client = server.client();
        let mut page = signed_in(&client).await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        let enrollment = page.answer.json()["authenticatorEnrollments"]["value"][0].clone();
        assert_eq!(enrollment["credentialId"], URL_SAFE_NO_PAD.encode(&key.id));
        assert_eq!(enrollment["transports"], json!(["internal"]));
        let mut credentials = key.get(&challenge(&page));
        credentials.as_object_mut().unwrap().remove("userHandle");
        assert!(page.post("challenge/answer", json!({ "credentials": credentials })).await.is_signed_in());
        assert_eq!(id_token(&client, &page).await["amr"], json!(["pwd", "hwk", "mfa"]));
    }

    #[tokio::test]
    async fn another_ones_key_is_refused_and_the_next_challenge_is_new() {
        let (server, mut key) = with_passkey(SECOND).await;
        let mut page = signed_in(&server.client()).await;
        let asked = challenge(&page);
        let mut stranger = SoftwareAuthenticator::new(&key.id);
        stranger.user_handle = key.user_handle.clone();
        let credentials = stranger.get(&asked);
        let answer = page.post("challenge/answer", json!({ "credentials": credentials })).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.remediations(), ["challenge-authenticator"]);
        assert_ne!(challenge(&page), asked);
        let credentials = key.get(&challenge(&page));
        assert!(page.post("challenge/answer", json!({ "credentials": credentials })).await.is_signed_in());
    }

    #[tokio::test]
    async fn a_new_password_does_not_get_around_it() {
        let (server, _) = with_passkey(SECOND).await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.follow("recover").await;
        let code = server.code(EMAIL).await;
        page.answer(&code).await;
        assert_eq!(page.answer(NEW_PASSWORD).await.remediations(), ["challenge-authenticator"]);
        assert_eq!(page.answer.json()["currentAuthenticator"]["value"]["key"], "webauthn");
    }
}

mod given_that_a_second_proof_is_always_asked_for {
    use super::*;

    const ALWAYS: &str = "[policy]\nsecond_factor = \"always\"";

    #[tokio::test]
    async fn who_has_set_nothing_up_gets_a_code_by_mail_after_the_password() {
        let server = TestServer::with_policy(ALWAYS).await;
        let client = server.client();
        let mut page = signed_in(&client).await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        let code = server.code(EMAIL).await;
        assert!(page.answer(&code).await.is_signed_in());
        assert_eq!(id_token(&client, &page).await["amr"], json!(["pwd", "otp", "mfa"]));
    }

    #[tokio::test]
    async fn and_is_asked_for_the_password_after_a_code() {
        let server = TestServer::with_policy(ALWAYS).await;
        let mut page = server.client().begin().await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        let code = server.code(EMAIL).await;
        page.answer(&code).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "okta_password");
        assert_eq!(
            page.answer("Wrong-Horse-42").await.messages_in("credentials.passcode"),
            ["incorrectPassword"]
        );
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }
}
