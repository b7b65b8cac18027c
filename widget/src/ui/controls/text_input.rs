//! One line of text: names, addresses, and one-time codes as one real input, so that pasting and filling in work.

use latchkey_core::screen::{Field, Purpose};

use super::{El, Wiring, el, labelled};

pub(super) fn draw(wiring: &Wiring, field: &Field) -> El {
    let hints = hints(field.purpose, field.accepts_passkey);
    let is_code = matches!(field.purpose, Purpose::OneTimeCode | Purpose::AlphanumericCode);
    let mut input = el("input")
        .class(if is_code { "latchkey-input latchkey-input--code" } else { "latchkey-input" })
        .attr("id", &wiring.id)
        .attr("name", &field.name)
        .attr("type", hints.input_type)
        .attr("value", field.value.as_deref().unwrap_or_default());
    for (name, value) in [("inputmode", hints.input_mode), ("autocomplete", hints.autocomplete)] {
        input = input.attr_if(value.is_some(), name, value.unwrap_or_default());
    }
    let verbatim = hints.is_verbatim;
    let input = input.attr_if(verbatim, "autocapitalize", "none").attr_if(verbatim, "spellcheck", "false");
    labelled(wiring, field, vec![wiring.wired(input, field)])
}

/// What a browser, a keyboard and a password manager are told about an input.
struct Hints {
    input_type: &'static str,
    input_mode: Option<&'static str>,
    /// A token of the HTML autofill detail list (HTML section 4.10.18.7); WCAG 2.2, 1.3.5.
    autocomplete: Option<&'static str>,
    /// Typed exactly: no capital at the beginning, nothing to spell.
    is_verbatim: bool,
}

fn hints(purpose: Purpose, accepts_passkey: bool) -> Hints {
    let (input_type, input_mode, autocomplete) = match purpose {
        Purpose::Username if accepts_passkey => ("text", None, Some("username webauthn")),
        Purpose::Username => ("text", None, Some("username")),
        Purpose::DeviceCode => ("text", None, Some("off")),
        // Not type=email: the browser would refuse what the server may take.
        Purpose::Email => ("text", Some("email"), Some("email")),
        Purpose::OneTimeCode => ("text", Some("numeric"), Some("one-time-code")),
        Purpose::AlphanumericCode => ("text", None, Some("one-time-code")),
        Purpose::GivenName => ("text", None, Some("given-name")),
        Purpose::FamilyName => ("text", None, Some("family-name")),
        Purpose::Telephone => ("tel", None, Some("tel")),
        Purpose::StreetAddress => ("text", None, Some("street-address")),
        Purpose::City => ("text", None, Some("address-level2")),
        Purpose::Region => ("text", None, Some("address-level1")),
        Purpose::PostalCode => ("text", None, Some("postal-code")),
        Purpose::Country => ("text", None, Some("country-name")),
        Purpose::Organization => ("text", None, Some("organization")),
        Purpose::JobTitle => ("text", None, Some("organization-title")),
        Purpose::WebAddress => ("text", Some("url"), Some("url")),
        Purpose::CurrentPassword
        | Purpose::NewPassword
        | Purpose::RememberMe
        | Purpose::RevokeSessions
        | Purpose::Consent
        | Purpose::StaySignedIn
        | Purpose::Answer
        | Purpose::Method
        | Purpose::Other => ("text", None, None),
    };
    let is_name =
        matches!(purpose, Purpose::GivenName | Purpose::FamilyName | Purpose::City | Purpose::Other);
    Hints { input_type, input_mode, autocomplete, is_verbatim: !is_name }
}
