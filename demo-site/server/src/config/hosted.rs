//! The server's own sign-in page: which files it is made of, and how it looks. `[hosted]` and `[brand]`.

use std::path::PathBuf;

use super::{ConfigError, section::Section};

/// What the page is made of.
#[derive(Clone, Debug)]
pub(crate) struct HostedConfig {
    /// The folder with the files of the widget's package.
    pub(crate) widget: Option<PathBuf>,
    /// Whether there is a page on which the template can be changed.
    pub(crate) editor: bool,
}

/// How the page looks.
#[derive(Clone, Debug)]
pub(crate) struct Brand {
    pub(crate) name: String,
    pub(crate) logo: Option<PathBuf>,
    pub(crate) template: Option<PathBuf>,
    /// CSS custom properties of the widget, and their values.
    pub(crate) properties: Vec<(String, String)>,
}

impl HostedConfig {
    pub(super) fn read(document: &mut Section) -> Result<Self, ConfigError> {
        let mut section = document.section("hosted", &["widget", "editor"])?;
        Ok(Self {
            widget: section.text("widget")?.map(PathBuf::from),
            editor: section.boolean("editor", false)?,
        })
    }

    /// Everybody who finds the editor can change the page on which passwords are typed.
    pub(super) fn check(&self, is_demonstration: bool) -> Result<(), ConfigError> {
        if !self.editor || is_demonstration {
            return Ok(());
        }
        let reason =
            "needs `mail.inbox`: it is for demonstrations, because whoever opens it can change the page";
        Err(ConfigError::InvalidValue { key: "hosted.editor".to_owned(), reason: reason.to_owned() })
    }
}

impl Brand {
    pub(super) fn read(document: &mut Section) -> Result<Self, ConfigError> {
        let mut section = document.section("brand", &["name", "logo", "template", "colors"])?;
        let logo = section.text("logo")?;
        if logo.as_deref().is_some_and(|logo| media_type_of_image(logo).is_none()) {
            return Err(section.invalid("logo", "must be a file that ends in .svg, .png, .jpg or .webp"));
        }
        let mut colors = section.section("colors", &COLORS)?;
        let mut properties = Vec::new();
        for key in COLORS {
            let Some(value) = colors.text(key)? else { continue };
            if !is_color(&value) {
                let reason = "must be a colour of CSS such as \"#2f4fc9\" or \"light-dark(#fff, #1c2027)\"";
                return Err(colors.invalid(key, reason));
            }
            properties.push((format!("--latchkey-color-{}", key.replace('_', "-")), value));
        }
        Ok(Self {
            name: section.text("name")?.unwrap_or_else(|| "Sign in".to_owned()),
            logo: logo.map(PathBuf::from),
            template: section.text("template")?.map(PathBuf::from),
            properties,
        })
    }
}

/// What browsers are told about an image, by the end of its name.
pub(crate) fn media_type_of_image(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

/// Whether it can stand in a style sheet as a value and can do nothing else there.
fn is_color(value: &str) -> bool {
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || "#(),.%/- ".contains(c);
    let (open, close) = (value.matches('(').count(), value.matches(')').count());
    let has_address = value.to_ascii_lowercase().contains("url");
    !value.trim().is_empty() && value.chars().all(is_harmless) && open == close && !has_address
}

/// The colours that the widget lets pages set: `styles/tokens.css`, with `_` for `-`.
const COLORS: [&str; 20] = [
    "surface",
    "surface_muted",
    "field",
    "text",
    "text_quiet",
    "border",
    "border_control",
    "accent",
    "accent_text",
    "accent_hover",
    "link",
    "focus",
    "error",
    "error_surface",
    "warning",
    "warning_surface",
    "info",
    "info_surface",
    "success",
    "success_surface",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_a_value_and_nothing_else() {
        for color in ["#2f4fc9", "rebeccapurple", "light-dark(#fff, rgb(0 0 0 / 50%))", "oklch(60% 0.1 20)"] {
            assert!(is_color(color), "{color}");
        }
        for text in ["", " ", "red; background: blue", "red} body{", "url(x)", "rgb(0", "/* */", "\"x\""] {
            assert!(!is_color(text), "{text}");
        }
    }
}
