//! Before the first answer: the same skeleton as the page shows before the wasm is there, so that nothing moves.

use leptos::prelude::*;

pub(super) fn draw() -> AnyView {
    let line = |part: &str| {
        let class = format!("latchkey-skeleton__line latchkey-skeleton__line--{part}");
        view! { <span class=class></span> }
    };
    ["title", "label", "input", "button"].map(line).into_iter().collect_view().into_any()
}
