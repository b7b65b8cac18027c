//! Every path that there is. Read from the sources that make the router, so that a new endpoint is tried without anybody
//! thinking of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every path of the server.
pub(super) fn all() -> Vec<String> {
    let mut paths: BTreeSet<String> = idx().into_iter().map(|name| format!("/idp/idx/{name}")).collect();
    paths.extend(oauth());
    for source in sources() {
        paths.extend(named(&source, ".route(\"").into_iter().map(|path| filled(&path)));
    }
    // Those that stand in constants, and one that does not exist.
    paths.extend(["/link", "/simulator", "/simulator.json", "/nowhere"].map(str::to_owned));
    assert!(paths.len() >= 30, "the router is written in another way: {paths:?}");
    paths.into_iter().collect()
}

/// The endpoints of the default authorization server.
pub(super) fn oauth() -> Vec<String> {
    let mut paths = BTreeSet::new();
    for source in sources() {
        paths.extend(
            named(&source, "endpoint(\"").iter().map(|name| format!("/oauth2/default/v1/{}", filled(name))),
        );
        let documents = named(&source, "well_known(\"");
        paths.extend(documents.iter().map(|name| format!("/oauth2/default/.well-known/{}", filled(name))));
    }
    assert!(paths.len() >= 7, "the endpoints are written in another way: {paths:?}");
    paths.into_iter().collect()
}

/// What follows `/idp/idx/`.
pub(super) fn idx() -> Vec<String> {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/idx/action.rs")).unwrap();
    let (_, list) = source.split_once("const ENDPOINTS").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let mut names: Vec<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.len() >= 15, "{names:?}");
    names.push("introspect".to_owned());
    names
}

/// The string literals that follow `opening`.
fn named(source: &str, opening: &str) -> Vec<String> {
    source.split(opening).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// Something in place of what a path leaves open.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "some-thing" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn sources() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("http.rs")];
    let mut folders = vec![source.join("http")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|it| it == "rs"))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}
