//! The secrets of one transaction, and the text that lets it go on after a reload.

use serde_json::Value;

use crate::{Entropy, json_object, json_text, oidc::CodeVerifier, secret::Secret};

/// From `interact` to the token endpoint. The handle is what the server knows the transaction by.
#[derive(Debug)]
pub(super) struct Transaction {
    /// `None` where the page's backend keeps the verifier.
    pub(super) verifier: Option<CodeVerifier>,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) handle: Option<Secret<String>>,
}

impl Transaction {
    pub(super) fn new(config: &super::Config, entropy: &mut Entropy) -> Self {
        let verifier = CodeVerifier(Secret::new(entropy.token()));
        let (state, nonce) = (entropy.token(), entropy.token());
        Self {
            verifier: config.code_challenge.is_none().then_some(verifier),
            state: config.state.clone().unwrap_or(state),
            nonce: config.nonce.clone().unwrap_or(nonce),
            handle: None,
        }
    }

    /// Verifier, state, nonce and handle, and nothing else.
    pub(super) fn saved(&self) -> Secret<String> {
        let verifier = self.verifier.as_ref().map(|verifier| verifier.0.expose().as_str());
        let handle = self.handle.as_ref().map(|handle| handle.expose().as_str());
        let members = vec![
            ("codeVerifier", verifier.into()),
            ("state", self.state.as_str().into()),
            ("nonce", self.nonce.as_str().into()),
            ("interactionHandle", handle.into()),
        ];
        Secret::new(json_text(&json_object(members)))
    }

    /// `None` where the text is not what [`Self::saved`] has made for such options. A page that names no `state` goes on with
    /// any, and one that has it from a mailed link with that of this link only.
    pub(super) fn restored(text: &str, config: &super::Config) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let member = |name: &str| json.get(name).and_then(Value::as_str);
        let verifier = member("codeVerifier").and_then(CodeVerifier::parse);
        let state = member("state")?;
        let is_other = config.state.as_deref().is_some_and(|wanted| wanted != state);
        if is_other || (verifier.is_none() && config.code_challenge.is_none()) {
            return None;
        }
        Some(Self {
            verifier,
            state: state.to_owned(),
            nonce: member("nonce")?.to_owned(),
            handle: Some(Secret::new(member("interactionHandle")?.to_owned())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn what_was_saved_is_restored() {
        let mut transaction = Transaction::new(&Config::default(), &mut Entropy::new([3; 32]));
        transaction.handle = Some(Secret::new("ih".into()));
        let restored = Transaction::restored(transaction.saved().expose(), &Config::default()).unwrap();
        assert_eq!((restored.verifier, restored.state), (transaction.verifier, transaction.state));
        assert_eq!((restored.nonce, restored.handle), (transaction.nonce, transaction.handle));
    }

    #[test]
    fn what_somebody_else_left_there_is_not() {
        for text in
            ["", "{}", "[]", r#"{"codeVerifier":"short","state":"s","nonce":"n","interactionHandle":"h"}"#]
        {
            assert!(Transaction::restored(text, &Config::default()).is_none(), "{text}");
        }
    }
}
