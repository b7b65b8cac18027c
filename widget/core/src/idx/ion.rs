//! Hand-written readers of Ion: forms, fields, options, messages, authenticators. Tolerant by construction, since what
//! an older or newer server adds must never stop a sign-in.

use serde_json::{Map, Value};

use crate::{json_text, screen::Grace, text::joined};

/// A form that can be sent, or a redirect. Called "remediation" at the top level and "action" elsewhere; same shape.
#[derive(Debug, Default)]
pub(crate) struct Remediation {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) is_get: bool,
    pub(crate) accepts: Option<String>,
    /// Milliseconds until the form is to be sent by itself.
    pub(crate) refresh: Option<u32>,
    pub(crate) fields: Vec<IonField>,
    pub(crate) provider: Option<Provider>,
    /// Where it was found, for error messages.
    pub(crate) path: String,
    /// The whole of it, for what only few steps have.
    pub(crate) source: Value,
}

/// The identity provider of a redirect.
#[derive(Debug, Default)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) provider_type: String,
}

#[derive(Debug, Default)]
pub(crate) struct IonField {
    pub(crate) name: String,
    pub(crate) label: Option<String>,
    pub(crate) is_boolean: bool,
    pub(crate) is_required: bool,
    pub(crate) is_secret: bool,
    pub(crate) is_visible: bool,
    pub(crate) is_mutable: bool,
    /// Constant or preset; never a nested form.
    pub(crate) value: Option<Value>,
    pub(crate) min_length: Option<u32>,
    pub(crate) max_length: Option<u32>,
    pub(crate) is_alphanumeric: bool,
    pub(crate) hint: Option<String>,
    pub(crate) nested: Vec<Self>,
    pub(crate) has_form: bool,
    pub(crate) options: Vec<IonOption>,
    /// How a profile attribute wants to be drawn: `text`, `select`, `radio`, `checkbox`.
    pub(crate) input_type: Option<String>,
    /// It wants a country's code.
    pub(crate) is_country: bool,
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Default)]
pub(crate) struct IonOption {
    pub(crate) label: String,
    /// What a scalar option sends.
    pub(crate) value: Option<Value>,
    /// What an option with a form of its own sends.
    pub(crate) fields: Vec<IonField>,
    pub(crate) authenticator: Option<AuthenticatorData>,
}

#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) key: Option<String>,
    pub(crate) class: Option<String>,
    pub(crate) links: Vec<(String, String)>,
}

/// An authenticator or an enrollment of one; the shapes differ only in what they leave out.
#[derive(Debug, Default)]
pub(crate) struct AuthenticatorData {
    pub(crate) key: String,
    pub(crate) display_name: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) grace: Option<Grace>,
    /// The method that is in use is a call.
    pub(crate) is_voice: bool,
    pub(crate) settings: Value,
    pub(crate) contextual_data: Value,
}

/// More of anything than this is not something that a person could read or that a server would mean.
const MOST_ITEMS: usize = 500;
const LONGEST_TEXT: usize = 4_000;

/// A text member, cut where it is longer than anybody reads. For values that are sent back use [`exact`].
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    (!text.trim().is_empty()).then(|| text.chars().take(LONGEST_TEXT).collect())
}

/// A text member as it is.
pub(crate) fn exact(object: &Value, name: &str) -> Option<String> {
    Some(object.get(name)?.as_str()?.to_owned())
}

/// A flag; some servers send booleans as text.
fn flag(object: &Value, name: &str, default: bool) -> bool {
    match object.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => default,
    }
}

/// A count; some servers send numbers as text.
pub(crate) fn count(object: &Value, name: &str) -> Option<u32> {
    let value = object.get(name)?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u32::try_from(number).ok()
}

/// The elements of an array, or of an Ion wrapper `{type: "array", value: […]}` around one.
///
/// One concrete iterator: chains of adapters are compiled anew wherever they are used.
pub(crate) fn elements(value: Option<&Value>) -> std::slice::Iter<'_, Value> {
    let array = value.and_then(|value| value.as_array().or_else(|| value.get("value")?.as_array()));
    let array = array.map_or(&[][..], Vec::as_slice);
    array.get(..MOST_ITEMS).unwrap_or(array).iter()
}

