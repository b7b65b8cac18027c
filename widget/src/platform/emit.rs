//! Events on their way to the JavaScript side.

use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// The JavaScript side's ear.
#[derive(Debug, Clone)]
pub(crate) struct Emit(Function);

impl Emit {
    pub(crate) const fn new(on_event: Function) -> Self {
        Self(on_event)
    }

    /// A handler that throws must not take the widget with it; the JavaScript side reports what its handlers throw.
    pub(crate) fn event(&self, event: &Value) {
        let _ = self.0.call1(&JsValue::UNDEFINED, &JsValue::from_str(&latchkey_core::json_text(event)));
    }
}
