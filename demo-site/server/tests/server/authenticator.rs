//! An authenticator made of software: what a phone or a security key does in WebAuthn, with the browser in front
//! of it.
//!
//! It makes real keys and real signatures; nothing of the server's code is in it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::ORIGIN;

/// One credential, and what it says about itself.
pub(crate) struct SoftwareAuthenticator {
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) is_user_verified: bool,
    /// Whether the key may be copied between devices.
    pub(crate) is_backup_eligible: bool,
    pub(crate) counter: u32,
    pub(crate) id: Vec<u8>,
    pub(crate) user_handle: String,
    key: EcdsaKeyPair,
}

impl SoftwareAuthenticator {
    pub(crate) fn new(id: &[u8]) -> Self {
        Self {
            origin: ORIGIN.to_owned(),
            rp_id: "localhost".to_owned(),
            is_user_verified: true,
            is_backup_eligible: false,
            counter: 1,
            id: id.to_vec(),
            user_handle: String::new(),
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
        }
    }

    /// `navigator.credentials.create`: the members of `credentials`, as clients send them.
    pub(crate) fn create(&mut self, activation_data: &Value) -> Value {
        self.user_handle = activation_data["user"]["id"].as_str().unwrap().to_owned();
        let client_data = self.client_data("webauthn.create", &activation_data["challenge"]);
        let mut data = self.data(0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        // RFC 8949: a map of three, {"fmt": "none", "attStmt": {}, "authData": h'…'}.
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        json!({
            "clientData": STANDARD.encode(client_data),
            "attestation": STANDARD.encode(attestation),
            "transports": "[\"internal\"]",
            "clientExtensions": "{\"credProps\":{\"rk\":true}}",
        })
    }

    /// `navigator.credentials.get`: the members of `credentials`, as clients send them.
    pub(crate) fn get(&mut self, challenge_data: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", &challenge_data["challenge"]);
        self.counter += 1;
        let data = self.data(0);
        let signed = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "clientData": STANDARD.encode(client_data),
            "authenticatorData": STANDARD.encode(data),
            "signatureData": STANDARD.encode(signature),
            "userHandle": STANDARD.encode(URL_SAFE_NO_PAD.decode(&self.user_handle).unwrap()),
        })
    }

    fn client_data(&self, r#type: &str, challenge: &Value) -> Vec<u8> {
        let data = json!({
            "type": r#type, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    /// WebAuthn Level 3, 6.1: authenticator data.
    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.is_user_verified { 0x04 } else { 0 };
        let eligible = if self.is_backup_eligible { 0x08 } else { 0 };
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags | verified | eligible | 0x01);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// RFC 9052 section 7: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(&point[33..]);
        key
    }
}
