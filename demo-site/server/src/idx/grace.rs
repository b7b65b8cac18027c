//! Grace periods: for how long somebody may put off what they have to set up.
//!
//! A period begins when they are first asked, and is for one person and one authenticator. The rules are pure; when
//! they are asked and what is written down is in `flow/setup.rs`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::authenticators::Kind;
use crate::clock::Timestamp;
use crate::config::Grace;
use crate::store::StoredGrace;

/// A period that is still running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GracePeriod {
    pub(crate) kind: Kind,
    ends: Ends,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Ends {
    At(Timestamp),
    After { skips: u32 },
}

impl GracePeriod {
    /// The period of an authenticator, if it is still running. `stored` is what is known from earlier sign-ins.
    pub(crate) fn running(
        kind: Kind,
        grace: Grace,
        stored: Option<&StoredGrace>,
        now: Timestamp,
    ) -> Option<Self> {
        let ends = match grace {
            Grace::For(duration) => {
                let expiry = stored.map_or(now, |stored| stored.began_at).plus(duration);
                (now < expiry).then_some(Ends::At(expiry))
            }
            Grace::SignIns(count) => {
                let left = count.saturating_sub(stored.map_or(0, |stored| stored.skips));
                (left > 0).then_some(Ends::After { skips: left })
            }
        };
        ends.map(|ends| Self { kind, ends })
    }

    /// As answers describe it.
    pub(crate) fn description(&self) -> Value {
        match self.ends {
            Ends::At(expiry) => json!({ "type": "BY_DATE_TIME", "expiry": expiry.iso_8601() }),
            Ends::After { skips } => json!({ "type": "BY_SKIP_COUNT", "remainingSkips": skips }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn stored(began_at: i64, skips: u32) -> StoredGrace {
        let began_at = Timestamp::from_millis(began_at);
        StoredGrace { user_id: String::new(), authenticator: String::new(), began_at, skips }
    }

    fn running(grace: Grace, stored: Option<&StoredGrace>) -> Option<Value> {
        GracePeriod::running(Kind::Totp, grace, stored, NOW).map(|period| period.description())
    }

    #[test]
    fn time_runs_from_the_first_asking() {
        let grace = Grace::For(Duration::from_secs(10));
        let until = |expiry| Some(json!({ "type": "BY_DATE_TIME", "expiry": expiry }));
        assert_eq!(running(grace, None), until("1970-01-01T00:16:50.000Z"));
        assert_eq!(running(grace, Some(&stored(990_001, 7))), until("1970-01-01T00:16:40.001Z"));
        assert_eq!(running(grace, Some(&stored(990_000, 0))), None);
    }

    #[test]
    fn sign_ins_are_counted_down() {
        let left = |count: u32| Some(json!({ "type": "BY_SKIP_COUNT", "remainingSkips": count }));
        assert_eq!(running(Grace::SignIns(2), None), left(2));
        assert_eq!(running(Grace::SignIns(2), Some(&stored(0, 1))), left(1));
        assert_eq!(running(Grace::SignIns(2), Some(&stored(0, 2))), None);
        assert_eq!(running(Grace::SignIns(2), Some(&stored(0, 9))), None);
    }
}
