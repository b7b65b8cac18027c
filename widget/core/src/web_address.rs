//! Where a request may go and where a link may lead, decided on the text itself.
//!
//! A URL library would weigh more than all of this, and what is needed is narrower than parsing: prove that an address
//! has the issuer's origin, or refuse it. Anything unusual is refused, so a reading that differs from the browser's can
//! only refuse too much.

/// The origin of an address (`https://host:port`), without the path; `None` where it is no http(s) address.
pub(crate) fn origin(address: &str) -> Option<&str> {
    let authority = if is_prefix("https://", address) {
        8
    } else if is_prefix("http://", address) {
        7
    } else {
        return None;
    };
    let rest = address.get(authority..)?;
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let is_plain = host > 0 && is_clean(address) && !rest.get(..host)?.contains('@');
    if is_plain { address.get(..authority + host) } else { None }
}

/// The address as it may be requested with credentials: on the issuer's origin, or `None`.
/// A path that starts with one slash counts as the issuer's.
pub(crate) fn on_origin(issuer_origin: &str, href: &str) -> Option<String> {
    if !is_clean(href) {
        return None;
    }
    if href.starts_with('/') && !href.starts_with("//") {
        return Some(format!("{issuer_origin}{href}"));
    }
    origin(href).filter(|found| found.eq_ignore_ascii_case(issuer_origin)).map(|_| href.to_owned())
}

/// True where a person may be sent to this address: http(s).
pub(crate) fn is_navigable(href: &str) -> bool {
    is_clean(href) && origin(href).is_some()
}

/// True for this device itself, over http: `http://localhost` and `http://127.0.0.1`, without a port (RFC 8252
/// section 8.3 says why both occur).
pub(crate) fn is_loopback(domain: &str) -> bool {
    ["http://localhost", "http://127.0.0.1"].iter().any(|known| domain.eq_ignore_ascii_case(known))
}

/// True where a message may link to this address: as [`is_navigable`], and mailto.
pub(crate) fn is_linkable(href: &str) -> bool {
    is_navigable(href) || (is_clean(href) && is_prefix("mailto:", href))
}

/// Browsers drop tabs and line breaks and turn backslashes into slashes before they parse (WHATWG URL section 4.4),
/// so an address with any of those may mean something else to them than it says.
fn is_clean(address: &str) -> bool {
    !address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

fn is_prefix(prefix: &str, text: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.test";

    #[test]
    fn the_origin_ends_where_the_path_begins() {
        assert_eq!(origin("https://id.example.test/oauth2/default"), Some(ISSUER));
        assert_eq!(origin("http://localhost:4401"), Some("http://localhost:4401"));
        for none in
            ["", "https://", "id.example.test", "ftp://id.example.test/", "https://pat@id.example.test/"]
        {
            assert_eq!(origin(none), None, "{none}");
        }
    }

    #[test]
    fn only_the_issuers_origin_receives_requests() {
        for ours in
            ["https://id.example.test/idp/idx/identify", "/idp/idx/identify", "https://ID.example.test/x"]
        {
            assert!(on_origin(ISSUER, ours).is_some(), "{ours}");
        }
        let foreign = [
            "https://evil.test/idp/idx/identify",
            "https://id.example.test.evil.test/x",
            "https://id.example.test@evil.test/x",
            "https://id.example.test:8443/x",
            "http://id.example.test/x",
            "//evil.test/x",
            "/\\evil.test/x",
            "/\t/evil.test/x",
            "https://id.example.test\\@evil.test/x",
            "javascript:alert(1)",
            "identify",
            "",
        ];
        for href in foreign {
            assert_eq!(on_origin(ISSUER, href), None, "{href}");
        }
    }

    #[test]
    fn a_person_is_never_sent_to_a_program() {
        for fine in ["https://anywhere.test/x?y#z", "http://localhost:3000/"] {
            assert!(is_navigable(fine), "{fine}");
        }
        for never in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            " javascript:x",
            "data:text/html,x",
            "com.example.app:/callback",
            "mailto:pat@example.test",
        ] {
            assert!(!is_navigable(never), "{never}");
        }
        assert!(is_linkable("mailto:help@example.test"));
        assert!(!is_linkable("javascript:alert(1)"));
    }
}
