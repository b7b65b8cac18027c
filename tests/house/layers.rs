//! Who may know whom inside the widget, and what the core must never know.

use crate::tree::{Source, check, has_word, source, sources};

/// Where the browser may be called, and why there and not in `platform`.
const AT_THE_BROWSER: [(&str, &str); 8] = [
    ("widget/src/platform/", "network, storage, clock, dice, signatures: this is the browser's part"),
    ("widget/src/api.rs", "the border to JavaScript is made of its types"),
    ("widget/src/driver.rs", "waits for the platform's promises, and leaves the page"),
    ("widget/src/ui/element.rs", "the one place that makes elements, instead of Leptos' templates"),
    ("widget/src/ui/focus.rs", "focus is where the person is, and no part of what is drawn"),
    (
        "widget/src/ui/form.rs",
        "reads the inputs when the form is sent, so that no secret is ever in a signal",
    ),
    (
        "widget/src/ui/intl.rs",
        "names of countries and dates are the browser's, so that nobody downloads them",
    ),
    ("widget/src/ui/controls/password.rs", "shows and hides an input that has been filled in already"),
];

/// The crates through which a browser is called.
const BROWSER: [&str; 5] = ["web_sys", "js_sys", "wasm_bindgen", "gloo", "getrandom"];

fn calls_the_browser(line: &str) -> bool {
    BROWSER.iter().any(|name| line.contains(name))
}

/// Tests look at the page with the browser's eyes.
fn of_the_widget() -> Vec<Source> {
    sources(&["widget/src"], &["rs"]).into_iter().filter(|source| !source.is_test()).collect()
}

fn ui() -> Vec<Source> {
    let is_ui = |path: &str| path == "widget/src/ui.rs" || path.starts_with("widget/src/ui/");
    of_the_widget().into_iter().filter(|source| is_ui(&source.path)).collect()
}

#[test]
fn the_browser_is_called_in_few_places() {
    let is_allowed = |path: &str| AT_THE_BROWSER.iter().any(|(place, _)| path.starts_with(place));
    let others = of_the_widget().into_iter().filter(|source| !is_allowed(&source.path));
    let rule =
        "the browser is called in platform, and where `AT_THE_BROWSER` in tests/house/layers.rs says why";
    check(rule, others.flat_map(|source| source.findings(calls_the_browser)).collect());
}

#[test]
fn no_place_is_allowed_that_does_not_need_it() {
    let calling: Vec<_> =
        of_the_widget().into_iter().filter(|source| !source.findings(calls_the_browser).is_empty()).collect();
    for (place, why) in AT_THE_BROWSER {
        let is_needed = calling.iter().any(|source| source.path.starts_with(place));
        assert!(is_needed, "{place} does not call the browser any more: take it off the list ({why})");
    }
}

#[test]
fn the_ui_knows_neither_platform_nor_driver_nor_flow() {
    let names = ["platform", "driver", "Flow", "latchkey_core::flow"];
    let is_broken = |line: &str| names.iter().any(|name| has_word(line, name));
    let rule = "the UI draws screens and reports inputs; what happens then is none of its business";
    check(rule, ui().iter().flat_map(|source| source.findings(is_broken)).collect());
}

#[test]
fn the_platform_knows_neither_ui_nor_driver_nor_flow() {
    let names = ["ui", "driver", "Flow", "latchkey_core::flow"];
    let is_broken = |line: &str| names.iter().any(|name| has_word(line, name));
    let mut platform = sources(&["widget/src/platform"], &["rs"]);
    platform.push(source("widget/src/platform.rs"));
    let rule = "the platform does one thing at a time and does not know what for";
    check(rule, platform.iter().flat_map(|source| source.findings(is_broken)).collect());
}

#[test]
fn the_core_waits_for_nothing_and_asks_nobody() {
    let names = ["async", "await", "SystemTime", "Instant", "thread_local", "static mut"];
    let modules = ["std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread", "std::time"];
    let is_broken = |line: &str| {
        names.iter().any(|name| has_word(line, name)) || modules.iter().any(|name| line.contains(name))
    };
    let rule = "the core is a pure value: time, dice and answers come in as arguments";
    let core = sources(&["widget/core"], &["rs"]);
    check(rule, core.iter().flat_map(|source| source.findings(is_broken)).collect());
}
