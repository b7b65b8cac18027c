//! What every file has in common.

use crate::tree::{check, everything, sources};

#[test]
fn every_rust_file_says_first_what_it_is() {
    let silent = sources(&[], &["rs"]).into_iter().filter(|source| !source.text.starts_with("//! "));
    let rule = "the first line of a Rust file says what it is: `//! …`";
    check(
        rule,
        silent.map(|source| source.finding(1, source.text.lines().next().unwrap_or_default())).collect(),
    );
}

#[test]
fn no_file_is_longer_than_anybody_reads() {
    const LONGEST: usize = 600;
    let written = everything().into_iter().filter(|source| source.path != "package-lock.json");
    let long = written.filter(|source| source.text.lines().count() > LONGEST);
    let rule = "no file has more than 600 lines: find the two things that it does";
    check(rule, long.map(|source| source.finding(LONGEST + 1, "and on")).collect());
}

#[test]
fn nothing_is_left_for_later() {
    // Not written out, so that this file is no exception.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["X", "XX"], ["HA", "CK"]].map(|halves| halves.concat());
    // Telephone numbers are masked with the same letters on the wire.
    let mask = format!("{0}-{0}-", marks[2]);
    let is_broken = |line: &str| {
        let line = line.replace(&mask, "");
        marks.iter().any(|mark| crate::tree::has_word(&line, mark))
    };
    let rule = "what is left to do is an issue and not a comment";
    check(rule, everything().iter().flat_map(|source| source.findings_in_text(is_broken)).collect());
}

#[test]
fn a_module_is_named_by_its_file() {
    let modules = sources(&[], &["rs"]).into_iter().filter(|source| source.path.ends_with("/mod.rs"));
    check("`foo.rs` and `foo/`, never `foo/mod.rs`", modules.map(|source| source.finding(1, "")).collect());
}
