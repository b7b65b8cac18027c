//! Signing in on the server's own pages: from `/authorize` to the way back.
//!
//! A browser that has a session goes back at once, if the session is enough for what is asked. Otherwise a transaction
//! begins, which the widget on the server's own page goes through; it is bound to the browser, and its last answer leads
//! to [`Services::conclude`], which happens once, makes the session and says where the browser goes. What the client may
//! ask for was checked in `oauth/authorize.rs`; how it looks on the wire is in `http/authorize.rs`.

mod conclude;

use std::time::Duration;

use crate::clock::Timestamp;
use crate::config::{AuthorizationServer, Client, ResponseType};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::acr::Acr;
use crate::idx::handle::{Presented, StateHandle};
use crate::idx::{Caller, Ending, Hosted, InteractionRequest, Phase, Purpose, Standing, Transaction};
use crate::oauth::{Authentication, AuthorizationError, AuthorizationRequest, Callback, ResponseMode};
use crate::services::Services;
use crate::sessions::{NewSession, Session};

/// A browser that has come to one of the server's own pages.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) caller: &'a Caller,
    /// What its cookie for sign-ins under way holds.
    pub(crate) browser: &'a str,
    /// What its cookie for the session holds.
    pub(crate) session: Option<&'a str>,
}

/// What becomes of a request.
pub(crate) enum Next {
    Return(Callback),
    /// The person has something to do.
    Ask {
        state_token: String,
    },
    /// Too many sign-ins were begun from this address.
    Wait(Duration),
}

/// What becomes of a request, and the session that it has brought along.
pub(crate) struct Visited {
    pub(crate) next: Next,
    /// The cookie of a new session, and until when it is kept, if that is beyond the browser's closing.
    pub(crate) session: Option<(String, Option<Timestamp>)>,
}

impl Services {
    /// Answers a request that was found to be in order. `address` is its path and query.
    pub(crate) async fn visit(
        &self,
        server: &AuthorizationServer,
        asked: AuthorizationRequest,
        visit: Visit<'_>,
        address: &str,
    ) -> Result<Visited, Failure> {
        let rules = &self.config.policy_of(&asked.request.client_id).session;
        let present = self.session(visit.session, rules).await?;
        // Who is signed in stays so: a token that somebody has slipped in must not make them somebody else.
        let new = match (&asked.session_token, present) {
            (Some(token), None) => self.session_by_token(token, rules, visit.caller).await?,
            (_, _) => None,
        };
        let session = new.as_ref().map(|new| new.cookie.as_str()).or(visit.session);
        let next = self.decide(server, asked, Visit { session, ..visit }, address).await?;
        Ok(Visited { next, session: new.map(NewSession::into_cookie) })
    }

    async fn decide(
        &self,
        server: &AuthorizationServer,
        mut asked: AuthorizationRequest,
        visit: Visit<'_>,
        address: &str,
    ) -> Result<Next, Failure> {
        asked.subject = match self.hinted_subject(server, &asked).await? {
            Ok(subject) => subject,
            Err(error) => return Ok(Next::Return(asked.return_address(server).with_error(error))),
        };
        let refuse = |error| Ok(Next::Return(asked.return_address(server).with_error(error)));
        let session = self.usable_session(&asked, visit).await?;
        let must_consent = asked.prompts.consent;
        let standing = match &session {
            Some(session) => Some(self.session_standing(&asked.request, session, must_consent).await?),
            None => None,
        };
        match (session, standing) {
            (Some(session), Some(Standing::Enough)) => self.return_at_once(server, &asked, &session).await,
            (_, None) if asked.prompts.none => refuse(AuthorizationError::login_required()),
            (_, Some(Standing::Consent(_))) if asked.prompts.none => {
                refuse(AuthorizationError::consent_required())
            }
            (_, Some(Standing::Proof)) if asked.prompts.none => {
                refuse(AuthorizationError::interaction_required())
            }
            (session, standing) => self.ask(asked, visit, address, session.zip(standing)).await,
        }
    }

    /// Who is asked for by an ID token, if one is given.
    async fn hinted_subject(
        &self,
        server: &AuthorizationServer,
        asked: &AuthorizationRequest,
    ) -> Result<Result<Option<String>, AuthorizationError>, Failure> {
        let Some(hint) = &asked.id_token_hint else { return Ok(Ok(None)) };
        let subject = self.subject_of(server, hint, &asked.request.client_id).await?;
        let invalid = || AuthorizationError::invalid_request("The 'id_token_hint' is invalid.");
        Ok(subject.map(Some).ok_or_else(invalid))
    }

    /// The session of the browser, if it is that of who is asked for, and young enough.
    async fn usable_session(
        &self,
        asked: &AuthorizationRequest,
        visit: Visit<'_>,
    ) -> Result<Option<Session>, Failure> {
        if asked.prompts.login || asked.prompts.create {
            return Ok(None);
        }
        let rules = &self.config.policy_of(&asked.request.client_id).session;
        let Some(session) = self.session(visit.session, rules).await? else { return Ok(None) };
        let max_age = asked.request.max_age.map(|seconds| Duration::from_secs(seconds.into()));
        let is_young = max_age.is_none_or(|age| session.auth_time.plus(age) > self.clock.now());
        let is_meant = asked.subject.as_ref().is_none_or(|subject| *subject == session.user.id)
            && asked.login_hint.as_ref().is_none_or(|hint| session.user.email == hint.trim().to_lowercase());
        Ok((is_young && is_meant).then_some(session))
    }

