//! The output folder: the files that we wrote, those that a build has, and the change from one to the other.
//!
//! A [`Staging`] collects the files of one build. Files that are already as they should be are left alone; the others
//! wait in a staging folder, so that the output folder changes only in [`Staging::commit`], after everything was
//! rendered. The [`Manifest`] records between builds which files are ours: those may be replaced, and are removed
//! once the site no longer has them. All other files in the folder are foreign and stay.

mod commit;
mod decide;
mod error;
mod file_state;
mod folder;
mod keep;
mod lock;
mod manifest;
mod shelf;
mod siblings;
mod stage;
mod staging;
mod trees;

pub use error::{Named, OutputError, OutputWarning};
pub use lock::{Holder, Lock};
pub use manifest::{FileRecord, Files, Fingerprint, Manifest};
pub use shelf::{Content, Shelf};
pub use siblings::Encoding;
pub use staging::{Staging, Target, Wanted};
pub use trees::{Rolled, Tree, manifest_path, rollback, trees};

use serde::Serialize;
use trees::Trees;

/// The role of a file. Files are put in place in the order of their ranks, new ones before replacements, so that no
/// existing file ever links to one that does not exist yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Images, styles and other files that pages use.
    Asset,
    /// Articles and pages.
    Page,
    /// Sections, terms, archives, the home page: pages that link to other pages.
    Listing,
    /// Feeds, which bring readers to pages.
    Feed,
    /// Sitemaps and their like, which bring machines to all of it.
    Sitemap,
}

/// How much of a commit becomes visible at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Atomic {
    /// Each file by itself: one after the other, in the order of their ranks.
    #[default]
    File,
    /// Everything: a new tree is made beside the old one, and a link is switched to it.
    Tree {
        /// The number of trees kept, with the one that is shown.
        keep: usize,
    },
}

/// The terms on which an output folder is changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputTerms {
    /// Take over a folder with files that Dateline did not write, and replace such files.
    pub adopt: bool,
    /// How much of the changes becomes visible at once.
    pub atomic: Atomic,
}

/// The outcome for one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The output folder has the file with these bytes already; it is not touched.
    Unchanged,
    /// It waits for [`Staging::commit`].
    Staged,
}

/// The changes that a commit made, or would make. Paths are inside the output folder, with `/`, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The number of files written.
    pub written: usize,
    /// The number of the site's files that were already as they should be.
    pub unchanged: usize,
    /// The number of files of an earlier build that were removed.
    pub removed: usize,
    /// The files written.
    pub written_paths: Vec<String>,
    /// The files removed.
    pub removed_paths: Vec<String>,
    /// The written files that replaced a file which Dateline did not write.
    pub replaced_foreign: Vec<String>,
    /// The total size of the written files, in bytes.
    pub bytes_written: u64,
}

#[cfg(test)]
mod tests;
