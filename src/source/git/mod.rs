//! What git knows of the sources: the first and the last commit of each.
//!
//! [`History::load`] walks the history of the repository that a site is in, once for all files
//! (`walk`), as the system's `git` tells it (`command`, `repository`), and keeps what it found in `.dateline/` under the commit that it stood for. Only what is
//! committed counts: the working tree is never looked at, so that one commit gives one site.

mod command;
mod repository;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::date::Moment;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::storage::frames;

/// A commit, as far as dates need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// When it was made, on the clock of who made it.
    pub moment: Moment,
    /// The first twelve digits of its id.
    pub id: String,
}

/// What the history says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct FileHistory {
    /// The commit that the file came with, under whatever name, as of its author's date: when it was
    /// written. `None` where the history ends before it.
    pub first: Option<Commit>,
    /// The last commit that changed or moved it, as of its committer's date: when that became part of
    /// this history. `None` where the history ends before it.
    pub last: Option<Commit>,
}

/// What the history of a site's repository says of its sources.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    known: Option<Known>,
    /// Commits that were walked; none where all was remembered.
    pub walked: usize,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    /// Stands for what the files' histories were found in: HEAD, where the history was cut short, the
    /// place of the site.
    key: Digest,
    /// HEAD's id in full, if it has one.
    head: String,
    /// The site's folder in the working tree.
    site: Vec<u8>,
    /// The history is not all there.
    shallow: bool,
    files: BTreeMap<String, FileHistory>,
    /// Names of sources that are gone.
    gone: BTreeSet<String>,
}

/// The name of the file in `.dateline/`.
const FILE: &str = "history";
const KIND: &str = "history";
const VERSION: u32 = 2;

impl History {
    /// The history of the sources of the site at `root`; nothing is walked for what `state` remembers.
    ///
    /// # Errors
    /// [`HistoryError`]: then nothing is known.
    pub fn load(root: &Path, state: &Path) -> Result<History, HistoryError> {
        let path = state.join(FILE);
        let repository = repository::Repository::open(root)?;
        let key = repository.key();
        // What can't be read is walked again; it is memory and no more.
        let known: Option<Known> =
            frames::load(&path, KIND, VERSION).ok().flatten().and_then(|mut loaded| loaded.values.pop());
        if let Some(known) = known.as_ref().filter(|known| known.key == key) {
            return Ok(History { known: Some(known.clone()), walked: 0 });
        }
        let walk::Found { files, gone, walked } = walk::walk(&repository, known.as_ref())?;
        let (head, site, shallow) =
            (repository.head().to_owned(), repository.site.clone(), repository.is_shallow());
        let known = Known { key, head, site, shallow, files, gone };
        let saved = frames::frame(&known).map_err(|error| error.to_string()).and_then(|frame| {
            frames::save(&path, KIND, VERSION, &[frame]).map_err(|error| error.to_string())
        });
        saved.map_err(|reason| HistoryError::Unwritable { reason })?;
        Ok(History { known: Some(known), walked })
    }

    /// [`History::load`] where `wanted` is the place that asks for it. What is wrong is a warning there:
    /// a site that has other dates can do without git's.
    pub fn wanted(root: &Path, state: &Path, wanted: Option<&Place>, problems: &mut Vec<Problem>) -> History {
        let Some(place) = wanted else { return History::default() };
        let warning = match History::load(root, state) {
            Ok(history) if history.is_shallow() => {
                problems.push(Problem::new(HistoryError::Shallow, place.clone()));
                return history;
            }
            Ok(history) => return history,
            Err(error) => error,
        };
        problems.push(Problem::new(warning, place.clone()));
        History::default()
    }

    /// What is known of the source `name` (`content/a.md`); nothing of one that is not committed.
    pub fn of(&self, name: &str) -> Option<&FileHistory> {
        self.known.as_ref()?.files.get(name)
    }

    /// True if the history was cut short, as by `git clone --depth`.
    pub fn is_shallow(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.shallow)
    }

    /// `settings` and all that dates may take from the history as of `now`, as one digest. Commits that
    /// are later than `now` count apart, since dates pass over them.
    pub fn with(&self, settings: Digest, now: DateTime<Utc>) -> Digest {
        let Some(known) = &self.known else { return settings };
        let is_later =
            |file: &&FileHistory| file.last.as_ref().is_some_and(|commit| commit.moment.instant() > now);
        let later = known.files.values().filter(is_later).count();
        let mut hasher = Hasher::default();
        hasher.bytes(settings.bytes()).bytes(known.key.bytes()).bytes(&(later as u64).to_le_bytes());
        hasher.finish()
    }
}

/// Why git has no dates.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum HistoryError {
    /// Not in a repository.
    #[error("the site is in no git repository, so git has no dates for it")]
    #[diagnostic(
        severity(warning),
        code(history::missing),
        help("run `git init` and commit the content, or take git out of `[dates]`")
    )]
    NoRepository,
    /// A repository that can't be read.
    #[error("the history can't be read, so git has no dates: {reason}")]
    #[diagnostic(
        severity(warning),
        code(history::unreadable),
        help("see what `git fsck` says; in a partial clone, run `git fetch --refetch`")
    )]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The memory can't be written.
    #[error("what was found in the history can't be kept, so git has no dates: {reason}")]
    #[diagnostic(severity(warning), code(history::unwritable), help("check that `.dateline` may be written"))]
    Unwritable {
        /// What the system says.
        reason: String,
    },
    /// Part of the history.
    #[error("the history is cut short, so git has no dates for what is older")]
    #[diagnostic(
        severity(warning),
        code(history::shallow),
        help(
            "run `git fetch --unshallow`; where a service clones, ask it for the whole history (`fetch-depth: 0`)"
        )
    )]
    Shallow,
    /// No program `git`.
    #[error("there is no program `git` to read the history with, so git has no dates")]
    #[diagnostic(
        severity(warning),
        code(history::no_git),
        help(
            "install git, so that `git --version` works for the user who builds, or take git out of `[dates]`"
        )
    )]
    NoGit,
}

#[cfg(test)]
mod tests;
