//! Sign-ins that go well, from `interact` to tokens.

use latchkey_core::{
    Config, StartAt, base64url,
    io::{Answer, Answers, Body, Method, Outcome, SignatureVerdict},
    oidc::challenge_of,
    screen::{ActionKind, Control, Layout, NewPassword, Purpose},
};
use serde_json::{Value, json};

use super::dialogue::*;

/// Every `key=value` of a form body.
fn pairs(body: &Body) -> Vec<(String, String)> {
    let Body::Form(text) = body else { panic!("not a form: {body:?}") };
    let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    text.expose().split('&').filter_map(pair).collect()
}

fn pair<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// A token as the issuer would make it; the signature is for the platform to judge.
fn id_token(claims: &Value) -> String {
    let part = |json: &Value| base64url::encode(json.to_string().as_bytes());
    format!("{}.{}.c2ln", part(&json!({"alg": "RS256", "kid": "k1"})), part(claims))
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "0oa1", "sub": "00u1", "nonce": "n-1", "iat": NOW.0, "exp": NOW.0 + 3600, "name": "Pat"})
}

fn token_answer() -> Value {
    json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "at", "scope": "openid profile",
        "id_token": id_token(&claims())})
}

fn keys() -> Value {
    json!({"keys": [{"kty": "RSA", "kid": "k1", "n": "nn", "e": "AQAB", "use": "sig"}]})
}

fn redeeming() -> Dialogue {
    let mut dialogue = Dialogue::at(&password());
    dialogue.types("credentials.passcode", "s3cret");
    dialogue.says(200, &success());
    dialogue
}

#[test]
fn interact_carries_pkce_state_and_nonce() {
    let dialogue = Dialogue::with(config(), None);
    let request = dialogue.last();
    let pairs = pairs(&request.body);
    assert_eq!(
        (request.method, request.url.as_str()),
        (Method::Post, "https://id.example.test/oauth2/default/v1/interact")
    );
    assert_eq!((pair(&pairs, "code_challenge_method"), pair(&pairs, "nonce")), ("S256", "n-1"));
    assert_eq!((pair(&pairs, "code_challenge").len(), pair(&pairs, "state").len()), (43, 43));
    assert_eq!((pair(&pairs, "client_id"), pair(&pairs, "scope")), ("0oa1", "openid+profile"));
}

#[test]
fn identifier_then_password_then_tokens() {
    let mut dialogue = Dialogue::at(&identify());
    assert_eq!((dialogue.screen().layout, dialogue.screen().step.as_str()), (Layout::Identify, "identify"));
    dialogue.types("identifier", "pat@example.test");
    let body = json!({"identifier": "pat@example.test", "stateHandle": "sh"});
    assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/identify", body));
    assert!(dialogue.screen().is_busy);

    dialogue.says(200, &password());
    assert_eq!(dialogue.screen().layout, Layout::Password);
    assert_eq!(dialogue.screen().person.as_deref(), Some("pat@example.test"));
    let field = dialogue.screen().field("credentials.passcode").unwrap();
    assert_eq!(
        (field.purpose, &field.control, field.is_required),
        (Purpose::CurrentPassword, &Control::Secret, true)
    );
    dialogue.types("credentials.passcode", "s3cret");
    let body = json!({"credentials": {"passcode": "s3cret"}, "stateHandle": "sh"});
    assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/challenge/answer", body));

    dialogue.says(200, &success());
    dialogue.says(200, &token_answer());
    assert_eq!(dialogue.sent().1, "/oauth2/default/v1/keys");
    dialogue.says(200, &keys());
    dialogue.verdict(SignatureVerdict::Valid);
    let Some(Outcome::SignedIn(tokens)) = &dialogue.outcome else { panic!("{:?}", dialogue.outcome) };
    assert_eq!((tokens.access_token.expose().as_str(), tokens.expires_at.0), ("at", NOW.0 + 3600));
    assert_eq!(tokens.id_token.as_ref().unwrap().claims["name"], "Pat");
    assert_eq!(dialogue.screen().layout, Layout::Done);
}

#[test]
fn the_verifier_that_redeems_the_code_answers_the_challenge_that_went_ahead() {
    let dialogue = redeeming();
    let interact = pairs(&dialogue.requests.first().unwrap().body);
    let token = pairs(&dialogue.last().body);
    assert_eq!(challenge_of(pair(&token, "code_verifier")), pair(&interact, "code_challenge"));
    assert_eq!((pair(&token, "grant_type"), pair(&token, "interaction_code")), ("interaction_code", "ic-1"));
}

#[test]
fn with_a_challenge_of_the_page_the_code_goes_to_the_page() {
    let page =
        Config { code_challenge: Some("page-challenge".into()), state: Some("s-1".into()), ..config() };
    let mut dialogue = Dialogue::with(page, None);
    assert_eq!(pair(&pairs(&dialogue.last().body), "code_challenge"), "page-challenge");
    dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
    dialogue.says(200, &success());
    let Some(Outcome::InteractionCode { code, state }) = &dialogue.outcome else {
        panic!("{:?}", dialogue.outcome)
    };
    assert_eq!((code.expose().as_str(), state.as_str()), ("ic-1", "s-1"));
}

