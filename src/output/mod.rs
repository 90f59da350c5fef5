//! The output folder: what we wrote there, what to write now, and getting from one to the other.
//!
//! A [`Staging`] collects the files of one build. Files that already stand as they should are left
//! alone; the others wait in a folder of their own, so that the output folder changes only in
//! [`Staging::commit`], after everything was rendered. The [`Manifest`] is the memory between builds:
//! a file in it is ours, may be replaced and is removed once the site no longer has it; any other file
//! in the folder belongs to somebody else and stays.

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

/// What a file is for. Files are put in place in this order, new ones before those that are replaced, so
/// that nothing that was there before ever links to something that isn't there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Images, styles and whatever else pages use.
    Asset,
    /// Articles and pages.
    Page,
    /// Sections, terms, archives, the home page: what links to pages.
    Listing,
    /// Feeds, which bring readers to pages.
    Feed,
    /// Sitemaps and their like, which bring machines to all of it.
    Sitemap,
}

/// What of a commit is seen at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Atomic {
    /// Each file: one after the other takes its place, in the order of their ranks.
    #[default]
    File,
    /// Everything: a new tree is made beside the old one, and a link is switched over to it.
    Tree {
        /// How many trees are kept, the one that is shown among them.
        keep: usize,
    },
}

/// On what terms an output folder is changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputTerms {
    /// Take over a folder with files in it that Dateline did not write, and replace such files.
    pub adopt: bool,
    /// What of the changes is seen at once.
    pub atomic: Atomic,
}

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the output folder with these bytes and will not be touched.
    Unchanged,
    /// It waits for [`Staging::commit`].
    Staged,
}

/// What a commit changed, or would change. Paths are inside the output folder, with `/`, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// How many files were written.
    pub written: usize,
    /// How many files of the site already stood as they should.
    pub unchanged: usize,
    /// How many files of an earlier build were removed.
    pub removed: usize,
    /// The files written.
    pub written_paths: Vec<String>,
    /// The files removed.
    pub removed_paths: Vec<String>,
    /// Those of the written that took the place of a file Dateline did not write.
    pub replaced_foreign: Vec<String>,
    /// How many bytes the written files have together.
    pub bytes_written: u64,
}

#[cfg(test)]
mod tests;
