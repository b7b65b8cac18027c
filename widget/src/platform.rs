//! The browser's part: events, fetch, sessionStorage, SubtleCrypto, clock and dice, timers. Nothing here knows the flow or the UI.

pub(crate) mod clock;
pub(crate) mod emit;
pub(crate) mod fetch;
pub(crate) mod presence;
pub(crate) mod signature;
pub(crate) mod storage;
pub(crate) mod tasks;
