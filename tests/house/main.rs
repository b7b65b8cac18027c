//! The house rules: what no compiler and no linter checks, read off the source text.
//!
//! Each test is one rule. When it fails, it names file, line and rule, so that who broke it need not look here. A
//! search of text is not a parser: where it would be wrong too often there is no rule. Not here: what lints say
//! already (`Cargo.toml`, `clippy.toml`), and unused texts, of which the compiler warns.

// Helpers of tests are tests: `cfg(test)` says so to the lints, which let tests fail by panicking.
#[cfg(test)]
mod tree;

#[cfg(test)]
mod crates;
#[cfg(test)]
mod files;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod sinks;
#[cfg(test)]
mod styles;
