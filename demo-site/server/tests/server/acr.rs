//! Step-up: clients that ask with `acr_values` how sure it has to be who it is.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::authenticator::SoftwareAuthenticator;
use crate::support::{Client, Conversation, EMAIL, PASSWORD, TestServer, claims, interact_params};
use crate::totp;

const ANY: &str = "urn:okta:loa:1fa:any";
const BY_PASSWORD: &str = "urn:okta:loa:1fa:pwd";
const TWO: &str = "urn:okta:loa:2fa:any";
const TWO_IF_POSSIBLE: &str = "urn:okta:loa:2fa:any:ifpossible";

const PASSKEYS: &str = "[policy.authenticators]\npasskey = \"optional\"\ntotp = \"optional\"";

/// Signs Pat in with the password for this class, as far as the page after it.
async fn after_password(client: &Client, acr: &str) -> Conversation {
    let mut page = client.begin_with(&[("acr_values", acr)]).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    page
}

/// The claims about how it was proved, and that both tokens agree on them.
async fn proved(client: &Client, page: &Conversation) -> (Value, Value) {
    let tokens = client.redeem(&page.interaction_code()).await.json();
    let (id, access) = (claims(&tokens["id_token"]), claims(&tokens["access_token"]));
    assert_eq!((&id["acr"], &id["auth_time"]), (&access["acr"], &access["auth_time"]));
    (id["acr"].clone(), id["amr"].clone())
}

/// What `interact` says to these parameters.
async fn refusal(server: &TestServer, more: &[(&str, &str)]) -> Value {
    let params: Vec<_> = interact_params("openid").into_iter().chain(more.iter().copied()).collect();
    let answer = server.client().form("interact", &params).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    answer.json()
}

/// Makes the passkey that is being set up.
async fn make(page: &mut Conversation, key: &mut SoftwareAuthenticator) {
    let activation_data = page.answer.context()["activationData"].clone();
    page.answer_with(key.create(&activation_data)).await;
}

/// The keys of what is offered to be set up.
fn offered(page: &Conversation) -> Vec<Value> {
    assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
    let document = page.answer.json();
    document["authenticators"]["value"].as_array().unwrap().iter().map(|it| it["key"].clone()).collect()
}

#[tokio::test]
async fn without_a_wish_the_tokens_say_how_many_proofs_there_were() {
    let server = TestServer::with_policy(
        "[policy]\nsecond_factor = \"if_enrolled\"\n[policy.authenticators]\ntotp = \"optional\"",
    )
    .await;
    let client = server.client();
    let mut page = client.after_password().await;
    page.follow("skip").await;
    assert_eq!(proved(&client, &page).await, (json!(ANY), json!(["pwd"])));
    let secret = totp::enroll(&server, &client).await;
    server.pass(Duration::from_secs(60));
    let mut page = client.after_password().await;
    page.answer(&totp::app(&secret, server.now_in_seconds())).await;
    assert_eq!(proved(&client, &page).await, (json!(TWO), json!(["pwd", "otp", "mfa"])));
}

#[tokio::test]
async fn the_class_survives_a_refresh() {
    let server = TestServer::start().await;
    let client = server.client();
    let page = after_password(&client, BY_PASSWORD).await;
    let tokens = client.redeem(&page.interaction_code()).await.json();
    server.pass(Duration::from_secs(5));
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", "demo-spa"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    let later = client.form("token", &refresh).await.json();
    for name in ["id_token", "access_token"] {
        let (before, after) = (claims(&tokens[name]), claims(&later[name]));
        assert_eq!(after["acr"], BY_PASSWORD);
        assert_eq!(after["auth_time"], before["auth_time"]);
    }
}

mod given_that_one_proof_is_enough {
    use super::*;

    #[tokio::test]
    async fn any_will_do() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin_with(&[("acr_values", ANY)]).await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        page.answer(&server.code(EMAIL).await).await;
        assert_eq!(proved(&client, &page).await, (json!(ANY), json!(["otp"])));
    }

    #[tokio::test]
    async fn if_it_has_to_be_the_password_nothing_else_is_offered() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin_with(&[("acr_values", BY_PASSWORD)]).await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        assert_eq!(page.select("autemail").await.messages(), ["E0000020"]);
        page.answer(PASSWORD).await;
        assert_eq!(proved(&client, &page).await, (json!(BY_PASSWORD), json!(["pwd"])));
    }

    #[tokio::test]
    async fn who_has_recovered_it_gives_the_new_password_too() {
        let server = TestServer::start().await;
        let client = server.client();
        let mut page = client.begin_with(&[("acr_values", BY_PASSWORD)]).await;
        page.follow("recover").await;
        page.identify(EMAIL).await;
        page.answer(&server.code(EMAIL).await).await;
        page.answer("Battery-Staple-77").await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        page.answer("Battery-Staple-77").await;
        assert_eq!(proved(&client, &page).await.0, BY_PASSWORD);
    }
}

mod given_that_two_proofs_are_asked_for {
    use super::*;

