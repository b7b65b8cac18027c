//! The simulated device: what waits for an answer on it, and answering.
//!
//! There is one for everybody, and everybody may answer everything: like the inbox it stands for what people have
//! in their pockets, and is only there together with it. The page is in `http/simulator.rs`.

use crate::failure::Failure;
use crate::idx::flow::AboutPush;
use crate::links::AboutSignIn;
use crate::services::Services;
use crate::store::{Settled, Subject};

/// Something that waits for an answer.
pub(crate) struct Waiting {
    pub(crate) id: String,
    /// The device that it waits on; one that is not set up yet is named by what waits.
    pub(crate) device: String,
    pub(crate) sign_in: AboutSignIn,
    pub(crate) asks: Asks,
}

/// What is asked.
pub(crate) enum Asks {
    /// To become somebody's device.
    SetUp,
    /// Whether it is them who sign in; with the numbers to choose from, if one has to be chosen.
    Approve { choices: Vec<String> },
}

impl Services {
    /// What waits, newest first; on one device if it is named.
    pub(crate) async fn waiting(&self, device: Option<&str>) -> Result<Vec<Waiting>, Failure> {
        let now = self.clock.now();
        let mut waiting = Vec::new();
        for push in self.store.waiting(Subject::Push, now).await? {
            let AboutPush { sign_in, choices, .. } = serde_json::from_str(&push.about)?;
            let asks = Asks::Approve { choices };
            waiting.push(Waiting { id: push.id, device: push.owner, sign_in, asks });
        }
        for new in self.store.waiting(Subject::Device, now).await? {
            let sign_in = serde_json::from_str(&new.about)?;
            waiting.push(Waiting { device: new.id.clone(), id: new.id, sign_in, asks: Asks::SetUp });
        }
        waiting.retain(|it| device.is_none_or(|device| device == it.device));
        Ok(waiting)
    }

    /// Answers with `approve`, `deny` or a number. False if nothing waits for it any more.
    pub(crate) async fn answer_device(&self, id: &str, answer: &str) -> Result<bool, Failure> {
        let Some(asked) = self.store.confirmation(id).await? else { return Ok(false) };
        let is_right = match asked.subject {
            Subject::Link => return Ok(false),
            Subject::Device => answer == APPROVE,
            Subject::Push => {
                let about: AboutPush = serde_json::from_str(&asked.about)?;
                // The wrong number is as good as "no": it was chosen by somebody who does not see the page.
                answer == about.correct_answer.as_deref().unwrap_or(APPROVE)
            }
        };
        let state = if is_right { Settled::Approved } else { Settled::Denied };
        Ok(self.store.settle(id, state, self.clock.now()).await?)
    }
}

pub(crate) const APPROVE: &str = "approve";
pub(crate) const DENY: &str = "deny";
/// Where the page is.
pub(crate) const PATH: &str = "/simulator";
