//! What holds for every IDX answer, whatever it asks for.

use serde_json::Value;

use crate::support::Answer;

/// Fails unless the answer is a well-formed Ion document. Answers that are about the request and not about a
/// transaction have another shape and are left to their tests.
pub(crate) fn check(answer: &Answer) {
    let document = answer.json();
    if document.get("version").is_none() {
        return;
    }
    for member in ["stateHandle", "expiresAt", "intent"] {
        assert!(document[member].is_string(), "no `{member}` in {document}");
    }
    assert_eq!(document["version"], "1.0.0");
    let media_type = answer.header("content-type");
    assert!(
        media_type == "application/ion+json; okta-version=1.0.0" || media_type == "application/json",
        "{media_type}"
    );
    let forms = document["remediation"]["value"].as_array().cloned().unwrap_or_default();
    let is_over = document.get("successWithInteractionCode").is_some();
    assert!(!is_over || forms.is_empty(), "an end that goes on: {document}");
    assert!(is_over || forms.is_empty() || document.get("cancel").is_some(), "no way back: {document}");
    walk(&document, &document);
}

/// Looks at every part of the document.
fn walk(part: &Value, document: &Value) {
    match part {
        // Clients read `.rel` of every member of an object, and would fail on a null.
        Value::Null => panic!("a null in {document}"),
        Value::Object(members) => {
            if members.get("name") == Some(&"redirect-idp".into()) {
                check_way_out(part, document);
            } else if members.contains_key("rel") {
                check_form(part, document);
            }
            if let Some(path) = members.get("relatesTo") {
                check_path(path, document);
            }
            members.values().for_each(|member| walk(member, document));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, document)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn check_form(form: &Value, document: &Value) {
    assert_eq!(form["rel"], serde_json::json!(["create-form"]));
    assert_eq!(form["method"], "POST");
    let href = form["href"].as_str().unwrap();
    assert!(href.starts_with("http://localhost:4401/"), "{href}");
    assert!(form["accepts"].is_string());
    if form["name"] == "issue" {
        return;
    }
    assert_eq!(form["produces"], "application/ion+json; okta-version=1.0.0");
    let fields = form["value"].as_array().unwrap();
    let handle = fields.iter().find(|field| field["name"] == "stateHandle").expect("a state handle");
    assert_eq!(handle["value"], document["stateHandle"]);
    assert_eq!(
        (&handle["visible"], &handle["mutable"], &handle["required"]),
        (&false.into(), &false.into(), &true.into())
    );
}

/// A navigation: there is nothing to post, and the handle is in the address.
fn check_way_out(way: &Value, document: &Value) {
    assert!(way["type"].is_string() && way["idp"]["id"].is_string() && way["idp"]["name"].is_string());
    assert_eq!(way["method"], "GET");
    assert!(way.get("rel").is_none() && way.get("value").is_none(), "{way}");
    let handle = document["stateHandle"].as_str().unwrap();
    let id = way["idp"]["id"].as_str().unwrap();
    assert_eq!(way["href"], format!("http://localhost:4401/sso/idps/{id}?stateToken={handle}"));
}

fn check_path(path: &Value, document: &Value) {
    let path = path.as_str().or_else(|| path[0].as_str()).expect("a path");
    let pointer = path.strip_prefix('$').unwrap().replace(['.', '['], "/").replace(']', "");
    let target = document.pointer(&pointer);
    assert!(target.is_some_and(Value::is_object), "`{path}` leads nowhere in {document}");
}
