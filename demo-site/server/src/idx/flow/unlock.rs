//! Unlocking an account that too many wrong passwords have locked: whose it is. The proof is in `regaining.rs`.

use super::sign_in::identifier_problem;
use super::{Flow, Step};
use crate::failure::Failure;
use crate::idx::action::Selected;
use crate::idx::transaction::{Goal, Phase};

impl Flow<'_> {
    pub(super) fn begin_unlock(&self) -> Step {
        if self.policy().unlock { Step::to(Phase::SelectUnlock) } else { Step::unexpected() }
    }

    pub(super) async fn select_unlock(&self, selected: &Selected) -> Result<Step, Failure> {
        if let Some(message) = identifier_problem(selected.identifier.trim()) {
            return Ok(Step::refuse_field("identifier", message));
        }
        let account = self.account(&selected.identifier).await?;
        self.select_way(&account, Goal::Unlock, selected).await
    }
}
