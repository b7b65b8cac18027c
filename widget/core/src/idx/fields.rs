//! From the fields of a form to the fields of a screen.

use serde_json::Value;

use super::{
    ion::{self, IonField, IonOption, Message},
    purpose::{self, Place},
};
use crate::{
    password::Rule,
    screen::{
        Alternative, Authenticator, Choice, Control, Field, Level, Link, Matter, Notice, Pick, Purpose,
    },
    web_address,
};

/// More choices than this are a list to open, fewer are all in view.
const MOST_RADIOS: usize = 5;

/// Filled in by the browser or by a script, never by a person (idx.md section 10).
const BY_MACHINE: [&str; 10] = [
    "authenticatorData",
    "clientData",
    "signatureData",
    "attestation",
    "transports",
    "clientExtensions",
    "userHandle",
    "captchaToken",
    "captchaId",
    "deviceFingerprint",
];

/// What the fields of a form are drawn with.
#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    pub(super) place: Place<'a>,
    pub(super) rules: &'a [Rule],
    /// The number to be given can be called.
    pub(super) has_voice: bool,
}

/// True where a field has to be filled in by something other than a person.
pub(super) fn is_by_machine(field: &IonField) -> bool {
    let is_named = BY_MACHINE.contains(&field.name.as_str()) && field.label.is_none();
    let is_named = is_named || (!field.is_visible && field.is_required);
    (is_named && field.is_mutable && field.value.is_none()) || field.nested.iter().any(is_by_machine)
}

/// The fields that a person is asked for, nested ones under their dotted names.
pub(super) fn drawn(fields: &[IonField], prefix: &str, drawing: Drawing<'_>) -> Vec<Field> {
    let is_alone = fields.iter().filter(|field| field.is_asked()).count() == 1;
    let mut all = Vec::new();
    for field in fields.iter().filter(|field| is_shown(field, prefix) && !is_by_machine_only(field)) {
        let name = ion::dotted(prefix, &field.name);
        if field.has_form {
            all.extend(drawn(&field.nested, &name, drawing));
        } else {
            all.push(draw(field, name, is_alone, drawing));
        }
    }
    // What the person agrees to stands before the buttons that say so.
    if let Some(consent) = all.iter().position(|field| field.purpose == Purpose::Consent) {
        let consent = all.remove(consent);
        all.push(consent);
    }
    all
}

/// True where one of the methods is a call.
pub(super) fn has_voice(field: &IonField) -> bool {
    let is_voice = |option: &IonOption| option.value.as_ref().and_then(Value::as_str) == Some("voice");
    field.nested.iter().any(|inner| inner.name == "methodType" && inner.options.iter().any(is_voice))
}

/// Scopes that cannot be refused are shown all the same.
fn is_shown(field: &IonField, prefix: &str) -> bool {
    field.is_asked() || (prefix == "optedScopes" && field.is_visible && field.label.is_some())
}

fn is_by_machine_only(field: &IonField) -> bool {
    !field.has_form && BY_MACHINE.contains(&field.name.as_str()) && field.label.is_none()
}

fn draw(field: &IonField, name: String, is_alone: bool, drawing: Drawing<'_>) -> Field {
    let purpose = purpose::of(field, &name, drawing.place);
    let is_credential = field.name == "passcode"
        || matches!(
            purpose,
            Purpose::Username
                | Purpose::CurrentPassword
                | Purpose::NewPassword
                | Purpose::OneTimeCode
                | Purpose::AlphanumericCode
        );
    let control = control(field, &name, is_alone, drawing);
    let is_preset = field.value.is_some() && !field.is_secret;
    Field {
        label: field.label.clone(),
        is_required: field.is_required || (is_credential && !matches!(control, Control::Checkbox)),
        min_length: field.min_length.filter(|_| !field.is_secret),
        max_length: field.max_length,
        value: field
            .value
            .as_ref()
            .filter(|_| is_preset)
            .map(ion::scalar_text)
            .filter(|text| text.len() <= 10_000),
        hint: field.hint.clone(),
        notices: notices(&field.messages),
        rules: if purpose == Purpose::NewPassword { drawing.rules.to_vec() } else { Vec::new() },
        accepts_passkey: false,
        is_fixed: !field.is_mutable,
        name,
        purpose,
        control,
    }
}

