//! Time as an argument.
//!
//! Lifetimes, locks and token claims are decided by what a [`Clock`] says, so that a test can let an hour
//! pass without waiting for it. Nothing else in this crate asks the operating system for the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Where the server takes the present moment from.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        // A clock before 1970 is as good as one at 1970: nothing is valid yet.
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A moment, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch, as the database keeps them.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, as tokens carry them (RFC 7519 section 2, NumericDate).
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(duration)))
    }

    /// The moment `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(duration)))
    }

    /// How long it is from here to `later`; nothing if `later` has passed.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }

    /// ISO 8601 in UTC with milliseconds, as `expiresAt` is written.
    #[must_use]
    pub fn iso_8601(self) -> String {
        humantime::format_rfc3339_millis(self.into()).to_string()
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(timestamp.0).unwrap_or(0))
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_8601_has_milliseconds_and_is_utc() {
        assert_eq!(Timestamp::from_millis(1_925_028_000_007).iso_8601(), "2031-01-01T10:00:00.007Z");
    }

    #[test]
    fn a_moment_that_has_passed_is_no_time_away() {
        let noon = Timestamp::from_millis(1_000);
        assert_eq!(noon.until(noon.plus(Duration::from_secs(2))), Duration::from_secs(2));
        assert_eq!(noon.plus(Duration::from_secs(2)).until(noon), Duration::ZERO);
    }
}
