//! Passkeys: WebAuthn's ceremonies, as far as the server takes part in them.
//!
//! The checks themselves (WebAuthn Level 3, sections 7.1 and 7.2) are those of `webauthn-rs`. Here is what lies
//! between it and the wire: which origins belong to which client, the encodings that clients use, and that an
//! assertion comes without the id of its credential, so that each key of the person is tried. User
//! verification is always required: a passkey is two factors, or it is not taken.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    AuthenticationResult, Credential, DiscoverableAuthentication, DiscoverableKey, Passkey,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::config::{self, Client, Config, Enrollment};

/// The relying party, once for each client that has pages and a policy with passkeys.
pub(crate) struct Passkeys {
    by_client: BTreeMap<String, Webauthn>,
    rp_id: String,
}

/// A challenge that one assertion may answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AssertionChallenge {
    challenge: String,
    state: DiscoverableAuthentication,
}

/// A challenge that one new credential may answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CreationChallenge {
    options: Value,
    state: PasskeyRegistration,
}

/// What a client sends of an assertion, each member in any base64.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assertion {
    pub(crate) client_data: String,
    pub(crate) authenticator_data: String,
    pub(crate) signature_data: String,
    pub(crate) user_handle: String,
}

impl Passkeys {
    pub(crate) fn new(config: &Config) -> Result<Self, WebauthnError> {
        let mut by_client = BTreeMap::new();
        let has_passkeys =
            |client: &&Client| config.policy_of(&client.client_id).authenticators.passkey != Enrollment::Off;
        for client in config.clients.iter().filter(has_passkeys) {
            if let Some(webauthn) = relying_party(client, config)? {
                by_client.insert(client.client_id.clone(), webauthn);
            }
        }
        Ok(Self { by_client, rp_id: config.rp_id.clone() })
    }

    /// Whether pages of this client can use passkeys at all.
    pub(crate) fn serves(&self, client_id: &str) -> bool {
        self.by_client.contains_key(client_id)
    }

    /// A challenge for pages of this client, if it has any.
    pub(crate) fn challenge(&self, client_id: &str) -> Result<Option<AssertionChallenge>, WebauthnError> {
        let Some(webauthn) = self.by_client.get(client_id) else { return Ok(None) };
        // Discoverable also where the person is known: what is checked afterwards is the same.
        let (options, state) = webauthn.start_discoverable_authentication()?;
        let challenge = URL_SAFE_NO_PAD.encode(&options.public_key.challenge);
        Ok(Some(AssertionChallenge { challenge, state }))
    }

    /// `challengeData`: what the page gives to the browser.
    pub(crate) fn challenge_data(&self, challenge: &AssertionChallenge) -> Value {
        json!({
            "challenge": challenge.challenge,
            "userVerification": "required",
            "rpId": self.rp_id,
        })
    }

    /// What the assertion says, if it is a good answer to this challenge by this key.
    pub(crate) fn verify(
        &self,
        client_id: &str,
        challenge: &AssertionChallenge,
        assertion: &Assertion,
        key: &Passkey,
    ) -> Option<AuthenticationResult> {
        let (webauthn, credential) = (self.by_client.get(client_id)?, assertion.about(key)?);
        let (state, key) = (challenge.state.clone(), DiscoverableKey::from(key));
        webauthn.finish_discoverable_authentication_v2(&credential, state, &key).ok()
    }

    /// A challenge to make a new credential for somebody.
    pub(crate) fn creation(
        &self,
        client_id: &str,
        user_id: &str,
        name: &str,
        display_name: &str,
    ) -> Result<Option<CreationChallenge>, WebauthnError> {
        let (Some(webauthn), Some(handle)) = (self.by_client.get(client_id), handle_of(user_id)) else {
            return Ok(None);
        };
        let (options, state) = webauthn.start_passkey_registration(handle, name, display_name, None)?;
        let options = serde_json::to_value(options.public_key).unwrap_or_default();
        Ok(Some(CreationChallenge { options: activation_data(options), state }))
    }

    /// The new credential, if it is a good answer to this challenge.
    pub(crate) fn register(
        &self,
        client_id: &str,
        challenge: &CreationChallenge,
        client_data: &str,
        attestation: &str,
    ) -> Option<Passkey> {
        let response =
            json!({ "clientDataJSON": canonical(client_data), "attestationObject": canonical(attestation) });
        let credential = json!({ "id": "", "rawId": "", "type": "public-key", "response": response });
        let credential: RegisterPublicKeyCredential = serde_json::from_value(credential).ok()?;
        self.by_client.get(client_id)?.finish_passkey_registration(&credential, &challenge.state).ok()
    }
}

