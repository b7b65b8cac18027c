//! Which crate may depend on which, and where crates come from.

use crate::tree::{Source, check, source, sources};

/// The names in every table of dependencies: `[dependencies]`, `[target.….dependencies]`, `[dependencies.name]` and
/// those for tests and build scripts.
fn dependencies(manifest: &Source, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let (mut table, mut names) = (String::new(), Vec::new());
    for line in manifest.text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']').to_owned();
            if let Some((_, name)) = table.split_once("dependencies.").filter(|_| is_wanted(&table)) {
                names.push(name.to_owned());
            }
        } else if table.ends_with("dependencies") && is_wanted(&table) {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            let is_name = line.starts_with(|c: char| c.is_ascii_alphanumeric());
            names.extend(is_name.then(|| name.to_owned()));
        }
    }
    names
}

#[test]
fn the_core_depends_on_nothing_of_the_browser() {
    let manifest = source("widget/core/Cargo.toml");
    let names = dependencies(&manifest, |_| true);
    let allowed = ["base64", "serde", "serde_json", "sha2"];
    let others: Vec<_> = names.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert_eq!(others, Vec::<&String>::new(), "widget/core/Cargo.toml: the core depends on {allowed:?} only");
    assert!(!names.is_empty(), "the manifest is not read rightly");
}

#[test]
fn the_server_does_not_share_code_with_the_widget() {
    // If both sides read the protocol with the same code, a misreading would cancel itself out.
    let names = dependencies(&source("demo-site/server/Cargo.toml"), |_| true);
    assert!(names.iter().any(|name| name == "axum"), "the manifest is not read rightly: {names:?}");
    let ours: Vec<_> = names.iter().filter(|name| name.starts_with("latchkey")).collect();
    assert_eq!(
        ours,
        Vec::<&String>::new(),
        "demo-site/server/Cargo.toml: the server knows no other crate of ours"
    );
}

#[test]
fn the_customers_application_knows_nothing_of_ours() {
    let names = dependencies(&source("demo-site/web-app/Cargo.toml"), |_| true);
    assert!(names.iter().any(|name| name == "openidconnect"), "the manifest is not read rightly: {names:?}");
    assert!(
        !names.iter().any(|name| name.starts_with("latchkey")),
        "demo-site/web-app/Cargo.toml: a customer has no crate of ours"
    );
}

#[test]
fn only_tests_know_both_sides() {
    let names = dependencies(&source("widget/Cargo.toml"), |_| true);
    assert!(names.iter().any(|name| name == "latchkey-core"), "the manifest is not read rightly: {names:?}");
    assert!(
        !names.iter().any(|name| name == "latchkey-server"),
        "widget/Cargo.toml: the widget knows the server"
    );
    let released = dependencies(&source("tests/Cargo.toml"), |table| !table.contains("dev-dependencies"));
    assert_eq!(released, Vec::<String>::new(), "tests/Cargo.toml: tests depend on things for tests only");
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    let members = source("Cargo.toml");
    let members = members.text.lines().find_map(|line| line.strip_prefix("members = [")).unwrap().to_owned();
    let members = members.trim_end_matches(']').split(',').map(|member| member.trim().trim_matches('"'));
    for member in members {
        let manifest = source(&format!("{member}/Cargo.toml"));
        let is_kept = manifest.text.contains("[lints]\nworkspace = true");
        assert!(is_kept, "{}: no `[lints] workspace = true`, so nothing is denied here", manifest.path);
    }
}

#[test]
fn lock_files_name_no_registry_of_anybody() {
    const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let crates = source("Cargo.lock").findings_in_text(|line| line.contains("://") && line != CRATES_IO);
    check("crates come from crates.io, under the name that cargo writes for it", crates);
    let packages = source("package-lock.json")
        // A folder of the project is linked by its path.
        .findings_in_text(|line| {
            line.contains("registry")
                || line.contains("\"resolved\"") && line.trim() != "\"resolved\": \"tests/angular\","
        });
    check(
        "package-lock.json says what is installed and not from where (`omit-lockfile-registry-resolved`)",
        packages,
    );
}

#[test]
fn settings_name_no_registry_either() {
    let mut settings = sources(&[], &["toml"]);
    settings.extend([source(".npmrc"), source("package.json")]);
    let is_broken = |line: &str| {
        let line = line.trim_start();
        ["registry =", "registry=", "\"registry\"", "[registries", "[source.", "index ="]
            .iter()
            .any(|setting| line.starts_with(setting))
    };
    let rule = "where packages are fetched from is for each machine to say";
    check(rule, settings.iter().flat_map(|source| source.findings_in_text(is_broken)).collect());
}
