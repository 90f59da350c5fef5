//! A cache of facts and made pictures, by content: each picture is made only once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Facts, Fault, Spec};
use crate::model::digest::{Digest, Hasher};
use crate::model::stamp::Stamp;
use crate::storage::{self, StoreError, disk, file};

/// The kind and version of the index. A new version, for a change in how pictures are made, makes all of them anew.
const KIND: &str = "pictures";
const VERSION: u32 = 1;

/// The number of builds in a row that may not ask for a picture before it is deleted. Builds that alternate with and
/// without drafts then don't make pictures again.
const PATIENCE: u8 = 8;

/// The result of reading a picture's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The digest of its bytes.
    pub digest: Digest,
    /// The facts in its header, or the reason why there are none.
    pub facts: Result<Facts, Fault>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Index {
    /// By name: the stamp of a file at rest, and what was read from it.
    looked: BTreeMap<String, (Stamp, Looked)>,
    /// By key: the number of builds since a picture was last asked for; 0 is the last build.
    made: BTreeMap<String, u8>,
}

/// A folder of made pictures and facts about their originals. Losing it costs only time.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    old: Index,
    looked: Mutex<BTreeMap<String, (Stamp, Looked)>>,
    asked: BTreeSet<String>,
    /// The time at which this build began, by the file system's clock.
    moment: i64,
}

impl Store {
    /// Opens the store in `folder`, which is created when there is something to store. A damaged index counts as
    /// empty.
    pub fn open(folder: &Path, moment: i64) -> Store {
        let old = storage::load(&folder.join("index"), KIND, VERSION).ok().flatten().unwrap_or_default();
        Store { folder: folder.to_owned(), old, looked: Mutex::default(), asked: BTreeSet::new(), moment }
    }

    /// Facts about the picture `name`, whose file is at `path`. The file is read only if its stamp is new.
    pub fn look(&self, name: &str, path: &Path, stamp: Stamp) -> Looked {
        if let Some((known, looked)) = self.old.looked.get(name)
            && *known == stamp
        {
            self.note(name, stamp, looked);
            return looked.clone();
        }
        let looked = match read(path) {
            Ok(bytes) => Looked { digest: Digest::of(&bytes), facts: super::look(&bytes) },
            Err(fault) => Looked { digest: Digest::of(b""), facts: Err(fault) },
        };
        if stamp.is_settled(self.moment) && looked.facts.is_ok() {
            self.note(name, stamp, &looked);
        }
        looked
    }

    /// The digest and facts of the picture `name` as they were when it could last be read.
    pub fn last_look(&self, name: &str) -> Option<Looked> {
        let (stamp, looked) = self.old.looked.get(name)?;
        self.note(name, *stamp, looked);
        Some(looked.clone())
    }

    fn note(&self, name: &str, stamp: Stamp, looked: &Looked) {
        let mut all = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), (stamp, looked.clone()));
    }

    /// Records that this build needs the picture with this key.
    pub fn ask(&mut self, key: Digest) {
        self.asked.insert(key.to_string());
    }

    /// The stored picture with this key, if it is whole.
    pub fn get(&self, key: Digest) -> Option<Vec<u8>> {
        let mut bytes = file::read(&self.path(key), file::STATE).ok()?;
        let digest: [u8; 16] = bytes.get(..16)?.try_into().ok()?;
        bytes.drain(..16);
        (*Digest::of(&bytes).bytes() == digest).then_some(bytes)
    }

    /// Stores the picture with this key.
    ///
    /// # Errors
    /// The system's error.
    pub fn put(&self, key: Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(key);
        let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
        let folder = path.parent().unwrap_or(&self.folder);
        disk::create_dir_all(folder).map_err(unwritable)?;
        let temporary = folder.join(storage::temporary_name());
        let written = disk::File::create(&temporary)
            .and_then(|mut file| {
                file.write_all(Digest::of(bytes).bytes()).and_then(|()| file.write_all(bytes))
            })
            .and_then(|()| disk::rename(&temporary, &path));
        written.map_err(|error| {
            // The first error is the one that matters; a leftover file does no harm.
            let _ = disk::remove_file(&temporary);
            unwritable(error)
        })
    }

    /// The path of a stored picture: in two levels, so that no folder gets too large.
    fn path(&self, key: Digest) -> PathBuf {
        let name = key.to_string();
        self.folder.join(&name[..2]).join(name)
    }

    /// Saves the index if it changed, and deletes pictures that no build has asked for in a while. An empty store
    /// makes no file.
    ///
    /// # Errors
    /// The system's error.
    pub fn finish(self) -> Result<(), StoreError> {
        let mut made: BTreeMap<String, u8> = self.asked.iter().map(|key| (key.clone(), 0)).collect();
        for (key, age) in &self.old.made {
            if self.asked.contains(key) {
                continue;
            }
            if *age < PATIENCE {
                made.insert(key.clone(), age + 1);
            } else {
                // A file that can't be removed does no harm.
                let _ = disk::remove_file(&self.folder.join(&key[..key.len().min(2)]).join(key));
            }
        }
        let looked = self.looked.into_inner().unwrap_or_else(PoisonError::into_inner);
        let index = Index { looked, made };
        if index == self.old {
            return Ok(());
        }
        storage::save(&self.folder.join("index"), KIND, VERSION, &index)
    }
}

/// Reads the file of a picture, up to the size limit.
///
/// # Errors
/// The reason why it can't be read.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    file::read(path, file::PICTURE).map_err(Fault::new)
}

impl Spec {
    /// Key of the picture that is made from the one whose bytes have the digest `original`.
    pub fn key(&self, original: Digest) -> Digest {
        let mut hasher = Hasher::default();
        hasher.value(VERSION.to_le_bytes()).bytes(original.bytes());
        hasher.value(format!("{:?} {} {} {}", self.format, self.width, self.height, self.quality));
        hasher.finish()
    }
}
