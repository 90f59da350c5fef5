//! The staging folder, in which files wait for the commit.
//!
//! A staging folder has its process's number in its name and is locked by it. A later run can then tell the leftovers
//! of a dead process from the folder of a live one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::OutputError;
use super::manifest::folders_of;
use crate::storage::{self, disk};

/// A staging folder, which is removed when dropped.
pub(super) struct Stage {
    folder: PathBuf,
    /// The lock, held for as long as the folder is in use.
    _lock: disk::File,
}

impl Stage {
    /// Makes a new staging folder in `state`.
    pub(super) fn create(state: &Path) -> Result<Stage, OutputError> {
        static STAGES: AtomicU64 = AtomicU64::new(0);
        disk::create_dir_all(state).map_err(OutputError::io("make the folder", state))?;
        loop {
            let number = STAGES.fetch_add(1, Ordering::Relaxed);
            let folder = state.join(format!("stage-{}-{number}", process::id()));
            let lock_path = lock_of(&folder);
            // Takes the lock first: a folder that others can see is already locked.
            let lock = disk::File::create(&lock_path).map_err(OutputError::io("write", &lock_path))?;
            // On a file system without locks nobody can take ours either, and nobody sweeps.
            let _ = lock.get().try_lock();
            match disk::create_dir(&folder) {
                Ok(()) => return Ok(Stage { folder, _lock: lock }),
                // A dead process with our number left it.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(OutputError::io("make the folder", &folder)(error)),
            }
        }
    }

    /// The path of the folder. Files in it have the paths that they will have in the output folder, so that a whole
    /// new tree can be put in place at once.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Creates the staged file for `path`.
    pub(super) fn create_file(&self, path: &str) -> Result<disk::File, OutputError> {
        let at = self.folder.join(path);
        if let Some(folder) = at.parent().filter(|_| path.contains('/')) {
            let made = match disk::create_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => disk::create_dir_all(folder),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                other => other,
            };
            made.map_err(|error| self.clash(error, path, folder))?;
        }
        disk::File::create_new(&at).map_err(|error| self.clash(error, path, &at))
    }

    /// The error to report if another staged file is in the way.
    fn clash(&self, error: io::Error, path: &str, at: &Path) -> OutputError {
        use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
        let is_folder = self.folder.join(path).is_dir();
        match error.kind() {
            AlreadyExists if !is_folder => OutputError::Twice { path: path.to_owned() },
            AlreadyExists | IsADirectory => {
                OutputError::FileAndFolder { file: path.to_owned(), inner: format!("{path}/\u{2026}") }
            }
            NotADirectory => {
                let file = folders_of(path).find(|folder| self.folder.join(folder).is_file());
                OutputError::FileAndFolder {
                    file: file.unwrap_or_default().to_owned(),
                    inner: path.to_owned(),
                }
            }
            _ => OutputError::io("write", at)(error),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.with_extension("lock")
}

/// Removes a staging folder, then its lock. A later sweep removes the rest, if this fails.
fn remove(folder: &Path) {
    if disk::remove_dir_all(folder).is_ok() {
        let _ = disk::remove_file(&lock_of(folder));
    }
}

/// Removes the leftovers of dead runs in `state`: staging folders with their locks, and temporary files. Leftovers do
/// no harm, so errors are ignored.
pub(super) fn sweep(state: &Path) {
    let Ok(entries) = fs::read_dir(state) else { return };
    for entry in entries.flatten() {
        let (name, at) = (entry.file_name(), entry.path());
        let Some(name) = name.to_str() else { continue };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if storage::is_temporary(name)
            || is_lock_name(name) && !at.with_extension("").is_dir() && is_dead(&at)
        {
            let _ = disk::remove_file(&at);
        } else if is_folder && is_stage_name(name) && is_dead(&lock_of(&at)) {
            remove(&at);
        }
    }
}

fn is_lock_name(name: &str) -> bool {
    name.strip_suffix(".lock").is_some_and(is_stage_name)
}

/// True for `stage-<digits>-<digits>`.
fn is_stage_name(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.strip_prefix("stage-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(process, number)| digits(process) && digits(number))
}

/// True if no process holds the lock at `lock`.
fn is_dead(lock: &Path) -> bool {
    match File::open(lock) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dead_staging_folders_are_swept() {
        let state = tempfile::tempdir().unwrap();
        let at = |name: &str| state.path().join(name);
        for name in ["stage-1-0", "stage-2-7", "stage-x-1", "stage-3", "stages"] {
            fs::create_dir_all(at(name).join("inner")).unwrap();
        }
        fs::write(at("stage-2-7.lock"), "").unwrap();
        fs::write(at("stage-4-0.lock"), "").unwrap();
        fs::write(at("stage-9-9"), "a file").unwrap();
        let live = Stage::create(state.path()).unwrap();
        let live_path = live.folder.clone();
        sweep(state.path());
        assert!(live_path.is_dir());
        drop(live);
        let mut left: Vec<_> = fs::read_dir(state.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["stage-3", "stage-9-9", "stage-x-1", "stages"]);
    }
}
