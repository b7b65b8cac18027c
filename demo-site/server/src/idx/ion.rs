//! The building blocks of an Ion document: forms, fields, options, lists.
//!
//! Absent members are left out rather than written as `null`: clients look for actions in every member of an
//! object and would trip over a null.

use serde::Serialize;
use serde_json::Value;

use super::messages::Message;
use crate::config::IdentityProvider;

/// `{"type": "array", "value": [...]}`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct List<T> {
    r#type: &'static str,
    pub(crate) value: Vec<T>,
}

impl<T> List<T> {
    pub(crate) fn new(value: Vec<T>) -> Self {
        Self { r#type: "array", value }
    }

    /// Nothing instead of an empty list.
    pub(crate) fn unless_empty(value: Vec<T>) -> Option<Self> {
        if value.is_empty() { None } else { Some(Self::new(value)) }
    }
}

/// `{"type": "object", "value": {...}}`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Object<T> {
    r#type: &'static str,
    pub(crate) value: T,
}

impl<T> Object<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { r#type: "object", value }
    }
}

/// A remediation or an action: something the client can post.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Form {
    #[serde(skip_serializing_if = "Option::is_none")]
    rel: Option<[&'static str; 1]>,
    pub(crate) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    relates_to: Option<[&'static str; 1]>,
    /// Which identity provider the browser is to go to.
    #[serde(flatten)]
    provider: Option<ProviderNamed>,
    href: String,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    produces: Option<&'static str>,
    /// After how many milliseconds to ask again, where the client is to ask by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<u32>,
    /// What a client asks for, where it is asked whether it may have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<ScopeAsked>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    value: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepts: Option<&'static str>,
}

/// An identity provider, as the button that leads there names it.
#[derive(Clone, Debug, Serialize)]
struct ProviderNamed {
    r#type: String,
    idp: ProviderName,
}

#[derive(Clone, Debug, Serialize)]
struct ProviderName {
    id: String,
    name: String,
}

impl Form {
    /// A form of the IDX endpoints; the state handle is added as its last field.
    pub(crate) fn idx(name: &'static str, href: String, state_handle: &str, mut value: Vec<Field>) -> Self {
        value.push(Field::hidden("stateHandle", state_handle));
        Self {
            rel: Some(["create-form"]),
            name,
            relates_to: None,
            provider: None,
            href,
            method: "POST",
            produces: Some("application/ion+json; okta-version=1.0.0"),
            refresh: None,
            scopes: Vec::new(),
            value,
            accepts: Some("application/json; okta-version=1.0.0"),
        }
    }

    /// The form by which the interaction code is exchanged.
    pub(crate) fn issue(href: String, value: Vec<Field>) -> Self {
        Self {
            rel: Some(["create-form"]),
            name: "issue",
            relates_to: None,
            provider: None,
            href,
            method: "POST",
            produces: None,
            refresh: None,
            scopes: Vec::new(),
            value,
            accepts: Some("application/x-www-form-urlencoded"),
        }
    }

    /// A way to another identity provider: nothing to post, the browser itself goes there.
    pub(crate) fn redirect_to_provider(provider: &IdentityProvider, href: String) -> Self {
        let (id, name) = (provider.id.clone(), provider.name.clone());
        Self {
            rel: None,
            name: "redirect-idp",
            relates_to: None,
            provider: Some(ProviderNamed { r#type: provider.logo.clone(), idp: ProviderName { id, name } }),
            href,
            method: "GET",
            produces: None,
            refresh: None,
            scopes: Vec::new(),
            value: Vec::new(),
            accepts: None,
        }
    }

    pub(crate) fn refreshed(mut self) -> Self {
        self.refresh = Some(4000);
        self
    }

    pub(crate) fn with_scopes(mut self, scopes: Vec<ScopeAsked>) -> Self {
        self.scopes = scopes;
        self
    }

    pub(crate) fn relating_to(mut self, path: &'static str) -> Self {
        self.relates_to = Some([path]);
        self
    }
}

/// A scope that a client asks for, in words.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ScopeAsked {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value: String,
}

/// One field of a form.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Field {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Fields>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Opt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<List<Message>>,
}

#[derive(Clone, Debug, Serialize)]
struct Fields {
    value: Vec<Field>,
}

/// One of several.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Opt {
    Form(Choice),
    Word { label: String, value: String },
    Answer { label: String, value: bool },
}

/// One choice of a field: a form of its own, and what it is about.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Choice {
    label: String,
    value: ChoiceForm,
    #[serde(skip_serializing_if = "Option::is_none")]
    relates_to: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ChoiceForm {
    form: Fields,
}

impl Field {
    /// Something to type, described by its label.
    pub(crate) fn text(name: &str, label: &str) -> Self {
        Self { name: name.to_owned(), label: Some(label.to_owned()), ..Self::default() }
    }

