//! Clients with policies of their own: the same server asks people of different clients for different things.

use std::time::Duration;

use axum::http::StatusCode;
use latchkey_server::Config;
use serde_json::{Value, json};

use crate::support::{Client, Conversation, EMAIL, NEW_PASSWORD, PASSWORD, REDIRECT_URI, TestServer, claims};

/// A server where the client `wallet` has this policy of its own, and this one is inherited.
async fn server(inherited: &str, own: &str) -> TestServer {
    TestServer::with_policy(&tables(inherited, own)).await
}

fn tables(inherited: &str, own: &str) -> String {
    format!(
        r#"
        {inherited}
        {own}
        [[clients]]
        client_id = "wallet"
        name = "Wallet"
        redirect_uris = ["{REDIRECT_URI}"]
        origins = ["http://localhost:4400"]
        policy = "wallet"
        "#
    )
}

async fn begin(client: &Client) -> Conversation {
    client.begin_with(&[("client_id", "wallet")]).await
}

async fn redeem(client: &Client, page: &Conversation) -> Value {
    let code = page.interaction_code();
    let params = crate::support::token_params(&code).map(|(name, value)| match name {
        "client_id" => (name, "wallet"),
        _ => (name, value),
    });
    let answer = client.form("token", &params).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// The keys of the authenticators that the answer lists, in order.
fn listed(page: &Conversation, list: &str) -> Vec<String> {
    let document = page.answer.json();
    let list = document[list]["value"].as_array().cloned().unwrap_or_default();
    list.iter().map(|it| it["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_client_asks_for_name_and_password_at_once_and_another_does_not() {
    let server = server("", "[policies.wallet]\nidentifier_first = false").await;
    let client = server.client();
    let mut page = begin(&client).await;
    assert_eq!(page.answer.field("credentials.passcode")["secret"], true);
    assert!(page.identify_with_password(EMAIL, PASSWORD).await.is_signed_in());
    let page = client.begin().await;
    assert!(!page.answer.text().contains("passcode"));
}

#[tokio::test]
async fn what_a_policy_does_not_say_it_inherits_key_by_key() {
    let inherited = "[policy]\nemail_code = false\n[policy.password]\nmin_length = 14\nmin_symbol = 2\n\
                     [[policy.registration.fields]]\nname = \"nickName\"\nlabel = \"Nickname\"";
    let own = "[policies.wallet]\nunlock = true\n[policies.wallet.password]\nmin_symbol = 0\n\
               [policies.wallet.registration]\npassword = \"required\"";
    let server = server(inherited, own).await;
    let client = server.client();
    let mut page = begin(&client).await;
    assert_eq!(page.answer.remediations(), ["identify", "select-enroll-profile", "unlock-account"]);
    page.follow("enroll").await;
    assert_eq!(page.answer.field("userProfile.nickName")["label"], "Nickname");
    page.post("enroll/new", json!({ "userProfile": { "email": "robin@example.com" } })).await;
    let code = server.code("robin@example.com").await;
    let complexity =
        &page.answer(&code).await.json()["currentAuthenticator"]["value"]["settings"]["complexity"];
    assert_eq!((&complexity["minLength"], &complexity["minSymbol"]), (&json!(14), &json!(0)));
    // Without a code by mail there is nothing to choose between.
    let mut page = begin(&client).await;
    assert_eq!(page.identify(EMAIL).await.remediations(), ["challenge-authenticator"]);
}

#[tokio::test]
async fn registration_is_off_for_one_client_and_asks_for_other_things_at_another() {
    let fields = "[[policy.registration.fields]]\nname = \"nickName\"\nrequired = true\nmax_length = 8";
    let off = server(fields, "[policies.wallet.registration]\nenabled = false").await;
    let client = off.client();
    let mut page = begin(&client).await;
    assert_eq!(page.answer.remediations(), ["identify"]);
    assert_eq!(page.follow("enroll").await.messages(), ["idx.error.registration.unavailable"]);
    let mut page = client.begin().await;
    page.follow("enroll").await;
    assert_eq!(page.answer.field("userProfile.nickName")["maxLength"], 8);
    let profile = json!({ "email": "robin@example.com", "nickName": "much too long" });
    page.post("enroll/new", json!({ "userProfile": profile })).await;
    assert_eq!(page.answer.messages_in("userProfile.nickName"), ["model.validation.field.string.maxLength"]);

    let other = "[[policies.wallet.registration.fields]]\nname = \"team\"";
    let server = off.restart_with(&tables(fields, other)).await;
    let mut page = begin(&server.client()).await;
    page.follow("enroll").await;
    assert_eq!(page.answer.field("userProfile.team")["label"], "team");
    assert!(!page.answer.text().contains("nickName"));
}

#[tokio::test]
async fn authenticators_are_offered_in_the_order_of_the_policy() {
    let inherited = "[policy.authenticators]\ntotp = \"optional\"\nsecurity_question = \"optional\"\nphone = \"optional\"";
    let own = "[policies.wallet.authenticators]\norder = [\"security_question\", \"phone\"]";
    let server = server(inherited, own).await;
    let client = server.client();
    let mut page = begin(&client).await;
    page.identify(EMAIL).await;
    assert_eq!(listed(&page, "authenticators"), ["okta_password", "okta_email"]);
    page.answer(PASSWORD).await;
    assert_eq!(listed(&page, "authenticators"), ["security_question", "phone_number", "google_otp"]);
    let page = client.after_password().await;
    assert_eq!(listed(&page, "authenticators"), ["google_otp", "phone_number", "security_question"]);
}

mod given_the_mail_before_the_password {
    use super::*;

    const OWN: &str = "[policies.wallet.authenticators]\norder = [\"email\", \"password\"]";

    #[tokio::test]
    async fn who_says_who_they_are_gets_a_code_at_once_and_may_take_the_password() {
        let server = server("", OWN).await;
        let client = server.client();
        let mut page = begin(&client).await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "okta_email");
        assert_eq!(listed(&page, "authenticators"), ["okta_email", "okta_password"]);
        let code = server.code(EMAIL).await;
        assert!(page.answer(&code).await.is_signed_in());
        let mut page = begin(&client).await;
        page.identify(EMAIL).await;
        page.select("autpassword").await;
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn who_was_sent_too_many_mails_is_asked_for_the_password() {
        let server = server("[policy.attempts]\nmails_per_account = 1", OWN).await;
        let client = server.client();
        begin(&client).await.identify(EMAIL).await;
        let mut page = begin(&client).await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer.json()["currentAuthenticatorEnrollment"]["value"]["key"], "okta_password");
        assert!(page.answer(PASSWORD).await.is_signed_in());
    }

    #[tokio::test]
    async fn nobody_learns_who_has_an_account() {
        let server = server("", OWN).await;
        let client = server.client();
        let mut pages = Vec::new();
        for identifier in [EMAIL, "nobody@example.com"] {
            let mut page = begin(&client).await;
            page.identify(identifier).await;
            pages.push((page.answer.status, page.answer.remediations(), listed(&page, "authenticators")));
            assert_eq!(
                page.answer("000000").await.messages_in("credentials.passcode"),
                ["api.authn.error.PASSCODE_INVALID"]
            );
        }
        assert_eq!(pages[0], pages[1]);
    }
}

mod given_no_passwords {
    use super::*;

    const OWN: &str = "[policies.wallet]\nunlock = true\n[policies.wallet.authenticators]\npassword = false\n\
                       passkey = \"optional\"";

    #[tokio::test]
    async fn the_mail_is_all_there_is() {
        let server = server("", OWN).await;
        let client = server.client();
        let mut page = begin(&client).await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer.remediations(), ["challenge-authenticator"]);
        assert_eq!(listed(&page, "authenticators"), ["okta_email"]);
        assert_eq!(page.select("autpassword").await.messages(), ["E0000020"]);
        assert_eq!(page.follow("recover").await.messages(), ["oie.selfservice.reset.password.not.allowed"]);
        page.answer(&server.code(EMAIL).await).await;
        assert!(page.follow("skip").await.is_signed_in());
        let mut page = begin(&client).await;
        assert_eq!(page.follow("recover").await.messages(), ["oie.selfservice.reset.password.not.allowed"]);
        assert!(client.after_password().await.answer.is_signed_in());
    }

    #[tokio::test]
    async fn whoever_registers_chooses_none() {
        let server = server("", OWN).await;
        let mut page = begin(&server.client()).await;
        page.register("robin@example.com").await;
        page.answer(&server.code("robin@example.com").await).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll", "skip"]);
        assert!(page.follow("skip").await.is_signed_in());
    }

    #[tokio::test]
    async fn it_is_no_second_proof_either_and_no_class_asks_for_it() {
        let server = server("", OWN).await;
        let client = server.client();
        let two = [("client_id", "wallet"), ("acr_values", "urn:okta:loa:2fa:any")];
        let mut page = client.begin_with(&two).await;
        page.identify(EMAIL).await;
        page.answer(&server.code(EMAIL).await).await;
        assert_eq!(page.answer.remediations(), ["select-authenticator-enroll"]);
        assert_eq!(listed(&page, "authenticators"), ["webauthn"]);
        let mut params = crate::support::interact_params("openid").map(|(name, value)| match name {
            "client_id" => (name, "wallet"),
            _ => (name, value),
        });
        params[5] = ("acr_values", "urn:okta:loa:1fa:pwd");
        let refused = client.form("interact", &params).await;
        assert_eq!(refused.json()["error"], "unmet_authentication_requirements");
    }

    #[tokio::test]
    async fn who_was_sent_too_many_mails_is_told_so() {
        let server = server("[policy.attempts]\nmails_per_account = 1", OWN).await;
        let client = server.client();
        begin(&client).await.identify(EMAIL).await;
        let mut page = begin(&client).await;
        page.identify(EMAIL).await;
        assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(page.answer.remediations()[0], "identify");
    }
}

#[tokio::test]
async fn a_second_proof_is_asked_for_by_one_client_only() {
    let server = server("", "[policies.wallet]\nsecond_factor = \"always\"").await;
    let client = server.client();
    let mut page = begin(&client).await;
    page.identify(EMAIL).await;
    assert!(!page.answer(PASSWORD).await.is_signed_in());
    let code = server.code(EMAIL).await;
    assert!(page.answer(&code).await.is_signed_in());
    assert!(client.after_password().await.answer.is_signed_in());
}

#[tokio::test]
async fn password_rules_are_those_of_the_client() {
    let server = server("", "[policies.wallet.password]\nmin_length = 30\nhistory = 0").await;
    let mut page = begin(&server.client()).await;
    page.follow("recover").await;
    page.identify(EMAIL).await;
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    page.answer(NEW_PASSWORD).await;
    assert_eq!(page.answer.messages_in("credentials.passcode"), ["password.passwordRequirementsNotMet"]);
    assert!(page.answer.text().contains("30"));
    assert!(page.answer("Battery-Staple-77-Battery-Staple").await.is_signed_in());
}

#[tokio::test]
async fn lifetimes_are_those_of_the_client() {
    let own = "[policies.wallet.lifetimes]\ntransaction = \"5m\"\naccess_token = \"2m\"\nid_token = \"3m\"\n\
               refresh_token = \"10m\"\nemail_code = \"1m\"";
    let server = server("", own).await;
    let client = server.client();
    let mut page = begin(&client).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    let tokens = redeem(&client, &page).await;
    assert_eq!(tokens["expires_in"], 120);
    let id_token = claims(&tokens["id_token"]);
    assert_eq!(id_token["exp"].as_i64().unwrap() - id_token["iat"].as_i64().unwrap(), 180);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", "wallet"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    server.pass(Duration::from_secs(601));
    assert_eq!(client.form("token", &refresh).await.json()["error"], "invalid_grant");
    assert_eq!(client.sign_in().await["expires_in"], 3600);

    let mut page = begin(&client).await;
    page.identify(EMAIL).await;
    page.select("autemail").await;
    let code = server.code(EMAIL).await;
    assert!(server.mails(EMAIL).await[0]["body"].as_str().unwrap().contains("good for 1 minutes"));
    server.pass(Duration::from_secs(61));
    assert_eq!(page.answer(&code).await.messages_in("credentials.passcode"), ["latchkey.email.code.spent"]);
    server.pass(Duration::from_secs(240));
    assert!(page.answer(&code).await.is_session_expired());
}

#[tokio::test]
async fn limits_are_those_of_the_client_and_counts_those_of_the_account() {
    let server = server("", "[policies.wallet.attempts]\nper_account = 2").await;
    let client = server.client();
    for _ in 0..2 {
        let mut page = client.begin().await;
        page.identify(EMAIL).await;
        page.answer("wrong").await;
    }
    let mut page = begin(&client).await;
    page.identify(EMAIL).await;
    assert_eq!(page.answer(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(client.after_password().await.answer.is_signed_in());
}

mod given_mistakes {
    use super::*;

    fn mistake(inherited: &str, own: &str) -> String {
        let configuration =
            crate::support::configuration(std::path::Path::new("x.sqlite"), &tables(inherited, own));
        Config::from_toml(&configuration).expect_err("a mistake").to_string()
    }

    #[test]
    fn they_are_named_where_they_stand() {
        for (own, expected) in [
            ("", "`clients[2].policy` names a policy, but there is no [policies.NAME]"),
            ("[policies.vault]", "`clients[2].policy` must be the name of a policy: \"vault\""),
            (
                "[policies.wallet.password]\nmin_lenght = 8",
                "unknown key `min_lenght` in [policies.wallet.password]; did you mean `min_length`?",
            ),
            (
                "[policies.wallet]\npassword = 8",
                "`policies.wallet.password` must be a table, but it is of type integer",
            ),
            ("[policies]\nwallet = 1", "`policies.wallet` must be a table, but it is of type integer"),
            (
                "[policies.wallet]\npasskey_autofill = true",
                "`policies.wallet.passkey_autofill` needs `policies.wallet.authenticators.passkey`",
            ),
            (
                "[policies.wallet]\nemail_code = false\n[policies.wallet.authenticators]\npassword = false",
                "`policies.wallet.authenticators.password` cannot be false without `policies.wallet.email_code`",
            ),
            (
                "[policies.wallet.authenticators]\norder = [\"totp\", \"totp\"]",
                "`policies.wallet.authenticators.order` names \"totp\" twice",
            ),
            (
                "[policies.wallet.authenticators]\norder = [\"sms\"]",
                "`policies.wallet.authenticators.order` must be a list of \"password\", \"email\", \"passkey\", \
                 \"push\", \"totp\", \"phone\", \"security_question\", \"identity_provider\", \"temporary_access_code\"",
            ),
        ] {
            assert_eq!(mistake("", own), expected);
        }
    }

    #[test]
    fn origins_matter_only_where_the_policy_has_passkeys() {
        let wallet = "[policies.wallet.authenticators]\npasskey = \"optional\"";
        let elsewhere = "[[clients]]\nclient_id = \"elsewhere\"\nredirect_uris = [\"https://e.example/\"]\n\
                         origins = [\"https://e.example\"]";
        let good = crate::support::configuration(
            std::path::Path::new("x.sqlite"),
            &tables("", &format!("{wallet}\n{elsewhere}")),
        );
        Config::from_toml(&good).unwrap();
        let expected =
            "`clients[2].origins` has https://e.example, which is not within `server.rp_id` (\"localhost\")";
        let everybody = "[policy.authenticators]\npasskey = \"optional\"";
        assert_eq!(mistake(everybody, &format!("{wallet}\n{elsewhere}")), expected);
    }
}
