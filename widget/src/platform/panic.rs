//! What happens when we are wrong. A panic leaves a dead instance, so the JavaScript side is told, once and before the
//! trap: it draws a page that offers a new beginning with a new instance.

use std::{
    cell::{Cell, RefCell},
    panic::set_hook,
};

type Listeners = Vec<(u32, Box<dyn Fn(&str)>)>;

thread_local! {
    static LISTENERS: RefCell<Listeners> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// Takes itself off the list when told to.
#[derive(Debug)]
pub(crate) struct Listener(u32);

/// Calls `told` with the place of a panic. The panic's own text stays here: it may quote what somebody typed.
pub(crate) fn listen(told: impl Fn(&str) + 'static) -> Listener {
    let id = LAST.get() + 1;
    LAST.set(id);
    if id == 1 {
        set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(String::new, ToString::to_string);
            LISTENERS.with_borrow(|listeners| listeners.iter().for_each(|(_, told)| told(&place)));
        }));
    }
    LISTENERS.with_borrow_mut(|listeners| listeners.push((id, Box::new(told))));
    Listener(id)
}

impl Listener {
    pub(crate) fn remove(&self) {
        LISTENERS.with_borrow_mut(|listeners| listeners.retain(|(id, _)| *id != self.0));
    }
}
