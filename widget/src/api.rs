//! The border to JavaScript: one function and one class. Options and events cross it as JSON texts, so that neither side
//! has to know the other's types. What integrators see of it is the TypeScript in `widget/js`.

use std::{cell::RefCell, rc::Rc};

use latchkey_core::Input;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::{
    driver::Driver,
    options,
    platform::{clock, emit::Emit, tasks::Tasks},
    ui::{Outward, Ui, shell, speak},
};

/// A widget in a page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SignIn {
    driver: Rc<Driver>,
    ui: Ui,
    /// Dropping it takes the tree out of the page.
    mounted: RefCell<Option<Box<dyn std::any::Any>>>,
    /// Owns the signals that the driver and the tree share.
    owner: Owner,
}

/// Draws the widget into `host` and starts the flow. The host's id begins every id inside, so it must be its own.
/// `words` are those of another language than English, see [`speak`].
/// `on_event` is called with one JSON text for each event, `perform` with the name of a task, its argument as JSON text
/// and an `AbortSignal`; it gives a promise of JSON text.
#[wasm_bindgen]
pub fn start(
    host: HtmlElement,
    options: &str,
    words: &str,
    on_event: js_sys::Function,
    perform: js_sys::Function,
) -> Result<SignIn, JsError> {
    let (config, language) = (options::read(options)?, options::language(options));
    speak(&language, words);
    let emit = Emit::new(on_event);
    let owner = Owner::new();
    let screen = owner.with(|| RwSignal::new(latchkey_core::screen::Shown::default()));
    let driver = Driver::new(config, screen, emit, Tasks::new(perform))?;
    driver.prefer(language);
    let send = {
        let driver = Rc::downgrade(&driver);
        move |input| {
            if let Some(driver) = driver.upgrade() {
                driver.handle(input);
            }
        }
    };
    host.replace_children_with_node_0();
    let ui = owner.with(|| Ui::new(screen, host.id(), Outward { send: Box::new(send), now: clock::now }));
    let mounted = owner.with(|| leptos::mount::mount_to_renderer(&host, move || shell(ui)));
    driver.start(options::returned(options));
    Ok(SignIn { driver, ui, mounted: RefCell::new(Some(Box::new(mounted))), owner })
}

#[wasm_bindgen]
impl SignIn {
    /// New options for a running widget, and the words of its language, as in [`start`]. The flow starts anew only where
    /// they change what is asked of the server.
    pub fn update(&self, options: &str, words: &str) -> Result<(), JsError> {
        let language = options::language(options);
        if speak(&language, words) {
            self.ui.say_again();
        }
        self.driver.prefer(language);
        self.driver.update(options::read(options)?)?;
        Ok(())
    }

    /// Asks where the sign-in stands and draws that, for answers that read differently now.
    pub fn refresh(&self) {
        self.driver.handle(Input::Refreshed);
    }

    /// Takes the tree out of the page, aborts requests and cancels timers. Safe twice.
    pub fn unmount(&self) {
        self.driver.stop();
        self.mounted.borrow_mut().take();
        self.owner.cleanup();
    }
}
