//! What requests are made of: values of no meaning, and meaningful ones in the wrong place.

use axum::http::Method;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::endpoints;
use super::shape::SCRIPT;
use crate::support::{CHALLENGE, EMAIL, REDIRECT_URI, VERIFIER};

pub(super) fn endpoint(paths: &[String]) -> impl Strategy<Value = String> + use<> {
    select(paths.to_vec())
}

pub(super) fn idx_endpoint() -> impl Strategy<Value = String> {
    // An answer is where most can go wrong.
    let often = Just("challenge/answer".to_owned());
    prop_oneof![3 => select(endpoints::idx()), 1 => often]
        .prop_filter("it takes another handle", |name| name != "introspect")
}

pub(super) fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        6 => Just(Method::POST),
        3 => Just(Method::GET),
        1 => select(vec![Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD, Method::TRACE]),
    ]
}

pub(super) fn media_type() -> impl Strategy<Value = String> {
    let known = [
        "application/json",
        "application/ion+json; okta-version=1.0.0",
        "application/x-www-form-urlencoded",
        "application/json; charset=\"\"\"",
        "multipart/form-data; boundary=x",
        "text/plain",
        ";",
        "",
    ];
    prop_oneof![9 => select(known.to_vec()).prop_map(str::to_owned), 1 => "[ -~]{0,40}"]
}

/// A body: JSON, a form, either of them damaged, or anything.
pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let json = idx_body().prop_map(|body| body.to_string().into_bytes());
    let form = params().prop_map(|params| {
        let pairs: Vec<_> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&").into_bytes()
    });
    let whole = prop_oneof![json, form].boxed();
    let damaged =
        (whole.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut body, index, byte)| {
            if !body.is_empty() {
                *index.get_mut(&mut body) = byte;
            }
            body
        });
    prop_oneof![3 => whole, 2 => damaged, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

pub(super) fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let names = [
        "accept",
        "accept-language",
        "authorization",
        "content-length",
        "content-type",
        "cookie",
        "dpop",
        "expect",
        "host",
        "if-none-match",
        "origin",
        "range",
        "referer",
        "transfer-encoding",
        "user-agent",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-http-method-override",
        "access-control-request-method",
        "access-control-request-headers",
        "x-okta-user-agent-extended",
    ];
    let value = prop_oneof![
        3 => "[ -~]{0,60}".prop_map(String::into_bytes),
        1 => prop::collection::vec(prop_oneof![0x20_u8..0x7f, 0x80_u8..=0xff], 0..60),
        2 => select(vec![
            "Bearer ", "Bearer a.b.c", "bearer eyJhbGciOiJub25lIn0.e30.", "Basic ", "Basic Og==", "Basic ////", "Digest x",
            "null", "http://localhost:4400", "http://evil.example", "a=b; a=c", "127.0.0.1, evil", "2001:db8::1", ",,,",
        ]).prop_map(|value| value.as_bytes().to_vec()),
    ];
    prop::collection::vec((select(names.to_vec()).prop_map(str::to_owned), value), 0..6)
}

/// A query that an address can have: everything else is refused by HTTP itself.
pub(super) fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_=&%0-9+.~-]{0,60}",
        params().prop_map(|params| {
            let pairs: Vec<_> = params
                .iter()
                .map(|(name, value)| format!("{name}={}", crate::support::encoded(value)))
                .collect();
            pairs.join("&")
        })
    ]
}

pub(super) fn handle_member() -> impl Strategy<Value = String> {
    select(vec!["stateHandle", "stateToken", "interactionHandle"]).prop_map(str::to_owned)
}

