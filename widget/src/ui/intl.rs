//! What the browser knows about languages, so that nobody downloads it: names of countries, the way to write a date,
//! the country that somebody is likely to be in (ECMA-402), and which letters are capitals.

use js_sys::{Array, Date, Intl::PluralRules, JsString, Number, Object, Reflect};
use latchkey_core::password::Case;
use wasm_bindgen::prelude::*;

use super::speech;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locales: &Array, options: &Object) -> Result<DisplayNames, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, code: &str) -> Result<Option<String>, JsValue>;
}

/// A country to choose.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) calling_code: &'static str,
    pub(super) name: String,
}

/// All of them, in the order of their names. A browser that knows no names shows codes.
pub(super) fn countries() -> Vec<Country> {
    let (locales, options) = (locales(), option("type", "region"));
    let names = DisplayNames::new(&locales, &options).ok();
    let mut all = Vec::new();
    for (code, calling_code) in latchkey_core::telephone::countries() {
        let name = names.as_ref().and_then(|names| names.of(code).ok().flatten());
        let country = Country { code, calling_code, name: name.unwrap_or_else(|| code.to_owned()) };
        // The standard library's sorting weighs more than this whole control, and does not know where an Ä belongs.
        let name = JsString::from(country.name.as_str());
        let is_before = |other: &Country| name.locale_compare(&other.name, &locales, &Object::new()) > 0;
        let place = all.partition_point(is_before);
        all.insert(place, country);
    }
    all
}

/// The country that the browser's language names, such as `en-GB`.
pub(super) fn likely_country() -> Option<String> {
    let language = web_sys::window()?.navigator().language()?;
    language.rsplit_once('-').map(|(_, region)| region.to_owned()).filter(|region| region.len() == 2)
}

/// A day in words, from a time in ISO 8601.
pub(super) fn day(time: &str) -> String {
    Date::new(&time.into()).to_locale_date_string(speech::language(), &option("dateStyle", "long")).into()
}

/// A letter is a capital where there is a small one to it, and the other way round.
pub(super) fn case_of(c: char) -> Case {
    let letter = JsString::from(c);
    if letter.to_lower_case() != letter {
        Case::Upper
    } else if letter.to_upper_case() != letter {
        Case::Lower
    } else {
        Case::Neither
    }
}

/// A whole number as the reader writes it.
pub(super) fn number(n: u32) -> String {
    // The languages of the build need nothing of the browser for it, and neither do its tests.
    if speech::language() == "en" { n.to_string() } else { grouped(n) }
}

fn grouped(n: u32) -> String {
    Number::from(n).to_locale_string(speech::language()).into()
}

/// The category of plurals that a number has (CLDR): `one`, `few`, `many`, `other` …
pub(super) fn plural(n: u32) -> String {
    PluralRules::new(&locales(), &Object::new()).select(n.into()).into()
}

fn locales() -> Array {
    Array::of1(&speech::language().into())
}

fn option(name: &str, value: &str) -> Object {
    let options = Object::new();
    let _ = Reflect::set(&options, &name.into(), &value.into());
    options
}
