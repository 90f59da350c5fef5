//! The history of the sources in git: the first and the last commit of each.
//!
//! [`History::load`] walks the history of the site's repository once for all files (`walk`), using the system's `git`
//! (`command`, `repository`). It saves the result in `.dateline/` with the commit it belongs to. Only commits count,
//! not the working tree, so one commit always gives one site.

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

/// A commit with the facts that dates need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its time, on the clock of its author or committer.
    pub moment: Moment,
    /// The first twelve digits of its id.
    pub id: String,
}

/// The history of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct FileHistory {
    /// The commit that added the file, under any name, with its author's date: the time of writing. `None` if the
    /// history ends before it.
    pub first: Option<Commit>,
    /// The last commit that changed or moved it, with its committer's date: the time at which the change became part of
    /// this history. `None` if the history ends before it.
    pub last: Option<Commit>,
}

/// The history of a site's sources in its repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    known: Option<Known>,
    /// Number of commits walked; 0 if everything was remembered.
    pub walked: usize,
}

/// The remembered history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Known {
    /// Digest of everything that the histories depend on: HEAD, the commits at which a shallow clone ends, and the
    /// site's place in the working tree.
    key: Digest,
    /// The full id of HEAD, if it has one.
    head: String,
    /// The site's folder in the working tree.
    site: Vec<u8>,
    /// The clone is shallow: part of the history is missing.
    shallow: bool,
    files: BTreeMap<String, FileHistory>,
    /// Names of sources that were removed.
    gone: BTreeSet<String>,
}

/// The name of the file in `.dateline/`.
const FILE: &str = "history";
const KIND: &str = "history";
const VERSION: u32 = 2;

impl History {
    /// The history of the sources of the site at `root`. Commits that `state` remembers are not walked.
    ///
    /// # Errors
    /// A [`HistoryError`]: then no history is known.
    pub fn load(root: &Path, state: &Path) -> Result<History, HistoryError> {
        let path = state.join(FILE);
        let repository = repository::Repository::open(root)?;
        let key = repository.key();
        // An unreadable file is ignored, and the history is walked again.
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

    /// [`History::load`], if `wanted` has the place of the setting that asks for it. Errors become warnings there,
    /// since a site with other dates can do without git's.
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

    /// The history of the source `name` (`content/a.md`); `None` if it is not committed.
    pub fn of(&self, name: &str) -> Option<&FileHistory> {
        self.known.as_ref()?.files.get(name)
    }

    /// True if the clone is shallow, as after `git clone --depth`.
    pub fn is_shallow(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.shallow)
    }

    /// Digest of `settings` and of everything that dates may take from the history as of `now`. Commits later than
    /// `now` are counted too, because dates ignore them until then.
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

/// Reasons why git has no dates.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum HistoryError {
    /// The site is in no repository.
    #[error("the site is in no git repository, so git has no dates for it")]
    #[diagnostic(
        severity(warning),
        code(history::missing),
        help("run `git init` and commit the content, or take git out of `[dates]`")
    )]
    NoRepository,
    /// The repository can't be read.
    #[error("the history can't be read, so git has no dates: {reason}")]
    #[diagnostic(
        severity(warning),
        code(history::unreadable),
        help("see what `git fsck` says; in a partial clone, run `git fetch --refetch`")
    )]
    Unreadable {
        /// The reason.
        reason: String,
    },
    /// The history can't be saved.
    #[error("what was found in the history can't be kept, so git has no dates: {reason}")]
    #[diagnostic(severity(warning), code(history::unwritable), help("check that `.dateline` may be written"))]
    Unwritable {
        /// The system's message.
        reason: String,
    },
    /// The history is incomplete.
    #[error("the history is cut short, so git has no dates for what is older")]
    #[diagnostic(
        severity(warning),
        code(history::shallow),
        help(
            "run `git fetch --unshallow`; where a service clones, ask it for the whole history (`fetch-depth: 0`)"
        )
    )]
    Shallow,
    /// There is no program `git`.
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
