//! Letting a device in (RFC 8628 section 3.3): the code that it shows, and then a sign-in for its client.
//!
//! Typing the code, or pressing the button under one that was in the address, says that it is this device that is
//! meant (RFC 8628 section 3.3.1): a session that is there already does not stand for that.

use super::{Flow, Refusal, Step};
use crate::config::{AuthorizationServer, Client};
use crate::digest;
use crate::failure::Failure;
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
        browser: &str,
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
            ending: Ending::Device(Device { browser: digest::sha256(browser), id: None }),
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
        let phase = self.services.start(&device.client_id)?;
        let request = InteractionRequest {
            authorization_server: device.authorization_server,
            client_id: device.client_id,
            scope: device.scope,
            ending: Ending::Device(Device { id: Some(device.id), ..ending.clone() }),
            ..self.transaction.request.clone()
        };
        Ok(Step::Serve { request: Box::new(request), phase })
    }
}
