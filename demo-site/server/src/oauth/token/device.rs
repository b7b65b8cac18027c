//! A device asks whether it was let in (RFC 8628 sections 3.4 and 3.5).

use super::{Exchanged, Issue, TokenRequest};
use crate::digest;
use crate::oauth::OAuthError;
use crate::services::Services;
use crate::store::DeviceState;

impl Services {
    pub(super) async fn exchange_device_code(&self, request: &TokenRequest<'_>) -> Exchanged {
        let id = digest::sha256(request.params.require("device_code")?);
        let device = self.store.device_code(&id).await?.filter(|device| {
            device.client_id == request.client.client_id && device.authorization_server == request.server.id
        });
        let device = device.ok_or_else(invalid_device_code)?;
        let now = self.clock.now();
        let grant_id = match device.state {
            DeviceState::Used(grant_id) => {
                // As with other codes: whoever was first may have stolen it.
                self.store.revoke_grant(&grant_id).await?;
                return Err(invalid_device_code().into());
            }
            _ if device.expires_at <= now => {
                return Err(OAuthError::new(400, "expired_token", "The device code has expired.").into());
            }
            DeviceState::Denied => {
                let description = "The resource owner or authorization server denied the request.";
                return Err(OAuthError::new(400, "access_denied", description).into());
            }
            DeviceState::Waiting if self.store.poll_device_code(&id, now).await? => {
                let description =
                    "The device polls too often: the interval is five seconds longer from now on.";
                return Err(OAuthError::new(400, "slow_down", description).into());
            }
            DeviceState::Waiting => {
                let description = "The device authorization is pending. Please try again later.";
                return Err(OAuthError::new(400, "authorization_pending", description).into());
            }
            DeviceState::Approved(grant_id) => grant_id,
        };
        if !self.store.use_device_code(&id).await? {
            return Err(invalid_device_code().into());
        }
        let grant = self.store.grant(&grant_id).await?.filter(|grant| request.owns(grant));
        let grant = grant.ok_or_else(invalid_device_code)?;
        Ok(self.issue(request, Issue::first(self, &grant)).await?)
    }
}

fn invalid_device_code() -> OAuthError {
    OAuthError::invalid_grant("The device code is invalid or has been used.")
}
