//! Unlocking an account that too many wrong passwords have locked, by a code.

use super::codes::{Answered, Checked};
use super::sign_in::identifier_problem;
use super::{Flow, Step};
use crate::failure::Failure;
use crate::idx::authenticators::Kind;
use crate::idx::messages::Message;
use crate::idx::transaction::{Account, EmailCode, Phase};
use crate::limits::Purpose;
use crate::mail::Occasion;

impl Flow<'_> {
    pub(super) fn begin_unlock(&self) -> Step {
        if self.policy().unlock { Step::to(Phase::SelectUnlock) } else { Step::unexpected() }
    }

    pub(super) async fn select_unlock(&self, identifier: &str, id: &str) -> Result<Step, Failure> {
        if let Some(message) = identifier_problem(identifier.trim()) {
            return Ok(Step::refuse_field("identifier", message));
        }
        if Kind::of_id(id) != Some(Kind::Email) {
            return Ok(Step::unexpected());
        }
        self.send_unlock_code(self.account(identifier).await?).await
    }

    pub(super) async fn send_unlock_code(&self, account: Account) -> Result<Step, Failure> {
        let occasion = account.user_id.as_ref().map(|_| Occasion::Unlock);
        Ok(match self.new_code(&account.identifier, occasion).await? {
            Err(refusal) => Step::refuse(refusal),
            Ok(new) => new.ask(|code| Phase::Unlock { account, code }),
        })
    }

    pub(super) async fn confirm_unlock(
        &self,
        account: &Account,
        code: &EmailCode,
        answer: Answered<'_>,
    ) -> Result<Step, Failure> {
        match self.check_code(&account.identifier, code, answer).await? {
            Checked::Instead(step) => Ok(*step),
            Checked::Wrong { code, refusal } => {
                let phase = Phase::Unlock { account: account.clone(), code };
                Ok(Step::Refuse { phase: Some(phase), refusal })
            }
            Checked::Right => {
                self.services.unlock(Purpose::Password, &account.identifier).await?;
                Ok(Step::End(Message::Unlocked))
            }
        }
    }
}
