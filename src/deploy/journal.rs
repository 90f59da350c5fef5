//! The journal of a deployment: the files that it has put, so that one that was stopped goes on where it was.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Left;
use crate::model::digest::Digest;
use crate::storage::{StoreError, disk};

/// The journal of a target.
pub struct Journal {
    path: PathBuf,
    /// The name of the deployment, which its claim has too.
    pub id: String,
    /// The files that were put.
    done: Mutex<HashMap<String, Left>>,
    file: Mutex<File>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: String,
    left: Left,
}

impl Journal {
    /// The journal of the target `name` in the folder `state`: the one of a deployment that was stopped, or a new one of the
    /// deployment that began at `now`.
    ///
    /// # Errors
    /// It can't be written.
    pub fn open(state: &Path, name: &str, now: i64) -> Result<Journal, StoreError> {
        let path = state.join(format!("{name}.jsonl"));
        let unwritable = |source: io::Error| StoreError::Unwritable { path: path.clone(), source };
        disk::create_dir_all(state).map_err(unwritable)?;
        let (id, done) = read(&path).unwrap_or_else(|| (new_id(now, &path), HashMap::new()));
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        let mut file = opened.map_err(unwritable)?;
        if done.is_empty() {
            let begun = file.set_len(0).and_then(|()| writeln!(file, "{}", serde_json::Value::from(&*id)));
            begun.map_err(unwritable)?;
        }
        Ok(Journal { path, id, done: Mutex::new(done), file: Mutex::new(file) })
    }

    /// The file at `path`, if this deployment has put it.
    pub fn put_before(&self, path: &str) -> Option<Left> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    /// Notes that the file at `path` was put.
    ///
    /// # Errors
    /// The journal can't be written.
    pub fn note(&self, path: &str, left: Left) -> Result<(), StoreError> {
        let line = serde_json::to_string(&Line { path: path.to_owned(), left: left.clone() });
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written =
            line.map_err(io::Error::other).and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        written.map_err(|source| StoreError::Unwritable { path: self.path.clone(), source })?;
        self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), left);
        Ok(())
    }

    /// Forgets what was put: it was another deployment's.
    pub fn forget(&self) {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Removes the journal: the deployment is done.
    pub fn end(self) {
        // One that stays is of a claim that is gone, and is not used.
        let _ = disk::remove_file(&self.path);
    }
}

/// The name of a deployment that begins at `now`.
fn new_id(now: i64, path: &Path) -> String {
    Digest::quick(format!("{now} {} {}", std::process::id(), path.display()).as_bytes()).to_string()
}

/// The deployment whose journal is at `path`. A line that was cut short did not happen.
fn read(path: &Path) -> Option<(String, HashMap<String, Left>)> {
    let mut lines = BufReader::new(fs::File::open(path).ok()?).lines();
    let id: String = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    let lines = lines.map_while(Result::ok).map_while(|line| serde_json::from_str::<Line>(&line).ok());
    Some((id, lines.map(|line| (line.path, line.left)).collect()))
}
