//! Dateline: a static site generator and feed publisher whose dates and ids are right.
//!
//! *Read everything, decide everything, then write everything.* Modules stand in the order in which
//! they may use one another: a module names only modules above it (`tests/it/structure.rs` holds
//! that). `ARCHITECTURE.md` says what each stage takes and gives.

#![warn(missing_docs)]

// Facts and small values.
pub mod intern;

pub mod date;
pub mod digest;
pub mod error;
pub mod html;
pub mod stamp;
pub mod suggest;
pub mod timings;
pub mod url;

// Values with their places in a file; one versioned file, atomically.
pub mod metadata;
pub mod store;

// Speed only: what was read before.
pub mod cache;

// Pictures, which know no site.
pub mod picture;

// Feeds and output folders, which know no site.
pub mod feed;
pub mod output;

// Feeds of anybody, judged; it knows no site either.
pub mod lint;

// What was published, and when.
pub mod ledger;

// What the publisher decided.
pub mod config;

// What authors wrote.
pub mod content;

// What git knows of it.
pub mod history;

// What it is called, and when it is from.
pub mod identity;

// Tables of numbers; code into HTML.
pub mod code;
pub mod data;

// Numbers into drawings.
pub mod chart;

// Text into HTML.
pub mod markdown;

// How it hangs together.
pub mod library;

// What templates see.
pub mod template;

// How pages look, and in how many bytes.
pub mod minify;
pub mod style;

// What will exist.
pub mod plan;

// What servers have to know.
pub mod hosting;

// Documents into bytes.
pub mod render;

// The stages, in their order.
pub mod build;

// Leaves: none uses another.
pub mod due;
pub mod explain;
pub mod preview;
pub mod publish;
#[cfg(feature = "serve")]
pub mod serve;
pub mod verify;
pub mod websub;