/// The object inside an Ion wrapper `{type: "object", value: {…}}`.
pub(crate) fn wrapped<'a>(root: &'a Value, name: &str) -> Option<&'a Value> {
    root.get(name)?.get("value").filter(|value| value.is_object())
}

impl Remediation {
    /// `None` where there is no name; an unusable `href` stays empty and is refused when it is needed.
    pub(crate) fn read(value: &Value, root: &Value, path: String) -> Option<Self> {
        Some(Self {
            name: text(value, "name")?,
            href: exact(value, "href").unwrap_or_default(),
            is_get: value
                .get("method")
                .and_then(Value::as_str)
                .is_some_and(|method| method.eq_ignore_ascii_case("GET")),
            accepts: text(value, "accepts"),
            refresh: count(value, "refresh"),
            fields: fields(value.get("value"), root),
            provider: provider(value),
            path,
            source: value.clone(),
        })
    }

    /// The authenticator that a remediation relates to is found by its path.
    pub(crate) fn related<'a>(value: &Value, root: &'a Value) -> Option<&'a Value> {
        let relates_to = value.get("relatesTo")?;
        let path = relates_to.as_str().or_else(|| relates_to.as_array()?.first()?.as_str())?;
        let found = resolve(path, root)?;
        Some(found.get("value").filter(|inner| inner.is_object()).unwrap_or(found))
    }
}

fn provider(value: &Value) -> Option<Provider> {
    let idp = value.get("idp").filter(|idp| idp.is_object());
    let provider_type = text(value, "type").unwrap_or_default();
    if idp.is_none() && provider_type.is_empty() {
        return None;
    }
    let name = idp.and_then(|idp| text(idp, "name")).unwrap_or_else(|| provider_type.clone());
    Some(Provider { name, provider_type })
}

/// Fields of `value: […]`, nested ones included; an entry without a name cannot be sent and is left out.
pub(crate) fn fields(value: Option<&Value>, root: &Value) -> Vec<IonField> {
    elements(value).filter_map(|field| IonField::read(field, root)).collect()
}

impl IonField {
    fn read(field: &Value, root: &Value) -> Option<Self> {
        let form = form_of(field);
        let descriptor = descriptor(field);
        let options = descriptor.map_or_else(|| field.get("options"), |display| display.get("options"));
        Some(Self {
            name: exact(field, "name").filter(|name| !name.is_empty())?,
            label: text(field, "label"),
            is_boolean: field.get("type").and_then(Value::as_str) == Some("boolean"),
            is_required: flag(field, "required", false),
            is_secret: flag(field, "secret", false),
            is_visible: flag(field, "visible", true),
            is_mutable: flag(field, "mutable", true),
            value: field.get("value").filter(|_| form.is_none()).filter(|value| !value.is_null()).cloned(),
            min_length: count(field, "minLength"),
            max_length: count(field, "maxLength").filter(|most| *most > 0),
            is_alphanumeric: field.get("format").and_then(Value::as_str) == Some("alphanumeric"),
            hint: text(field, "desc"),
            nested: fields(form.and_then(|form| form.get("value")), root),
            has_form: form.is_some(),
            options: elements(options).filter_map(|option| IonOption::read(option, root)).collect(),
            is_country: descriptor.and_then(|display| text(display, "format")).as_deref()
                == Some("country-code"),
            input_type: descriptor.and_then(|display| text(display, "inputType")),
            messages: messages(field.get("messages")),
        })
    }

    /// True where a person can do something about this field. A consent is given by a button, whatever is visible.
    pub(crate) fn is_asked(&self) -> bool {
        (self.is_visible && self.is_mutable) || self.is_open_consent()
    }

    /// A yes or no that the form leaves open.
    pub(crate) fn is_open_consent(&self) -> bool {
        self.is_boolean && self.name == "consent" && self.is_mutable && self.value.is_none()
    }
}

/// The nested form, in either of its two places.
fn form_of(field: &Value) -> Option<&Value> {
    let form = |holder: &'_ Value| holder.get("form").is_some_and(Value::is_object);
    let holder = if form(field) { field } else { field.get("value").filter(|value| form(value))? };
    holder.get("form")
}

