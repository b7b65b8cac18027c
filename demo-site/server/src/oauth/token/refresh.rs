//! Refresh tokens (RFC 6749 section 6): each is used once and gives the next.

use super::{Exchanged, Issue, TokenRequest};
use crate::digest;
use crate::oauth::claims::Granted;
use crate::oauth::{OAuthError, Rejection};
use crate::services::Services;
use crate::store::RedeemedRefreshToken;

impl Services {
    pub(super) async fn exchange_refresh_token(&self, request: &TokenRequest<'_>) -> Exchanged {
        let hash = digest::sha256(request.params.require("refresh_token")?);
        let now = self.clock.now();
        if let Some(scope) = request.params.find("scope") {
            self.check_scope(request, scope, &hash).await?;
        }
        let redeemed = self.store.redeem_refresh_token(&hash, request.jkt.as_deref(), now).await?;
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
        let issue = Issue { grant: &grant, scope, nonce: None, refresh_token_expires_at: expires_at };
        Ok(self.issue(request, issue).await?)
    }

    /// RFC 6749 section 6: the scope may shrink and must not grow. Asked before the token is used up, which whoever is told of a
    /// mistake still has.
    async fn check_scope(
        &self,
        request: &TokenRequest<'_>,
        scope: &str,
        hash: &str,
    ) -> Result<(), Rejection> {
        let Some(grant_id) = self.store.refresh_token_grant(hash).await? else { return Ok(()) };
        let grant = self.store.grant(&grant_id).await?.filter(|grant| request.owns(grant));
        match grant {
            Some(grant) if !scope.split(' ').all(|name| Granted(&grant.scope).has(name)) => {
                Err(OAuthError::invalid_scope("The scope exceeds what was granted.").into())
            }
            _ => Ok(()),
        }
    }
}

fn invalid_refresh_token() -> OAuthError {
    OAuthError::invalid_grant("The refresh token is invalid or expired.")
}
