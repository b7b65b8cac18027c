//! What comes out in the end: tokens that the page may believe, or a code for its backend.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use latchkey_core::{Config, oidc::challenge_of};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::pair::{EMAIL, PAGE_ORIGIN, PASSWORD, Pair, options};

const VERIFIER: &str = "a-verifier-that-only-the-backend-of-the-page-knows";

fn signed_in_with(config: Config) -> Pair {
    let mut pair = Pair::with(config, "");
    pair.signs_in(EMAIL, PASSWORD);
    pair
}

#[test]
fn the_id_token_is_of_this_issuer_for_this_client_and_this_sign_in() {
    let pair = signed_in_with(Config { nonce: Some("n-1".into()), ..options() });
    assert_eq!(pair.claim("iss"), &options().issuer);
    assert_eq!((pair.claim("aud"), pair.claim("nonce")), (&json!("demo-spa"), &json!("n-1")));
    assert_eq!(pair.claim("iat"), pair.world.now());
}

#[test]
fn the_access_token_is_bound_to_it() {
    let pair = signed_in_with(options());
    // OIDC Core 3.1.3.6: the left half of the hash of the token's ASCII.
    let digest = Sha256::digest(pair.tokens().access_token.expose().as_bytes());
    assert_eq!(pair.claim("at_hash"), &URL_SAFE_NO_PAD.encode(&digest[..16]));
}

#[test]
fn scopes_and_lifetime_are_those_that_were_granted() {
    let pair = signed_in_with(options());
    let tokens = pair.tokens();
    assert_eq!((tokens.token_type.as_str(), &tokens.scopes), ("Bearer", &options().scopes));
    assert_eq!(tokens.expires_at.0, pair.world.now() + 3_600);
    assert!(tokens.refresh_token.is_none());
}

#[test]
fn without_openid_there_is_no_id_token() {
    let pair = signed_in_with(Config { scopes: vec!["profile".into()], ..options() });
    assert!(pair.tokens().id_token.is_none());
}

#[test]
fn each_sign_in_has_a_nonce_of_its_own() {
    let mut pair = signed_in_with(options());
    let first = pair.claim("nonce").clone();
    pair.opens_a_new_tab();
    pair.signs_in(EMAIL, PASSWORD);
    assert_ne!(pair.claim("nonce"), &first);
}

#[test]
fn an_authentication_that_is_young_enough_is_accepted() {
    let pair = signed_in_with(Config { max_age: Some(60), ..options() });
    assert_eq!(pair.claim("auth_time"), pair.world.now());
}

mod given_a_clock_that_is_wrong {
    use super::*;

    const MINUTE: i64 = 60;
    const DAY: i64 = 24 * 60 * MINUTE;

    fn with_clock_error(seconds: i64) -> Pair {
        let mut pair = Pair::new();
        pair.device_clock_error = seconds;
        pair.signs_in(EMAIL, PASSWORD);
        pair
    }

    /// All that tells the time then is the ID token.
    fn at_a_server_that_hides_its_own(seconds: i64) -> Pair {
        let mut pair = Pair::new();
        pair.hides_date();
        pair.device_clock_error = seconds;
        pair.signs_in(EMAIL, PASSWORD);
        pair
    }

    #[test]
    fn a_few_minutes_do_not_matter() {
        for seconds in [-5 * MINUTE, 5 * MINUTE] {
            for mut pair in [with_clock_error(seconds), at_a_server_that_hides_its_own(seconds)] {
                assert_eq!(pair.claim("email"), EMAIL);
                assert!(pair.reports().is_empty());
            }
        }
    }

    #[test]
    fn with_a_whole_day_one_signs_in_and_the_page_is_told() {
        for seconds in [-DAY, DAY] {
            for mut pair in [with_clock_error(seconds), at_a_server_that_hides_its_own(seconds)] {
                assert_eq!(pair.claim("email"), EMAIL);
                assert_eq!(pair.reports(), ["clock.skewed"]);
                // For a page that compares it with the same clock.
                assert_eq!(pair.tokens().expires_at.0, pair.world.now() + seconds + 3_600);
            }
        }
    }
}

mod given_somebody_who_changes_tokens {
    use super::*;

