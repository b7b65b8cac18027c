//! The families of steps that are forms: what they ask, what they send, what the person sees beside them.

use latchkey_core::{
    io::{Answer, Answers, TaskKind},
    screen::{ActionKind, Asking, Choosing, Control, Exhibit, Fact, Grace, Layout, Matter, Purpose, Scope},
};
use serde_json::{Value, json};

use super::dialogue::*;

fn step(name: &str, path: &str, fields: Value, authenticator: Value) -> Dialogue {
    let mut first = form(name, path, fields);
    first["relatesTo"] = json!(["$.currentAuthenticator"]);
    Dialogue::at(&idx(&[first], json!({"currentAuthenticator": {"value": authenticator}})))
}

fn passcode(label: &str) -> Value {
    json!([{"name": "credentials", "type": "object", "form": {"value": [{"name": "passcode", "label": label}]}}])
}

fn names(dialogue: &Dialogue) -> Vec<&str> {
    dialogue.screen().fields().into_iter().map(|field| field.name.as_str()).collect()
}

fn choosing(field: &str, index: usize) -> Answers {
    let mut answers = Answers::new();
    answers.put(field, Answer::Choice(index));
    answers
}

#[test]
fn an_authenticator_app_is_set_up_with_picture_key_and_code_on_one_screen() {
    let mut dialogue = step(
        "enroll-authenticator",
        "challenge/answer",
        passcode("Enter code"),
        json!({"key": "google_otp", "displayName": "Authenticator app", "contextualData":
            {"qrcode": {"href": "data:image/png;base64,AAAA"}, "sharedSecret": "JBSW Y3DP"}}),
    );
    assert_eq!((dialogue.screen().layout, dialogue.screen().is_setup), (Layout::Code, true));
    assert_eq!(dialogue.screen().exhibits.len(), 2);
    dialogue.input(latchkey_core::Input::Copied { text: "JBSW Y3DP".into() });
    assert_eq!(dialogue.copied, ["JBSW Y3DP"]);
    dialogue.types("credentials.passcode", "123456");
    assert_eq!(dialogue.sent().2, json!({"credentials": {"passcode": "123456"}, "stateHandle": "sh"}));
}

#[test]
fn codes_of_every_kind_have_their_screen() {
    for key in [
        "okta_email",
        "phone_number",
        "google_otp",
        "symantec_vip",
        "rsa_token",
        "onprem_mfa",
        "custom_otp",
        "yubikey_token",
        "tac",
        "nfc_pin",
    ] {
        let dialogue =
            step("challenge-authenticator", "challenge/answer", passcode("Code"), json!({ "key": key }));
        assert_eq!(dialogue.screen().layout, Layout::Code, "{key}");
    }
}

#[test]
fn a_call_and_a_link_are_told_from_a_message() {
    let email = |link: bool| {
        step(
            "challenge-authenticator",
            "challenge/answer",
            passcode("Code"),
            json!({"key": "okta_email", "contextualData": {"useEmailMagicLink": link}}),
        )
    };
    let is_link = |dialogue: Dialogue| dialogue.screen().authenticator.as_ref().unwrap().sends_link;
    assert!(is_link(email(true)) && !is_link(email(false)));
    let phone = |method: &str| {
        step(
            "challenge-authenticator",
            "challenge/answer",
            passcode("Code"),
            json!({"key": "phone_number", "methods": [{"type": method}]}),
        )
    };
    let is_call = |dialogue: Dialogue| dialogue.screen().authenticator.as_ref().unwrap().calls;
    assert!(is_call(phone("voice")) && !is_call(phone("sms")));
}

#[test]
fn a_telephone_number_is_asked_for_with_its_method() {
    let fields = json!([{"name": "authenticator", "type": "object", "form": {"value": [
        {"name": "id", "value": "aut1", "mutable": false},
        {"name": "methodType", "required": true, "options": [{"label": "SMS", "value": "sms"}, {"label": "Voice call", "value": "voice"}]},
        {"name": "phoneNumber", "required": true, "label": "Phone number"}]}}]);
    let mut dialogue =
        step("authenticator-enrollment-data", "credential/enroll", fields, json!({"key": "phone_number"}));
    assert_eq!(dialogue.screen().layout, Layout::PhoneNumber);
    let number = dialogue.screen().field("authenticator.phoneNumber").unwrap();
    assert_eq!(number.control, Control::Telephone { has_extension: true });
    dialogue.does(
        Answers::new()
            .with_text("authenticator.methodType", "voice")
            .with_text("authenticator.phoneNumber", "+41446681800x12"),
    );
    let authenticator = json!({"id": "aut1", "methodType": "voice", "phoneNumber": "+41446681800x12"});
    assert_eq!(dialogue.sent().2, json!({"authenticator": authenticator, "stateHandle": "sh"}));
}

