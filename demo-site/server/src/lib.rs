//! The reference identity server.
