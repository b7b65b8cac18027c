//! Whatever brought somebody in brings nobody in a second time: each request of a sign-in that is over, sent again as it was,
//! from somewhere else, is refused.

use std::time::Duration;

use serde_json::{Value, json};

use crate::authenticator::SoftwareAuthenticator;
use crate::support::{
    Answer, Client, EMAIL, NEW_PASSWORD, PASSWORD, REDIRECT_URI, TestServer, VERIFIER, interact_params,
};
use crate::totp::{app, enroll};

const POLICY: &str = r#"
    [policy]
    email_link = true
    unlock = true
    passkey_autofill = true
    second_factor = "if_enrolled"
    [policy.authenticators]
    passkey = "optional"
    totp = "optional"
"#;

enum Sent {
    Json(String, Value),
    Form(&'static str, Vec<(String, String)>),
}

/// A sign-in that is written down by somebody who listens.
struct Recorded {
    client: Client,
    sent: Vec<Sent>,
    state_handle: Value,
}

impl Recorded {
    async fn begin(server: &TestServer) -> Self {
        let mut recorded = Self { client: server.client(), sent: Vec::new(), state_handle: Value::Null };
        let answer = recorded.form("interact", &interact_params("openid offline_access")).await;
        let body = json!({ "interactionHandle": answer.json()["interaction_handle"] });
        recorded.json("introspect", body).await;
        recorded
    }

    async fn form(&mut self, endpoint: &'static str, params: &[(&str, &str)]) -> Answer {
        let owned = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.sent.push(Sent::Form(endpoint, owned.collect()));
        self.client.form(endpoint, params).await
    }

    async fn json(&mut self, endpoint: &str, body: Value) -> Answer {
        let path = format!("/idp/idx/{endpoint}");
        let answer = self.client.json(&path, &body).await;
        self.sent.push(Sent::Json(path, body));
        self.state_handle = answer.json()["stateHandle"].clone();
        answer
    }

    async fn post(&mut self, endpoint: &str, mut body: Value) -> Answer {
        body["stateHandle"] = self.state_handle.clone();
        self.json(endpoint, body).await
    }

    async fn identify(&mut self, email: &str) -> Answer {
        self.post("identify", json!({ "identifier": email })).await
    }

    async fn answer(&mut self, passcode: &str) -> Answer {
        self.post("challenge/answer", json!({ "credentials": { "passcode": passcode } })).await
    }

    /// Skips what could be set up, where it is offered, and takes the tokens. Then everything once more.
    async fn finish_and_replay(mut self, server: &TestServer, mut answer: Answer) {
        if !answer.is_signed_in() {
            answer = self.post("skip", json!({})).await;
        }
        let code = answer.interaction_code();
        let tokens =
            self.redeem(&[("grant_type", "interaction_code"), ("interaction_code", &code)]).await.json();
        let refresh_token = tokens["refresh_token"].as_str().expect("a refresh token").to_owned();
        self.redeem(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token)]).await;
        self.replay(server).await;
    }

    async fn redeem(&mut self, params: &[(&str, &str)]) -> Answer {
        let common = [("client_id", "demo-spa"), ("redirect_uri", REDIRECT_URI), ("code_verifier", VERIFIER)];
        self.form("token", &[params, &common].concat()).await
    }

    /// At once, and once more when codes and links could have been sent again.
    async fn replay(&self, server: &TestServer) {
        for _ in 0..2 {
            for sent in &self.sent {
                self.replay_one(sent).await;
            }
            server.pass(Duration::from_secs(60));
        }
    }

    async fn replay_one(&self, sent: &Sent) {
        let elsewhere = self.client.at("198.51.100.66");
        let (place, answer) = match sent {
            Sent::Json(path, body) => (path.clone(), elsewhere.json(path, body).await),
            Sent::Form(endpoint, params) => {
                let params: Vec<_> =
                    params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                ((*endpoint).to_owned(), elsewhere.form(endpoint, &params).await)
            }
        };
        // Who asks for a new transaction gets one: the request was no secret.
        if place != "interact" {
            assert!(answer.status.is_client_error(), "{place} again: {} {}", answer.status, answer.text());
        }
        let body = answer.json();
        for treasure in ["access_token", "successWithInteractionCode", "success"] {
            assert_eq!(body.get(treasure), None, "{place} again");
        }
    }
}