    /// Nothing is left to do: the client gets its answer without the person noticing.
    async fn return_at_once(
        &self,
        server: &AuthorizationServer,
        asked: &AuthorizationRequest,
        session: &Session,
    ) -> Result<Next, Failure> {
        self.used(session).await?;
        let amr = session.person.amr.claim();
        let authentication = Authentication {
            user_id: &session.user.id,
            amr: &amr,
            acr: Some(Acr::reached(asked.request.acr, &session.person.amr).name()),
            identity_provider: session.person.identity_provider.as_deref(),
            auth_time: session.auth_time,
            session: Some(&session.id),
        };
        let response = self.authorize(&asked.request, &authentication, asked.response_type).await?;
        let address = asked.return_address(server);
        Ok(Next::Return(match response {
            Some(response) => address.with_response(response),
            // The session has ended since it was looked at.
            None => address.with_error(AuthorizationError::login_required()),
        }))
    }

    /// Begins a transaction, or goes on with the one that this browser has begun with the same request.
    async fn ask(
        &self,
        asked: AuthorizationRequest,
        visit: Visit<'_>,
        address: &str,
        known: Option<(Session, Standing)>,
    ) -> Result<Next, Failure> {
        // Follows from what only this browser has: whoever loads the page again goes on where they were.
        let handle = interaction_handle(visit.browser, address);
        if let Some(transaction) = self.find(&Presented::interaction(&handle)).await? {
            return Ok(Next::Ask { state_token: transaction.revealed_handle() });
        }
        let policy = self.config.policy_of(&asked.request.client_id);
        if let Some(wait) = self.admit_transaction(&policy.attempts, &visit.caller.address).await? {
            return Ok(Next::Wait(wait));
        }
        let hosted = Hosted {
            browser: digest::sha256(visit.browser),
            address: address.to_owned(),
            is_to_be_remembered: None,
            purpose: Purpose::Authorize {
                response_type: asked.response_type,
                mode: asked.mode,
                must_consent: asked.prompts.consent,
                subject: asked.subject,
            },
        };
        let request = InteractionRequest { ending: Ending::Hosted(Box::new(hosted)), ..asked.request };
        let phase = match &known {
            Some((session, Standing::Consent(scopes))) => {
                Phase::Consent { admitted: Box::new(session.admitted()), scopes: scopes.clone() }
            }
            _ if asked.prompts.create && policy.registration.is_some() => Phase::EnrollProfile,
            _ => self.start_with(&request.client_id, asked.login_hint)?,
        };
        let begun = self.begin_hosted(&handle, request, phase).await?;
        let begun = match (begun, known) {
            (Some(transaction), Some((session, Standing::Proof))) => {
                self.step_up(transaction, &session, visit.caller).await?;
                self.find(&Presented::interaction(&handle)).await?
            }
            (begun, _) => begun,
        };
        let state_token = begun.map(|transaction| transaction.revealed_handle()).unwrap_or_default();
        Ok(Next::Ask { state_token })
    }

    /// Keeps a new transaction. If there is one of that name already, because the page was loaded twice at once, that is
    /// the one.
    async fn begin_hosted(
        &self,
        interaction_handle: &str,
        request: InteractionRequest,
        phase: Phase,
    ) -> Result<Option<Transaction>, Failure> {
        let (now, generation) = (self.clock.now(), entropy::unique(&*self.entropy)?);
        let lifetime = self.config.policy_of(&request.client_id).lifetimes.transaction;
        let transaction = Transaction {
            handle: StateHandle::of_interaction(interaction_handle, &generation),
            generation,
            phase,
            revision: 0,
            expires_at: now.plus(lifetime),
            request,
        };
        self.store.replace_transaction(&transaction.to_stored()?, now).await?;
        self.find(&Presented::interaction(interaction_handle)).await
    }

    /// A sign-in to look at: as any client of this name would begin it.
    pub(crate) async fn preview(&self, client: &Client, visit: Visit<'_>) -> Result<String, Failure> {
        let address = "/template".to_owned();
        let handle = interaction_handle(visit.browser, &address);
        if let Some(transaction) = self.find(&Presented::interaction(&handle)).await? {
            return Ok(transaction.revealed_handle());
        }
        let response_type = ResponseType { has_code: true, ..ResponseType::default() };
        let purpose = Purpose::Authorize {
            response_type,
            mode: ResponseMode::Query,
            must_consent: false,
            subject: None,
        };
        let browser = digest::sha256(visit.browser);
        let hosted = Hosted { browser, address, is_to_be_remembered: None, purpose };
        let request = InteractionRequest {
            authorization_server: self
                .config
                .authorization_servers()
                .first()
                .map(|it| it.id.clone())
                .unwrap_or_default(),
            client_id: client.client_id.clone(),
            redirect_uri: client.redirect_uris.first().cloned().unwrap_or_default(),
            scope: "openid".to_owned(),
            nonce: None,
            state: None,
            acr: None,
            max_age: None,
            code_challenge: None,
            dpop_jkt: None,
            ending: Ending::Hosted(Box::new(hosted)),
            browser: None,
        };
        let phase = self.start_with(&client.client_id, None)?;
        self.begin_hosted(&handle, request, phase)
            .await?
            .map_or_else(|| Ok(String::new()), |it| Ok(it.revealed_handle()))
    }
}

/// The handle of the transaction that a browser begins with this request.
fn interaction_handle(browser: &str, address: &str) -> String {
    digest::keyed(browser.as_bytes(), &format!("interaction {address}"))
}
