//! Base64 with the URL-safe alphabet and no padding (RFC 4648 section 5, RFC 7515 appendix C).

use base64ct::{Base64UrlUnpadded, Encoding};

/// Bytes to text, without padding.
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Text to bytes; `None` where it is not base64url. Servers are met that pad; senders must not, readers may be kind
/// (RFC 4648 section 3.2).
pub fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text.trim_end_matches('=')).ok()
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