#[tokio::test]
async fn a_password() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    let answer = page.answer(PASSWORD).await;
    page.finish_and_replay(&server, answer).await;
}

#[tokio::test]
async fn a_code_by_mail() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    page.post("challenge", json!({ "authenticator": { "id": "autemail" } })).await;
    let code = server.code(EMAIL).await;
    let answer = page.answer(&code).await;
    page.finish_and_replay(&server, answer).await;
}

#[tokio::test]
async fn a_link_in_a_mail() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    page.post("challenge", json!({ "authenticator": { "id": "autemail" } })).await;
    let link = server.mails(EMAIL).await[0]["link"].as_str().unwrap().to_owned();
    let (address, token) = link.split_once("?token=").unwrap();
    let path = address.strip_prefix("http://localhost:4401").unwrap();
    let params = [("token", token), ("answer", "yes")];
    assert!(server.client().submit(path, &params).await.status.is_success());
    let answer = page.post("challenge/poll", json!({})).await;
    page.finish_and_replay(&server, answer).await;
    assert!(server.client().submit(path, &params).await.status.is_client_error());
}

#[tokio::test]
async fn a_code_from_an_app() {
    let server = TestServer::with_policy(POLICY).await;
    let secret = enroll(&server, &server.client()).await;
    server.pass(Duration::from_secs(60));
    let code = app(&secret, server.now_in_seconds());
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    page.answer(PASSWORD).await;
    let answer = page.answer(&code).await;
    page.finish_and_replay(&server, answer).await;
    // Nor in a sign-in of its own.
    let mut other = Recorded::begin(&server).await;
    other.identify(EMAIL).await;
    other.answer(PASSWORD).await;
    assert!(other.answer(&code).await.status.is_client_error());
}

#[tokio::test]
async fn a_passkey() {
    let server = TestServer::with_policy(POLICY).await;
    let mut key = SoftwareAuthenticator::new(b"the only one");
    let mut page = server.client().after_password().await;
    let context = page.set_up("autpasskey").await.context();
    page.answer_with(key.create(&context["activationData"])).await;
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    let context = page.answer(PASSWORD).await.context();
    let credentials = key.get(&context["challengeData"]);
    let answer = page.post("challenge/answer", json!({ "credentials": credentials })).await;
    page.finish_and_replay(&server, answer).await;
    // Nor for another challenge.
    let mut other = Recorded::begin(&server).await;
    other.identify(EMAIL).await;
    other.answer(PASSWORD).await;
    let answer = other.post("challenge/answer", json!({ "credentials": credentials })).await;
    assert!(answer.status.is_client_error());
}

#[tokio::test]
async fn a_registration() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = Recorded::begin(&server).await;
    page.post("enroll", json!({})).await;
    let profile = json!({ "firstName": "Robin", "lastName": "New", "email": "robin@example.com" });
    page.post("enroll/new", json!({ "userProfile": profile })).await;
    let code = server.code("robin@example.com").await;
    page.answer(&code).await;
    let answer = page.answer(NEW_PASSWORD).await;
    page.finish_and_replay(&server, answer).await;
}

#[tokio::test]
async fn a_recovery() {
    let server = TestServer::with_policy(POLICY).await;
    let mut page = Recorded::begin(&server).await;
    page.identify(EMAIL).await;
    page.post("recover", json!({})).await;
    let code = server.code(EMAIL).await;
    page.answer(&code).await;
    let answer = page.answer(NEW_PASSWORD).await;
    page.finish_and_replay(&server, answer).await;
}