fn control(field: &IonField, name: &str, is_alone: bool, drawing: Drawing<'_>) -> Control {
    let has_forms = field.options.iter().any(|option| !option.fields.is_empty());
    // What else an authenticator needs to be set up is asked for on the next page (idx.md section 7).
    if has_forms && !drawing.place.step.starts_with("select-") && needs_input(field) {
        return Control::Alternatives(alternatives(field, name, drawing));
    }
    if has_forms {
        return Control::Pick(picks(field).into_iter().map(Picked::drawn).collect());
    }
    let choices: Vec<Choice> = field.options.iter().filter_map(choice).collect();
    let kind = field.input_type.as_deref();
    if field.is_country {
        return Control::Country;
    }
    match purpose::of(field, name, drawing.place) {
        Purpose::Consent | Purpose::StaySignedIn => return Control::Pick(yes_and_no()),
        Purpose::Telephone if !name.starts_with("userProfile.") => {
            return Control::Telephone { has_extension: drawing.has_voice };
        }
        _ if choices.is_empty() && field.is_boolean => return Control::Checkbox,
        _ if choices.is_empty() && field.is_secret => return Control::Secret,
        _ if choices.is_empty() => return Control::Text,
        _ => {}
    }
    if is_alone && kind.is_none() && drawing.place.step.starts_with("authenticator-") && choices.len() > 1 {
        return Control::Pick(
            choices
                .into_iter()
                .map(|choice| Pick { label: choice.label, authenticator: None, grace: None })
                .collect(),
        );
    }
    let is_short = kind == Some("radio") || (kind.is_none() && choices.len() <= MOST_RADIOS);
    if is_short { Control::Radio(choices) } else { Control::Select(choices) }
}

/// True where choosing an option is not enough, since it asks for something more.
fn needs_input(field: &IonField) -> bool {
    let asks = |inner: &IonField| {
        inner.is_asked() && inner.value.is_none() && inner.name != "methodType" && inner.name != "channel"
    };
    field.options.iter().any(|option| option.fields.iter().any(asks))
}

/// The words for yes and no come from the UI, by the field's purpose.
fn yes_and_no() -> Vec<Pick> {
    vec![Pick { label: String::new(), authenticator: None, grace: None }; 2]
}

fn choice(option: &IonOption) -> Option<Choice> {
    Some(Choice { label: option.label.clone(), value: ion::scalar_text(option.value.as_ref()?) })
}

fn alternatives(field: &IonField, name: &str, drawing: Drawing<'_>) -> Vec<Alternative> {
    let alternative = |option: &IonOption| Alternative {
        label: option.label.clone(),
        fields: drawn(&option.fields, name, drawing),
    };
    field.options.iter().map(alternative).collect()
}

/// One entry of a choice of authenticators.
pub(super) struct Picked<'a> {
    pub(super) option: &'a IonOption,
    /// The method and its value, where one authenticator has become one entry per method.
    pub(super) method: Option<(String, Value)>,
    method_label: Option<String>,
}

/// The entries of a choice, in the order in which they are numbered. Okta Verify's methods look so different to a person
/// that each is an entry of its own (idx.md section 7).
pub(super) fn picks(field: &IonField) -> Vec<Picked<'_>> {
    field.options.iter().flat_map(split_by_method).collect()
}

fn split_by_method(option: &IonOption) -> Vec<Picked<'_>> {
    let is_split =
        option.authenticator.as_ref().is_some_and(|authenticator| authenticator.key == "okta_verify");
    let methods = option.fields.iter().find(|field| field.name == "methodType" && field.options.len() > 1);
    match methods.filter(|_| is_split) {
        None => vec![Picked { option, method: None, method_label: None }],
        Some(field) => {
            let pick = |method: &IonOption| Picked {
                option,
                method: method.value.clone().map(|value| (field.name.clone(), value)),
                method_label: Some(method.label.clone()),
            };
            field.options.iter().map(pick).collect()
        }
    }
}

