//! QR codes, as images that an answer carries with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::{Value, json};

/// The member `qrcode` of contextual data: an image that needs no request of its own.
pub(crate) fn embedded(text: &str) -> Option<Value> {
    // Medium correction: a screen is clean, and a smaller code is easier to catch.
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let href = format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg(&code)));
    Some(json!({ "method": "embedded", "href": href, "type": "image/svg+xml" }))
}

fn svg(code: &QrCode) -> String {
    // ISO/IEC 18004, 6.3.8: a quiet zone of four modules on each side.
    const QUIET: i32 = 4;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            // Outside of the code nothing is dark, so that every run has an end.
            let run = (x..).take_while(|x| code.get_module(*x, y)).zip(1..).last().map_or(0, |(_, run)| run);
            if run > 0 {
                path.push_str(&format!("M{},{}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0,0h{side}v{side}h-{side}z\"/><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_an_image_with_a_quiet_zone() {
        let code = QrCode::encode_text("hello", QrCodeEcc::Medium).unwrap();
        let svg = svg(&code);
        assert!(svg.contains("viewBox=\"0 0 29 29\""), "{svg}");
        // The upper edge of the first finder pattern, and nothing left of it.
        assert!(svg.contains("M4,4h7v1h-7z") && !svg.contains("M3,"));
    }

    #[test]
    fn it_needs_no_request() {
        let href = embedded("hello").unwrap()["href"].as_str().unwrap().to_owned();
        assert!(href.starts_with("data:image/svg+xml;base64,"));
    }

    #[test]
    fn what_does_not_fit_is_none() {
        assert!(embedded(&"x".repeat(5000)).is_none());
    }
}
