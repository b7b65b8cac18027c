//! Who sends a request: the network address that attempts are counted for, and the origin of the page.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{ORIGIN, USER_AGENT};
use axum::http::request::Parts;

use super::cookies::Cookie;
use crate::digest;
use crate::idx::Caller;
use crate::services::Services;

impl FromRequestParts<Arc<Services>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Arc<Services>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let forwarded = if services.config.trust_forwarded_for { forwarded_for(parts) } else { None };
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let origin = header(ORIGIN);
        Ok(Self {
            address: forwarded.or(peer).map_or_else(|| "unknown".to_owned(), network_of),
            user_agent: header(USER_AGENT).unwrap_or_default(),
            browser: Cookie::Browser
                .read(&parts.headers, &services.config.issuer)
                .map(|secret| digest::sha256(&secret)),
            // Pages of the server's own do not need to be registered.
            origin: origin.filter(|origin| origin != services.config.issuer.origin()),
        })
    }
}

/// The last address in `X-Forwarded-For`: the one that our own proxy has added. Those before it are whatever
/// the client chose to claim.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let values = parts.headers.get_all("x-forwarded-for");
    values.iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The address, or the /64 that it is in: whoever has one IPv6 address usually has all of those.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn neighbours_in_an_ipv6_network_count_as_one() {
        let [left, right] = ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1"].map(|it| it.parse().unwrap());
        assert_eq!(network_of(left), network_of(right));
        assert_ne!(network_of(left), network_of("2001:db8:1:3::1".parse().unwrap()));
    }

    #[test]
    fn an_ipv4_address_in_disguise_is_that_address() {
        assert_eq!(network_of("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1");
    }

    #[test]
    fn only_the_address_that_the_proxy_added_counts() {
        let request =
            Request::builder().header("x-forwarded-for", "192.0.2.9, 198.51.100.7").body(()).unwrap();
        assert_eq!(forwarded_for(&request.into_parts().0), Some("198.51.100.7".parse().unwrap()));
    }
}
