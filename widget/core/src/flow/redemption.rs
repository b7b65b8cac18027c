//! From the interaction code to tokens that may be believed: token endpoint, keys, signature, claims.

use super::{Flow, Phase, Transaction};
use crate::{
    error::{Error, ServerError, SetupError},
    io::{Body, Method, Outcome, Output, Response, SignatureVerdict, Timestamp},
    oidc::{CLOCK_SKEW, Expected, Jwks, TokenError, TokenResponse, Tokens, UnverifiedIdToken, form_encoded},
    screen::{Layout, Matter, Screen},
    secret::Secret,
};

/// The code is on its way to the token endpoint.
#[derive(Debug)]
pub(super) struct Redeeming {
    nonce: String,
}

/// What the head of the token endpoint's answer said, for the checks that come after it.
#[derive(Debug)]
struct Received {
    /// When it came, by the server's clock. Pages of another origin see it only if the server lets them.
    date: Option<Timestamp>,
    /// The same by the device's, which may be wrong.
    by_device: Timestamp,
    /// The server's name for the request.
    request_id: Option<String>,
}

/// Tokens are there; the key that signed the ID token is not.
#[derive(Debug)]
pub(super) struct FetchingKeys {
    nonce: String,
    received: Received,
    tokens: Tokens,
    id_token: UnverifiedIdToken,
    /// The key set was asked for a second time, past the cache.
    is_second_try: bool,
}

/// The platform checks the signature.
#[derive(Debug)]
pub(super) struct CheckingSignature {
    nonce: String,
    received: Received,
    tokens: Tokens,
    id_token: UnverifiedIdToken,
}

impl Flow {
    pub(super) fn redeem(&mut self, transaction: Transaction, code: Secret<String>) {
        self.outputs.push(Output::Forget);
        let Some(verifier) = transaction.verifier else {
            return self.finish(Outcome::InteractionCode { code, state: transaction.state });
        };
        let body = form_encoded(&[
            ("grant_type", "interaction_code"),
            ("client_id", &self.config.client_id),
            ("interaction_code", code.expose()),
            ("code_verifier", verifier.0.expose()),
            ("redirect_uri", &self.config.redirect_uri),
        ]);
        self.show_busy(true);
        self.ask(
            Method::Post,
            self.config.endpoint("token"),
            "application/json",
            Body::Form(Secret::new(body)),
        );
        self.without_cookies(false);
        self.phase = Phase::Redeeming(Box::new(Redeeming { nonce: transaction.nonce }));
    }

    pub(super) fn redeemed(&mut self, redeeming: Redeeming, response: &Response, now: Timestamp) {
        match TokenResponse::read(response, &self.config.scopes, now) {
            Ok(TokenResponse { tokens, id_token: Some(id_token) }) => {
                let request_id = response.request_id.clone();
                let received = Received { date: response.date, by_device: now, request_id };
                let nonce = redeeming.nonce;
                self.fetch_keys(FetchingKeys { nonce, received, tokens, id_token, is_second_try: false });
            }
            Ok(TokenResponse { tokens, id_token: None }) => self.finish(Outcome::SignedIn(tokens)),
            Err(error) => self.stop(error, response.request_id.clone(), Matter::NotAccepted),
        }
    }

    fn fetch_keys(&mut self, fetching: FetchingKeys) {
        self.ask(Method::Get, self.config.endpoint("keys"), "application/json", Body::Empty);
        self.without_cookies(fetching.is_second_try);
        self.phase = Phase::FetchingKeys(Box::new(fetching));
    }

    /// The code and the keys need no session, so the request that was just made carries none.
    fn without_cookies(&mut self, is_fresh: bool) {
        if let Some(Output::Request(request)) = self.outputs.last_mut() {
            request.has_cookies = false;
            request.is_fresh = is_fresh;
        }
    }

    pub(super) fn keys_fetched(&mut self, fetching: FetchingKeys, response: &Response) {
        let keys = Jwks::read(response.body.expose()).filter(|_| response.status == 200);
        let (algorithm, key_id) = fetching.id_token.signed_with();
        let Some(jwk) = keys.and_then(|keys| keys.find(algorithm, key_id)) else {
            return self.key_not_found(fetching, response);
        };
        let id = self.next_id();
        self.awaited = Some(id);
        self.outputs.push(Output::CheckSignature(fetching.id_token.signature_job(id, jwk)));
        let FetchingKeys { nonce, received, tokens, id_token, .. } = fetching;
        self.phase =
            Phase::CheckingSignature(Box::new(CheckingSignature { nonce, received, tokens, id_token }));
    }

    /// Keys rotate: one that is not in a cached set may be in a fresh one (OIDC Core 10.1.1).
    fn key_not_found(&mut self, fetching: FetchingKeys, response: &Response) {
        if fetching.is_second_try {
            let error = match response.status {
                200 => ServerError::IdToken(TokenError::UnknownKey),
                status => ServerError::Unreadable { status },
            };
            return self.stop(Error::Server(error), response.request_id.clone(), Matter::NotAccepted);
        }
        self.fetch_keys(FetchingKeys { is_second_try: true, ..fetching });
    }

    pub(super) fn signature_judged(&mut self, checking: CheckingSignature, verdict: SignatureVerdict) {
        if verdict == SignatureVerdict::Unavailable {
            return self.stop(Error::Setup(SetupError::InsecureContext), None, Matter::NotSetUp);
        }
        let CheckingSignature { nonce, received, mut tokens, id_token } = checking;
        let expected = Expected {
            issuer: &self.config.issuer,
            client_id: &self.config.client_id,
            nonce: &nonce,
            access_token: tokens.access_token.expose(),
            acr_values: self.config.acr_values.as_deref(),
            max_age: self.config.max_age,
        };
        // A server that hides its clock tells the time by the token, which it has made just now: signature and nonce show
        // that it is this one and no older one.
        let at = received.date.or_else(|| id_token.issued()).unwrap_or(received.by_device);
        match id_token.with_verdict(verdict).and_then(|signed| signed.check(&expected, at)) {
            Ok(id_token) => {
                // Of a clock that would have failed the checks the page is told.
                if at.0.abs_diff(received.by_device.0) > CLOCK_SKEW.unsigned_abs() {
                    self.report(Error::Setup(SetupError::ClockSkewed), received.request_id);
                }
                tokens.id_token = Some(id_token);
                self.finish(Outcome::SignedIn(tokens));
            }
            Err(error) => {
                let error = Error::Server(ServerError::IdToken(error));
                self.stop(error, received.request_id, Matter::NotAccepted);
            }
        }
    }

    fn finish(&mut self, outcome: Outcome) {
        let screen = Screen {
            id: self.new_screen_id(),
            step: "done".to_owned(),
            layout: Layout::Done,
            person: self.screen.person.clone(),
            application: self.screen.application.clone(),
            ..Screen::default()
        };
        self.show(screen);
        self.outputs.push(Output::Finish(Box::new(outcome)));
        self.phase = Phase::Ended;
    }
}