#[test]
fn a_question_is_answered_with_the_key_that_the_server_gave() {
    let fields = json!([{"name": "credentials", "form": {"value": [{"name": "questionKey", "value": "first_award", "mutable": false},
        {"name": "answer", "label": "Answer", "required": true}]}}]);
    let question = json!({"questionKey": "first_award", "question": "What was your first award?"});
    let mut dialogue = step(
        "challenge-authenticator",
        "challenge/answer",
        fields,
        json!({"key": "security_question", "contextualData": {"enrolledQuestion": question}}),
    );
    assert_eq!(dialogue.screen().layout, Layout::Question);
    assert_eq!(dialogue.screen().exhibits, [Exhibit::Question("What was your first award?".into())]);
    dialogue.types("credentials.answer", "Blue ribbon");
    assert_eq!(
        dialogue.sent().2["credentials"],
        json!({"questionKey": "first_award", "answer": "Blue ribbon"})
    );
}

#[test]
fn a_question_is_chosen_or_made_up() {
    let option = |label: &str, fields: Value| json!({"label": label, "value": {"form": {"value": fields}}});
    let fields = json!([{"name": "credentials", "type": "object", "required": true, "options": [
        option("Choose a question", json!([{"name": "questionKey", "required": true, "options": [{"label": "First award?", "value": "first_award"},
            {"label": "First kiss?", "value": "first_kiss"}]}, {"name": "answer", "label": "Answer", "required": true}])),
        option("Create my own", json!([{"name": "questionKey", "value": "custom", "mutable": false},
            {"name": "question", "label": "Question", "required": true}, {"name": "answer", "label": "Answer", "required": true}]))]}]);
    let mut dialogue =
        step("enroll-authenticator", "challenge/answer", fields, json!({"key": "security_question"}));
    assert_eq!((dialogue.screen().layout, dialogue.screen().is_setup), (Layout::Question, true));
    dialogue.does(
        choosing("credentials", 1)
            .with_text("credentials.question", "Why?")
            .with_text("credentials.answer", "Because"),
    );
    let own = json!({"questionKey": "custom", "question": "Why?", "answer": "Because"});
    assert_eq!(dialogue.sent().2["credentials"], own);
}

#[test]
fn a_prompt_of_another_provider_is_started_by_the_person() {
    let fields = json!([{"name": "credentials", "form": {"value": [{"name": "signatureData", "label": "Signature"}]}}]);
    let mut dialogue = step(
        "challenge-authenticator",
        "challenge/answer",
        fields,
        json!({"key": "duo", "displayName": "Duo Security",
        "contextualData": {"host": "api-1.duosecurity.com", "signedToken": "TX|1:APP|2", "script": "https://api-1.duosecurity.com/duo.js"}}),
    );
    assert_eq!((dialogue.screen().layout, dialogue.tasks.len()), (Layout::Prompt, 0));
    dialogue.presses(&ActionKind::StartPrompt);
    assert_eq!(dialogue.tasks[0].kind, TaskKind::Duo);
    dialogue.browser_says(&json!({"error": "Unavailable"}));
    assert_eq!(dialogue.says_first(), "PromptFailed");
    dialogue.presses(&ActionKind::StartPrompt);
    dialogue.browser_says(&json!({"value": "AUTH|3:APP|2"}));
    assert_eq!(dialogue.sent().2["credentials"], json!({"signatureData": "AUTH|3:APP|2"}));
}

