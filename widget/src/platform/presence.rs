//! Whether anybody is there: behind a page that nobody sees, or without a network, nothing is asked again and again.

/// Milliseconds between two looks while nobody is there; a browser stretches them for a page that is hidden.
pub(crate) const LOOK: u32 = 500;

/// The page can be seen, and the browser thinks that it is online.
pub(crate) fn is_present() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let is_hidden = window.document().is_some_and(|document| document.hidden());
    !is_hidden && window.navigator().on_line()
}
