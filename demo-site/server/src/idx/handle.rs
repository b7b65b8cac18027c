//! The handles by which a client names its transaction.
//!
//! The client is given an interaction handle, exchanges it for a state handle, and may do so again after a
//! reload. The database holds neither, so the state handle is derived: its root from the interaction handle,
//! to which the transaction's generation is added. Cancelling starts a new generation, which ends the handle
//! that was in use while the interaction handle stays good. Last stands the question that was asked with it: an
//! answer whose own answer was lost is sent again, and must not be taken for the answer to the next question.

use crate::digest;

/// Names a transaction in every answer and form.
#[derive(Clone)]
pub(crate) struct StateHandle {
    root: String,
    generation: String,
    /// The question that it was given out with; empty where it was not given out yet.
    question: String,
}

/// What a presented handle turned out to be.
pub(crate) enum Presented {
    /// Only the root is known; the generation is whichever is current.
    Interaction {
        root: String,
    },
    State(StateHandle),
}

impl StateHandle {
    /// The state handle of an interaction, in its present generation.
    pub(crate) fn of_interaction(interaction_handle: &str, generation: &str) -> Self {
        Self::new(root_of(interaction_handle), generation)
    }

    pub(crate) fn new(root: String, generation: &str) -> Self {
        Self { root, generation: generation.to_owned(), question: String::new() }
    }

    /// Takes apart what a client sent; nothing if it cannot be one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (root, rest) = text.strip_prefix(PREFIX)?.split_once('~')?;
        let (generation, question) = rest.split_once('~')?;
        let question = question.to_owned();
        Some(Self { question, ..Self::new(root.to_owned(), generation) })
    }

    /// The name under which the database keeps the transaction.
    pub(crate) fn transaction_id(&self) -> String {
        digest::sha256(&self.root)
    }

    pub(crate) fn has_generation(&self, generation: &str) -> bool {
        digest::equal(&self.generation, generation)
    }

    pub(crate) fn with_generation(&self, generation: &str) -> Self {
        Self { generation: generation.to_owned(), ..self.clone() }
    }

    /// The key for hashing codes of this transaction: not in the database, and the same in each generation.
    pub(crate) fn code_key(&self) -> &[u8] {
        self.root.as_bytes()
    }

    /// Whether it was given out with this question.
    pub(crate) fn asks(&self, question: &str) -> bool {
        self.question == question
    }

    /// The handle as a client sees it, with the question that goes along.
    pub(crate) fn reveal(&self, question: &str) -> String {
        format!("{PREFIX}{}~{}~{question}", self.root, self.generation)
    }
}

impl Presented {
    pub(crate) fn interaction(handle: &str) -> Self {
        Self::Interaction { root: root_of(handle) }
    }

    pub(crate) fn state(handle: &str) -> Option<Self> {
        StateHandle::parse(handle).map(Self::State)
    }

    /// The handle without a known generation, if there was none.
    pub(crate) fn handle(&self) -> StateHandle {
        match self {
            Self::Interaction { root } => StateHandle::new(root.clone(), ""),
            Self::State(handle) => handle.clone(),
        }
    }

    pub(crate) fn allows_generation(&self, generation: &str) -> bool {
        match self {
            Self::Interaction { .. } => true,
            Self::State(handle) => handle.has_generation(generation),
        }
    }
}

fn root_of(interaction_handle: &str) -> String {
    digest::keyed(b"latchkey state handle", interaction_handle)
}

const PREFIX: &str = "02.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_survives_the_journey() {
        let handle = StateHandle::of_interaction("interaction", "first");
        let back = StateHandle::parse(&handle.reveal("code")).unwrap();
        assert_eq!(back.transaction_id(), handle.transaction_id());
        assert!(back.has_generation("first"));
        assert!(!back.has_generation("second"));
        assert!(back.asks("code") && !back.asks("password"));
    }

    #[test]
    fn the_database_name_does_not_give_the_handle_away() {
        let handle = StateHandle::of_interaction("interaction", "first");
        assert!(!handle.reveal("code").contains(&handle.transaction_id()));
        assert!(!handle.reveal("code").contains("interaction"));
    }

    #[test]
    fn what_is_not_a_handle_is_nothing() {
        for text in ["", "02.", "02.abc", "02.abc~def", "01.abc~def~ghi", "abc~def~ghi"] {
            assert!(StateHandle::parse(text).is_none(), "{text}");
        }
    }
}