/// The body of a step of a sign-in; the handle is left to others.
pub(super) fn idx_body() -> impl Strategy<Value = Value> {
    let credentials = members(&[
        "passcode",
        "answer",
        "questionKey",
        "question",
        "clientData",
        "authenticatorData",
        "signatureData",
        "userHandle",
        "attestation",
        "transports",
        "clientExtensions",
        "revokeSessions",
        "totp",
    ]);
    let authenticator = members(&["id", "methodType", "phoneNumber", "enrollmentId", "channel"]);
    let profile = members(&["firstName", "lastName", "email", "__proto__", "id"]);
    let outer = members(&["identifier", "rememberMe", "stateToken", "interactionHandle", "idp", "userCode"]);
    (outer, prop::option::of(credentials), prop::option::of(authenticator), prop::option::of(profile))
        .prop_map(|(mut body, credentials, authenticator, profile)| {
            let groups =
                [("credentials", credentials), ("authenticator", authenticator), ("userProfile", profile)];
            for (name, group) in groups {
                if let Some(group) = group {
                    body.insert(name.to_owned(), Value::Object(group));
                }
            }
            Value::Object(body)
        })
}

/// Some of these members, each with some value.
fn members(names: &[&'static str]) -> impl Strategy<Value = Map<String, Value>> + use<> {
    let member = (select(names.to_vec()), value());
    prop::collection::vec(member, 0..4)
        .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::Array))
}

/// A text: what somebody could mean, what somebody evil would try, or anything.
fn text() -> impl Strategy<Value = String> {
    let meant = [
        EMAIL,
        "somebody@example.net",
        "000000",
        "123456",
        "autemail",
        "autpassword",
        "autpasskey",
        "auttotp",
        "autphone",
        "autpush",
        "autquestion",
        "sms",
        "voice",
        "+15551234567",
        "custom",
        "favorite_toy",
        "Battery-Staple-77",
        "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
        "AAAA",
        "[\"internal\"]",
    ];
    let evil = [
        "",
        " ",
        "\0",
        "'; DROP TABLE users; --",
        "' OR '1'='1",
        SCRIPT,
        "../../../../etc/passwd",
        "%00%ff%",
        "${7*7}",
        "\r\nSet-Cookie: a=b",
        "\u{202e}moc.elpmaxe",
        "𝕡𝕒𝕥@example.com",
        "PAT@EXAMPLE.COM",
        "pat@example.com\n",
        "a@b",
        "@",
        "\"quoted\"@example.com",
        "-1",
        "1e999",
        "null",
        "undefined",
        "[object Object]",
        "02.",
        "02.~",
        "02.a~b~c",
    ];
    prop_oneof![
        3 => select(meant.to_vec()).prop_map(str::to_owned),
        3 => select(evil.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (select(vec!["a", "é", "😀", "="]), 100_usize..3_000).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

/// The parameters of OAuth requests, in any number and with any values.
pub(super) fn params() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = [
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "grant_type",
        "code",
        "interaction_code",
        "code_verifier",
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "refresh_token",
        "token",
        "token_type_hint",
        "username",
        "password",
        "device_code",
        "user_code",
        "response_type",
        "response_mode",
        "prompt",
        "max_age",
        "acr_values",
        "login_hint",
        "sessionToken",
        "id_token_hint",
        "post_logout_redirect_uri",
        "request",
        "request_uri",
        "resource",
        "audience",
        "recovery_token",
        "activation_token",
        "id",
        "answer",
        "device",
        "to",
        "idp",
        "ui_locales",
        "claims",
        "display",
    ];
    let meant = [
        "demo-spa",
        "other-spa",
        REDIRECT_URI,
        VERIFIER,
        CHALLENGE,
        "S256",
        "plain",
        "openid",
        "openid profile offline_access",
        "interaction_code",
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "password",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "code",
        "token",
        "id_token token",
        "query",
        "fragment",
        "form_post",
        "okta_post_message",
        "none",
        "login",
        "0",
        "-1",
        "eyJhbGciOiJub25lIn0.e30.",
        "approve",
        "yes",
        "http://evil.example/callback",
        "http://localhost:4400/callback#x",
        "http://localhost:4400/callback/../x",
        "http://localhost:4400@evil.example/",
        "javascript:alert(1)",
        "//evil.example",
    ];
    let value = prop_oneof![3 => select(meant.to_vec()).prop_map(str::to_owned), 2 => text()];
    prop::collection::vec((select(names.to_vec()).prop_map(str::to_owned), value), 0..9)
}
