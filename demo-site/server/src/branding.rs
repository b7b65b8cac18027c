//! What the sign-in page is made of, read from the operator's files.

use std::path::Path;

use axum::body::Bytes;

use crate::assets::Assets;
use crate::config::Config;
use crate::http::DEFAULT_TEMPLATE;
use crate::services::Services;
use crate::template::{Mistake, Template};

/// The files that are read once.
pub(crate) struct Branding {
    pub(crate) assets: Option<Assets>,
    pub(crate) logo: Option<Bytes>,
}

impl Branding {
    /// Reads and checks what the configuration names.
    ///
    /// # Errors
    /// At the first file that is not there or not good, with the key that names it.
    pub(crate) fn read(config: &Config) -> Result<Self, String> {
        let assets =
            config.hosted.widget.as_deref().map(|folder| {
                Assets::read(folder).map_err(|error| unusable("hosted.widget", folder, &error))
            });
        let logo = config.brand.logo.as_deref().map(|path| {
            std::fs::read(path).map_err(|error| unusable("brand.logo", path, &error.to_string()))
        });
        if let Some(path) = &config.brand.template {
            let text = std::fs::read_to_string(path)
                .map_err(|error| unusable("brand.template", path, &error.to_string()))?;
            Template::parse(&text)
                .map_err(|mistakes| unusable("brand.template", path, &sentence_of(&mistakes)))?;
        }
        Ok(Self { assets: assets.transpose()?, logo: logo.transpose()?.map(Bytes::from) })
    }
}

impl Services {
    /// The template as it is now: its file may have changed since the start. One that is no longer good is not used,
    /// because people must be able to sign in.
    pub(crate) fn template(&self) -> Template {
        let written = self.config.brand.template.as_ref().and_then(|path| {
            let text = std::fs::read_to_string(path).ok()?;
            Template::parse(&text)
                .inspect_err(|mistakes| {
                    let mistakes = sentence_of(mistakes);
                    tracing::warn!(mistakes, "the template (`brand.template`) is not used");
                })
                .ok()
        });
        written.unwrap_or_else(|| Template::parse(DEFAULT_TEMPLATE).unwrap_or_default())
    }
}

/// All of them, in one line.
pub(crate) fn sentence_of(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("; ")
}

fn unusable(key: &str, path: &Path, error: &str) -> String {
    format!("`{key}` names {}, which cannot be used: {error}", path.display())
}