#[test]
fn keys_that_cannot_be_had_are_the_servers_failure_and_not_the_tokens() {
    let mut dialogue = redeeming();
    dialogue.says(200, &token_answer());
    dialogue.says(503, &json!({}));
    dialogue.says(503, &json!({}));
    assert_eq!(dialogue.reports, ["server.unreadable"]);
}

#[test]
fn an_unknown_key_is_asked_for_once_more_past_the_cache() {
    let mut dialogue = redeeming();
    dialogue.says(200, &token_answer());
    assert!(!dialogue.last().is_fresh);
    dialogue.says(200, &json!({"keys": []}));
    assert_eq!((dialogue.sent().1, dialogue.last().is_fresh), ("/oauth2/default/v1/keys", true));
    dialogue.says(200, &keys());
    dialogue.verdict(SignatureVerdict::Valid);
    assert!(matches!(dialogue.outcome, Some(Outcome::SignedIn(_))));

    let mut dialogue = redeeming();
    dialogue.says(200, &token_answer());
    dialogue.says(200, &json!({"keys": []}));
    dialogue.says(200, &json!({"keys": []}));
    assert_eq!(
        (dialogue.reports.as_slice(), dialogue.says_first().as_str()),
        (&["id_token.unknown_key"][..], "NotAccepted")
    );
}

#[test]
fn tokens_that_cannot_be_believed_never_reach_the_page() {
    let mut forged = redeeming();
    forged.says(200, &token_answer());
    forged.says(200, &keys());
    forged.verdict(SignatureVerdict::Invalid);
    assert_eq!(
        (forged.reports.as_slice(), forged.outcome.is_none()),
        (&["id_token.signature_invalid"][..], true)
    );

    let mut foreign = redeeming();
    let mut claims = claims();
    claims["nonce"] = json!("of another sign-in");
    let mut answer = token_answer();
    answer["id_token"] = json!(id_token(&claims));
    foreign.says(200, &answer);
    foreign.says(200, &keys());
    foreign.verdict(SignatureVerdict::Valid);
    assert_eq!(
        (foreign.reports.as_slice(), foreign.outcome.is_none()),
        (&["id_token.nonce_mismatch"][..], true)
    );

    let mut insecure = redeeming();
    insecure.says(200, &token_answer());
    insecure.says(200, &keys());
    insecure.verdict(SignatureVerdict::Unavailable);
    assert_eq!(
        (insecure.reports.as_slice(), insecure.outcome.is_none()),
        (&["setup.insecure_context"][..], true)
    );
}

#[test]
fn identifier_and_password_on_one_page() {
    let fields = json!([{"name": "identifier", "label": "Username"}, {"name": "credentials", "type": "object",
        "form": {"value": [{"name": "passcode", "label": "Password", "secret": true}]}},
        {"name": "rememberMe", "label": "Keep me signed in", "type": "boolean"}]);
    let current =
        json!({"value": {"key": "okta_password", "recover": form("recover", "recover", json!([]))}});
    let mut dialogue =
        Dialogue::at(&idx(&[form("identify", "identify", fields)], json!({"currentAuthenticator": current})));
    let purposes: Vec<_> = dialogue.screen().fields().iter().map(|field| field.purpose).collect();
    assert_eq!(purposes, [Purpose::Username, Purpose::CurrentPassword, Purpose::RememberMe]);
    let mut answers =
        Answers::new().with_text("identifier", "pat").with_text("credentials.passcode", "s3cret");
    answers.put("rememberMe", Answer::Flag(true));
    dialogue.does(answers);
    let body = json!({"identifier": "pat", "credentials": {"passcode": "s3cret"}, "rememberMe": true, "stateHandle": "sh"});
    assert_eq!(dialogue.sent().2, body);
}

#[test]
fn a_forgotten_password_is_recovered() {
    let mut dialogue = Dialogue::at(&password());
    dialogue.presses(&ActionKind::Recover);
    assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/recover", json!({"stateHandle": "sh"})));
    let recovery =
        form("identify-recovery", "identify", json!([{"name": "identifier", "label": "Username"}]));
    dialogue.says(200, &idx(&[recovery], json!({})));
    assert_eq!(dialogue.screen().layout, Layout::Recover);
    dialogue.types("identifier", "pat");
    dialogue.says(200, &email_code());
    assert_eq!((dialogue.screen().layout, dialogue.timers.last().unwrap().1), (Layout::Code, 4_000));
    let reset = form(
        "reset-authenticator",
        "challenge/answer",
        json!([{"name": "credentials", "form": {"value": [{"name": "passcode", "label": "New password", "secret": true},
            {"name": "revokeSessions", "label": "Sign out elsewhere", "type": "boolean"}]}}]),
    );
    let settings = json!({"complexity": {"minLength": 8, "minNumber": 1, "minSymbol": 0, "excludeUsername": true},
        "age": {"historyCount": 4}});
    dialogue.types("credentials.passcode", "123456");
    dialogue.says(
        200,
        &idx(
            &[reset],
            json!({"currentAuthenticator": {"value": {"key": "okta_password", "settings": settings}}}),
        ),
    );
    assert_eq!(dialogue.screen().layout, Layout::NewPassword(NewPassword::Reset));
    let field = dialogue.screen().field("credentials.passcode").unwrap();
    assert_eq!(format!("{:?}", field.rules), "[MinLength(8), MinNumber(1), ExcludesUsername, History(4)]");
}

