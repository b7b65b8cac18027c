//! The application as browsers meet it: requests against the real router, and an identity server that does what a test wants.

// Helpers of tests are tests: `cfg(test)` says so to the lints, which let tests fail by panicking.
#[cfg(test)]
mod attempts;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod identity_server;
#[cfg(test)]
mod log;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod stands;
