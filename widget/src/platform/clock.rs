//! Wall clock, timers and randomness; the only places where they are read.

use std::time::Duration;

use latchkey_core::{Entropy, io::Timestamp};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};

/// This device's clock, right or wrong.
pub(crate) fn now() -> Timestamp {
    seconds(js_sys::Date::now())
}

/// What the browser reads out of the date of a header.
pub(crate) fn parsed(date: &str) -> Option<Timestamp> {
    Some(js_sys::Date::parse(date)).filter(|milliseconds| milliseconds.is_finite()).map(seconds)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds since 1970 fit for longer than there will be browsers"
)]
const fn seconds(milliseconds: f64) -> Timestamp {
    Timestamp((milliseconds / 1000.0) as i64)
}

/// One seed of the platform's generator.
pub(crate) fn entropy() -> Option<Entropy> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).ok()?;
    Some(Entropy::new(seed))
}

/// A timer that is cancelled when it is dropped.
#[must_use]
#[derive(Debug)]
pub(crate) struct Timer(Option<TimeoutHandle>);

impl Timer {
    /// Calls `run` after so many milliseconds, unless dropped before.
    pub(crate) fn after(milliseconds: u32, run: impl FnOnce() + 'static) -> Self {
        Self(set_timeout_with_handle(run, Duration::from_millis(milliseconds.into())).ok())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.clear();
        }
    }
}
