//! The manifest: a record of the files that we last wrote into an output folder.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use indexmap::IndexMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::OutputError;
use crate::model::digest::Digest;
use crate::storage::StoreError;
use crate::storage::frames::{self, Loaded, Writer};

const KIND: &str = "manifest";
const VERSION: u32 = 6;

/// Files in one frame of the stored form.
const BATCH: usize = 4096;

/// The files that we last wrote into an output folder. We may replace and remove a file in it, and no other.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The files.
    pub files: Files,
    /// The number of updates in the stored file since it was last written as a whole; `None` if none can be appended.
    updates: Option<usize>,
}

/// Files by their path inside the folder, with `/` between its parts; each has a number.
pub type Files = IndexMap<Box<str>, FileRecord, foldhash::fast::RandomState>;

/// Applies updates in order: the last one of a path wins.
fn after(updates: Vec<Vec<Stored>>) -> Files {
    let total = updates.iter().map(Vec::len).sum();
    let mut files = Files::with_capacity_and_hasher(total, Default::default());
    for (path, record) in updates.into_iter().flatten() {
        match record {
            Some(record) => files.insert(path.into(), record),
            None => files.swap_remove(path.as_str()),
        };
    }
    files
}

/// An update: a file's new record, or `None` if it is no longer ours.
pub(super) type Update = (Arc<str>, Option<FileRecord>);

/// An update in the form in which it is read.
type Stored = (String, Option<FileRecord>);

/// A file as we left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Digest of the file's bytes ([`Digest::quick`]).
    #[serde(with = "crate::model::digest::packed")]
    pub digest: Digest,
    /// The number of bytes.
    pub size: u64,
    /// The file's modification time in nanoseconds from 1970. If it differs, somebody may have touched the file, and
    /// its bytes are read.
    pub modified: i64,
    /// Fingerprint of everything that the file is made from; `None` if it is not known.
    pub fingerprint: Option<Fingerprint>,
}

/// Fingerprint of everything that a file is made from: while it is equal, the file's bytes are too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Digest of the part that only this file shows.
    #[serde(with = "crate::model::digest::packed")]
    pub own: Digest,
    /// Digest of the part that it shares with others: its templates and the views that they read.
    #[serde(with = "crate::model::digest::packed")]
    pub shared: Digest,
}

/// A modification time that no file has. The record was made before the file was written; only the bytes can prove
/// that the file is ours.
pub(super) const UNSEEN: i64 = i64::MIN;

impl FileRecord {
    /// True if a file with this `metadata` is as it was when it was recorded, by its size and its modification time.
    pub fn is_of(&self, metadata: &Metadata) -> bool {
        self.size == metadata.len() && self.modified == modified(metadata) && self.modified != UNSEEN
    }
}

impl Manifest {
    /// Loads a manifest; `None` where there is none. A manifest that names a path outside its folder counts as
    /// damaged, so that it can't cause a removal there.
    pub fn load(path: &Path) -> Result<Option<Manifest>, StoreError> {
        let loaded: Option<Loaded<Vec<Stored>>> = frames::load(path, KIND, VERSION)?;
        let Some(Loaded { values: batches, torn }) = loaded else { return Ok(None) };
        let wrong =
            batches.par_iter().flatten().map(|(file, _)| file).find_first(|file| check_path(file).is_err());
        if let Some(file) = wrong {
            let (path, kind) = (path.to_owned(), KIND.to_owned());
            return Err(StoreError::Damaged { path, kind, reason: format!("it names `{file}`") });
        }
        let total: usize = batches.iter().map(Vec::len).sum();
        let files = after(batches);
        let updates = (!torn).then(|| total - files.len().min(total));
        Ok(Some(Manifest { files, updates }))
    }

    /// Saves the manifest with `updates` applied. They are appended to its file, which is written anew once its
    /// updates exceed half the number of files plus [`BATCH`]. A crash while appending leaves the manifest as it was
    /// before, so the caller must be able to live with that state.
    pub(super) fn save(&self, path: &Path, updates: &[Update]) -> Result<(), StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        if self.updates.is_some_and(|known| known + updates.len() <= self.files.len() / 2 + BATCH) {
            let mut writer = Writer::append(path)?;
            frames::frame(&updates).and_then(|frame| writer.write(&frame)).map_err(unwritable)?;
            return writer.finish();
        }
        self.save_whole(path, updates)
    }

    /// Saves the manifest with `updates` applied as a new file.
    pub(super) fn save_whole(&self, path: &Path, updates: &[Update]) -> Result<(), StoreError> {
        let updated: HashMap<&str, Option<&FileRecord>, foldhash::fast::RandomState> =
            updates.iter().map(|(path, record)| (&**path, record.as_ref())).collect();
        let kept = self.files.iter().map(|(path, record)| (&**path, Some(record)));
        let mut files: Vec<(&str, Option<&FileRecord>)> =
            kept.filter(|(path, _)| !updated.contains_key(path)).collect();
        files.extend(updated.into_iter().filter(|(_, record)| record.is_some()));
        files.par_sort_unstable_by_key(|(path, _)| *path);
        let mut writer = Writer::new(path, KIND, VERSION, Some(files.len().div_ceil(BATCH)))?;
        writer.write_batches(&files, BATCH, |batch| frames::frame(&batch))?;
        writer.finish()
    }

    /// True if we wrote a file in `folder` or below it.
    pub(super) fn reaches_into(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        self.files.keys().any(|path| path.starts_with(&start))
    }
}