#[test]
fn a_captcha_is_made_when_the_form_is_sent_and_goes_along_with_it() {
    let fields = json!([{"name": "identifier", "label": "Username"}, {"name": "captchaVerify", "form": {"value": [
        {"name": "captchaId", "value": "cap1", "mutable": false, "visible": false, "required": true},
        {"name": "captchaToken", "visible": false, "required": true}]}, "relatesTo": "$.captcha"}]);
    let captcha =
        json!({"value": {"id": "cap1", "type": "ALTCHA", "challengeUrlForm": {"href": "/api/v1/altcha"}}});
    let mut dialogue =
        Dialogue::at(&idx(&[form("identify", "identify", fields)], json!({ "captcha": captcha })));
    assert_eq!(
        (names(&dialogue), dialogue.tasks.len()),
        (vec!["identifier"], 0),
        "nothing is loaded before it is needed"
    );
    dialogue.types("identifier", "pat");
    let argument: Value = serde_json::from_str(&dialogue.tasks[0].argument).unwrap();
    assert_eq!(argument["challengeUrl"], "https://id.example.test/api/v1/altcha");
    dialogue.browser_says(&json!({"value": "token-1"}));
    let body = json!({"identifier": "pat", "captchaVerify": {"captchaId": "cap1", "captchaToken": "token-1"}, "stateHandle": "sh"});
    assert_eq!(dialogue.sent().2, body);
}

#[test]
fn a_captcha_that_would_ask_elsewhere_is_not_given_the_address() {
    let fields = json!([{"name": "identifier"}, {"name": "captchaVerify", "form": {"value": [{"name": "captchaToken", "visible": false}]}}]);
    let captcha =
        json!({"value": {"type": "ALTCHA", "challengeUrlForm": {"href": "https://evil.test/altcha"}}});
    let mut dialogue =
        Dialogue::at(&idx(&[form("identify", "identify", fields)], json!({ "captcha": captcha })));
    dialogue.types("identifier", "pat");
    let argument: Value = serde_json::from_str(&dialogue.tasks[0].argument).unwrap();
    assert_eq!(argument["challengeUrl"], Value::Null);
}

#[test]
fn scopes_are_chosen_one_by_one_and_fixed_ones_cannot_be_refused() {
    let scope = |name: &str, is_mutable: bool| json!({"name": name, "label": name, "type": "boolean", "value": true, "mutable": is_mutable});
    let fields = json!([{"name": "consent", "type": "boolean", "visible": false, "required": true},
        {"name": "optedScopes", "form": {"value": [scope("profile", false), scope("rides.read", true)]}}]);
    let mut dialogue = step("granular-consent", "consent", fields, Value::Null);
    assert_eq!(dialogue.screen().layout, Layout::Consent(Asking::Scopes));
    assert_eq!(
        names(&dialogue),
        ["optedScopes.profile", "optedScopes.rides.read", "consent"],
        "the buttons come last"
    );
    assert!(dialogue.screen().field("optedScopes.profile").unwrap().is_fixed);
    let mut answers = choosing("consent", 0);
    answers.put("optedScopes.rides.read", Answer::Flag(false));
    dialogue.does(answers);
    let body =
        json!({"consent": true, "optedScopes": {"profile": true, "rides.read": false}, "stateHandle": "sh"});
    assert_eq!(dialogue.sent().2, body);
}

#[test]
fn consents_say_what_is_asked_and_by_whom() {
    let mut consent = form(
        "consent",
        "consent",
        json!([{"name": "consent", "type": "boolean", "required": true,
        "options": [{"label": "Allow", "value": true}, {"label": "Deny", "value": false}]}]),
    );
    consent["scopes"] = json!([{"name": "rides", "label": "See your rides", "desc": "Where and when"}]);
    let mut dialogue = Dialogue::at(&idx(&[consent], json!({})));
    let scope = Scope { label: "See your rides".into(), description: Some("Where and when".into()) };
    assert_eq!(dialogue.screen().exhibits, [Exhibit::Scopes(vec![scope])]);
    dialogue.does(choosing("consent", 1));
    assert_eq!(dialogue.sent().2, json!({"consent": false, "stateHandle": "sh"}));

    let mut mail = form("email-challenge-consent", "consent", json!([]));
    mail["requestInfo"] = json!([{"name": "appName", "label": "Application", "value": "Towpath"}, {"name": "browser", "label": "Browser", "value": "Firefox"}]);
    let dialogue = Dialogue::at(&idx(&[mail], json!({})));
    let facts =
        [Exhibit::Fact(Fact::Application, "Towpath".into()), Exhibit::Fact(Fact::Browser, "Firefox".into())];
    assert_eq!(
        (dialogue.screen().layout, dialogue.screen().exhibits.as_slice()),
        (Layout::Consent(Asking::SignIn), facts.as_slice())
    );
}