    /// Something that the client knows without being told.
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Something to tick.
    pub(crate) fn boolean(name: &str, label: &str) -> Self {
        Self { r#type: Some("boolean"), ..Self::text(name, label) }
    }

    /// Yes or no, each with its label.
    pub(crate) fn yes_or_no(name: &str, yes: &str, no: &str) -> Self {
        let options = [(yes, true), (no, false)];
        let options = options.map(|(label, value)| Opt::Answer { label: label.to_owned(), value }).into();
        Self { r#type: Some("boolean"), options, ..Self::named(name) }.required()
    }

    /// Something that is sent back as it came and never shown.
    pub(crate) fn hidden(name: &str, value: &str) -> Self {
        Self { visible: Some(false), mutable: Some(false), ..Self::preset(name, value) }.required()
    }

    /// Something that is sent back as it came.
    pub(crate) fn fixed(name: &str, value: &str, is_required: bool) -> Self {
        Self { mutable: Some(false), required: Some(is_required), ..Self::preset(name, value) }
    }

    /// Something that the client finds out by itself, without showing a field for it.
    pub(crate) fn unseen(name: &str, label: &str) -> Self {
        Self { visible: Some(false), ..Self::text(name, label) }
    }

    /// Something that has a value already.
    pub(crate) fn preset(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: Some(value.into()), ..Self::default() }
    }

    /// An object that is sent back as it came and never shown.
    pub(crate) fn hidden_object(name: &str, value: Value) -> Self {
        let name = name.to_owned();
        let hidden = Self { name, visible: Some(false), mutable: Some(false), ..Self::default() };
        Self { value: Some(value), ..hidden }.required()
    }

    /// Fields that are sent as one object, where the answer gives them as its value.
    pub(crate) fn filled_group(name: &str, label: &str, fields: &[Self]) -> Self {
        let value = serde_json::json!({ "form": { "value": fields } });
        Self { value: Some(value), ..Self::text(name, label) }.object()
    }

    /// Fields that are sent as one object under this name.
    pub(crate) fn group(name: &str, fields: Vec<Self>) -> Self {
        Self { name: name.to_owned(), form: Some(Fields { value: fields }), ..Self::default() }
    }

    /// Several forms of which one is sent.
    pub(crate) fn choice(name: &str, options: Vec<Choice>) -> Self {
        let options = options.into_iter().map(Opt::Form).collect();
        Self { name: name.to_owned(), options, ..Self::default() }.object()
    }

    /// One word of a list, each given with its label.
    pub(crate) fn selection(name: &str, options: &[(&str, &str)]) -> Self {
        let option = |&(label, value): &(&str, &str)| Opt::Word { label: label.into(), value: value.into() };
        let options = options.iter().map(option).collect();
        Self { name: name.to_owned(), r#type: Some("string"), options, ..Self::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn required(mut self) -> Self {
        self.required = Some(true);
        self
    }

    pub(crate) fn required_if(mut self, is_required: bool) -> Self {
        self.required = Some(is_required);
        self
    }

    pub(crate) fn labelled(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }

    pub(crate) fn secret(mut self) -> Self {
        self.secret = Some(true);
        self
    }

    pub(crate) fn object(mut self) -> Self {
        self.r#type = Some("object");
        self
    }

    pub(crate) fn of_length(mut self, least: u32, most: u32) -> Self {
        self.min_length = Some(least);
        self.max_length = Some(most);
        self
    }

    pub(crate) fn with_value(mut self, value: Option<&str>) -> Self {
        self.value = value.map(Into::into);
        self
    }

    pub(crate) fn with_messages(mut self, messages: Vec<Message>) -> Self {
        self.messages = List::unless_empty(messages);
        self
    }
}

impl Choice {
    pub(crate) fn new(label: &str, fields: Vec<Field>, relates_to: String) -> Self {
        Self { relates_to: Some(relates_to), ..Self::form(label, fields) }
    }

    pub(crate) fn labelled(mut self, label: &str) -> Self {
        self.label = label.to_owned();
        self
    }

    /// A choice that is about nothing but itself.
    pub(crate) fn form(label: &str, fields: Vec<Field>) -> Self {
        Self {
            label: label.to_owned(),
            value: ChoiceForm { form: Fields { value: fields } },
            relates_to: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_carries_the_state_handle() {
        let form = Form::idx("cancel", "https://id.example.test/idp/idx/cancel".into(), "SH", Vec::new());
        assert_eq!(
            serde_json::to_value(form).unwrap(),
            json!({
                "rel": ["create-form"],
                "name": "cancel",
                "href": "https://id.example.test/idp/idx/cancel",
                "method": "POST",
                "produces": "application/ion+json; okta-version=1.0.0",
                "value": [{
                    "name": "stateHandle", "required": true, "value": "SH", "visible": false, "mutable": false
                }],
                "accepts": "application/json; okta-version=1.0.0",
            })
        );
    }

    #[test]
    fn what_is_absent_is_left_out() {
        let field = Field::group("credentials", vec![Field::text("passcode", "Password").secret()]).object();
        assert_eq!(
            serde_json::to_value(field.required()).unwrap(),
            json!({
                "name": "credentials", "type": "object", "required": true,
                "form": { "value": [{ "name": "passcode", "label": "Password", "secret": true }] },
            })
        );
    }
}