    /// The error code after this change to the answer of the token or keys endpoint.
    fn refused(change: impl Fn(&str, &mut Value) + 'static) -> &'static str {
        let mut pair = Pair::new();
        pair.interferes(change);
        pair.signs_in(EMAIL, PASSWORD);
        assert!(pair.outcome().is_none(), "the page got tokens");
        assert_eq!(pair.says(), ["NotAccepted"]);
        pair.reports()[0]
    }

    /// Another payload under the same signature.
    fn with_claim(token: &mut Value, name: &str, value: Value) {
        let parts: Vec<_> = token.as_str().unwrap().split('.').map(str::to_owned).collect();
        let payload = URL_SAFE_NO_PAD.decode(&parts[1]).unwrap();
        let mut claims: Value = serde_json::from_slice(&payload).unwrap();
        claims[name] = value;
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        *token = format!("{}.{payload}.{}", parts[0], parts[2]).into();
    }

    #[test]
    fn another_person_is_not_believed() {
        let code = refused(|path, answer| {
            if path.ends_with("/token") {
                with_claim(&mut answer["id_token"], "sub", json!("00uSomebodyElse"));
            }
        });
        assert_eq!(code, "id_token.signature_invalid");
    }

    #[test]
    fn an_access_token_of_somebody_else_is_not_taken_for_ours() {
        let other = signed_in_with(options()).tokens().access_token.expose().replace('.', ".x");
        let code = refused(move |path, answer| {
            if path.ends_with("/token") {
                answer["access_token"] = json!(other);
            }
        });
        assert_eq!(code, "id_token.access_token_mismatch");
    }

    #[test]
    fn a_token_of_another_sign_in_is_not_taken_for_this_one() {
        let other = signed_in_with(Config { nonce: Some("of another sign-in".into()), ..options() });
        let tokens = other.tokens();
        let access_token = tokens.access_token.expose().clone();
        let id_token = tokens.id_token.as_ref().unwrap().raw.expose().clone();
        let code = refused(move |path, answer| {
            if path.ends_with("/token") {
                answer["access_token"] = json!(access_token);
                answer["id_token"] = json!(id_token);
            }
        });
        assert_eq!(code, "id_token.nonce_mismatch");
    }

    #[test]
    fn a_key_that_the_issuer_does_not_have_signs_nothing() {
        let code = refused(|path, answer| {
            if path.ends_with("/keys") {
                answer["keys"][0]["kid"] = json!("another");
            }
        });
        assert_eq!(code, "id_token.unknown_key");
    }

    #[test]
    fn an_unsigned_token_is_refused_before_anybody_looks_for_a_key() {
        let code = refused(|path, answer| {
            if path.ends_with("/token") {
                let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
                let token = answer["id_token"].as_str().unwrap();
                let (_, rest) = token.split_once('.').unwrap();
                answer["id_token"] = json!(format!("{header}.{}.", rest.split('.').next().unwrap()));
            }
        });
        assert_eq!(code, "id_token.algorithm_not_allowed");
    }
}

mod given_a_page_whose_backend_redeems_the_code {
    use super::*;

    fn with_challenge() -> Pair {
        let challenge = Some(challenge_of(VERIFIER));
        signed_in_with(Config { code_challenge: challenge, state: Some("s-1".into()), ..options() })
    }

    fn redeemed(pair: &Pair, verifier: &str) -> (u16, Value) {
        let redirect_uri = format!("{PAGE_ORIGIN}/callback");
        pair.world.oauth(
            "token",
            &[
                ("grant_type", "interaction_code"),
                ("client_id", "demo-spa"),
                ("redirect_uri", &redirect_uri),
                ("interaction_code", pair.interaction_code().0),
                ("code_verifier", verifier),
            ],
        )
    }

    #[test]
    fn it_gets_a_code_with_its_state_and_no_tokens() {
        let pair = with_challenge();
        assert_eq!(pair.interaction_code().1, "s-1");
        assert!(!pair.requests.iter().any(|path| path.ends_with("/token")));
        assert!(pair.storage.is_empty());
    }

    #[test]
    fn the_verifier_of_the_backend_redeems_it() {
        let (status, tokens) = redeemed(&with_challenge(), VERIFIER);
        assert_eq!((status, &tokens["token_type"]), (200, &json!("Bearer")));
    }

    #[test]
    fn another_verifier_does_not() {
        let (status, refusal) = redeemed(&with_challenge(), &VERIFIER.replace("only", "even"));
        assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
    }

    #[test]
    fn it_is_redeemed_once() {
        let pair = with_challenge();
        assert_eq!((redeemed(&pair, VERIFIER).0, redeemed(&pair, VERIFIER).0), (200, 400));
    }

    #[test]
    fn a_reload_in_the_middle_goes_on() {
        let config = Config { code_challenge: Some(challenge_of(VERIFIER)), ..options() };
        let mut pair = Pair::with(config, "");
        pair.types("identifier", EMAIL);
        pair.loads_the_page();
        pair.types("credentials.passcode", PASSWORD);
        assert_eq!(redeemed(&pair, VERIFIER).0, 200);
    }
}
