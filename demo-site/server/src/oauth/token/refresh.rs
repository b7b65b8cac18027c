//! Refresh tokens (RFC 6749 section 6): each is used once and gives the next.

use super::{Exchanged, Issue, TokenRequest};
use crate::digest;
use crate::oauth::OAuthError;
use crate::oauth::claims::Granted;
use crate::services::Services;
use crate::store::RedeemedRefreshToken;

impl Services {
    pub(super) async fn exchange_refresh_token(&self, request: &TokenRequest<'_>) -> Exchanged {
        let token = request.params.require("refresh_token")?;
        let now = self.clock.now();
        let redeemed =
            self.store.redeem_refresh_token(&digest::sha256(token), request.jkt.as_deref(), now).await?;
        let (grant_id, expires_at) = match redeemed {
            RedeemedRefreshToken::First { grant_id, expires_at } => (grant_id, expires_at),
            // The answer to the first may have been lost: for as long as the client may try again it does.
            RedeemedRefreshToken::Again { grant_id, expires_at, used_at }
                if used_at.plus(request.client.refresh_token_reuse_interval) > now =>
            {
                (grant_id, expires_at)
            }
            RedeemedRefreshToken::Again { grant_id, .. } => {
                // RFC 9700 section 4.14.2: one of the two who used it is not the client.
                self.store.revoke_grant(&grant_id).await?;
                return Err(invalid_refresh_token().into());
            }
            RedeemedRefreshToken::Unknown => return Err(invalid_refresh_token().into()),
        };
        let grant = self.store.grant(&grant_id).await?;
        let grant = grant.filter(|grant| request.owns(grant) && expires_at > now);
        let grant = grant.ok_or_else(invalid_refresh_token)?;
        let scope = request.params.find("scope").unwrap_or(&grant.scope);
        // RFC 6749 section 6: the scope may shrink and must not grow.
        if !scope.split(' ').all(|name| Granted(&grant.scope).has(name)) {
            return Err(OAuthError::invalid_scope("The scope exceeds what was granted.").into());
        }
        let issue = Issue { grant: &grant, scope, nonce: None, refresh_token_expires_at: expires_at };
        Ok(self.issue(request, issue).await?)
    }
}

fn invalid_refresh_token() -> OAuthError {
    OAuthError::invalid_grant("The refresh token is invalid or expired.")
}
