//! Where a date came from.

use std::fmt;

use super::Moment;

/// Where a date came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// A field of the front matter.
    FrontMatter {
        /// The field.
        key: &'static str,
        /// Its line, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
    },
    /// A line of a wire article.
    WireLine {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The path.
    Path {
        /// The part that spells it.
        component: String,
    },
    /// The ledger.
    Ledger {
        /// The line, from 1; 0 for one that is about to be written.
        line: usize,
    },
    /// A commit of its file.
    Git {
        /// The first digits of its id.
        commit: String,
    },
    /// It was never updated, so this is when it was published.
    Published,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Provenance::FrontMatter { key, line, .. } => write!(f, "front matter `{key}`, line {line}"),
            Provenance::WireLine { line, .. } => write!(f, "line {line}"),
            Provenance::Path { component } => write!(f, "the path, `{component}`"),
            Provenance::Ledger { line: 0 } => f.write_str("the ledger"),
            Provenance::Ledger { line } => write!(f, "the ledger, line {line}"),
            Provenance::Git { commit } => write!(f, "git, commit {commit}"),
            Provenance::Published => f.write_str("the publication"),
        }
    }
}

/// A moment and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The moment.
    pub moment: Moment,
    /// Where it came from.
    pub provenance: Provenance,
}
