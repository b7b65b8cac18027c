//! The issuer's keys (RFC 7517), and which of them made a signature.

use serde_json::{Map, Value};

use super::id_token::Algorithm;
use crate::json_text;

/// The key set of one answer of the keys endpoint.
#[derive(Debug)]
pub(crate) struct Jwks(Vec<Value>);

impl Jwks {
    /// Reads a key set; entries that are no objects are passed over (RFC 7517 section 5: ignore what is not understood).
    pub(crate) fn read(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let keys = json.get("keys")?.as_array()?;
        Some(Self(keys.iter().filter(|key| key.is_object()).cloned().collect()))
    }

    /// The key of this id that can have made a signature with this algorithm, reduced to its public members.
    /// Without an id in the header the key must be the only one that fits (OIDC Core 10.1).
    pub(crate) fn find(&self, algorithm: Algorithm, key_id: Option<&str>) -> Option<String> {
        let fits =
            |key: &&Value| algorithm.fits(key) && key_id.is_none_or(|id| member(key, "kid") == Some(id));
        let mut fitting = self.0.iter().filter(fits);
        let key = fitting.next()?;
        if fitting.next().is_some() && key_id.is_none() {
            return None;
        }
        Some(public_members(key, algorithm))
    }
}

impl Algorithm {
    fn fits(self, key: &Value) -> bool {
        let is_for_signatures = member(key, "use").is_none_or(|usage| usage == "sig");
        let is_for_this = member(key, "alg").is_none_or(|name| name == self.name());
        let is_of_kind = match self {
            Self::Rs256 => member(key, "kty") == Some("RSA"),
            Self::Es256 => member(key, "kty") == Some("EC") && member(key, "crv") == Some("P-256"),
        };
        is_for_signatures && is_for_this && is_of_kind
    }
}

fn member<'a>(key: &'a Value, name: &str) -> Option<&'a str> {
    key.get(name)?.as_str()
}

/// Only what SubtleCrypto needs: `use` and `key_ops` of a set that means well would make the import fail.
fn public_members(key: &Value, algorithm: Algorithm) -> String {
    let names: &[&str] = match algorithm {
        Algorithm::Rs256 => &["kty", "n", "e"],
        Algorithm::Es256 => &["kty", "crv", "x", "y"],
    };
    let mut members = Map::new();
    for name in names {
        if let Some(value) = key.get(*name) {
            members.insert((*name).to_owned(), value.clone());
        }
    }
    json_text(&Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{"keys":[7,
        {"kty":"RSA","kid":"a","n":"nn","e":"AQAB","use":"sig","alg":"RS256","key_ops":["verify"]},
        {"kty":"EC","kid":"b","crv":"P-256","x":"xx","y":"yy"},
        {"kty":"RSA","kid":"c","n":"other","e":"AQAB","use":"enc"}]}"#;

    #[test]
    fn a_key_is_found_by_id_and_kind() {
        let keys = Jwks::read(TWO).unwrap();
        assert_eq!(keys.find(Algorithm::Rs256, Some("a")).unwrap(), r#"{"e":"AQAB","kty":"RSA","n":"nn"}"#);
        assert_eq!(
            keys.find(Algorithm::Es256, Some("b")).unwrap(),
            r#"{"crv":"P-256","kty":"EC","x":"xx","y":"yy"}"#
        );
    }

    #[test]
    fn a_key_of_another_kind_or_use_is_not_the_key() {
        let keys = Jwks::read(TWO).unwrap();
        for (algorithm, id) in [(Algorithm::Es256, "a"), (Algorithm::Rs256, "b"), (Algorithm::Rs256, "c")] {
            assert_eq!(keys.find(algorithm, Some(id)), None);
        }
    }

    #[test]
    fn without_an_id_the_only_fitting_key_is_meant() {
        assert!(Jwks::read(TWO).unwrap().find(Algorithm::Rs256, None).is_some());
        let twins = r#"{"keys":[{"kty":"RSA","n":"1","e":"AQAB"},{"kty":"RSA","n":"2","e":"AQAB"}]}"#;
        assert_eq!(Jwks::read(twins).unwrap().find(Algorithm::Rs256, None), None);
    }

    #[test]
    fn what_is_no_key_set_is_none() {
        for text in ["", "[]", r#"{"keys":{}}"#] {
            assert!(Jwks::read(text).is_none());
        }
    }
}
