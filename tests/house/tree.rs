//! The source tree as the rules read it: files with their text, and what a rule finds in them.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// One file of the project.
pub(crate) struct Source {
    /// From the project's root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A place where a rule is broken.
pub(crate) struct Finding(String);

/// Made by tools, or from elsewhere.
const NOT_OURS: [&str; 6] = [".cache", ".git", "dist", "node_modules", "target", "test-results"];

/// Texts that people write and read.
const WRITTEN: [&str; 12] =
    ["css", "html", "js", "json", "md", "mjs", "rs", "sql", "svg", "toml", "ts", "webmanifest"];

/// Every file of ours in these folders and of these kinds; all of them if no folder is named.
pub(crate) fn sources(folders: &[&str], extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    let is_wanted = |path: &String| {
        let is_in = |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/'));
        (folders.is_empty() || folders.iter().any(is_in)) && is_of_kind(path, extensions)
    };
    let sources: Vec<_> = found.into_iter().filter(is_wanted).map(|path| source(&path)).collect();
    assert!(!sources.is_empty(), "no {extensions:?} in {folders:?}: the rule would always hold");
    sources
}

/// Every text of ours.
pub(crate) fn everything() -> Vec<Source> {
    sources(&[], &WRITTEN)
}

/// One file by its path from the root.
pub(crate) fn source(path: &str) -> Source {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Source { path: path.to_owned(), text }
}

/// Fails with every place at once.
pub(crate) fn check(rule: &str, findings: Vec<Finding>) {
    let mut told = format!("house rule: {rule}");
    for Finding(finding) in &findings {
        write!(told, "\n  {finding}").unwrap();
    }
    assert!(findings.is_empty(), "{told}");
}

impl Source {
    /// The lines in which `is_broken` finds something, comments left out.
    pub(crate) fn findings(&self, is_broken: impl Fn(&str) -> bool) -> Vec<Finding> {
        self.findings_in_text(|line| is_broken(code_of(line)))
    }

    /// The same with comments.
    pub(crate) fn findings_in_text(&self, is_broken: impl Fn(&str) -> bool) -> Vec<Finding> {
        let lines = (1..).zip(self.text.lines()).filter(|(_, line)| is_broken(line));
        lines.map(|(number, line)| self.finding(number, line.trim())).collect()
    }

    pub(crate) fn finding(&self, line: usize, what: &str) -> Finding {
        let short: String = what.chars().take(120).collect();
        Finding(format!("{}:{line}: {short}", self.path))
    }

    /// Whether this is a test, or stands in a folder of tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/") || self.path.starts_with("tests/")
    }
}

/// Whether `word` stands in `text` by itself and not as a part of a longer name.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(start, found)| {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        !before.ends_with(is_of_name) && !after.starts_with(is_of_name)
    })
}

/// A line without its comment. Block comments and texts over several lines are not seen through: there are none where
/// it matters.
fn code_of(line: &str) -> &str {
    let (mut is_in_text, mut before) = (false, ' ');
    for (position, c) in line.char_indices() {
        match c {
            '"' if before != '\\' && before != '\'' => is_in_text = !is_in_text,
            '/' if !is_in_text && before == '/' => return &line[..position - 1],
            _ => {}
        }
        before = if before == '\\' && c == '\\' { ' ' } else { c };
    }
    line
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            walk(&path, found);
        } else if path.is_file() {
            let relative = path.strip_prefix(root()).unwrap();
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            found.push(parts.join("/"));
        }
    }
}

fn is_of_kind(path: &str, extensions: &[&str]) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    extensions.contains(&extension)
}

#[test]
fn comments_are_left_out_and_texts_are_not() {
    assert_eq!(code_of("let a = b; // why"), "let a = b; ");
    assert_eq!(code_of("/// what"), "");
    assert_eq!(code_of(r#"get("https://a.test") // b"#), r#"get("https://a.test") "#);
    assert_eq!(code_of(r#"say("\"//\"") // c"#), r#"say("\"//\"") "#);
    assert_eq!(code_of(r#"'"' => 1, // d"#), r#"'"' => 1, "#);
}

#[test]
fn a_word_is_found_by_itself_only() {
    assert!(has_word("use crate::platform::clock;", "platform"));
    assert!(!has_word("let platforms = on_platform;", "platform"));
    assert!(has_word("Flow::new()", "Flow") && !has_word("overFlow", "Flow"));
}
