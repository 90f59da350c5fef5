//! Whole builds, as a user runs them.

#![allow(clippy::unwrap_used, reason = "a test that can go no further should say so")]

mod addresses;
mod article_page;
mod check;
#[cfg(feature = "network")]
mod check_external;
#[cfg(all(feature = "highlight", feature = "math"))]
mod code;
mod command;
mod components;
mod content_format;
mod data_view;
mod dates;
#[cfg(feature = "network")]
mod deploy;
#[cfg(feature = "network")]
mod deploy_azure;
mod desk;
mod docs_layout;
mod documentation;
mod enclosures;
mod entries;
mod extra_outputs;
mod faults;
mod feed_changes;
mod feeds;
#[cfg(feature = "network")]
mod fetch;
mod files;
mod flood;
mod folder;
mod fronts;
mod held;
mod history;
mod holds_nobody;
mod hostile;
#[cfg(feature = "compress")]
mod hosting;
#[cfg(feature = "images")]
mod images;
mod import_blogs;
mod import_docs;
mod import_hugo;
mod import_jekyll;
mod import_others;
mod import_pelican;
mod import_zola;
mod increments;
mod invalid;
mod language_hosts;
mod linked_data;
mod links;
mod lists;
#[cfg(any(feature = "websub", feature = "network"))]
mod loopback;
mod markdown_switches;
mod masthead;
mod messages;
mod mv;
mod newsroom;
mod not_public;
mod outputs;
mod paths;
mod podcast;
mod publish;
mod publish_disk;
mod publish_faults;
mod ready_made;
mod rows;
mod schema;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod set;
mod site;
mod sites;
mod sources;
mod standing;
mod status;
mod structure;
mod subscriber;
mod text;
#[cfg(feature = "css")]
mod theme;
mod translations;
mod trust;
#[cfg(feature = "images")]
mod warnings;
#[cfg(feature = "websub")]
mod websub;
mod wire_folder;
mod words;
mod year;
