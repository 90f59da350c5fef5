//! Dateline: a static site generator and feed publisher whose dates and ids are right.
//!
//! The rooms are declared in the order of their layers: a module names only rooms above its own
//! (`tests/it/structure.rs` checks that). `ARCHITECTURE.md` describes the input and the output of each stage of a
//! build.

#![warn(missing_docs)]

pub mod model;

pub mod storage;

pub mod web;

pub mod picture;

pub mod feed;

pub mod output;

pub mod language;

pub mod config;

pub mod check;

pub mod source;

pub mod fetch;

pub mod deploy;

pub mod schema;

pub mod site;

pub mod render;

pub mod import;

pub mod pipeline;

pub mod notify;

#[cfg(feature = "serve")]
pub mod serve;
