//! The end of a sign-in on the server's own page: it happens once, makes the session, and says where the browser goes.

use super::Visit;
use crate::clock::Timestamp;
use crate::config::ResponseType;
use crate::digest;
use crate::failure::Failure;
use crate::idx::acr::Acr;
use crate::idx::handle::Presented;
use crate::idx::{Admitted, Ending, Phase, Purpose, Transaction};
use crate::oauth::{Authentication, AuthorizationError, Callback, ReturnAddress};
use crate::services::Services;
use crate::sessions::NewSession;
use crate::store::{CodeKind, Conclusion, StoredConsent};

/// The end of a transaction.
pub(crate) struct Concluded {
    pub(crate) callback: Callback,
    /// The cookie of the new session, and until when it is kept, if that is beyond the browser's closing.
    pub(crate) session: Option<(String, Option<Timestamp>)>,
}

impl Services {
    /// Ends a transaction whose person has done everything, once. Nothing if there is no such transaction, it is not
    /// at its end, or it was begun in another browser.
    pub(crate) async fn conclude(
        &self,
        state_token: &str,
        visit: Visit<'_>,
    ) -> Result<Option<Concluded>, Failure> {
        let browser = digest::sha256(visit.browser);
        let found = match Presented::state(state_token) {
            Some(presented) => self.find(&presented).await?,
            None => None,
        };
        let Some(transaction) = found.filter(|it| it.request.ending.is_of_browser(Some(&browser))) else {
            return Ok(None);
        };
        let Some(end) = End::of(self, &transaction) else { return Ok(None) };
        let rules = &self.config.policy_of(&transaction.request.client_id).session;
        let standing = self.session(visit.session, rules).await?;
        let new = match &end.admitted.session {
            None => Some(self.new_session(end.admitted, rules, visit.caller)?),
            // It was good when the transaction began. Signing out since then is not undone.
            Some(id) if standing.as_ref().is_some_and(|session| session.id == *id) => None,
            Some(_) => return Ok(None),
        };
        let replaced = visit.session.map(digest::sha256);
        let callback = match end.refusal() {
            Some(error) => self.conclude_refused(&end, error, new.as_ref(), replaced.as_deref()).await?,
            None => self.conclude_granted(&end, new.as_ref(), replaced.as_deref()).await?,
        };
        let session = new.map(NewSession::into_cookie);
        Ok(callback.map(|callback| Concluded { callback, session }))
    }

    /// The person is signed in, and the client gets nothing.
    async fn conclude_refused(
        &self,
        end: &End<'_>,
        error: AuthorizationError,
        new: Option<&NewSession>,
        replaced: Option<&str>,
    ) -> Result<Option<Callback>, Failure> {
        let is_first = self.store.conclude(&end.conclusion(new, replaced)).await?;
        Ok(is_first.then(|| end.address.with_error(error)))
    }

    async fn conclude_granted(
        &self,
        end: &End<'_>,
        new: Option<&NewSession>,
        replaced: Option<&str>,
    ) -> Result<Option<Callback>, Failure> {
        let (person, request) = (&end.admitted.person, &end.transaction.request);
        let amr = person.amr.claim();
        let authentication = Authentication {
            user_id: &person.user_id,
            amr: &amr,
            acr: Some(Acr::reached(request.acr, &person.amr).name()),
            identity_provider: person.identity_provider.as_deref(),
            auth_time: end.admitted.auth_time,
            session: new.map(|new| new.kept.id.as_str()).or(end.admitted.session.as_deref()),
        };
        let grant = self.new_grant(request, &authentication)?;
        let code = if end.response_type.has_code {
            Some(self.new_code(CodeKind::Authorization, request, &grant)?)
        } else {
            None
        };
        let (code, kept) = code.unzip();
        let consent = end.admitted.consented.as_ref().map(|scopes| StoredConsent {
            user_id: person.user_id.clone(),
            client_id: request.client_id.clone(),
            issuer: request.authorization_server.clone(),
            scopes: scopes.clone(),
            granted_at: self.clock.now(),
        });
        let grants = Some((&grant, kept.as_ref()));
        let conclusion = Conclusion { grants, consent: consent.as_ref(), ..end.conclusion(new, replaced) };
        if !self.store.conclude(&conclusion).await? {
            return Ok(None);
        }
        let response = self.authorization_response(&grant, code, end.response_type).await?;
        Ok(Some(end.address.with_response(response)))
    }
}

/// A transaction that has come to its end, but for the way back.
struct End<'a> {
    transaction: &'a Transaction,
    transaction_id: String,
    admitted: &'a Admitted,
    is_refused: bool,
    /// Who was asked for, if somebody was.
    subject: Option<&'a str>,
    now: Timestamp,
    response_type: ResponseType,
    address: ReturnAddress<'a>,
}

impl<'a> End<'a> {
    fn of(services: &'a Services, transaction: &'a Transaction) -> Option<Self> {
        let request = &transaction.request;
        let (Phase::Done { admitted, is_refused }, Ending::Hosted(hosted)) =
            (&transaction.phase, &request.ending)
        else {
            return None;
        };
        let Purpose::Authorize { response_type, mode, ref subject, .. } = hosted.purpose;
        Some(Self {
            transaction,
            transaction_id: transaction.handle.transaction_id(),
            admitted,
            is_refused: *is_refused,
            subject: subject.as_deref(),
            now: services.clock.now(),
            response_type,
            address: ReturnAddress {
                server: services.config.authorization_server(&request.authorization_server)?,
                client_id: &request.client_id,
                redirect_uri: &request.redirect_uri,
                mode,
                state: request.state.as_deref(),
            },
        })
    }

    /// Why the client gets nothing, if it gets nothing.
    fn refusal(&self) -> Option<AuthorizationError> {
        let is_another = self.subject.is_some_and(|subject| subject != self.admitted.person.user_id);
        match (self.is_refused, is_another) {
            (true, _) => Some(AuthorizationError::access_denied()),
            // OIDC Core section 3.1.2.1: somebody else than who the ID token is about.
            (false, true) => Some(AuthorizationError::login_required()),
            (false, false) => None,
        }
    }

    fn conclusion<'c>(&'c self, new: Option<&'c NewSession>, replaced: Option<&'c str>) -> Conclusion<'c> {
        let session = new.map(|new| (&new.kept, replaced));
        let (transaction_id, revision) = (self.transaction_id.as_str(), self.transaction.revision);
        let rests_on = self.admitted.person.known_by.as_ref().map(|known_by| known_by.session.as_str());
        Conclusion { transaction_id, revision, rests_on, now: self.now, session, consent: None, grants: None }
    }
}
