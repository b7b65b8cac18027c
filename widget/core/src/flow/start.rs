//! From nothing to the first answer: `interact`, `introspect`, going on after a reload, starting over.

use serde_json::Value;

use super::{Flow, Phase, Transaction};
use crate::{
    error::{Error, ServerError, SetupError},
    idx::{Answer, ION, Refusal},
    io::{Body, Method, Output, Response, Returned},
    json_object, json_text,
    oidc::{self, form_encoded},
    screen::{Level, Matter, Notice, Screen, Shown},
    secret::Secret,
    text::{contains, joined},
};

const FORM_ACCEPT: &str = "application/json";

impl Flow {
    pub(super) fn started(&mut self, saved: Option<String>, returned: Option<Returned>) {
        if self.config.state_token.is_some() {
            return self.begin_with_state_token();
        }
        let restored = saved.and_then(|text| Transaction::restored(&text, &self.config));
        match restored {
            Some(transaction) => self.take_up(transaction, returned),
            None => self.interact(),
        }
    }

    /// Leaves everything behind and begins a new transaction. One that the server began is begun anew with the page.
    pub(super) fn start_over(&mut self) {
        self.give_up_task();
        if self.config.state_token.is_some() {
            return self.outputs.push(Output::Navigate { href: String::new() });
        }
        self.outputs.push(Output::Forget);
        self.interact();
    }

    fn begin_with_state_token(&mut self) {
        let mut transaction = Transaction::new(&self.config, &mut self.entropy);
        transaction.handle = self.config.state_token.clone().map(Secret::new);
        self.introspect(transaction);
    }

    /// Goes on after a reload, or with what another provider has said about the person.
    fn take_up(&mut self, transaction: Transaction, returned: Option<Returned>) {
        // Without the right state anybody could have made the address (RFC 6749 section 10.12).
        if let Some(returned) = returned.filter(|returned| returned.state == transaction.state) {
            if let Some(code) = returned.interaction_code {
                self.show_waiting();
                return self.redeem(transaction, code);
            }
            let error = returned.error.filter(|error| error != "interaction_required");
            self.pending_notice = error.map(|error| {
                let text = returned.error_description.unwrap_or_else(|| error.clone());
                Notice::own(Level::Error, Matter::Server { key: Some(error), text })
            });
        }
        self.introspect(transaction);
    }

    /// The server has forgotten the transaction: begins anew, and the next screen says why. Twice in a row means that
    /// it is not a matter of time, so the person decides.
    pub(super) fn expired(&mut self, answer: &Answer) {
        if self.pending_notice.is_none() && self.config.state_token.is_none() {
            self.pending_notice = Some(Notice::own(Level::Warning, Matter::StartedOver));
            return self.start_over();
        }
        self.pending_notice = None;
        let text = answer.messages.first().map(|message| (message.key.clone(), message.text.clone()));
        let matter = text.map_or(Matter::StartedOver, |(key, text)| Matter::Server { key, text });
        self.stop_with(Notice::own(Level::Error, matter));
    }

    fn interact(&mut self) {
        let transaction = Transaction::new(&self.config, &mut self.entropy);
        let body = Body::Form(Secret::new(self.interact_body(&transaction)));
        self.show_waiting();
        self.ask(Method::Post, self.config.endpoint("interact"), FORM_ACCEPT, body);
        self.phase = Phase::Interacting(transaction);
    }

    /// What is on the screen stays while the server is asked; the very first time there is only the skeleton.
    fn show_waiting(&mut self) {
        if self.last_screen == 0 {
            let screen = Screen { id: self.new_screen_id(), ..Screen::default() };
            self.screen = Shown { is_busy: true, ..Shown::from(screen) };
            return self.show_again();
        }
        self.show_busy(true);
    }

    fn interact_body(&self, transaction: &Transaction) -> String {
        let config = &self.config;
        let challenge = transaction.verifier.as_ref().map(oidc::CodeVerifier::challenge);
        let (scope, max_age) =
            (joined(&config.scopes, " "), config.max_age.map(|seconds| seconds.to_string()));
        let optional = [
            ("code_challenge", challenge.as_ref().or(config.code_challenge.as_ref())),
            ("acr_values", config.acr_values.as_ref()),
            ("max_age", max_age.as_ref()),
            ("activation_token", config.activation_token.as_ref()),
            ("recovery_token", config.recovery_token.as_ref()),
        ];
        let mut pairs = vec![
            ("client_id", config.client_id.as_str()),
            ("scope", &scope),
            ("redirect_uri", &config.redirect_uri),
            ("code_challenge_method", "S256"),
            ("state", &transaction.state),
            ("nonce", &transaction.nonce),
        ];
        pairs.extend(optional.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?.as_str()))));
        form_encoded(&pairs)
    }

    pub(super) fn interacted(&mut self, mut transaction: Transaction, response: &Response) {
        let json: Value = serde_json::from_str(response.body.expose()).unwrap_or(Value::Null);
        let handle =
            json.get("interaction_handle").and_then(Value::as_str).filter(|_| response.status == 200);
        let Some(handle) = handle else { return self.interact_refused(response, &json) };
        transaction.handle = Some(Secret::new(handle.to_owned()));
        self.outputs.push(Output::Save(transaction.saved()));
        self.introspect(transaction);
    }

    fn interact_refused(&mut self, response: &Response, json: &Value) {
        let request_id = response.request_id.clone();
        let refusal = Refusal::read(response);
        if let Some((error, description)) = oidc::oauth_error(json) {
            // The two tokens of e-mail links (idx.md section 2): the page is set up well, the link is too old.
            let is_link = contains(&description, "token is invalid");
            let matter = if is_link { Matter::LinkUnusable } else { Matter::NotSetUp };
            let error = Error::Setup(SetupError::InteractRefused { error, description });
            return self.stop(error, request_id, matter);
        }
        let error = match response.status {
            200 => ServerError::MissingMember { path: "$.interaction_handle".to_owned() },
            status => ServerError::Unreadable { status },
        };
        self.stop(Error::Server(error), request_id, refusal.notice.matter);
    }

    pub(super) fn introspect(&mut self, transaction: Transaction) {
        self.show_waiting();
        let handle = transaction.handle.as_ref().map(|handle| handle.expose().as_str());
        let name = if self.config.state_token.is_some() { "stateToken" } else { "interactionHandle" };
        let text = Secret::new(json_text(&json_object(vec![(name, handle.into())])));
        let url = format!("{}/idp/idx/introspect", self.config.origin());
        self.ask(Method::Post, url, ION, Body::Json { content_type: ION, text });
        self.phase = Phase::Introspecting(transaction);
    }

    pub(super) fn introspected(&mut self, transaction: Transaction, response: &Response) {
        match Answer::read(response.body.expose()) {
            Some(answer) => self.take_answer(transaction, answer, response, false),
            None => self.not_idx(response),
        }
    }

    /// An answer that is no IDX while there is no screen to keep.
    fn not_idx(&mut self, response: &Response) {
        let refusal = Refusal::read(response);
        let error = Error::Server(ServerError::Unreadable { status: response.status });
        self.report(error, response.request_id.clone());
        self.stop_with(refusal.notice);
    }

    /// The one action of a stopped flow.
    pub(super) fn go_on(&mut self, transaction: Option<Transaction>) {
        match transaction {
            Some(transaction) => self.introspect(transaction),
            None => self.start_over(),
        }
    }
}
