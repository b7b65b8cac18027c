//! What a step has to show beside its form: a number, a code, a picture, what an application asks for.

use serde_json::Value;

use super::{
    answer::Answer,
    device::{Challenge, opens_app},
    ion::{self, Remediation},
};
use crate::{
    screen::{Exhibit, Fact, LinkKind, Scope},
    text::joined,
};

/// What the current authenticator, the step and the other side have to show (idx.md sections 4 and 11).
pub(super) fn of(answer: &Answer, primary: Option<&Remediation>) -> Vec<Exhibit> {
    let mut shown = Vec::new();
    if let Some(current) = &answer.current {
        of_authenticator(&current.contextual_data, primary, &mut shown);
    }
    if let Some(primary) = primary {
        of_step(&primary.source, &mut shown);
        if primary.name.ends_with("consent") {
            of_application(answer, &mut shown);
        }
    }
    if let Some(help) = Challenge::of(answer).and_then(|challenge| challenge.help()) {
        shown.push(Exhibit::Link(LinkKind::Help, help));
    }
    of_other_side(answer, &mut shown);
    shown
}

fn of_authenticator(data: &Value, primary: Option<&Remediation>, shown: &mut Vec<Exhibit>) {
    let channel = data.get("selectedChannel").and_then(Value::as_str);
    let is_sent = matches!(channel, Some("email" | "sms"));
    let picture = data.get("qrcode").filter(|_| !is_sent).and_then(|code| ion::exact(code, "href"));
    let is_challenge = primary.is_some_and(|primary| primary.name.starts_with("challenge"));
    let question = data.get("enrolledQuestion").filter(|_| is_challenge);
    let sent_to = ["email", "phoneNumber"].iter().find_map(|name| ion::text(data, name)).filter(|_| is_sent);
    shown.extend(ion::text(data, "correctAnswer").map(Exhibit::Number));
    shown.extend(ion::text(data, "otp").map(Exhibit::Code));
    shown.extend(question.and_then(|question| ion::text(question, "question")).map(Exhibit::Question));
    shown.extend(picture.filter(|href| href.starts_with("data:image/")).map(Exhibit::QrCode));
    shown.extend(ion::text(data, "sharedSecret").map(Exhibit::SharedSecret));
    shown.extend(sent_to.map(|address| Exhibit::Fact(Fact::SentTo, address)));
    if let Some(here) = data.get("samedevice") {
        shown.extend(link(here, "downloadHref", LinkKind::Download));
        shown.extend(link(here, "setupOVUrl", LinkKind::SetUp));
        shown.extend(ion::text(here, "orgUrl").map(|url| Exhibit::Fact(Fact::ServerAddress, url)));
    }
    let devices = data.get("devicebootstrap").and_then(|other| other.get("enrolledDevices"));
    let devices = ion::elements(devices)
        .filter_map(|device| ion::text(device, "name").or_else(|| device.as_str().map(str::to_owned)));
    shown.extend(devices.map(|name| Exhibit::Fact(Fact::Device, name)));
    shown.extend(link(data, "setupNfcUrl", LinkKind::SetUp));
}

fn of_step(step: &Value, shown: &mut Vec<Exhibit>) {
    let scope = |scope: &Value| {
        let label = ion::text(scope, "label").or_else(|| ion::text(scope, "name"))?;
        Some(Scope { label, description: ion::text(scope, "desc") })
    };
    let scopes: Vec<Scope> = ion::elements(step.get("scopes")).filter_map(scope).collect();
    if !scopes.is_empty() {
        shown.push(Exhibit::Scopes(scopes));
    }
    for request in ion::elements(step.get("requestInfo")) {
        let Some(value) = ion::text(request, "value") else { continue };
        let fact = match request.get("name").and_then(Value::as_str) {
            Some("appName") => Fact::Application,
            Some("browser") => Fact::Browser,
            _ => Fact::Other(ion::text(request, "label").unwrap_or_default()),
        };
        let value = if fact == Fact::Browser { spoken(&value) } else { value };
        shown.push(Exhibit::Fact(fact, value));
    }
    if let Some(provider) = step.get("idvMetadata") {
        shown.extend(link(provider, "termsOfUse", LinkKind::Terms));
        shown.extend(link(provider, "privacyPolicy", LinkKind::Privacy));
    }
}

/// The browser that asked, where the answer is read in another one; and a device that is to be enrolled.
fn of_other_side(answer: &Answer, shown: &mut Vec<Exhibit>) {
    if let Some(client) = ion::wrapped(&answer.root, "client") {
        let parts = |object: &Value, names: &[&str]| {
            let found: Vec<String> =
                names.iter().filter_map(|name| ion::text(object, name).map(|text| spoken(&text))).collect();
            Some(joined(&found, ", ")).filter(|text| !text.is_empty())
        };
        shown.extend(answer.application.clone().map(|name| Exhibit::Fact(Fact::Application, name)));
        shown.extend(parts(client, &["browser", "os"]).map(|text| Exhibit::Fact(Fact::Browser, text)));
        let place = client.get("location").and_then(|place| parts(place, &["city", "state", "country"]));
        shown.extend(place.map(|text| Exhibit::Fact(Fact::Place, text)));
    }
    if let Some(device) = ion::wrapped(&answer.root, "deviceEnrollment") {
        shown.extend(ion::text(device, "signInUrl").map(|url| Exhibit::Fact(Fact::ServerAddress, url)));
        shown.extend(ion::text(device, "vendor").map(|name| Exhibit::Fact(Fact::Vendor, name)));
        shown.extend(link(device, "enrollmentLink", LinkKind::Enrollment));
    }
}

/// What the application says about itself, where it asks for access.
fn of_application(answer: &Answer, shown: &mut Vec<Exhibit>) {
    let application = ion::wrapped(&answer.root, "app");
    for (name, kind) in [("termsOfService", LinkKind::Terms), ("privacyPolicy", LinkKind::Privacy)] {
        shown.extend(application.and_then(|app| link(app.get(name)?, "href", kind)));
    }
}

/// `FIREFOX` is a constant and `Firefox` a name.
fn spoken(name: &str) -> String {
    if name.chars().any(|c| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let mut is_first = true;
    let letter = |c: char| {
        let ends_word = c.is_ascii() && !c.is_ascii_alphanumeric();
        if std::mem::replace(&mut is_first, ends_word) { c } else { c.to_ascii_lowercase() }
    };
    name.chars().map(letter).collect()
}

fn link(object: &Value, name: &str, kind: LinkKind) -> Option<Exhibit> {
    let href = ion::exact(object, name)?;
    opens_app(&href).then_some(Exhibit::Link(kind, href))
}
