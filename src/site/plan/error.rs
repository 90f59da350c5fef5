//! Problems with a plan.

use miette::Diagnostic;
use thiserror::Error;

/// Problems with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PlanError {
    /// Two documents have one path.
    #[error("\u{201c}{path}\u{201d} is the path of two files: of this and of {other}{how}")]
    #[diagnostic(code(plan::collision), help("{remedy}"))]
    Collision {
        /// The path.
        path: String,
        /// The source of the other document.
        other: String,
        /// The difference between the paths, if any.
        how: &'static str,
        /// A remedy.
        remedy: &'static str,
    },
    /// Two articles of different days have one path.
    #[error("\u{201c}{path}\u{201d} is the path of two articles of different days: of this and of {other}")]
    #[diagnostic(
        code(plan::same_slug),
        help(
            "put the day into the paths of articles: `default = \"/{{section}}/{{yyyy}}/{{mm}}/{{dd}}/{{slug}}/\"` under `[permalinks]` in `site.toml`; or give one of them another `slug`"
        )
    )]
    SameSlug {
        /// The path.
        path: String,
        /// The source of the other article.
        other: String,
    },
    /// An alias at which something else is.
    #[error("the alias \u{201c}{path}\u{201d} is left out, because {other} has that path")]
    #[diagnostic(
        severity(warning),
        code(plan::alias),
        help("take it out of `aliases`; nothing redirects from a path that has content of its own")
    )]
    AliasTaken {
        /// The path.
        path: String,
        /// The source of the document with that path.
        other: String,
    },
    /// A folder without `_index.md` whose list has the path of a page.
    #[error(
        "{other} has the path \u{201c}{path}\u{201d} of the folder {folder}, so the folder's list is left out"
    )]
    #[diagnostic(severity(warning), code(plan::implicit), help("{remedy}"))]
    ImplicitFolder {
        /// The path.
        path: String,
        /// The folder.
        folder: String,
        /// The source of the page.
        other: String,
        /// A remedy.
        remedy: String,
    },
    /// A path that disks refuse.
    #[error("the path \u{201c}{path}\u{201d} is too long for a file: {reason}")]
    #[diagnostic(
        code(plan::length),
        help("give it a shorter `slug` or `path`, or a folder with a shorter name")
    )]
    TooLong {
        /// The path, cut.
        path: String,
        /// Its length, and the most that is possible.
        reason: String,
    },
    /// A file has the path of a folder that is needed.
    #[error("\u{201c}{path}\u{201d} can't be a file and a folder: one is of this, the other of {other}")]
    #[diagnostic(code(plan::folder), help("give one of them another `slug` or `path`"))]
    FileAndFolder {
        /// The path.
        path: String,
        /// The other source.
        other: String,
    },
}

impl PlanError {
    /// The path that it is about.
    pub fn path(&self) -> &str {
        match self {
            PlanError::Collision { path, .. }
            | PlanError::SameSlug { path, .. }
            | PlanError::AliasTaken { path, .. }
            | PlanError::ImplicitFolder { path, .. }
            | PlanError::TooLong { path, .. }
            | PlanError::FileAndFolder { path, .. } => path,
        }
    }
}
