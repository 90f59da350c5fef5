//! Whole builds, as a user runs them.

#![allow(clippy::unwrap_used, reason = "a test that can go no further should say so")]

mod command;
mod dates;
mod desk;
mod faults;
mod feeds;
mod folder;
mod history;
mod increments;
mod invalid;
mod newsroom;
mod outputs;
mod publish;
mod publish_faults;
mod ready_made;
mod site;
mod sites;
mod sources;
mod structure;
mod year;
