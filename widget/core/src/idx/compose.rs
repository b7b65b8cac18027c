//! From what the person did to the body that the form asks for (idx.md section 5, "body assembly").
//!
//! Constants always go along as they came, nested ones too; a value that was typed wins over a preset.

use serde_json::{Map, Value};

use super::ion::{self, IonField, Remediation};
use crate::io::{Answer, Answers};

/// The JSON body of a form.
pub(crate) fn body(form: &Remediation, answers: &Answers) -> Value {
    object(&form.fields, "", answers)
}

fn object(fields: &[IonField], prefix: &str, answers: &Answers) -> Value {
    let mut object = Map::new();
    for field in fields {
        let name = ion::dotted(prefix, &field.name);
        if let Some(value) = value_of(field, &name, answers) {
            ion::put_merged(&mut object, &field.name, value);
        }
    }
    Value::Object(object)
}

fn value_of(field: &IonField, name: &str, answers: &Answers) -> Option<Value> {
    if field.has_form {
        let nested = object(&field.nested, name, answers);
        // An object without members says nothing, unless the server wants it.
        return Some(nested)
            .filter(|nested| field.is_required || nested.as_object().is_some_and(|map| !map.is_empty()));
    }
    if !field.is_mutable {
        return Some(field.value.clone().unwrap_or_else(|| Value::String(String::new())));
    }
    let answer = answers.of(name);
    if field.options.iter().any(|option| !option.fields.is_empty()) {
        let Some(Answer::Choice(index)) = answer else { return None };
        return chosen(field, *index, name, answers);
    }
    match answer {
        Some(Answer::Flag(flag)) => Some(Value::Bool(*flag)),
        Some(Answer::Text(text)) => typed(field, text.expose()),
        // A yes or no without options: the first button is the yes.
        Some(Answer::Choice(index)) if field.options.is_empty() => Some(Value::Bool(*index == 0)),
        Some(Answer::Choice(index)) => field.options.get(*index).and_then(|option| option.value.clone()),
        None => preset(field),
    }
}

/// A preset is sent where nobody was asked, or where nobody answered.
fn preset(field: &IonField) -> Option<Value> {
    field.value.clone().filter(|value| !value.is_object() && !value.is_array())
}

/// An option's own scalar is sent with its own type; an empty optional field is left out.
fn typed(field: &IonField, text: &str) -> Option<Value> {
    let option = field
        .options
        .iter()
        .filter_map(|option| option.value.as_ref())
        .find(|value| ion::scalar_text(value) == text);
    if let Some(value) = option {
        return Some(value.clone());
    }
    if text.is_empty() && !field.is_required {
        return None;
    }
    Some(if field.is_boolean { Value::Bool(text == "true") } else { Value::String(text.to_owned()) })
}

/// The members of a chosen option. An entry that was split by method carries the method in its number.
fn chosen(field: &IonField, index: usize, name: &str, answers: &Answers) -> Option<Value> {
    let pick = super::fields::picks(field).into_iter().nth(index)?;
    let Value::Object(mut members) = object(&pick.option.fields, name, answers) else { return None };
    if let Some((method, value)) = pick.method {
        members.insert(method, value);
    }
    Some(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(form: Value, answers: &Answers, expected: Value) {
        let form =
            Remediation::read(&json!({"name": "f", "value": form}), &Value::Null, String::new()).unwrap();
        assert_eq!(body(&form, answers), expected);
    }

    #[test]
    fn constants_go_along_and_typed_values_win() {
        check(
            json!([{"name": "identifier", "value": "preset"}, {"name": "other", "value": "kept"},
                {"name": "rememberMe", "type": "boolean"}, {"name": "stateHandle", "value": "h", "visible": false, "mutable": false}]),
            &Answers::new().with_text("identifier", "pat"),
            json!({"identifier": "pat", "other": "kept", "stateHandle": "h"}),
        );
    }

    #[test]
    fn nested_constants_are_copied_and_names_may_hold_dots() {
        check(
            json!([{"name": "credentials", "form": {"value": [{"name": "questionKey", "value": "q", "mutable": false},
                {"name": "answer"}]}}, {"name": "optedScopes", "form": {"value": [{"name": "a.b", "type": "boolean"}]}}]),
            &{
                let mut answers = Answers::new().with_text("credentials.answer", "blue");
                answers.put("optedScopes.a.b", Answer::Flag(true));
                answers
            },
            json!({"credentials": {"questionKey": "q", "answer": "blue"}, "optedScopes": {"a.b": true}}),
        );
    }

    #[test]
    fn several_groups_of_one_name_become_one_object() {
        let group = |name: &str| json!({"name": "userProfile", "form": {"value": [{"name": name}]}});
        check(
            json!([group("a"), group("b")]),
            &Answers::new().with_text("userProfile.a", "1").with_text("userProfile.b", "2"),
            json!({"userProfile": {"a": "1", "b": "2"}}),
        );
    }

    #[test]
    fn passwords_are_sent_as_they_were_typed() {
        for password in [" leading and trailing ", "ünïcödé 🔑", &"x".repeat(256), "\"quoted\\"] {
            check(
                json!([{"name": "credentials", "form": {"value": [{"name": "passcode", "secret": true}]}}]),
                &Answers::new().with_text("credentials.passcode", password),
                json!({"credentials": {"passcode": password}}),
            );
        }
    }

    #[test]
    fn a_choice_sends_the_options_own_members() {
        let option = |id: &str| json!({"label": id, "value": {"form": {"value": [{"name": "id", "value": id, "mutable": false}]}}});
        let mut answers = Answers::new();
        answers.put("authenticator", Answer::Choice(1));
        check(
            json!([{"name": "authenticator", "type": "object", "options": [option("a"), option("b")]}]),
            &answers,
            json!({"authenticator": {"id": "b"}}),
        );
    }

    #[test]
    fn an_option_keeps_the_type_that_the_server_gave_it() {
        check(
            json!([{"name": "n", "options": [{"label": "One", "value": 1}, {"label": "Yes", "value": true}]}]),
            &Answers::new().with_text("n", "1"),
            json!({"n": 1}),
        );
    }

    #[test]
    fn an_empty_optional_text_is_left_out_and_a_required_one_is_sent() {
        check(
            json!([{"name": "a"}, {"name": "b", "required": true}]),
            &Answers::new().with_text("a", "").with_text("b", ""),
            json!({"b": ""}),
        );
    }
}
