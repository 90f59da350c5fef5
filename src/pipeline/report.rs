//! The report of a build, or of its failure.

use std::collections::BTreeMap;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Explained, Kind, Withheld};
use crate::model::diagnostics::Problem;
use crate::output::Changes;
use crate::site::identity::Event;
use crate::site::plan::FeedEvent;

/// The report of a build.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of documents of the site.
    pub counts: Counts,
    /// The feed files, where the site was planned.
    pub feed_files: Vec<FeedFile>,
    /// Ids of articles that were supposed to leave: they expired, or were withdrawn.
    pub meant_to_leave: Vec<String>,
    /// Changes in the output folder.
    pub changes: Changes,
    /// Number of files written, by kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// The feeds that were written.
    pub news: FeedNews,
    /// Withheld articles.
    pub held: Withheld,
    /// Changes of articles that this run added to the ledger.
    pub events: Vec<Event>,
    /// Changes of feeds that subscribers notice.
    pub feed_events: Vec<FeedEvent>,
    /// This run began the ledger.
    pub is_begun: bool,
    /// Number of ledger lines that are behind, where it was only read.
    pub behind: usize,
    /// Warnings.
    pub problems: Vec<Problem>,
    /// Facts worth knowing that are no problems: a cache that was dropped.
    pub notes: Vec<String>,
    /// The rendered documents with the reasons; empty unless asked for.
    pub explained: Vec<Explained>,
}

/// Number of documents of a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Public articles.
    pub articles: usize,
    /// Pages: every HTML document that is not an article.
    pub pages: usize,
    /// Feed files, archives among them.
    pub feeds: usize,
}

/// A document that people subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFile {
    /// Its path in the output folder.
    pub path: String,
    /// Number of entries it has room for.
    pub limit: usize,
}

/// The feeds whose bytes a build changes, and the hubs to notify.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedNews {
    /// `feeds.hub`: the WebSub hubs of the site.
    pub hubs: Vec<String>,
    /// The URLs of the feeds, as each names itself (`rel="self"`), in order.
    pub topics: Vec<String>,
}

/// The failure of a build that changed nothing.
#[derive(Debug)]
pub struct Failure {
    /// The kind of person who can mend it.
    pub blame: Blame,
    /// All problems, warnings among them.
    pub problems: Vec<Problem>,
}

/// Who can mend a failure: the order is that of the exit codes 1, 2, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// Authors: a source, a template.
    Content,
    /// The publisher: `site.toml`, the command line.
    Usage,
    /// The machine: disk, permission.
    Machine,
}

/// Errors that stop a build before it reads anything.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum BuildError {
    /// The folder is no site.
    #[error("there is no `site.toml` in {folder}")]
    #[diagnostic(
        code(config::missing),
        help("run this in a site's folder or give `--root`; `dateline new DIR` makes a site")
    )]
    NoSite {
        /// The folder.
        folder: String,
    },
    /// `site.toml` can't be read.
    #[error("`site.toml` can't be read: {reason}")]
    #[diagnostic(code(config::unreadable), help("check that it is UTF-8 text and may be read"))]
    Unreadable {
        /// The system's message.
        reason: String,
    },
}
