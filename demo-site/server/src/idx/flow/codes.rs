//! Codes by e-mail: sending one, and checking one.
//!
//! Somebody who does not exist gets as far as somebody who does: the same page, the same count of mails and of
//! tries. Only there is no mail, and no code that would be right.

use super::{Flow, PASSCODE, Refusal};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::messages::Message;
use crate::idx::transaction::EmailCode;
use crate::limits::Purpose;
use crate::mail::{Letter, Occasion};

/// What came of checking a code.
pub(super) enum Checked {
    Right,
    /// One try less.
    Wrong {
        code: EmailCode,
        refusal: Refusal,
    },
    /// It was not even compared.
    Refused(Refusal),
}

impl Flow<'_> {
    /// A code for `identifier`, and the letter with it if there is somebody to write to.
    pub(super) async fn new_code(
        &self,
        identifier: &str,
        occasion: Option<Occasion>,
    ) -> Result<Result<(EmailCode, Option<Letter>), Refusal>, Failure> {
        if let Some(blocked) = self.services.admit(Purpose::Mail, identifier, &self.caller.address).await? {
            return Ok(Err(Refusal::too_often(blocked, Message::TooManyRequests)));
        }
        let code = match occasion {
            Some(Occasion::SignIn | Occasion::Registration | Occasion::Recovery) => {
                Some(entropy::digits(&*self.services.entropy)?)
            }
            Some(Occasion::AccountExists) | None => None,
        };
        // Where no code is sent, the digest is of something that nobody can type.
        let secret = match &code {
            Some(code) => code.clone(),
            None => entropy::opaque(&*self.services.entropy)?,
        };
        let letter = occasion.map(|occasion| Letter { recipient: identifier.to_owned(), occasion, code });
        let expires_at = self.services.clock.now().plus(self.services.config.policy.lifetimes.email_code);
        Ok(Ok((EmailCode { digest: self.digest_of(&secret), failures: 0, expires_at }, letter)))
    }

    /// Checks what was typed against a code that `identifier` was sent.
    pub(super) async fn check_code(
        &self,
        identifier: &str,
        code: &EmailCode,
        typed: &str,
    ) -> Result<Checked, Failure> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(Checked::Refused(Refusal::of_field(PASSCODE, Message::RequiredField)));
        }
        if let Some(blocked) = self.services.admit(Purpose::Code, identifier, &self.caller.address).await? {
            return Ok(Checked::Refused(Refusal::too_often(blocked, Message::SuspendedFactor)));
        }
        let allowed = self.services.config.policy.attempts.per_code;
        if code.failures >= allowed || code.expires_at <= self.services.clock.now() {
            return Ok(Checked::Refused(Refusal::of_field(PASSCODE, Message::SpentCode)));
        }
        if digest::equal(&self.digest_of(typed), &code.digest) {
            self.services.forgive(Purpose::Code, identifier, &self.caller.address).await?;
            return Ok(Checked::Right);
        }
        let failures = code.failures + 1;
        let message = if failures < allowed { Message::InvalidCode } else { Message::SpentCode };
        let code = EmailCode { failures, ..code.clone() };
        Ok(Checked::Wrong { code, refusal: Refusal::of_field(PASSCODE, message) })
    }

    fn digest_of(&self, code: &str) -> String {
        digest::keyed(self.transaction.handle.code_key(), code)
    }
}
