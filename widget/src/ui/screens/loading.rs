//! Before the first answer: the same skeleton as the page shows before the wasm is there, so that nothing moves.

use super::{El, text_el};

pub(super) fn draw() -> Vec<El> {
    let line =
        |part: &str| text_el("span", &format!("latchkey-skeleton__line latchkey-skeleton__line--{part}"), "");
    ["title", "label", "input", "button"].map(line).into_iter().collect()
}
