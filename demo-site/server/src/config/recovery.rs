//! How people get back in without their password: `[policy.recovery]`.

use super::section::Section;
use super::{ConfigError, Kind};

/// Everything under `[policy.recovery]`.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    /// What proves who it is, in the order in which it is offered; none if nobody recovers by themselves.
    pub(crate) authenticators: Vec<Kind>,
    /// Whether whoever has set up a security question answers it as well.
    pub(crate) security_question: bool,
}

impl Recovery {
    pub(super) fn read(policy: &mut Section) -> Result<Self, ConfigError> {
        let mut section = policy.section("recovery", &["authenticators", "security_question"])?;
        let choices = [("email", Kind::Email), ("phone", Kind::Phone), ("push", Kind::Push)];
        let is_given = section.has("authenticators");
        let authenticators = section.choices("authenticators", &choices)?;
        Ok(Self {
            authenticators: if is_given { authenticators } else { vec![Kind::Email] },
            security_question: section.boolean("security_question", false)?,
        })
    }
}
