//! Dateline: a static site generator and feed publisher whose dates and ids are right.
//!
//! *Read everything, decide everything, then write everything.* Modules stand in the order in which
//! they may use one another: a module names only modules above it (`tests/architecture.rs` holds
//! that). `ARCHITECTURE.md` says what each stage takes and gives.

#![warn(missing_docs)]

pub mod date;
pub mod digest;
pub mod error;
