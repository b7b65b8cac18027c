//! Letting a device in (RFC 8628 section 3.3): the code that it shows, and then a sign-in for its client.
//!
//! Typing the code, or pressing the button under one that was in the address, says that it is this device that is
//! meant (RFC 8628 section 3.3.1): a session that is there already does not stand for that. It spares the person the sign-in,
//! as far as it is enough for the client, and then they are asked what the device may have, whatever they have said before
//! (section 5.4: somebody else may have sent them the code).

use super::{Flow, Refusal, Standing, Step};
use crate::config::{AuthorizationServer, Client};
use crate::digest;
use crate::failure::Failure;
use crate::hosted::Visit;
use crate::idx::ending::{Device, Ending};
use crate::idx::handle::Presented;
use crate::idx::messages::{Message, Problems};
use crate::idx::transaction::{InteractionRequest, Phase};
use crate::limits::Purpose;
use crate::services::Services;

impl Services {
    /// Begins to let a device in, on the page of this browser, and says the state token. What stood in the address of
    /// the page is put into the form, and the person looks at it.
    pub(crate) async fn begin_activation(
        &self,
        server: &AuthorizationServer,
        client: &Client,
        visit: Visit<'_>,
        user_code: Option<String>,
    ) -> Result<String, Failure> {
        // Longer than any way to write a code.
        const LONGEST: usize = 32;
        let request = InteractionRequest {
            authorization_server: server.id.clone(),
            client_id: client.client_id.clone(),
            redirect_uri: String::new(),
            scope: String::new(),
            nonce: None,
            state: None,
            acr: None,
            max_age: None,
            code_challenge: None,
            dpop_jkt: None,
            ending: Ending::Device(Device {
                browser: digest::sha256(visit.browser),
                id: None,
                session: visit.session.map(digest::sha256),
            }),
            browser: None,
        };
        let user_code = user_code.filter(|code| code.len() <= LONGEST);
        let handle = self.begin_at(Phase::EnterUserCode { user_code }, request).await?;
        let begun = self.find(&Presented::interaction(&handle)).await?;
        Ok(begun.map(|transaction| transaction.revealed_handle()).unwrap_or_default())
    }
}

impl Flow<'_> {
    pub(super) async fn enter_user_code(&self, typed: &str) -> Result<Step, Failure> {
        let Ending::Device(ending) = &self.transaction.request.ending else { return Ok(Step::unexpected()) };
        if typed.trim().is_empty() {
            return Ok(Step::refuse_field("userCode", Message::RequiredField));
        }
        // RFC 8628 section 5.1: nobody may try many codes, whoever's they are.
        let guesser = format!("device at {}", self.caller.address);
        if let Some(blocked) = self.admit(Purpose::Code, &guesser).await? {
            return Ok(Step::refuse(Refusal::too_often(blocked, Message::TooManyRequests)));
        }
        let Some(device) = self.services.device_of(typed).await? else {
            return Ok(Step::refuse(Refusal::because(Problems::general(Message::InvalidUserCode))));
        };
        self.forgive(Purpose::Code, &guesser).await?;
        let request = InteractionRequest {
            authorization_server: device.authorization_server,
            client_id: device.client_id,
            scope: device.scope,
            ending: Ending::Device(Device { id: Some(device.id), ..ending.clone() }),
            ..self.transaction.request.clone()
        };
        let phase = match self.confirmation_by_session(&request, ending.session.as_deref()).await? {
            Some(phase) => phase,
            None => self.services.start(&request.client_id)?,
        };
        Ok(Step::Serve { request: Box::new(request), phase })
    }

    /// The question whether to let the device in, for somebody who has a session that is enough for its client.
    async fn confirmation_by_session(
        &self,
        request: &InteractionRequest,
        session: Option<&str>,
    ) -> Result<Option<Phase>, Failure> {
        let Some(id) = session else { return Ok(None) };
        let rules = &self.services.config.policy_of(&request.client_id).session;
        let Some(session) = self.services.session_of_id(id, rules).await? else { return Ok(None) };
        Ok(match self.services.session_standing(request, &session, true).await? {
            Standing::Consent(scopes) => {
                Some(Phase::Consent { admitted: Box::new(session.admitted()), scopes })
            }
            Standing::Enough | Standing::Proof => None,
        })
    }
}
