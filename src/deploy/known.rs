//! What this machine knows of a target: its last deployment, and whether caches and the command for afterwards still wait.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::journal;
use crate::storage::{self, StoreError, disk};

const KIND: &str = "deployment";
const VERSION: u32 = 1;

/// The last deployment to a target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The digest of all files that it left there; `None` after one that failed.
    pub digest: Option<String>,
    /// The clock of the last one that was completed.
    pub succeeded: Option<DateTime<Utc>>,
    /// The failure of the last one.
    pub failed: Option<Failed>,
}

/// The failure of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The clock of the deployment.
    pub at: DateTime<Utc>,
    /// The stable name of the error's kind.
    pub code: String,
    /// The sentence that says what is wrong.
    pub message: String,
}

impl Known {
    /// What the folder `state` says of the target `name`; nothing if it can't be read: the target is asked then.
    pub fn load(state: &Path, name: &str) -> Known {
        storage::load(&path_of(state, name, "last"), KIND, VERSION).ok().flatten().unwrap_or_default()
    }

    /// Saves it. If that fails, the next deployment asks the target.
    pub fn save(&self, state: &Path, name: &str) {
        let _ = storage::save(&path_of(state, name, "last"), KIND, VERSION, self);
    }
}

/// The number of files that a deployment to the target `name` has put, if one was stopped.
pub fn stopped(state: &Path, name: &str) -> Option<usize> {
    journal::unfinished(state, name).map(|unfinished| unfinished.done.len())
}

/// True if the caches and the command for afterwards still wait for news of the target `name`.
pub fn owes(state: &Path, name: &str) -> bool {
    path_of(state, name, "after").exists()
}

/// Notes that they wait, before anything changes.
pub(super) fn owe(state: &Path, name: &str) -> Result<(), StoreError> {
    let path = path_of(state, name, "after");
    let made = disk::create_dir_all(state).and_then(|()| disk::File::create(&path));
    made.map(|_| ()).map_err(|source| StoreError::Unwritable { path, source })
}

/// Notes that they wait no more.
pub(super) fn settle(state: &Path, name: &str) {
    // If it stays, they are told once more.
    let _ = disk::remove_file(&path_of(state, name, "after"));
}

fn path_of(state: &Path, name: &str, end: &str) -> PathBuf {
    state.join(format!("{name}.{end}"))
}
