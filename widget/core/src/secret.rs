//! A value that must not be printed: passwords, codes, tokens, the code verifier.
//!
//! The type has no `Display`, no `Clone` and a `Debug` that tells nothing, so that a secret cannot reach a log, an
//! event or an error text by accident. What the browser keeps in its own strings is out of reach from here.

use std::fmt;

/// Something that is dropped with the state that holds it and never shown.
#[derive(PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Takes a value out of sight.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that has to send it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself; what happens to it now is the caller's care.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }
}
