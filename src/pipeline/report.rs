//! What a build did, or why it did nothing.

use std::collections::BTreeMap;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Explained, Kind, Withheld};
use crate::model::diagnostics::Problem;
use crate::output::Changes;
use crate::site::identity::Event;

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// How many documents the site has.
    pub counts: Counts,
    /// The subscription documents, where the site was planned.
    pub feed_files: Vec<FeedFile>,
    /// Ids of articles that left as they were to: they expired, or were withdrawn.
    pub meant_to_leave: Vec<String>,
    /// What changed in the output folder.
    pub changes: Changes,
    /// How many files of each kind were written.
    pub kinds: BTreeMap<Kind, usize>,
    /// The feeds that were written.
    pub news: FeedNews,
    /// What is held back.
    pub held: Withheld,
    /// What was published, as the ledger has it now.
    pub events: Vec<Event>,
    /// The ledger was begun.
    pub is_begun: bool,
    /// How many lines of the ledger are behind, where it was only read.
    pub behind: usize,
    /// Warnings.
    pub problems: Vec<Problem>,
    /// Worth knowing, but no problem: a cache that was dropped.
    pub notes: Vec<String>,
    /// What was rendered, and why; empty unless asked for.
    pub explained: Vec<Explained>,
}

/// How many documents a site has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles that are out.
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
    /// How many entries it has room for.
    pub limit: usize,
}

/// The feeds whose bytes a build changes, and who wants to know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedNews {
    /// `feeds.hub`: the WebSub hubs of the site.
    pub hubs: Vec<String>,
    /// The URLs of the feeds, as each names itself (`rel="self"`), in order.
    pub topics: Vec<String>,
}

/// Why a build changed nothing.
#[derive(Debug)]
pub struct Failure {
    /// Who can mend it.
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

/// What can be wrong before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum BuildError {
    /// Not a site.
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
        /// What the system says.
        reason: String,
    },
}
