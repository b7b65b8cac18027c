//! The place that somebody wanted to see when they were sent to sign in, and comes back to.
//!
//! It travels through the browser, so it may be anybody's idea. An address of elsewhere would be an open redirector
//! (RFC 9700 section 4.11): only places of this application come through. Nor may it be too long for a cookie.

use openidconnect::url::Url;
use serde::{Deserialize, Serialize};

/// A path of this application, with its query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReturnTo(String);

impl ReturnTo {
    /// In bytes. It is kept in a cookie, of which there may be several (see `attempts.rs`).
    pub(crate) const LONGEST: usize = 900;

    pub(crate) fn home() -> Self {
        Self("/".to_owned())
    }

    /// What the browser says, as a browser would understand it; the home page if that is elsewhere.
    pub(crate) fn read(said: &str, address: &Url) -> Self {
        let url = address.join(said).ok().filter(|url| is_own(url, address));
        let place = url.map(|url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        });
        place.filter(|place| place.len() <= Self::LONGEST).map_or_else(Self::home, Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of the page that sends people to sign in, and back here.
    pub(crate) fn sign_in(&self) -> String {
        let mut query = openidconnect::url::form_urlencoded::Serializer::new(String::new());
        format!("/sign-in?{}", query.append_pair("return_to", &self.0).finish())
    }
}

fn is_own(url: &Url, address: &Url) -> bool {
    // The origin of a `blob:` address is that of the address in its path.
    let is_there = url.scheme() == address.scheme() && url.origin() == address.origin();
    // A path that begins with two slashes would be another host's address again.
    is_there && !url.path().starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::ReturnTo;

    fn check(said: &str, place: &str) {
        let address = "https://app.example.com".parse().unwrap();
        assert_eq!(ReturnTo::read(said, &address).as_str(), place, "{said}");
    }

    #[test]
    fn a_place_of_this_application_is_kept() {
        check("/shop/orders?page=2", "/shop/orders?page=2");
        check("https://app.example.com/shop", "/shop");
        check("", "/");
    }

    #[test]
    fn a_place_of_elsewhere_is_the_home_page() {
        for said in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            // Its origin is the one of the address within.
            "blob:https://app.example.com/workshop",
        ] {
            check(said, "/");
        }
        check("/\t/evil.example", "/");
        check("/a/..//evil.example", "/");
    }

    #[test]
    fn a_place_that_is_too_long_for_a_cookie_is_the_home_page() {
        let longest = format!("/{}", "x".repeat(ReturnTo::LONGEST - 1));
        check(&longest, &longest);
        check(&format!("{longest}x"), "/");
    }

    #[test]
    fn it_goes_through_an_address_unharmed() {
        let address = "https://app.example.com".parse().unwrap();
        let place = ReturnTo::read("/shop?a=1&b=2", &address);
        assert_eq!(place.sign_in(), "/sign-in?return_to=%2Fshop%3Fa%3D1%26b%3D2");
    }
}