    #[tokio::test]
    async fn the_policy_is_raised() {
        let server = TestServer::start().await;
        let client = server.client();
        for acr in [TWO, TWO_IF_POSSIBLE] {
            let mut page = after_password(&client, acr).await;
            assert!(!page.answer.is_signed_in());
            page.answer(&server.code(EMAIL).await).await;
            assert_eq!(proved(&client, &page).await, (json!(acr), json!(["pwd", "otp", "mfa"])));
        }
        assert!(after_password(&client, ANY).await.answer.is_signed_in());
    }

    #[tokio::test]
    async fn what_is_set_up_comes_before_the_mail_and_what_does_not_help_is_not_offered() {
        let policy = "[policy.authenticators]\ntotp = \"optional\"\nsecurity_question = \"optional\"";
        let server = TestServer::with_policy(policy).await;
        let client = server.client();
        let mut page = client.after_password().await;
        page.set_up("autquestion").await;
        page.answer_with(json!({ "questionKey": "favorite_toy", "answer": "teddy" })).await;
        page.follow("skip").await;
        // A password and an answer are both something known.
        let page = after_password(&client, TWO).await;
        let document = page.answer.json();
        assert_eq!(document["currentAuthenticatorEnrollment"]["value"]["key"], "okta_email");
        let secret = totp::enroll(&server, &client).await;
        server.pass(Duration::from_secs(60));
        let mut page = after_password(&client, TWO).await;
        let document = page.answer.json();
        assert_eq!(document["currentAuthenticatorEnrollment"]["value"]["key"], "google_otp");
        page.answer(&totp::app(&secret, server.now_in_seconds())).await;
        assert_eq!(proved(&client, &page).await, (json!(TWO), json!(["pwd", "otp", "mfa"])));
        // After a code by mail another code is no second kind of proof; the password and the answer are.
        let mut page = client.begin_with(&[("acr_values", TWO)]).await;
        page.identify(EMAIL).await;
        page.select("autemail").await;
        page.answer(&server.code(EMAIL).await).await;
        let document = page.answer.json();
        let listed: Vec<_> =
            document["authenticators"]["value"].as_array().unwrap().iter().map(|it| &it["key"]).collect();
        assert_eq!(listed, ["okta_password", "security_question"]);
        page.select("autpassword").await;
        page.answer(PASSWORD).await;
        assert_eq!(proved(&client, &page).await.0, TWO);
    }

    #[tokio::test]
    async fn who_has_nothing_sets_something_up_and_that_counts() {
        let server = TestServer::with_policy(
            "[policy]\nemail_code = false\n[policy.authenticators]\ntotp = \"optional\"",
        )
        .await;
        let client = server.client();
        let mut page = after_password(&client, TWO).await;
        assert_eq!(offered(&page), ["google_otp"]);
        assert_eq!(page.follow("skip").await.messages(), ["E0000020"]);
        let secret = page.set_up("auttotp").await.context()["sharedSecret"].as_str().unwrap().to_owned();
        page.answer(&totp::app(&secret, server.now_in_seconds())).await;
        assert_eq!(proved(&client, &page).await, (json!(TWO), json!(["pwd", "otp", "mfa"])));
    }

    #[tokio::test]
    async fn only_if_possible_means_that_who_cannot_need_not() {
        let server = TestServer::with_policy(
            "[policy]\nemail_code = false\n[policy.authenticators]\ntotp = \"optional\"",
        )
        .await;
        let client = server.client();
        let mut page = after_password(&client, TWO_IF_POSSIBLE).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll", "skip"]);
        page.follow("skip").await;
        assert_eq!(proved(&client, &page).await, (json!(TWO_IF_POSSIBLE), json!(["pwd"])));
        totp::enroll(&server, &client).await;
        assert!(!after_password(&client, TWO_IF_POSSIBLE).await.answer.is_signed_in());
    }
}

mod given_that_it_must_not_be_phished {
    use super::*;

    #[tokio::test]
    async fn a_passkey_is_asked_for_whatever_else_there_is() {
        let server = TestServer::with_policy(PASSKEYS).await;
        let client = server.client();
        let mut key = SoftwareAuthenticator::new(b"the first credential");
        let mut page = client.after_password().await;
        page.set_up("autpasskey").await;
        make(&mut page, &mut key).await;
        totp::enroll(&server, &client).await;
        let mut page = after_password(&client, "phr").await;
        assert_eq!(page.answer.json()["currentAuthenticator"]["value"]["key"], "webauthn");
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        assert_eq!(page.select("auttotp").await.messages(), ["E0000020"]);
        let challenge = page.answer.context()["challengeData"].clone();
        page.answer_with(key.get(&challenge)).await;
        assert_eq!(proved(&client, &page).await, (json!("phr"), json!(["pwd", "hwk", "mfa"])));
    }

