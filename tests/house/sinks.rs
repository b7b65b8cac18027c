//! Text of a server is data: it never reaches a place where a browser would take it for markup or program.

use std::path::Path;

use crate::tree::{check, source, sources};

/// Members that parse markup, and calls that run text.
const SINKS: [&str; 11] = [
    "innerHTML",
    "inner_html",
    "outerHTML",
    "outer_html",
    "insertAdjacentHTML",
    "insert_adjacent_html",
    "setHTMLUnsafe",
    "createContextualFragment",
    "document.write",
    "srcdoc",
    "new Function(",
];

fn is_sink(line: &str) -> bool {
    SINKS.iter().any(|sink| line.contains(sink)) || is_eval(line)
}

/// `eval(`, and not `retrieval(`.
fn is_eval(line: &str) -> bool {
    line.match_indices("eval(")
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

const RULE: &str = "no text is ever taken for markup or program";

#[test]
fn the_widget_and_the_demo_site_have_no_sink() {
    let folders = ["widget/src", "widget/js", "demo-site/public", "demo-site/trunk"];
    let written = sources(&folders, &["rs", "ts", "js", "html", "svg"]);
    let shipped = written.iter().filter(|source| !source.is_test());
    check(RULE, shipped.flat_map(|source| source.findings(is_sink)).collect());
}

/// Leptos would bring one along with its templates. Built files are there after `npm run build` only; the suites that
/// need them build them first.
#[test]
fn the_package_has_none_either() {
    const BUILT: &str = "dist/latchkey.js";
    if Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(BUILT).exists() {
        check(RULE, source(BUILT).findings_in_text(is_sink));
    }
}

#[test]
fn pages_hold_neither_style_nor_script_of_their_own() {
    let is_inline = |line: &str| {
        let line = line.to_lowercase();
        let has_handler =
            [" onclick=", " onload=", " onsubmit=", " onerror="].iter().any(|on| line.contains(on));
        line.contains("<style") || line.contains(" style=") || line.contains("<script>") || has_handler
    };
    let pages = sources(&["demo-site/public"], &["html"]);
    let rule = "style and script come from files, as the content security policy says";
    check(rule, pages.iter().flat_map(|source| source.findings_in_text(is_inline)).collect());
}

#[test]
fn a_sink_is_found() {
    assert!(is_sink("node.innerHTML = text") && is_sink("window.eval(text)") && is_sink("eval(text)"));
    assert!(!is_sink("retrieval(text)") && !is_sink("node.textContent = text"));
}
