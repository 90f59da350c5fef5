//! Dateline: a static site generator and feed publisher whose dates and ids are right.
//!
//! The rooms stand in the order in which they may use one another: a module names only rooms above its own
//! (`tests/it/structure.rs` reads the tree). `ARCHITECTURE.md` says what each stage of a build takes and gives.

#![warn(missing_docs)]

pub mod model;

pub mod storage;

pub mod picture;

pub mod feed;

pub mod output;

pub mod config;

pub mod source;

pub mod site;

pub mod render;

pub mod pipeline;

pub mod notify;

#[cfg(feature = "serve")]
pub mod serve;