/// A single option with an `inputType` describes how to draw the attribute and is not a choice.
fn descriptor(field: &Value) -> Option<&Value> {
    let first = field.get("options")?.as_array()?.first()?;
    let inner = first.get("value")?.get("value")?;
    inner.get("inputType").map(|_| inner)
}

impl IonOption {
    fn read(option: &Value, root: &Value) -> Option<Self> {
        let form = form_of(option);
        let value = option.get("value").filter(|value| !value.is_object() && !value.is_null()).cloned();
        let related = option.get("relatesTo").and_then(Value::as_str).and_then(|path| resolve(path, root));
        let name =
            || related.and_then(|related| text(related.get("value").unwrap_or(related), "displayName"));
        let label = text(option, "label").or_else(|| value.as_ref().map(scalar_text)).or_else(name);
        // Without any name its methods may still have some; to leave it out would take a way on away.
        let label = label.or_else(|| related.and_then(|related| text(related, "key")))?;
        Some(Self {
            label,
            value,
            fields: fields(form.and_then(|form| form.get("value")), root),
            authenticator: related
                .map(|related| AuthenticatorData::read(related.get("value").unwrap_or(related))),
        })
    }
}

/// The text of a scalar as it stands in an input.
pub(crate) fn scalar_text(value: &Value) -> String {
    value.as_str().map_or_else(|| json_text(value), str::to_owned)
}

/// Messages with a text; others tell nobody anything.
pub(crate) fn messages(value: Option<&Value>) -> Vec<Message> {
    elements(value).filter_map(Message::read).take(50).collect()
}

impl Message {
    fn read(message: &Value) -> Option<Self> {
        let link = |link: &Value| {
            let href = exact(link, "url")?;
            Some((text(link, "label").unwrap_or_else(|| href.clone()), href))
        };
        let mut links: Vec<_> = elements(message.get("links")).filter_map(link).collect();
        let text = text(message, "message")?;
        // What is to be mended on the device itself: the app's own link is the way that needs nothing else.
        let app = message.get("deviceRemediation").and_then(|remediation| remediation.get("fallback"));
        links.extend(app.and_then(|fallback| Some((text.clone(), exact(fallback, "href")?))));
        Some(Self {
            text,
            key: message.get("i18n").and_then(|i18n| self::text(i18n, "key")),
            class: self::text(message, "class"),
            links,
        })
    }
}

impl AuthenticatorData {
    pub(crate) fn read(value: &Value) -> Self {
        let profile = value.get("profile").unwrap_or(&Value::Null);
        // Two keys of one kind differ in their nickname, and a person may have two addresses.
        let mut details: Vec<String> = text(value, "nickname").into_iter().collect();
        details.extend(
            ["email", "secondaryEmail", "phoneNumber", "deviceName"]
                .iter()
                .filter_map(|name| text(profile, name)),
        );
        Self {
            key: text(value, "key").unwrap_or_default(),
            display_name: text(value, "displayName"),
            detail: Some(joined(&details, ", ")).filter(|detail| !detail.is_empty()),
            grace: value.get("gracePeriod").and_then(grace),
            is_voice: elements(value.get("methods"))
                .next()
                .and_then(|method| text(method, "type"))
                .as_deref()
                == Some("voice"),
            settings: value.get("settings").cloned().unwrap_or_default(),
            contextual_data: value.get("contextualData").cloned().unwrap_or_default(),
        }
    }

    /// What an enrollment leaves out is taken from the authenticator beside it.
    pub(crate) fn merged(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        let merge = |first: Value, second: Value| match (first, second) {
            (Value::Object(first), Value::Object(mut second)) => {
                second.extend(first);
                Value::Object(second)
            }
            (Value::Object(first), _) => Value::Object(first),
            (_, second) => second,
        };
        Self {
            key: if self.key.is_empty() { other.key } else { self.key },
            display_name: self.display_name.or(other.display_name),
            detail: self.detail.or(other.detail),
            grace: self.grace.or(other.grace),
            is_voice: self.is_voice || other.is_voice,
            settings: merge(self.settings, other.settings),
            contextual_data: merge(self.contextual_data, other.contextual_data),
        }
    }
}