#[test]
fn a_device_code_gets_its_hyphen() {
    for (typed, sent) in [("abcdwxyz", "abcd-wxyz"), (" ABCD-WXYZ ", "ABCD-WXYZ"), ("1234", "1234")] {
        let dialogue = step(
            "user-code",
            "device/activate",
            json!([{"name": "userCode", "label": "Code", "required": true}]),
            Value::Null,
        );
        assert_eq!(dialogue.screen().layout, Layout::DeviceCode);
        let field = dialogue.screen().field("userCode").unwrap();
        assert_eq!((field.purpose, field.normalized(typed.into()).as_str()), (Purpose::DeviceCode, sent));
    }
}

#[test]
fn what_may_be_put_off_says_until_when() {
    let option = |id: &str, at: usize| {
        json!({"label": id, "relatesTo": format!("$.authenticators.value[{at}]"),
        "value": {"form": {"value": [{"name": "id", "value": id, "mutable": false}]}}})
    };
    let select = form(
        "select-authenticator-enroll",
        "credential/enroll",
        json!([{"name": "authenticator", "type": "object",
        "options": [option("a", 0), option("b", 1), option("c", 2)]}]),
    );
    let authenticators = json!({"value": [{"key": "webauthn", "gracePeriod": {"type": "BY_DATE_TIME", "expiry": "2030-01-31T00:00:00Z"}},
        {"key": "google_otp", "gracePeriod": {"type": "BY_SKIP_COUNT", "remainingSkips": 2}}, {"key": "okta_password"}]});
    let dialogue = Dialogue::at(&idx(&[select], json!({ "authenticators": authenticators })));
    assert_eq!(dialogue.screen().layout, Layout::Choice(Choosing::ToEnroll));
    let Control::Pick(picks) = &dialogue.screen().field("authenticator").unwrap().control else {
        panic!("no picks")
    };
    let graces: Vec<_> = picks.iter().map(|pick| pick.grace.clone()).collect();
    assert_eq!(graces, [Some(Grace::Until("2030-01-31T00:00:00Z".into())), Some(Grace::SignIns(2)), None]);
}

#[test]
fn a_password_that_is_changed_elsewhere_has_a_link_there() {
    let mut expired = form("reenroll-custom-password-expiry", "challenge/answer", passcode("New password"));
    expired["customExpiredPasswordURL"] = json!("https://passwords.example.test/");
    expired["customExpiredPasswordName"] = json!("Password desk");
    let dialogue =
        Dialogue::at(&idx(&[expired], json!({"currentAuthenticator": {"value": {"key": "okta_password"}}})));
    assert_eq!(dialogue.screen().layout, Layout::PasswordElsewhere { is_expired: true });
    let action = &dialogue.screen().actions[0];
    assert_eq!(action.kind, ActionKind::ChangePasswordAt(Some("Password desk".into())));
    assert_eq!(action.href.as_deref(), Some("https://passwords.example.test/"));
    assert!(dialogue.screen().form.is_none());
}

#[test]
fn a_password_that_expires_soon_says_when() {
    let warning = form(
        "reenroll-authenticator-warning",
        "challenge/answer",
        json!([{"name": "credentials", "form": {"value": [{"name": "passcode", "label": "New password", "secret": true}]}}]),
    );
    let current = json!({"value": {"key": "okta_password", "settings": {"complexity": {"minLength": 8}, "daysToExpiry": 3}}});
    let dialogue = Dialogue::at(&idx(
        &[warning, form("skip", "skip", json!([]))],
        json!({ "currentAuthenticator": current }),
    ));
    assert_eq!(dialogue.screen().notices[0].matter, Matter::PasswordExpires { days: 3 });
}

#[test]
fn the_other_side_is_shown_where_a_code_is_to_be_typed_there() {
    let mut end = json!({"version": "1.0.0", "intent": "AUTHENTICATION", "app": {"value": {"label": "Towpath"}},
        "client": {"value": {"browser": "Chrome", "os": "Android", "location": {"city": "Basel", "country": "Switzerland"}}},
        "currentAuthenticator": {"value": {"key": "okta_email", "contextualData": {"otp": "482913"}}}});
    end["messages"] = messages("idx.enter.otp.in.original.tab", "Enter the OTP in your original tab", "INFO");
    let dialogue = Dialogue::at(&end);
    assert_eq!(
        dialogue.screen().exhibits,
        [
            Exhibit::Code("482913".into()),
            Exhibit::Fact(Fact::Application, "Towpath".into()),
            Exhibit::Fact(Fact::Browser, "Chrome, Android".into()),
            Exhibit::Fact(Fact::Place, "Basel, Switzerland".into()),
        ]
    );
    assert!(dialogue.screen().actions.is_empty());
}
