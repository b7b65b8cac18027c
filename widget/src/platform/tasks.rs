//! What only few sign-ins need is a second script (`js/tasks.ts`), loaded when it is needed: passkeys, probes, captchas.
//! Here is the way to it: names and JSON texts across, a promise of JSON text back.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::fetch::Abort;

/// The JavaScript side's hands.
#[derive(Debug, Clone)]
pub(crate) struct Tasks(Function);

impl Tasks {
    pub(crate) const fn new(perform: Function) -> Self {
        Self(perform)
    }

    /// Begins a task; what comes back is JSON, and empty where the script could not even be called.
    pub(crate) fn perform(
        &self,
        name: &str,
        argument: &str,
        abort: &Abort,
    ) -> impl Future<Output = String> + use<> {
        let (name, argument) = (JsValue::from_str(name), JsValue::from_str(argument));
        let signal = abort.signal().map_or(JsValue::UNDEFINED, Into::into);
        let promise = self.0.call3(&JsValue::UNDEFINED, &name, &argument, &signal);
        async move {
            let Ok(promise) = promise.and_then(|promise| promise.dyn_into::<Promise>()) else {
                return String::new();
            };
            JsFuture::from(promise).await.ok().and_then(|result| result.as_string()).unwrap_or_default()
        }
    }

    /// Fetches the script; there is nothing to do yet.
    pub(crate) fn prepare(&self) {
        self.begin("prepare", "null");
    }

    /// Puts a text on the clipboard, if the browser lets us.
    pub(crate) fn copy(&self, text: &str) {
        self.begin("copy", &latchkey_core::json_text(&text.into()));
    }

    /// Nobody waits for it; it is given up by nothing but its own end.
    fn begin(&self, name: &str, argument: &str) {
        let abort = Abort::new();
        let result = self.perform(name, argument, &abort);
        spawn_local(async move {
            result.await;
            drop(abort);
        });
    }
}
