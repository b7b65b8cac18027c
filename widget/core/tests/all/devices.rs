//! Apps and agents on the person's device: probed, opened, waited for; and the steps that nobody has to take.

use latchkey_core::{
    io::{Method, TaskKind},
    screen::{ActionKind, Awaiting, Exhibit, Layout, LinkKind},
};
use serde_json::{Value, json};

use super::dialogue::*;

fn probing(challenge: Value) -> Value {
    let mut poll = form("device-challenge-poll", "authenticators/poll", json!([]));
    poll["refresh"] = json!(2000);
    poll["relatesTo"] = json!("authenticatorChallenge");
    idx(&[poll], json!({"authenticatorChallenge": {"value": challenge}}))
}

fn loopback() -> Value {
    probing(
        json!({"challengeMethod": "LOOPBACK", "domain": "http://localhost", "ports": ["8769"], "challengeRequest": "jwt",
        "cancel": form("cancel-polling", "authenticators/poll/cancel", json!([]))}),
    )
}

mod given_an_app_behind_a_loopback_address {
    use super::*;

    #[test]
    fn it_is_probed_at_once_and_the_server_asked_when_it_has_answered() {
        let mut dialogue = Dialogue::at(&loopback());
        assert_eq!(dialogue.screen().layout, Layout::Waiting(Awaiting::Probe));
        assert_eq!(dialogue.tasks[0].kind, TaskKind::Probe);
        dialogue.browser_says(&json!({"value": "answered"}));
        assert_eq!(
            dialogue.sent(),
            (Method::Post, "/idp/idx/authenticators/poll", json!({"stateHandle": "sh"}))
        );
        dialogue.says(200, &loopback());
        assert_eq!(dialogue.tasks.len(), 1, "the server may need a moment, the app has answered");
        dialogue.timer_fires();
        dialogue.says(200, &identify());
        assert_eq!(dialogue.screen().layout, Layout::Identify);
    }

    #[test]
    fn the_server_is_told_why_it_was_not_reached() {
        for (result, reason, status) in [
            (
                json!({"error": "OV_UNREACHABLE_BY_LOOPBACK"}),
                json!("OV_UNREACHABLE_BY_LOOPBACK"),
                json!(null),
            ),
            (json!({"error": "OV_RETURNED_ERROR", "status": 500}), json!("OV_RETURNED_ERROR"), json!(500)),
        ] {
            let mut dialogue = Dialogue::at(&loopback());
            dialogue.browser_says(&result);
            let body = json!({"reason": reason, "statusCode": status, "stateHandle": "sh"});
            assert_eq!(dialogue.sent(), (Method::Post, "/idp/idx/authenticators/poll/cancel", body));
            dialogue.says(200, &identify());
            assert_eq!(dialogue.screen().layout, Layout::Identify);
        }
    }

    #[test]
    fn polls_go_on_beside_the_probe_and_do_not_begin_it_again() {
        let mut dialogue = Dialogue::at(&loopback());
        dialogue.timer_fires();
        dialogue.says(200, &loopback());
        assert_eq!((dialogue.tasks.len(), dialogue.aborted.len()), (1, 0));
        dialogue.timer_fires();
        dialogue.says(200, &identify());
        assert_eq!(dialogue.aborted, [dialogue.tasks[0].id], "the next screen gives it up");
    }

    #[test]
    fn another_machine_is_never_probed() {
        for domain in ["http://10.0.0.1", "https://localhost.evil.test", "http://localhost:1@evil.test"] {
            let mut hostile = loopback();
            hostile["authenticatorChallenge"]["value"]["domain"] = json!(domain);
            assert!(Dialogue::at(&hostile).tasks.is_empty(), "{domain}");
        }
    }
}

mod given_an_app_to_open {
    use super::*;

    #[test]
    fn it_is_opened_by_the_person_and_can_be_had() {
        let dialogue = Dialogue::at(&probing(json!({"challengeMethod": "CUSTOM_URI",
            "href": "com-okta-authenticator:/deviceChallenge?challengeRequest=jwt", "downloadHref": "https://apps.example.test/verify"})));
        assert_eq!(dialogue.screen().layout, Layout::Waiting(Awaiting::App));
        let links: Vec<_> =
            dialogue.screen().actions.iter().map(|action| (&action.kind, action.href.as_deref())).collect();
        assert_eq!(
            links,
            [
                (&ActionKind::OpenApp, Some("com-okta-authenticator:/deviceChallenge?challengeRequest=jwt")),
                (&ActionKind::GetApp, Some("https://apps.example.test/verify")),
            ]
        );
        assert!(dialogue.navigated.is_empty(), "nothing opens by itself");
    }

    #[test]
    fn a_program_is_no_app() {
        let dialogue =
            Dialogue::at(&probing(json!({"challengeMethod": "CUSTOM_URI", "href": "javascript:alert(1)"})));
        assert!(dialogue.screen().actions.is_empty());
    }
}

mod given_steps_that_nobody_has_to_take {
    use super::*;