impl CreationChallenge {
    /// `activationData`: what the page gives to the browser.
    pub(crate) fn activation_data(&self) -> &Value {
        &self.options
    }
}

impl Assertion {
    /// The person that the authenticator says it belongs to.
    pub(crate) fn user_id(&self) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(canonical(&self.user_handle)).ok()?;
        Uuid::from_slice(&bytes).ok().map(|handle| user_of(&handle))
    }

    /// The assertion as `webauthn-rs` reads it, if it had come from this key.
    fn about(&self, key: &Passkey) -> Option<PublicKeyCredential> {
        let id = credential_id(key);
        let response = json!({
            "clientDataJSON": canonical(&self.client_data),
            "authenticatorData": canonical(&self.authenticator_data),
            "signature": canonical(&self.signature_data),
            "userHandle": null,
        });
        let credential = json!({ "id": id, "rawId": id, "type": "public-key", "response": response });
        serde_json::from_value(credential).ok()
    }
}

/// Whether the key may be copied between devices.
pub(crate) fn is_backup_eligible(key: &Passkey) -> bool {
    Credential::from(key.clone()).backup_eligible
}

/// The id of a credential, as answers write it.
pub(crate) fn credential_id(key: &Passkey) -> String {
    URL_SAFE_NO_PAD.encode(key.cred_id())
}

/// The transports that a client sent as a JSON string, if it knew them.
pub(crate) fn transports(sent: &str) -> Vec<String> {
    serde_json::from_str(sent).unwrap_or_default()
}

fn relying_party(client: &Client, config: &Config) -> Result<Option<Webauthn>, WebauthnError> {
    let rp_id = &config.rp_id;
    // The sign-in may also be on the server's own page.
    let own = config.issuer.origin();
    let own = config::is_within(own, rp_id).then_some(own);
    let origins = client.origins.iter().map(String::as_str).chain(own).map(Url::parse);
    let origins: Vec<Url> = origins.collect::<Result<_, _>>().map_err(|_| WebauthnError::Configuration)?;
    let Some((first, others)) = origins.split_first() else { return Ok(None) };
    let builder = WebauthnBuilder::new(rp_id, first)?.rp_name(&client.name);
    let builder = others.iter().fold(builder, WebauthnBuilder::append_allowed_origin);
    builder.build().map(Some)
}

/// The options, so that the credential can be found without a name, and without nulls, which clients trip over.
fn activation_data(mut options: Value) -> Value {
    if let Some(options) = options.as_object_mut() {
        options.retain(|_, value| !value.is_null());
        // The client makes this list itself, from `authenticatorEnrollments`.
        options.remove("excludeCredentials");
        // `requireResidentKey` stays false, because clients take it for "there is nothing to exclude";
        // `residentKey` comes before it (WebAuthn Level 3, 5.4.4).
        let selection = json!({
            "residentKey": "required", "requireResidentKey": false, "userVerification": "required",
        });
        options.insert("authenticatorSelection".to_owned(), selection);
    }
    options
}

/// The user handle is the random part of the id: it says nothing about the person (WebAuthn Level 3, 14.6.1).
fn handle_of(user_id: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(user_id.strip_prefix(USER_PREFIX)?).ok()?;
    Uuid::from_slice(&bytes).ok()
}

fn user_of(handle: &Uuid) -> String {
    format!("{USER_PREFIX}{}", URL_SAFE_NO_PAD.encode(handle.as_bytes()))
}

/// Any base64 as base64url without padding: clients send both alphabets, padded or not.
fn canonical(base64: &str) -> String {
    base64.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

const USER_PREFIX: &str = "00u";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_handle_leads_back_to_its_person() {
        let user_id = "00uAAECAwQFBgcICQoLDA0ODw";
        assert_eq!(user_of(&handle_of(user_id).unwrap()), user_id);
        assert!(handle_of("00ushort").is_none() && handle_of("another").is_none());
    }

    #[test]
    fn every_base64_is_understood() {
        for text in ["-_8", "-_8=", "+/8=", "+/8"] {
            assert_eq!(canonical(text), "-_8", "{text}");
        }
    }
}