fn grace(period: &Value) -> Option<Grace> {
    let until = exact(period, "expiry").map(Grace::Until);
    until.or_else(|| count(period, "remainingSkips").map(Grace::SignIns))
}

/// Follows `$.authenticators.value[0]`: names and numbers only, and a leading `$.` may be missing (idx.md section 6).
pub(crate) fn resolve<'a>(path: &str, root: &'a Value) -> Option<&'a Value> {
    let path = path.strip_prefix('$').unwrap_or(path);
    path.split(['.', '[']).filter(|token| !token.is_empty()).try_fold(root, |at, token| {
        match token.strip_suffix(']') {
            Some(index) => at.as_array()?.get(index.parse::<usize>().ok()?),
            None => at.get(token),
        }
    })
}

/// The dotted path of a field, which is its name on the screen.
pub(crate) fn dotted(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Sets a member of an object.
pub(crate) fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// Puts a value under a name, merging where a form has several fields of one name (idx.md section 5).
pub(crate) fn put_merged(object: &mut Map<String, Value>, name: &str, value: Value) {
    match (object.get_mut(name), value) {
        (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
        (_, value) => {
            object.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_followed_through_names_and_numbers_only() {
        let root = json!({"authenticators": {"value": [{"key": "a"}, {"key": "b"}]}});
        assert_eq!(resolve("$.authenticators.value[1]", &root), Some(&json!({"key": "b"})));
        assert_eq!(resolve("authenticators.value[0].key", &root), Some(&json!("a")));
        for dangling in
            ["$.nothing", "$.authenticators.value[9]", "$.authenticators.value[x]", "$..authenticators[0]"]
        {
            assert_eq!(resolve(dangling, &root), None, "{dangling}");
        }
    }

    #[test]
    fn a_field_of_wrong_types_is_read_as_far_as_it_goes() {
        let field = json!({"name": "x", "label": 7, "required": "true", "secret": [], "minLength": "6", "options": "no",
            "messages": {"value": [null, {"message": 3}, {"message": "Too short", "class": "ERROR"}]}});
        let field = IonField::read(&field, &Value::Null).unwrap();
        assert_eq!(
            (field.label, field.is_required, field.is_secret, field.min_length),
            (None, true, false, Some(6))
        );
        assert_eq!(field.messages.len(), 1);
    }

    #[test]
    fn nested_forms_are_found_in_both_places() {
        for nested in [
            json!({"name": "o", "form": {"value": [{"name": "i"}]}}),
            json!({"name": "o", "value": {"form": {"value": [{"name": "i"}]}}}),
        ] {
            let field = IonField::read(&nested, &Value::Null).unwrap();
            assert_eq!((field.nested.len(), field.value), (1, None));
        }
    }

    #[test]
    fn a_single_display_option_is_a_description_and_not_a_choice() {
        let field = json!({"name": "country", "options": [{"label": "display", "value": {"type": "object",
            "value": {"inputType": "select", "options": [{"label": "Japan", "value": "JP"}]}}}]});
        let field = IonField::read(&field, &Value::Null).unwrap();
        assert_eq!(field.input_type.as_deref(), Some("select"));
        assert_eq!(field.options.first().map(|option| option.label.as_str()), Some("Japan"));
    }

    #[test]
    fn an_option_without_a_label_is_called_after_its_authenticator() {
        let root = json!({"authenticators": {"value": [{"key": "okta_email", "displayName": "Email"}]}});
        let option =
            json!({"label": "", "relatesTo": "$.authenticators.value[0]", "value": {"form": {"value": []}}});
        assert_eq!(IonOption::read(&option, &root).unwrap().label, "Email");
    }

    #[test]
    fn huge_lists_and_texts_are_cut() {
        let many = json!({"value": vec![json!({"message": "m".repeat(100_000)}); 1_000]});
        let messages = messages(Some(&many));
        assert_eq!(messages.len(), 50);
        assert!(messages.iter().all(|message| message.text.len() == LONGEST_TEXT));
    }
}
