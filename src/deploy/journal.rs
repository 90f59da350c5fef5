//! The journal of a deployment: the files that it has put, so that one that was stopped goes on where it was.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Left;
use crate::model::digest::Digest;
use crate::storage::{StoreError, disk};

/// The journal of a deployment at work.
pub struct Journal {
    path: PathBuf,
    /// The name of the deployment, which its claim has too.
    pub id: String,
    file: Mutex<File>,
}

/// A deployment of this machine that was stopped.
pub struct Unfinished {
    /// Its name.
    pub id: String,
    /// The files that it put.
    pub done: BTreeMap<String, Left>,
    /// The uploads in parts that it began and did not complete, by the paths of their files.
    #[cfg(feature = "network")]
    pub begun: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    /// A file was put.
    Put { path: String, left: Left },
    /// An upload in parts began.
    Begun { path: String, upload: String },
}

impl Journal {
    /// The journal of the target `name` in the folder `state`: that of the deployment that is `unfinished`, or a new one of
    /// the deployment that began at `now`.
    ///
    /// # Errors
    /// It can't be written.
    pub fn open(
        state: &Path,
        name: &str,
        now: i64,
        unfinished: Option<&Unfinished>,
    ) -> Result<Journal, StoreError> {
        let path = path_of(state, name);
        let unwritable = |source: io::Error| StoreError::Unwritable { path: path.clone(), source };
        disk::create_dir_all(state).map_err(unwritable)?;
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        let mut file = opened.map_err(unwritable)?;
        let id = unfinished.map_or_else(|| new_id(now, &path), |unfinished| unfinished.id.clone());
        if unfinished.is_none() {
            let begun = file.set_len(0).and_then(|()| writeln!(file, "{}", serde_json::Value::from(&*id)));
            begun.map_err(unwritable)?;
        }
        Ok(Journal { path, id, file: Mutex::new(file) })
    }

    /// Notes that the file at `path` was put.
    ///
    /// # Errors
    /// The journal can't be written.
    pub fn note(&self, path: &str, left: &Left) -> Result<(), StoreError> {
        self.add(&Line::Put { path: path.to_owned(), left: left.clone() })
    }

    /// Notes that the upload `upload` of the file at `path` began.
    ///
    /// # Errors
    /// The journal can't be written.
    #[cfg(feature = "network")]
    pub fn begin(&self, path: &str, upload: &str) -> Result<(), StoreError> {
        self.add(&Line::Begun { path: path.to_owned(), upload: upload.to_owned() })
    }

    fn add(&self, line: &Line) -> Result<(), StoreError> {
        let line = serde_json::to_string(line);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written =
            line.map_err(io::Error::other).and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        written.map_err(|source| StoreError::Unwritable { path: self.path.clone(), source })
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

fn path_of(state: &Path, name: &str) -> PathBuf {
    state.join(format!("{name}.jsonl"))
}

/// The deployment to the target `name` that was stopped, if one was. A line that was cut short did not happen.
pub fn unfinished(state: &Path, name: &str) -> Option<Unfinished> {
    let mut lines = BufReader::new(fs::File::open(path_of(state, name)).ok()?).lines();
    let id: String = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    let lines = lines.map_while(Result::ok).map_while(|line| serde_json::from_str::<Line>(&line).ok());
    let (mut done, mut begun) = (BTreeMap::new(), BTreeMap::new());
    for line in lines {
        match line {
            Line::Begun { path, upload } => {
                begun.insert(path, upload);
            }
            Line::Put { path, left } => {
                begun.remove(&path);
                done.insert(path, left);
            }
        }
    }
    Some(Unfinished {
        id,
        done,
        #[cfg(feature = "network")]
        begun,
    })
}
