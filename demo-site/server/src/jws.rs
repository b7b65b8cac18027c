//! What `jsonwebtoken` is left to check: the signature, by the algorithm that the caller has allowed, and nothing else.
//!
//! The library would ask the machine's clock about times, and knows audiences and required claims less exactly than whoever
//! reads a token here. What a token says is checked where it is read.

use jsonwebtoken::{Algorithm, Validation};

/// For a token of this algorithm; never that of its own head alone.
pub(crate) fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}
