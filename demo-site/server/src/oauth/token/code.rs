//! Codes, from an embedded sign-in and from the authorization endpoint (RFC 6749 section 4.1.3).
//!
//! A code is used up before anything about the request is looked at, so that whoever guesses gets one guess.

use super::{Exchanged, Issue, TokenRequest};
use crate::clock::Timestamp;
use crate::digest;
use crate::oauth::OAuthError;
use crate::services::Services;
use crate::store::{Code, CodeKind, Redemption};

impl Services {
    pub(super) async fn exchange_interaction_code(&self, request: &TokenRequest<'_>) -> Exchanged {
        let code = request.params.require("interaction_code")?;
        request.params.require("code_verifier")?;
        self.exchange_code(request, CodeKind::Interaction, code).await
    }

    pub(super) async fn exchange_authorization_code(&self, request: &TokenRequest<'_>) -> Exchanged {
        let code = request.params.require("code")?;
        request.params.require("redirect_uri")?;
        self.exchange_code(request, CodeKind::Authorization, code).await
    }

    async fn exchange_code(&self, request: &TokenRequest<'_>, kind: CodeKind, code: &str) -> Exchanged {
        let code = match self.store.redeem_code(kind, &digest::sha256(code)).await? {
            Redemption::First(code) => code,
            Redemption::Replayed(grant_id) => {
                // RFC 6749 section 4.1.2: whoever was first may have stolen it.
                self.store.revoke_grant(&grant_id).await?;
                return Err(invalid_code(kind).into());
            }
            Redemption::Unknown => return Err(invalid_code(kind).into()),
        };
        check_code(&code, request, self.clock.now())?;
        let grant = self.store.grant(&code.grant_id).await?.filter(|grant| request.owns(grant));
        let grant = grant.ok_or_else(|| invalid_code(kind))?;
        Ok(self.issue(request, Issue::first(self, &grant)).await?)
    }
}

/// Checks that the code is used by who it was made for, in time, and with the right verifier.
fn check_code(code: &Code, request: &TokenRequest<'_>, now: Timestamp) -> Result<(), OAuthError> {
    if code.expires_at <= now || code.client_id != request.client.client_id {
        return Err(invalid_code(code.kind));
    }
    if request.params.find("redirect_uri").is_some_and(|redirect_uri| redirect_uri != code.redirect_uri) {
        return Err(OAuthError::invalid_grant(match code.kind {
            CodeKind::Interaction => {
                "The 'redirect_uri' does not match the redirection URI used in the interact request."
            }
            CodeKind::Authorization => {
                "The 'redirect_uri' does not match the redirection URI used in the authorization request."
            }
        }));
    }
    // RFC 9449 section 10.
    if code.dpop_jkt.is_some() && code.dpop_jkt != request.jkt {
        return Err(OAuthError::invalid_grant(
            "The code is bound to another key, which must be proved with it.",
        ));
    }
    let is_verified = match (&code.code_challenge, request.params.find("code_verifier")) {
        // RFC 7636 section 4.6.
        (Some(challenge), Some(verifier)) => digest::equal(&digest::sha256(verifier), challenge),
        // RFC 9700 section 4.8.2: a verifier without a challenge is a downgrade that somebody brought about.
        (Some(_), None) | (None, Some(_)) => false,
        (None, None) => !request.client.is_public(),
    };
    if is_verified { Ok(()) } else { Err(OAuthError::invalid_grant("PKCE verification failed.")) }
}

fn invalid_code(kind: CodeKind) -> OAuthError {
    OAuthError::invalid_grant(match kind {
        CodeKind::Interaction => "The interaction code is invalid or has expired.",
        CodeKind::Authorization => "The authorization code is invalid or has expired.",
    })
}