    fn extension() -> Value {
        idx(
            &[form(
                "device-apple-sso-extension",
                "authenticators/sso_extension/transactions/1/verify",
                json!([]),
            )],
            json!({}),
        )
    }

    #[test]
    fn they_are_taken() {
        let mut dialogue = Dialogue::at(&extension());
        assert_eq!(dialogue.sent().1, "/idp/idx/authenticators/sso_extension/transactions/1/verify");
        let cancel = form(
            "cancel-transaction",
            "authenticators/sso_extension/transactions/1/verify/cancel",
            json!([]),
        );
        dialogue.says(401, &idx(&[cancel], json!({})));
        assert_eq!(dialogue.sent().1, "/idp/idx/authenticators/sso_extension/transactions/1/verify/cancel");
        dialogue.says(200, &identify());
        assert_eq!(dialogue.screen().layout, Layout::Identify);
    }

    #[test]
    fn but_not_in_circles() {
        let mut dialogue = Dialogue::at(&extension());
        let mut requests = 0;
        while dialogue.requests.len() > requests {
            requests = dialogue.requests.len();
            dialogue.says(401, &extension());
        }
        assert_eq!(requests, 2 + 4, "interact, introspect, and four times the same");
    }

    #[test]
    fn a_step_that_is_a_redirect_leaves_the_page() {
        let mut away = extension();
        away["remediation"]["value"][0]["method"] = json!("GET");
        away["remediation"]["value"][0]["href"] = json!("https://id.example.test/sso?challengeRequest=jwt");
        assert_eq!(Dialogue::at(&away).navigated, ["https://id.example.test/sso?challengeRequest=jwt"]);
    }
}

mod given_one_provider_and_nothing_else {
    use super::*;

    fn provider() -> Value {
        idx(
            &[
                json!({"name": "redirect-idp", "type": "OIDC", "idp": {"id": "1", "name": "Canal ID"}, "method": "GET",
            "href": "https://id.example.test/sso/idps/1?stateToken=t"}),
            ],
            json!({}),
        )
    }

    #[test]
    fn the_first_page_asks_before_it_leaves() {
        let dialogue = Dialogue::at(&provider());
        assert!(dialogue.navigated.is_empty(), "the person may have come back from there just now");
        assert_eq!(dialogue.screen().layout, Layout::Provider);
    }

    #[test]
    fn later_it_is_gone_to_at_once() {
        let mut dialogue = Dialogue::at(&identify());
        dialogue.types("identifier", "pat");
        dialogue.says(200, &provider());
        assert_eq!(dialogue.navigated, ["https://id.example.test/sso/idps/1?stateToken=t"]);
        assert!(dialogue.saved.is_some(), "the transaction goes on when the browser comes back");
    }

    #[test]
    fn unless_there_is_something_to_read() {
        let mut dialogue = Dialogue::at(&identify());
        dialogue.types("identifier", "pat");
        let mut told = provider();
        told["messages"] = messages("idx.identity.provider.auth.error", "It did not work", "ERROR");
        dialogue.says(200, &told);
        assert!(dialogue.navigated.is_empty());
    }
}

mod given_an_app_to_set_up {
    use super::*;

    fn enrolling(data: Value) -> Dialogue {
        let mut poll = form("enroll-poll", "challenge/poll", json!([]));
        poll["refresh"] = json!(4000);
        let current =
            json!({"value": {"key": "okta_verify", "displayName": "Verify", "contextualData": data}});
        Dialogue::at(&idx(&[poll], json!({ "currentAuthenticator": current })))
    }

    #[test]
    fn each_way_waits_for_something_else() {
        for (channel, expected) in [
            ("qrcode", Awaiting::Scan),
            ("email", Awaiting::MailedLink),
            ("sms", Awaiting::TextedLink),
            ("samedevice", Awaiting::ThisDevice),
            ("devicebootstrap", Awaiting::OtherDevice),
        ] {
            let dialogue = enrolling(json!({ "selectedChannel": channel }));
            assert_eq!(dialogue.screen().layout, Layout::Waiting(expected), "{channel}");
            assert_eq!(dialogue.timers.last().map(|(_, after)| *after), Some(4000));
        }
    }

    #[test]
    fn a_picture_is_shown_to_those_who_scan_and_links_to_those_who_are_here() {
        let picture = json!({"href": "data:image/png;base64,AAAA"});
        let scanned = enrolling(json!({"selectedChannel": "qrcode", "qrcode": picture}));
        assert_eq!(scanned.screen().exhibits, [Exhibit::QrCode("data:image/png;base64,AAAA".into())]);
        let mailed =
            enrolling(json!({"selectedChannel": "email", "qrcode": picture, "email": "p***t@example.test"}));
        assert!(!mailed.screen().exhibits.iter().any(|exhibit| matches!(exhibit, Exhibit::QrCode(_))));
        let here = enrolling(json!({"selectedChannel": "samedevice", "samedevice":
            {"downloadHref": "https://apps.example.test/verify", "setupOVUrl": "javascript:alert(1)"}}));
        assert_eq!(
            here.screen().exhibits,
            [Exhibit::Link(LinkKind::Download, "https://apps.example.test/verify".into())]
        );
    }
}
