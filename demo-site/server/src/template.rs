//! Templates of the sign-in page: HTML with places that the server fills in.
//!
//! A place is written `{{name}}`. What is put there is escaped by whoever puts it there, so that a template cannot be
//! changed by what somebody typed. A template that names a place that does not exist, or leaves out one that the page
//! cannot do without, is refused with all its mistakes.

use std::collections::BTreeMap;
use std::fmt;

/// A place in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// The sign-in itself.
    Widget,
    /// The style sheets of widget and brand.
    StyleLinks,
    /// What the page is called.
    Title,
    BrandName,
    /// The address of the logo; empty if there is none.
    LogoUrl,
    /// The application that the person signs in to.
    ClientName,
    /// What a `<style>` of the template needs in its `nonce` attribute to be applied.
    Nonce,
}

/// A template that is known to be good.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Place(Place),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    Unknown {
        name: String,
        line: usize,
        nearest: Option<&'static str>,
    },
    /// `{{` without `}}`.
    Open {
        line: usize,
    },
    Missing(Place),
}

impl Place {
    pub(crate) const ALL: [Self; 7] = [
        Self::Widget,
        Self::StyleLinks,
        Self::Title,
        Self::BrandName,
        Self::LogoUrl,
        Self::ClientName,
        Self::Nonce,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::StyleLinks => "style_links",
            Self::Title => "title",
            Self::BrandName => "brand_name",
            Self::LogoUrl => "logo_url",
            Self::ClientName => "client_name",
            Self::Nonce => "nonce",
        }
    }

    /// What an author of templates has to know.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Widget => "the sign-in itself; must be there",
            Self::StyleLinks => "the style sheets of the widget and the brand; must be there, in the head",
            Self::Title => "what the page is called, for the title element",
            Self::BrandName => "the name in [brand]",
            Self::LogoUrl => "the address of the logo in [brand], for the src of an image",
            Self::ClientName => "the name of the application that people sign in to",
            Self::Nonce => {
                "for <style nonce=\"{{nonce}}\">: other styles and all scripts of a template do nothing"
            }
        }
    }
}

impl Template {
    /// Reads a template, or names everything that is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        let (mut parts, mut mistakes, mut rest) = (Vec::new(), Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            parts.push(Part::Text(before.to_owned()));
            let line = line_of(text, after);
            let Some((name, following)) = after.split_once("}}").filter(|(name, _)| !name.contains('\n'))
            else {
                mistakes.push(Mistake::Open { line });
                rest = after;
                continue;
            };
            match Place::ALL.into_iter().find(|place| place.name() == name.trim()) {
                Some(place) => parts.push(Part::Place(place)),
                None => mistakes.push(Mistake::Unknown {
                    name: name.trim().to_owned(),
                    line,
                    nearest: nearest(name.trim()),
                }),
            }
            rest = following;
        }
        parts.push(Part::Text(rest.to_owned()));
        let has = |place| parts.iter().any(|part| matches!(part, Part::Place(known) if *known == place));
        let missing = [Place::Widget, Place::StyleLinks].into_iter().filter(|place| !has(*place));
        mistakes.extend(missing.map(Mistake::Missing));
        if mistakes.is_empty() { Ok(Self { parts }) } else { Err(mistakes) }
    }

    /// The page, with HTML put in its places.
    pub(crate) fn fill(&self, values: &BTreeMap<Place, String>) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Place(place) => values.get(place).cloned().unwrap_or_default(),
        };
        self.parts.iter().map(text).collect()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, line, nearest } => {
                write!(f, "line {line}: there is no {{{{{name}}}}}")?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; did you mean {{{{{nearest}}}}}?"))
            }
            Self::Open { line } => write!(f, "line {line}: {{{{ is not followed by a name and }}}}"),
            Self::Missing(place) => write!(f, "{{{{{}}}}} is missing", place.name()),
        }
    }
}

/// The line of `text` on which its end `rest` begins.
fn line_of(text: &str, rest: &str) -> usize {
    let before = text.len().saturating_sub(rest.len());
    text.get(..before).unwrap_or_default().matches('\n').count() + 1
}

fn nearest(name: &str) -> Option<&'static str> {
    Place::ALL
        .into_iter()
        .map(|place| (strsim::damerau_levenshtein(name, place.name()), place.name()))
        .filter(|(distance, _)| *distance <= 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        Template::parse(text).unwrap_err().iter().map(Mistake::to_string).collect()
    }

    #[test]
    fn the_places_are_filled_and_the_rest_stays() {
        let template = Template::parse("<i>{{style_links}}</i>\n{ {{ widget }} } {{title}}").unwrap();
        let values = [(Place::Widget, "<w>".to_owned()), (Place::StyleLinks, "{{widget}}".to_owned())];
        assert_eq!(template.fill(&values.into()), "<i>{{widget}}</i>\n{ <w> } ");
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        assert_eq!(
            mistakes("{{style_links}}\n{{widgt}} {{something_else}}\n{{title"),
            [
                "line 2: there is no {{widgt}}; did you mean {{widget}}?",
                "line 2: there is no {{something_else}}",
                "line 3: {{ is not followed by a name and }}",
                "{{widget}} is missing",
            ]
        );
        assert_eq!(mistakes("<p>"), ["{{widget}} is missing", "{{style_links}} is missing"]);
    }
}
