//! Whole sign-ins in memory: the widget's core against the server's real router, with a real database file and one
//! clock for both.
//!
//! `pair` puts the two together, and holds what is true in every story: no answer is unreadable, none is withheld from
//! the page, no form leads elsewhere, no password is shown or kept. A story then says what is particular. Not here:
//! what either side does by itself, which the tests beside it say, and the browser.

// Helpers of tests are tests: `cfg(test)` says so to the lints, which let tests fail by panicking.
#[cfg(test)]
mod pair;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod network;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod tokens;
