//! Apps and agents on the person's device: what is to be probed, opened or waited for (idx.md section 13.4).

use std::rc::Rc;

use serde_json::Value;

use super::{
    answer::Answer,
    ion::{self, Remediation},
};
use crate::{json_object, json_text, screen::Awaiting, web_address};

/// The one app that this protocol is spoken with on devices; its scheme need not be declared by the page.
const APP_SCHEME: &str = "com-okta-authenticator";

/// What an answer says about the device.
pub(super) struct Challenge<'a>(&'a Value);

impl<'a> Challenge<'a> {
    /// `authenticatorChallenge` before anybody is known, `contextualData.challenge` after that.
    pub(super) fn of(answer: &'a Answer) -> Option<Self> {
        let inner = answer.context("challenge").and_then(|challenge| challenge.get("value"));
        inner.or_else(|| ion::wrapped(&answer.root, "authenticatorChallenge")).map(Self)
    }

    fn method(&self) -> &str {
        self.0.get("challengeMethod").and_then(Value::as_str).unwrap_or_default()
    }

    /// What a probe of a loopback address is made with. Nothing but the challenge goes there.
    pub(super) fn probe(&self) -> Option<String> {
        let domain = self.0.get("domain").and_then(Value::as_str)?;
        if self.method() != "LOOPBACK" || !web_address::is_loopback(domain) {
            return None;
        }
        let member = |name: &str| self.0.get(name).cloned().unwrap_or_default();
        let names = ["domain", "ports", "challengeRequest", "probeTimeoutMillis"];
        Some(json_text(&json_object(names.map(|name| (name, member(name))).into())))
    }

    /// The form that gives the device up.
    pub(super) fn cancel(&self, answer: &Answer) -> Option<Rc<Remediation>> {
        let form = self.0.get("cancel").and_then(|cancel| {
            Remediation::read(cancel, &answer.root, "$.authenticatorChallenge.value.cancel.href".to_owned())
        });
        form.map(Rc::new)
    }

    /// The address that opens the app.
    pub(super) fn app(&self) -> Option<String> {
        let href = ion::exact(self.0, "href")?;
        opens_app(&href).then_some(href)
    }

    /// Where the app can be had.
    pub(super) fn download(&self) -> Option<String> {
        ion::exact(self.0, "downloadHref").filter(|href| web_address::is_navigable(href))
    }

    /// Why a browser may refuse to look, and what to do.
    pub(super) fn help(&self) -> Option<String> {
        let details = self.0.get("chromeLocalNetworkAccessDetails")?;
        ion::exact(details, "chromeLNAHelpLink").filter(|href| web_address::is_navigable(href))
    }
}

/// True where an address opens an app, or a page about one.
pub(super) fn opens_app(href: &str) -> bool {
    let is_known = href.split_once(':').is_some_and(|(scheme, _)| scheme == APP_SCHEME);
    is_known || web_address::is_navigable(href)
}

/// What a step without a form waits for.
pub(super) fn awaiting(answer: &Answer, step: &str) -> Awaiting {
    let method = Challenge::of(answer).map(|challenge| challenge.method().to_owned());
    match (step, method.as_deref()) {
        ("poll", _) => Awaiting::Recovery,
        ("challenge-poll" | "enroll-poll", _) if answer.key() == "nfc_pin" => Awaiting::Card,
        ("device-apple-sso-extension", _) => Awaiting::Probe,
        (_, Some("LOOPBACK" | "APPLE_SSO_EXTENSION" | "CHROME_DTC")) => Awaiting::Probe,
        (_, Some(_)) => Awaiting::App,
        ("device-challenge-poll", None) => Awaiting::Probe,
        ("challenge-poll", None) => Awaiting::Approval,
        ("enroll-poll", None) => channel(answer),
        _ => Awaiting::Nothing,
    }
}

fn channel(answer: &Answer) -> Awaiting {
    match answer.context("selectedChannel").and_then(Value::as_str) {
        Some("email") => Awaiting::MailedLink,
        Some("sms") => Awaiting::TextedLink,
        Some("samedevice") => Awaiting::ThisDevice,
        Some("devicebootstrap") => Awaiting::OtherDevice,
        _ => Awaiting::Scan,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(challenge: Value) -> Answer {
        Answer::read(&json!({"version": "1.0.0", "authenticatorChallenge": {"value": challenge}}).to_string())
            .unwrap()
    }

    fn probe(domain: &str) -> Option<String> {
        let answer = answer(
            json!({"challengeMethod": "LOOPBACK", "domain": domain, "ports": ["8769"], "challengeRequest": "jwt",
            "secret": "s"}),
        );
        Challenge::of(&answer).unwrap().probe()
    }

    #[test]
    fn only_this_device_is_probed_and_told_nothing_but_the_challenge() {
        let argument = probe("http://localhost").unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&argument).unwrap(),
            json!({"domain": "http://localhost", "ports": ["8769"], "challengeRequest": "jwt", "probeTimeoutMillis": null})
        );
        assert!(probe("http://127.0.0.1").is_some());
        for foreign in [
            "http://192.168.0.1",
            "https://evil.test",
            "http://localhost.evil.test",
            "http://localhost@evil.test",
            "",
        ] {
            assert!(probe(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn only_known_schemes_open_an_app() {
        let app = |href: &str| {
            let answer = answer(json!({"challengeMethod": "CUSTOM_URI", "href": href}));
            Challenge::of(&answer).unwrap().app()
        };
        for fine in ["com-okta-authenticator:/deviceChallenge?x=1", "https://verify.example.test/open"] {
            assert_eq!(app(fine).as_deref(), Some(fine));
        }
        for never in ["javascript:alert(1)", "search-ms:query", "okta-verify.html"] {
            assert_eq!(app(never), None, "{never}");
        }
    }
}
