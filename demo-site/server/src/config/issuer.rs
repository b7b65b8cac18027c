//! The issuer: one string in the tokens, and the base of every address that the server hands out.

use axum::http::Uri;

use super::{ConfigError, section::Section};

/// An issuer and what follows from it.
///
/// `{origin}/oauth2/{id}` is a custom authorization server, a bare origin the organisation's own, whose OAuth
/// endpoints stand below `{origin}/oauth2`.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    issuer: String,
    origin: String,
    oauth_path: String,
}

impl Issuer {
    pub(super) fn read(server: &mut Section) -> Result<Self, ConfigError> {
        let issuer = server.required_text("issuer")?;
        Self::parse(&issuer).map_err(|reason| server.invalid("issuer", reason))
    }

    fn parse(issuer: &str) -> Result<Self, &'static str> {
        let uri: Uri = issuer.parse().map_err(|_| "must be an absolute address")?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("must be an absolute address such as \"https://id.example.com/oauth2/default\"");
        };
        let is_local = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
        if scheme != "https" && !(scheme == "http" && is_local) {
            return Err("must begin with https:// (http:// only on localhost)");
        }
        // OIDC Discovery 3: no query and no fragment; and it is compared byte for byte, so no slash at the end.
        if uri.query().is_some() || issuer.contains('#') || issuer.ends_with('/') {
            return Err("must not have a query, a fragment or a slash at the end");
        }
        let path = uri.path().trim_end_matches('/');
        let oauth_path = match path.strip_prefix("/oauth2/") {
            Some(id) if is_segment(id) => path.to_owned(),
            None if path.is_empty() => "/oauth2".to_owned(),
            Some(_) | None => return Err("must be an origin, alone or followed by /oauth2/ and a name"),
        };
        let origin = format!("{scheme}://{authority}");
        Ok(Self { issuer: issuer.to_owned(), origin, oauth_path })
    }

    /// The custom server `id` at the same origin, if it can be called so.
    pub(super) fn custom(&self, id: &str) -> Option<Self> {
        let oauth_path = format!("/oauth2/{id}");
        let issuer = format!("{}{oauth_path}", self.origin);
        is_segment(id).then(|| Self { issuer, origin: self.origin.clone(), oauth_path })
    }

    /// The organisation's own server at the same origin.
    pub(super) fn organisation(&self) -> Self {
        let origin = self.origin.clone();
        Self { issuer: origin.clone(), origin, oauth_path: "/oauth2".to_owned() }
    }

    /// What a custom server is called; nothing for the organisation's own.
    pub(super) fn custom_id(&self) -> Option<&str> {
        self.oauth_path.strip_prefix("/oauth2/")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.issuer
    }

    /// The origin that the IDX endpoints hang off.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The host in it, without the port.
    pub(crate) fn host(&self) -> &str {
        let authority = self.origin.split_once("://").map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
            Some(_) | None => authority,
        }
    }

    /// The path that the OAuth endpoints stand below, such as `/oauth2/default`.
    pub(crate) fn oauth_path(&self) -> &str {
        &self.oauth_path
    }

    /// The path of the issuer itself, below which discovery is found; empty for a bare origin.
    pub(crate) fn discovery_path(&self) -> &str {
        self.issuer.strip_prefix(&self.origin).unwrap_or_default()
    }

    /// The address of an OAuth endpoint, such as `token`.
    pub(crate) fn oauth_url(&self, endpoint: &str) -> String {
        format!("{}{}/v1/{endpoint}", self.origin, self.oauth_path)
    }

    /// The address of an IDX endpoint, such as `challenge/answer`.
    pub(crate) fn idx_url(&self, endpoint: &str) -> String {
        format!("{}/idp/idx/{endpoint}", self.origin)
    }
}

/// Whether `text` is an origin as a browser writes it: scheme, host, and port if it is not the usual one.
pub(super) fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    !scheme.is_empty() && !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ', '*'])
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_server_keeps_its_path() {
        let issuer = Issuer::parse("http://localhost:4401/oauth2/default").unwrap();
        assert_eq!(issuer.origin(), "http://localhost:4401");
        assert_eq!(issuer.host(), "localhost");
        assert_eq!(issuer.oauth_url("token"), "http://localhost:4401/oauth2/default/v1/token");
        assert_eq!(issuer.idx_url("identify"), "http://localhost:4401/idp/idx/identify");
        assert_eq!(issuer.discovery_path(), "/oauth2/default");
    }

    #[test]
    fn the_organisations_own_server_gets_one() {
        let issuer = Issuer::parse("https://id.example.com").unwrap();
        assert_eq!(issuer.oauth_url("token"), "https://id.example.com/oauth2/v1/token");
        assert_eq!(issuer.discovery_path(), "");
        assert_eq!(issuer.host(), "id.example.com");
    }

    #[test]
    fn what_could_not_work_is_refused() {
        for issuer in [
            "id.example.com",
            "http://id.example.com",
            "https://id.example.com/",
            "https://id.example.com/oauth2/default/",
            "https://id.example.com/oauth2/",
            "https://id.example.com/other",
            "https://id.example.com/oauth2/a?b",
        ] {
            assert!(Issuer::parse(issuer).is_err(), "{issuer}");
        }
    }

    #[test]
    fn an_origin_has_no_path_and_no_wildcard() {
        assert!(is_origin("http://localhost:4400"));
        for text in ["http://localhost:4400/", "localhost:4400", "https://*.example.com", "*", "null"] {
            assert!(!is_origin(text), "{text}");
        }
    }
}
