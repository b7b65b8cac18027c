//! What the browser knows about languages, so that nobody downloads it: names of countries, the way to write a date,
//! the country that somebody is likely to be in (ECMA-402).

use js_sys::{Array, Date, Object, Reflect};
use wasm_bindgen::prelude::*;

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
    let options = option("type", "region");
    let names = DisplayNames::new(&Array::of1(&"en".into()), &options).ok();
    let mut all = Vec::new();
    for (code, calling_code) in latchkey_core::telephone::countries() {
        let name = names.as_ref().and_then(|names| names.of(code).ok().flatten());
        let country = Country { code, calling_code, name: name.unwrap_or_else(|| code.to_owned()) };
        // The standard library's sorting weighs more than this whole control.
        let place = all.iter().position(|other: &Country| other.name > country.name).unwrap_or(all.len());
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
    Date::new(&time.into()).to_locale_date_string("en", &option("dateStyle", "long")).into()
}

fn option(name: &str, value: &str) -> Object {
    let options = Object::new();
    let _ = Reflect::set(&options, &name.into(), &value.into());
    options
}
