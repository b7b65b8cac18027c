//! One honest token, and every way in which a hostile one differs from it.

use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000);
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

fn honest() -> Value {
    json!({
        "iss": "https://id.example.test/oauth2/default", "aud": "0oa1", "sub": "00u1", "nonce": "n-1",
        "iat": NOW.0 - 5, "exp": NOW.0 + 3600,
        // The at_hash of this access token is the one of OIDC Core, appendix A.3.
        "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
    })
}

fn with(changes: Value) -> Value {
    let mut claims = honest();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn compact(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url::encode(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(claims), base64url::encode(b"signature"))
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://id.example.test/oauth2/default",
        client_id: "0oa1",
        nonce: "n-1",
        access_token: ACCESS_TOKEN,
        acr_values: None,
        max_age: None,
    }
}

fn check_with(claims: &Value, expected: &Expected<'_>) -> Result<(), TokenError> {
    let token = UnverifiedIdToken::parse(&compact(&json!({"alg": "RS256", "kid": "k1"}), claims))?;
    token.with_verdict(SignatureVerdict::Valid)?.check(expected, NOW).map(|_| ())
}

fn check(changes: Value) -> Result<(), TokenError> {
    check_with(&with(changes), &expected())
}

#[test]
fn the_honest_token_is_accepted() {
    assert_eq!(check(json!({})), Ok(()));
    assert_eq!(check(json!({"aud": ["0oa1"]})), Ok(()));
    assert_eq!(check(json!({"aud": ["0oa1", "other"], "azp": "0oa1"})), Ok(()));
    assert_eq!(check(json!({"at_hash": null})), Ok(()));
    assert_eq!(check(json!({"exp": NOW.0 as f64 + 0.5})), Ok(()));
}

#[test]
fn another_issuer_is_refused_even_if_it_looks_alike() {
    for issuer in
        [json!("https://id.example.test/oauth2/default/"), json!("https://evil.test"), json!(1), json!(null)]
    {
        assert_eq!(check(json!({"iss": issuer})), Err(TokenError::IssuerMismatch));
    }
}

#[test]
fn a_token_about_nobody_is_refused() {
    for subject in [json!(null), json!(7)] {
        assert_eq!(check(json!({"sub": subject})), Err(TokenError::Malformed));
    }
}

#[test]
fn another_audience_is_refused() {
    for audience in [json!("other"), json!(["other"]), json!([]), json!({}), json!(null)] {
        assert_eq!(check(json!({"aud": audience})), Err(TokenError::AudienceMismatch));
    }
}

#[test]
fn a_second_audience_needs_us_as_authorized_party() {
    assert_eq!(check(json!({"aud": ["0oa1", "other"]})), Err(TokenError::AuthorizedPartyMismatch));
    assert_eq!(check(json!({"azp": "other"})), Err(TokenError::AuthorizedPartyMismatch));
    assert_eq!(check(json!({"azp": 7})), Err(TokenError::AuthorizedPartyMismatch));
}

#[test]
fn the_lifetime_holds_up_to_the_clock_skew() {
    assert_eq!(check(json!({"exp": NOW.0 - 299})), Ok(()));
    assert_eq!(check(json!({"exp": NOW.0 - 300})), Err(TokenError::Expired));
    assert_eq!(check(json!({"exp": null})), Err(TokenError::Expired));
    assert_eq!(check(json!({"iat": NOW.0 + 300})), Ok(()));
    assert_eq!(check(json!({"iat": NOW.0 + 301})), Err(TokenError::IssuedInTheFuture));
    assert_eq!(check(json!({"iat": "soon"})), Err(TokenError::IssuedInTheFuture));
    assert_eq!(check(json!({"exp": i64::MIN})), Err(TokenError::Expired));
}

#[test]
fn the_nonce_binds_the_token_to_this_sign_in() {
    for nonce in [json!("n-2"), json!(""), json!(null)] {
        assert_eq!(check(json!({"nonce": nonce})), Err(TokenError::NonceMismatch));
    }
}

#[test]
fn the_access_token_must_be_the_one_it_was_issued_with() {
    assert_eq!(check(json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"})), Err(TokenError::AccessTokenMismatch));
    assert_eq!(check(json!({"at_hash": 5})), Err(TokenError::AccessTokenMismatch));
}

#[test]
fn a_stronger_authentication_that_was_asked_for_must_have_happened() {
    let asked = Expected { acr_values: Some("urn:a urn:b"), ..expected() };
    assert_eq!(check_with(&with(json!({"acr": "urn:b"})), &asked), Ok(()));
    assert_eq!(check_with(&with(json!({"acr": "urn:c"})), &asked), Err(TokenError::AcrMismatch));
    assert_eq!(check_with(&honest(), &asked), Err(TokenError::AcrMismatch));
    let if_possible = Expected { acr_values: Some("urn:okta:loa:2fa:any:ifpossible"), ..expected() };
    assert_eq!(check_with(&honest(), &if_possible), Ok(()));
}

#[test]
fn an_authentication_older_than_asked_for_is_refused() {
    let asked = Expected { max_age: Some(60), ..expected() };
    assert_eq!(check_with(&with(json!({"auth_time": NOW.0 - 360})), &asked), Ok(()));
    assert_eq!(
        check_with(&with(json!({"auth_time": NOW.0 - 361})), &asked),
        Err(TokenError::AuthenticationTooOld)
    );
    assert_eq!(check_with(&honest(), &asked), Err(TokenError::AuthenticationTooOld));
}

#[test]
fn algorithms_outside_the_list_are_refused_before_anything_else() {
    for alg in [json!("none"), json!("HS256"), json!("RS512"), json!("rs256"), json!(null)] {
        let raw = compact(&json!({"alg": alg}), &honest());
        assert_eq!(UnverifiedIdToken::parse(&raw).unwrap_err(), TokenError::AlgorithmNotAllowed);
    }
}

#[test]
fn what_is_no_compact_jws_is_malformed() {
    let header = base64url::encode(br#"{"alg":"RS256"}"#);
    for raw in
        ["", "a.b", "....", &format!("{header}.e30"), &format!("{header}.W10.x"), &format!("{header}.!.x")]
    {
        assert!(UnverifiedIdToken::parse(raw).is_err(), "{raw}");
    }
}

#[test]
fn only_a_valid_signature_makes_a_signed_token() {
    for verdict in [SignatureVerdict::Invalid, SignatureVerdict::Unavailable] {
        let token = UnverifiedIdToken::parse(&compact(&json!({"alg": "ES256"}), &honest())).unwrap();
        assert_eq!(token.with_verdict(verdict).unwrap_err(), TokenError::SignatureInvalid);
    }
}

#[test]
fn the_signing_input_is_header_dot_payload() {
    let raw = compact(&json!({"alg": "RS256"}), &honest());
    let job = UnverifiedIdToken::parse(&raw).unwrap().signature_job(RequestId(1), "{}".into());
    assert!(raw.starts_with(&job.signing_input));
    assert_eq!(job.signature, b"signature");
}
