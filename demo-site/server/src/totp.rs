//! One-time codes from an app (RFC 6238): six digits that follow from a shared secret and the time.
//!
//! The secret has to be known to both sides, so that a digest would be of no use; `seals` keeps it.
//! SHA-1 is what every app assumes, and HMAC does not depend on its resistance to collisions (RFC 6151).

use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;

use crate::clock::Timestamp;
use crate::digest;

/// A secret of 160 bits (RFC 4226 section 4, R6), in the Base32 that apps take.
pub(crate) fn base32(secret: [u8; 20]) -> String {
    BASE32_NOPAD.encode(&secret)
}

/// The time step whose code was typed: the present one, or one before or after it (RFC 6238 section 5.2).
pub(crate) fn step_of(secret: &str, typed: &str, now: Timestamp) -> Option<i64> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let present = now.as_seconds().div_euclid(SECONDS);
    (present - 1..=present + 1).find(|step| digest::equal(&code(&secret, *step), typed))
}

/// What an app reads from the QR code.
pub(crate) fn uri(application: &str, account: &str, secret: &str) -> String {
    let encoded = |text: &str| -> String {
        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let (application, account) = (encoded(application), encoded(account));
    format!("otpauth://totp/{application}:{account}?secret={secret}&issuer={application}")
}

/// RFC 4226 section 5.3.
fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0x0f);
    let window: [u8; 4] = bytes.get(offset..offset + 4).and_then(|it| it.try_into().ok()).unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(window) & 0x7fff_ffff) % 1_000_000)
}

const SECONDS: i64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_rfc_6238_appendix_b() {
        for (seconds, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code(b"12345678901234567890", seconds / 30), expected, "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let secret = base32(*b"12345678901234567890");
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        // The code of the step that begins at 30.
        for (seconds, is_good) in [(-1, false), (0, true), (30, true), (59, true), (89, true), (90, false)] {
            assert_eq!(step_of(&secret, "287082", at(seconds)), is_good.then_some(1), "{seconds}");
        }
    }

    #[test]
    fn names_with_blanks_and_signs_survive_the_qr_code() {
        assert_eq!(
            uri("Demo app", "pat+x@example.com", "ABC"),
            "otpauth://totp/Demo%20app:pat%2Bx%40example.com?secret=ABC&issuer=Demo%20app"
        );
    }
}
