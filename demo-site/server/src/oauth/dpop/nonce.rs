//! Nonces that proofs carry (RFC 9449 section 8): they say when a proof was made, whatever the client's clock says.
//!
//! Nothing is kept of them. A nonce follows from the time and a secret of the server, so that processes that share a
//! database give and take the same ones. It is not used up: what is used once is the `jti` of a proof.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::digest;
use crate::services::Services;

/// The nonces of one server. The present one and the one before it are good.
pub(super) struct Nonces<'a> {
    key: &'a [u8],
    /// For how long one is given out, in milliseconds.
    interval: i64,
}

impl Services {
    pub(super) fn dpop_nonces(&self, lifetime: Duration) -> Nonces<'_> {
        let interval = i64::try_from(lifetime.as_millis() / 2).unwrap_or(i64::MAX).max(1);
        Nonces { key: &self.reference_key, interval }
    }
}

impl Nonces<'_> {
    /// The one that is given out now.
    pub(super) fn present(&self, now: Timestamp) -> String {
        self.nonce(self.number(now))
    }

    /// Until when a nonce is good; nothing if it is not.
    pub(super) fn expiry(&self, nonce: &str, now: Timestamp) -> Option<Timestamp> {
        let present = self.number(now);
        let number = [present, present.saturating_sub(1)]
            .into_iter()
            .find(|number| digest::equal(nonce, &self.nonce(*number)))?;
        Some(Timestamp::from_millis(number.saturating_add(2).saturating_mul(self.interval)))
    }

    fn number(&self, now: Timestamp) -> i64 {
        now.as_millis().div_euclid(self.interval)
    }

    fn nonce(&self, number: i64) -> String {
        digest::keyed(self.key, &format!("dpop nonce {} {number}", self.interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCES: Nonces<'_> = Nonces { key: b"a secret", interval: 1000 };

    #[test]
    fn a_nonce_is_good_while_it_is_given_out_and_as_long_again() {
        let nonce = NONCES.present(Timestamp::from_millis(5_000));
        for (now, is_good) in [(5_000, true), (5_999, true), (6_999, true), (7_000, false), (4_999, false)] {
            let expiry = NONCES.expiry(&nonce, Timestamp::from_millis(now));
            assert_eq!(expiry.map(Timestamp::as_millis), is_good.then_some(7_000), "{now}");
        }
    }

    #[test]
    fn another_server_has_others() {
        let other = Nonces { key: b"another secret", interval: 1000 };
        let now = Timestamp::from_millis(5_000);
        assert!(NONCES.expiry(&other.present(now), now).is_none());
    }
}
