//! `dateline fetch`: documents of other servers, kept as files under `data/`.
//!
//! 1. [`Round::run`] gets the documents, several servers at once, each server for one at a time.
//! 2. `format` decodes a document, finds out its format, checks it and writes it in one canonical form.
//! 3. `rows` compares it with the file that is there, row by row. A file is replaced only by a document that was
//!    accepted, and only if it says something else.
//! 4. [`Memory`] remembers the servers' marks for versions, so that an unchanged document is not sent again.
//!
//! Builds read the files and ask nobody.

mod csv;
mod feed;
mod format;
mod json;
mod memory;
mod round;
mod rows;

use std::fs::TryLockError;
use std::path::Path;

pub use memory::Memory;
use miette::Diagnostic;
pub use round::Round;
pub use rows::{Changes, Named};
use thiserror::Error;

use crate::model::diagnostics::Problem;
use crate::storage::{StoreError, disk};

/// The result for one entry of `[[fetch]]`.
#[derive(Debug)]
pub struct Fetched {
    /// Its name.
    pub name: String,
    /// The file, from the site's root; the one that is there, if nothing was fetched. `None` if there is none.
    pub file: Option<String>,
    /// Its outcome.
    pub outcome: Outcome,
}

/// The outcome for a document.
#[derive(Debug)]
pub enum Outcome {
    /// There was no file before.
    New(Changes),
    /// The file says something else than before.
    Changed(Changes),
    /// The file says the same as before. The number of its rows, if it was read.
    Unchanged(Option<usize>),
    /// There is nothing new: the file, if there is one, is as it was.
    Failed(Problem),
}

/// Reasons why a document was not fetched.
#[derive(Debug, Error, Diagnostic)]
pub enum FetchError {
    /// The server or the network failed.
    #[error("`{name}` was not fetched: {reason}; {stays}")]
    #[diagnostic(code(fetch::failed), help("{remedy}"))]
    Failed {
        /// The name of the entry.
        name: String,
        /// The reason.
        reason: String,
        /// The outcome for the file.
        stays: String,
        /// How to mend it.
        remedy: String,
    },
    /// The document is none that can be used.
    #[error("`{name}` was refused: {reason}; {stays}")]
    #[diagnostic(code(fetch::refused), help("{remedy}"))]
    Refused {
        /// The name of the entry.
        name: String,
        /// The reason.
        reason: String,
        /// The outcome for the file.
        stays: String,
        /// How to mend it.
        remedy: String,
    },
    /// A variable of the environment has no value.
    #[error("`{name}` was not fetched: the environment has no `{variable}`; {stays}")]
    #[diagnostic(
        code(fetch::variable),
        help("set it where `dateline fetch` runs, such as `export {variable}=\u{2026}`")
    )]
    Variable {
        /// The name of the entry.
        name: String,
        /// The variable.
        variable: String,
        /// The outcome for the file.
        stays: String,
    },
    /// The file can't be read or written.
    #[error("`{name}`: {file} can't be written: {reason}")]
    #[diagnostic(
        code(fetch::write),
        help("check the space on the disk and the permissions; the file is as it was")
    )]
    Write {
        /// The name of the entry.
        name: String,
        /// The file.
        file: String,
        /// The system's reason.
        reason: String,
    },
}

/// The lock that lets one fetch at a time work on a site. The system releases it when the process ends.
#[derive(Debug)]
pub struct Lock(disk::File);

impl Lock {
    /// Takes the lock of the site whose state is in `state`; `None` if another process holds it.
    ///
    /// # Errors
    /// The system's error.
    pub fn take(state: &Path) -> Result<Option<Lock>, StoreError> {
        let path = state.join("fetch.lock");
        let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
        disk::create_dir_all(state).map_err(unwritable)?;
        let options = std::fs::OpenOptions::new().write(true).create(true).truncate(false).to_owned();
        let file = disk::File::open(&path, &options).map_err(unwritable)?;
        match file.get().try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            // On a file system without locks there is no waiting.
            _ => Ok(Some(Lock(file))),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.get().unlock();
    }
}
