//! The files of the widget, as the sign-in page loads them.
//!
//! They are read once, at the start, so that no name in a request ever becomes a path. Their address carries a digest of
//! all of them, so that browsers may keep them for ever and still get the next version at once.

use std::collections::BTreeMap;
use std::path::Path;

use axum::body::Bytes;

use crate::digest;

/// The files below a folder, by their names in addresses.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    version: String,
    files: BTreeMap<String, Asset>,
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Bytes,
}

impl Assets {
    /// Reads a folder of the widget's package.
    ///
    /// # Errors
    /// When it cannot be read, or is not one.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files).map_err(|error| error.to_string())?;
        for name in [SCRIPT, STYLE] {
            if !files.contains_key(name) {
                return Err(format!("it has no {name}"));
            }
        }
        let digests: String =
            files.iter().map(|(name, file)| format!("{name} {}\n", digest::of(&file.bytes))).collect();
        let version = digest::sha256(&digests).chars().take(16).collect();
        Ok(Self { version, files })
    }

    /// The file under this name, if `version` is that of these files.
    pub(crate) fn find(&self, version: &str, name: &str) -> Option<&Asset> {
        self.files.get(name).filter(|_| version == self.version)
    }

    /// The path of the script that the page begins with.
    pub(crate) fn script(&self) -> String {
        self.path(SCRIPT)
    }

    pub(crate) fn style(&self) -> String {
        self.path(STYLE)
    }

    fn path(&self, name: &str) -> String {
        format!("/hosted/widget/{}/{name}", self.version)
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Asset>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if let Some(media_type) = media_type(&name) {
            let bytes = Bytes::from(std::fs::read(entry.path())?);
            files.insert(format!("{prefix}{name}"), Asset { media_type, bytes });
        }
    }
    Ok(())
}

/// Nothing for files that a page has no use for, such as types.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "html" => Some("text/html; charset=utf-8"),
        "json" => Some("application/json"),
        "wasm" => Some("application/wasm"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

const SCRIPT: &str = "latchkey.js";
const STYLE: &str = "latchkey.css";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_once_and_named_by_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Assets::read(folder.path()).unwrap_err().contains("latchkey.js"));
        for name in ["latchkey.js", "latchkey.css", "index.d.ts"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let first = Assets::read(folder.path()).unwrap();
        let (_, path) =
            first.script().split_once("/hosted/widget/").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (version, name) = path.split_once('/').unwrap();
        assert_eq!(first.find(version, name).unwrap().bytes, "latchkey.js");
        assert!(first.find("another", name).is_none());
        assert!(first.find(version, "index.d.ts").is_none());
        assert!(first.find(version, "../latchkey.js").is_none());
        std::fs::write(folder.path().join("latchkey.js"), "newer").unwrap();
        assert_ne!(Assets::read(folder.path()).unwrap().script(), first.script());
    }
}