    #[tokio::test]
    async fn who_has_none_gives_what_they_have_and_then_makes_one() {
        let server = TestServer::with_policy(PASSKEYS).await;
        let client = server.client();
        let secret = totp::enroll(&server, &client).await;
        server.pass(Duration::from_secs(60));
        let mut page = after_password(&client, "phr").await;
        // A stolen password is not enough to make a passkey of one's own.
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "google_otp");
        assert_eq!(page.set_up("autpasskey").await.messages(), ["E0000020"]);
        page.answer(&totp::app(&secret, server.now_in_seconds())).await;
        assert_eq!(offered(&page), ["webauthn"]);
        page.set_up("autpasskey").await;
        make(&mut page, &mut SoftwareAuthenticator::new(b"the first credential")).await;
        assert_eq!(proved(&client, &page).await, (json!("phr"), json!(["pwd", "otp", "hwk", "mfa"])));
    }

    #[tokio::test]
    async fn a_key_that_may_be_copied_is_not_a_hardware_key() {
        let server = TestServer::with_policy(PASSKEYS).await;
        let client = server.client();
        let mut key = SoftwareAuthenticator::new(b"the first credential");
        key.is_backup_eligible = true;
        let mut page = client.after_password().await;
        page.set_up("autpasskey").await;
        make(&mut page, &mut key).await;
        let mut page = after_password(&client, "phr").await;
        let challenge = page.answer.context()["challengeData"].clone();
        page.answer_with(key.get(&challenge)).await;
        page.follow("skip").await;
        assert_eq!(proved(&client, &page).await, (json!("phr"), json!(["pwd", "swk", "mfa"])));
        let mut page = after_password(&client, "phrh").await;
        let challenge = page.answer.context()["challengeData"].clone();
        page.answer_with(key.get(&challenge)).await;
        assert_eq!(page.answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(page.answer.messages(), ["oie.assurance.unsatisfiable"]);
        assert_eq!(page.answer.json()["messages"]["value"][0]["i18n"]["params"], json!(["Demo app"]));
    }

    #[tokio::test]
    async fn a_passkey_instead_of_a_name_is_enough() {
        let policy = format!("[policy]\npasskey_autofill = true\n{PASSKEYS}");
        let server = TestServer::with_policy(&policy).await;
        let client = server.client();
        let mut key = SoftwareAuthenticator::new(b"the first credential");
        let mut page = client.after_password().await;
        page.set_up("autpasskey").await;
        make(&mut page, &mut key).await;
        page.follow("skip").await;
        let mut page = client.begin_with(&[("acr_values", "phrh")]).await;
        let challenge = page.answer.json()["webauthnAutofillUIChallenge"]["value"]["challengeData"].clone();
        let credentials = key.get(&challenge);
        page.post("challenge/answer/webauthn-autofillui", json!({ "credentials": credentials })).await;
        page.follow("skip").await;
        assert_eq!(proved(&client, &page).await, (json!("phrh"), json!(["hwk", "mfa"])));
    }
}

#[tokio::test]
async fn of_several_classes_the_first_that_can_be_reached_is_taken() {
    let server = TestServer::start().await;
    let client = server.client();
    let acr_values = format!("urn:example:gold phr {TWO} {ANY}");
    let mut page = after_password(&client, &acr_values).await;
    page.answer(&server.code(EMAIL).await).await;
    assert_eq!(proved(&client, &page).await.0, TWO);
}

#[tokio::test]
async fn what_nobody_knows_and_what_nobody_can_reach_is_refused_at_once() {
    let server = TestServer::start().await;
    let unknown = refusal(&server, &[("acr_values", "urn:example:gold")]).await;
    assert_eq!(unknown["error"], "invalid_request");
    assert_eq!(
        unknown["error_description"],
        "The 'acr_values' parameter must be one of: urn:okta:loa:1fa:any, urn:okta:loa:1fa:pwd, \
         urn:okta:loa:2fa:any, urn:okta:loa:2fa:any:ifpossible, phr, phrh."
    );
    assert_eq!(
        refusal(&server, &[("acr_values", "phr")]).await["error"],
        "unmet_authentication_requirements"
    );
    let server = server.restart_with("[policy]\nemail_code = false").await;
    assert_eq!(refusal(&server, &[("acr_values", TWO)]).await["error"], "unmet_authentication_requirements");
}

#[tokio::test]
async fn max_age_is_a_number_of_seconds_and_a_new_sign_in_is_young_enough() {
    let server = TestServer::start().await;
    let client = server.client();
    for max_age in ["-1", "+1", "soon", "1.5", "99999999999"] {
        assert_eq!(refusal(&server, &[("max_age", max_age)]).await["error"], "invalid_request", "{max_age}");
    }
    let mut page = client.begin_with(&[("max_age", "0")]).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    let tokens = client.redeem(&page.interaction_code()).await.json();
    assert_eq!(claims(&tokens["id_token"])["auth_time"], server.now_in_seconds());
}

#[tokio::test]
async fn discovery_names_the_classes() {
    let server = TestServer::start().await;
    let document = server.client().get("/oauth2/default/.well-known/openid-configuration").await.json();
    assert_eq!(document["acr_values_supported"][2], TWO);
    assert_eq!(document["acr_values_supported"].as_array().unwrap().len(), 6);
}
