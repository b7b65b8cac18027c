//! Passkeys: offered where the user name is typed, used by a button, asked for as second factor, made anew; and all that
//! goes wrong on the way.

use latchkey_core::{
    io::{Method, TaskKind},
    screen::{ActionKind, Layout, Matter, PasskeyTrouble},
};
use serde_json::{Value, json};

use super::dialogue::*;

fn credentials() -> Value {
    json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": [
        {"name": "clientData", "required": true, "visible": false}, {"name": "authenticatorData", "required": true, "visible": false},
        {"name": "signatureData", "required": true, "visible": false}, {"name": "userHandle", "visible": false}]}}])
}

fn offering() -> Value {
    let path = "challenge/answer/webauthn-autofillui";
    idx(
        &[
            form("identify", "identify", json!([{"name": "identifier", "label": "Username"}])),
            form("challenge-webauthn-autofillui-authenticator", path, credentials()),
            form("launch-passkeys-authenticator", path, credentials()),
        ],
        json!({"webauthnAutofillUIChallenge": {"value": {"challengeData": {"challenge": "Y2g", "userVerification": "required"}}}}),
    )
}

fn second_factor() -> Value {
    let mut challenge = form("challenge-authenticator", "challenge/answer", credentials());
    challenge["relatesTo"] = json!(["$.currentAuthenticator"]);
    idx(
        &[challenge],
        json!({"currentAuthenticator": {"value": {"key": "webauthn", "displayName": "Passkeys",
                "contextualData": {"challengeData": {"challenge": "Y2g", "userVerification": "preferred"}}}},
            "authenticatorEnrollments": {"value": [{"key": "webauthn", "credentialId": "a2V5"}]},
            "cancel": form("cancel", "cancel", json!([]))}),
    )
}

fn enrolling() -> Value {
    let fields = json!([{"name": "credentials", "form": {"value": [{"name": "clientData"}, {"name": "attestation"},
        {"name": "transports"}, {"name": "clientExtensions"}]}}]);
    idx(
        &[form("enroll-authenticator", "challenge/answer", fields), form("skip", "skip", json!([]))],
        json!({"currentAuthenticator": {"value": {"key": "webauthn", "displayName": "Passkeys", "contextualData": {
            "activationData": {"challenge": "Y2g", "rp": {"name": "Towpath"}, "user": {"id": "dQ", "name": "pat", "displayName": "Pat"},
                "pubKeyCredParams": [{"type": "public-key", "alg": -7}]}}}}}),
    )
}

fn assertion() -> Value {
    json!({"value": {"id": "a2V5", "response": {"clientDataJSON": "Y2Q", "authenticatorData": "YWQ", "signature": "c2ln", "userHandle": "dQ"}}})
}

fn kinds(dialogue: &Dialogue) -> Vec<TaskKind> {
    dialogue.tasks.iter().map(|task| task.kind).collect()
}

mod given_a_server_that_knows_passkeys {
    use super::*;

    #[test]
    fn the_browser_offers_them_where_the_name_is_typed() {
        let dialogue = Dialogue::at(&offering());
        assert_eq!(kinds(&dialogue), [TaskKind::OfferPasskeys]);
        assert!(dialogue.screen().field("identifier").unwrap().accepts_passkey);
        assert!(!dialogue.screen().is_prompting, "the person has not been asked anything");
    }

    #[test]
    fn an_offered_one_signs_in() {
        let mut dialogue = Dialogue::at(&offering());
        dialogue.browser_says(&assertion());
        let credentials = json!({"clientData": "Y2Q=", "authenticatorData": "YWQ=", "signatureData": "c2ln", "userHandle": "dQ=="});
        let body = json!({"credentials": credentials, "stateHandle": "sh"});
        assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/challenge/answer/webauthn-autofillui", body));
        dialogue.says(200, &success());
        assert_eq!(dialogue.sent().1, "/oauth2/default/v1/token");
    }

    #[test]
    fn typing_a_name_gives_the_offer_up_and_a_refusal_renews_it() {
        let mut dialogue = Dialogue::at(&offering());
        let offer = dialogue.tasks[0].id;
        dialogue.types("identifier", "pat");
        assert_eq!(dialogue.aborted, [offer]);
        let mut refused = offering();
        refused["messages"] = messages("errors.E0000004", "No", "ERROR");
        dialogue.says(401, &refused);
        assert_eq!(kinds(&dialogue), [TaskKind::OfferPasskeys, TaskKind::OfferPasskeys]);
    }

    #[test]
    fn the_button_takes_over_from_the_offer() {
        let mut dialogue = Dialogue::at(&offering());
        dialogue.presses(&ActionKind::PasskeySignIn);
        assert_eq!(kinds(&dialogue), [TaskKind::OfferPasskeys, TaskKind::UsePasskey]);
        assert_eq!(dialogue.aborted, [dialogue.tasks[0].id], "one ceremony at a time");
        assert!(dialogue.screen().is_prompting);
        dialogue.browser_says(&json!({"error": "NotAllowedError"}));
        assert_eq!(dialogue.says_first(), "Passkey(Cancelled)");
        assert_eq!(kinds(&dialogue).last(), Some(&TaskKind::OfferPasskeys), "the offer is made again");
        assert!(!dialogue.screen().is_prompting && dialogue.requests.len() == 2);
    }