impl Picked<'_> {
    fn drawn(self) -> Pick {
        let data = self.option.authenticator.as_ref();
        let authenticator = data.map(|data| Authenticator {
            key: data.key.clone(),
            display_name: data.display_name.clone(),
            detail: if self.method_label.is_some() {
                Some(self.option.label.clone()).filter(|label| *label != data.key)
            } else {
                data.detail.clone()
            },
            ..Authenticator::default()
        });
        let label = self.method_label.unwrap_or_else(|| self.option.label.clone());
        Pick { label, authenticator, grace: data.and_then(|data| data.grace.clone()) }
    }
}

/// What the server says, with links that lead where a link may lead.
pub(super) fn notices(messages: &[Message]) -> Vec<Notice> {
    messages.iter().map(notice).collect()
}

fn notice(message: &Message) -> Notice {
    let level = match message.class.as_deref() {
        // The first of two codes was right: nothing has gone wrong.
        _ if message.key.as_deref() == Some("errors.E0000113") => Level::Info,
        Some("ERROR") => Level::Error,
        Some("WARNING") => Level::Warning,
        Some("SUCCESS") => Level::Success,
        _ => Level::Info,
    };
    let links = message.links.iter().filter(|(_, href)| web_address::is_linkable(href));
    Notice {
        level,
        matter: Matter::Server { key: message.key.clone(), text: message.text.clone() },
        links: links.map(|(label, href)| Link { label: label.clone(), href: href.clone() }).collect(),
    }
}

/// The rules of a password policy (idx.md section 16).
pub(super) fn rules(settings: &Value) -> Vec<Rule> {
    let complexity = settings.get("complexity").unwrap_or(&Value::Null);
    let age = settings.get("age").unwrap_or(&Value::Null);
    let number =
        |name: &str, rule: fn(u32) -> Rule| ion::count(complexity, name).filter(|n| *n > 0).map(rule);
    let is_set = |name: &str| complexity.get(name).and_then(Value::as_bool) == Some(true);
    let attributes: Vec<&str> =
        ion::elements(complexity.get("excludeAttributes")).filter_map(Value::as_str).collect();
    let excluded = |flag: &str, attribute: &str, rule: Rule| {
        (is_set(flag) || attributes.contains(&attribute)).then_some(rule)
    };
    let is_ad = is_set("useADComplexityRequirements");
    let classes = [
        number("minLowerCase", Rule::MinLowerCase),
        number("minUpperCase", Rule::MinUpperCase),
        number("minNumber", Rule::MinNumber),
        number("minSymbol", Rule::MinSymbol),
    ];
    let mut rules = vec![number("minLength", Rule::MinLength)];
    rules.extend(if is_ad { [Some(Rule::ThreeOfFourClasses), None, None, None] } else { classes });
    rules.extend([
        excluded("excludeUsername", "username", Rule::ExcludesUsername),
        excluded("excludeFirstName", "firstName", Rule::ExcludesFirstName),
        excluded("excludeLastName", "lastName", Rule::ExcludesLastName),
        number("maxConsecutiveRepeatingCharacters", Rule::MaxRepeated),
        ion::count(age, "historyCount").filter(|n| *n > 0).map(Rule::History),
        ion::count(age, "minAgeMinutes").filter(|n| *n > 0).map(Rule::MinAgeMinutes),
    ]);
    rules.into_iter().flatten().collect()
}

/// True where a form asks a person for something.
pub(super) fn is_asking(form: &super::ion::Remediation) -> bool {
    fn asks(field: &IonField) -> bool {
        field.is_asked() && !is_by_machine_only(field) && (!field.has_form || field.nested.iter().any(asks))
    }
    form.fields.iter().any(asks)
}