/// A file's modification time in nanoseconds from 1970.
pub(super) fn modified(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return UNSEEN };
    let nanoseconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()),
        Err(before) => i64::try_from(before.duration().as_nanos()).map(|n| -n),
    };
    nanoseconds.unwrap_or(UNSEEN)
}

/// Checks that `path` names a file inside an output folder: relative, `/` between its parts, no way out.
pub(super) fn check_path(path: &str) -> Result<(), OutputError> {
    let bytes = path.as_bytes();
    let mut start = 0;
    // Every start of the program checks all paths of the site.
    let is_odd = |end: usize| {
        let part = &bytes[start..end];
        start = end + 1;
        matches!(part, b"" | b"." | b"..")
    };
    let mut ends = memchr::memchr_iter(b'/', bytes).chain([bytes.len()]);
    if memchr::memchr2(b'\\', b'\0', bytes).is_none() && !ends.any(is_odd) {
        return Ok(());
    }
    let reason = if path.is_empty() {
        "it is empty"
    } else if path.starts_with('/') {
        "it is absolute"
    } else if path.contains(['\\', '\0']) {
        "it has a `\\` or a zero byte in it"
    } else if path.split('/').any(str::is_empty) {
        "a part of it is empty"
    } else {
        "it has a part `.` or `..`"
    };
    Err(OutputError::BadPath { path: path.to_owned(), reason })
}

/// The folders around `path`, the innermost first, without the output folder itself.
pub(super) fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_names_a_path_outside_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m");
        for name in ["../a", "/a", "a//b", "a/../../b", "", "a\\b", "a/", "./a"] {
            let record = FileRecord { digest: Digest::quick(b""), size: 0, modified: 0, fingerprint: None };
            Manifest::default().save(&path, &[(name.into(), Some(record))]).unwrap();
            assert!(matches!(Manifest::load(&path), Err(StoreError::Damaged { .. })), "{name}");
        }
    }

    #[test]
    fn updates_are_added_and_one_that_is_cut_short_did_not_happen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m");
        let update = |name: &str, size| {
            let record = FileRecord { digest: Digest::quick(b""), size, modified: 0, fingerprint: None };
            (name.into(), Some(record))
        };
        let save = |updates: &[Update]| {
            let manifest = Manifest::load(&path).unwrap().unwrap_or_default();
            manifest.save(&path, updates).unwrap();
            std::fs::metadata(&path).unwrap().len()
        };
        let sizes = || {
            let files = Manifest::load(&path).unwrap().unwrap().files;
            let mut sizes: Vec<(String, u64)> =
                files.iter().map(|(name, record)| (name.to_string(), record.size)).collect();
            sizes.sort();
            sizes
        };
        let known = |expected: &[(&str, u64)]| {
            let expected: Vec<_> = expected.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
            assert_eq!(sizes(), expected);
        };
        save(&[update("a", 1), update("b", 1)]);
        let length = save(&[update("b", 2), ("a".into(), None), update("c", 1)]);
        known(&[("b", 2), ("c", 1)]);
        let longer = save(&[update("c", 2)]);
        assert!(longer < length + 100, "one update was added");
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        known(&[("b", 2), ("c", 1)]);
        // Nothing can be appended to that.
        save(&[update("c", 3)]);
        known(&[("b", 2), ("c", 3)]);
        let many: Vec<Update> = (0..2 * BATCH).map(|number| update("c", number as u64)).collect();
        assert!(save(&many) < length, "written as a whole");
        known(&[("b", 2), ("c", 2 * BATCH as u64 - 1)]);
    }

    proptest::proptest! {
        #[test]
        fn files_are_what_a_map_would_have(updates in proptest::collection::vec((0..20u8, 0..3u64), 0..80)) {
            let record = |size| FileRecord { digest: Digest::quick(b""), size, modified: 0, fingerprint: None };
            let mut map = std::collections::BTreeMap::new();
            for (name, size) in &updates {
                match size {
                    0 => map.remove(&name.to_string()),
                    size => map.insert(name.to_string(), record(*size)),
                };
            }
            let updates = updates.iter().map(|(name, size)| (name.to_string(), (*size > 0).then(|| record(*size))));
            let files = after(updates.collect::<Vec<Stored>>().chunks(7).map(<[_]>::to_vec).collect());
            proptest::prop_assert_eq!(files.len(), map.len());
            for (path, record) in &files {
                proptest::prop_assert_eq!(map.get(&**path), Some(record));
            }
        }
    }

    #[test]
    fn folders_are_named_from_the_inside() {
        assert_eq!(folders_of("a/b/c.html").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(folders_of("c.html").count(), 0);
    }

    #[test]
    fn a_folder_is_not_reached_by_names_that_merely_start_like_it() {
        let record = FileRecord { digest: Digest::quick(b""), size: 0, modified: 0, fingerprint: None };
        let files = vec![("a.b/c".to_owned(), Some(record)), ("a0".to_owned(), Some(record))];
        let manifest = Manifest { files: after(vec![files]), updates: None };
        assert!(!manifest.reaches_into("a"));
        assert!(manifest.reaches_into("a.b"));
    }
}
