//! sessionStorage, where the browser allows it. Without it a reload begins a new transaction, and nothing else is lost.

use web_sys::Storage;

pub(crate) fn load(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

pub(crate) fn save(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

pub(crate) fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
