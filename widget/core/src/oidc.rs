//! The OAuth and OpenID Connect side: proof of possession of the code, tokens, and what has to hold before the page
//! gets them. Not here: how the code is earned (the IDX backend) and the signature arithmetic (SubtleCrypto).

mod id_token;
mod jwks;
mod pkce;
mod token_response;

pub(crate) use id_token::CLOCK_SKEW;
pub use id_token::{
    Algorithm, Expected, IdToken, SignatureJob, SignedIdToken, TokenError, UnverifiedIdToken,
};
pub(crate) use jwks::Jwks;
pub use pkce::{CodeVerifier, challenge_of};
pub use token_response::Tokens;
pub(crate) use token_response::{TokenResponse, oauth_error};

/// One `key=value` pair after another, percent-encoded (WHATWG URL, `application/x-www-form-urlencoded`).
pub(crate) fn form_encoded(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (key, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        percent_encode(key, &mut text);
        text.push('=');
        percent_encode(value, &mut text);
    }
    text
}

fn percent_encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit));
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.extend(['%', hex(other >> 4), hex(other & 15)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::form_encoded;

    #[test]
    fn forms_are_encoded_as_browsers_do_it() {
        let pairs =
            [("scope", "openid profile"), ("redirect_uri", "https://a.test/cb?x=1&y=ä"), ("q", "a*b~c")];
        assert_eq!(
            form_encoded(&pairs),
            "scope=openid+profile&redirect_uri=https%3A%2F%2Fa.test%2Fcb%3Fx%3D1%26y%3D%C3%A4&q=a*b%7Ec"
        );
    }
}
