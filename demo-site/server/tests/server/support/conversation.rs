//! A sign-in under way, and what the server answers.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::Client;
use crate::document;

/// A sign-in under way: the last answer, and what a person can do about it.
pub(crate) struct Conversation {
    pub(crate) client: Client,
    pub(crate) interaction_handle: String,
    /// By which the server knows the browser that has begun it.
    pub(crate) cookie: String,
    pub(crate) state_handle: String,
    pub(crate) answer: Answer,
}

impl Conversation {
    /// Posts to an endpoint; the handle is added.
    pub(crate) async fn post(&mut self, endpoint: &str, mut body: Value) -> &Answer {
        body["stateHandle"] = json!(self.state_handle);
        let answer = self.client.json(&format!("/idp/idx/{endpoint}"), &body).await;
        document::check(&answer);
        if let Some(handle) = answer.json()["stateHandle"].as_str() {
            self.state_handle = handle.to_owned();
        }
        self.answer = answer;
        &self.answer
    }

    /// Follows a link: a form that asks for nothing.
    pub(crate) async fn follow(&mut self, endpoint: &str) -> &Answer {
        self.post(endpoint, json!({})).await
    }

    pub(crate) async fn identify(&mut self, identifier: &str) -> &Answer {
        self.post("identify", json!({ "identifier": identifier })).await
    }

    pub(crate) async fn identify_with_password(&mut self, identifier: &str, password: &str) -> &Answer {
        let body = json!({ "identifier": identifier, "credentials": { "passcode": password } });
        self.post("identify", body).await
    }

    pub(crate) async fn answer(&mut self, passcode: &str) -> &Answer {
        self.post("challenge/answer", json!({ "credentials": { "passcode": passcode } })).await
    }

    pub(crate) async fn select(&mut self, authenticator: &str) -> &Answer {
        self.post("challenge", json!({ "authenticator": { "id": authenticator } })).await
    }

    /// Chooses an authenticator to set up.
    pub(crate) async fn set_up(&mut self, authenticator: &str) -> &Answer {
        self.post("credential/enroll", json!({ "authenticator": { "id": authenticator } })).await
    }

    /// Answers with these members of `credentials`.
    pub(crate) async fn answer_with(&mut self, credentials: Value) -> &Answer {
        self.post("challenge/answer", json!({ "credentials": credentials })).await
    }

    pub(crate) async fn poll(&mut self) -> &Answer {
        self.follow("challenge/poll").await
    }

    pub(crate) async fn register(&mut self, email: &str) -> &Answer {
        self.follow("enroll").await;
        let profile = json!({ "firstName": "Robin", "lastName": "New", "email": email });
        self.post("enroll/new", json!({ "userProfile": profile })).await
    }

    pub(crate) fn interaction_code(&self) -> String {
        self.answer.interaction_code()
    }
}

/// An answer of the server.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The first cookie that it sets, as the browser sends it.
    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// The names of the remediations, in order.
    pub(crate) fn remediations(&self) -> Vec<String> {
        let body = self.json();
        let forms = body["remediation"]["value"].as_array().cloned().unwrap_or_default();
        forms.iter().map(|form| form["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The keys of the messages about the whole.
    pub(crate) fn messages(&self) -> Vec<String> {
        keys(&self.json()["messages"])
    }

    /// The keys of the messages in one field of the first form, found by its dotted path.
    pub(crate) fn messages_in(&self, path: &str) -> Vec<String> {
        keys(&self.field(path)["messages"])
    }

    /// One field of the first form.
    pub(crate) fn field(&self, path: &str) -> Value {
        let mut at = self.json()["remediation"]["value"][0]["value"].clone();
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let field = at.as_array().unwrap().iter().find(|field| field["name"] == name).cloned();
            let field = field.unwrap_or_else(|| panic!("no field `{path}` in {}", self.text()));
            if names.peek().is_none() {
                return field;
            }
            at = field["form"]["value"].clone();
        }
        Value::Null
    }

    /// What the answer tells about the authenticator that is at hand.
    pub(crate) fn context(&self) -> Value {
        let document = self.json();
        let [plain, enrolled] = ["currentAuthenticator", "currentAuthenticatorEnrollment"]
            .map(|member| document[member]["value"]["contextualData"].clone());
        if plain.is_null() { enrolled } else { plain }
    }

    pub(crate) fn interaction_code(&self) -> String {
        let body = self.json();
        let fields = body["successWithInteractionCode"]["value"].as_array();
        let fields = fields.unwrap_or_else(|| panic!("not signed in: {}", self.text()));
        let code = fields.iter().find(|field| field["name"] == "interaction_code").unwrap();
        code["value"].as_str().unwrap().to_owned()
    }

    /// The `error` of an OAuth answer.
    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {}", self.text())).to_owned()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.status == StatusCode::OK && self.json().get("successWithInteractionCode").is_some()
    }

    pub(crate) fn is_session_expired(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED && self.messages() == ["idx.session.expired"]
    }
}

fn keys(messages: &Value) -> Vec<String> {
    let messages = messages["value"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["i18n"]["key"].as_str().unwrap().to_owned()).collect()
}
