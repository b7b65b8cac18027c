//! Base64 with the URL-safe alphabet and no padding (RFC 4648 section 5, RFC 7515 appendix C).

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Servers are met that pad; senders must not, readers may be kind (RFC 4648 section 3.2).
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes to text, without padding.
pub fn encode(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// Text to bytes; `None` where it is not base64url.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_vector_of_rfc_7515_appendix_c_round_trips() {
        let bytes = [3, 236, 255, 224, 193];
        assert_eq!(encode(&bytes), "A-z_4ME");
        assert_eq!(decode("A-z_4ME").as_deref(), Some(&bytes[..]));
    }

    #[test]
    fn padding_is_tolerated_and_other_alphabets_are_not() {
        assert_eq!(decode("QQ=="), Some(b"A".to_vec()));
        assert_eq!(decode("+/+/"), None);
    }
}
