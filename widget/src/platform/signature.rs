//! Signature checks by SubtleCrypto (W3C Web Cryptography API), so that no cryptography is downloaded.

use js_sys::{JSON, Object, Reflect, Uint8Array};
use latchkey_core::{
    io::SignatureVerdict,
    oidc::{Algorithm, SignatureJob},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// Whether the key made the signature. A key that cannot be read has made none.
pub(crate) async fn check(job: SignatureJob) -> SignatureVerdict {
    let Some(subtle) = subtle() else { return SignatureVerdict::Unavailable };
    match verify(&subtle, &job).await {
        Ok(true) => SignatureVerdict::Valid,
        Ok(false) | Err(_) => SignatureVerdict::Invalid,
    }
}

/// Outside secure contexts the member is undefined, whatever the types say.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = web_sys::window()?.crypto().ok()?;
    Reflect::get(&crypto, &"subtle".into()).ok()?.dyn_into().ok()
}

async fn verify(subtle: &SubtleCrypto, job: &SignatureJob) -> Result<bool, JsValue> {
    let key: Object = JSON::parse(&job.jwk)?.dyn_into()?;
    let algorithm = algorithm(job.algorithm)?;
    let usages = JSON::parse(r#"["verify"]"#)?;
    let key = subtle.import_key_with_object("jwk", &key, &algorithm, false, &usages)?;
    let key: CryptoKey = JsFuture::from(key).await?.dyn_into()?;
    let (signature, signed) =
        (Uint8Array::from(job.signature.as_slice()), Uint8Array::from(job.signing_input.as_bytes()));
    let verdict = subtle
        .verify_with_object_and_buffer_source_and_buffer_source(&algorithm, &key, &signature, &signed)?;
    Ok(JsFuture::from(verdict).await?.is_truthy())
}

/// The same object serves for import and for verify; each takes the members that it knows.
fn algorithm(algorithm: Algorithm) -> Result<Object, JsValue> {
    let text = match algorithm {
        Algorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#,
        Algorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
    };
    JSON::parse(text)?.dyn_into()
}