    #[test]
    fn an_offer_that_comes_to_nothing_disturbs_nobody() {
        let mut dialogue = Dialogue::at(&offering());
        let shown = dialogue.shown;
        dialogue.browser_says(&json!({"error": "Unsupported"}));
        assert_eq!(
            (dialogue.shown, dialogue.tasks.len(), dialogue.says_first().as_str()),
            (shown, 1, "nothing")
        );
    }

    #[test]
    fn one_that_does_not_say_whose_it_is_cannot_be_used_there() {
        let mut dialogue = Dialogue::at(&offering());
        let mut nameless = assertion();
        nameless["value"]["response"].as_object_mut().unwrap().remove("userHandle");
        dialogue.browser_says(&nameless);
        assert_eq!(dialogue.says_first(), "Passkey(Nameless)");
    }

    #[test]
    fn the_integrator_learns_of_a_wrong_domain_and_the_person_only_if_asked() {
        let mut dialogue = Dialogue::at(&offering());
        dialogue.browser_says(&json!({"error": "SecurityError"}));
        assert_eq!(
            (dialogue.reports.as_slice(), dialogue.says_first().as_str()),
            (["setup.passkey_place"].as_slice(), "nothing")
        );
        dialogue.presses(&ActionKind::PasskeySignIn);
        dialogue.browser_says(&json!({"error": "SecurityError"}));
        assert_eq!(dialogue.says_first(), "Passkey(WrongPlace)");
    }
}

mod given_a_passkey_as_second_factor {
    use super::*;

    #[test]
    fn nothing_happens_before_the_button_and_then_the_answer_is_sent() {
        let mut dialogue = Dialogue::at(&second_factor());
        assert_eq!((dialogue.screen().layout, dialogue.tasks.len()), (Layout::Passkey, 0));
        assert_eq!(dialogue.prepared, 1, "the press need not wait for a script");
        dialogue.presses(&ActionKind::UsePasskey);
        let argument: Value = serde_json::from_str(&dialogue.tasks[0].argument).unwrap();
        assert_eq!(
            argument["allowCredentials"],
            json!([{"type": "public-key", "id": "a2V5", "transports": []}])
        );
        dialogue.browser_says(&assertion());
        assert_eq!(dialogue.sent().1, "/idp/idx/challenge/answer");
        assert!(dialogue.screen().is_busy);
    }

    #[test]
    fn leaving_gives_it_up_and_its_late_answer_is_nobodys() {
        let mut dialogue = Dialogue::at(&second_factor());
        dialogue.presses(&ActionKind::UsePasskey);
        dialogue.presses(&ActionKind::StartOver);
        assert_eq!(dialogue.aborted, [dialogue.tasks[0].id]);
        let requests = dialogue.requests.len();
        dialogue.browser_says(&assertion());
        assert_eq!(dialogue.requests.len(), requests);
    }

    #[test]
    fn an_answer_without_what_is_needed_is_said_and_not_sent() {
        let mut dialogue = Dialogue::at(&second_factor());
        dialogue.presses(&ActionKind::UsePasskey);
        for broken in [
            json!({"value": {"response": {}}}),
            json!({"value": 7}),
            json!([]),
            json!({"error": "Unavailable"}),
        ] {
            dialogue.presses(&ActionKind::UsePasskey);
            dialogue.browser_says(&broken);
            assert_eq!(dialogue.says_first(), "Passkey(Failed)", "{broken}");
        }
    }

    #[test]
    fn a_server_that_sends_no_challenge_cannot_be_answered() {
        let mut broken = second_factor();
        broken["currentAuthenticator"]["value"]["contextualData"] = json!({});
        let dialogue = Dialogue::at(&broken);
        assert_eq!(dialogue.says_first(), "NotSupported");
    }
}

mod given_a_passkey_to_make {
    use super::*;

    #[test]
    fn it_is_made_and_sent() {
        let mut dialogue = Dialogue::at(&enrolling());
        assert!(dialogue.screen().is_setup);
        dialogue.presses(&ActionKind::CreatePasskey);
        assert_eq!(kinds(&dialogue), [TaskKind::CreatePasskey]);
        dialogue.browser_says(&json!({"value": {"response": {"clientDataJSON": "Y2Q", "attestationObject": "YW8", "transports": ["internal"]},
            "clientExtensionResults": {}}}));
        let credentials = json!({"clientData": "Y2Q=", "attestation": "YW8=", "transports": "[\"internal\"]", "clientExtensions": "{}"});
        assert_eq!(dialogue.sent().2, json!({"credentials": credentials, "stateHandle": "sh"}));
    }

    #[test]
    fn each_trouble_has_its_words() {
        for (error, expected) in [
            ("InvalidStateError", PasskeyTrouble::AlreadyThere),
            ("NotAllowedError", PasskeyTrouble::Cancelled),
            ("NotSupportedError", PasskeyTrouble::Unsupported),
            ("SecurityError", PasskeyTrouble::WrongPlace),
            ("UnknownError", PasskeyTrouble::Failed),
        ] {
            let mut dialogue = Dialogue::at(&enrolling());
            dialogue.presses(&ActionKind::CreatePasskey);
            dialogue.browser_says(&json!({ "error": error }));
            let matter = &dialogue.screen().notices[0].matter;
            assert_eq!(*matter, Matter::Passkey(expected), "{error}");
            assert!(dialogue.screen().actions.iter().any(|action| action.kind == ActionKind::CreatePasskey));
        }
    }
}