#[test]
fn registration_begins_where_the_page_asks_for_it() {
    let mut dialogue = Dialogue::with(Config { start_at: StartAt::Signup, ..config() }, None);
    dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
    dialogue.says(200, &identify());
    assert_eq!(dialogue.sent().1, "/idp/idx/enroll");
    let profile = form(
        "enroll-profile",
        "enroll/new",
        json!([{"name": "userProfile", "form": {"value": [{"name": "firstName", "label": "First name", "required": true},
            {"name": "email", "label": "Email", "required": true}]}}]),
    );
    dialogue.says(200, &idx(&[profile, form("select-identify", "identify/select", json!([]))], json!({})));
    assert_eq!(dialogue.screen().layout, Layout::Profile);
    dialogue.does(
        Answers::new()
            .with_text("userProfile.firstName", "Pat")
            .with_text("userProfile.email", "pat@example.test"),
    );
    let body = json!({"userProfile": {"firstName": "Pat", "email": "pat@example.test"}, "stateHandle": "sh"});
    assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/enroll/new", body));
}

#[test]
fn an_authenticator_is_chosen_from_a_list_that_was_opened() {
    let option = |id: &str, label: &str, at: usize| {
        json!({"label": label, "relatesTo": format!("$.authenticatorEnrollments.value[{at}]"),
            "value": {"form": {"value": [{"name": "id", "required": true, "value": id, "mutable": false}]}}})
    };
    let list = form(
        "select-authenticator-authenticate",
        "challenge",
        json!([{"name": "authenticator", "type": "object", "options": [option("autPwd", "Password", 0), option("autEml", "Email", 1)]}]),
    );
    let mut answer = password();
    answer["remediation"]["value"].as_array_mut().unwrap().push(list);
    answer["authenticatorEnrollments"] = json!({"value": [{"key": "okta_password"},
        {"key": "okta_email", "profile": {"email": "p***t@example.test"}}]});
    let mut dialogue = Dialogue::at(&answer);
    let before = dialogue.requests.len();
    dialogue.presses(&ActionKind::VerifyOtherwise);
    assert_eq!(dialogue.requests.len(), before, "the list was in the answer already");
    let kinds: Vec<_> = dialogue.screen().actions.iter().map(|action| &action.kind).collect();
    assert_eq!(kinds, [&ActionKind::Back, &ActionKind::Recover, &ActionKind::StartOver]);
    let Control::Pick(picks) = &dialogue.screen().field("authenticator").unwrap().control else {
        panic!("no picks")
    };
    assert_eq!(picks[1].authenticator.as_ref().unwrap().detail.as_deref(), Some("p***t@example.test"));
    let mut answers = Answers::new();
    answers.put("authenticator", Answer::Choice(1));
    dialogue.does(answers);
    assert_eq!(
        dialogue.sent(),
        (Method::Post, "/idp/idx/challenge", json!({"authenticator": {"id": "autEml"}, "stateHandle": "sh"}))
    );
}

#[test]
fn a_step_that_nobody_has_seen_is_a_form_like_any_other() {
    let strange = form(
        "weigh-the-elephant",
        "elephants",
        json!([{"name": "weight", "label": "Weight in tons", "required": true}]),
    );
    let mut dialogue = Dialogue::at(&idx(&[strange], json!({})));
    assert_eq!(
        (dialogue.screen().layout, dialogue.screen().step.as_str()),
        (Layout::Generic, "weigh-the-elephant")
    );
    dialogue.types("weight", "5");
    assert_eq!(
        dialogue.sent(),
        (Method::Post, "/idp/idx/elephants", json!({"weight": "5", "stateHandle": "sh"}))
    );
}

#[test]
fn a_redirect_of_the_server_is_followed() {
    let mut dialogue = Dialogue::with(config(), None);
    dialogue.says(200, &json!({"interaction_handle": "ih-1"}));
    dialogue.says(200, &json!({"version": "1.0.0", "success": {"name": "success-redirect", "href": "https://app.example.test/home"}}));
    assert_eq!(dialogue.navigated, ["https://app.example.test/home"]);
    assert!(matches!(dialogue.outcome, Some(Outcome::Redirected)));
}
