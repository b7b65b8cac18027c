//! Codes by e-mail: sending one, and checking one, typed or confirmed by the link in the mail.
//!
//! Somebody who does not exist gets as far as somebody who does: the same page, the same count of mails and of
//! tries. Only there is no mail, and no code that would be right.

use super::{Flow, PASSCODE, Refusal, Step};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::idx::messages::Message;
use crate::idx::transaction::{EmailCode, Phase};
use crate::limits::Purpose;
use crate::links::Link;
use crate::mail::{Letter, Occasion};
use crate::store::{Effect, Settled};

/// A code, and what has to happen for somebody to get it.
pub(super) struct NewCode {
    pub(super) code: EmailCode,
    pub(super) letter: Option<Letter>,
    pub(super) effects: Vec<Effect>,
}

/// How a code was answered.
#[derive(Clone, Copy)]
pub(super) enum Answered<'a> {
    Typed(&'a str),
    /// Not here: is there an answer to the link?
    Elsewhere,
}

impl NewCode {
    /// On to the phase that asks for the code.
    pub(super) fn ask(self, phase: impl FnOnce(EmailCode) -> Phase) -> Step {
        Step::Move { phase: phase(self.code), letter: self.letter, effects: self.effects }
    }
}

impl Flow<'_> {
    /// A code for `identifier`, and the letter with it if there is somebody to send it to.
    pub(super) async fn new_code(
        &self,
        identifier: &str,
        occasion: Occasion,
        is_sent: bool,
    ) -> Result<Result<NewCode, Refusal>, Failure> {
        if let Some(blocked) = self.admit(Purpose::Mail, identifier).await? {
            return Ok(Err(Refusal::too_often(blocked, Message::TooManyRequests)));
        }
        let expires_at = self.services.clock.now().plus(self.policy().lifetimes.email_code);
        let has_code = is_sent && occasion.has_code();
        let has_link = self.policy().email_link && !occasion.is_by_phone();
        let link = if has_link { Some(Link::new(&*self.services.entropy)?) } else { None };
        let code = match (has_code, &link) {
            (true, Some(link)) => Some(link.code()),
            (true, None) => Some(entropy::digits(&*self.services.entropy)?),
            (false, _) => None,
        };
        // Where no code is sent, the digest is of something that nobody can type, and the link leads nowhere.
        let secret = match &code {
            Some(code) => code.clone(),
            None => entropy::opaque(&*self.services.entropy)?,
        };
        let effects = match &link {
            Some(link) if has_code => vec![self.link_effect(link, identifier, expires_at)?],
            Some(_) | None => Vec::new(),
        };
        let address =
            link.as_ref().filter(|_| has_code).map(|link| link.address(&self.services.config.issuer));
        let recipient = identifier.to_owned();
        let letter = is_sent.then_some(Letter { recipient, occasion, code, link: address });
        let link = link.map(|link| link.id());
        let code = EmailCode { digest: self.digest_of(&secret), failures: 0, expires_at, link };
        Ok(Ok(NewCode { code, letter, effects }))
    }

    /// Why an answer to a code that `identifier` was sent does not count; nothing if it is right. `again` is the phase
    /// that asks once more, with one try less.
    pub(super) async fn refuse_code(
        &self,
        identifier: &str,
        code: &EmailCode,
        answer: Answered<'_>,
        again: impl FnOnce(EmailCode) -> Phase,
    ) -> Result<Option<Step>, Failure> {
        let typed = match answer {
            Answered::Typed(typed) => typed.trim(),
            Answered::Elsewhere => return self.refuse_link(code).await,
        };
        if let Some(refusal) = self.refuse_try(identifier, typed).await? {
            return Ok(Some(Step::refuse(refusal)));
        }
        let allowed = self.policy().attempts.per_code;
        if code.failures >= allowed || code.expires_at <= self.services.clock.now() {
            return Ok(Some(Step::refuse_field(PASSCODE, Message::SpentCode)));
        }
        if digest::equal(&self.digest_of(typed), &code.digest) {
            self.forgive(Purpose::Code, identifier).await?;
            return Ok(None);
        }
        let failures = code.failures + 1;
        let message = if failures < allowed { Message::InvalidCode } else { Message::SpentCode };
        let phase = Some(again(EmailCode { failures, ..code.clone() }));
        Ok(Some(Step::Refuse { phase, refusal: Refusal::of_field(PASSCODE, message) }))
    }

    /// Why an answer that is to be compared with a secret is not even compared.
    pub(super) async fn refuse_try(&self, identifier: &str, typed: &str) -> Result<Option<Refusal>, Failure> {
        if typed.is_empty() {
            return Ok(Some(Refusal::of_field(PASSCODE, Message::RequiredField)));
        }
        let blocked = self.admit(Purpose::Code, identifier).await?;
        Ok(blocked.map(|blocked| Refusal::too_often(blocked, Message::SuspendedFactor)))
    }

    async fn refuse_link(&self, code: &EmailCode) -> Result<Option<Step>, Failure> {
        let Some(id) = &code.link else { return Ok(Some(Step::unexpected())) };
        let state = self.services.store.confirmation(id).await?.map(|confirmation| confirmation.state);
        Ok(match state {
            // Too late is too late, also for an answer that came in time.
            Some(Settled::Approved) if code.expires_at > self.services.clock.now() => None,
            Some(Settled::Denied) => Some(Step::End(Message::CancelledElsewhere)),
            Some(Settled::Approved | Settled::Waiting) | None => Some(Step::Stay),
        })
    }

    fn digest_of(&self, code: &str) -> String {
        digest::keyed(self.transaction.handle.code_key(), code)
    }
}
