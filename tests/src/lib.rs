//! Shared pieces of the whole-project tests.
