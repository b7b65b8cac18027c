//! The device authorization endpoint (RFC 8628 section 3.1): a device without a browser gets a code to show.
//!
//! Whoever types it on the page `/activate` signs in there and lets the device in; the device asks `token` for as
//! long as that takes (`token/device.rs`).

use serde::Serialize;

use super::interact::read_scope;
use super::{ClientCredentials, Params, Rejection};
use crate::config::{AuthorizationServer, GrantType};
use crate::digest;
use crate::entropy;
use crate::failure::Failure;
use crate::services::Services;
use crate::store::{DeviceCode, DeviceState};

/// RFC 8628 section 3.2.
#[derive(Debug, Serialize)]
pub(crate) struct DeviceAuthorization {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: i64,
}

impl Services {
    /// Gives a device its codes.
    pub(crate) async fn authorize_device(
        &self,
        server: &AuthorizationServer,
        credentials: &ClientCredentials,
        params: &Params,
    ) -> Result<DeviceAuthorization, Rejection> {
        let client = self.client(server, credentials, params).await?;
        client.require_grant_type(GrantType::DeviceCode)?;
        let scope = read_scope(server, params)?;
        let lifetime = self.config.policy_of(&client.client_id).lifetimes.device_code;
        let device_code = entropy::opaque(&*self.entropy)?;
        let user_code = loop {
            let user_code = new_user_code(self)?;
            let code = DeviceCode {
                id: digest::sha256(&device_code),
                user_code: self.keyed_user_code(&user_code),
                client_id: client.client_id.clone(),
                authorization_server: server.id.clone(),
                scope: scope.clone(),
                state: DeviceState::Waiting,
                expires_at: self.clock.now().plus(lifetime),
            };
            if self.store.add_device_code(&code, INTERVAL).await? {
                break user_code;
            }
        };
        let verification_uri = format!("{}{ACTIVATE}", server.issuer.origin());
        let shown = shown(&user_code);
        Ok(DeviceAuthorization {
            device_code,
            verification_uri_complete: format!("{verification_uri}?user_code={shown}"),
            user_code: shown,
            verification_uri,
            expires_in: lifetime.as_secs(),
            interval: INTERVAL,
        })
    }

    /// The device that shows what somebody has typed, if there is one and it waits.
    pub(crate) async fn device_of(&self, typed: &str) -> Result<Option<DeviceCode>, Failure> {
        let Some(user_code) = read_user_code(typed) else { return Ok(None) };
        Ok(self.store.waiting_device(&self.keyed_user_code(&user_code), self.clock.now()).await?)
    }

    fn keyed_user_code(&self, user_code: &str) -> String {
        digest::keyed(&self.reference_key, &format!("user code {user_code}"))
    }
}

/// Eight letters, each as likely as any other.
fn new_user_code(services: &Services) -> Result<String, Failure> {
    // 256 is not a multiple of 20: the bytes above the last multiple would favour the first letters.
    const LIMIT: u8 = u8::MAX - u8::MAX % 20;
    let mut code = String::new();
    while code.len() < LENGTH {
        let [byte] = entropy::array(&*services.entropy)?;
        if byte < LIMIT {
            code.extend(ALPHABET.get(usize::from(byte % 20)).copied().map(char::from));
        }
    }
    Ok(code)
}

/// In two halves, which are easier to read and to type.
fn shown(user_code: &str) -> String {
    let (left, right) = user_code.split_at_checked(LENGTH / 2).unwrap_or((user_code, ""));
    format!("{left}-{right}")
}

/// What was typed, as it was made: case, dashes and blanks do not matter (RFC 8628 section 6.1). Nothing if it can be
/// no code.
fn read_user_code(typed: &str) -> Option<String> {
    let letters =
        typed.chars().filter(|it| !matches!(it, '-' | '\u{2010}'..='\u{2015}') && !it.is_whitespace());
    let code: String = letters.take(LENGTH + 1).map(|letter| letter.to_ascii_uppercase()).collect();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

/// RFC 8628 section 6.1: no vowels, so that no words come about, and nothing that is taken for something else.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// In seconds: how long to wait between two polls, unless told otherwise.
const INTERVAL: i64 = 5;

/// The path of the page where user codes are typed.
pub(crate) const ACTIVATE: &str = "/activate";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_forgiven_and_guessing_is_not() {
        for typed in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "WDJB\u{2013}MJHT", "W-D-J-B-M-J-H-T"] {
            assert_eq!(read_user_code(typed).as_deref(), Some("WDJBMJHT"), "{typed}");
        }
        for typed in ["", "WDJB-MJH", "WDJB-MJHTX", "WDJB-MJHA", "WDJB-MJH0", "ẀDJB-MJHT", "%%%%%%%%"] {
            assert_eq!(read_user_code(typed), None, "{typed}");
        }
    }
}
