//! The style sheet keeps to the widget, and gives the page its way.

use std::ops::Range;

use crate::tree::{Finding, Source, check, sources};

/// One selector of a rule, and its line.
struct Selector {
    line: usize,
    text: String,
}

/// Every selector of a style sheet; those inside `@media` and `@supports` too, the steps of `@keyframes` not.
fn selectors(css: &str) -> Vec<Selector> {
    let blank = blanked(css);
    let (mut found, mut start, mut depth, mut keyframes) = (Vec::new(), 0, 0, None);
    for (at, c) in blank.char_indices().filter(|(_, c)| matches!(c, '{' | '}' | ';')) {
        let prelude = blank[start..at].trim_start();
        if c == '{' {
            if prelude.starts_with("@keyframes") {
                keyframes = Some(depth);
            } else if keyframes.is_none() && !prelude.starts_with('@') {
                let listed = list(&blank, start..at);
                found.extend(listed.into_iter().map(|range| selector(css, range)));
            }
            depth += 1;
        } else if c == '}' {
            depth -= 1;
            keyframes = keyframes.filter(|outside| *outside < depth);
        }
        start = at + 1;
    }
    found
}

/// Where the selectors of a list are: it is divided by its own commas, and not by those in brackets.
fn list(blank: &str, prelude: Range<usize>) -> Vec<Range<usize>> {
    let (mut found, mut from, mut depth) = (Vec::new(), prelude.start, 0);
    for (at, c) in blank[prelude.clone()].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(from..prelude.start + at);
                from = prelude.start + at + 1;
            }
            _ => {}
        }
    }
    found.push(from..prelude.end);
    found.into_iter().map(|range| trimmed(blank, range)).collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    range.start + part.len() - part.trim_start().len()..range.start + part.trim_end().len()
}

fn selector(css: &str, range: Range<usize>) -> Selector {
    let line = css[..range.start].matches('\n').count() + 1;
    Selector { line, text: css[range].to_owned() }
}

/// The same with blanks in place of what is in comments and quotes, byte for byte: nothing there ends anything.
fn blanked(css: &str) -> String {
    let (mut text, mut rest) = (String::new(), css);
    while let Some(start) = ["\"", "'", "/*"].iter().filter_map(|open| rest.find(open)).min() {
        let (before, opened) = rest.split_at(start);
        let close = if opened.starts_with('/') { "*/" } else { &opened[..1] };
        let end = opened[close.len()..].find(close).map_or(opened.len(), |end| end + 2 * close.len());
        text.push_str(before);
        text.extend(opened[..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = &opened[end..];
    }
    text + rest
}

fn sheets() -> Vec<Source> {
    sources(&["styles"], &["css"])
}

/// Every place of the style sheets where a selector is not as it should be.
fn broken(is_broken: impl Fn(&str) -> bool) -> Vec<Finding> {
    let in_sheet = |sheet: &Source| -> Vec<Finding> {
        let broken = selectors(&sheet.text).into_iter().filter(|selector| is_broken(&selector.text));
        broken.map(|selector| sheet.finding(selector.line, &selector.text)).collect()
    };
    sheets().iter().flat_map(in_sheet).collect()
}

/// `.latchkey` itself, and not only a class whose name begins like it; its shadow root, and the element around it.
fn begins_at_the_root(selector: &str) -> bool {
    let roots = [":host(.latchkey)", "latchkey-sign-in", ".latchkey"];
    let rest = roots.iter().find_map(|root| selector.strip_prefix(root));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_".contains(c)))
}

#[test]
fn every_selector_begins_at_the_widget() {
    check(
        "every selector begins at `.latchkey`, so that nothing else in the page is touched",
        broken(|selector| !begins_at_the_root(selector)),
    );
}

#[test]
fn no_selector_asks_for_an_id() {
    check(
        "ids are for labels and descriptions: several widgets may be in one page",
        broken(|selector| selector.contains('#')),
    );
}

#[test]
fn nothing_is_important() {
    let css = sources(&["styles", "demo-site"], &["css"]);
    let in_sheet = |sheet: &Source| -> Vec<Finding> {
        let selectors = selectors(&sheet.text);
        // A page that chose the shadow root has asked not to be let in.
        let is_in_shadow = |line: usize| {
            selectors.iter().rfind(|it| it.line <= line).is_some_and(|it| it.text.starts_with(":host"))
        };
        let lines = sheet.text.lines().enumerate().map(|(at, text)| (at + 1, text));
        let broken = lines.filter(|(line, text)| text.contains("!important") && !is_in_shadow(*line));
        broken.map(|(line, text)| sheet.finding(line, text.trim())).collect()
    };
    let rule = "`!important` leaves the page no way to differ, unless it chose the shadow root";
    check(rule, css.iter().flat_map(in_sheet).collect());
}

#[test]
fn left_and_right_are_start_and_end() {
    const PHYSICAL: [&str; 10] = [
        "left",
        "right",
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "border-left",
        "border-right",
        "text-align: left",
        "text-align: right",
    ];
    let is_physical = |line: &str| {
        let line = line.trim_start();
        PHYSICAL
            .iter()
            .any(|property| line.strip_prefix(property).is_some_and(|rest| rest.starts_with([':', ';', '-'])))
    };
    let rule = "logical properties only, so that other directions of writing come for nothing";
    check(rule, sheets().iter().flat_map(|sheet| sheet.findings_in_text(is_physical)).collect());
}

#[test]
fn selectors_are_read_as_a_browser_does() {
    let css = "/* a, b */\n@import './x.css';\n.a:is(.b, .c),\n.d[x='{'] { --_i: url(\"data:;{\"); color: red; }\n\
               @media print {\n  .e::after { left: 0; }\n}\n@keyframes k {\n  to { opacity: 1; }\n}\n.f {}\n";
    let found: Vec<_> = selectors(css).into_iter().map(|selector| (selector.line, selector.text)).collect();
    let expected = [(3, ".a:is(.b, .c)"), (4, ".d[x='{']"), (6, ".e::after"), (11, ".f")];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn a_class_that_only_begins_like_the_widget_is_not_the_widget() {
    assert!(
        begins_at_the_root(".latchkey.latchkey .latchkey-card") && begins_at_the_root(".latchkey[data-x]")
    );
    assert!(
        !begins_at_the_root(".latchkey-card") && !begins_at_the_root(":root") && !begins_at_the_root("a")
    );
}
